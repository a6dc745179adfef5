/* SPDX-License-Identifier: BSD-3-Clause */
/* The interface of a network beside its numbers: several parameters at once, copies, progress, and
 * what may be called from within a progress function. */
#include "instances.h"

#include "core/archive.h"

START_TEST(several_parameters_are_set_together) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), NULL);
    /* Each needs the next to be set first. */
    const int32_t keys[] = {MEMQC_MLP_BETA1, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_INPUT_MIN,
                            MEMQC_MLP_INPUT_MAX, MEMQC_MLP_INPUT_BITS};
    const double values[] = {0.5, MEMQC_MLP_ADAM, 2, 3, 4};
    double value = 0;
    OK(memqc_mlp_set_many(mlp, COUNT(keys), keys, values));
    for (size_t i = 0; i < COUNT(keys); i++) {
        OK(memqc_mlp_get(mlp, keys[i], &value));
        ck_assert(value == values[i]);
    }
    OK(memqc_mlp_set_many(mlp, 0, NULL, NULL));
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(all_are_set_or_none) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), NULL);
    const int32_t unused[] = {MEMQC_MLP_LEARNING_RATE, MEMQC_MLP_MOMENTUM},
                  twice[] = {MEMQC_MLP_BATCH, MEMQC_MLP_LEARNING_RATE, MEMQC_MLP_BATCH},
                  crossed[] = {MEMQC_MLP_INPUT_BITS, MEMQC_MLP_INPUT_MIN};
    const double values[] = {3, 0.5, 3}, ends[] = {4, 1};
    double rate = 0, bits = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "momentum = 0.5 would be without effect",
          memqc_mlp_set_many(mlp, COUNT(unused), unused, values));
    FAILS(MEMQC_ERROR_ARGUMENT, "batch comes twice",
          memqc_mlp_set_many(mlp, COUNT(twice), twice, values));
    FAILS(MEMQC_ERROR_ARGUMENT, "input_min = 1",
          memqc_mlp_set_many(mlp, COUNT(crossed), crossed, ends));
    FAILS(MEMQC_ERROR_ARGUMENT, "keys is NULL", memqc_mlp_set_many(mlp, 1, NULL, values));
    for (size_t l = 0; l < 2; l++) {
        OK(memqc_mlp_get_layer(mlp, l, MEMQC_MLP_LEARNING_RATE, &rate));
        ck_assert(rate == 10);
    }
    OK(memqc_mlp_get(mlp, MEMQC_MLP_INPUT_BITS, &bits));
    ck_assert(bits == 1);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(uses_says_what_set_does) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), _i ? "hfox-a" : NULL);
    for (size_t i = 0; i < memqc_mlp_keys(); i++) {
        const int32_t key = memqc_mlp_key_at(i);
        double value = 0;
        int32_t used = -1;
        OK(memqc_mlp_uses(mlp, key, &used));
        OK(memqc_mlp_get(mlp, key, &value));
        const memqc_status status = memqc_mlp_set(mlp, key, value);
        ck_assert_msg((status == MEMQC_OK) == used, "%s: used %d, set: %s",
                      memqc_mlp_key_text(key, MEMQC_KEY_NAME), (int)used, memqc_last_error());
    }
    ck_assert_int_eq(memqc_mlp_key_at(memqc_mlp_keys()), 0);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(constants_of_others_are_refused) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), NULL);
    double value = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_MLP_HISTORY_LOSS, a value of an mlp's history",
          memqc_mlp_set(mlp, MEMQC_MLP_HISTORY_LOSS, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_MLP_TANH, an activation",
          memqc_mlp_set(mlp, MEMQC_MLP_LOSS, MEMQC_MLP_TANH));
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_MLP_BATCH, a parameter of an mlp",
          memqc_mlp_get_history(mlp, 1, MEMQC_MLP_BATCH, &value));
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(a_copy_goes_on_as_its_original) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *mlp = make_task_net(kind, 4), *copy = NULL;
    uint64_t seed = 0;
    OK(memqc_mlp_copy(mlp, &copy)); /* before the weights are drawn */
    OK(train_task(mlp, NULL, NULL));
    OK(train_task(copy, NULL, NULL));
    SAME(kind, "the copy of a new network trains differently", mlp, copy);
    memqc_mlp_destroy(&copy);
    OK(memqc_mlp_copy(mlp, &copy));
    OK(memqc_mlp_get_seed(copy, &seed));
    ck_assert_uint_eq(seed, 4);
    OK(train_task(mlp, NULL, NULL));
    OK(train_task(copy, NULL, NULL));
    SAME(kind, "the copy goes on differently", mlp, copy);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&copy);
}
END_TEST

/* Checks the sizes of a network, and frees it. */
static void check_sizes(memqc_mlp *mlp, const size_t *wanted, size_t n) {
    size_t sizes[8] = {0}, count = 0;
    OK(memqc_mlp_get_sizes(mlp, 0, NULL, &count));
    ck_assert_uint_eq(count, n);
    OK(memqc_mlp_get_sizes(mlp, COUNT(sizes), sizes, &count));
    ck_assert_uint_eq(count, n);
    ck_assert_mem_eq(sizes, wanted, n * sizeof *sizes);
    ck_assert_uint_eq(sizes[n], 0);
    memqc_mlp_destroy(&mlp);
}

START_TEST(sizes_are_told) {
    static const size_t wanted[] = {3, 7, 1, 5, 2};
    const size_t n = COUNT(wanted);
    size_t sizes[COUNT(wanted)] = {0}, count = 0, size = 0;
    static unsigned char bytes[65536];
    memqc_mlp *mlp = make(wanted, n, NULL), *other = NULL;
    FAILS(MEMQC_ERROR_ARGUMENT, "room = 4; the network has 5 sizes",
          memqc_mlp_get_sizes(mlp, n - 1, sizes, &count));
    ck_assert_uint_eq(count, n);
    ck_assert_uint_eq(sizes[0], 0);
    OK(memqc_mlp_init(mlp));
    OK(memqc_mlp_copy(mlp, &other));
    check_sizes(other, wanted, n);
    OK(memqc_mlp_save_memory(mlp, bytes, sizeof bytes, &size));
    OK(memqc_mlp_load_memory(bytes, size, &other));
    check_sizes(other, wanted, n);
    check_sizes(mlp, wanted, n);
}
END_TEST

START_TEST(devices_are_given_out_as_copies) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), "hfox-b"),
              *digital = make(task_sizes, COUNT(task_sizes), NULL);
    memqc_device *device = NULL;
    double value = 0;
    OK(memqc_mlp_get_device(mlp, 1, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_READ_NOISE, 1e-6));
    memqc_device_destroy(&device);
    OK(memqc_mlp_get_device(mlp, 1, &device));
    OK(memqc_device_get(device, MEMQC_DEVICE_READ_NOISE, &value));
    ck_assert(value == 0);
    memqc_device_destroy(&device);
    FAILS(MEMQC_ERROR_STATE, "layer 1 has no device", memqc_mlp_get_device(digital, 1, &device));
    ck_assert_ptr_null(device);
    FAILS(MEMQC_ERROR_ARGUMENT, "layer = 2", memqc_mlp_get_device(mlp, 2, &device));
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&digital);
}
END_TEST

/* --- progress --- */

struct meddler {
    memqc_mlp *mlp;
    size_t calls;
    double last[6];
    double stop_at;
};

/* Everything that would change the network is refused; what reads it works. */
static int32_t meddle(void *user, const double *at, size_t n) {
    struct meddler *me = user;
    memqc_mlp *mlp = me->mlp, *copy = NULL;
    const memqc_crossbar *xb = NULL;
    static float w[MOST_CELLS];
    int32_t classes[1];
    double value, numbers[64];
    size_t size = 0;
    const int32_t key = MEMQC_MLP_LEARNING_RATE;
    ck_assert_uint_ge(n, 6);
    memcpy(me->last, at, sizeof me->last);
    me->calls++;
#define STATE(call) FAILS(MEMQC_ERROR_STATE, "at work: called from its progress function", call)
    STATE(memqc_mlp_init(mlp));
    STATE(memqc_mlp_reset(mlp));
    STATE(memqc_mlp_set(mlp, key, 1));
    STATE(memqc_mlp_set_many(mlp, 1, &key, numbers));
    STATE(memqc_mlp_set_layer(mlp, 0, key, 1));
    STATE(memqc_mlp_set_layer(mlp, MEMQC_MLP_ALL, key, 1));
    STATE(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_ADC_BITS, 6));
    STATE(memqc_mlp_set_device(mlp, 0, NULL));
    STATE(memqc_mlp_set_seed(mlp, 1));
    STATE(memqc_mlp_set_progress(mlp, NULL, NULL));
    STATE(memqc_mlp_set_checkpoint(mlp, NULL, 0));
    STATE(memqc_mlp_set_weights(mlp, 0, w, task_sizes[1], NULL));
    STATE(memqc_mlp_train_epoch(mlp, 1, task_x, TASK_INPUTS, task_labels));
    STATE(memqc_mlp_fit(mlp, 1, task_x, TASK_INPUTS, task_labels, 100));
    STATE(memqc_mlp_predict(mlp, 1, task_x, TASK_INPUTS, NULL, 0, classes));
    STATE(memqc_mlp_evaluate(mlp, 1, task_x, TASK_INPUTS, task_labels, &value, NULL, NULL));
    STATE(memqc_mlp_monte_carlo(mlp, NULL, 1, task_x, TASK_INPUTS, task_labels, numbers));
    STATE(memqc_mlp_sensitivity(mlp, NULL, MEMQC_MLP_PROPERTY_ALL, 1, task_x, TASK_INPUTS,
                                task_labels, numbers));
    OK(memqc_mlp_get(mlp, key, &value));
    OK(memqc_mlp_get_crossbar(mlp, 0, MEMQC_CROSSBAR_ADC_BITS, &value));
    OK(memqc_mlp_get_weights(mlp, 0, w, task_sizes[1], NULL));
    OK(memqc_mlp_save_memory(mlp, NULL, 0, &size));
    if (me->calls == 1) {
        OK(memqc_mlp_borrow_crossbar(mlp, 0, &xb));
        OK(memqc_mlp_copy(mlp, &copy));
        memqc_mlp_destroy(&copy);
        OK(memqc_mlp_transfer(mlp, NULL, &copy));
        memqc_mlp_destroy(&copy);
    }
    return me->stop_at > 0 && at[MEMQC_PROGRESS_DONE] >= me->stop_at;
}

static memqc_mlp *make_meddled(struct meddler *me) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), "hfox-a");
    memset(me, 0, sizeof *me);
    me->mlp = mlp;
    OK(memqc_mlp_set_progress(mlp, meddle, me));
    OK(set_study(mlp, 0, 7, 3, 0));
    return mlp;
}

START_TEST(nothing_changes_under_a_training_network) {
    struct meddler me;
    memqc_mlp *mlp = make_meddled(&me), *quiet = make(task_sizes, COUNT(task_sizes), "hfox-a");
    OK(set_study(quiet, 0, 7, 3, 0));
    OK(memqc_mlp_fit(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, 2));
    OK(memqc_mlp_fit(quiet, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, 2));
    ck_assert_uint_eq(me.calls, 2);
    ck_assert(me.last[MEMQC_PROGRESS_EPOCH] == 2 && me.last[MEMQC_PROGRESS_DONE] == TASK_SAMPLES);
    ck_assert_msg(same(mlp, quiet), "reading from within changed the training");
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&quiet);
}
END_TEST

START_TEST(studies_tell_how_far_they_are) {
    struct meddler me;
    memqc_mlp *mlp = make_meddled(&me);
    double accuracies[7], again[7], limits[MEMQC_MLP_LIMITS], mean = 0;
    OK(memqc_mlp_monte_carlo(mlp, NULL, 20, task_x, TASK_INPUTS, task_labels, accuracies));
    for (size_t i = 0; i < 7; i++)
        mean += accuracies[i] / 7;
    ck_assert_uint_ge(me.calls, 1);
    ck_assert(me.last[MEMQC_PROGRESS_PHASE] == MEMQC_PHASE_MONTE_CARLO);
    ck_assert(me.last[MEMQC_PROGRESS_DONE] == 7 && me.last[MEMQC_PROGRESS_TOTAL] == 7);
    ck_assert(fabs(me.last[MEMQC_PROGRESS_ACCURACY] - mean) < 1e-12);
    ck_assert(isnan(me.last[MEMQC_PROGRESS_LOSS]) && me.last[MEMQC_PROGRESS_EPOCH] == 0);
    OK(memqc_mlp_sensitivity(mlp, NULL, MEMQC_MLP_PROPERTY_C2C, 20, task_x, TASK_INPUTS,
                             task_labels, limits));
    ck_assert(me.last[MEMQC_PROGRESS_PHASE] == MEMQC_PHASE_SENSITIVITY);
    ck_assert(me.last[MEMQC_PROGRESS_DONE] <= me.last[MEMQC_PROGRESS_TOTAL]);
    /* A stop leaves what was measured, and NaN for the rest. */
    OK(set_study(mlp, 0, 7, 1, 0));
    me.stop_at = 3;
    FAILS(MEMQC_STOPPED, "after 3 of 7 instances",
          memqc_mlp_monte_carlo(mlp, NULL, 20, task_x, TASK_INPUTS, task_labels, again));
    ck_assert(memcmp(again, accuracies, 3 * sizeof *again) == 0);
    ck_assert(isnan(again[3]) && isnan(again[6]));
    FAILS(MEMQC_STOPPED, "stopped",
          memqc_mlp_sensitivity(mlp, NULL, MEMQC_MLP_PROPERTY_C2C, 20, task_x, TASK_INPUTS,
                                task_labels, limits));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 1)); /* it is at work no more */
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* An archive of version 0.2 holds parameters by other numbers. */
START_TEST(networks_of_version_0_2_are_refused) {
    static unsigned char bytes[256];
    const uint64_t sizes[] = {2, 2};
    struct mqc_writer writer;
    memqc_mlp *mlp = NULL;
    size_t size = 0;
    mqc_write_start(&writer, MQC_KIND_MLP, 1);
    mqc_write(&writer, "size", MQC_U64, 2, sizes);
    OK(mqc_write_to_memory(&writer, __func__, "network", bytes, sizeof bytes, &size));
    FAILS(MEMQC_ERROR_FORMAT, "a network of version 0.2", memqc_mlp_load_memory(bytes, size, &mlp));
    ck_assert_ptr_null(mlp);
}
END_TEST

START_TEST(networks_that_differ_by_their_seed) {
    memqc_device *device = NULL;
    memqc_mlp *mlp[2] = {NULL, NULL};
    const memqc_crossbar *xb[2];
    float g[2][MOST_CELLS], y[2][TASK_CLASSES];
    double g_max = 0;
    OK(memqc_device_create_preset("hfox-a", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MAX, 0.1));
    OK(memqc_device_set(device, MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.1));
    static float same_weights[MOST_CELLS];
    for (size_t i = 0; i < 2; i++) {
        OK(memqc_mlp_create(task_sizes, COUNT(task_sizes), device, 7 + i, &mlp[i]));
        for (size_t l = 0; l < 2; l++)
            OK(memqc_mlp_set_weights(mlp[i], l, same_weights, task_sizes[l + 1], NULL));
        OK(memqc_mlp_borrow_crossbar(mlp[i], 0, &xb[i]));
        OK(memqc_crossbar_get_conductances(xb[i], 0, g[i], task_sizes[1]));
        OK(memqc_mlp_predict(mlp[i], 1, task_x, TASK_INPUTS, y[i], TASK_CLASSES, NULL));
    }
    OK(memqc_device_get(device, MEMQC_DEVICE_G_MAX, &g_max));
    for (size_t i = 0; i < task_sizes[0] * task_sizes[1]; i++)
        ck_assert_msg(g[0][i] != g[1][i] || g[0][i] == 0, "cell %zu is the same in both", i);
    for (size_t j = 0; j < TASK_CLASSES; j++)
        ck_assert(y[0][j] != y[1][j]);
    memqc_mlp_destroy(&mlp[0]);
    memqc_mlp_destroy(&mlp[1]);
    memqc_device_destroy(&device);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_interface");
    TCase *group = add_group(suite, "parameters", setup);
    tcase_add_test(group, several_parameters_are_set_together);
    tcase_add_test(group, all_are_set_or_none);
    tcase_add_loop_test(group, uses_says_what_set_does, 0, 2);
    tcase_add_test(group, constants_of_others_are_refused);
    group = add_group(suite, "networks", make_task);
    tcase_add_loop_test(group, a_copy_goes_on_as_its_original, 0, KINDS);
    tcase_add_test(group, sizes_are_told);
    tcase_add_test(group, devices_are_given_out_as_copies);
    tcase_add_test(group, nothing_changes_under_a_training_network);
    tcase_add_test(group, studies_tell_how_far_they_are);
    tcase_add_test(group, networks_of_version_0_2_are_refused);
    tcase_add_test(group, networks_that_differ_by_their_seed);
    return run_suite(suite);
}
