/* SPDX-License-Identifier: BSD-3-Clause */
/* What a number of accuracies say. */
#ifndef MQC_MLP_STUDY_STATISTICS_H
#define MQC_MLP_STUDY_STATISTICS_H

#include <stddef.h>

/* Half of the 95 % confidence interval of the mean of n normal numbers, in standard deviations of
 * them. */
double mqc_mean_interval(size_t n);

/* Mean and standard deviation (of the population that they come from; 0 for one). */
void mqc_mean_sd(size_t n, const double *x, double *mean, double *sd);

#endif
