/* SPDX-License-Identifier: BSD-3-Clause */
/* Learning, repeating, progress and stopping. */
#include "mlp.h"

START_TEST(confusion_adds_up) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *mlp = make_task_net(kind, 3);
    uint64_t confusion[TASK_CLASSES][TASK_CLASSES], expected[TASK_CLASSES][TASK_CLASSES] = {{0}},
                                                    trace = 0;
    int32_t classes[TASK_SAMPLES];
    double loss = -1, accuracy = -1;
    memset(confusion, 0xff, sizeof confusion);
    OK(train_task(mlp, NULL, NULL));
    OK(memqc_mlp_evaluate(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, &loss, &accuracy,
                          &confusion[0][0]));
    OK(memqc_mlp_predict(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, NULL, 0, classes));
    for (size_t i = 0; i < TASK_SAMPLES; i++)
        expected[task_labels[i]][classes[i]]++;
    ck_assert_mem_eq(confusion, expected, sizeof confusion);
    for (size_t c = 0; c < TASK_CLASSES; c++)
        trace += confusion[c][c];
    ck_assert_double_eq(accuracy, (double)trace / TASK_SAMPLES);
    ck_assert_double_eq(accuracy, task_accuracy(mlp));
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(learns_a_separable_task) {
    const struct kind *kind = &kinds[_i];
    for (uint64_t seed = 1; seed <= 3; seed++) {
        memqc_mlp *mlp = make_task_net(kind, seed);
        const double before = task_accuracy(mlp);
        double best = 0;
        for (int epoch = 0; epoch < 40; epoch++) {
            OK(train_task(mlp, NULL, NULL));
            best = fmax(best, task_accuracy(mlp));
        }
        ck_assert_msg(before < 0.9, "%s: %g without training", kind->name, before);
        ck_assert_msg(best >= 0.98, "%s, seed %u: %g at best", kind->name, (unsigned)seed, best);
        memqc_mlp_destroy(&mlp);
    }
}
END_TEST

START_TEST(equal_seeds_give_equal_bits) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *a = make_task_net(kind, 5), *b = make_task_net(kind, 5),
              *c = make_task_net(kind, UINT64_C(5) << 32);
    for (int epoch = 0; epoch < 3; epoch++) {
        SAME(kind, "equal seeds differ", a, b);
        ck_assert_msg(!same(a, c), "%s: different seeds give equal weights", kind->name);
        OK(train_task(a, NULL, NULL));
        OK(train_task(b, NULL, NULL));
        OK(train_task(c, NULL, NULL));
        task_accuracy(b); /* looking changes nothing */
    }
    SAME(kind, "equal seeds differ", a, b);
    ck_assert_msg(!same(a, c), "%s: different seeds give equal weights", kind->name);
    memqc_mlp_destroy(&a);
    memqc_mlp_destroy(&b);
    memqc_mlp_destroy(&c);
}
END_TEST

START_TEST(reset_begins_anew) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *first = make_task_net(kind, 9), *again = make_task_net(kind, 9);
    float b[MOST_UNITS];
    for (int epoch = 0; epoch < 3; epoch++)
        OK(train_task(again, NULL, NULL));
    OK(memqc_mlp_reset(again));
    OK(memqc_mlp_get_weights(again, 0, NULL, 0, b));
    for (size_t j = 0; j < task_sizes[1]; j++)
        ck_assert_msg(b[j] == 0, "%s: bias %zu is %g after a reset", kind->name, j, (double)b[j]);
    for (int epoch = 0; epoch < 2; epoch++) {
        SAME(kind, "a reset network goes another way", first, again);
        OK(train_task(first, NULL, NULL));
        OK(train_task(again, NULL, NULL));
    }
    SAME(kind, "a reset network goes another way", first, again);
    memqc_mlp_destroy(&first);
    memqc_mlp_destroy(&again);
}
END_TEST

static memqc_status get_one(memqc_mlp *mlp, int32_t key, double *value) {
    if (key < MEMQC_MLP_RULE)
        return memqc_mlp_get_crossbar(mlp, 0, key, value);
    return memqc_mlp_get(mlp, key, value);
}

START_TEST(settled_keys_wait_for_reset) {
    static const struct setting settled[] = {
        {MEMQC_MLP_RULE, MEMQC_MLP_RULE_CROSSBAR},
        {MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL},
        {MEMQC_CROSSBAR_W_MAX, 2},
        {MEMQC_MLP_INIT_RANGE, 0.5}};
    static const struct setting free_ones[] = {
        {MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH}, {MEMQC_MLP_LOSS, MEMQC_MLP_CROSS_ENTROPY},
        {MEMQC_MLP_LEARNING_RATE, 3},           {MEMQC_MLP_BATCH, 3},
        {MEMQC_MLP_INPUT_THRESHOLD, 0.1},       {MEMQC_MLP_INPUT_BITS, 0},
        {MEMQC_MLP_PROGRESS_INTERVAL, 5}};
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), "hfox-a");
    OK(memqc_mlp_init(mlp));
    OK(memqc_mlp_init(mlp));
    for (size_t i = 0; i < COUNT(settled); i++) {
        double before = 0, after = 0;
        OK(get_one(mlp, settled[i].key, &before));
        FAILS(MEMQC_ERROR_STATE, "memqc_mlp_reset", set_one(mlp, settled[i].key, settled[i].value));
        OK(get_one(mlp, settled[i].key, &after));
        ck_assert_double_eq(before, after);
    }
    FAILS(MEMQC_ERROR_STATE, "memqc_mlp_reset", memqc_mlp_set_seed(mlp, 1));
    set_all(mlp, free_ones, COUNT(free_ones));
    OK(memqc_mlp_reset(mlp));
    set_all(mlp, settled, COUNT(settled));
    OK(memqc_mlp_set_seed(mlp, 1));
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* Has the input of the library's own made of x or of what the test makes of x: nothing else may
 * differ. */
START_TEST(threshold_is_a_binarised_input) {
    static const double thresholds[] = {0.5, 0.25, 0, -1e30};
    const struct kind *kind = &kinds[_i];
    static float bits[TASK_SAMPLES * TASK_INPUTS];
    for (size_t t = 0; t < COUNT(thresholds); t++) {
        memqc_mlp *one = make_task_net(kind, 2), *other = make_task_net(kind, 2);
        float out[2][TASK_SAMPLES * TASK_CLASSES];
        task_x[0] = (float)thresholds[t]; /* not above it */
        for (size_t i = 0; i < COUNT(bits); i++)
            bits[i] = (double)task_x[i] > thresholds[t] ? 1.0f : 0.0f;
        bits[0] = 0;
        OK(memqc_mlp_set(one, MEMQC_MLP_INPUT_THRESHOLD, thresholds[t]));
        OK(memqc_mlp_set(other, MEMQC_MLP_INPUT_BITS, 0));
        for (int epoch = 0; epoch < 2; epoch++) {
            OK(train_task(one, NULL, NULL));
            OK(memqc_mlp_train_epoch(other, TASK_SAMPLES, bits, TASK_INPUTS, task_labels));
        }
        SAME(kind, "thresholded and binarised inputs train differently", one, other);
        OK(memqc_mlp_predict(one, TASK_SAMPLES, task_x, TASK_INPUTS, out[0], TASK_CLASSES, NULL));
        OK(memqc_mlp_predict(other, TASK_SAMPLES, bits, TASK_INPUTS, out[1], TASK_CLASSES, NULL));
        ck_assert_mem_eq(out[0], out[1], sizeof out[0]);
        memqc_mlp_destroy(&one);
        memqc_mlp_destroy(&other);
    }
}
END_TEST

START_TEST(progress_comes_at_its_interval) {
    static const size_t intervals[] = {1, 10, 7, 29, TASK_SAMPLES - 1, TASK_SAMPLES, 100000};
    static const size_t batches[] = {1, 4, 7, 29, TASK_SAMPLES, 1000};
    const size_t interval = intervals[(size_t)_i % COUNT(intervals)],
                 batch = batches[(size_t)_i / COUNT(intervals)];
    memqc_mlp *mlp = make_task_net(&kinds[0], 1);
    static struct log log;
    memset(&log, 0, sizeof log);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_BATCH, (double)batch));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_PROGRESS_INTERVAL, (double)interval));
    for (uint32_t epoch = 1; epoch <= 2; epoch++) {
        size_t call = 0, before = 0;
        log.calls = 0;
        OK(train_task(mlp, record, &log));
        while (before < TASK_SAMPLES) {
            const size_t after = before + batch < TASK_SAMPLES ? before + batch : TASK_SAMPLES;
            if (after / interval > before / interval || after == TASK_SAMPLES) {
                ck_assert_uint_lt(call, log.calls);
                ck_assert_uint_eq(log.samples[call], after);
                ck_assert_uint_eq(log.epoch[call++], epoch);
            }
            before = after;
        }
        ck_assert_uint_eq(log.calls, call);
    }
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* With a rate that moves no weight, what progress reports at the end is what an evaluation says. */
START_TEST(progress_reports_loss_and_accuracy) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *mlp = make_task_net(kind, 1);
    static struct log log;
    double loss = 0, accuracy = 0;
    memset(&log, 0, sizeof log);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 1e-12));
    OK(train_task(mlp, record, &log));
    OK(memqc_mlp_evaluate(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, &loss, &accuracy,
                          NULL));
    ck_assert_msg(fabs(log.loss[log.calls - 1] - loss) < 1e-6 * loss, "%g, not %g",
                  log.loss[log.calls - 1], loss);
    ck_assert_double_eq(log.accuracy[log.calls - 1], accuracy);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* One epoch in three calls, with everything in between that must not matter. */
static void train_in_parts(memqc_mlp *mlp, struct log *log) {
    float bad[TASK_INPUTS] = {0};
    const int32_t label = 0;
    uint32_t before = 0, epochs = 0;
    OK(memqc_mlp_get_epochs(mlp, &before));
    log->stop_at = 60;
    FAILS(MEMQC_STOPPED, "stopped", train_task(mlp, record, log));
    ck_assert_uint_lt(log->samples[log->calls - 1], 80);
    task_accuracy(mlp);
    log->stop_at = 130;
    FAILS(MEMQC_STOPPED, "stopped", train_task(mlp, record, log));
    ck_assert_uint_ge(log->samples[log->calls - 1], 130);
    bad[3] = (float)NAN;
    FAILS(MEMQC_ERROR_DATA, "x[0, 3]", memqc_mlp_train_epoch(mlp, 1, bad, TASK_INPUTS, &label));
    OK(memqc_mlp_get_epochs(mlp, &epochs));
    ck_assert_uint_eq(epochs, before);
    log->stop_at = 0;
    OK(train_task(mlp, record, log));
    OK(memqc_mlp_get_epochs(mlp, &epochs));
    ck_assert_uint_eq(epochs, before + 1);
}

START_TEST(a_stopped_epoch_goes_on) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *whole = make_task_net(kind, 4), *parts = make_task_net(kind, 4);
    static struct log logs[2];
    OK(memqc_mlp_set(whole, MEMQC_MLP_PROGRESS_INTERVAL, 20));
    OK(memqc_mlp_set(parts, MEMQC_MLP_PROGRESS_INTERVAL, 20));
    for (int epoch = 0; epoch < 2; epoch++) {
        memset(logs, 0, sizeof logs);
        OK(train_task(whole, record, &logs[0]));
        train_in_parts(parts, &logs[1]);
        SAME(kind, "an epoch in parts gives another network", whole, parts);
        logs[1].stop_at = 0;
        ck_assert_msg(memcmp(&logs[0], &logs[1], sizeof logs[0]) == 0,
                      "%s: an epoch in parts reports something else", kind->name);
    }
    memqc_mlp_destroy(&whole);
    memqc_mlp_destroy(&parts);
}
END_TEST

START_TEST(a_stop_at_the_end_completes_the_epoch) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *whole = make_task_net(kind, 4), *stopped = make_task_net(kind, 4);
    static struct log log;
    for (uint32_t epoch = 1; epoch <= 2; epoch++) {
        uint32_t epochs = 0;
        memset(&log, 0, sizeof log);
        log.stop_at = TASK_SAMPLES;
        OK(train_task(whole, NULL, NULL));
        FAILS(MEMQC_STOPPED, "stopped", train_task(stopped, record, &log));
        OK(memqc_mlp_get_epochs(stopped, &epochs));
        ck_assert_uint_eq(epochs, epoch);
        SAME(kind, "a stop at the very end changed something", whole, stopped);
    }
    memqc_mlp_destroy(&whole);
    memqc_mlp_destroy(&stopped);
}
END_TEST

START_TEST(a_stopped_epoch_begins_anew_with_other_samples) {
    memqc_mlp *mlp = make_task_net(&kinds[_i], 4);
    static struct log log;
    uint32_t epochs = 0;
    memset(&log, 0, sizeof log);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_PROGRESS_INTERVAL, 1));
    log.stop_at = 60;
    FAILS(MEMQC_STOPPED, "stopped", train_task(mlp, record, &log));
    memset(&log, 0, sizeof log);
    OK(train_watched(mlp, 100, task_x, TASK_INPUTS, task_labels, record, &log));
    ck_assert_uint_eq(log.samples[0], 7);
    ck_assert_uint_eq(log.epoch[0], 1);
    ck_assert_uint_eq(log.samples[log.calls - 1], 100);
    OK(memqc_mlp_get_epochs(mlp, &epochs));
    ck_assert_uint_eq(epochs, 1);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(a_batch_beyond_the_samples_is_all_of_them) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *exact = make_task_net(kind, 8), *larger = make_task_net(kind, 8);
    OK(memqc_mlp_set(exact, MEMQC_MLP_BATCH, TASK_SAMPLES));
    OK(memqc_mlp_set(larger, MEMQC_MLP_BATCH, 65536));
    for (int epoch = 0; epoch < 2; epoch++) {
        OK(train_task(exact, NULL, NULL));
        OK(train_task(larger, NULL, NULL));
    }
    SAME(kind, "a batch larger than the samples trains differently", exact, larger);
    memqc_mlp_destroy(&exact);
    memqc_mlp_destroy(&larger);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_training");
    TCase *tc = add_group(suite, "training", make_task);
    tcase_add_loop_test(tc, confusion_adds_up, 0, KINDS);
    tcase_add_loop_test(tc, learns_a_separable_task, 0, KINDS);
    tcase_add_loop_test(tc, equal_seeds_give_equal_bits, 0, KINDS);
    tcase_add_loop_test(tc, reset_begins_anew, 0, KINDS);
    tcase_add_test(tc, settled_keys_wait_for_reset);
    tcase_add_loop_test(tc, threshold_is_a_binarised_input, 0, KINDS);
    tcase_add_loop_test(tc, progress_comes_at_its_interval, 0, 42);
    tcase_add_loop_test(tc, progress_reports_loss_and_accuracy, 0, KINDS);
    tcase_add_loop_test(tc, a_stopped_epoch_goes_on, 0, KINDS);
    tcase_add_loop_test(tc, a_stop_at_the_end_completes_the_epoch, 0, KINDS);
    tcase_add_loop_test(tc, a_stopped_epoch_begins_anew_with_other_samples, 0, KINDS);
    tcase_add_loop_test(tc, a_batch_beyond_the_samples_is_all_of_them, 0, KINDS);
    return run_suite(suite);
}
