/* SPDX-License-Identifier: BSD-3-Clause */
/* One pulse, as the pulsed candidates of a fit have it. The equations are those of the models' own
 * files. Called by models.c, leap.c and filter.c. */
#include "fit/steps.h"

#include <math.h>

static double node_step(const struct mqc_fit_problem *problem, const double *theta, int down,
                        double g) {
    const double *at = problem->node_g[down],
                 *step = theta + MQC_FIT_NODES + down * MQC_FIT_TABLE_NODES;
    const int n = problem->n_nodes[down];
    int i = 1;
    if (n == 0)
        return 0;
    if (n == 1 || g <= at[0])
        return step[0];
    if (g >= at[n - 1])
        return step[n - 1];
    while (at[i] <= g)
        i++;
    return step[i - 1] + (step[i] - step[i - 1]) * (g - at[i - 1]) / (at[i] - at[i - 1]);
}

double mqc_fit_step(const struct mqc_fit_problem *problem, const double *theta, int down,
                    double x) {
    const double range = theta[MQC_FIT_HIGH] - theta[MQC_FIT_LOW],
                 y = (down ? theta[MQC_FIT_HIGH] - x : x - theta[MQC_FIT_LOW]) / range;
    const double step = theta[MQC_FIT_STEP_UP + down], shape = theta[MQC_FIT_SHAPE_UP + down];
    switch (problem->candidate) {
    case MEMQC_DEVICE_CONSTANT:
        return step;
    case MEMQC_DEVICE_LINEAR:
        return step * fmax(1 - shape * y, 0);
    case MEMQC_DEVICE_SOFT_BOUNDS:
        return step * (1 - y);
    case MEMQC_DEVICE_EXPONENTIAL:
        /* EXP_SCALE is 0.5 and EXP_OFFSET 0: z = x - 1/2 up and 1/2 - x down, both y - 1/2. */
        return step * fmax(1 - theta[MQC_FIT_A_UP + down] * exp(shape * (y - 0.5)), 0);
    case MEMQC_DEVICE_POWER:
        return step * pow(fmax(1 - y, 1e-30), shape);
    case MEMQC_DEVICE_NEUROSIM: {
        const double pulses = problem->data->pulses[down], bend = -expm1(-shape);
        if (fabs(shape) < 1e-9)
            return range / pulses;
        return range * -expm1(-shape / pulses) * (1 / bend - y);
    }
    default:
        return node_step(problem, theta, down, x);
    }
}

/* By the place y of the window from where a direction starts. */
static double slope_by_place(const struct mqc_fit_problem *problem, const double *theta, int down,
                             double y, double f) {
    const double step = theta[MQC_FIT_STEP_UP + down], shape = theta[MQC_FIT_SHAPE_UP + down],
                 range = theta[MQC_FIT_HIGH] - theta[MQC_FIT_LOW];
    switch (problem->candidate) {
    case MEMQC_DEVICE_CONSTANT:
        return 0;
    case MEMQC_DEVICE_LINEAR:
        return f > 0 ? -step * shape : 0;
    case MEMQC_DEVICE_SOFT_BOUNDS:
        return -step;
    case MEMQC_DEVICE_EXPONENTIAL:
        return f > 0 ? shape * (f - step) : 0;
    case MEMQC_DEVICE_POWER:
        return -shape * f / fmax(1 - y, 1e-30);
    default: /* NEUROSIM */
        return fabs(shape) < 1e-9 ? 0 : -range * -expm1(-shape / problem->data->pulses[down]);
    }
}

double mqc_fit_slope(const struct mqc_fit_problem *problem, const double *theta, int down, double x,
                     double f) {
    const double range = theta[MQC_FIT_HIGH] - theta[MQC_FIT_LOW],
                 y = (down ? theta[MQC_FIT_HIGH] - x : x - theta[MQC_FIT_LOW]) / range;
    if (problem->candidate == MEMQC_DEVICE_TABLE) {
        const double delta = 1e-5 * range;
        return (mqc_fit_step(problem, theta, down, x + delta) - f) / delta;
    }
    return (down ? -1 : 1) * slope_by_place(problem, theta, down, y, f) / range;
}

double mqc_fit_pulse_variance(const double *theta, double x, double f) {
    const double absolute = theta[MQC_FIT_ABSOLUTE], relative = theta[MQC_FIT_RELATIVE] * x,
                 stepwise = theta[MQC_FIT_STEPWISE] * f;
    return absolute * absolute + relative * relative + stepwise * stepwise;
}
