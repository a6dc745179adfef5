/* SPDX-License-Identifier: BSD-3-Clause */
/* Fits of measurements in which something went wrong: what is left out, why, and what the rest says. */
#include "dirt.h"

#include "fit/data.h"

enum { LISTED = 1024 };

static size_t rows[LISTED];
static float values[LISTED];
static int32_t reasons[LISTED];

static size_t left_out(const memqc_device *fitted) {
    size_t n = 0;
    OK(memqc_device_fit_left_out(fitted, LISTED, rows, values, reasons, &n));
    return n;
}

static memqc_device *fit_dirty(int32_t model, size_t n) {
    memqc_device *fitted;
    OK(fit(model, n, NULL, cycle_of, pulse_of, direction_of, g, &fitted));
    return fitted;
}

static memqc_device *clean_stairs(uint64_t seed) {
    memqc_device *d = staircases(MEMQC_G0, 0.03, seed);
    for (size_t i = 0; i < ROWS; i++)
        direction_of[i] = -1;
    return d;
}

static void check_stairs(const memqc_device *fitted) {
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_G_MAX, 16 * MEMQC_G0)), 3.5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_G_MIN, 0.5 * MEMQC_G0)), 3.5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_SIGMA, MEMQC_G0)), 3.5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_K, 0.03)), 3.5);
}

/* Version 0.2 answered sigma = 77.5 uS, its default, with a standard error of 0. */
START_TEST(one_value_a_million_times_too_large) {
    memqc_device *d = clean_stairs((uint64_t)_i + 1);
    g[100] *= 1e6f;
    memqc_device *fitted = fit_dirty(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR, ROWS);
    check_stairs(fitted);
    ck_assert_uint_eq(left_out(fitted), 1);
    ck_assert_uint_eq(rows[0], 100);
    ck_assert_float_eq(values[0], g[100]);
    ck_assert_int_eq(reasons[0], MEMQC_DEVICE_LEFT_OUT_SCALE);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(overflows_are_listed_with_their_reasons) {
    static const struct {
        size_t row;
        float value;
        int32_t reason;
    } flaws[] = {{5, 9.9e37f, MEMQC_DEVICE_LEFT_OUT_OVERFLOW},
                 {40, 9.91e37f, MEMQC_DEVICE_LEFT_OUT_OVERFLOW},
                 {77, INFINITY, MEMQC_DEVICE_LEFT_OUT_NOT_FINITE},
                 {130, NAN, MEMQC_DEVICE_LEFT_OUT_NOT_FINITE},
                 {200, -9.9e37f, MEMQC_DEVICE_LEFT_OUT_OVERFLOW},
                 {230, 1.0101e-38f, MEMQC_DEVICE_LEFT_OUT_OVERFLOW},
                 {300, -1e-4f, MEMQC_DEVICE_LEFT_OUT_NEGATIVE},
                 {330, 0, MEMQC_DEVICE_LEFT_OUT_ZERO},
                 {360, 60 * 77.5e-6f, MEMQC_DEVICE_LEFT_OUT_ISOLATED}};
    memqc_device *d = clean_stairs(1);
    for (size_t i = 0; i < COUNT(flaws); i++)
        g[flaws[i].row] = flaws[i].value;
    memqc_device *fitted = fit_dirty(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR, ROWS);
    check_stairs(fitted);
    ck_assert_uint_eq(left_out(fitted), COUNT(flaws));
    for (size_t i = 0; i < COUNT(flaws); i++) {
        ck_assert_uint_eq(rows[i], flaws[i].row);
        ck_assert_int_eq(reasons[i], flaws[i].reason);
    }
    ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_POINTS, MEMQC_DEVICE_FIT_BEST),
                        ROWS - CYCLES - COUNT(flaws));
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}
END_TEST

/* Five of a hundred misread at one value: as a bound, that value would set the window. */
START_TEST(misreads_do_not_set_the_window) {
    memqc_device *d = pulsed(MEMQC_DEVICE_SOFT_BOUNDS, 3);
    const size_t n = trains(d, 1, 6);
    size_t spoilt = 0;
    dirty(_i ? DIRT_ZERO : DIRT_ABOVE, 0.05, n, 10e-6, 100e-6, 1, &spoilt);
    memqc_device *fitted = fit_dirty(MEMQC_DEVICE_SOFT_BOUNDS, n);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_STEP, get(d, MEMQC_DEVICE_STEP))), 3.5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_C2C_STEP, 0.3)), 3.5);
    ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_G_MAX), 100e-6, 2e-6);
    ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_G_MIN), 10e-6, 2e-6);
    ck_assert_uint_ge(left_out(fitted), spoilt - 2);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}
END_TEST

/* Zeros at the ends of cycles, and misreads in a row, have the same pulse of other cycles beside them only.
 * One of them left set the window: POWER_DOWN was up to 14 standard errors off. */
START_TEST(misreads_hide_neither_at_ends_nor_in_rows) {
    static const struct {
        enum dirt kind;
        uint64_t seed;
    } cases[] = {
        {DIRT_ZERO, 9}, {DIRT_ZERO, 13}, {DIRT_ZERO, 15}, {DIRT_ZERO, 18}, {DIRT_ABOVE, 6}};
    memqc_device *d = pulsed(MEMQC_DEVICE_POWER, cases[_i].seed);
    const size_t n = trains(d, 1, 8);
    size_t spoilt = 0;
    dirty(cases[_i].kind, 0.05, n, 10e-6, 100e-6, cases[_i].seed, &spoilt);
    memqc_device *fitted = fit_dirty(MEMQC_DEVICE_POWER, n);
    ck_assert_uint_ge(left_out(fitted), spoilt);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_POWER_UP, 2)), 3.5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_POWER_DOWN, 1.6)), 3.5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_G_MAX, 100e-6)), 3.5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_G_MIN, 10e-6)), 3.5);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(a_failed_cycle_is_left_out) {
    memqc_device *d = clean_stairs(2);
    size_t spoilt;
    dirty(DIRT_CYCLE, 0, ROWS, 0.5 * MEMQC_G0, 16 * MEMQC_G0, 1, &spoilt);
    memqc_device *fitted = fit_dirty(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR, ROWS);
    check_stairs(fitted);
    ck_assert_uint_eq(left_out(fitted), LEVELS);
    for (size_t i = 0; i < LEVELS; i++) {
        ck_assert_uint_eq(rows[i], 5 * LEVELS + i);
        ck_assert_int_eq(reasons[i], MEMQC_DEVICE_LEFT_OUT_CYCLE);
    }
    ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_CYCLES, MEMQC_DEVICE_FIT_BEST), CYCLES - 1);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}
END_TEST

/* 2 % a cycle: 22 % between the first and the last of twelve. */
START_TEST(a_drift_is_estimated_and_taken_out) {
    memqc_device *d = clean_stairs(3), *steady = fit_dirty(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR, ROWS);
    const int32_t drift = MEMQC_DEVICE_FIT_DRIFT, error = MEMQC_DEVICE_FIT_DRIFT_ERROR,
                  best = MEMQC_DEVICE_FIT_BEST;
    ck_assert_double_gt(report(steady, error, best), 0);
    ck_assert_double_lt(fabs(report(steady, drift, best)), 4 * report(steady, error, best));
    for (size_t i = 0; i < ROWS; i++)
        g[i] *= (float)(1 + 0.02 * (cycle_of[i] - 5.5));
    memqc_device *fitted = fit_dirty(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR, ROWS);
    check_stairs(fitted);
    ck_assert_double_lt(fabs(report(fitted, drift, best) - 0.02), 4 * report(fitted, error, best));
    ck_assert_double_lt(report(fitted, error, best), 0.003);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&steady);
    memqc_device_destroy(&d);
}
END_TEST

/* A device that reaches its bounds: they drift with everything else, and readings that stand on them
 * tell by how much. Seven cycles lie between the first of eight and the last. */
START_TEST(bounds_tell_the_drift_to_the_digit) {
    static const int32_t models[] = {MEMQC_DEVICE_CONSTANT, MEMQC_DEVICE_NEUROSIM};
    const int32_t model = models[_i % 2], best = MEMQC_DEVICE_FIT_BEST;
    const double share = _i < 2 ? 0.005 : 0.05;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        memqc_device *d = pulsed(model, seed);
        const size_t n = trains(d, 1, 8);
        size_t spoilt;
        memqc_device *steady = fit_dirty(model, n);
        dirty(DIRT_DRIFT, share, n, 10e-6, 100e-6, seed, &spoilt);
        memqc_device *fitted = fit_dirty(model, n);
        ck_assert_double_eq_tol(report(fitted, MEMQC_DEVICE_FIT_DRIFT, best), share / 7, 1e-6);
        ck_assert_double_lt(report(fitted, MEMQC_DEVICE_FIT_DRIFT_ERROR, best), 1e-6);
        ck_assert_double_eq_tol(report(steady, MEMQC_DEVICE_FIT_DRIFT, best), 0, 1e-6);
        ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_AT_BOUNDS, model),
                            report(steady, MEMQC_DEVICE_FIT_AT_BOUNDS, model));
        ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_C2C_STEP),
                                get(steady, MEMQC_DEVICE_C2C_STEP), 1e-3);
        ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_NL_UP), get(steady, MEMQC_DEVICE_NL_UP),
                                1e-3);
        memqc_device_destroy(&fitted);
        memqc_device_destroy(&steady);
        memqc_device_destroy(&d);
    }
}
END_TEST

/* Soft bounds are never reached, and the noise vanishes beside them, so that an error of the drift moves
 * the window by far more than its error: both are estimated together. These seeds were 3.5 to 5
 * standard errors off. */
START_TEST(a_drift_beside_soft_bounds_moves_no_window) {
    static const uint64_t seeds[] = {2, 3, 7, 8, 9, 14, 15, 20};
    const int32_t best = MEMQC_DEVICE_FIT_BEST;
    memqc_device *d = pulsed(MEMQC_DEVICE_SOFT_BOUNDS, seeds[_i]);
    const size_t n = trains(d, 1, 8);
    size_t spoilt;
    dirty(DIRT_DRIFT, 0.05, n, 10e-6, 100e-6, 1, &spoilt);
    memqc_device *fitted = fit_dirty(MEMQC_DEVICE_SOFT_BOUNDS, n);
    const double error = report(fitted, MEMQC_DEVICE_FIT_DRIFT_ERROR, best);
    ck_assert_double_lt(fabs(report(fitted, MEMQC_DEVICE_FIT_DRIFT, best) - 0.05 / 7), 3.5 * error);
    ck_assert_double_lt(error, 1e-3);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_G_MAX, 100e-6)), 3.5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_G_MIN, 10e-6)), 3.5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_STEP, get(d, MEMQC_DEVICE_STEP))), 3.5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_ASYMMETRY, 0)), 3.5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_C2C_STEP, 0.3)), 3.5);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(mixed_units_are_refused_with_their_rows) {
    static const size_t wrong[] = {3, 40, 41, 200, 311};
    memqc_device *d = clean_stairs(1), *out = NULL;
    for (size_t i = 0; i < COUNT(wrong); i++)
        g[wrong[i]] *= 1000;
    FAILS(MEMQC_ERROR_DATA, "rows 3, 40, 41, 200, 311 are 1000 times",
          fit(MEMQC_DEVICE_FIT_BEST, ROWS, NULL, cycle_of, pulse_of, direction_of, g, &out));
    memqc_device_destroy(&d);
    d = clean_stairs(1);
    for (size_t i = 5 * LEVELS; i < 7 * LEVELS; i++) /* two cycles in uS among ten in S */
        g[i] *= 1e6f;
    FAILS(MEMQC_ERROR_DATA, "rows 160, 161, 162, 163, 164, 165 and 58 more are 1000000 times",
          fit(MEMQC_DEVICE_FIT_BEST, ROWS, NULL, cycle_of, pulse_of, direction_of, g, &out));
    memqc_device_destroy(&d);
    d = pulsed(MEMQC_DEVICE_SOFT_BOUNDS, 3);
    const size_t n = trains(d, 4, 3);
    for (size_t i = 2 * n / 4; i < 3 * n / 4; i++)
        g[i] *= 1e-3f;
    FAILS(MEMQC_ERROR_DATA, "device 2, from row 384 on, are 0.001 times",
          fit(MEMQC_DEVICE_FIT_BEST, n, device_of, cycle_of, pulse_of, direction_of, g, &out));
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(too_many_flaws_are_refused) {
    memqc_device *d = clean_stairs(1), *out = NULL;
    for (size_t i = 7; i < 7 + ROWS / 3; i++)
        g[i] = NAN;
    FAILS(MEMQC_ERROR_DATA, "128 of 384 rows are no measurements of the device, the first is row 7",
          fit(MEMQC_DEVICE_FIT_BEST, ROWS, NULL, cycle_of, pulse_of, direction_of, g, &out));
    for (size_t i = 0; i < ROWS; i++)
        g[i] = NAN;
    FAILS(MEMQC_ERROR_DATA, "384 of 384 rows",
          fit(MEMQC_DEVICE_FIT_BEST, ROWS, NULL, cycle_of, pulse_of, direction_of, g, &out));
    memqc_device_destroy(&d);
}
END_TEST

/* A fit of clean data has the bits of one without any cleaning: those of golden/digest.txt, and here
 * the same rows, all of them. */
START_TEST(nothing_is_left_out_of_clean_data) {
    for (int32_t model = MEMQC_DEVICE_CONSTANT; model <= MEMQC_DEVICE_TABLE; model++) {
        memqc_device *d = pulsed(model, (uint64_t)_i + 1);
        const size_t n = trains(d, 1, 6);
        memqc_device *fitted = fit_dirty(model, n);
        for (size_t i = 0, listed = left_out(fitted); i < listed; i++)
            ck_assert_int_eq(reasons[i], MEMQC_DEVICE_LEFT_OUT_OUTLIER);
        ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_POINTS, MEMQC_DEVICE_FIT_BEST),
                            (double)n - 6);
        memqc_device_destroy(&fitted);
        memqc_device_destroy(&d);
    }
}
END_TEST

/* Nor where the noise of a pulse is as large as its step. */
START_TEST(noise_is_no_dirt) {
    const struct mqc_fit_columns columns = {NULL, cycle_of, pulse_of, direction_of, NULL};
    for (int32_t model = MEMQC_DEVICE_CONSTANT; model <= MEMQC_DEVICE_TABLE; model++) {
        for (uint64_t seed = 1; seed <= 10; seed++) {
            memqc_device *d = pulsed(model, seed);
            struct mqc_fit_data data;
            OK(memqc_device_set(d, MEMQC_DEVICE_C2C_STEP, 1));
            OK(mqc_fit_data_make(&data, trains(d, 1, seed % 2 ? 8 : 1), &columns, g));
            ck_assert_uint_eq(data.n, data.given);
            for (size_t i = 0; i < data.n; i++)
                ck_assert_double_eq(data.rows[i].g, (double)g[i]);
            mqc_fit_data_free(&data);
            memqc_device_destroy(&d);
        }
    }
}
END_TEST

/* The rows after a SET that is left out keep their levels. */
START_TEST(levels_survive_a_lost_set) {
    memqc_device *d = clean_stairs(4);
    for (size_t i = 0; i < ROWS; i += LEVELS)
        direction_of[i] = 1;
    g[3 * LEVELS] = NAN;
    memqc_device *fitted = fit_dirty(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR, ROWS);
    check_stairs(fitted);
    ck_assert_double_eq(get(fitted, MEMQC_DEVICE_STATES), LEVELS);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(the_list_is_copied_and_saved) {
    static unsigned char bytes[1 << 14];
    memqc_device *d = clean_stairs(1), *copy, *loaded;
    size_t size = 0, n = 0, some[1];
    int32_t why[1];
    g[10] = NAN;
    g[20] = 60 * (float)MEMQC_G0;
    memqc_device *fitted = fit_dirty(MEMQC_DEVICE_QUANTIZED, ROWS);
    OK(memqc_device_copy(fitted, &copy));
    OK(memqc_device_save_memory(copy, bytes, sizeof bytes, &size));
    OK(memqc_device_load_memory(bytes, size, &loaded));
    const memqc_device *const all[] = {fitted, copy, loaded};
    for (size_t i = 0; i < COUNT(all); i++) {
        ck_assert_uint_eq(left_out(all[i]), 2);
        ck_assert(rows[0] == 10 && rows[1] == 20);
        ck_assert(isnan(values[0]) && values[1] == g[20]);
        ck_assert_int_eq(reasons[0], MEMQC_DEVICE_LEFT_OUT_NOT_FINITE);
        ck_assert_int_eq(reasons[1], MEMQC_DEVICE_LEFT_OUT_ISOLATED);
        ck_assert(report(all[i], MEMQC_DEVICE_FIT_DRIFT_ERROR, MEMQC_DEVICE_FIT_BEST) > 0);
    }
    OK(memqc_device_fit_left_out(fitted, 0, NULL, NULL, NULL, &n));
    ck_assert_uint_eq(n, 2);
    FAILS(MEMQC_ERROR_ARGUMENT, "room = 1; the fit left out 2 rows",
          memqc_device_fit_left_out(fitted, 1, some, values, why, &n));
    FAILS(MEMQC_ERROR_ARGUMENT, "rows is NULL",
          memqc_device_fit_left_out(fitted, 2, NULL, values, reasons, &n));
    FAILS(MEMQC_ERROR_STATE, "not made by memqc_device_fit",
          memqc_device_fit_left_out(d, 0, NULL, NULL, NULL, &n));
    ck_assert_ptr_null(memqc_device_fit_reason(0));
    ck_assert_ptr_null(memqc_device_fit_reason(MEMQC_DEVICE_LEFT_OUT_OUTLIER + 1));
    ck_assert_str_eq(memqc_device_fit_reason(MEMQC_DEVICE_LEFT_OUT_ISOLATED),
                     "far from its neighbours");
    memqc_device_destroy(&loaded);
    memqc_device_destroy(&copy);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&d);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("device_fit_dirty");
    TCase *tests = add_group(suite, "dirty", NULL);
    tcase_add_loop_test(tests, one_value_a_million_times_too_large, 0, 3);
    tcase_add_test(tests, overflows_are_listed_with_their_reasons);
    tcase_add_loop_test(tests, misreads_do_not_set_the_window, 0, 2);
    tcase_add_loop_test(tests, misreads_hide_neither_at_ends_nor_in_rows, 0, 5);
    tcase_add_test(tests, a_failed_cycle_is_left_out);
    tcase_add_test(tests, a_drift_is_estimated_and_taken_out);
    tcase_add_loop_test(tests, bounds_tell_the_drift_to_the_digit, 0, 4);
    tcase_add_loop_test(tests, a_drift_beside_soft_bounds_moves_no_window, 0, 8);
    tcase_add_test(tests, mixed_units_are_refused_with_their_rows);
    tcase_add_test(tests, too_many_flaws_are_refused);
    tcase_add_loop_test(tests, nothing_is_left_out_of_clean_data, 0, 2);
    tcase_add_test(tests, noise_is_no_dirt);
    tcase_add_test(tests, levels_survive_a_lost_set);
    tcase_add_test(tests, the_list_is_copied_and_saved);
    return run_suite(suite);
}
