/* SPDX-License-Identifier: BSD-3-Clause */
/* Laws of noise that is not normal, by normal scores. */
#ifndef MQC_FIT_CURVE_H
#define MQC_FIT_CURVE_H

#include "fit/ladder.h"

/* Quantiles that a device gets of each level. */
enum { MQC_CURVE_QUANTILES = 257 };

/* A curve of so many knots from n sorted values, 2 or more; the normal law wants none. */
void mqc_fit_curve_make(size_t n, const double *sorted, struct mqc_fit_curve *curve);

/* The normal number that makes z, and how much z changes with it. */
double mqc_fit_curve_score(const struct mqc_fit_curve *curve, double z, double *slope);

/* Log-density of z. */
double mqc_fit_curve_density(const struct mqc_fit_curve *curve, double z);

/* Quantiles of a curve, evenly in probability, with the mean 0 and the variance 1 where the law is
 * uniform between neighbours. Returns the excess of its kurtosis over that of the normal law. */
double mqc_fit_curve_table(const struct mqc_fit_curve *curve, double quantiles[]);

#endif
