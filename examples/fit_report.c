/* SPDX-License-Identifier: BSD-3-Clause */
/* What a fit found, as tables. */
#include "fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    int32_t candidate;
    const char *name;
} candidates[] = {
    {MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT, "quantized-constant"},
    {MEMQC_DEVICE_FIT_QUANTIZED_LINEAR, "quantized-linear"},
    {MEMQC_DEVICE_FIT_QUANTIZED_PROPORTIONAL, "quantized-proportional"},
    {MEMQC_DEVICE_FIT_QUANTIZED_LEVELS, "quantized-levels"},
    {MEMQC_DEVICE_CONSTANT, "constant"},
    {MEMQC_DEVICE_LINEAR, "linear"},
    {MEMQC_DEVICE_SOFT_BOUNDS, "soft-bounds"},
    {MEMQC_DEVICE_EXPONENTIAL, "exponential"},
    {MEMQC_DEVICE_POWER, "power"},
    {MEMQC_DEVICE_NEUROSIM, "neurosim"},
    {MEMQC_DEVICE_TABLE, "table"},
    {MEMQC_DEVICE_JUMPS, "jumps"},
};

enum { CANDIDATES = sizeof candidates / sizeof *candidates };

const char *fit_candidate(size_t index, int32_t *candidate) {
    if (index >= CANDIDATES)
        return NULL;
    *candidate = candidates[index].candidate;
    return candidates[index].name;
}

/* NAN-free: 0 where there is nothing to read. */
static double value(const memqc_device *device, int32_t what, int32_t which) {
    double result = 0;
    return memqc_device_fit_value(device, what, which, &result) == MEMQC_OK ? result : 0;
}

static void print_parameters(const memqc_device *device) {
    printf("\n%-14s %12s  %12s\n", "parameter", "value", "+-");
    for (size_t i = 0; i < memqc_device_keys(); i++) {
        const int32_t key = memqc_device_key_at(i);
        const char *const name = memqc_device_key_text(key, MEMQC_KEY_NAME);
        const char *const unit = memqc_device_key_text(key, MEMQC_KEY_UNIT);
        const double error = value(device, MEMQC_DEVICE_FIT_STANDARD_ERROR, key);
        const int always =
            key == MEMQC_DEVICE_STATES || key == MEMQC_DEVICE_G_MAX || key == MEMQC_DEVICE_G_MIN;
        double parameter = 0;
        if (memqc_device_get(device, key, &parameter) != MEMQC_OK || (!always && !(error > 0)))
            continue;
        if (error > 0)
            printf("%-14s %12.4g  %12.2g  %s\n", name, parameter, error, unit);
        else
            printf("%-14s %12.4g  %12s  %s\n", name, parameter, "", unit);
    }
}

/* Levels that the fit found one by one, with their standard errors. */
static int print_levels(const memqc_device *device) {
    size_t n = 0, quantiles = 0;
    if (memqc_device_fit_level_errors(device, 0, NULL, NULL, &n) != MEMQC_OK)
        return 0;
    float *const g = calloc(4 * n, sizeof *g), *const sd = g + n, *const errors = g + 2 * n;
    const int failed =
        !g || memqc_device_get_levels(device, n, g, sd, &n, 0, NULL, &quantiles) != MEMQC_OK ||
        memqc_device_fit_level_errors(device, n, errors, errors + n, &n) != MEMQC_OK;
    if (!failed)
        printf("\n%-14s %12s  %12s  %12s  %12s\n", "level", "S", "+-", "sd", "+-");
    for (size_t i = 0; i < n && !failed; i++)
        printf("%-14zu %12.4g  %12.2g  %12.4g  %12.2g\n", i + 1, (double)g[i], (double)errors[i],
               (double)sd[i], (double)errors[n + i]);
    if (!failed && quantiles > 0)
        printf("their noise is not normal: the device has %zu quantiles of each level\n",
               quantiles);
    free(g);
    return failed;
}

static void print_candidates(const memqc_device *device) {
    const int32_t taken = (int32_t)value(device, MEMQC_DEVICE_FIT_CANDIDATE, MEMQC_DEVICE_FIT_BEST);
    const double best = value(device, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_BEST);
    printf("\n%-24s %10s %10s %12s %8s %8s %8s\n", "model", "parameters", "BIC - best",
           "AIC - best's", "KS", "p", "outliers");
    for (size_t i = 0; i < CANDIDATES; i++) {
        const int32_t c = candidates[i].candidate;
        double bic;
        if (memqc_device_fit_value(device, MEMQC_DEVICE_FIT_BIC, c, &bic) != MEMQC_OK)
            continue;
        printf("%-24s %10.0f %10.1f %12.1f %8.3f %8.3f %8.0f%s\n", candidates[i].name,
               value(device, MEMQC_DEVICE_FIT_PARAMETERS, c), bic - best,
               value(device, MEMQC_DEVICE_FIT_AIC, c) -
                   value(device, MEMQC_DEVICE_FIT_AIC, MEMQC_DEVICE_FIT_BEST),
               value(device, MEMQC_DEVICE_FIT_KS, c), value(device, MEMQC_DEVICE_FIT_KS_P, c),
               value(device, MEMQC_DEVICE_FIT_OUTLIERS, c), c == taken ? "  <- taken" : "");
    }
}

static const char *name_of(int32_t candidate) {
    for (size_t i = 0; i < CANDIDATES; i++)
        if (candidates[i].candidate == candidate)
            return candidates[i].name;
    return "none";
}

/* Whether the device is an answer at all. */
static void print_verdict(const memqc_device *device) {
    const int32_t best = MEMQC_DEVICE_FIT_BEST;
    const char *const taken = name_of((int32_t)value(device, MEMQC_DEVICE_FIT_CANDIDATE, best));
    const int32_t other = (int32_t)value(device, MEMQC_DEVICE_FIT_RUNNER_UP, best);
    const double p = value(device, MEMQC_DEVICE_FIT_KS_P, best);
    switch ((int32_t)value(device, MEMQC_DEVICE_FIT_VERDICT, best)) {
    case MEMQC_DEVICE_FIT_VERDICT_DESCRIBED:
        printf("\nverdict: %s describes these data\n", taken);
        break;
    case MEMQC_DEVICE_FIT_VERDICT_AMBIGUOUS:
        printf("\nverdict: %s describes these data, and so does %s: too few points to tell them "
               "apart\n",
               taken, name_of(other));
        break;
    case MEMQC_DEVICE_FIT_VERDICT_TABLE:
        printf("\nverdict: no formula among the candidates describes these data; the nonparametric "
               "%s does\n",
               taken);
        break;
    default:
        printf("\nverdict: %s%s has the best BIC, but its residuals fail the test (p %s %.3f)",
               other ? "" : "no candidate describes these data: ", taken, p < 0.001 ? "<" : "=",
               fmax(p, 0.001));
        printf(other ? "; those of %s pass\n" : "\n", name_of(other));
    }
}

/* Whether the noise of the pulses is that of the pulses alone. */
static void print_noise(const memqc_device *device) {
    switch ((int32_t)value(device, MEMQC_DEVICE_FIT_NOISE, MEMQC_DEVICE_FIT_BEST)) {
    case MEMQC_DEVICE_FIT_NOISE_READS:
        printf("noise: repeated readings tell that of the measurement from that of the pulses\n");
        break;
    case MEMQC_DEVICE_FIT_NOISE_COURSE:
        printf("noise: the course of the readings tells that of the measurement from that of the "
               "pulses\n");
        break;
    default:
        printf("noise: these data cannot tell that of the measurement from that of the pulses; all "
               "of it is taken for the pulses'\n");
    }
}

static void print_drift(const memqc_device *device) {
    const int32_t best = MEMQC_DEVICE_FIT_BEST;
    const double drift = value(device, MEMQC_DEVICE_FIT_DRIFT, best);
    const double error = value(device, MEMQC_DEVICE_FIT_DRIFT_ERROR, best);
    if (error > 0)
        printf("drift %.2g %% +- %.1g %% a cycle\n", 100 * drift, 100 * error);
}

/* Where the device leaves what its model is known to hold for. */
static void print_warnings(const memqc_device *device) {
    int32_t warnings[8];
    size_t n = 0;
    if (memqc_device_warnings(device, sizeof warnings / sizeof *warnings, warnings, &n) != MEMQC_OK)
        return;
    for (size_t i = 0; i < n; i++)
        printf("note: %s\n", memqc_device_warning_text(warnings[i]));
}

/* Rows from 0 on, as in errors. */
static int print_left_out(const memqc_device *device) {
    enum { SHOWN = 20 };
    size_t n = 0;
    if (memqc_device_fit_left_out(device, 0, NULL, NULL, NULL, &n) != MEMQC_OK || n == 0)
        return 0;
    size_t *const rows = calloc(n, sizeof *rows);
    float *const values = calloc(n, sizeof *values);
    int32_t *const reasons = calloc(n, sizeof *reasons);
    const int failed = !rows || !values || !reasons ||
                       memqc_device_fit_left_out(device, n, rows, values, reasons, &n) != MEMQC_OK;
    if (!failed)
        printf("\n%zu row%s left out\n", n, n > 1 ? "s" : "");
    for (size_t i = 0; i < n && i < SHOWN && !failed; i++)
        printf("row %-8zu %12.4g S  %s\n", rows[i], (double)values[i],
               memqc_device_fit_reason(reasons[i]));
    if (!failed && n > SHOWN)
        printf("and %zu more\n", n - SHOWN);
    free(rows);
    free(values);
    free(reasons);
    return failed;
}

int fit_report(const struct curves *curves, const memqc_device *device) {
    printf("%zu rows: %.0f device%s, %.0f cycles; %.0f points fitted, %.0f of them outliers, %.0f "
           "on a bound\n",
           curves->n, value(device, MEMQC_DEVICE_FIT_DEVICES, MEMQC_DEVICE_FIT_BEST),
           value(device, MEMQC_DEVICE_FIT_DEVICES, MEMQC_DEVICE_FIT_BEST) > 1 ? "s" : "",
           value(device, MEMQC_DEVICE_FIT_CYCLES, MEMQC_DEVICE_FIT_BEST),
           value(device, MEMQC_DEVICE_FIT_POINTS, MEMQC_DEVICE_FIT_BEST),
           value(device, MEMQC_DEVICE_FIT_OUTLIERS, MEMQC_DEVICE_FIT_BEST),
           value(device, MEMQC_DEVICE_FIT_AT_BOUNDS, MEMQC_DEVICE_FIT_BEST));
    print_drift(device);
    print_parameters(device);
    const int failed = print_levels(device);
    print_candidates(device);
    print_verdict(device);
    print_noise(device);
    print_warnings(device);
    return print_left_out(device) || failed;
}
