/* SPDX-License-Identifier: BSD-3-Clause */
/* Trained weights written into the cells of another device. */
#include "mlp.h"

/* The range that a layer's weights want: their largest magnitude, or a multiple of their root mean
 * square. n of them count. */
static double range_of(size_t n_weights, const float *w, size_t n, const float *b, double factor) {
    double most = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        const double one = (double)(i < n_weights ? w[i] : b[i - n_weights]);
        most = fmax(most, fabs(one));
        squares += one * one;
    }
    return factor > 0 ? factor * sqrt(squares / (double)n) : most;
}

START_TEST(transferred_weights_are_at_their_nearest_levels) {
    const int row = _i % 2;
    const double factor = _i / 2 ? 1.5 : 0;
    memqc_device *device = NULL;
    memqc_mlp *mlp = make(task_sizes, 3, NULL), *onto = NULL;
    float w[2][MOST_CELLS], b[2][MOST_UNITS];
    double value = 0;
    uint32_t epochs = 9;
    OK(memqc_device_create_preset("ideal", &device));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 4));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING,
                              MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BIAS, row ? MEMQC_MLP_BIAS_ROW : MEMQC_MLP_BIAS_DIGITAL));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_TRANSFER_RANGE, factor));
    OK(memqc_mlp_set_seed(mlp, 7));
    for (int epoch = 0; epoch < 10; epoch++)
        OK(train_task(mlp, NULL, NULL));
    OK(memqc_mlp_transfer(mlp, device, &onto));
    for (size_t l = 0; l < 2; l++) {
        const size_t out = task_sizes[l + 1], n = task_sizes[l] * out;
        OK(memqc_mlp_get_weights(mlp, l, w[0], out, b[0]));
        OK(memqc_mlp_get_weights(onto, l, w[1], out, b[1]));
        const double range = range_of(n, w[0], n + (row ? out : 0), b[0], factor);
        OK(memqc_mlp_get_crossbar(onto, l, MEMQC_CROSSBAR_W_MAX, &value));
        ck_assert_msg(fabs(value - range) <= 1e-6 * range, "range %g, not %g", value, range);
        for (size_t i = 0; i < n + out; i++) {
            const double from = (double)(i < n ? w[0][i] : b[0][i - n]),
                         to = (double)(i < n ? w[1][i] : b[1][i - n]);
            const double wanted = i < n || row ? fmin(range, fmax(-range, from)) : from,
                         half = i < n || row ? 0.5 * range / 31 : 0;
            ck_assert_msg(fabs(to - wanted) <= half * 1.0001 + 1e-6 * range, "%g became %g", from,
                          to);
        }
    }
    OK(memqc_mlp_get(onto, MEMQC_MLP_RULE, &value));
    ck_assert(value == MEMQC_MLP_RULE_CROSSBAR);
    OK(memqc_mlp_get(onto, MEMQC_MLP_LEARNING_RATE, &value));
    ck_assert(value == 4);
    OK(memqc_mlp_get_epochs(onto, &epochs));
    ck_assert_uint_eq(epochs, 0);
    OK(train_task(onto, NULL, NULL)); /* it can go on learning */
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&onto);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(what_transfer_refuses_and_keeps) {
    memqc_device *device = NULL;
    memqc_mlp *mlp = make(task_sizes, 3, NULL), *onto = mlp, *again = NULL;
    double value = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "needs a device", memqc_mlp_transfer(mlp, NULL, &onto));
    ck_assert_ptr_null(onto);
    onto = mlp;
    FAILS(MEMQC_ERROR_ARGUMENT, "mlp is NULL", memqc_mlp_transfer(NULL, NULL, &onto));
    ck_assert_ptr_null(onto);
    FAILS(MEMQC_ERROR_ARGUMENT, "out is NULL", memqc_mlp_transfer(mlp, NULL, NULL));
    OK(memqc_mlp_set_seed(mlp, 1)); /* the weights that it drew are gone again */
    OK(memqc_device_create_preset("hfox-a", &device));
    OK(memqc_mlp_set_device(mlp, 0, device));
    OK(memqc_mlp_set_device(mlp, 1, device));
    OK(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE));
    OK(memqc_mlp_set_crossbar(mlp, 0, MEMQC_CROSSBAR_W_MAX, 0.75));
    OK(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_RULE, MEMQC_MLP_RULE_CROSSBAR));
    OK(memqc_mlp_set_crossbar(mlp, 1, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_MIXED_PRECISION));
    OK(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    OK(memqc_mlp_transfer(mlp, NULL, &onto));
    OK(memqc_mlp_transfer(mlp, NULL, &again));
    ck_assert_msg(same(onto, again), "transferred twice, the two differ");
    OK(memqc_mlp_get_crossbar(onto, 0, MEMQC_CROSSBAR_W_MAX, &value));
    ck_assert(value == 0.75);
    OK(memqc_mlp_get_layer(onto, 0, MEMQC_MLP_RULE, &value));
    ck_assert(value == MEMQC_MLP_RULE_CROSSBAR);
    OK(memqc_mlp_get_crossbar(onto, 1, MEMQC_CROSSBAR_RULE, &value));
    ck_assert(value == MEMQC_CROSSBAR_RULE_MIXED_PRECISION);
    OK(memqc_mlp_get_layer(onto, 1, MEMQC_MLP_OPTIMIZER, &value));
    ck_assert(value == MEMQC_MLP_ADAM);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&onto);
    memqc_mlp_destroy(&again);
    memqc_device_destroy(&device);
}
END_TEST

/* How many cells of a layer are further than the tolerance from their levels. */
static double count_off(const memqc_crossbar *xb, const memqc_device *device, size_t l) {
    float g[MOST_CELLS];
    int32_t levels[MOST_CELLS];
    double off = 0, nominal = 0, step = 0;
    OK(memqc_crossbar_get_conductances(xb, 0, g, task_sizes[l + 1]));
    OK(memqc_crossbar_get_levels(xb, 0, levels, task_sizes[l + 1]));
    OK(memqc_device_get(device, MEMQC_DEVICE_STEP, &step));
    for (size_t i = 0; i < task_sizes[l] * task_sizes[l + 1]; i++) {
        OK(memqc_device_level(device, levels[i], &nominal, NULL, NULL));
        off += fabs((double)g[i] - nominal) > 0.25 * step * (1 + 1e-5);
    }
    return off;
}

/* Written and verified, every cell is within the tolerance; what a layer's parameters say holds for
 * its crossbar at any time. */
START_TEST(transfer_verifies_where_it_is_told_to) {
    memqc_device *device = NULL;
    memqc_mlp *mlp = make(task_sizes, 3, NULL), *onto = NULL;
    double failed[2] = {0, 0}, value = 0;
    OK(memqc_device_create_preset("hfox-b", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_MEASURED));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 4));
    OK(train_task(mlp, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "verify",
          memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_VERIFY_PULSES, 100));
    for (int verify = 0; verify < 2; verify++) {
        if (verify) { /* after the weights are drawn: it shapes none of them */
            OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_SCHEME,
                                      MEMQC_CROSSBAR_SCHEME_VERIFY));
            OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_VERIFY_TOLERANCE, 0.25));
            OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_VERIFY_PULSES, 1e6));
        }
        OK(memqc_mlp_transfer(mlp, device, &onto));
        for (size_t l = 0; l < 2; l++) {
            const memqc_crossbar *xb = NULL;
            OK(memqc_mlp_borrow_crossbar(onto, l, &xb));
            OK(memqc_crossbar_get(xb, MEMQC_CROSSBAR_SCHEME, &value));
            ck_assert(value ==
                      (verify ? MEMQC_CROSSBAR_SCHEME_VERIFY : MEMQC_CROSSBAR_SCHEME_BLIND));
            failed[verify] += count_off(xb, device, l);
        }
        if (!verify)
            memqc_mlp_destroy(&onto);
    }
    ck_assert_msg(failed[0] > 48, "only %g of 96 cells are off without it",
                  failed[0]); /* sd is 2 to 5 levels: 90 % are */
    ck_assert_msg(failed[1] == 0, "%g cells are off", failed[1]);
    const memqc_crossbar *xb = NULL;
    OK(memqc_mlp_set_crossbar(onto, 1, MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_BLIND));
    for (size_t l = 0; l < 2; l++) {
        OK(memqc_mlp_borrow_crossbar(onto, l, &xb));
        OK(memqc_crossbar_get(xb, MEMQC_CROSSBAR_SCHEME, &value));
        ck_assert(value == (l ? MEMQC_CROSSBAR_SCHEME_BLIND : MEMQC_CROSSBAR_SCHEME_VERIFY));
    }
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&onto);
    memqc_device_destroy(&device);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_transfer");
    TCase *task = add_group(suite, "task", make_task);
    tcase_add_loop_test(task, transferred_weights_are_at_their_nearest_levels, 0, 4);
    tcase_add_test(task, what_transfer_refuses_and_keeps);
    tcase_add_test(task, transfer_verifies_where_it_is_told_to);
    return run_suite(suite);
}
