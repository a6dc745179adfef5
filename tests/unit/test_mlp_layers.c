/* SPDX-License-Identifier: BSD-3-Clause */
/* Layers with rules and devices of their own. */
#include "mlp.h"

/* --- layers of their own --- */

START_TEST(layers_have_rules_and_devices_of_their_own) {
    memqc_device *device = NULL;
    memqc_mlp *mlp = make_task_net(&kinds[1], 3);
    const memqc_crossbar *xb = NULL;
    float before[MOST_CELLS], after[MOST_CELLS], bias[2][MOST_UNITS];
    int32_t levels[MOST_CELLS], most = 0;
    double best = 0;
    OK(memqc_device_create_preset("ideal", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 200));
    OK(memqc_mlp_set_device(mlp, 0, device));
    OK(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT));
    OK(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    OK(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_LEARNING_RATE, 0.01));
    OK(memqc_mlp_set_crossbar(mlp, 0, MEMQC_CROSSBAR_W_MAX, 2));
    OK(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH));
    for (int epoch = 0; epoch < 60; epoch++) {
        OK(train_task(mlp, NULL, NULL));
        best = fmax(best, task_accuracy(mlp));
    }
    ck_assert_msg(best >= 0.95, "%g", best);
    OK(memqc_mlp_borrow_crossbar(mlp, 0, &xb));
    OK(memqc_crossbar_get_levels(xb, 0, levels, 8));
    for (size_t i = 0; i < 64; i++)
        most = levels[i] > most ? levels[i] : most;
    ck_assert_msg(most > 32 && most <= 200, "level %d", (int)most);
    FAILS(MEMQC_ERROR_STATE, "digital", memqc_mlp_borrow_crossbar(mlp, 1, &xb));
    FAILS(MEMQC_ERROR_STATE, "memqc_mlp_reset", memqc_mlp_set_device(mlp, 0, device));
    FAILS(MEMQC_ERROR_STATE, "memqc_mlp_reset",
          memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT));
    /* A layer that is told to stand still does, and the other moves. */
    OK(memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_LEARNING_RATE, 1e-12));
    OK(memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_LEARNING_RATE, 100));
    OK(memqc_mlp_get_weights(mlp, 1, before, TASK_CLASSES, bias[0]));
    OK(train_task(mlp, NULL, NULL));
    OK(memqc_mlp_get_weights(mlp, 1, after, TASK_CLASSES, bias[1]));
    for (size_t i = 0; i < 8 * TASK_CLASSES; i++)
        ck_assert(fabs((double)before[i] - (double)after[i]) < 1e-6);
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(what_is_NULL_is_refused) {
    memqc_mlp *mlp = make_task_net(&kinds[0], 1);
    double value = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "mlp is NULL",
          memqc_mlp_set_layer(NULL, 0, MEMQC_MLP_LEARNING_RATE, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "mlp is NULL",
          memqc_mlp_get_layer(NULL, 0, MEMQC_MLP_LEARNING_RATE, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "value is NULL",
          memqc_mlp_get_layer(mlp, 0, MEMQC_MLP_LEARNING_RATE, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "mlp is NULL", memqc_mlp_set_device(NULL, 0, NULL));
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(what_layers_refuse) {
    memqc_mlp *mlp = make_task_net(&kinds[0], 1), *analog = make_task_net(&kinds[1], 1),
              *flat = NULL;
    double value = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "key = 99", memqc_mlp_set_layer(mlp, 0, 99, 1));
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
          memqc_mlp_set_crossbar(mlp, 0, MEMQC_CROSSBAR_W_MAX, 2));
    FAILS(MEMQC_ERROR_ARGUMENT, "needs a device",
          memqc_mlp_set_layer(mlp, 0, MEMQC_MLP_RULE, MEMQC_MLP_RULE_CROSSBAR));
    FAILS(MEMQC_ERROR_ARGUMENT, "the last", memqc_mlp_set_layer(mlp, 1, MEMQC_MLP_DROPOUT, 0.5));
    FAILS(MEMQC_ERROR_ARGUMENT, "no digital weights",
          memqc_mlp_set(analog, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    FAILS(MEMQC_ERROR_ARGUMENT, "device is NULL", memqc_mlp_set_device(analog, 0, NULL));
    /* What one layer refuses, no layer gets. */
    OK(memqc_mlp_set_layer(analog, 0, MEMQC_MLP_RULE, MEMQC_MLP_RULE_FLOAT));
    FAILS(MEMQC_ERROR_ARGUMENT, "layer 1",
          memqc_mlp_set(analog, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    OK(memqc_mlp_get_layer(analog, 0, MEMQC_MLP_OPTIMIZER, &value));
    ck_assert(value == MEMQC_MLP_SGD);
    OK(memqc_mlp_set_layer(analog, 0, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    FAILS(MEMQC_ERROR_ARGUMENT, "optimizer",
          memqc_mlp_set(analog, MEMQC_MLP_RULE, MEMQC_MLP_RULE_CROSSBAR));
    OK(memqc_mlp_set_device(analog, 0, NULL));
    const size_t sizes[] = {2, 2};
    flat = make(sizes, 2, NULL);
    FAILS(MEMQC_ERROR_ARGUMENT, "without effect", memqc_mlp_set(flat, MEMQC_MLP_DROPOUT, 0.5));
    FAILS(MEMQC_ERROR_ARGUMENT, "optimizer = adam", memqc_mlp_set(flat, MEMQC_MLP_BETA1, 0.5));
    FAILS(MEMQC_ERROR_ARGUMENT, "schedule", memqc_mlp_set(flat, MEMQC_MLP_SCHEDULE_PERIOD, 0.5));
    FAILS(MEMQC_ERROR_ARGUMENT, "input_bits", memqc_mlp_set(flat, MEMQC_MLP_INPUT_MAX, 2));
    OK(memqc_mlp_set(flat, MEMQC_MLP_INPUT_BITS, 8));
    FAILS(MEMQC_ERROR_ARGUMENT, "input_min", memqc_mlp_set(flat, MEMQC_MLP_INPUT_MAX, 0));
    memqc_mlp_destroy(&flat);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&analog);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_layers");
    TCase *task = add_group(suite, "task", make_task);
    tcase_add_test(task, layers_have_rules_and_devices_of_their_own);
    tcase_add_test(task, what_is_NULL_is_refused);
    tcase_add_test(task, what_layers_refuse);
    return run_suite(suite);
}
