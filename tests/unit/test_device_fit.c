/* SPDX-License-Identifier: BSD-3-Clause */
/* Fits of curves that the library draws itself: devices, reports, outliers, and what is refused. */
#include "fits.h"

#include "core/constants.h"

#include <math.h>

/* The fitted device is the drawn one: its levels' closed forms agree. */
START_TEST(fitted_device_draws_alike) {
    memqc_device *d = staircases(MEMQC_G0, 0.03, 5),
                 *fitted = fit_staircases(MEMQC_DEVICE_QUANTIZED);
    int32_t model;
    model = model_of(fitted);
    ck_assert_int_eq(model, MEMQC_DEVICE_QUANTIZED);
    ck_assert_double_eq(get(fitted, MEMQC_DEVICE_STATES), LEVELS);
    for (int32_t level = 1; level <= LEVELS; level++) {
        double nominal, mean, sd, fitted_nominal, fitted_mean, fitted_sd;
        OK(memqc_device_level(d, level, &nominal, &mean, &sd));
        OK(memqc_device_level(fitted, level, &fitted_nominal, &fitted_mean, &fitted_sd));
        ck_assert_double_eq_tol(
            fitted_nominal, nominal,
            5 * hypot(error_of(fitted, MEMQC_DEVICE_G_MAX), error_of(fitted, MEMQC_DEVICE_G_MIN)));
        ck_assert_double_eq_tol(fitted_sd, sd,
                                5 * hypot(error_of(fitted, MEMQC_DEVICE_SIGMA),
                                          LEVELS * MEMQC_G0 * error_of(fitted, MEMQC_DEVICE_K)));
    }
    ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_POINTS, MEMQC_DEVICE_FIT_BEST),
                        ROWS - CYCLES);
    ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_CYCLES, MEMQC_DEVICE_FIT_BEST), CYCLES);
    ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_DEVICES, MEMQC_DEVICE_FIT_BEST), 1);
    ck_assert_double_gt(report(fitted, MEMQC_DEVICE_FIT_KS_P, MEMQC_DEVICE_FIT_BEST), 1e-3);
    ck_assert_double_eq_tol(
        report(fitted, MEMQC_DEVICE_FIT_AIC, MEMQC_DEVICE_FIT_BEST),
        2 * report(fitted, MEMQC_DEVICE_FIT_PARAMETERS, MEMQC_DEVICE_FIT_BEST) -
            2 * report(fitted, MEMQC_DEVICE_FIT_LOG_LIKELIHOOD, MEMQC_DEVICE_FIT_BEST),
        1e-9);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
}
END_TEST

START_TEST(order_of_rows_does_not_matter) {
    static float shuffled[ROWS];
    static int32_t cycles[ROWS], pulses[ROWS];
    memqc_device *d = staircases(MEMQC_G0, 0.03, 3), *a = fit_staircases(MEMQC_DEVICE_QUANTIZED),
                 *b;
    for (size_t i = 0; i < ROWS; i++) {
        const size_t from = (i * 175) % ROWS; /* 175 and 384 have no common divisor */
        shuffled[i] = g[from];
        cycles[i] = cycle_of[from];
        pulses[i] = pulse_of[from];
    }
    OK(fit(MEMQC_DEVICE_QUANTIZED, ROWS, NULL, cycles, pulses, NULL, shuffled, &b));
    for (int32_t key = MEMQC_DEVICE_STATES; key <= MEMQC_DEVICE_K; key++)
        ck_assert_double_eq(get(a, key), get(b, key));
    memqc_device_destroy(&d);
    memqc_device_destroy(&a);
    memqc_device_destroy(&b);
}
END_TEST

/* 5 % gross errors: the estimates stay within a few of the standard errors of clean data, and most
 * errors are found. */
START_TEST(outliers_do_not_ruin_it) {
    for (uint64_t seed = 1; seed <= 10; seed++) {
        memqc_device *d = staircases(MEMQC_G0, 0.03, seed);
        for (size_t i = 0; i < 19; i++)
            g[(i * 20 + seed) % ROWS] = (float)(60 * MEMQC_G0);
        memqc_device *fitted = fit_staircases(MEMQC_DEVICE_FIT_BEST);
        ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_CANDIDATE, MEMQC_DEVICE_FIT_BEST),
                            MEMQC_DEVICE_FIT_QUANTIZED_LINEAR);
        ck_assert_uint_ge(rows_left_out(fitted), 16); /* few are the first of their cycle */
        ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_K, 0.03)), 5);
        ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_SIGMA, MEMQC_G0)), 5);
        ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_G_MAX, 16 * MEMQC_G0)), 5);
        memqc_device_destroy(&d);
        memqc_device_destroy(&fitted);
    }
}
END_TEST

START_TEST(misread_pulses_are_bridged) {
    memqc_device *d = pulsed(MEMQC_DEVICE_SOFT_BOUNDS, 4), *fitted;
    const size_t n = trains(d, 1, 6);
    for (size_t i = 7; i < n; i += 40)
        g[i] = 300e-6f;
    OK(fit(MEMQC_DEVICE_SOFT_BOUNDS, n, NULL, cycle_of, pulse_of, direction_of, g, &fitted));
    ck_assert_uint_ge(rows_left_out(fitted), 9);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_STEP, get(d, MEMQC_DEVICE_STEP))), 5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_C2C_STEP, 0.3)), 5);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
}
END_TEST

/* Spreads over 12 devices: as far from the truth as their standard errors say, over the seeds. */
START_TEST(spread_of_devices_is_recovered) {
    static const struct setting spreads[] = {{MEMQC_DEVICE_D2D_G_MAX, 0.1},
                                             {MEMQC_DEVICE_D2D_G_MIN, 0.2},
                                             {MEMQC_DEVICE_D2D_STEP, 0.2},
                                             {MEMQC_DEVICE_D2D_NOISE, 0.3}};
    int within = 0, all = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        memqc_device *d = pulsed(MEMQC_DEVICE_SOFT_BOUNDS, seed), *fitted;
        for (size_t i = 0; i < 4; i++)
            OK(memqc_device_set(d, spreads[i].key, spreads[i].value));
        const size_t n = trains(d, 12, 6);
        OK(fit(MEMQC_DEVICE_SOFT_BOUNDS, n, device_of, cycle_of, pulse_of, direction_of, g,
               &fitted));
        ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_DEVICES, MEMQC_DEVICE_FIT_BEST), 12);
        for (size_t i = 0; i < 4; i++, all++) {
            ck_assert_double_gt(error_of(fitted, spreads[i].key), 0);
            ck_assert_double_lt(fabs(off(fitted, spreads[i].key, spreads[i].value)), 5);
            within += fabs(off(fitted, spreads[i].key, spreads[i].value)) <= 2;
        }
        memqc_device_destroy(&d);
        memqc_device_destroy(&fitted);
    }
    ck_assert_int_ge(within, all * 3 / 4);
}
END_TEST

START_TEST(copies_have_the_report_and_others_none) {
    memqc_device *d = staircases(MEMQC_G0, 0.03, 1),
                 *fitted = fit_staircases(MEMQC_DEVICE_QUANTIZED), *copy;
    double value;
    FAILS(MEMQC_ERROR_STATE, "memqc_device_fit()",
          memqc_device_fit_value(d, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_BEST, &value));
    OK(memqc_device_copy(fitted, &copy));
    ck_assert_double_eq(report(copy, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_BEST),
                        report(fitted, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_BEST));
    FAILS(MEMQC_ERROR_ARGUMENT, "what = 14 is no such constant",
          memqc_device_fit_value(fitted, 14, MEMQC_DEVICE_FIT_BEST, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "which = 77",
          memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_BIC, 77, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "which = 2",
          memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_POINTS, 2, &value));
    FAILS(
        MEMQC_ERROR_ARGUMENT,
        "what = 403 is MEMQC_PHASE_SENSITIVITY, a phase of a long call; a value of a fit is wanted",
        memqc_device_fit_value(fitted, MEMQC_PHASE_SENSITIVITY, MEMQC_DEVICE_FIT_BEST, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "which = 1171 is MEMQC_DEVICE_FIT_POINTS",
          memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_POINTS, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "key",
          memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_STANDARD_ERROR, 0, &value));
    FAILS(MEMQC_ERROR_STATE, "candidate",
          memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_POWER, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_device_fit_value(NULL, 1, 1, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_device_fit_value(fitted, 1, 1, NULL));
    memqc_device_destroy(&d);
    memqc_device_destroy(&copy);
    memqc_device_destroy(&fitted);
}
END_TEST

static void refused(memqc_status status, const char *word, size_t n) {
    memqc_device *out = (memqc_device *)(void *)g;
    FAILS(status, word,
          fit(MEMQC_DEVICE_FIT_BEST, n, NULL, cycle_of, pulse_of, direction_of, g, &out));
    ck_assert_ptr_null(out);
}

START_TEST(what_cannot_be_fitted_is_refused) {
    memqc_device *d = staircases(MEMQC_G0, 0.03, 1), *out = NULL;
    for (size_t i = 0; i < ROWS; i++)
        direction_of[i] = -1;
    refused(MEMQC_ERROR_DATA, "n = 8 rows", 8);
    refused(MEMQC_ERROR_DATA, "n = 0 rows", 0);
    pulse_of[17] = 17;
    refused(MEMQC_ERROR_DATA, "pulse 17 twice, in rows 16 and 17", ROWS);
    pulse_of[17] = -18;
    refused(MEMQC_ERROR_DATA, "pulse[17]", ROWS);
    pulse_of[17] = 18;
    direction_of[9] = 0;
    refused(MEMQC_ERROR_DATA, "direction[9]", ROWS);
    direction_of[9] = -1;
    for (size_t i = 0; i < ROWS; i++)
        cycle_of[i] = (int32_t)i;
    refused(MEMQC_ERROR_DATA, "has 0 points", ROWS);
    for (size_t i = 0; i < ROWS; i++)
        g[i] = 1e-4f, cycle_of[i] = (int32_t)(i / LEVELS);
    refused(MEMQC_ERROR_DATA, "constant", ROWS);
    FAILS(MEMQC_ERROR_ARGUMENT, "model = 99 is no such constant",
          fit(99, ROWS, NULL, cycle_of, pulse_of, NULL, g, &out));
    FAILS(MEMQC_ERROR_ARGUMENT, "the pulse numbers, is missing",
          fit(MEMQC_DEVICE_FIT_BEST, ROWS, NULL, cycle_of, NULL, NULL, g, &out));
    FAILS(MEMQC_ERROR_ARGUMENT, "g is NULL",
          fit(MEMQC_DEVICE_FIT_BEST, ROWS, NULL, cycle_of, pulse_of, NULL, NULL, &out));
    FAILS(MEMQC_ERROR_ARGUMENT, "out is NULL",
          fit(MEMQC_DEVICE_FIT_BEST, ROWS, NULL, cycle_of, pulse_of, NULL, g, NULL));
    memqc_device_destroy(&d);
    memqc_device *up = pulsed(MEMQC_DEVICE_CONSTANT, 1); /* potentiation alone: level 1 and no other
                                                            */
    trains(up, 1, 1);
    FAILS(MEMQC_ERROR_DATA, "3 .. 4096 levels",
          fit(MEMQC_DEVICE_QUANTIZED, TRAIN, NULL, cycle_of, pulse_of, direction_of, g, &out));
    memqc_device_destroy(&up);
}
END_TEST

/* Columns of a later library, and those that a caller does not have. */
START_TEST(columns_beyond_the_known_must_be_null) {
    memqc_device *d = staircases(MEMQC_G0, 0.03, 1), *out = NULL;
    const int32_t *columns[7] = {NULL, cycle_of, pulse_of, NULL, NULL, NULL, NULL};
    FAILS(MEMQC_ERROR_ARGUMENT, "columns is NULL",
          memqc_device_fit(MEMQC_DEVICE_QUANTIZED, ROWS, 7, NULL, g, NULL, NULL, &out));
    OK(memqc_device_fit(MEMQC_DEVICE_QUANTIZED, ROWS, 7, columns, g, NULL, NULL, &out));
    memqc_device_destroy(&out);
    OK(memqc_device_fit(MEMQC_DEVICE_QUANTIZED, ROWS, 3, columns, g, NULL, NULL, &out));
    memqc_device_destroy(&out);
    FAILS(MEMQC_ERROR_ARGUMENT, "the pulse numbers",
          memqc_device_fit(MEMQC_DEVICE_QUANTIZED, ROWS, 2, columns, g, NULL, NULL, &out));
    columns[5] = cycle_of;
    FAILS(MEMQC_ERROR_ARGUMENT, "columns[5] is not NULL",
          memqc_device_fit(MEMQC_DEVICE_QUANTIZED, ROWS, 7, columns, g, NULL, NULL, &out));
    ck_assert_ptr_null(out);
    memqc_device_destroy(&d);
}
END_TEST

/* Constants of other enumerations are refused by a text that names them. */
START_TEST(foreign_constants_are_refused) {
    memqc_device *d = staircases(MEMQC_G0, 0.03, 1), *out = NULL,
                 *fitted = fit_staircases(MEMQC_DEVICE_QUANTIZED);
    const int32_t best = MEMQC_DEVICE_FIT_BEST, error = MEMQC_DEVICE_FIT_STANDARD_ERROR;
    const char *name = NULL, *what = NULL;
    double value;
    for (int32_t constant = 101; constant < 4000; constant++) {
        if (!mqc_constant(constant, &name, &what))
            continue;
        const int is_model = strcmp(what, "a model of a device") == 0;
        const int is_candidate = strcmp(what, "a candidate of a fit") == 0;
        if (!is_model && !is_candidate)
            FAILS(MEMQC_ERROR_ARGUMENT, name,
                  fit(constant, ROWS, NULL, cycle_of, pulse_of, NULL, g, &out));
        if (strcmp(what, "a value of a fit") != 0)
            FAILS(MEMQC_ERROR_ARGUMENT, name,
                  memqc_device_fit_value(fitted, constant, best, &value));
        if (strcmp(what, "a parameter of a device") != 0)
            FAILS(MEMQC_ERROR_ARGUMENT, name,
                  memqc_device_fit_value(fitted, error, constant, &value));
        if ((!is_model || constant == MEMQC_DEVICE_QUANTIZED) && !is_candidate)
            FAILS(MEMQC_ERROR_ARGUMENT, name,
                  memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_BIC, constant, &value));
        if (constant != best)
            FAILS(MEMQC_ERROR_ARGUMENT, name,
                  memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_POINTS, constant, &value));
    }
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}
END_TEST

struct told {
    int calls, last;
    double done, total;
};

static int32_t listen(void *user, const double *at, size_t n) {
    struct told *told = user;
    ck_assert_uint_gt(n, MEMQC_PROGRESS_ACCURACY);
    ck_assert_double_eq(at[MEMQC_PROGRESS_PHASE], MEMQC_PHASE_FIT);
    ck_assert_double_eq(at[MEMQC_PROGRESS_EPOCH], 0);
    ck_assert(isnan(at[MEMQC_PROGRESS_LOSS]) && isnan(at[MEMQC_PROGRESS_ACCURACY]));
    told->done = at[MEMQC_PROGRESS_DONE];
    told->total = at[MEMQC_PROGRESS_TOTAL];
    ck_assert_double_eq(told->done, ++told->calls);
    return told->calls == told->last;
}

START_TEST(progress_is_told_and_may_stop) {
    memqc_device *d = staircases(MEMQC_G0, 0.03, 1), *out = NULL;
    const int32_t *const columns[3] = {NULL, cycle_of, pulse_of};
    struct told told = {0, 0, 0, 0}, laws = {0, 0, 0, 0}, stopping = {0, 2, 0, 0};
    OK(memqc_device_fit(MEMQC_DEVICE_FIT_BEST, ROWS, 3, columns, g, listen, &told, &out));
    ck_assert(told.done == 12 && told.total == 12);
    memqc_device_destroy(&out);
    OK(memqc_device_fit(MEMQC_DEVICE_QUANTIZED, ROWS, 3, columns, g, listen, &laws, &out));
    ck_assert(laws.done == 4 && laws.total == 4);
    memqc_device_destroy(&out);
    FAILS(MEMQC_STOPPED, "after 2 of 12 candidates",
          memqc_device_fit(MEMQC_DEVICE_FIT_BEST, ROWS, 3, columns, g, listen, &stopping, &out));
    ck_assert_ptr_null(out);
    memqc_device_destroy(&d);
}
END_TEST

/* Curves without any noise, and curves with gaps. */
START_TEST(ideal_and_thinned_curves_are_fitted) {
    memqc_device *d = staircases(0, 0.03, 1), *fitted = fit_staircases(MEMQC_DEVICE_FIT_BEST);
    ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_G_MAX), 16 * MEMQC_G0, 1e-6 * MEMQC_G0);
    ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_G_MIN), 0.5 * MEMQC_G0, 1e-6 * MEMQC_G0);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
    d = pulsed(MEMQC_DEVICE_SOFT_BOUNDS, 2);
    size_t n = trains(d, 1, 12), kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (i % 3 == 1)
            continue;
        g[kept] = g[i];
        cycle_of[kept] = cycle_of[i];
        pulse_of[kept] = pulse_of[i];
        direction_of[kept++] = direction_of[i];
    }
    OK(fit(MEMQC_DEVICE_SOFT_BOUNDS, kept, NULL, cycle_of, pulse_of, direction_of, g, &fitted));
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_STEP, get(d, MEMQC_DEVICE_STEP))), 5);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("device_fit");
    TCase *tests = add_group(suite, "fit", NULL);
    tcase_add_test(tests, fitted_device_draws_alike);
    tcase_add_test(tests, order_of_rows_does_not_matter);
    tcase_add_test(tests, outliers_do_not_ruin_it);
    tcase_add_test(tests, misread_pulses_are_bridged);
    tcase_add_test(tests, spread_of_devices_is_recovered);
    tcase_add_test(tests, copies_have_the_report_and_others_none);
    tcase_add_test(tests, what_cannot_be_fitted_is_refused);
    tcase_add_test(tests, columns_beyond_the_known_must_be_null);
    tcase_add_test(tests, foreign_constants_are_refused);
    tcase_add_test(tests, progress_is_told_and_may_stop);
    tcase_add_test(tests, ideal_and_thinned_curves_are_fitted);
    return run_suite(suite);
}
