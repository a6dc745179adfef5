/* SPDX-License-Identifier: BSD-3-Clause */
/* What a number of accuracies say. The mean has the interval of Student's t,
 *
 * mean +- t sd / sqrt(n),   P(|T| < t) = 0.95 at f = n - 1 degrees of freedom
 *
 * for whole f a finite sum in theta = atan(t / sqrt f): Abramowitz and Stegun, 26.7.3 and 26.7.4.
 * Quantiles are interpolated between order statistics, the i-th of n (from 0) standing at i / (n -
 * 1). */
#include "core/alloc.h"
#include "core/error.h"
#include "core/order.h"
#include "mlp/study/statistics.h"

#include <memqc/study.h>

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
    if (f > 2000) { /* the first term of the expansion in 1 / f, A&S 26.7.5; the next is below 1e-6
                       */
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
    const double place = part * (double)(n - 1), below = floor(place);
    const size_t i = (size_t)below, next = i + 1 < n ? i + 1 : i;
    *value = sorted[i] + (place - below) * (sorted[next] - sorted[i]);
    mqc_free(sorted);
    return MEMQC_OK;
}

memqc_status memqc_mlp_summary(size_t n, const double *accuracies, int32_t what, double *value) {
    static const double parts[] = {[MEMQC_MLP_SUMMARY_MIN] = 0,    [MEMQC_MLP_SUMMARY_Q05] = 0.05,
                                   [MEMQC_MLP_SUMMARY_Q25] = 0.25, [MEMQC_MLP_SUMMARY_MEDIAN] = 0.5,
                                   [MEMQC_MLP_SUMMARY_Q75] = 0.75, [MEMQC_MLP_SUMMARY_Q95] = 0.95,
                                   [MEMQC_MLP_SUMMARY_MAX] = 1};
    double mean, sd;
    MQC_NOT_NULL(accuracies);
    MQC_NOT_NULL(value);
    if (what < MEMQC_MLP_SUMMARY_MEAN || what > MEMQC_MLP_SUMMARY_MAX)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: what = %d; allowed is %d .. %d", __func__,
                        (int)what, (int)MEMQC_MLP_SUMMARY_MEAN, (int)MEMQC_MLP_SUMMARY_MAX);
    const size_t least = what >= MEMQC_MLP_SUMMARY_SD && what <= MEMQC_MLP_SUMMARY_HIGH ? 2 : 1;
    if (n < least)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: n = %zu; it takes %zu or more for this",
                        __func__, n, least);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(accuracies[i]))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: accuracies[%zu] = %g; they must be finite",
                            __func__, i, accuracies[i]);
    if (what >= MEMQC_MLP_SUMMARY_MIN)
        return quantile(n, accuracies, parts[what], value);
    mqc_mean_sd(n, accuracies, &mean, &sd);
    const double half = sd * mqc_mean_interval(n);
    *value = what == MEMQC_MLP_SUMMARY_MEAN  ? mean
             : what == MEMQC_MLP_SUMMARY_SD  ? sd
             : what == MEMQC_MLP_SUMMARY_LOW ? mean - half
                                             : mean + half;
    return MEMQC_OK;
}
