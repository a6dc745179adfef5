/* SPDX-License-Identifier: BSD-3-Clause */
/* Programming schemes, and the report of what a call did. */
#include "normals.h"
#include "test.h"

#include "rng/rng.h"

#include <math.h>

enum { ROWS = 80, COLS = 60, N = ROWS * COLS };

static memqc_crossbar *make(const char *preset, int32_t mapping, int32_t scheme) {
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create_preset(preset, &device));
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_NORMALIZATION, MEMQC_CROSSBAR_NORMALIZATION_ARRAY));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SCHEME, scheme));
    OK(memqc_crossbar_set_seed(xb, 7));
    return xb;
}

static double report(const memqc_crossbar *xb, int32_t what) {
    double value;
    OK(memqc_crossbar_get_report(xb, what, &value));
    return value;
}

/* P(|N(0, sd)| < tolerance) of a level of sample A, sd = (1 - 0.03 level) G0, tolerance 0.25 G0. */
static double hit(int32_t level) {
    return erf(0.25 / (1 - 0.03 * level) / sqrt(2));
}

/* Each try succeeds with a known probability: SETs are geometric, blind failures binomial. Within 5
 * standard errors. */
START_TEST(tries_of_the_quantized_device) {
    static float w[N], g[N];
    static int32_t levels[N];
    normals(80, 1, N, w);
    for (int32_t scheme = MEMQC_CROSSBAR_SCHEME_BLIND; scheme <= MEMQC_CROSSBAR_SCHEME_VERIFY;
         scheme++) {
        memqc_crossbar *xb = make("hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE, scheme);
        if (scheme == MEMQC_CROSSBAR_SCHEME_VERIFY)
            OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_PULSES, 1e6));
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_get_levels(xb, 0, levels, COLS));
        OK(memqc_crossbar_get_conductances(xb, 0, g, COLS));
        double tries = 0, variance = 0, failures = 0, scatter = 0, pulses = 0, pulse_scatter = 0;
        for (size_t i = 0; i < N; i++) {
            const double p = hit(levels[i]), l = levels[i];
            tries += 1 / p;
            variance += (1 - p) / (p * p);
            failures += 1 - p;
            scatter += p * (1 - p);
            pulses += (l - 1) / p;
            pulse_scatter += (l - 1) * (l - 1) * (1 - p) / (p * p);
            if (scheme == MEMQC_CROSSBAR_SCHEME_VERIFY)
                ck_assert_double_le(fabs((double)g[i] - (16.5 - 0.5 * l) * MEMQC_G0),
                                    0.25 * MEMQC_G0 * (1 + 1e-6));
        }
        if (scheme == MEMQC_CROSSBAR_SCHEME_VERIFY) {
            ck_assert_double_eq_tol(report(xb, MEMQC_CROSSBAR_REPORT_SET), tries,
                                    5 * sqrt(variance));
            ck_assert_double_eq_tol(report(xb, MEMQC_CROSSBAR_REPORT_RESET), pulses,
                                    5 * sqrt(pulse_scatter));
            ck_assert_double_eq(report(xb, MEMQC_CROSSBAR_REPORT_FAILED), 0);
            ck_assert_double_eq(report(xb, MEMQC_CROSSBAR_REPORT_READS),
                                report(xb, MEMQC_CROSSBAR_REPORT_SET));
        } else {
            ck_assert_double_eq(report(xb, MEMQC_CROSSBAR_REPORT_SET), N);
            ck_assert_double_eq_tol(report(xb, MEMQC_CROSSBAR_REPORT_FAILED), failures,
                                    5 * sqrt(scatter));
            ck_assert_double_eq(report(xb, MEMQC_CROSSBAR_REPORT_READS), 0);
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

/* Verifying makes pulsed cells better; those whose own bounds keep them from their level stay
 * failures. */
START_TEST(pulsed_cells_are_corrected) {
    static float w[N];
    static const char *const presets[] = {"rpu", "ag-asi", "soft-bounds"};
    normals(80, 2, N, w);
    for (size_t k = 0; k < 3; k++) {
        memqc_crossbar *blind =
            make(presets[k], MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_SCHEME_BLIND);
        memqc_crossbar *xb =
            make(presets[k], MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_SCHEME_VERIFY);
        OK(memqc_crossbar_set(blind, MEMQC_CROSSBAR_VERIFY_TOLERANCE, 2));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_TOLERANCE, 2));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_PULSES, 4000));
        OK(memqc_crossbar_program(blind, w, COLS));
        OK(memqc_crossbar_program(xb, w, COLS));
        ck_assert_double_lt(report(xb, MEMQC_CROSSBAR_REPORT_FAILED),
                            0.25 * report(blind, MEMQC_CROSSBAR_REPORT_FAILED));
        ck_assert_double_lt(report(xb, MEMQC_CROSSBAR_REPORT_ERROR_SD),
                            report(blind, MEMQC_CROSSBAR_REPORT_ERROR_SD));
        ck_assert_double_gt(report(xb, MEMQC_CROSSBAR_REPORT_READS), N);
        memqc_crossbar_destroy(&blind);
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(the_budget_holds) {
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create_preset("hfox-b", &device));
    for (size_t k = 0; k < 40; k++) {
        OK(memqc_crossbar_create(device, 1, 1, 0, &xb));
        OK(memqc_crossbar_set_seed(xb, k));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_TOLERANCE, 0)); /* never met */
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_PULSES, 100));
        const float w = (float)((double)k / 20 - 1);
        int32_t level;
        OK(memqc_crossbar_program(xb, &w, 1));
        OK(memqc_crossbar_get_levels(xb, 0, &level, 1));
        /* As many whole tries of 1 + (level - 1) pulses as go into 100. */
        ck_assert_double_eq(report(xb, MEMQC_CROSSBAR_REPORT_SET), floor(100.0 / level));
        ck_assert_double_eq(report(xb, MEMQC_CROSSBAR_REPORT_RESET),
                            (level - 1) * floor(100.0 / level));
        ck_assert_double_eq(report(xb, MEMQC_CROSSBAR_REPORT_FAILED), 1);
        memqc_crossbar_destroy(&xb);
    }
    memqc_device_destroy(&device);
    OK(memqc_device_create_preset("rpu", &device));
    for (size_t k = 0; k < 40; k++) {
        OK(memqc_crossbar_create(device, 1, 1, 0, &xb));
        OK(memqc_crossbar_set_seed(xb, k));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_TOLERANCE, 0));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_PULSES,
                              1500)); /* more than any first approach */
        const float w = (float)((double)k / 20 - 1);
        OK(memqc_crossbar_program(xb, &w, 1));
        ck_assert_double_eq(
            report(xb, MEMQC_CROSSBAR_REPORT_SET) + report(xb, MEMQC_CROSSBAR_REPORT_RESET), 1500);
        memqc_crossbar_destroy(&xb);
    }
    memqc_device_destroy(&device);
}
END_TEST

static int rising(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The report against the errors, worked out here. */
static void check_errors(const memqc_crossbar *xb, size_t n, const size_t *places) {
    static double errors[2 * N];
    static float g[2][N];
    static int32_t levels[2][N];
    double sum = 0, squares = 0, most = 0, failed = 0;
    for (size_t p = 0; p < 2; p++) {
        OK(memqc_crossbar_get_levels(xb, p, levels[p], COLS));
        OK(memqc_crossbar_get_conductances(xb, p, g[p], COLS));
        for (size_t i = 0; i < n; i++) {
            const size_t k = places ? places[i] : i;
            const double error = (double)g[p][k] - (16.5 - 0.5 * levels[p][k]) * MEMQC_G0;
            errors[p * n + i] = error;
            sum += error;
            most = fmax(most, fabs(error));
            failed += fabs(error) > 0.25 * MEMQC_G0;
        }
    }
    const size_t all = 2 * n;
    for (size_t i = 0; i < all; i++)
        squares += (errors[i] - sum / (double)all) * (errors[i] - sum / (double)all);
    qsort(errors, all, sizeof *errors, rising);
    const double slack = 1e-6 * MEMQC_G0;
    ck_assert_double_eq(report(xb, MEMQC_CROSSBAR_REPORT_FAILED), failed);
    ck_assert_double_eq_tol(report(xb, MEMQC_CROSSBAR_REPORT_ERROR_MEAN), sum / (double)all, slack);
    ck_assert_double_eq_tol(report(xb, MEMQC_CROSSBAR_REPORT_ERROR_SD), sqrt(squares / (double)all),
                            slack);
    ck_assert_double_eq_tol(report(xb, MEMQC_CROSSBAR_REPORT_ERROR_MAX), most, slack);
    static const double quantiles[] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
    for (int32_t q = 0; q < 7; q++)
        ck_assert_double_eq_tol(report(xb, MEMQC_CROSSBAR_REPORT_ERROR_Q01 + q),
                                errors[(size_t)ceil(quantiles[q] * (double)all) - 1], slack);
}

START_TEST(reports_of_all_and_of_lists) {
    static float w[N], dw[N], before[N], after[N];
    static size_t places[300];
    double total[4], value;
    memqc_crossbar *xb =
        make("hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED, MEMQC_CROSSBAR_SCHEME_VERIFY);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_PULSES, 60));
    normals(80, 3, N, w);
    normals(80, 4, N, dw);
    FAILS(MEMQC_ERROR_STATE, "nothing has been programmed",
          memqc_crossbar_get_report(xb, MEMQC_CROSSBAR_REPORT_CELLS, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "what = 0", memqc_crossbar_get_report(xb, 0, &value));
    OK(memqc_crossbar_program(xb, w, COLS));
    ck_assert_double_eq(report(xb, MEMQC_CROSSBAR_REPORT_CELLS), 2 * N);
    check_errors(xb, N, NULL);
    for (int32_t i = 0; i < 4; i++) {
        OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET + i, &total[i]));
        ck_assert_double_eq(total[i], report(xb, MEMQC_CROSSBAR_REPORT_SET + i));
    }
    OK(memqc_crossbar_get_conductances(xb, 1, before, COLS));
    for (size_t i = 0; i < 300; i++)
        places[i] = 11 * i + i % 7;
    OK(memqc_crossbar_program_list(xb, 300, places, dw));
    check_errors(xb, 300, places);
    ck_assert_double_eq(report(xb, MEMQC_CROSSBAR_REPORT_CELLS), 600);
    for (int32_t i = 0; i < 4; i++) {
        OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET + i, &value));
        ck_assert_double_eq_tol(value - total[i], report(xb, MEMQC_CROSSBAR_REPORT_SET + i),
                                1e-9 * value);
    }
    OK(memqc_crossbar_get_conductances(xb, 1, after, COLS)); /* the others keep theirs */
    for (size_t i = 0, l = 0; i < N; i++) {
        l += l < 300 && places[l] < i;
        if (l >= 300 || places[l] != i)
            ck_assert(before[i] == after[i]);
    }
    OK(memqc_crossbar_update(xb, 0.1, dw, COLS));
    ck_assert_double_gt(report(xb, MEMQC_CROSSBAR_REPORT_CELLS), 0);
    FAILS(MEMQC_ERROR_STATE, "named no cells",
          memqc_crossbar_get_report(xb, MEMQC_CROSSBAR_REPORT_FAILED, &value));
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(area_and_latency) {
    static float w[N];
    double value, time;
    memqc_crossbar *xb =
        make("ideal", MEMQC_CROSSBAR_MAPPING_REFERENCE, MEMQC_CROSSBAR_SCHEME_BLIND);
    normals(80, 5, N, w);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SLICES, 2));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_CELL_AREA, 12));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_FEATURE, 1e-7));
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_AREA, &value));
    ck_assert_double_eq_tol(value, 2 * (N + ROWS) * 12e-14, 1e-6 * value);
    OK(memqc_crossbar_program(xb, w, COLS));
    ck_assert_double_eq(report(xb, MEMQC_CROSSBAR_REPORT_CELLS), 2 * (N + ROWS));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_WRITE_PARALLEL, 60));
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_TIME, &time));
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_LATENCY, &value));
    ck_assert_double_eq_tol(value, time / 60, 1e-12 * time);
    memqc_crossbar_destroy(&xb);
}
END_TEST

RUN_TESTS("crossbar_schemes", tries_of_the_quantized_device, pulsed_cells_are_corrected,
          the_budget_holds, reports_of_all_and_of_lists, area_and_latency)
