/* SPDX-License-Identifier: BSD-3-Clause */
/* Maximum likelihood of one problem. */
#ifndef MQC_FIT_SOLVE_H
#define MQC_FIT_SOLVE_H

#include "fit/problem.h"

double mqc_fit_log_likelihood(struct mqc_fit_problem *problem, const double *theta);

/* Moves theta to the maximum that is found from it. */
void mqc_fit_solve(struct mqc_fit_problem *problem);

/* Covariance of the free parameters from the observed information. */
void mqc_fit_covariance(struct mqc_fit_problem *problem);

#endif
