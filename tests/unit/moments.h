/* SPDX-License-Identifier: BSD-3-Clause */
/* Statistics of samples against closed forms. */
#ifndef MEMQC_TESTS_MOMENTS_H
#define MEMQC_TESTS_MOMENTS_H

#include "test.h"

#include <math.h>

/* Mean and sd of x within 5 standard errors of what is expected; the error of the sd from the
 * sample's fourth moment. */
static inline void check_moments(const float *x, size_t n, double mean, double sd) {
    double sum = 0, m2 = 0, m4 = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        const double d = (double)x[i] - sum;
        m2 += d * d / (double)n;
        m4 += d * d * d * d / (double)n;
    }
    ck_assert_double_eq_tol(sum, mean, 5 * sd / sqrt((double)n) + 1e-7 * fabs(mean));
    ck_assert_double_eq_tol(sqrt(m2), sd,
                            5 * sqrt((m4 - m2 * m2) / (double)n) / (2 * sd) + 1e-6 * sd);
}

/* A share of n within 5 standard errors of its probability. */
static inline void check_share(size_t count, size_t n, double p) {
    ck_assert_double_eq_tol((double)count / (double)n, p,
                            5 * sqrt(p * (1 - p) / (double)n) + 1e-12);
}

#endif
