/* SPDX-License-Identifier: BSD-3-Clause */
/* Optimizers and schedules: the course of every weight, against double precision. */
#include "mlp.h"

#include "mlp/pass/kernels.h"

/* --- optimizers and schedules: the way of every weight, in double precision --- */

static double schedule_factor(int schedule, double period, double t, double t_end, double warmup) {
    const double u = t / period, q = 0.3, c = 0.2;
    const double factor = schedule == MEMQC_MLP_SCHEDULE_STEP          ? pow(q, floor(u))
                          : schedule == MEMQC_MLP_SCHEDULE_EXPONENTIAL ? pow(q, u)
                          : schedule == MEMQC_MLP_SCHEDULE_COSINE
                              ? c + (1 - c) * (1 + cos(acos(-1) * fmin(u, 1))) / 2
                          : schedule == MEMQC_MLP_SCHEDULE_INVERSE ? 1 / (1 + u)
                                                                   : 1;
    return t_end < warmup ? factor * t_end / warmup : factor;
}

struct moments {
    double u[2 * MOST_CELLS], v[2 * MOST_CELLS];
};

static void take_step(int optimizer, double rate, double t, size_t n, const double *grad, double *u,
                      double *v, double *w) {
    for (size_t i = 0; i < n; i++) {
        if (optimizer == MEMQC_MLP_SGD) {
            w[i] -= rate * grad[i];
        } else if (optimizer == MEMQC_MLP_SGD_MOMENTUM) {
            u[i] = 0.8 * u[i] + grad[i];
            w[i] -= rate * u[i];
        } else {
            u[i] = 0.7 * u[i] + 0.3 * grad[i];
            v[i] = 0.95 * v[i] + 0.05 * grad[i] * grad[i];
            w[i] -= rate * (u[i] / (1 - pow(0.7, t))) / (sqrt(v[i] / (1 - pow(0.95, t))) + 1e-3);
        }
    }
}

static void set_optimizer(memqc_mlp *mlp, int optimizer) {
    OK(memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, optimizer));
    if (optimizer == MEMQC_MLP_SGD_MOMENTUM)
        OK(memqc_mlp_set(mlp, MEMQC_MLP_MOMENTUM, 0.8));
    if (optimizer != MEMQC_MLP_ADAM)
        return;
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BETA1, 0.7));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BETA2, 0.95));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_EPSILON, 1e-3));
}

static void set_schedule(memqc_mlp *mlp, int schedule, double period, double warmup) {
    OK(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE, schedule));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_WARMUP, warmup));
    if (schedule != MEMQC_MLP_SCHEDULE_CONSTANT)
        OK(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_PERIOD, period));
    if (schedule == MEMQC_MLP_SCHEDULE_STEP || schedule == MEMQC_MLP_SCHEDULE_EXPONENTIAL)
        OK(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_FACTOR, 0.3));
    if (schedule == MEMQC_MLP_SCHEDULE_COSINE)
        OK(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_FLOOR, 0.2));
}

/* Seven equal samples in minibatches of three: a mean gradient does not depend on how many make it.
 * */
/* One sample, BATCH times. */
static void repeat_sample(const struct shape *shape, float *x, int32_t *labels) {
    const size_t in = shape->sizes[0];
    make_batch(shape, 1, x, labels);
    for (size_t i = 1; i < BATCH; i++) {
        memcpy(x + i * in, x, in * sizeof *x);
        labels[i] = labels[0];
    }
}

/* The squared distance of two networks. */
static double distance(const struct shape *shape, const struct model *a, const struct model *b) {
    double sum = 0;
    for (size_t l = 0; l < 2; l++) {
        for (size_t i = 0; i < (shape->sizes[l] + 1) * shape->sizes[l + 1]; i++)
            sum += pow(a->w[l][i] - b->w[l][i], 2);
    }
    return sum;
}

static void check_distances(double moved, double error) {
    ck_assert_msg(moved > 1e-4 && error <= 1e-6 * moved, "moved by %g, error %g", sqrt(moved),
                  sqrt(error));
}

START_TEST(steps_are_those_of_double_precision) {
    enum { EPOCHS = 4 };
    static struct model model, grad, got, begin;
    static struct moments moments[2];
    const int optimizer = MEMQC_MLP_SGD + _i % 3,
              schedule = MEMQC_MLP_SCHEDULE_CONSTANT + _i / 3 % 5,
              bias = MEMQC_MLP_BIAS_DIGITAL + _i / 15;
    const double period = 1.7, warmup = _i % 2 ? 1.2 : 0,
                 rate = optimizer == MEMQC_MLP_ADAM ? 0.05 : 0.5;
    const struct shape *shape = &shapes[1];
    const size_t in = shape->sizes[0];
    float x[BATCH * MOST_UNITS];
    int32_t labels[BATCH];
    memqc_mlp *mlp = make(shape->sizes, shape->n_sizes, NULL);
    const struct setting settings[] = {{MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH},
                                       {MEMQC_MLP_INPUT_BITS, 0},
                                       {MEMQC_MLP_BATCH, 3},
                                       {MEMQC_MLP_LEARNING_RATE, rate},
                                       {MEMQC_MLP_BIAS, bias}};
    set_all(mlp, settings, COUNT(settings));
    set_optimizer(mlp, optimizer);
    set_schedule(mlp, schedule, period, warmup);
    randomize(mlp, shape->sizes, shape->n_sizes, 0.9);
    repeat_sample(shape, x, labels);
    memset(moments, 0, sizeof moments);
    read_model(mlp, shape->sizes, shape->n_sizes, &model);
    read_model(mlp, shape->sizes, shape->n_sizes, &begin);
    for (int step = 0; step < 3 * EPOCHS; step++) {
        const double t = step / 3 + step % 3 * 3 / 7.0,
                     t_end = step / 3 + fmin(7, step % 3 * 3 + 3) / 7.0;
        const double now = rate * schedule_factor(schedule, period, t, t_end, warmup);
        differentiate(&model, 1, x, labels, &grad);
        for (size_t l = 0; l < 2; l++) { /* biases stand behind weights */
            const size_t n = (shape->sizes[l] + 1) * shape->sizes[l + 1];
            take_step(optimizer, now, step + 1, n, grad.w[l], moments[l].u, moments[l].v,
                      model.w[l]);
        }
        double said = 0;
        if (step % 3 < 2)
            continue;
        OK(memqc_mlp_train_epoch(mlp, BATCH, x, in, labels));
        OK(memqc_mlp_get_history(mlp, (uint32_t)step / 3 + 1, MEMQC_MLP_HISTORY_LEARNING_RATE,
                                 &said));
        ck_assert_msg(fabs(said - now) <= 1e-12 * now, "learning rate %g, not %g", said, now);
    }
    read_model(mlp, shape->sizes, shape->n_sizes, &got);
    check_distances(distance(shape, &model, &begin), distance(shape, &model, &got));
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* --- layers of their own --- */

/* All instruction sets give the same bits. */
START_TEST(kernels_are_equal_on_every_instruction_set) {
    enum { ROWS = 5, N = 37, LD = 40, ALL = ROWS * LD };
    static float h[ALL], bias[N], a[2][ALL], b[2][ALL], c[2][ALL], d[2][ALL];
    const struct mqc_mlp_kernels *const all[MQC_ISA_COUNT] = MQC_KERNEL_TABLES(mqc_mlp_kernels);
    fill(ALL, h, -2, 2);
    fill(N, bias, -1, 1);
    for (size_t t = 0; t <= (size_t)mqc_isa(); t++) {
        const struct mqc_mlp_kernels *k = all[t];
        float(*const out[])[ALL] = {&a[t > 0], &b[t > 0], &c[t > 0], &d[t > 0]};
        for (size_t f = 0; f < 4; f++)
            for (size_t i = 0; i < ALL; i++)
                (*out[f])[i] = (float)(0.3 + 0.001 * (double)i);
        for (size_t f = 0; f < MQC_ACTIVATIONS; f++) {
            k->activation[f](ROWS, N, LD, 0.1f, bias, *out[0]);
            k->slope[f](ROWS, N, 0.1f, *out[0], LD, *out[1], LD);
        }
        k->adam(ALL, 0.1f, 0.9f, 0.99f, 1e-8f, h, *out[2], *out[3], *out[1]);
        k->momentum(ALL, 0.1f, 0.9f, h, *out[2], *out[1]);
        k->quantize_input(ALL, h, -1, 0.1f, 15, *out[3]);
        k->dropout(N, 0.5f, 2, h, *out[0], *out[2]);
        k->multiply(ROWS, N, h, LD, *out[1], LD);
        k->column_sums(ROWS, N, LD, *out[1], *out[2]);
        if (t == 0)
            continue;
        ck_assert_mem_eq(a[0], a[1], sizeof a[0]);
        ck_assert_mem_eq(b[0], b[1], sizeof b[0]);
        ck_assert_mem_eq(c[0], c[1], sizeof c[0]);
        ck_assert_mem_eq(d[0], d[1], sizeof d[0]);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_optimizers");
    TCase *numbers = add_group(suite, "numbers", setup);
    tcase_add_loop_test(numbers, steps_are_those_of_double_precision, 0, 30);
    tcase_add_test(numbers, kernels_are_equal_on_every_instruction_set);
    return run_suite(suite);
}
