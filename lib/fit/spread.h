/* SPDX-License-Identifier: BSD-3-Clause */
/* Spread over devices, and the distribution of residuals. */
#ifndef MQC_FIT_SPREAD_H
#define MQC_FIT_SPREAD_H

#include <stddef.h>

struct mqc_fit_spread {
    double mean, mean_se, spread, spread_se;
};

/* Mean and spread of a quantity over devices by restricted maximum likelihood; x[i] is known to
 * se[i]. mean_se is larger than the standard error of the mean by what Student's t of few devices
 * has wider tails: twice it holds the truth in 95 %. */
struct mqc_fit_spread mqc_fit_spread(size_t n, const double *x, const double *se);

/* By what a standard error with so many degrees of freedom must be larger for two of it to hold the
 * truth as often as two of the normal law do: of a mean, and of a standard deviation. */
double mqc_fit_student_factor(double freedom);
double mqc_fit_chi_factor(double freedom);

/* Probability of a chi-squared, over its degrees of freedom, being less. */
double mqc_fit_chi_below(double part, double freedom);

/* The normal deviate that is exceeded with a probability. */
double mqc_fit_exceeded(double probability);

/* Largest distance of the distribution of n sorted values from N(0, 1). */
double mqc_fit_distance(size_t n, const double *sorted);

/* Probability that the distance of n values is larger, whose mean and sd have been fitted; and of n
 * values of a law that nothing was fitted of. n may be what they are worth, no whole number. */
double mqc_fit_lilliefors(double distance, double n);
double mqc_fit_kolmogorov(double distance, double n);

/* By how many standard errors the residuals go back and forth: the larger of minus their
 * correlation with the next one and minus the sum of those with the next ten. Noise of the
 * measurement is gone with the next reading, so that residuals of a model without it do. */
double mqc_fit_alternation(size_t n, const double *residuals);

#endif
