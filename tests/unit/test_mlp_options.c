/* SPDX-License-Identifier: BSD-3-Clause */
/* What a network can be told beside its sizes: optimizers, schedules, dropout, biases on the array,
 * k-bit inputs, and layers of their own. */
#include "mlp.h"

#include "mlp/pass/inside.h"

#include "mlp/pass/kernels.h"
#include "rng/rng.h"

/* --- gradients, with everything that takes part in them --- */

/* The masks that dropout draws in a first epoch, worked out from the generator alone: for sample
 * number `place` of the epoch. */
static void draw_mask(uint64_t seed, size_t layer, size_t place, double drop, size_t n,
                      float *mask) {
    const struct mqc_rng rng = mqc_rng_make(mqc_rng_child(seed, 2 * layer), MQC_STREAM_DROPOUT);
    mqc_rng_kernels()->uniform(&rng, 0, place, n, mask);
    for (size_t i = 0; i < n; i++)
        mask[i] = (double)mask[i] < drop ? 0 : (float)(1 / (1 - drop));
}

enum { VARIANTS = 4 };

/* 0: dropout; 1: biases on the array; 2: 4-bit inputs; 3: all of these, and another activation in
 * each layer. */
static void set_variant(memqc_mlp *mlp, int variant, const struct shape *shape) {
    if (variant == 0 || variant == 3)
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_DROPOUT, 0.4));
    if (variant == 1 || variant == 3)
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_BIAS, MEMQC_MLP_BIAS_ROW));
    if (variant == 2 || variant == 3) {
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 4));
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_MIN, -0.8));
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_MAX, 0.7));
    }
    for (size_t l = 0; variant == 3 && l + 1 < shape->n_sizes && !mqc_mlp_is_softmax(mlp, l); l++)
        WORKS(memqc_mlp_set_layer(mlp, l, MEMQC_MLP_ACTIVATION,
                                  MEMQC_MLP_LOGISTIC + (double)((l + 3) % 5)));
}

/* 15 steps of 0.1 from -0.8 to 0.7. */
static void quantize(size_t n, const float *x, float *out) {
    for (size_t i = 0; i < n; i++)
        out[i] = (float)(-0.8 + 0.1 * rint((fmin(0.7, fmax(-0.8, (double)x[i])) + 0.8) / 0.1));
}

START_TEST(gradients_with_all_that_takes_part) {
    static struct model before, after, grad;
    static float masks[MOST_LAYERS][BATCH * MOST_UNITS];
    const int which = _i / VARIANTS;
    int variant = _i % VARIANTS;
    const struct shape *shape = case_shape(which);
    const size_t in = shape->sizes[0], layers = shape->n_sizes - 1;
    float x[BATCH * MOST_UNITS], given[BATCH * MOST_UNITS];
    int32_t labels[BATCH];
    struct comparison sum = {0, 0, 0};
    memqc_mlp *mlp = make(shape->sizes, shape->n_sizes, NULL);
    const struct setting settings[] = {
        {MEMQC_MLP_ACTIVATION, MEMQC_MLP_LOGISTIC + which / SHAPES % ACTIVATIONS},
        {MEMQC_MLP_LOSS, MEMQC_MLP_SQUARED_ERROR + which / SHAPES / ACTIVATIONS},
        {MEMQC_MLP_INPUT_BITS, 0},
        {MEMQC_MLP_BATCH, BATCH},
        {MEMQC_MLP_LEARNING_RATE, 4}};
    set_all(mlp, settings, COUNT(settings));
    if (layers == 1 && (variant == 0 || variant == 3)) /* nothing that could be dropped */
        variant = 1;
    set_variant(mlp, variant, shape);
    WORKS(memqc_mlp_set_seed(mlp, 12));
    randomize(mlp, shape->sizes, shape->n_sizes, 0.9);
    make_batch(shape, BATCH, x, labels);
    for (size_t i = 1; i < BATCH && (variant == 0 || variant == 3);
         i++) { /* masks go by their order: let them be equal */
        memcpy(x + i * in, x, in * sizeof *x);
        labels[i] = labels[0];
    }
    memcpy(given, x, sizeof x);
    if (variant == 2 || variant == 3)
        quantize(BATCH * in, x, given);
    read_model(mlp, shape->sizes, shape->n_sizes, &before);
    for (size_t l = 0; l + 1 < layers; l++) {
        const int drops = variant == 0 || variant == 3;
        for (size_t i = 0; i < BATCH && drops; i++)
            draw_mask(12, l, i, 0.4, shape->sizes[l + 1], masks[l] + i * shape->sizes[l + 1]);
        before.mask[l] = drops ? masks[l] : NULL;
    }
    differentiate(&before, BATCH, given, labels, &grad);
    WORKS(memqc_mlp_train_epoch(mlp, BATCH, x, in, labels));
    read_model(mlp, shape->sizes, shape->n_sizes, &after);
    for (size_t l = 0; l < layers; l++) {
        const size_t out = before.sizes[l + 1];
        compare(&sum, before.sizes[l] * out, before.w[l], after.w[l], grad.w[l], 4, 1e-6);
        compare(&sum, out, before.b[l], after.b[l], grad.b[l], 4, 1e-6);
    }
    ck_assert_msg(sum.norm > 1e-6, "a gradient of norm %g tests nothing", sqrt(sum.norm));
    ck_assert_msg(sum.error <= 1e-6 * sum.norm, "relative error %g", sqrt(sum.error / sum.norm));
    memqc_mlp_destroy(&mlp);
    memset(before.mask, 0, sizeof before.mask);
}
END_TEST

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
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_OPTIMIZER, optimizer));
    if (optimizer == MEMQC_MLP_SGD_MOMENTUM)
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_MOMENTUM, 0.8));
    if (optimizer != MEMQC_MLP_ADAM)
        return;
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_BETA1, 0.7));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_BETA2, 0.95));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_EPSILON, 1e-3));
}

static void set_schedule(memqc_mlp *mlp, int schedule, double period, double warmup) {
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE, schedule));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_WARMUP, warmup));
    if (schedule != MEMQC_MLP_SCHEDULE_CONSTANT)
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_PERIOD, period));
    if (schedule == MEMQC_MLP_SCHEDULE_STEP || schedule == MEMQC_MLP_SCHEDULE_EXPONENTIAL)
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_FACTOR, 0.3));
    if (schedule == MEMQC_MLP_SCHEDULE_COSINE)
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_SCHEDULE_FLOOR, 0.2));
}

/* Seven equal samples in minibatches of three: a mean gradient does not depend on how many make it.
 * */
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
    double moved = 0, error = 0;
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
    make_batch(shape, 1, x, labels);
    for (size_t i = 1; i < BATCH; i++) {
        memcpy(x + i * in, x, in * sizeof *x);
        labels[i] = labels[0];
    }
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
        WORKS(memqc_mlp_train_epoch(mlp, BATCH, x, in, labels));
        WORKS(memqc_mlp_get_history(mlp, (uint32_t)step / 3 + 1, MEMQC_MLP_HISTORY_LEARNING_RATE,
                                    &said));
        ck_assert_msg(fabs(said - now) <= 1e-12 * now, "learning rate %g, not %g", said, now);
    }
    read_model(mlp, shape->sizes, shape->n_sizes, &got);
    for (size_t l = 0; l < 2; l++) {
        for (size_t i = 0; i < (shape->sizes[l] + 1) * shape->sizes[l + 1]; i++) {
            moved += pow(model.w[l][i] - begin.w[l][i], 2);
            error += pow(model.w[l][i] - got.w[l][i], 2);
        }
    }
    ck_assert_msg(moved > 1e-4 && error <= 1e-6 * moved, "moved by %g, error %g", sqrt(moved),
                  sqrt(error));
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* --- dropout --- */

START_TEST(dropout_drops_its_fraction) {
    enum { UNITS = 200, SAMPLES = 500 };
    static float mask[UNITS];
    static const double fractions[] = {0.1, 0.5, 0.95};
    for (size_t f = 0; f < COUNT(fractions); f++) {
        double off = 0, pairs = 0, last = 0;
        for (size_t s = 0; s < SAMPLES; s++) {
            draw_mask(3, 1, s, fractions[f], UNITS, mask);
            for (size_t i = 0; i < UNITS; i++) {
                off += mask[i] == 0;
                pairs += mask[i] == 0 && last == 0 && i > 0;
                last = (double)mask[i];
            }
        }
        const double n = UNITS * SAMPLES, p = fractions[f], sd = sqrt(p * (1 - p) / n),
                     n2 = (UNITS - 1) * SAMPLES;
        ck_assert_msg(fabs(off / n - p) < 5 * sd, "%g instead of %g", off / n, p);
        /* Neighbours are independent: pairs overlap, which adds 2 p^3 - 2 p^4 to each one's
         * variance. */
        const double sd2 = sqrt((p * p * (1 - p * p) + 2 * (p * p * p - p * p * p * p)) / n2);
        ck_assert_msg(fabs(pairs / n2 - p * p) < 5 * sd2, "pairs: %g instead of %g", pairs / n2,
                      p * p);
    }
}
END_TEST

/* A sample's mask is its own: it is the same whatever the minibatches, and there is none in
 * prediction. */
START_TEST(dropout_depends_on_the_sample_alone) {
    const struct kind *kind = &kinds[_i];
    static struct log logs[2];
    double losses[2], plain[2] = {0, 0};
    float out[2][TASK_SAMPLES * TASK_CLASSES];
    memset(logs, 0, sizeof logs);
    for (int i = 0; i < 2; i++) {
        memqc_mlp *mlp = make_task_net(kind, 8);
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 1e-12));
        WORKS(memqc_mlp_evaluate(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, &plain[0],
                                 NULL, NULL));
        WORKS(
            memqc_mlp_predict(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, out[0], TASK_CLASSES, NULL));
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_DROPOUT, 0.5));
        WORKS(
            memqc_mlp_predict(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, out[1], TASK_CLASSES, NULL));
        ck_assert_mem_eq(out[0], out[1], sizeof out[0]);
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, i ? 50 : 1));
        WORKS(train_task(mlp, record, &logs[i]));
        losses[i] = logs[i].loss[logs[i].calls - 1];
        WORKS(memqc_mlp_get_history(mlp, 1, MEMQC_MLP_HISTORY_LOSS, &plain[1]));
        ck_assert_double_eq(plain[1], losses[i]);
        memqc_mlp_destroy(&mlp);
    }
    ck_assert_msg(fabs(losses[0] - losses[1]) < 1e-5 * losses[0], "%g and %g", losses[0],
                  losses[1]);
    ck_assert_msg(fabs(losses[0] - plain[0]) > 1e-3 * plain[0], "%s: dropout changes nothing",
                  kind->name);
}
END_TEST

START_TEST(dropout_learns) {
    memqc_mlp *mlp = make_task_net(&kinds[0], 2);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_DROPOUT, 0.2));
    for (int epoch = 0; epoch < 60; epoch++)
        WORKS(train_task(mlp, NULL, NULL));
    ck_assert_msg(task_accuracy(mlp) >= 0.95, "%g", task_accuracy(mlp));
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* --- biases on the array --- */

static void read_g(memqc_mlp *mlp, size_t plane, float *g) {
    const memqc_crossbar *xb = NULL;
    size_t rows = 0;
    WORKS(memqc_mlp_borrow_crossbar(mlp, 0, &xb));
    WORKS(memqc_crossbar_shape(xb, &rows, NULL, NULL));
    ck_assert_uint_eq(rows, TASK_INPUTS + 1);
    WORKS(memqc_crossbar_get_conductances(xb, plane, g, task_sizes[1]));
}

START_TEST(biases_on_the_array) {
    enum { HIDDEN = 8, CELLS = TASK_INPUTS * HIDDEN };
    const struct kind *kind = &kinds[1 + _i];
    float w[CELLS], b[HIDDEN], got[CELLS], got_b[HIDDEN], g[2][CELLS + HIDDEN];
    memqc_mlp *mlp = make_task_net(kind, 4);
    fill(CELLS, w, -0.9, 0.9);
    fill(HIDDEN, b, -0.9, 0.9);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_BIAS, MEMQC_MLP_BIAS_ROW));
    WORKS(memqc_mlp_set_weights(mlp, 0, w, HIDDEN, b));
    const double step = kind->mapping == MEMQC_CROSSBAR_MAPPING_SINGLE ? 2.0 / 31 : 1.0 / 31;
    if (strncmp(kind->preset, "ideal", 5) == 0) { /* without noise, the nearest level is what is
                                                     read */
        WORKS(memqc_mlp_get_weights(mlp, 0, got, HIDDEN, got_b));
        for (size_t i = 0; i < CELLS; i++)
            ck_assert(fabs((double)got[i] - (double)w[i]) <= step * 0.5001);
        for (size_t j = 0; j < HIDDEN; j++)
            ck_assert(fabs((double)got_b[j] - (double)b[j]) <= step * 0.5001);
    }
    read_g(mlp, 0, g[0]);
    WORKS(memqc_mlp_set_weights(mlp, 0, NULL, 0, w)); /* new biases: the weights keep their
                                                         conductances, bit for bit */
    read_g(mlp, 0, g[1]);
    ck_assert_mem_eq(g[0], g[1], CELLS * sizeof(float));
    ck_assert(memcmp(g[0] + CELLS, g[1] + CELLS, HIDDEN * sizeof(float)) != 0);
    for (size_t i = 0; i < CELLS; i++)
        w[i] = -w[i];
    WORKS(memqc_mlp_set_weights(mlp, 0, w, HIDDEN, NULL));
    read_g(mlp, 0, g[0]);
    ck_assert(memcmp(g[0], g[1], CELLS * sizeof(float)) != 0);
    ck_assert_mem_eq(g[0] + CELLS, g[1] + CELLS, HIDDEN * sizeof(float));
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(biases_on_the_array_learn) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *mlp = make_task_net(kind, 1);
    double best = 0;
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_BIAS, MEMQC_MLP_BIAS_ROW));
    for (int epoch = 0; epoch < 60; epoch++) {
        WORKS(train_task(mlp, NULL, NULL));
        best = fmax(best, task_accuracy(mlp));
    }
    ck_assert_msg(best >= 0.95, "%s: %g at best", kind->name, best);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* --- inputs --- */

START_TEST(inputs_of_k_bits) {
    static const double ranges[][2] = {{0, 1}, {-0.5, 2}, {100, 101}};
    const int bits = _i + 2;
    const double steps = (1 << bits) - 1;
    for (size_t r = 0; r < COUNT(ranges); r++) {
        const double low = ranges[r][0], high = ranges[r][1], step = (high - low) / steps;
        static const size_t sizes[] = {1, 1};
        memqc_mlp *mlp = make(sizes, 2, NULL);
        const float one = 1, zero = 0;
        WORKS(memqc_mlp_set_weights(mlp, 0, &one, 1, &zero));
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_ACTIVATION, MEMQC_MLP_LEAKY_RELU));
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_LEAK, 1)); /* so that the output is the input */
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, bits));
        WORKS(memqc_mlp_set(mlp, high > 1 ? MEMQC_MLP_INPUT_MAX : MEMQC_MLP_INPUT_MIN,
                            high > 1 ? high : low));
        WORKS(memqc_mlp_set(mlp, high > 1 ? MEMQC_MLP_INPUT_MIN : MEMQC_MLP_INPUT_MAX,
                            high > 1 ? low : high));
        for (int i = 0; i < 200; i++) {
            const float x = (float)uniform(low - 0.3 * (high - low), high + 0.3 * (high - low));
            float y = 0;
            WORKS(memqc_mlp_predict(mlp, 1, &x, 1, &y, 1, NULL));
            const double k = fmin(steps, fmax(0, ((double)x - low) / step)),
                         got = ((double)y - low) / step;
            const double fuzz =
                1e-6 * (fabs(low) + fabs(high)) / step; /* what a float cannot tell apart */
            ck_assert_msg(fabs(got - rint(got)) <= fuzz && fabs(got - k) <= 0.5 + fuzz &&
                              got >= -fuzz && got <= steps + fuzz,
                          "%d bits from %g to %g: %.9g becomes %.9g", bits, low, high, (double)x,
                          (double)y);
        }
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

/* --- layers of their own --- */

START_TEST(layers_have_rules_and_devices_of_their_own) {
    memqc_device *device = NULL;
    memqc_mlp *mlp = make_task_net(&kinds[1], 3);
    const memqc_crossbar *xb = NULL;
    float before[MOST_CELLS], after[MOST_CELLS], bias[2][MOST_UNITS];
    int32_t levels[MOST_CELLS], most = 0;
    double best = 0;
    WORKS(memqc_device_create_preset("ideal", &device));
    WORKS(memqc_device_set(device, MEMQC_DEVICE_STATES, 200));
    WORKS(memqc_mlp_set_device(mlp, 0, device));
    WORKS(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT));
    WORKS(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    WORKS(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_LEARNING_RATE, 0.01));
    WORKS(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_WEIGHT_RANGE, 2));
    WORKS(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH));
    for (int epoch = 0; epoch < 60; epoch++) {
        WORKS(train_task(mlp, NULL, NULL));
        best = fmax(best, task_accuracy(mlp));
    }
    ck_assert_msg(best >= 0.95, "%g", best);
    WORKS(memqc_mlp_borrow_crossbar(mlp, 0, &xb));
    WORKS(memqc_crossbar_get_levels(xb, 0, levels, 8));
    for (size_t i = 0; i < 64; i++)
        most = levels[i] > most ? levels[i] : most;
    ck_assert_msg(most > 32 && most <= 200, "level %d", (int)most);
    FAILS(MEMQC_ERROR_STATE, "RULE_FLOAT", memqc_mlp_borrow_crossbar(mlp, 1, &xb));
    FAILS(MEMQC_ERROR_STATE, "memqc_mlp_reset", memqc_mlp_set_device(mlp, 0, device));
    FAILS(MEMQC_ERROR_STATE, "memqc_mlp_reset",
          memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT));
    /* A layer that is told to stand still does, and the other moves. */
    WORKS(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_LEARNING_RATE, 1e-12));
    WORKS(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_LEARNING_RATE, 100));
    WORKS(memqc_mlp_get_weights(mlp, 1, before, TASK_CLASSES, bias[0]));
    WORKS(train_task(mlp, NULL, NULL));
    WORKS(memqc_mlp_get_weights(mlp, 1, after, TASK_CLASSES, bias[1]));
    for (size_t i = 0; i < 8 * TASK_CLASSES; i++)
        ck_assert(fabs((double)before[i] - (double)after[i]) < 1e-6);
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(what_layers_refuse) {
    memqc_mlp *mlp = make_task_net(&kinds[0], 1), *analog = make_task_net(&kinds[1], 1),
              *flat = NULL;
    double value = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "mlp is NULL",
          memqc_mlp_set_layer(NULL, 0, MEMQC_MLP_LEARNING_RATE, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "mlp is NULL",
          memqc_mlp_get_layer(NULL, 0, MEMQC_MLP_LEARNING_RATE, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "value is NULL",
          memqc_mlp_get_layer(mlp, 0, MEMQC_MLP_LEARNING_RATE, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "mlp is NULL", memqc_mlp_set_device(NULL, 0, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "key 99", memqc_mlp_set_layer(mlp, 0, 99, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "layer = 2",
          memqc_mlp_set_layer(mlp, 2, MEMQC_MLP_LEARNING_RATE, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "layer = 2",
          memqc_mlp_get_layer(mlp, 2, MEMQC_MLP_LEARNING_RATE, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "layer = 2", memqc_mlp_set_device(mlp, 2, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "batch", memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_BATCH, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "batch", memqc_mlp_get_layer(mlp, 0, MEMQC_MLP_BATCH, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "learning_rate",
          memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_LEARNING_RATE, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "without effect",
          memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_WEIGHT_RANGE, 2));
    FAILS(MEMQC_ERROR_ARGUMENT, "needs a device",
          memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NEAREST_LEVEL));
    FAILS(MEMQC_ERROR_ARGUMENT, "the last", memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_DROPOUT, 0.5));
    FAILS(MEMQC_ERROR_ARGUMENT, "no digital weights",
          memqc_mlp_set(analog, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    FAILS(MEMQC_ERROR_ARGUMENT, "device is NULL", memqc_mlp_set_device(analog, 0, NULL));
    /* What one layer refuses, no layer gets. */
    WORKS(memqc_mlp_set_layer(analog, 0, MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT));
    FAILS(MEMQC_ERROR_ARGUMENT, "layer 1",
          memqc_mlp_set(analog, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    WORKS(memqc_mlp_get_layer(analog, 0, MEMQC_MLP_OPTIMIZER, &value));
    ck_assert(value == MEMQC_MLP_SGD);
    WORKS(memqc_mlp_set_layer(analog, 0, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    FAILS(MEMQC_ERROR_ARGUMENT, "optimizer",
          memqc_mlp_set(analog, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NEAREST_LEVEL));
    WORKS(memqc_mlp_set_device(analog, 0, NULL));
    const size_t sizes[] = {2, 2};
    flat = make(sizes, 2, NULL);
    FAILS(MEMQC_ERROR_ARGUMENT, "without effect", memqc_mlp_set(flat, MEMQC_MLP_DROPOUT, 0.5));
    FAILS(MEMQC_ERROR_ARGUMENT, "optimizer = adam", memqc_mlp_set(flat, MEMQC_MLP_BETA1, 0.5));
    FAILS(MEMQC_ERROR_ARGUMENT, "schedule", memqc_mlp_set(flat, MEMQC_MLP_SCHEDULE_PERIOD, 0.5));
    FAILS(MEMQC_ERROR_ARGUMENT, "input_bits", memqc_mlp_set(flat, MEMQC_MLP_INPUT_MAX, 2));
    WORKS(memqc_mlp_set(flat, MEMQC_MLP_INPUT_BITS, 8));
    FAILS(MEMQC_ERROR_ARGUMENT, "input_min", memqc_mlp_set(flat, MEMQC_MLP_INPUT_MAX, 0));
    memqc_mlp_destroy(&flat);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&analog);
}
END_TEST

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
    Suite *suite = suite_create("mlp_options");
    TCase *numbers = add_group(suite, "numbers", setup),
          *task = add_group(suite, "task", make_task);
    tcase_add_loop_test(numbers, gradients_with_all_that_takes_part, 0, VARIANTS * CASES);
    tcase_add_loop_test(numbers, steps_are_those_of_double_precision, 0, 30);
    tcase_add_test(numbers, dropout_drops_its_fraction);
    tcase_add_loop_test(numbers, inputs_of_k_bits, 0, 15);
    tcase_add_test(numbers, kernels_are_equal_on_every_instruction_set);
    tcase_add_loop_test(task, dropout_depends_on_the_sample_alone, 0, KINDS);
    tcase_add_test(task, dropout_learns);
    tcase_add_loop_test(task, biases_on_the_array, 0, KINDS - 1);
    tcase_add_loop_test(task, biases_on_the_array_learn, 0, KINDS);
    tcase_add_test(task, layers_have_rules_and_devices_of_their_own);
    tcase_add_test(task, what_layers_refuse);
    return run_suite(suite);
}
