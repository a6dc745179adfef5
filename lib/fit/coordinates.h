/* SPDX-License-Identifier: BSD-3-Clause */
/* The coordinates of a search, and the predictions there. */
#ifndef MQC_FIT_COORDINATES_H
#define MQC_FIT_COORDINATES_H

#include "fit/problem.h"

/* Does a row count in the likelihood? */
int mqc_fit_is_used(const struct mqc_fit_problem *problem, size_t i);

/* Mean and log sd of all used rows. */
void mqc_fit_predict_all(const struct mqc_fit_problem *problem, const double *theta, double *mean,
                         double *log_sd);

/* Is a parameter sought by its square? */
int mqc_fit_is_squared(const struct mqc_fit_problem *problem, int which);

/* What a parameter is sought by. */
double mqc_fit_coordinate(const struct mqc_fit_problem *problem, const double *theta, int which);

/* A parameter, that far in its coordinate, within its bounds. */
double mqc_fit_moved_by(const struct mqc_fit_problem *problem, int which, double step);

/* Step of a finite difference in the coordinate of a parameter; problem->log_sd holds the predictions. */
double mqc_fit_nudge(const struct mqc_fit_problem *problem, int which);

#endif
