/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulses larger than the spacing of levels: programming goes beyond a level and comes back by the
 * smaller pulses of the other direction, where that leads nearer; what cannot be reached is told. */
#include "mlp.h"

#include "device/models/pulsed.h"

static const double low = 20e-6, high = 120e-6;

/* One SET from the lower bound crosses nearly the window, as of a TaOx device of Sandia; RESET pulses take a
 * tenth of it where they are largest. */
static memqc_device *make_coarse(double states, double noise) {
    static const float g[] = {20e-6f, 50e-6f, 80e-6f, 110e-6f, 120e-6f};
    static const float up[] = {92e-6f, 64e-6f, 40e-6f, 6e-6f, 0.5e-6f},
                       down[] = {0.5e-6f, 3e-6f, 9e-6f, 6e-6f, 2e-6f};
    memqc_device *device;
    OK(memqc_device_create(MEMQC_DEVICE_TABLE, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MIN, low));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MAX, high));
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, states));
    OK(memqc_device_set(device, MEMQC_DEVICE_C2C_ABSOLUTE, noise));
    OK(memqc_device_set_table(device, 1, 5, g, up));
    OK(memqc_device_set_table(device, -1, 5, g, down));
    return device;
}

static int is_beyond(int down, double g, double target) {
    return down ? g <= target : g >= target;
}

/* The least distance from a target of all ends of trains to the first pulse beyond it, and from there
 * back, by trying them. */
static double nearest(const memqc_device *device, double from, double target) {
    double best = fabs(from - target), g = from;
    const int down = target < from;
    for (int i = 0; i < 300 && !is_beyond(down, g, target); i++) {
        g = mqc_pulsed_after(device, down, g);
        best = fmin(best, fabs(g - target));
    }
    for (int i = 0; i < 300 && is_beyond(down, g, target); i++) {
        g = mqc_pulsed_after(device, !down, g);
        best = fmin(best, fabs(g - target));
    }
    return best;
}

START_TEST(programming_ends_at_the_nearest) {
    enum { STATES = 9, STARTS = 11 };
    memqc_device *device = make_coarse(STATES, 0);
    for (int32_t level = 1; level <= STATES; level++)
        for (int start = 0; start < STARTS; start++) {
            const double from = low + (high - low) * start / (STARTS - 1);
            const double target = high - (high - low) * (level - 1) / (STATES - 1);
            float state = (float)from;
            OK(memqc_device_program(device, 0, 0, 1, &level, &state, NULL, NULL));
            const double miss = fabs((double)state - target), best = nearest(device, from, target);
            ck_assert_msg(miss <= best + 0.15e-6, "from %g to level %d: %g away, %g can be", from,
                          (int)level, miss, best);
        }
    memqc_device_destroy(&device);
}
END_TEST

/* Whatever the grouping, and whatever came before in the call. */
START_TEST(chunks_do_not_matter) {
    enum { CELLS = 300 };
    memqc_device *device = make_coarse(9, 1e-6);
    float together[CELLS], alone[CELLS];
    int32_t levels[CELLS];
    for (int32_t i = 0; i < CELLS; i++) {
        levels[i] = 1 + i % 9;
        together[i] = alone[i] = (float)low;
    }
    OK(memqc_device_program(device, 5, 3, CELLS, levels, together, NULL, NULL));
    for (size_t i = 0; i < CELLS; i++)
        OK(memqc_device_program(device, 5 + i, 3, 1, levels + i, alone + i, NULL, NULL));
    ck_assert(memcmp(together, alone, sizeof alone) == 0);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(statistics_of_levels_know_the_way_back) {
    enum { CELLS = 4000, STATES = 9 };
    static float g[CELLS];
    static int32_t levels[CELLS];
    memqc_device *device = make_coarse(STATES, 0.2e-6);
    for (int32_t level = 2; level < STATES; level++) {
        double mean, sd, sum = 0, squares = 0;
        OK(memqc_device_level(device, level, NULL, &mean, &sd));
        for (size_t i = 0; i < CELLS; i++)
            levels[i] = level;
        OK(memqc_device_draw(device, 0, (uint64_t)level, CELLS, levels, g, NULL));
        for (size_t i = 0; i < CELLS; i++)
            sum += (double)g[i] / CELLS;
        for (size_t i = 0; i < CELLS; i++)
            squares += pow((double)g[i] - sum, 2) / CELLS;
        ck_assert_msg(fabs(sum - mean) < 0.1e-6 && fabs(sqrt(squares) / sd - 1) < 0.1,
                      "level %d: %g +- %g, told %g +- %g", (int)level, sum, sqrt(squares), mean,
                      sd);
    }
    memqc_device_destroy(&device);
}
END_TEST

/* --- arrays --- */

enum { ROWS = 32, COLS = 32, WEIGHTS = ROWS * COLS };

static memqc_crossbar *make_array(const memqc_device *device, double scheme) {
    memqc_crossbar *xb;
    OK(memqc_crossbar_create(device, ROWS, COLS, 1, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_NORMALIZATION, MEMQC_CROSSBAR_NORMALIZATION_FIXED));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_W_MAX, 0.2));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SCHEME, scheme));
    return xb;
}

/* Weights within 0.1 of 0, of 0.2 at most, do not become 0.2. */
START_TEST(weights_are_where_they_should_be) {
    static const double schemes[] = {MEMQC_CROSSBAR_SCHEME_BLIND, MEMQC_CROSSBAR_SCHEME_VERIFY};
    float w[WEIGHTS], got[WEIGHTS];
    fill(WEIGHTS, w, -0.1, 0.1);
    for (size_t s = 0; s < 4; s++) {
        memqc_device *device = make_coarse(s < 2 ? 3 : 17, 0);
        memqc_crossbar *xb = make_array(device, schemes[s % 2]);
        double mean = 0;
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_get_weights(xb, got, COLS));
        for (size_t i = 0; i < WEIGHTS; i++)
            mean += (double)got[i] / WEIGHTS;
        ck_assert_msg(fabs(mean) < 0.02, "scheme %zu: mean %g", s, mean);
        memqc_crossbar_destroy(&xb);
        memqc_device_destroy(&device);
    }
}
END_TEST

START_TEST(what_cannot_be_reached_is_told) {
    memqc_device *device = make_coarse(101, 0);
    memqc_crossbar *xb = make_array(device, MEMQC_CROSSBAR_SCHEME_VERIFY);
    float w[WEIGHTS], g[WEIGHTS];
    double told, failed, sets, count = 0;
    fill(WEIGHTS, w, -0.2, 0.2);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_TOLERANCE, 1));
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_get_report(xb, MEMQC_CROSSBAR_REPORT_UNREACHED, &told));
    OK(memqc_crossbar_get_report(xb, MEMQC_CROSSBAR_REPORT_FAILED, &failed));
    OK(memqc_crossbar_get_report(xb, MEMQC_CROSSBAR_REPORT_SET, &sets));
    OK(memqc_crossbar_get_conductances(xb, 0, g, COLS));
    int32_t levels[WEIGHTS];
    OK(memqc_crossbar_get_levels(xb, 0, levels, COLS));
    for (size_t i = 0; i < WEIGHTS; i++) {
        const double target = high - (levels[i] - 1) * 1e-6;
        count += fabs((double)g[i] - target) > 1e-6 && nearest(device, (double)g[i], target) > 1e-6;
    }
    ck_assert_msg(told == count && told > 0, "%g told, %g counted", told, count);
    ck_assert_msg(told <= failed && sets < 5 * WEIGHTS, "%g failed, %g SET pulses", failed, sets);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(networks_learn) {
    memqc_device *device = make_coarse(3, 0.2e-6);
    memqc_mlp *mlp;
    OK(memqc_mlp_create(task_sizes, COUNT(task_sizes), device, 0, &mlp));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING,
                              MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    OK(set_rule(mlp, MEMQC_CROSSBAR_RULE_MIXED_PRECISION));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 1));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 7));
    for (int epoch = 0; epoch < 15; epoch++)
        OK(train_task(mlp, NULL, NULL));
    ck_assert_msg(task_accuracy(mlp) > 0.9, "%g", task_accuracy(mlp));
    memqc_mlp_destroy(&mlp);
    memqc_device_destroy(&device);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        programming_ends_at_the_nearest,        chunks_do_not_matter,
        statistics_of_levels_know_the_way_back, weights_are_where_they_should_be,
        what_cannot_be_reached_is_told,         networks_learn};
    Suite *suite = suite_create("coarse");
    for (size_t i = 0; i < COUNT(tests); i++)
        tcase_add_test(add_group(suite, tests[i]->name, make_task), tests[i]);
    return run_suite(suite);
}
