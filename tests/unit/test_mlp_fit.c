/* SPDX-License-Identifier: BSD-3-Clause */
/* Training over several epochs: the split, early stopping, the best weights, the history, and
 * stopping on the way. */
#include "mlp.h"

static memqc_status fit_task(memqc_mlp *mlp, uint32_t epochs, memqc_progress progress, void *user) {
    return fit_watched(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels, epochs, progress, user);
}

static double history(memqc_mlp *mlp, uint32_t epoch, int32_t what) {
    double value = -77;
    OK(memqc_mlp_get_history(mlp, epoch, what, &value));
    return value;
}

static uint32_t epochs_of(memqc_mlp *mlp) {
    uint32_t epochs = 0;
    OK(memqc_mlp_get_epochs(mlp, &epochs));
    return epochs;
}

static uint32_t best_of(memqc_mlp *mlp) {
    uint32_t epoch = 0;
    OK(memqc_mlp_get_best_epoch(mlp, &epoch));
    return epoch;
}

/* Equal to the bit, what is not known included. */
static int same_history(memqc_mlp *a, memqc_mlp *b) {
    int equal = epochs_of(a) == epochs_of(b);
    for (uint32_t epoch = 1; equal && epoch <= epochs_of(a); epoch++) {
        for (int32_t what = MEMQC_MLP_HISTORY_LOSS; what <= MEMQC_MLP_HISTORY_SATURATED; what++) {
            const double x = history(a, epoch, what), y = history(b, epoch, what);
            equal &= isnan(x) ? isnan(y) != 0 : memcmp(&x, &y, sizeof x) == 0;
        }
    }
    return equal && best_of(a) == best_of(b);
}

static memqc_mlp *make_watching(const struct kind *kind, double patience, double restore) {
    memqc_mlp *mlp = make_task_net(kind, 3);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_VALIDATION, 0.25));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_PATIENCE, patience));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_RESTORE_BEST, restore));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_PROGRESS_INTERVAL, 20));
    return mlp;
}

START_TEST(without_validation_it_is_epoch_after_epoch) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *fitted = make_task_net(kind, 5), *trained = make_task_net(kind, 5);
    for (int epoch = 0; epoch < 4; epoch++)
        OK(train_task(trained, NULL, NULL));
    OK(fit_task(fitted, 2, NULL, NULL));
    OK(fit_task(fitted, 4, NULL, NULL));
    OK(fit_task(fitted, 3, NULL, NULL)); /* are done */
    SAME(kind, "fit and train differ", fitted, trained);
    ck_assert(same_history(fitted, trained));
    ck_assert(isnan(history(fitted, 4, MEMQC_MLP_HISTORY_VALIDATION_LOSS)));
    ck_assert_uint_eq(best_of(fitted), 0);
    memqc_mlp_destroy(&fitted);
    memqc_mlp_destroy(&trained);
}
END_TEST

/* Sample i has only input i on, so that row i of the weights moves if and only if that sample is
 * trained on. */
enum { N = 40 };
static float one_hot[N][N];

static size_t find_held_back(uint64_t seed, double fraction, int held[N], double *loss,
                             double *expected) {
    static const size_t sizes[] = {N, 2};
    static float before[N][2], after[N][2], x[N][N];
    int32_t labels[N], held_labels[N];
    size_t n = 0;
    memqc_mlp *mlp = make(sizes, 2, NULL);
    for (size_t i = 0; i < N; i++) {
        one_hot[i][i] = 1;
        labels[i] = (int32_t)(i % 2);
    }
    OK(memqc_mlp_set(mlp, MEMQC_MLP_VALIDATION, fraction));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 0.1));
    OK(memqc_mlp_set_seed(mlp, seed));
    OK(memqc_mlp_get_weights(mlp, 0, &before[0][0], 2, NULL));
    OK(memqc_mlp_fit(mlp, N, &one_hot[0][0], N, labels, 2));
    OK(memqc_mlp_get_weights(mlp, 0, &after[0][0], 2, NULL));
    for (size_t i = 0; i < N; i++) {
        held[i] = memcmp(before[i], after[i], sizeof before[i]) == 0;
        if (!held[i])
            continue;
        memcpy(x[n], one_hot[i], sizeof x[n]);
        held_labels[n++] = labels[i];
    }
    OK(memqc_mlp_evaluate(mlp, n, &x[0][0], N, held_labels, expected, NULL, NULL));
    *loss = history(mlp, 2, MEMQC_MLP_HISTORY_VALIDATION_LOSS);
    memqc_mlp_destroy(&mlp);
    return n;
}

START_TEST(samples_held_back_are_not_trained_on) {
    static const double fractions[] = {0.001, 0.25, 0.5, 0.9};
    int held[3][N];
    for (size_t f = 0; f < COUNT(fractions); f++) {
        const size_t n = (size_t)fmax(1, rint(fractions[f] * N));
        for (uint64_t seed = 0; seed < 3; seed++) {
            double loss = 0, expected = 0;
            ck_assert_uint_eq(find_held_back(seed, fractions[f], held[seed], &loss, &expected), n);
            ck_assert_msg(fabs(loss - expected) < 1e-6 * expected, "loss %g, not %g", loss,
                          expected);
        }
        if (n > 1)
            ck_assert(memcmp(held[0], held[1], sizeof held[0]) != 0 &&
                      memcmp(held[0], held[2], sizeof held[0]) != 0);
    }
}
END_TEST

/* Weights that hardly move have no better epoch than the first one by more than the least that
 * counts. */
START_TEST(patience_ends_it) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *mlp = make_watching(kind, 3, 0);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 1e-9));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_MIN_DELTA, 1e-3));
    OK(fit_task(mlp, 50, NULL, NULL));
    ck_assert_uint_eq(epochs_of(mlp), 4);
    ck_assert_uint_eq(best_of(mlp), 1);
    OK(fit_task(mlp, 50, NULL, NULL)); /* as before: nothing is trained */
    ck_assert_uint_eq(epochs_of(mlp), 4);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_PATIENCE, 5));
    OK(fit_task(mlp, 50, NULL, NULL));
    ck_assert_uint_eq(epochs_of(mlp), 6);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_PATIENCE, 0));
    OK(fit_task(mlp, 8, NULL, NULL));
    ck_assert_uint_eq(epochs_of(mlp), 8);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* The best epoch by the history is the one that is named, and its weights are those of a network
 * that was trained until then. */
START_TEST(the_best_weights_come_back) {
    const struct kind *kind = &kinds[_i % KINDS];
    const int by_accuracy = _i / KINDS;
    memqc_mlp *mlp = make_watching(kind, 0, 1), *other = make_watching(kind, 0, 0);
    uint32_t best = 1;
    OK(memqc_mlp_set(mlp, MEMQC_MLP_MONITOR,
                     by_accuracy ? MEMQC_MLP_MONITOR_ACCURACY : MEMQC_MLP_MONITOR_LOSS));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 40)); /* so that it goes up and down */
    OK(memqc_mlp_set(other, MEMQC_MLP_LEARNING_RATE, 40));
    OK(fit_task(mlp, 7, NULL, NULL));
    OK(fit_task(mlp, 12, NULL, NULL)); /* goes on from the best */
    for (uint32_t epoch = 2; epoch <= 7; epoch++) {
        const int32_t what =
            by_accuracy ? MEMQC_MLP_HISTORY_VALIDATION_ACCURACY : MEMQC_MLP_HISTORY_VALIDATION_LOSS;
        const double now = history(mlp, epoch, what), then = history(mlp, best, what);
        best = by_accuracy ? (now > then ? epoch : best) : now < then ? epoch : best;
    }
    ck_assert(best_of(mlp) == best || best_of(mlp) > 7);
    memqc_mlp_destroy(&mlp);
    mlp = make_watching(kind, 0, 1);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_MONITOR,
                     by_accuracy ? MEMQC_MLP_MONITOR_ACCURACY : MEMQC_MLP_MONITOR_LOSS));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_LEARNING_RATE, 40));
    OK(fit_task(mlp, 7, NULL, NULL));
    ck_assert_uint_eq(best_of(mlp), best);
    OK(fit_task(other, best, NULL, NULL));
    struct state *states = calloc(2, sizeof *states);
    read_state(mlp, &states[0]);
    read_state(other, &states[1]);
    states[0].epochs = states[1].epochs = 0;
    ck_assert_msg(memcmp(&states[0], &states[1], sizeof *states) == 0,
                  "%s: not the weights of epoch %u", kind->name, best);
    free(states);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&other);
}
END_TEST

/* Totals over the crossbars of a network, since their first programming: pulses, energy, weights
 * beyond the range. */
struct totals {
    double pulses, energy, clipped;
};

static struct totals totals_of(memqc_mlp *mlp) {
    struct totals sum = {0, 0, 0};
    for (size_t l = 0; l < 2; l++) {
        const memqc_crossbar *xb = NULL;
        uint64_t count = 0;
        double set, reset, energy;
        if (memqc_mlp_borrow_crossbar(mlp, l, &xb) != MEMQC_OK)
            continue;
        OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET, &set));
        OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_RESET, &reset));
        OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_ENERGY, &energy));
        OK(memqc_crossbar_get_count(xb, MEMQC_CROSSBAR_COUNT_CLIPPED, &count));
        sum.pulses += set + reset;
        sum.energy += energy;
        sum.clipped += (double)count;
    }
    return sum;
}

START_TEST(the_history_is_what_was_reported) {
    const struct kind *kind = &kinds[_i];
    static struct log log;
    memset(&log, 0, sizeof log);
    memqc_mlp *mlp = make_task_net(kind, 5);
    double value = 0;
    OK(memqc_mlp_set(mlp, MEMQC_MLP_PROGRESS_INTERVAL, 1e9));
    OK(memqc_mlp_init(mlp));
    const struct totals before = totals_of(mlp);
    struct totals told = before;
    OK(fit_task(mlp, 3, record, &log));
    ck_assert_uint_eq(log.calls, 3);
    for (uint32_t epoch = 1; epoch <= 3; epoch++) {
        ck_assert_double_eq(history(mlp, epoch, MEMQC_MLP_HISTORY_LOSS), log.loss[epoch - 1]);
        ck_assert_double_eq(history(mlp, epoch, MEMQC_MLP_HISTORY_ACCURACY),
                            log.accuracy[epoch - 1]);
        ck_assert_double_eq(history(mlp, epoch, MEMQC_MLP_HISTORY_LEARNING_RATE), kind->rate);
        told.pulses += history(mlp, epoch, MEMQC_MLP_HISTORY_PULSES);
        told.energy += history(mlp, epoch, MEMQC_MLP_HISTORY_ENERGY);
        told.clipped += history(mlp, epoch, MEMQC_MLP_HISTORY_SATURATED);
    }
    const struct totals now = totals_of(mlp); /* all pulses since the first weights are in the
                                                 history */
    ck_assert_double_eq(told.pulses, now.pulses);
    ck_assert_double_eq(told.clipped, now.clipped);
    ck_assert_msg(fabs(told.energy - now.energy) <= 1e-9 * now.energy, "%g J, not %g", told.energy,
                  now.energy);
    ck_assert((now.pulses > before.pulses && now.energy > before.energy) == (kind->preset != NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "epoch = 4",
          memqc_mlp_get_history(mlp, 4, MEMQC_MLP_HISTORY_LOSS, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "epoch = 0",
          memqc_mlp_get_history(mlp, 0, MEMQC_MLP_HISTORY_LOSS, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "what = 9", memqc_mlp_get_history(mlp, 1, 9, &value));
    OK(memqc_mlp_reset(mlp));
    FAILS(MEMQC_ERROR_ARGUMENT, "epoch = 1",
          memqc_mlp_get_history(mlp, 1, MEMQC_MLP_HISTORY_LOSS, &value));
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(a_stopped_fit_goes_on) {
    const struct kind *kind = &kinds[_i];
    static struct log log;
    memqc_mlp *whole = make_watching(kind, 4, 1), *parts = make_watching(kind, 4, 1);
    OK(fit_task(whole, 9, NULL, NULL));
    for (uint64_t stop = 20; epochs_of(parts) < 5; stop = stop == 140            ? TASK_SAMPLES
                                                          : stop == TASK_SAMPLES ? 20
                                                                                 : stop + 40) {
        memset(&log, 0, sizeof log);
        log.stop_at = stop;
        const memqc_status status = fit_task(parts, 9, record, &log);
        ck_assert(status == MEMQC_STOPPED || status == MEMQC_OK);
        if (status == MEMQC_OK)
            break;
    }
    OK(fit_task(parts, 9, NULL, NULL));
    SAME(kind, "a fit in parts gives another network", whole, parts);
    ck_assert(same_history(whole, parts));
    memqc_mlp_destroy(&whole);
    memqc_mlp_destroy(&parts);
}
END_TEST

/* --- a failure in a later epoch --- */

static int32_t spoil(void *user, const double *at, size_t n) {
    (void)n;
    if (at[MEMQC_PROGRESS_EPOCH] >= *(uint32_t *)user)
        task_x[5] = (float)NAN;
    return 0;
}

START_TEST(a_failure_in_a_later_epoch_leaves_no_trace) {
    const struct kind *kind = &kinds[_i];
    memqc_mlp *spared = make_watching(kind, 0, 1), *tried = make_watching(kind, 0, 1);
    const float kept = task_x[5];
    uint32_t when = 3;
    FAILS(MEMQC_ERROR_DATA, "x[0, 5]",
          fit_task(tried, 20, spoil, &when)); /* nothing was drawn before */
    task_x[5] = kept;
    OK(memqc_mlp_set_seed(tried, 3));
    OK(fit_task(spared, 4, NULL, NULL));
    OK(fit_task(tried, 4, NULL, NULL));
    const uint32_t best = best_of(spared);
    when = 9;
    FAILS(MEMQC_ERROR_DATA, "x[0, 5]", fit_task(tried, 20, spoil, &when));
    task_x[5] = kept;
    SAME(kind, "a failure left something", spared, tried);
    ck_assert(same_history(spared, tried));
    ck_assert_uint_eq(best_of(tried), best);
    OK(fit_task(spared, 9, NULL, NULL)); /* the best weights, too, are those of before */
    OK(fit_task(tried, 9, NULL, NULL));
    SAME(kind, "a failure left something", spared, tried);
    ck_assert(same_history(spared, tried));
    memqc_mlp_destroy(&spared);
    memqc_mlp_destroy(&tried);
}
END_TEST

START_TEST(what_fit_refuses) {
    memqc_mlp *mlp = make_watching(&kinds[0], 0, 0);
    uint32_t epoch = 0;
    double value = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "mlp is NULL",
          memqc_mlp_fit(NULL, 1, task_x, TASK_INPUTS, task_labels, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "x is NULL",
          memqc_mlp_fit(mlp, 2, NULL, TASK_INPUTS, task_labels, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "labels is NULL",
          memqc_mlp_fit(mlp, 2, task_x, TASK_INPUTS, NULL, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "epochs = 0", fit_task(mlp, 0, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "epochs = 1000001", fit_task(mlp, 1000001, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "n = 1",
          memqc_mlp_fit(mlp, 1, task_x, TASK_INPUTS, task_labels, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "ldx", memqc_mlp_fit(mlp, 2, task_x, 3, task_labels, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_get_best_epoch(NULL, &epoch));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_get_best_epoch(mlp, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_get_history(NULL, 1, 1, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_mlp_get_history(mlp, 1, 1, NULL));
    OK(memqc_mlp_set_seed(mlp, 1)); /* no weights were drawn */
    memqc_mlp_destroy(&mlp);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_fit");
    TCase *tc = add_group(suite, "fit", make_task);
    tcase_add_loop_test(tc, without_validation_it_is_epoch_after_epoch, 0, KINDS);
    tcase_add_test(tc, samples_held_back_are_not_trained_on);
    tcase_add_loop_test(tc, patience_ends_it, 0, KINDS);
    tcase_add_loop_test(tc, the_best_weights_come_back, 0, 2 * KINDS);
    tcase_add_loop_test(tc, the_history_is_what_was_reported, 0, KINDS);
    tcase_add_loop_test(tc, a_stopped_fit_goes_on, 0, KINDS);
    tcase_add_loop_test(tc, a_failure_in_a_later_epoch_leaves_no_trace, 0, KINDS);
    tcase_add_test(tc, what_fit_refuses);
    return run_suite(suite);
}
