/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the search for the parameters of a candidate begins. */
#ifndef MQC_FIT_START_H
#define MQC_FIT_START_H

#include "fit/problem.h"

#define MQC_FIT_LONGEST_CORRELATION 0.998

/* The largest correlation of slow noise that is taken without strong evidence. Noise that is correlated over
 * more than a thirtieth of a train looks like that of the pulses, which adds up. */
double mqc_fit_most_correlation(const struct mqc_fit_problem *problem);

/* How many starting points a candidate has. */
int mqc_fit_attempts(int32_t candidate);

/* Bounds, free parameters and starting values, attempt 0 .. attempts - 1. 0 where the data cannot
 * be described by the candidate. */
int mqc_fit_start(struct mqc_fit_problem *problem, int attempt);

/* After mqc_fit_start(): takes over what problem->from has. */
void mqc_fit_start_from(struct mqc_fit_problem *problem);

#endif
