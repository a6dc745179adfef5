/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the search for the parameters of a candidate begins. */
#ifndef MQC_FIT_START_H
#define MQC_FIT_START_H

#include "fit/problem.h"

/* How many starting points a candidate has. */
int mqc_fit_attempts(int32_t candidate);

/* Bounds, free parameters and starting values, attempt 0 .. attempts - 1. 0 where the data cannot
 * be described by the candidate. */
int mqc_fit_start(struct mqc_fit_problem *problem, int attempt);

#endif
