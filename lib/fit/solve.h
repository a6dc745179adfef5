/* SPDX-License-Identifier: BSD-3-Clause */
/* Maximum likelihood of one problem. */
#ifndef MQC_FIT_SOLVE_H
#define MQC_FIT_SOLVE_H

#include "fit/problem.h"

double mqc_fit_log_likelihood(struct mqc_fit_problem *problem, const double *theta);

/* Moves theta to the maximum that is found from it. */
void mqc_fit_solve(struct mqc_fit_problem *problem);

/* Gradient and information (lower half) at theta, by what the free parameters are sought by. */
void mqc_fit_derive(struct mqc_fit_problem *problem, double *gradient,
                    double information[MQC_FIT_THETA][MQC_FIT_THETA]);

#endif
