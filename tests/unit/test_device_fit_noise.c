/* SPDX-License-Identifier: BSD-3-Clause */
/* Fits of readings whose noise hides the steps. The traces are made here, by random numbers and step
 * laws of this file's own. */
#include "noisy.h"

static const double range = noisy_high - noisy_low;

static const struct noisy_course courses[] = {
    {MEMQC_DEVICE_CONSTANT, 0.9, 0, 0, 0.3, 8, 0, 0},
    {MEMQC_DEVICE_LINEAR, 0.9, 0.6, 0, 0.3, 8, 0, 0},
    {MEMQC_DEVICE_SOFT_BOUNDS, 0.9, 0, 0, 0.3, 8, 0, 0},
    {MEMQC_DEVICE_CONSTANT, 0.9, 0, 0, 0.3, 35, 35, 0},
    {MEMQC_DEVICE_LINEAR, 0.9, 0.6, 0, 0.3, 35, 35, 0},
    {MEMQC_DEVICE_SOFT_BOUNDS, 0.9, 0, 0, 0.3, 35, 35, 0},
};

/* The noise of a reading is not taken for that of a pulse: version 0.2 made the steps up to eighty times
 * too large. */
START_TEST(steps_are_found_below_the_noise) {
    struct noisy_course course = courses[_i];
    const double within = course.slow > 0 ? 0.25 : 0.1;
    noisy_prepare(&course);
    for (uint64_t seed = 1; seed <= 2; seed++) {
        noisy_measure(&course, seed);
        memqc_device *fitted = noisy_fit(course.model);
        const double step = get(fitted, MEMQC_DEVICE_STEP) / (course.step * range);
        ck_assert_msg(fabs(step - 1) < within, "step is %g of the truth", step);
        const double off_white =
            get(fitted, MEMQC_DEVICE_READ_NOISE) - noisy_siemens(&course, course.white);
        ck_assert_msg(fabs(off_white) < 3 * error_of(fitted, MEMQC_DEVICE_READ_NOISE),
                      "white noise is off by %g S", off_white);
        if (course.slow > 0) {
            const double off_slow =
                get(fitted, MEMQC_DEVICE_READ_NOISE_SLOW) - noisy_siemens(&course, course.slow);
            ck_assert_msg(fabs(off_slow) < 3 * error_of(fitted, MEMQC_DEVICE_READ_NOISE_SLOW),
                          "slow noise is off by %g S", off_slow);
            ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_READ_NOISE_CORRELATION),
                                    noisy_correlation, 0.05);
        } else {
            ck_assert_double_eq(get(fitted, MEMQC_DEVICE_READ_NOISE_SLOW), 0);
        }
        memqc_device_destroy(&fitted);
    }
}
END_TEST

/* Trains that are twice as long as the window: readings scatter about the bounds, where pulses end. */
START_TEST(bounds_are_found_below_the_noise) {
    const struct noisy_course course = {MEMQC_DEVICE_CONSTANT, 0.9, 0, 0, 0.3, 8, _i ? 8 : 0,
                                        2.0 / NOISY_PULSES};
    for (uint64_t seed = 1; seed <= 2; seed++) {
        noisy_measure(&course, seed);
        memqc_device *fitted = noisy_fit(course.model);
        ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_STEP), course.step * range,
                                0.05 * course.step * range);
        ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_G_MAX), noisy_high, 0.01 * range);
        ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_G_MIN), noisy_low, 0.01 * range);
        const double noise =
            hypot(get(fitted, MEMQC_DEVICE_READ_NOISE), get(fitted, MEMQC_DEVICE_READ_NOISE_SLOW));
        ck_assert_double_eq_tol(noise, noisy_siemens(&course, hypot(course.white, course.slow)),
                                0.1 * noisy_siemens(&course, hypot(course.white, course.slow)));
        memqc_device_destroy(&fitted);
    }
}
END_TEST

/* Readings without noise keep the estimates of single steps. */
START_TEST(exact_readings_have_no_noise) {
    struct noisy_course course = courses[2];
    course.white = 0;
    noisy_prepare(&course);
    noisy_measure(&course, 1);
    memqc_device *fitted = noisy_fit(MEMQC_DEVICE_SOFT_BOUNDS);
    ck_assert_double_eq(get(fitted, MEMQC_DEVICE_READ_NOISE), 0);
    ck_assert_double_eq(get(fitted, MEMQC_DEVICE_READ_NOISE_SLOW), 0);
    ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_STEP), course.step * range,
                            0.1 * course.step * range);
    memqc_device_destroy(&fitted);
}
END_TEST

/* Slow noise of one step hides in the wandering of the pulses, and the search of version 0.3 stopped where
 * it began: a bound of the window that no state comes near had a derivative of rounding alone. */
START_TEST(search_does_not_stop_where_it_begins) {
    struct noisy_course course = {MEMQC_DEVICE_LINEAR, 0.9, 0.6, 0, 0.3, 0.7, 0.7, 0};
    noisy_prepare(&course);
    noisy_measure(&course, 1);
    memqc_device *fitted = noisy_fit(course.model);
    const double white = noisy_siemens(&course, course.white);
    ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_READ_NOISE), white, 0.15 * white);
    memqc_device_destroy(&fitted);
}
END_TEST

/* The step up of a table in the middle of the course, S, and how many nodes it has. */
static double middle_of_table(const memqc_device *fitted, size_t *nodes) {
    float at[MEMQC_DEVICE_TABLE_NODES], step[MEMQC_DEVICE_TABLE_NODES];
    const float middle = (float)(noisy_low + 0.4 * range);
    size_t i = 1;
    OK(memqc_device_get_table(fitted, 1, MEMQC_DEVICE_TABLE_NODES, at, step, nodes));
    while (i + 1 < *nodes && at[i] < middle)
        i++;
    return (double)(step[i - 1] +
                    (step[i] - step[i - 1]) * (middle - at[i - 1]) / (at[i] - at[i - 1]));
}

/* A table has no more nodes than the readings can tell the steps around. With eight of them, the step in
 * the middle was 20, 18 and 27 % too large in these three, for a standard error of 27, 20 and 29 %. */
START_TEST(tables_of_noisy_readings_have_few_nodes) {
    struct noisy_course course = {MEMQC_DEVICE_TABLE, 0.9, 3, 0, 0.3, 35, 35, 0};
    const uint64_t seeds[] = {1, 6, 12};
    size_t nodes;
    noisy_prepare(&course);
    const double truth = noisy_law(&course, 0.4) * range;
    for (size_t i = 0; i < COUNT(seeds); i++) {
        noisy_measure(&course, seeds[i]);
        memqc_device *fitted = noisy_fit(course.model);
        ck_assert_double_eq_tol(middle_of_table(fitted, &nodes), truth, 0.17 * truth);
        ck_assert_uint_eq(nodes, 5);
        memqc_device_destroy(&fitted);
    }
    course.white = 1;
    course.slow = 0;
    noisy_measure(&course, 1);
    memqc_device *fitted = noisy_fit(course.model);
    middle_of_table(fitted, &nodes);
    ck_assert_uint_eq(nodes, 8);
    memqc_device_destroy(&fitted);
}
END_TEST

/* What of the noise of a pulse the data cannot tell is in its standard error, not in a silent 0: of 4 seeds
 * the truth is within 3 errors, and no estimate is 0 without one. Over the seeds it is neither too small
 * nor too large: the course takes what a likelihood without restriction would take from the noise. */
START_TEST(noise_of_pulses_is_0_by_no_silence) {
    struct noisy_course course = {MEMQC_DEVICE_CONSTANT, 0.9, 0, 0, 0.3, 50, 0, 0};
    if (_i)
        course.white = course.slow = 5.7;
    noisy_prepare(&course);
    double mean = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        const double truth = 0.3 * noisy_measure(&course, seed);
        memqc_device *fitted = noisy_fit(course.model);
        const double step = get(fitted, MEMQC_DEVICE_STEP),
                     value = hypot(get(fitted, MEMQC_DEVICE_C2C_ABSOLUTE),
                                   step * get(fitted, MEMQC_DEVICE_C2C_STEP)),
                     error = hypot(error_of(fitted, MEMQC_DEVICE_C2C_ABSOLUTE),
                                   step * error_of(fitted, MEMQC_DEVICE_C2C_STEP));
        ck_assert_double_gt(error, 0);
        ck_assert_msg(fabs(value - truth) < 3 * error, "noise is %g +- %g of the truth",
                      value / truth, error / truth);
        ck_assert(fabs(step - course.step * range) < 3 * error_of(fitted, MEMQC_DEVICE_STEP));
        mean += value / truth / 4;
        memqc_device_destroy(&fitted);
    }
    ck_assert_double_gt(mean, 0.3);
    ck_assert_double_lt(mean, 2);
}
END_TEST

/* White noise of a tenth of a step, and slow noise, are not worth their parameters by BIC. They still have
 * standard errors, and the noise of the pulses counts what it might have taken from them. */
START_TEST(noise_that_is_not_taken_has_an_error) {
    struct noisy_course course = {MEMQC_DEVICE_SOFT_BOUNDS, 0.9, 0, 0, 0.3, 0.07, 0.07, 0};
    noisy_prepare(&course);
    noisy_measure(&course, 1);
    memqc_device *fitted = noisy_fit(course.model);
    const int32_t keys[] = {MEMQC_DEVICE_READ_NOISE, MEMQC_DEVICE_READ_NOISE_SLOW};
    for (size_t i = 0; i < COUNT(keys); i++) {
        const double off_truth = get(fitted, keys[i]) - noisy_siemens(&course, 0.07);
        ck_assert_double_gt(error_of(fitted, keys[i]), 0);
        ck_assert_double_lt(fabs(off_truth), 2 * error_of(fitted, keys[i]));
    }
    memqc_device_destroy(&fitted);
}
END_TEST

/* The residuals of noisy readings are those that were tested: their distance from the normal law is
 * KS. Distances from what one pulse does to the reading before would not be normal. */
START_TEST(residuals_are_those_of_the_filter) {
    static float residuals[2 * NOISY_PULSES];
    struct noisy_course course = courses[_i];
    size_t n = 0;
    double largest = 0;
    noisy_prepare(&course);
    noisy_measure(&course, 1);
    memqc_device *fitted = noisy_fit(course.model), *copy = NULL;
    OK(memqc_device_copy(fitted, &copy));
    OK(memqc_device_fit_residuals(copy, 2 * NOISY_PULSES, residuals, &n));
    ck_assert_double_eq((double)n,
                        report(fitted, MEMQC_DEVICE_FIT_POINTS, MEMQC_DEVICE_FIT_BEST) -
                            report(fitted, MEMQC_DEVICE_FIT_OUTLIERS, MEMQC_DEVICE_FIT_BEST));
    for (size_t i = 0; i < n; i++) {
        const double below = 0.5 * erfc(-(double)residuals[i] / sqrt(2));
        ck_assert(i == 0 || residuals[i - 1] <= residuals[i]);
        largest =
            fmax(largest, fmax((double)(i + 1) / (double)n - below, below - (double)i / (double)n));
    }
    ck_assert_double_eq_tol(report(fitted, MEMQC_DEVICE_FIT_KS, MEMQC_DEVICE_FIT_BEST), largest,
                            1e-6);
    ck_assert_double_gt(report(fitted, MEMQC_DEVICE_FIT_KS_P, MEMQC_DEVICE_FIT_BEST), 0.01);
    FAILS(MEMQC_ERROR_ARGUMENT, "room = 1; the fit has",
          memqc_device_fit_residuals(fitted, 1, residuals, &n));
    FAILS(MEMQC_ERROR_ARGUMENT, "residuals is NULL",
          memqc_device_fit_residuals(fitted, 2 * NOISY_PULSES, NULL, &n));
    memqc_device_destroy(&copy);
    memqc_device_destroy(&fitted);
    OK(memqc_device_create(MEMQC_DEVICE_LINEAR, &fitted));
    FAILS(MEMQC_ERROR_STATE, "not made by memqc_device_fit",
          memqc_device_fit_residuals(fitted, 0, NULL, &n));
    memqc_device_destroy(&fitted);
}
END_TEST

/* --- reading what was fitted --- */

enum { CELLS = 2048, PERIOD = 128, LONGEST = 16 };

static float read_at[PERIOD + LONGEST][CELLS];

/* The slowest part changes every 128 reads: correlations are means over as many. 2048 cells give that
 * of one read a standard error of 1/45. */
START_TEST(slow_noise_has_its_correlation) {
    static const float level = 50e-6f;
    const double sd = 2e-6;
    memqc_device *d;
    float start[CELLS];
    OK(memqc_device_create(MEMQC_DEVICE_LINEAR, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_READ_NOISE_SLOW, sd));
    OK(memqc_device_set(d, MEMQC_DEVICE_READ_NOISE_CORRELATION, noisy_correlation));
    for (int i = 0; i < CELLS; i++)
        start[i] = level;
    for (uint64_t r = 0; r < PERIOD + LONGEST; r++)
        OK(memqc_device_read(d, 0, r, CELLS, start, read_at[r]));
    for (int lag = 0; lag <= LONGEST; lag = lag ? 2 * lag : 1) {
        double sum = 0;
        for (int r = 0; r < PERIOD; r++)
            for (int i = 0; i < CELLS; i++)
                sum += ((double)read_at[r][i] - (double)level) *
                       ((double)read_at[r + lag][i] - (double)level) / (sd * sd);
        sum /= (double)PERIOD * CELLS;
        ck_assert_double_eq_tol(sum, pow(noisy_correlation, lag), 0.04);
    }
    memqc_device_destroy(&d);
}
END_TEST

/* Of a column of n cells at an input of 1, the slow noise adds up to sqrt(n) times that of one. Drawn
 * cell by cell it keeps its correlation; drawn by output it has none. */
START_TEST(slow_noise_reaches_products) {
    const int by_cell = _i;
    enum { ROWS_OF = 16, COLS = 512, VECTORS = 32 };
    static float w[ROWS_OF * COLS], x[VECTORS * ROWS_OF], y[VECTORS * COLS], quiet[VECTORS * COLS];
    memqc_device *d;
    memqc_crossbar *xb;
    OK(memqc_device_create_preset("ideal", &d));
    OK(memqc_crossbar_create(d, ROWS_OF, COLS, 1, &xb));
    for (int i = 0; i < VECTORS * ROWS_OF; i++)
        x[i] = 1;
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_mac(xb, VECTORS, x, ROWS_OF, quiet, COLS));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_SLOW, 1e-6));
    if (by_cell)
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_PATH, MEMQC_CROSSBAR_NOISE_PER_CELL));
    OK(memqc_crossbar_mac(xb, VECTORS, x, ROWS_OF, y, COLS));
    double squares = 0, products = 0, unit;
    OK(memqc_device_get(d, MEMQC_DEVICE_G_MAX, &unit));
    double g_min;
    OK(memqc_device_get(d, MEMQC_DEVICE_G_MIN, &g_min));
    for (int v = 0; v + 1 < VECTORS; v++)
        for (int j = 0; j < COLS; j++) {
            const double here = (double)y[v * COLS + j] - (double)quiet[v * COLS + j],
                         next = (double)y[(v + 1) * COLS + j] - (double)quiet[(v + 1) * COLS + j];
            squares += here * here;
            products += here * next;
        }
    /* A weight of 1 is half of the window. */
    const double one = 1e-6 / (0.5 * (unit - g_min)), n = (VECTORS - 1) * COLS;
    ck_assert_double_eq_tol(sqrt(squares / n), one * sqrt(ROWS_OF), 0.08 * one * sqrt(ROWS_OF));
    ck_assert_double_eq_tol(products / squares, by_cell ? 0.9 : 0, 0.03);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("device_fit_noise");
    TCase *noise = add_group(suite, "noise", NULL);
    tcase_add_loop_test(noise, steps_are_found_below_the_noise, 0, COUNT(courses));
    tcase_add_loop_test(noise, bounds_are_found_below_the_noise, 0, 2);
    tcase_add_test(noise, exact_readings_have_no_noise);
    tcase_add_loop_test(noise, residuals_are_those_of_the_filter, 2, 4);
    tcase_add_test(noise, search_does_not_stop_where_it_begins);
    tcase_add_test(noise, tables_of_noisy_readings_have_few_nodes);
    tcase_add_loop_test(noise, noise_of_pulses_is_0_by_no_silence, 0, 2);
    tcase_add_test(noise, noise_that_is_not_taken_has_an_error);
    tcase_add_test(noise, slow_noise_has_its_correlation);
    tcase_add_loop_test(noise, slow_noise_reaches_products, 0, 2);
    return run_suite(suite);
}
