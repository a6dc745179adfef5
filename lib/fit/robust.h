/* SPDX-License-Identifier: BSD-3-Clause */
/* The whole fit of one problem, outliers left out. */
#ifndef MQC_FIT_ROBUST_H
#define MQC_FIT_ROBUST_H

#include "fit/problem.h"

/* Starts, classifies and solves until nothing changes. 0 where it cannot be fitted. */
int mqc_fit_run(struct mqc_fit_problem *problem);

/* Writes the residuals of the points that are no outliers to values, as standard normals. Returns
 * how many there are. */
size_t mqc_fit_residuals(struct mqc_fit_problem *problem, double *values);

/* The residual c of n points that in 19 of 20 clean sets none goes beyond: n erfc(c / sqrt(2)) =
 * 0.05. */
double mqc_fit_cut(size_t n);

/* A uniform number in 0 .. 1 that is a function of the row alone. */
double mqc_fit_uniform(size_t row);

/* A point on a bound would have been anywhere beyond it, above (sign 1) or below (-1), r standard
 * deviations off. Its residual is drawn from there, so that the residuals of the right law are
 * normal (randomized quantile residuals; Dunn and Smyth, J. Comput. Graph. Stat. 5 (1996) 236). The
 * uniform number is a function of the row alone. */
double mqc_fit_residual_beyond(size_t row, double sign, double r);

#endif
