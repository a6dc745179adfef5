/* SPDX-License-Identifier: BSD-3-Clause */
/* Fits of readings whose noise hides the steps. The traces are made here, by random numbers and step
 * laws of this file's own. */
#include "fits.h"

#include <math.h>

enum { PULSES = 1000, READINGS = 2 * PULSES + 1 };

static const double low = 10e-6, high = 100e-6, correlation = 0.9;

/* xorshift64* (Vigna 2016), and Box and Muller's normal numbers. */
static double uniform(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return ((double)(*state * 2685821657736338717u >> 11) + 0.5) * 0x1p-53;
}

static double normal(uint64_t *state) {
    const double radius = sqrt(-2 * log(uniform(state)));
    return radius * cos(6.283185307179586 * uniform(state));
}

/* What a pulse moves, from the place y of the window, 0 at its start. */
static double law(int32_t model, double step, double y) {
    if (model == MEMQC_DEVICE_LINEAR)
        return step * (1 - 0.6 * y);
    return model == MEMQC_DEVICE_SOFT_BOUNDS ? step * (1 - y) : step;
}

struct course {
    int32_t model;
    double step;        /* at the start, as a part of the window */
    double white, slow; /* sd of the reading's noise, in mean steps of 0.9 / PULSES */
};

/* A train up and one down, which cover 0.9 of the window; pulse noise 0.3 of each step. */
static void measure(const struct course *course, uint64_t seed) {
    uint64_t state = 88172645463325252u + 977 * seed;
    double at = 0, slow = normal(&state);
    const double mean_step = 0.9 / PULSES;
    for (int32_t i = 0; i < READINGS; i++) {
        const int32_t direction = i <= PULSES ? 1 : -1;
        if (i > 0) {
            const double y = direction > 0 ? at : 1 - at;
            const double moved = law(course->model, course->step, y);
            at += direction * moved * (1 + 0.3 * normal(&state));
            at = fmin(fmax(at, 0), 1);
            slow = correlation * slow + sqrt(1 - correlation * correlation) * normal(&state);
        }
        const double noise = course->white * normal(&state) + course->slow * slow;
        g[i] = (float)fmax(low + (high - low) * (at + mean_step * noise), 0);
        pulse_of[i] = i;
        direction_of[i] = direction;
    }
}

static memqc_device *fit_course(int32_t model) {
    memqc_device *fitted;
    OK(fit(model, READINGS, NULL, NULL, pulse_of, direction_of, g, &fitted));
    return fitted;
}

static double siemens(double mean_steps) {
    return mean_steps * 0.9 / PULSES * (high - low);
}

/* Steps at the start that cover 0.9 of the window in PULSES pulses: 0.9, -log(1 - 0.54) / 0.6 and
 * -log(0.1), over PULSES. */
static const struct course courses[] = {
    {MEMQC_DEVICE_CONSTANT, 0.9 / PULSES, 8, 0},
    {MEMQC_DEVICE_LINEAR, 1.2942 / PULSES, 8, 0},
    {MEMQC_DEVICE_SOFT_BOUNDS, 2.3026 / PULSES, 8, 0},
    {MEMQC_DEVICE_CONSTANT, 0.9 / PULSES, 35, 35},
    {MEMQC_DEVICE_LINEAR, 1.2942 / PULSES, 35, 35},
    {MEMQC_DEVICE_SOFT_BOUNDS, 2.3026 / PULSES, 35, 35},
};

/* The noise of a reading is not taken for that of a pulse: version 0.2 made the steps up to eighty times
 * too large. */
START_TEST(steps_are_found_below_the_noise) {
    const struct course *course = &courses[_i];
    const double within = course->slow > 0 ? 0.25 : 0.1;
    for (uint64_t seed = 1; seed <= 2; seed++) {
        measure(course, seed);
        memqc_device *fitted = fit_course(course->model);
        const double step = get(fitted, MEMQC_DEVICE_STEP) / (course->step * (high - low));
        ck_assert_msg(fabs(step - 1) < within, "step is %g of the truth", step);
        const double off_white = get(fitted, MEMQC_DEVICE_READ_NOISE) - siemens(course->white);
        ck_assert_msg(fabs(off_white) < 3 * error_of(fitted, MEMQC_DEVICE_READ_NOISE),
                      "white noise is off by %g S", off_white);
        if (course->slow > 0) {
            const double off_slow =
                get(fitted, MEMQC_DEVICE_READ_NOISE_SLOW) - siemens(course->slow);
            ck_assert_msg(fabs(off_slow) < 3 * error_of(fitted, MEMQC_DEVICE_READ_NOISE_SLOW),
                          "slow noise is off by %g S", off_slow);
            ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_READ_NOISE_CORRELATION), correlation,
                                    0.05);
        } else {
            ck_assert_double_eq(get(fitted, MEMQC_DEVICE_READ_NOISE_SLOW), 0);
        }
        memqc_device_destroy(&fitted);
    }
}
END_TEST

/* Trains that are twice as long as the window: readings scatter about the bounds, where pulses end. */
START_TEST(bounds_are_found_below_the_noise) {
    const struct course course = {MEMQC_DEVICE_CONSTANT, 2.0 / PULSES, 8, _i ? 8 : 0};
    for (uint64_t seed = 1; seed <= 2; seed++) {
        measure(&course, seed);
        memqc_device *fitted = fit_course(course.model);
        ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_STEP), course.step * (high - low),
                                0.05 * course.step * (high - low));
        ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_G_MAX), high, 0.01 * (high - low));
        ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_G_MIN), low, 0.01 * (high - low));
        const double noise =
            hypot(get(fitted, MEMQC_DEVICE_READ_NOISE), get(fitted, MEMQC_DEVICE_READ_NOISE_SLOW));
        ck_assert_double_eq_tol(noise, siemens(hypot(course.white, course.slow)),
                                0.1 * siemens(hypot(course.white, course.slow)));
        memqc_device_destroy(&fitted);
    }
}
END_TEST

/* Readings without noise keep the estimates of single steps. */
START_TEST(exact_readings_have_no_noise) {
    struct course course = courses[2];
    course.white = 0;
    measure(&course, 1);
    memqc_device *fitted = fit_course(MEMQC_DEVICE_SOFT_BOUNDS);
    ck_assert_double_eq(get(fitted, MEMQC_DEVICE_READ_NOISE), 0);
    ck_assert_double_eq(get(fitted, MEMQC_DEVICE_READ_NOISE_SLOW), 0);
    ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_STEP), course.step * (high - low),
                            0.1 * course.step * (high - low));
    memqc_device_destroy(&fitted);
}
END_TEST

/* The residuals of noisy readings are those that were tested: their distance from the normal law is
 * KS. Of such readings, distances from what one pulse does to the reading before are no residuals. */
START_TEST(residuals_are_those_of_the_filter) {
    static float residuals[READINGS];
    size_t n = 0;
    double largest = 0;
    measure(&courses[_i], 1);
    memqc_device *fitted = fit_course(courses[_i].model), *copy = NULL;
    OK(memqc_device_copy(fitted, &copy));
    OK(memqc_device_fit_residuals(copy, READINGS, residuals, &n));
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
          memqc_device_fit_residuals(fitted, READINGS, NULL, &n));
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
    OK(memqc_device_set(d, MEMQC_DEVICE_READ_NOISE_CORRELATION, correlation));
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
        ck_assert_double_eq_tol(sum, pow(correlation, lag), 0.04);
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
    tcase_add_test(noise, slow_noise_has_its_correlation);
    tcase_add_loop_test(noise, slow_noise_reaches_products, 0, 2);
    return run_suite(suite);
}
