/* SPDX-License-Identifier: BSD-3-Clause */
/* Statistics of n numbers: see memqc_summary(). */
#ifndef MQC_CORE_SUMMARY_H
#define MQC_CORE_SUMMARY_H

#include <stddef.h>

/* Half of the 95 % confidence interval of the mean of n normal numbers, in standard deviations of
 * them. */
double mqc_mean_interval(size_t n);

/* Mean and standard deviation of the population, by n - 1; 0 for one number. */
void mqc_mean_sd(size_t n, const double *x, double *mean, double *sd);

#endif
