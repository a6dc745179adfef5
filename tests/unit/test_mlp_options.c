/* SPDX-License-Identifier: BSD-3-Clause */
/* Gradients, dropout, biases on the array and k-bit inputs. */
#include "mlp.h"

#include "mlp/pass/inside.h"

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
        OK(memqc_mlp_set(mlp, MEMQC_MLP_DROPOUT, 0.4));
    if (variant == 1 || variant == 3)
        OK(memqc_mlp_set(mlp, MEMQC_MLP_BIAS, MEMQC_MLP_BIAS_ROW));
    if (variant == 2 || variant == 3) {
        OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 4));
        OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_MIN, -0.8));
        OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_MAX, 0.7));
    }
    for (size_t l = 0; variant == 3 && l + 1 < shape->n_sizes && !mqc_mlp_is_softmax(mlp, l); l++)
        OK(memqc_mlp_set_layer(mlp, l, MEMQC_MLP_ACTIVATION,
                               MEMQC_MLP_LOGISTIC + (double)((l + 3) % 5)));
}

/* 15 steps of 0.1 from -0.8 to 0.7. */
static void quantize(size_t n, const float *x, float *out) {
    for (size_t i = 0; i < n; i++)
        out[i] = (float)(-0.8 + 0.1 * rint((fmin(0.7, fmax(-0.8, (double)x[i])) + 0.8) / 0.1));
}

/* Masks go by the order of samples: let them be equal. */
static void repeat_first(size_t in, float *x, int32_t *labels) {
    for (size_t i = 1; i < BATCH; i++) {
        memcpy(x + i * in, x, in * sizeof *x);
        labels[i] = labels[0];
    }
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
    OK(memqc_mlp_set_seed(mlp, 12));
    randomize(mlp, shape->sizes, shape->n_sizes, 0.9);
    make_batch(shape, BATCH, x, labels);
    const int drops = variant == 0 || variant == 3;
    if (drops)
        repeat_first(in, x, labels);
    memcpy(given, x, sizeof x);
    if (variant == 2 || variant == 3)
        quantize(BATCH * in, x, given);
    read_model(mlp, shape->sizes, shape->n_sizes, &before);
    for (size_t l = 0; l + 1 < layers; l++) {
        for (size_t i = 0; i < BATCH && drops; i++)
            draw_mask(12, l, i, 0.4, shape->sizes[l + 1], masks[l] + i * shape->sizes[l + 1]);
        before.mask[l] = drops ? masks[l] : NULL;
    }
    differentiate(&before, BATCH, given, labels, &grad);
    OK(memqc_mlp_train_epoch(mlp, BATCH, x, in, labels));
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
        OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 1e-12));
        OK(memqc_mlp_evaluate(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, &plain[0], NULL,
                              NULL));
        OK(memqc_mlp_predict(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, out[0], TASK_CLASSES, NULL));
        OK(memqc_mlp_set(mlp, MEMQC_MLP_DROPOUT, 0.5));
        OK(memqc_mlp_predict(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, out[1], TASK_CLASSES, NULL));
        ck_assert_mem_eq(out[0], out[1], sizeof out[0]);
        OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, i ? 50 : 1));
        OK(train_task(mlp, record, &logs[i]));
        losses[i] = logs[i].loss[logs[i].calls - 1];
        OK(memqc_mlp_get_history(mlp, 1, MEMQC_MLP_HISTORY_LOSS, &plain[1]));
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
    OK(memqc_mlp_set(mlp, MEMQC_MLP_DROPOUT, 0.2));
    for (int epoch = 0; epoch < 60; epoch++)
        OK(train_task(mlp, NULL, NULL));
    ck_assert_msg(task_accuracy(mlp) >= 0.95, "%g", task_accuracy(mlp));
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* --- biases on the array --- */

static void read_g(memqc_mlp *mlp, size_t plane, float *g) {
    const memqc_crossbar *xb = NULL;
    size_t rows = 0;
    OK(memqc_mlp_borrow_crossbar(mlp, 0, &xb));
    OK(memqc_crossbar_get_shape(xb, &rows, NULL, NULL));
    ck_assert_uint_eq(rows, TASK_INPUTS + 1);
    OK(memqc_crossbar_get_conductances(xb, plane, g, task_sizes[1]));
}

START_TEST(biases_on_the_array) {
    enum { HIDDEN = 8, CELLS = TASK_INPUTS * HIDDEN };
    const struct kind *kind = &kinds[1 + _i];
    float w[CELLS], b[HIDDEN], got[CELLS], got_b[HIDDEN], g[2][CELLS + HIDDEN];
    memqc_mlp *mlp = make_task_net(kind, 4);
    fill(CELLS, w, -0.9, 0.9);
    fill(HIDDEN, b, -0.9, 0.9);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BIAS, MEMQC_MLP_BIAS_ROW));
    OK(memqc_mlp_set_weights(mlp, 0, w, HIDDEN, b));
    const double step = kind->mapping == MEMQC_CROSSBAR_MAPPING_SINGLE ? 2.0 / 31 : 1.0 / 31;
    if (strncmp(kind->preset, "ideal", 5) == 0) { /* without noise, the nearest level is what is
                                                     read */
        OK(memqc_mlp_get_weights(mlp, 0, got, HIDDEN, got_b));
        for (size_t i = 0; i < CELLS; i++)
            ck_assert(fabs((double)got[i] - (double)w[i]) <= step * 0.5001);
        for (size_t j = 0; j < HIDDEN; j++)
            ck_assert(fabs((double)got_b[j] - (double)b[j]) <= step * 0.5001);
    }
    read_g(mlp, 0, g[0]);
    OK(memqc_mlp_set_weights(mlp, 0, NULL, 0, w)); /* new biases: the weights keep their
                                                         conductances, bit for bit */
    read_g(mlp, 0, g[1]);
    ck_assert_mem_eq(g[0], g[1], CELLS * sizeof(float));
    ck_assert(memcmp(g[0] + CELLS, g[1] + CELLS, HIDDEN * sizeof(float)) != 0);
    for (size_t i = 0; i < CELLS; i++)
        w[i] = -w[i];
    OK(memqc_mlp_set_weights(mlp, 0, w, HIDDEN, NULL));
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
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BIAS, MEMQC_MLP_BIAS_ROW));
    for (int epoch = 0; epoch < 60; epoch++) {
        OK(train_task(mlp, NULL, NULL));
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
        OK(memqc_mlp_set_weights(mlp, 0, &one, 1, &zero));
        OK(memqc_mlp_set(mlp, MEMQC_MLP_ACTIVATION, MEMQC_MLP_LEAKY_RELU));
        OK(memqc_mlp_set(mlp, MEMQC_MLP_LEAK, 1)); /* so that the output is the input */
        OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, bits));
        OK(memqc_mlp_set(mlp, high > 1 ? MEMQC_MLP_INPUT_MAX : MEMQC_MLP_INPUT_MIN,
                         high > 1 ? high : low));
        OK(memqc_mlp_set(mlp, high > 1 ? MEMQC_MLP_INPUT_MIN : MEMQC_MLP_INPUT_MAX,
                         high > 1 ? low : high));
        for (int i = 0; i < 200; i++) {
            const float x = (float)uniform(low - 0.3 * (high - low), high + 0.3 * (high - low));
            float y = 0;
            OK(memqc_mlp_predict(mlp, 1, &x, 1, &y, 1, NULL));
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

int main(void) {
    Suite *suite = suite_create("mlp_options");
    TCase *numbers = add_group(suite, "numbers", setup);
    tcase_add_loop_test(numbers, gradients_with_all_that_takes_part, 0, VARIANTS * CASES);
    tcase_add_test(numbers, dropout_drops_its_fraction);
    tcase_add_loop_test(numbers, inputs_of_k_bits, 0, 15);
    TCase *task = add_group(suite, "task", make_task);
    tcase_add_loop_test(task, dropout_depends_on_the_sample_alone, 0, KINDS);
    tcase_add_test(task, dropout_learns);
    tcase_add_loop_test(task, biases_on_the_array, 0, KINDS - 1);
    tcase_add_loop_test(task, biases_on_the_array_learn, 0, KINDS);
    return run_suite(suite);
}
