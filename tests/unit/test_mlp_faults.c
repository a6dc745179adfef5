/* SPDX-License-Identifier: BSD-3-Clause */
/* Failed calls leave no trace. */
#include "mlp.h"

/* One call that fails, on a network of the task. */
typedef void (*failing)(memqc_mlp *mlp);

static void fails_in_training(memqc_mlp *mlp, float value, size_t sample, size_t place,
                              const char *word) {
    const float kept = task_x[sample * TASK_INPUTS + place];
    task_x[sample * TASK_INPUTS + place] = value;
    FAILS(MEMQC_ERROR_DATA, word, train_task(mlp, NULL, NULL));
    FAILS(MEMQC_ERROR_DATA, word,
          memqc_mlp_predict(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, NULL, 0, NULL));
    FAILS(
        MEMQC_ERROR_DATA, word,
        memqc_mlp_evaluate(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, NULL, NULL, NULL));
    task_x[sample * TASK_INPUTS + place] = kept;
}

static void nan_in_data(memqc_mlp *mlp) {
    fails_in_training(mlp, (float)NAN, 101, 2, "x[101, 2] = nan");
}

static void infinity_in_data(memqc_mlp *mlp) {
    fails_in_training(mlp, -INFINITY, TASK_SAMPLES - 1, TASK_INPUTS - 1, "x[202, 7] = -inf");
}

static void nan_in_full_precision(memqc_mlp *mlp) {
    OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
    fails_in_training(mlp, INFINITY, 0, 0, "x[0, 0] = inf");
    OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 1));
}

static void fails_with_label(memqc_mlp *mlp, int32_t label, const char *word) {
    const int32_t kept = task_labels[77];
    task_labels[77] = label;
    FAILS(MEMQC_ERROR_DATA, word, train_task(mlp, NULL, NULL));
    FAILS(
        MEMQC_ERROR_DATA, word,
        memqc_mlp_evaluate(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, NULL, NULL, NULL));
    task_labels[77] = kept;
}

static void label_too_high(memqc_mlp *mlp) {
    fails_with_label(mlp, TASK_CLASSES, "labels[77] = 4");
}

static void label_below_zero(memqc_mlp *mlp) {
    fails_with_label(mlp, -1, "labels[77] = -1");
}

static void bad_arguments(memqc_mlp *mlp) {
    float w[MOST_CELLS] = {0}, bias[MOST_UNITS] = {0};
    FAILS(MEMQC_ERROR_ARGUMENT, "ldx",
          memqc_mlp_train_epoch(mlp, TASK_SAMPLES, task_x, TASK_INPUTS - 1, task_labels));
    OK(memqc_mlp_train_epoch(mlp, 0, NULL, TASK_INPUTS, NULL)); /* nothing to do */
    OK(memqc_mlp_fit(mlp, 0, NULL, TASK_INPUTS, NULL, 1));
    OK(memqc_mlp_predict(mlp, 0, NULL, TASK_INPUTS, NULL, 0, NULL));
    OK(memqc_mlp_evaluate(mlp, 0, NULL, TASK_INPUTS, NULL, NULL, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "ldo",
          memqc_mlp_predict(mlp, 1, task_x, TASK_INPUTS, w, TASK_CLASSES - 1, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "ldw", memqc_mlp_get_weights(mlp, 0, w, task_sizes[1] - 1, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "ldw", memqc_mlp_set_weights(mlp, 0, w, task_sizes[1] - 1, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "layer", memqc_mlp_set_weights(mlp, 2, w, MOST_UNITS, NULL));
    w[task_sizes[1] + 2] = (float)NAN;
    FAILS(MEMQC_ERROR_DATA, "w[1, 2] = nan", memqc_mlp_set_weights(mlp, 0, w, task_sizes[1], NULL));
    bias[3] = INFINITY;
    FAILS(MEMQC_ERROR_DATA, "bias[0, 3] = inf", memqc_mlp_set_weights(mlp, 0, NULL, 0, bias));
}

/* Trains with settings under which the loss cannot stay finite; puts them back afterwards. */
static void fails_to_converge(memqc_mlp *mlp, double rate, double loss, const float *x,
                              const char *sample) {
    const struct setting wild[] = {{MEMQC_MLP_ACTIVATION, MEMQC_MLP_RELU},
                                   {MEMQC_MLP_LOSS, loss},
                                   {MEMQC_MLP_INPUT_BITS, 0},
                                   {MEMQC_MLP_LEARNING_RATE, rate}};
    struct setting kept[COUNT(wild)];
    uint32_t epochs = 0;
    char epoch[32];
    for (size_t i = 0; i < COUNT(wild); i++) {
        kept[i].key = wild[i].key;
        OK(memqc_mlp_get(mlp, wild[i].key, &kept[i].value));
    }
    set_all(mlp, wild, COUNT(wild));
    OK(memqc_mlp_get_epochs(mlp, &epochs));
    snprintf(epoch, sizeof epoch, "epoch %u", (unsigned)epochs + 1);
    FAILS(MEMQC_ERROR_DIVERGED, epoch,
          memqc_mlp_train_epoch(mlp, TASK_SAMPLES, x, TASK_INPUTS, task_labels));
    ck_assert_msg(strstr(memqc_last_error(), sample) != NULL, "no \"%s\" in the text: %s", sample,
                  memqc_last_error());
    set_all(mlp, kept, COUNT(kept));
}

/* No network stands such a rate, but weights on cells keep their range whatever it is: those need
 * an input that overflows. */
static void runaway(memqc_mlp *mlp) {
    static float x[TASK_SAMPLES * TASK_INPUTS];
    double rule = 0;
    OK(memqc_mlp_get(mlp, MEMQC_MLP_RULE, &rule));
    /* Large, so that weights reach infinity before every ReLU is off for good. */
    for (size_t i = 0; i < COUNT(x); i++)
        x[i] = 1e6f * task_x[i];
    if (rule == MEMQC_MLP_RULE_FLOAT)
        fails_to_converge(mlp, 1e6, MEMQC_MLP_SQUARED_ERROR, x, "sample ");
}

/* Two samples of opposite sign that single precision cannot hold the products of, somewhere in the
 * shuffled epoch: a hidden unit that is off for one is on for the other, and softmax has no off. */
static void overflow(memqc_mlp *mlp) {
    static float x[TASK_SAMPLES * TASK_INPUTS];
    memcpy(x, task_x, sizeof x);
    for (size_t j = 0; j < TASK_INPUTS; j++)
        x[150 * TASK_INPUTS + j] = 3.4e38f, x[151 * TASK_INPUTS + j] = -3.4e38f;
    fails_to_converge(mlp, 0.01, MEMQC_MLP_CROSS_ENTROPY, x, "sample 15");
}

static const struct {
    const char *name;
    failing call;
} failures[] = {
    {"NaN", nan_in_data},
    {"infinity", infinity_in_data},
    {"infinity in full precision", nan_in_full_precision},
    {"label too high", label_too_high},
    {"label below zero", label_below_zero},
    {"runaway", runaway},
    {"overflow", overflow},
};
enum { FAILURES = COUNT(failures) };

START_TEST(a_failed_call_leaves_no_trace) {
    const struct kind *kind = &kinds[_i % KINDS];
    const failing call = failures[_i / KINDS].call;
    memqc_mlp *spared = make_task_net(kind, 6), *tried = make_task_net(kind, 6);
    for (int epoch = 0; epoch < 2; epoch++) {
        call(tried); /* the first time before any training */
        SAME(kind, failures[_i / KINDS].name, spared, tried);
        OK(train_task(spared, NULL, NULL));
        OK(train_task(tried, NULL, NULL));
        SAME(kind, failures[_i / KINDS].name, spared, tried);
    }
    memqc_mlp_destroy(&spared);
    memqc_mlp_destroy(&tried);
}
END_TEST

/* A network whose weights are not drawn yet must not have them drawn by a call that fails: seed and
 * rule could no longer be set. */
START_TEST(a_failed_call_settles_nothing) {
    const struct kind *kind = &kinds[_i % KINDS];
    memqc_mlp *mlp = make_task_net(kind, 6), *other = make_task_net(kind, 7);
    failures[_i / KINDS].call(mlp);
    ck_assert_msg(memqc_mlp_set_seed(mlp, 7) == MEMQC_OK, "%s, %s: %s", kind->name,
                  failures[_i / KINDS].name, memqc_last_error());
    SAME(kind, failures[_i / KINDS].name, mlp, other);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&other);
}
END_TEST

START_TEST(bad_arguments_leave_no_trace) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *spared = make_task_net(kind, 6), *tried = make_task_net(kind, 6);
    const memqc_crossbar *xb = NULL;
    bad_arguments(tried);
    FAILS(MEMQC_ERROR_ARGUMENT, "layer", memqc_mlp_get_weights(tried, 2, NULL, 0, NULL));
    if (!kind->preset)
        FAILS(MEMQC_ERROR_STATE, "digital", memqc_mlp_borrow_crossbar(tried, 0, &xb));
    ck_assert_ptr_null(xb);
    ck_assert_msg(memqc_mlp_set_seed(tried, 6) == MEMQC_OK,
                  "%s: weights drawn by a bad argument: %s", kind->name, memqc_last_error());
    SAME(kind, "a bad argument changed something", spared, tried);
    memqc_mlp_destroy(&spared);
    memqc_mlp_destroy(&tried);
}
END_TEST

/* Noise of reads is numbered by what was read before: a failure beyond the samples that fit into one
 * product counts none of them. */
START_TEST(a_failed_prediction_reads_nothing) {
    enum { MANY = 600, LATE = 599 };
    static float x[MANY * TASK_INPUTS];
    static int32_t labels[MANY];
    static unsigned char bytes[2][1 << 17];
    float outputs[2][4 * TASK_CLASSES];
    size_t size[2];
    memqc_device *device;
    memqc_mlp *mlp = make_task_net(&kinds[KINDS - 1], 6);
    OK(memqc_device_create_preset("hfox-a", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.05));
    for (size_t l = 0; l < 2; l++)
        OK(memqc_mlp_set_device(mlp, l, device));
    memqc_device_destroy(&device);
    for (size_t i = 0; i < MANY * TASK_INPUTS; i++)
        x[i] = task_x[i % (TASK_SAMPLES * TASK_INPUTS)];
    x[LATE * TASK_INPUTS] = (float)NAN;
    OK(train_task(mlp, NULL, NULL));
    OK(memqc_mlp_save_memory(mlp, bytes[0], sizeof bytes[0], &size[0]));
    FAILS(MEMQC_ERROR_DATA, "x[599, 0] = nan",
          memqc_mlp_predict(mlp, MANY, x, TASK_INPUTS, NULL, 0, NULL));
    FAILS(MEMQC_ERROR_DATA, "x[599, 0] = nan",
          memqc_mlp_evaluate(mlp, MANY, x, TASK_INPUTS, labels, NULL, NULL, NULL));
    OK(memqc_mlp_save_memory(mlp, bytes[1], sizeof bytes[1], &size[1]));
    ck_assert_uint_eq(size[0], size[1]);
    ck_assert_mem_eq(bytes[0], bytes[1], size[0]);
    memqc_mlp *twin = NULL;
    OK(memqc_mlp_load_memory(bytes[0], size[0], &twin));
    OK(memqc_mlp_predict(mlp, 4, x, TASK_INPUTS, outputs[0], TASK_CLASSES, NULL));
    OK(memqc_mlp_predict(twin, 4, x, TASK_INPUTS, outputs[1], TASK_CLASSES, NULL));
    ck_assert_mem_eq(outputs[0], outputs[1], sizeof outputs[0]);
    OK(memqc_mlp_predict(twin, 4, x, TASK_INPUTS, outputs[1], TASK_CLASSES, NULL));
    ck_assert(memcmp(outputs[0], outputs[1], sizeof outputs[0]) != 0); /* the noise is there */
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&twin);
}
END_TEST

/* The second layer cannot be read: the first has been, and its sums of conductances are there. */
START_TEST(a_prediction_that_fails_late_leaves_no_trace) {
    static unsigned char bytes[2][1 << 17];
    size_t size[2];
    double loss, accuracy;
    memqc_mlp *mlp = make_task_net(&kinds[KINDS - 1], 6);
    OK(train_task(mlp, NULL, NULL));
    OK(memqc_mlp_set_crossbar(mlp, 1, MEMQC_CROSSBAR_DAC_BITS, 1));
    OK(memqc_mlp_set_weights(mlp, 0, task_x, 8, NULL)); /* of other conductances */
    OK(memqc_mlp_save_memory(mlp, bytes[0], sizeof bytes[0], &size[0]));
    FAILS(MEMQC_ERROR_STATE, "dac_bits",
          memqc_mlp_predict(mlp, 4, task_x, TASK_INPUTS, NULL, 0, NULL));
    FAILS(MEMQC_ERROR_STATE, "dac_bits",
          memqc_mlp_evaluate(mlp, 4, task_x, TASK_INPUTS, task_labels, &loss, &accuracy, NULL));
    OK(memqc_mlp_save_memory(mlp, bytes[1], sizeof bytes[1], &size[1]));
    ck_assert_uint_eq(size[0], size[1]);
    ck_assert_mem_eq(bytes[0], bytes[1], size[0]);
    memqc_mlp_destroy(&mlp);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_faults");
    TCase *tc = add_group(suite, "faults", make_task);
    tcase_add_loop_test(tc, a_failed_call_leaves_no_trace, 0, FAILURES * KINDS);
    tcase_add_loop_test(tc, a_failed_call_settles_nothing, 0, FAILURES * KINDS);
    tcase_add_loop_test(tc, bad_arguments_leave_no_trace, 0, KINDS);
    tcase_add_test(tc, a_failed_prediction_reads_nothing);
    tcase_add_test(tc, a_prediction_that_fails_late_leaves_no_trace);
    return run_suite(suite);
}
