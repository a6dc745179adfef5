/* SPDX-License-Identifier: BSD-3-Clause */
#include "interval.h"

#include <memqc/memqc.h>

#include <math.h>

/* The statistics take any finite numbers. */
static double of(size_t n, const double *accuracies, int32_t what) {
    double value = NAN;
    (void)memqc_summary(n, accuracies, what, &value);
    return value;
}

struct interval accuracy_interval(size_t n, const double *accuracies) {
    struct interval interval = {of(n, accuracies, MEMQC_SUMMARY_MEAN), 0.0, 0.0, 100.0, n > 1};
    if (interval.known) {
        interval.sd = of(n, accuracies, MEMQC_SUMMARY_SD);
        interval.low = fmax(of(n, accuracies, MEMQC_SUMMARY_LOW), 0.0);
        interval.high = fmin(of(n, accuracies, MEMQC_SUMMARY_HIGH), 100.0);
    }
    return interval;
}
