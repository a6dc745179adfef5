/* SPDX-License-Identifier: BSD-3-Clause */
/* What the functions of networks do with NULL and with arguments out of range; destroy, of each noun.
 */
#include "arguments.h"

#include <math.h>

START_TEST(destroy_takes_nothing) {
    memqc_device *no_device = NULL;
    memqc_crossbar *no_crossbar = NULL;
    memqc_mlp *no_mlp = NULL;
    memqc_device_destroy(NULL);
    memqc_device_destroy(&no_device);
    memqc_crossbar_destroy(NULL);
    memqc_crossbar_destroy(&no_crossbar);
    memqc_mlp_destroy(NULL);
    memqc_mlp_destroy(&no_mlp);
    memqc_mlp_destroy(&digital);
    ck_assert_ptr_null(digital);
    memqc_mlp_destroy(&digital);
    memqc_crossbar_destroy(&blank);
    ck_assert_ptr_null(blank);
    memqc_device_destroy(&device);
    ck_assert_ptr_null(device);
}
END_TEST

START_TEST(mlp_arguments) {
    static const size_t empty[] = {2, 0, 2}, huge[] = {(size_t)1 << 16, (size_t)1 << 15},
                        overflow[] = {(size_t)-1 / 2 + 2, 2};
    size_t many[65];

    int32_t key = 0;
    double value = 0;
    uint32_t epochs = 0;
    size_t count = 0;
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = 1;
    MAKES_NULL(memqc_mlp, memqc_mlp_create(NULL, 2, device, 0, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(sizes, 0, device, 0, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(sizes, 1, device, 0, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(many, COUNT(many), device, 0, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(empty, COUNT(empty), device, 0, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(huge, COUNT(huge), device, 0, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(overflow, COUNT(overflow), device, 0, &out));
    REFUSES_NULL(memqc_mlp_create(sizes, COUNT(sizes), device, 0, NULL));
    REFUSES_NULL(memqc_mlp_set(NULL, MEMQC_MLP_BATCH, 1));
    REFUSES_NULL(memqc_mlp_get(NULL, MEMQC_MLP_BATCH, &value));
    REFUSES_NULL(memqc_mlp_get(digital, MEMQC_MLP_BATCH, NULL));
    REFUSES_NULL(memqc_mlp_key(NULL, &key));
    REFUSES_NULL(memqc_mlp_key("batch", NULL));
    ck_assert_ptr_null(memqc_mlp_key_text(0, MEMQC_KEY_NAME));
    REFUSES(memqc_mlp_key_value(0, MEMQC_KEY_MIN, &value));
    REFUSES_NULL(memqc_mlp_set_seed(NULL, 1));
    REFUSES_NULL(memqc_mlp_init(NULL));
    REFUSES_NULL(memqc_mlp_reset(NULL));
    REFUSES_NULL(memqc_mlp_get_shape(NULL, NULL, NULL, NULL));
    OK(memqc_mlp_get_shape(digital, NULL, NULL, NULL));
    REFUSES_NULL(memqc_mlp_get_sizes(NULL, 0, NULL, &count));
    REFUSES_NULL(memqc_mlp_get_sizes(digital, 0, NULL, NULL));
    REFUSES_NULL(memqc_mlp_get_sizes(digital, 3, NULL, &count));
    REFUSES_NULL(memqc_mlp_get_epochs(NULL, &epochs));
    REFUSES_NULL(memqc_mlp_get_epochs(digital, NULL));
    /* The nearest-level rule needs a device. */
    REFUSES(memqc_mlp_set(digital, MEMQC_MLP_RULE, MEMQC_MLP_RULE_CROSSBAR));
}
END_TEST

START_TEST(mlp_weights) {
    const memqc_crossbar *of_layer = (const memqc_crossbar *)(const void *)&nowhere;
    float *w = f, *bias = f + STATES;
    REFUSES_NULL(memqc_mlp_get_weights(NULL, 0, w, 3, bias));
    REFUSES(memqc_mlp_get_weights(digital, 2, w, 3, bias));
    REFUSES(memqc_mlp_get_weights(digital, (size_t)-1, w, 3, bias));
    REFUSES(memqc_mlp_get_weights(digital, 0, w, 2, bias));
    OK(memqc_mlp_get_weights(digital, 0, NULL, 0, NULL));
    OK(memqc_mlp_get_weights(digital, 0, w, 3, bias));
    REFUSES_NULL(memqc_mlp_set_weights(NULL, 0, w, 3, bias));
    REFUSES(memqc_mlp_set_weights(digital, 2, w, 3, bias));
    REFUSES(memqc_mlp_set_weights(digital, 0, w, 2, bias));
    OK(memqc_mlp_set_weights(digital, 0, NULL, 0, NULL));
    bias[2] = NAN;
    FAILS(MEMQC_ERROR_DATA, "2", memqc_mlp_set_weights(digital, 0, NULL, 0, bias));
    w[5] = INFINITY;
    FAILS(MEMQC_ERROR_DATA, NULL, memqc_mlp_set_weights(digital, 0, w, 3, NULL));
    FAILS(MEMQC_ERROR_DATA, NULL, memqc_mlp_set_weights(analog, 0, w, 3, NULL));

    REFUSES_NULL(memqc_mlp_borrow_crossbar(NULL, 0, &of_layer));
    ck_assert_ptr_null(of_layer);
    of_layer = (const memqc_crossbar *)(const void *)&nowhere;
    REFUSES(memqc_mlp_borrow_crossbar(analog, 2, &of_layer));
    ck_assert_ptr_null(of_layer);
    of_layer = (const memqc_crossbar *)(const void *)&nowhere;
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_mlp_borrow_crossbar(digital, 0, &of_layer));
    ck_assert_ptr_null(of_layer);
    REFUSES_NULL(memqc_mlp_borrow_crossbar(analog, 0, NULL));
    OK(memqc_mlp_borrow_crossbar(analog, 1, &of_layer));
    ck_assert_ptr_nonnull(of_layer);

    /* What shapes the initial weights is settled once they are drawn, until a reset. */
    FAILS(MEMQC_ERROR_STATE, "w_max",
          memqc_mlp_set_crossbar(analog, MEMQC_MLP_ALL, MEMQC_CROSSBAR_W_MAX, 2));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_mlp_set_seed(analog, 2));
    OK(memqc_mlp_reset(analog));
    OK(memqc_mlp_set_crossbar(analog, MEMQC_MLP_ALL, MEMQC_CROSSBAR_W_MAX, 2));
    OK(memqc_mlp_set_seed(analog, 2));
}
END_TEST

START_TEST(mlp_samples) {
    int32_t labels[SAMPLES] = {0, 1, 1, 0}, classes[SAMPLES];
    double loss = 0, accuracy = 0;
    float outputs[SAMPLES * 2];
    memqc_mlp *const both[] = {digital, analog};
    REFUSES_NULL(memqc_mlp_train_epoch(NULL, SAMPLES, f, 2, labels));
    REFUSES_NULL(memqc_mlp_predict(NULL, SAMPLES, f, 2, outputs, 2, classes));
    REFUSES_NULL(memqc_mlp_evaluate(NULL, SAMPLES, f, 2, labels, &loss, &accuracy, NULL));
    for (size_t i = 0; i < COUNT(both); i++) {
        memqc_mlp *mlp = both[i];
        uint32_t epochs = 1;
        REFUSES_NULL(memqc_mlp_train_epoch(mlp, SAMPLES, NULL, 2, labels));
        REFUSES_NULL(memqc_mlp_train_epoch(mlp, SAMPLES, f, 2, NULL));
        OK(memqc_mlp_train_epoch(mlp, 0, NULL, 2, NULL));
        REFUSES(memqc_mlp_train_epoch(mlp, SAMPLES, f, 1, labels));
        REFUSES_NULL(memqc_mlp_predict(mlp, SAMPLES, NULL, 2, outputs, 2, classes));
        REFUSES(memqc_mlp_predict(mlp, SAMPLES, f, 1, outputs, 2, classes));
        REFUSES(memqc_mlp_predict(mlp, SAMPLES, f, 2, outputs, 1, classes));
        OK(memqc_mlp_predict(mlp, SAMPLES, f, 2, NULL, 0, classes));
        OK(memqc_mlp_predict(mlp, SAMPLES, f, 2, outputs, 2, NULL));
        REFUSES_NULL(memqc_mlp_evaluate(mlp, SAMPLES, NULL, 2, labels, &loss, &accuracy, NULL));
        REFUSES_NULL(memqc_mlp_evaluate(mlp, SAMPLES, f, 2, NULL, &loss, &accuracy, NULL));
        REFUSES(memqc_mlp_evaluate(mlp, SAMPLES, f, 1, labels, &loss, &accuracy, NULL));
        OK(memqc_mlp_evaluate(mlp, SAMPLES, f, 2, labels, NULL, NULL, NULL));

        labels[2] = 2;
        FAILS(MEMQC_ERROR_DATA, "2", memqc_mlp_train_epoch(mlp, SAMPLES, f, 2, labels));
        FAILS(MEMQC_ERROR_DATA, "2",
              memqc_mlp_evaluate(mlp, SAMPLES, f, 2, labels, &loss, NULL, NULL));
        labels[2] = -1;
        FAILS(MEMQC_ERROR_DATA, "-1", memqc_mlp_train_epoch(mlp, SAMPLES, f, 2, labels));
        labels[2] = 1;
        f[3 * 2 + 1] = NAN;
        FAILS(MEMQC_ERROR_DATA, "3", memqc_mlp_train_epoch(mlp, SAMPLES, f, 2, labels));
        FAILS(MEMQC_ERROR_DATA, "3", memqc_mlp_predict(mlp, SAMPLES, f, 2, NULL, 0, classes));
        f[3 * 2 + 1] = INFINITY;
        FAILS(MEMQC_ERROR_DATA, "3",
              memqc_mlp_evaluate(mlp, SAMPLES, f, 2, labels, &loss, NULL, NULL));
        f[3 * 2 + 1] = 0;
        OK(memqc_mlp_get_epochs(mlp, &epochs));
        ck_assert_uint_eq(epochs, 0);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("arguments_mlp");
    TCase *arguments = group(suite, "arguments");
    tcase_add_test(arguments, destroy_takes_nothing);
    tcase_add_test(arguments, mlp_arguments);
    tcase_add_test(arguments, mlp_weights);
    tcase_add_test(arguments, mlp_samples);
    return run_suite(suite);
}
