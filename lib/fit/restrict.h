/* SPDX-License-Identifier: BSD-3-Clause */
/* The restricted likelihood of noisy pulsed devices. */
#ifndef MQC_FIT_RESTRICT_H
#define MQC_FIT_RESTRICT_H

#include "fit/problem.h"

/* Minus half the logarithm of the determinant of the information on the course: what the fit of the course
 * takes from the noise (Cox and Reid, J. R. Stat. Soc. B 49 (1987) 1). What is usual counts as a
 * prior, so that parameters that are not told add nothing. mean and log_sd hold the predictions at theta. */
double mqc_fit_restricted_part(const struct mqc_fit_problem *problem, const double *theta,
                               const double *mean, const double *log_sd);

/* Adds its derivatives by the noises to a gradient. */
void mqc_fit_restrict(const struct mqc_fit_problem *problem, double *gradient);

/* Keeps them for problem->tilted. widths: what is small of each free noise. */
void mqc_fit_tilt(struct mqc_fit_problem *problem, const double *widths);

/* What the log-likelihood has of a noise then, and its derivative by what the noise is sought by. */
double mqc_fit_tilted_part(const struct mqc_fit_problem *problem, const double *theta, int which);
double mqc_fit_tilted_slope(const struct mqc_fit_problem *problem, int which);

#endif
