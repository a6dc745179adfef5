/* SPDX-License-Identifier: BSD-3-Clause */
/* One pulse under a pulsed candidate. */
#ifndef MQC_FIT_STEPS_H
#define MQC_FIT_STEPS_H

#include "fit/problem.h"

/* f of one pulse, up or down, from a conductance within the window. */
double mqc_fit_step(const struct mqc_fit_problem *problem, const double *theta, int down, double x);

/* Derivative of f by x, where f is the step from there. */
double mqc_fit_slope(const struct mqc_fit_problem *problem, const double *theta, int down, double x,
                     double f);

/* Variance of a pulse from x whose step is f. */
double mqc_fit_pulse_variance(const double *theta, double x, double f);

#endif
