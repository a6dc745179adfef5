/* SPDX-License-Identifier: BSD-3-Clause */
/* Statistics of n numbers. The mean has the interval of Student's t,
 *
 *     mean +- t sd / sqrt(n),   P(|T| < t) = 0.95 at f = n - 1 degrees of freedom.
 *
 * For whole f, P is a finite sum in theta = atan(t / sqrt f): Abramowitz and Stegun, 26.7.3 and
 * 26.7.4. Quantiles are interpolated between order statistics: the i-th of n, from 0, stands at
 * i / (n - 1). */
#include "core/summary.h"
#include "core/alloc.h"
#include "core/constants.h"
#include "core/error.h"
#include "core/order.h"

#include <memqc/base.h>

#include <math.h>
#include <string.h>

/* P(|T| < t) */
static double within(double theta, size_t f) {
    const double pi = 3.14159265358979324, c = cos(theta), s = sin(theta);
    double sum = 0, term = f % 2 ? c : 1;
    for (size_t k = f % 2 ? 1 : 0; k + 2 <= f; k += 2) {
        sum += term;
        term *= c * c * (double)(k + 1) / (double)(k + 2);
    }
    return f % 2 ? 2 / pi * (theta + s * sum) : s * sum;
}

double mqc_mean_interval(size_t n) {
    const size_t f = n - 1;
    double low = 0, high = 1.5707963267948966, t = 1.9599639845400545;
    if (n < 2)
        return INFINITY;
    if (f > 2000) {
        /* The first term of the expansion in 1 / f, A&S 26.7.5. The next one is below 1e-6. */
        t += (t * t * t + t) / (4 * (double)f);
        return t / sqrt((double)n);
    }
    for (int i = 0; i < 60; i++) {
        const double theta = 0.5 * (low + high);
        if (within(theta, f) < 0.95)
            low = theta;
        else
            high = theta;
    }
    return sqrt((double)f) * tan(0.5 * (low + high)) / sqrt((double)n);
}

void mqc_mean_sd(size_t n, const double *x, double *mean, double *sd) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] - x[0]; /* exactly 0 where all are equal */
    *mean = x[0] + sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - *mean) * (x[i] - *mean);
    *sd = n > 1 ? sqrt(squares / (double)(n - 1)) : 0;
}

static memqc_status quantile(size_t n, const double *x, double part, double *value) {
    double *sorted = mqc_alloc(n, sizeof *sorted);
    if (!sorted)
        return MEMQC_ERROR_NOMEM;
    memcpy(sorted, x, n * sizeof *x);
    mqc_sort_values(n, sorted);
    const double place = part * (double)(n - 1);
    const double below = floor(place);
    const size_t i = (size_t)below;
    const size_t next = i + 1 < n ? i + 1 : i;
    *value = sorted[i] + (place - below) * (sorted[next] - sorted[i]);
    mqc_free(sorted);
    return MEMQC_OK;
}

static double of_mean(size_t n, const double *values, int32_t what) {
    double mean, sd;
    mqc_mean_sd(n, values, &mean, &sd);
    switch (what) {
    case MEMQC_SUMMARY_MEAN:
        return mean;
    case MEMQC_SUMMARY_SD:
        return sd;
    case MEMQC_SUMMARY_LOW:
        return mean - sd * mqc_mean_interval(n);
    default:
        return mean + sd * mqc_mean_interval(n);
    }
}

memqc_status memqc_summary(size_t n, const double *values, int32_t what, double *value) {
    enum { FIRST = MEMQC_SUMMARY_MIN };
    static const double parts[] = {
        [MEMQC_SUMMARY_MIN - FIRST] = 0,    [MEMQC_SUMMARY_Q05 - FIRST] = 0.05,
        [MEMQC_SUMMARY_Q25 - FIRST] = 0.25, [MEMQC_SUMMARY_MEDIAN - FIRST] = 0.5,
        [MEMQC_SUMMARY_Q75 - FIRST] = 0.75, [MEMQC_SUMMARY_Q95 - FIRST] = 0.95,
        [MEMQC_SUMMARY_MAX - FIRST] = 1};
    MQC_NOT_NULL(values);
    MQC_NOT_NULL(value);
    if (what < MEMQC_SUMMARY_MEAN || what > MEMQC_SUMMARY_MAX)
        return mqc_refuse_constant(__func__, "what", what, "MEMQC_SUMMARY_... is wanted");
    const size_t least = what >= MEMQC_SUMMARY_SD && what <= MEMQC_SUMMARY_HIGH ? 2 : 1;
    if (n < least)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: n = %zu; this statistic takes %zu or more",
                        __func__, n, least);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: values[%zu] = %g; they must be finite", __func__,
                            i, values[i]);
    if (what >= FIRST)
        return quantile(n, values, parts[what - FIRST], value);
    *value = of_mean(n, values, what);
    return MEMQC_OK;
}
