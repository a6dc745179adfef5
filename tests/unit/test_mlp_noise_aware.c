/* SPDX-License-Identifier: BSD-3-Clause */
/* Noise-aware training: the noise that it finds is the noise of programming. */
#include "mlp.h"

#include "mlp/pass/kernels.h"
#include "mlp/pass/step.h"
#include "mlp/rules/rules.h"

enum { STATES = 32, CELLS = 7 * 6 };

/* --- one-directional pairs, level by level --- */

struct pair {
    int32_t up, down;
};

/* --- what noise-aware training finds --- */

struct look {
    const char *name, *preset;
    double mapping, law;
};

static const struct look looks[] = {
    {"single", "hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_DEVICE_LAW_LINEAR},
    {"pair", "hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, MEMQC_DEVICE_LAW_MEASURED},
    {"pair, printed", "hfox-b", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, MEMQC_DEVICE_LAW_PRINTED},
    {"two-sided", "hfox-b", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED,
     MEMQC_DEVICE_LAW_MEASURED},
};

enum { DRAWS = 4000, RUNGS = 2 * STATES - 1 };

/* Sums of programmed weights and of weights looked at. */
struct sums {
    double sum[2][RUNGS], squares[2][RUNGS], fourth[RUNGS];
};

static void add_draw(struct sums *s, const float *w, const float *programmed, const float *seen) {
    for (size_t i = 0; i < RUNGS; i++) {
        const double z[] = {(double)programmed[i] - (double)w[i], (double)seen[i] - (double)w[i]};
        for (int k = 0; k < 2; k++) {
            s->sum[k][i] += z[k] / DRAWS;
            s->squares[k][i] += z[k] * z[k] / DRAWS;
        }
        s->fourth[i] += pow(z[0], 4) / DRAWS;
    }
}

/* Two samples of a mean and of a mean square: 5 standard errors of their difference. */
static void check_sums(const struct sums *s, const char *name, const float *w) {
    for (size_t i = 0; i < RUNGS; i++) {
        const double mean[] = {s->sum[0][i], s->sum[1][i]};
        const double square[] = {s->squares[0][i], s->squares[1][i]};
        const double variance = square[0] - mean[0] * mean[0] + square[1] - mean[1] * mean[1];
        const double spread = s->fourth[i] - square[0] * square[0] + 2 * square[1] * square[1];
        ck_assert_msg(fabs(mean[0] - mean[1]) <= 5 * sqrt(variance / DRAWS) + 1e-6,
                      "%s, %g: mean %g, looked at %g", name, (double)w[i], mean[0], mean[1]);
        ck_assert_msg(fabs(square[0] - square[1]) <= 5 * sqrt(spread / DRAWS) + 1e-9,
                      "%s, %g: mean square %g, looked at %g", name, (double)w[i], square[0],
                      square[1]);
    }
}

/* Programs the same weights again and again, and has them looked at again and again: mean and
 * variance of both. */
START_TEST(noise_is_that_of_programming) {
    const struct look *look = &looks[_i];
    const size_t sizes[] = {1, RUNGS};
    memqc_device *device = NULL;
    memqc_crossbar *xb = NULL;
    memqc_mlp *mlp = NULL;
    float w[RUNGS], got[RUNGS];
    static struct sums sums;
    memset(&sums, 0, sizeof sums);
    OK(memqc_device_create_preset(look->preset, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_LAW, look->law));
    OK(memqc_crossbar_create(device, 1, RUNGS, 0, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, look->mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_W_MAX, 0.5));
    OK(memqc_mlp_create(sizes, 2, device, 0, &mlp));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING, look->mapping));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_W_MAX, 0.5));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE));
    for (size_t i = 0; i < RUNGS; i++)
        w[i] = (float)(((double)i / (STATES - 1) - 1) * 0.5);
    OK(memqc_mlp_set_weights(mlp, 0, w, RUNGS, NULL));
    for (int draw = 0; draw < DRAWS; draw++) {
        OK(memqc_crossbar_program(xb, w, RUNGS));
        OK(memqc_crossbar_get_weights(xb, got, RUNGS));
        const struct mqc_step step = mqc_mlp_step(mlp, 0, 1);
        mqc_rule_noise_aware.look(&mlp->layer[0], &step);
        mlp->at.steps++;
        add_draw(&sums, w, got, mlp->layer[0].seen);
    }
    check_sums(&sums, look->name, w);
    memqc_mlp_destroy(&mlp);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* Without noise, and with so many levels that rounding to them does not count, it is the float
 * rule, but for the range. */
START_TEST(without_noise_it_is_the_float_rule) {
    memqc_device *device = NULL;
    memqc_mlp *aware = NULL, *plain = make(task_sizes, 3, NULL);
    float w[2][MOST_CELLS], most = 0;
    double furthest = 0;
    OK(memqc_device_create_preset("hfox-b", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 4096));
    OK(memqc_mlp_create(task_sizes, 3, device, 0, &aware));
    OK(memqc_mlp_set(aware, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE));
    OK(memqc_mlp_set(aware, MEMQC_MLP_NOISE_FACTOR, 0));
    OK(memqc_mlp_set_crossbar(aware, MEMQC_MLP_ALL, MEMQC_CROSSBAR_W_MAX, 2));
    /* The mean of a level is not its nominal weight where draws below zero are clamped: an ideal
     * device has no such. */
    memqc_device_destroy(&device);
    OK(memqc_device_create_preset("ideal", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 4096));
    for (size_t l = 0; l < 2; l++)
        OK(memqc_mlp_set_device(aware, l, device));
    for (int k = 0; k < 2; k++) {
        OK(memqc_mlp_set(k ? plain : aware, MEMQC_MLP_LEARNING_RATE, 0.5));
        OK(memqc_mlp_set(k ? plain : aware, MEMQC_MLP_BATCH, 7));
        OK(train_task(k ? plain : aware, NULL, NULL));
    }
    for (size_t l = 0; l < 2; l++) {
        OK(memqc_mlp_get_weights(aware, l, w[0], task_sizes[l + 1], NULL));
        OK(memqc_mlp_get_weights(plain, l, w[1], task_sizes[l + 1], NULL));
        for (size_t i = 0; i < task_sizes[l] * task_sizes[l + 1]; i++)
            furthest = fmax(furthest, fabs((double)w[0][i] - (double)w[1][i]));
    }
    ck_assert_msg(furthest < 2e-3, "weights are %g apart", furthest); /* a level is 1e-3 */
    for (int epoch = 0; epoch < 60; epoch++)
        OK(train_task(aware, NULL, NULL));
    for (size_t l = 0; l < 2; l++) {
        OK(memqc_mlp_get_weights(aware, l, w[0], task_sizes[l + 1], NULL));
        for (size_t i = 0; i < task_sizes[l] * task_sizes[l + 1]; i++)
            most = fmaxf(most, fabsf(w[0][i]));
    }
    ck_assert_msg(most == 2, "the largest weight is %g",
                  (double)most); /* some are at the end, and none is beyond */
    memqc_mlp_destroy(&aware);
    memqc_mlp_destroy(&plain);
    memqc_device_destroy(&device);
}
END_TEST

/* --- tables of rungs --- */

/* All sizes of tables find what a plain look-up does, bit by bit: ladders of few rungs have a way of
 * their own. Weights between rungs, beyond the ends, NaN; blocks that are full and not full. */
START_TEST(tables_of_any_size) {
    enum { MOST = 200, N = 777 };
    static const size_t sizes[] = {2, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 100, MOST};
    static float mean[MOST], sd[MOST], w[N], z[N], seen[N];
    const size_t rungs = sizes[_i], n = _i % 2 ? N : N - 9 * (size_t)_i;
    const float lo = -(float)(rungs / 2), hi = lo + (float)(rungs - 1), offset = 0.25f,
                slope = 3.0f, factor = 0.5f;
    const struct mqc_moments moments = {
        {.lo = lo, .hi = hi, .offset = offset}, slope, mean, sd, NULL};
    for (size_t i = 0; i < rungs; i++) {
        mean[i] = 0.37f * (float)(i * i % 101) - 7;
        sd[i] = 0.011f * (float)(i * 7 % 53);
    }
    for (size_t i = 0; i < n; i++) {
        w[i] = (float)((double)(i * 7919 % N) / N * 1.2 - 0.6) * (float)rungs / slope;
        z[i] = (float)(i % 13) - 6;
    }
    w[n / 2] = NAN;
    mqc_mlp_kernels()->see(n, &moments, factor, w, z, seen);
    for (size_t i = 0; i < n; i++) {
        const size_t rung = (size_t)(rintf(fminf(fmaxf(offset + w[i] * slope, lo), hi)) - lo);
        const float held = mean[rung] + factor * sd[rung] * z[i];
        ck_assert_msg(i == n / 2 ? isnan(seen[i]) : seen[i] == held,
                      "%zu rungs, weight %g: %.9g, not %.9g", rungs, (double)w[i], (double)seen[i],
                      (double)held);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_noise_aware");
    TCase *numbers = add_group(suite, "numbers", setup);
    tcase_add_loop_test(numbers, noise_is_that_of_programming, 0, COUNT(looks));
    tcase_add_loop_test(numbers, tables_of_any_size, 0, 14);
    TCase *task = add_group(suite, "task", make_task);
    tcase_add_test(task, without_noise_it_is_the_float_rule);
    return run_suite(suite);
}
