/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows under a candidate whose readings have noise of their own. */
#ifndef MQC_FIT_FILTER_H
#define MQC_FIT_FILTER_H

#include "fit/problem.h"

/* Has the candidate noise of the measurement? */
static inline int mqc_fit_is_filtered(const struct mqc_fit_problem *problem) {
    return (problem->noise & MQC_FIT_MEASURED) != 0;
}

/* mean[i] and log_sd[i] of every row but the first of a cycle, given the rows before it that are no
 * outliers. */
void mqc_fit_filter(const struct mqc_fit_problem *problem, const double *theta, double *mean,
                    double *log_sd);

/* Marks the rows beyond limit standard deviations as outliers; returns how many. */
size_t mqc_fit_filter_classify(struct mqc_fit_problem *problem, double limit);

/* Lowest and highest state that the rows tell of. */
void mqc_fit_filter_reach(struct mqc_fit_problem *problem, double *low, double *high);

#endif
