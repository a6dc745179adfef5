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

#endif
