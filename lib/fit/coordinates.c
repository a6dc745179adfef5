/* SPDX-License-Identifier: BSD-3-Clause */
/* What the search for a maximum moves, and what all rows look like there. A noise of the state-space model is
 * sought by its variance: the derivative by the standard deviation vanishes at 0, from where the search
 * would not return. */
#include "fit/coordinates.h"
#include "fit/filter.h"
#include "fit/models.h"

#include <math.h>

int mqc_fit_is_used(const struct mqc_fit_problem *problem, size_t i) {
    return problem->robust
               ? problem->state[i] == MQC_FIT_USED
               : problem->state[i] != MQC_FIT_FIRST && problem->state[i] != MQC_FIT_OUTLIER;
}

void mqc_fit_predict_all(const struct mqc_fit_problem *problem, const double *theta, double *mean,
                         double *log_sd) {
    if (mqc_fit_is_filtered(problem)) {
        mqc_fit_filter(problem, theta, mean, log_sd);
        return;
    }
    for (size_t i = 0; i < problem->n; i++) {
        double sd;
        if (!mqc_fit_is_used(problem, i))
            continue;
        mqc_fit_predict(problem, theta, i, problem->before[i], problem->steps[i], &mean[i], &sd);
        log_sd[i] = log(sd);
    }
}

int mqc_fit_is_squared(const struct mqc_fit_problem *problem, int which) {
    return mqc_fit_is_filtered(problem) && which >= MQC_FIT_ABSOLUTE && which <= MQC_FIT_SLOW;
}

double mqc_fit_coordinate(const struct mqc_fit_problem *problem, const double *theta, int which) {
    const double value = theta[which];
    return mqc_fit_is_squared(problem, which) ? value * value : value;
}

double mqc_fit_moved_by(const struct mqc_fit_problem *problem, int which, double step) {
    const double at = mqc_fit_coordinate(problem, problem->theta, which) + step;
    const double value = mqc_fit_is_squared(problem, which) ? sqrt(fmax(at, 0)) : at;
    return fmin(fmax(value, problem->least[which]), problem->most[which]);
}

/* A variance that hardly shows in the course, in the unit of a kind of noise. */
static double small_variance(const struct mqc_fit_problem *problem, int which) {
    const int32_t *const pulses = problem->data->pulses;
    const double range = problem->data->range,
                 longest = pulses[0] > pulses[1] ? pulses[0] : pulses[1];
    double sum = 0, n = 0, unit = 1;
    for (size_t i = 0; i < problem->n; i++) {
        if (!mqc_fit_is_used(problem, i))
            continue;
        sum += problem->log_sd[i];
        n++;
    }
    if (which == MQC_FIT_RELATIVE || which == MQC_FIT_READ_RELATIVE)
        unit = fmax(problem->top, range);
    if (which == MQC_FIT_STEPWISE)
        unit = range / fmax(longest, 1);
    return n > 0 ? 1e-4 * exp(2 * sum / n) / (unit * unit) : 1e-12;
}

double mqc_fit_nudge(const struct mqc_fit_problem *problem, int which) {
    if (mqc_fit_is_squared(problem, which)) {
        const double at = mqc_fit_coordinate(problem, problem->theta, which);
        return 1e-5 * fmax(at, small_variance(problem, which));
    }
    const double least = 1e-4 * fmin(problem->most[which] - problem->least[which], 1);
    const double h = 1e-6 * fmax(fabs(problem->theta[which]), least);
    return problem->theta[which] + h > problem->most[which] ? -h : h;
}
