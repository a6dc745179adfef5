/* SPDX-License-Identifier: BSD-3-Clause */
/* Outputs, losses and gradients; shapes at the edge. */
#include "mlp.h"

START_TEST(gradients_are_finite_differences) {
    static struct model before, after, grad;
    const struct shape *shape = case_shape(_i);
    /* The step is linear in the rate however large that is, and a step that is not small against
     * the weights loses nothing to their rounding. It also shows whether weights are used after
     * they have been changed.
     */
    const double rate = 4;
    float x[BATCH * MOST_UNITS];
    int32_t labels[BATCH];
    struct comparison sum = {0, 0, 0};
    memqc_mlp *mlp = make_case(_i, NULL);
    make_batch(shape, BATCH, x, labels);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, BATCH));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, rate));
    read_model(mlp, shape->sizes, shape->n_sizes, &before);
    differentiate(&before, BATCH, x, labels, &grad);
    OK(memqc_mlp_train_epoch(mlp, BATCH, x, shape->sizes[0], labels));
    read_model(mlp, shape->sizes, shape->n_sizes, &after);
    for (size_t l = 0; l < before.n_layers; l++) {
        const size_t out = before.sizes[l + 1];
        compare(&sum, before.sizes[l] * out, before.w[l], after.w[l], grad.w[l], rate, 1e-6);
        compare(&sum, out, before.b[l], after.b[l], grad.b[l], rate, 1e-6);
    }
    ck_assert_msg(sum.norm > 1e-4, "a gradient of norm %g tests nothing", sqrt(sum.norm));
    ck_assert_msg(sum.error <= 1e-6 * sum.norm, "relative error %g", sqrt(sum.error / sum.norm));
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(gradients_of_large_networks) {
    static struct model before, after;
    static float x[LARGE_BATCH * WIDEST];
    const struct shape *shape = &large[_i];
    int32_t labels[LARGE_BATCH];
    struct comparison sum = {0, 0, 0};
    memqc_mlp *mlp = make_large(shape, NULL, MEMQC_CROSSBAR_MAPPING_SINGLE, 4);
    make_batch(shape, LARGE_BATCH, x, labels);
    read_model(mlp, shape->sizes, shape->n_sizes, &before);
    OK(memqc_mlp_train_epoch(mlp, LARGE_BATCH, x, shape->sizes[0], labels));
    read_model(mlp, shape->sizes, shape->n_sizes, &after);
    for (size_t l = 0; l < before.n_layers; l++) {
        for (size_t k = 0; k < LOOKED_AT; k++) { /* biases stand behind weights */
            const size_t i =
                (size_t)uniform(0, (double)((before.sizes[l] + 1) * before.sizes[l + 1]));
            const double grad = slope(&before, &before.w[l][i], LARGE_BATCH, x, labels);
            compare(&sum, 1, &before.w[l][i], &after.w[l][i], &grad, 4, 1e-6);
        }
    }
    ck_assert_msg(sum.error <= 1e-6 * sum.norm, "relative error %g", sqrt(sum.error / sum.norm));
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* More samples than the library takes at a time, with gaps between the rows. */
enum { MANY = 300, GAP = 3 };

static void check_outputs(memqc_mlp *mlp, const struct shape *shape) {
    static struct model model;
    static float x[MANY * (WIDEST + GAP)], outputs[MANY * (WIDEST + GAP)];
    static int32_t classes[MANY];
    const size_t n_out = shape->sizes[shape->n_sizes - 1], ldx = shape->sizes[0] + GAP,
                 ldo = n_out + GAP;
    double h[WIDEST];
    fill(COUNT(x), x, -2, 2);
    for (size_t i = 0; i < COUNT(outputs); i++)
        outputs[i] = -77;
    for (size_t i = 0; i < MANY; i++) /* what lies between rows is nobody's business */
        x[i * ldx + shape->sizes[0]] = (float)NAN;
    read_model(mlp, shape->sizes, shape->n_sizes, &model);
    OK(memqc_mlp_predict(mlp, MANY, x, ldx, outputs, ldo, classes));
    for (size_t i = 0; i < MANY; i++) {
        double sum = 0;
        size_t best = 0;
        model_sample(&model, x + i * ldx, 0, h);
        for (size_t j = 0; j < n_out; j++) {
            const double got = (double)outputs[i * ldo + j];
            ck_assert_msg(fabs(got - h[j]) <= 1e-5 * fmax(1, fabs(h[j])),
                          "output %zu of %zu: %g, not %g", j, i, got, h[j]);
            sum += got;
            best = outputs[i * ldo + j] > outputs[i * ldo + best] ? j : best;
        }
        ck_assert_uint_eq((size_t)classes[i], best);
        ck_assert_msg(model.loss != MEMQC_MLP_CROSS_ENTROPY || fabs(sum - 1) < 1e-6,
                      "softmax sums to %.9g", sum);
        for (size_t j = n_out; j < ldo; j++)
            ck_assert_msg(outputs[i * ldo + j] == -77, "written beyond row %zu", i);
    }
}

START_TEST(outputs_are_those_of_double_precision) {
    static const char *const presets[] = {NULL, "ideal", "hfox-a"};
    for (size_t i = 0; i < COUNT(presets); i++) {
        memqc_mlp *mlp = make_case(_i, presets[i]);
        check_outputs(mlp, case_shape(_i));
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

START_TEST(outputs_of_large_networks) {
    for (size_t i = 0; i < KINDS; i++) {
        memqc_mlp *mlp = make_large(&large[_i], kinds[i].preset, kinds[i].mapping, 1);
        check_outputs(mlp, &large[_i]);
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

START_TEST(evaluation_is_that_of_double_precision) {
    static struct model model;
    static float x[MANY * MOST_UNITS];
    static int32_t labels[MANY];
    const struct shape *shape = case_shape(_i);
    double loss = 0, accuracy = 0;
    for (int huge = 0; huge < 2; huge++) {
        memqc_mlp *mlp = make_case(_i, NULL);
        if (huge) /* softmax probabilities underflow, the loss must not */
            randomize(mlp, shape->sizes, shape->n_sizes, 100);
        make_batch(shape, MANY, x, labels);
        read_model(mlp, shape->sizes, shape->n_sizes, &model);
        OK(memqc_mlp_evaluate(mlp, MANY, x, shape->sizes[0], labels, &loss, &accuracy, NULL));
        const double expected = model_loss(&model, MANY, x, labels);
        ck_assert_msg(fabs(loss - expected) <= 1e-5 * fmax(1, expected), "loss %g, not %g", loss,
                      expected);
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

START_TEST(ties_go_to_the_lowest_class) {
    static const float biases[][3] = {{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {-1, -1, 0}};
    static const int32_t expected[] = {0, 1, 0, 2};
    const size_t sizes[] = {2, 3};
    const float w[6] = {0}, x[2] = {1, 1};
    for (int32_t loss = MEMQC_MLP_SQUARED_ERROR; loss <= MEMQC_MLP_CROSS_ENTROPY; loss++) {
        memqc_mlp *mlp = make(sizes, 2, NULL);
        OK(memqc_mlp_set(mlp, MEMQC_MLP_LOSS, loss));
        for (size_t i = 0; i < COUNT(biases); i++) {
            int32_t class = -1;
            OK(memqc_mlp_set_weights(mlp, 0, w, 3, biases[i]));
            OK(memqc_mlp_predict(mlp, 1, x, 2, NULL, 0, &class));
            ck_assert_int_eq(class, expected[i]);
        }
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

START_TEST(initial_weights_keep_their_range) {
    static const size_t sizes[] = {60, 50, 40};
    static float w[60 * 50];
    const struct {
        const char *preset;
        double weight_range, init_range, expected;
    } cases[] = {{NULL, 1, 0, sqrt(6.0 / 110)},
                 {NULL, 1, 0.25, 0.25},
                 {"ideal", 1, 0, 1},
                 {"ideal", 2, 0, 2},
                 {"ideal", 2, 0.5, 0.5}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        memqc_mlp *mlp = make(sizes, COUNT(sizes), cases[i].preset);
        double most = 0, sum = 0, squares = 0;
        if (cases[i].preset)
            OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_W_MAX,
                                      cases[i].weight_range));
        OK(memqc_mlp_set(mlp, MEMQC_MLP_INIT_RANGE, cases[i].init_range));
        OK(memqc_mlp_get_weights(mlp, 0, w, 50, NULL));
        for (size_t j = 0; j < COUNT(w); j++) {
            most = fmax(most, fabs((double)w[j]) / cases[i].expected);
            sum += (double)w[j] / cases[i].expected / COUNT(w);
            squares += pow((double)w[j] / cases[i].expected, 2) / COUNT(w);
        }
        /* A crossbar rounds to a level, half of which is 1/31 of its range. */
        const double level = cases[i].preset ? cases[i].weight_range / cases[i].expected / 31 : 0;
        ck_assert_msg(most > 0.97 - level && most <= 1.000001 + level,
                      "case %zu: largest %g of its range", i, most);
        ck_assert_msg(fabs(sum) < 5 * sqrt(1.0 / 3 / COUNT(w)), "case %zu: mean %g", i, sum);
        ck_assert_msg(fabs(squares - 1.0 / 3) < 0.02 + level * level, "case %zu: mean square %g", i,
                      squares);
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

/* Of equal samples the order does not matter: seven in minibatches of three are three steps, the
 * last by the mean of one. */
START_TEST(a_last_minibatch_may_be_smaller) {
    static struct model model, grad, got;
    const struct shape *shape = case_shape(_i);
    const size_t in = shape->sizes[0];
    float x[BATCH * MOST_UNITS];
    int32_t labels[BATCH];
    memqc_mlp *mlp = make_case(_i, NULL);
    make_batch(shape, BATCH, x, labels);
    for (size_t i = 1; i < BATCH; i++) {
        memcpy(x + i * in, x, in * sizeof *x);
        labels[i] = labels[0];
    }
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 3));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 0.3));
    read_model(mlp, shape->sizes, shape->n_sizes, &model);
    OK(memqc_mlp_train_epoch(mlp, BATCH, x, in, labels));
    read_model(mlp, shape->sizes, shape->n_sizes, &got);
    for (int step = 0; step < 3; step++) {
        differentiate(&model, 1, x, labels, &grad);
        for (size_t l = 0; l < model.n_layers; l++) {
            for (size_t i = 0; i < model.sizes[l] * model.sizes[l + 1]; i++)
                model.w[l][i] -= 0.3 * grad.w[l][i];
            for (size_t i = 0; i < model.sizes[l + 1]; i++)
                model.b[l][i] -= 0.3 * grad.b[l][i];
        }
    }
    for (size_t l = 0; l < model.n_layers; l++)
        for (size_t i = 0; i < model.sizes[l] * model.sizes[l + 1]; i++)
            ck_assert_msg(fabs(got.w[l][i] - model.w[l][i]) < 1e-5,
                          "layer %zu, weight %zu: %g, not %g", l, i, got.w[l][i], model.w[l][i]);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* Sample i has only input i on, so that row i of the weights moves when, and only when, that sample
 * is seen.
 */
START_TEST(an_epoch_sees_every_sample_once) {
    enum { N = 40 };
    static float x[N][N], before[N][2], after[N][2], one[2];
    static const size_t sizes[] = {N, 2};
    static struct log log;
    int32_t labels[N] = {0};
    memqc_mlp *mlp = make(sizes, 2, NULL);
    memset(&log, 0, sizeof log);
    for (size_t i = 0; i < N; i++)
        x[i][i] = 1;
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 1));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_PROGRESS_INTERVAL, 1));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 1e-2));
    OK(memqc_mlp_get_weights(mlp, 0, &before[0][0], 2, NULL));
    OK(train_watched(mlp, N, &x[0][0], N, labels, record, &log));
    OK(memqc_mlp_get_weights(mlp, 0, &after[0][0], 2, one));
    ck_assert_uint_eq(log.calls, N);
    for (size_t i = 0; i < N; i++)
        ck_assert_msg(memcmp(before[i], after[i], sizeof one) != 0, "sample %zu was never seen", i);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(one_by_one_networks_work) {
    static const size_t sizes[] = {1, 1};
    const struct kind *kind = &kinds[_i];
    const float x[3] = {1, 0, 1};
    const int32_t labels[3] = {0, 0, 0};
    for (int32_t loss = MEMQC_MLP_SQUARED_ERROR; loss <= MEMQC_MLP_CROSS_ENTROPY; loss++) {
        memqc_mlp *mlp = make(sizes, 2, kind->preset);
        float outputs[3];
        int32_t classes[3] = {-1, -1, -1};
        uint64_t confusion = 0;
        double before = 0, after = 0, accuracy = 0;
        OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING, kind->mapping));
        OK(memqc_mlp_set(mlp, MEMQC_MLP_LOSS, loss));
        OK(memqc_mlp_evaluate(mlp, 3, x, 1, labels, &before, NULL, NULL));
        for (int epoch = 0; epoch < 5; epoch++)
            OK(memqc_mlp_train_epoch(mlp, 3, x, 1, labels));
        OK(memqc_mlp_predict(mlp, 3, x, 1, outputs, 1, classes));
        OK(memqc_mlp_evaluate(mlp, 3, x, 1, labels, &after, &accuracy, &confusion));
        ck_assert_msg(loss == MEMQC_MLP_CROSS_ENTROPY ? after == 0 : after < before,
                      "%s: loss from %g to %g", kind->name, before, after);
        ck_assert_double_eq(accuracy, 1);
        ck_assert_uint_eq(confusion, 3);
        ck_assert_int_eq(classes[0] | classes[1] | classes[2], 0);
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

START_TEST(networks_have_64_sizes_at_most) {
    static struct model model;
    size_t sizes[66], layers = 0;
    memqc_mlp *mlp = NULL;
    float x[4] = {0.9f, -0.4f, 0.3f, 0.1f}, output = 0;
    const int32_t labels[4] = {0, 0, 0, 0};
    double h[WIDEST];
    for (size_t i = 0; i < COUNT(sizes); i++)
        sizes[i] = 1;
    FAILS(MEMQC_ERROR_ARGUMENT, "n_sizes = 65", memqc_mlp_create(sizes, 65, NULL, 0, &mlp));
    FAILS(MEMQC_ERROR_ARGUMENT, "n_sizes = 1", memqc_mlp_create(sizes, 1, NULL, 0, &mlp));
    FAILS(MEMQC_ERROR_ARGUMENT, "n_sizes = 0", memqc_mlp_create(sizes, 0, NULL, 0, &mlp));
    ck_assert_ptr_null(mlp);
    for (int device = 0; device < 2; device++) {
        mlp = make(sizes, 64, device ? "hfox-a" : NULL);
        OK(memqc_mlp_get_shape(mlp, &layers, NULL, NULL));
        ck_assert_uint_eq(layers, 63);
        OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
        OK(memqc_mlp_set(mlp, MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH));
        OK(memqc_mlp_train_epoch(mlp, 4, x, 1, labels));
        read_model(mlp, sizes, 64, &model);
        model_sample(&model, x, 0, h);
        OK(memqc_mlp_predict(mlp, 1, x, 1, &output, 1, NULL));
        ck_assert_msg(fabs((double)output - h[0]) < 1e-5, "%g, not %g", (double)output, h[0]);
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_numbers");
    TCase *tc = add_group(suite, "numbers", setup);
    tcase_add_loop_test(tc, gradients_are_finite_differences, 0, CASES);
    tcase_add_loop_test(tc, gradients_of_large_networks, 0, LARGE);
    tcase_add_loop_test(tc, outputs_of_large_networks, 0, LARGE);
    tcase_add_loop_test(tc, outputs_are_those_of_double_precision, 0, CASES);
    tcase_add_loop_test(tc, evaluation_is_that_of_double_precision, 0, CASES);
    tcase_add_loop_test(tc, a_last_minibatch_may_be_smaller, 0, CASES);
    tcase_add_test(tc, ties_go_to_the_lowest_class);
    tcase_add_test(tc, initial_weights_keep_their_range);
    tcase_add_test(tc, an_epoch_sees_every_sample_once);
    tcase_add_loop_test(tc, one_by_one_networks_work, 0, KINDS);
    tcase_add_test(tc, networks_have_64_sizes_at_most);
    return run_suite(suite);
}
