/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays and networks of cells whose pulses are a function of the caller: programming, rules of
 * update, studies with equal bits for any number of threads, faults of the function, and files. */
#include "custom.h"
#include "instances.h"

#include "mlp/pass/inside.h"

enum { ROWS = 12, COLS = 10 };

static void make_weights(float *w) {
    for (int i = 0; i < ROWS * COLS; i++)
        w[i] = (float)(i * 37 % 101) / 50.0f - 1.0f;
}

static memqc_crossbar *make_array(const memqc_device *device, double scheme) {
    memqc_crossbar *xb;
    OK(memqc_crossbar_create(device, ROWS, COLS, 3, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SCHEME, scheme));
    return xb;
}

static double worst(const memqc_crossbar *xb, const float *w) {
    float got[ROWS * COLS];
    double most = 0;
    OK(memqc_crossbar_get_weights(xb, got, COLS));
    for (size_t i = 0; i < ROWS * COLS; i++)
        most = fmax(most, fabs((double)got[i] - (double)w[i]));
    return most;
}

/* Open loop and write-verify, as near as the built-in model comes. */
START_TEST(arrays_are_programmed) {
    struct host host = {0};
    static const double schemes[] = {MEMQC_CROSSBAR_SCHEME_BLIND, MEMQC_CROSSBAR_SCHEME_VERIFY};
    const double noise[] = {0.1, 1};
    memqc_device *devices[] = {make_custom(&host, 0.1, 1), make_built_in()};
    float w[ROWS * COLS];
    make_weights(w);
    OK(memqc_device_set_custom(devices[0], 2, noise, NULL, NULL));
    OK(memqc_device_set(devices[1], MEMQC_DEVICE_C2C_STEP, 0.1));
    for (size_t s = 0; s < 2; s++) {
        double most[2];
        for (size_t d = 0; d < 2; d++) {
            memqc_crossbar *xb = make_array(devices[d], schemes[s]);
            OK(memqc_crossbar_program(xb, w, COLS));
            most[d] = worst(xb, w);
            OK(memqc_crossbar_advance(xb, 10));
            memqc_crossbar_destroy(&xb);
        }
        ck_assert_msg(most[0] < 1.3 * most[1] && most[1] < 1.3 * most[0], "scheme %zu: %g, %g", s,
                      most[0], most[1]);
    }
    memqc_device_destroy(&devices[0]);
    ck_assert_int_eq(host.released, 1);
    memqc_device_destroy(&devices[1]);
}
END_TEST

static memqc_mlp *make_net(const memqc_device *device, double rule) {
    memqc_mlp *mlp;
    OK(memqc_mlp_create(task_sizes, COUNT(task_sizes), device, 0, &mlp));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_MAPPING,
                              MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    OK(set_rule(mlp, rule));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 1));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, 7));
    OK(memqc_mlp_set_seed(mlp, 5));
    return mlp;
}

START_TEST(networks_learn) {
    static const double rules[] = {MEMQC_CROSSBAR_RULE_NEAREST_LEVEL,
                                   MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
                                   MEMQC_CROSSBAR_RULE_PULSE_TRAIN, MEMQC_CROSSBAR_RULE_TIKI_TAKA};
    struct host host = {0};
    memqc_device *device = make_custom(&host, 0.2, 1);
    memqc_mlp *mlp = make_net(device, rules[_i]), *copy;
    OK(memqc_mlp_copy(mlp, &copy));
    for (int epoch = 0; epoch < 10; epoch++) {
        OK(train_task(mlp, NULL, NULL));
        OK(train_task(copy, NULL, NULL));
    }
    const double accuracy = task_accuracy(mlp);
    ck_assert_msg(accuracy > 0.9, "rule %g: %g", rules[_i], accuracy);
    ck_assert_double_eq(task_accuracy(copy), accuracy);
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&copy);
    ck_assert_int_eq(host.released, 0);
    memqc_mlp_destroy(&mlp);
    ck_assert_int_eq(host.released, 1);
}
END_TEST

START_TEST(threads_do_not_matter) {
    enum { INSTANCES = 6 };
    struct host host = {0};
    memqc_device *device = make_custom(&host, 1, 3);
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 4));
    OK(memqc_device_set(device, MEMQC_DEVICE_STUCK_ON, 0.05));
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    double expected[INSTANCES], got[INSTANCES], mean, sd;
    run(mlp, device, 0, INSTANCES, 1, expected);
    for (size_t threads = 2; threads <= 3; threads++) {
        run(mlp, device, 0, INSTANCES, threads, got);
        ck_assert(memcmp(expected, got, sizeof got) == 0);
    }
    mqc_mean_sd(INSTANCES, expected, &mean, &sd);
    ck_assert_msg(sd > 0, "all instances are alike: %g", mean);
    memqc_device_destroy(&device);
    ck_assert_int_eq(host.released, 1);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* Without noise and asymmetry nothing is lost that levels do not lose. */
START_TEST(properties_are_found) {
    static const int32_t properties[] = {MEMQC_MLP_PROPERTY_ALL, MEMQC_MLP_PROPERTY_C2C,
                                         MEMQC_MLP_PROPERTY_ASYMMETRY, MEMQC_MLP_PROPERTY_LEVELS};
    struct host host = {0};
    memqc_device *device = make_custom(&host, 0.8, 1);
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    OK(set_study(mlp, 0, 4, 2, 0));
    for (size_t i = 0; i < COUNT(properties); i++) {
        double limits[MEMQC_MLP_LIMITS];
        OK(memqc_mlp_sensitivity(mlp, device, properties[i], TASK_SAMPLES, task_x, TASK_INPUTS,
                                 task_labels, limits));
        ck_assert_msg(limits[MEMQC_MLP_LIMIT_IDEAL] > 0.97, "ideal: %g",
                      limits[MEMQC_MLP_LIMIT_IDEAL]);
        ck_assert_msg(i == 0 || limits[MEMQC_MLP_LIMIT_VALUE] > 0, "property %zu: %g", i,
                      limits[MEMQC_MLP_LIMIT_VALUE]);
    }
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(faults_end_calls_of_arrays) {
    struct host host = {.result = 5};
    memqc_device *device = make_custom(&host, 0.1, 1);
    memqc_crossbar *xb = make_array(device, MEMQC_CROSSBAR_SCHEME_VERIFY);
    float w[ROWS * COLS], dw[ROWS * COLS], x[ROWS], d[COLS];
    const size_t place = 3;
    const int32_t pulses = 2;
    make_weights(w);
    for (size_t i = 0; i < ROWS * COLS; i++)
        dw[i] = 0.5f;
    fill(ROWS, x, 0.5, 1);
    fill(COLS, d, 0.5, 1);
    host.fails_at = 1;
    FAILS(MEMQC_ERROR_DATA, "returned 5", memqc_crossbar_program(xb, w, COLS)); /* its course */
    host.fails_at = 0;
    OK(memqc_crossbar_program(xb, w, COLS));
    host.fails_at = 1;
    FAILS(MEMQC_ERROR_DATA, "returned 5", memqc_crossbar_program(xb, w, COLS));
    FAILS(MEMQC_ERROR_DATA, "returned 5", memqc_crossbar_program_cell(xb, 1, 1, 0.9));
    FAILS(MEMQC_ERROR_DATA, "returned 5", memqc_crossbar_program_list(xb, 1, &place, w + 50));
    FAILS(MEMQC_ERROR_DATA, "returned 5", memqc_crossbar_pulse(xb, 0, 1, &place, &pulses));
    FAILS(MEMQC_ERROR_DATA, "returned 5", memqc_crossbar_update(xb, 1, dw, COLS));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_PULSE_TRAIN));
    FAILS(MEMQC_ERROR_DATA, "memqc_crossbar_update_outer",
          memqc_crossbar_update_outer(xb, 5, 1, x, ROWS, d, COLS));
    host.fails_at = 0;
    OK(memqc_crossbar_program(xb, w, COLS));
    ck_assert(worst(xb, w) < 0.2);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* Training that fails leaves the network as it was. */
START_TEST(faults_end_training) {
    struct host host = {.result = 9};
    memqc_device *device = make_custom(&host, 0.1, 1);
    memqc_mlp *mlp = make_net(device, MEMQC_CROSSBAR_RULE_MIXED_PRECISION);
    float before[64], after[64];
    double accuracies[4];
    OK(train_task(mlp, NULL, NULL));
    OK(memqc_mlp_get_weights(mlp, 0, before, 8, NULL));
    host.fails_at = host.calls + 20;
    FAILS(MEMQC_ERROR_DATA, "returned 9", train_task(mlp, NULL, NULL));
    OK(memqc_mlp_get_weights(mlp, 0, after, 8, NULL));
    ck_assert(memcmp(before, after, sizeof before) == 0);
    OK(set_study(mlp, 0, 4, 2, 0));
    FAILS(MEMQC_ERROR_DATA, "returned 9",
          memqc_mlp_monte_carlo(mlp, NULL, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels,
                                accuracies));
    host.fails_at = 0;
    OK(train_task(mlp, NULL, NULL));
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
    ck_assert_int_eq(host.released, 1);
}
END_TEST

START_TEST(no_file_holds_them) {
    struct host host = {0};
    memqc_device *device = make_custom(&host, 0.1, 1);
    memqc_mlp *mlp = make_net(device, MEMQC_CROSSBAR_RULE_MIXED_PRECISION);
    memqc_crossbar *xb = make_array(device, MEMQC_CROSSBAR_SCHEME_BLIND);
    float w[ROWS * COLS];
    size_t size;
    uint32_t epochs;
    make_weights(w);
    OK(memqc_crossbar_program(xb, w, COLS));
    FAILS(MEMQC_ERROR_STATE, "no file can hold", memqc_crossbar_save_memory(xb, NULL, 0, &size));
    FAILS(MEMQC_ERROR_STATE, "memqc_mlp_save_memory: ", memqc_mlp_save_memory(mlp, NULL, 0, &size));
    OK(memqc_mlp_set_checkpoint(mlp, "nowhere.memqc", 0));
    host.calls = 0;
    FAILS(MEMQC_ERROR_STATE,
          "memqc_mlp_fit: ", memqc_mlp_fit(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, 2));
    FAILS(MEMQC_ERROR_STATE, "memqc_mlp_train_epoch: ", train_task(mlp, NULL, NULL));
    OK(memqc_mlp_get_epochs(mlp, &epochs));
    ck_assert(host.calls == 0 && epochs == 0);
    OK(memqc_mlp_set_checkpoint(mlp, NULL, 0));
    OK(train_task(mlp, NULL, NULL));
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {arrays_are_programmed, threads_do_not_matter,
                                  properties_are_found,  faults_end_calls_of_arrays,
                                  faults_end_training,   no_file_holds_them};
    Suite *suite = suite_create("custom arrays");
    for (size_t i = 0; i < COUNT(tests); i++)
        tcase_add_test(add_group(suite, tests[i]->name, make_task), tests[i]);
    tcase_add_loop_test(add_group(suite, "networks learn", make_task), networks_learn, 0, 4);
    return run_suite(suite);
}
