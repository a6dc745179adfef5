/* SPDX-License-Identifier: BSD-3-Clause */
/* A search that begins where that of other kinds of noise ended. */
#include "fit/start.h"

#include <math.h>

static double within(const struct mqc_fit_problem *problem, int which, double value) {
    return fmin(fmax(value, problem->least[which]), problem->most[which]);
}

/* Window, steps and shapes. A bound that the likelihood does not tell is where the other fit put it. */
static void take_course(struct mqc_fit_problem *problem) {
    for (int which = 0; which < MQC_FIT_THETA; which++) {
        const int is_noise = which >= MQC_FIT_ABSOLUTE && which <= MQC_FIT_CORRELATION;
        const int is_edge = which == MQC_FIT_HIGH || which == MQC_FIT_LOW;
        if (is_noise)
            continue;
        if (is_edge && problem->least[which] == problem->most[which])
            problem->least[which] = problem->most[which] = problem->from[which];
        problem->theta[which] = within(problem, which, problem->from[which]);
    }
}

enum { KINDS = 3 };

/* What one of a kind of pulse noise is in S: absolute, relative, stepwise. */
static void measure_kinds(const struct mqc_fit_problem *problem, double unit[KINDS]) {
    const int32_t *const pulses = problem->data->pulses;
    unit[0] = 1;
    unit[1] = 0.5 * (problem->top + problem->bottom);
    unit[2] = (problem->top - problem->bottom) / fmax(fmax(pulses[0], pulses[1]), 1);
}

/* Kinds that both have stay. Other ones get what the other fit has in all, or where kinds stay a third of
 * that. */
static void take_pulses(struct mqc_fit_problem *problem) {
    const int all = MQC_FIT_WITH_ABSOLUTE | MQC_FIT_WITH_RELATIVE | MQC_FIT_WITH_STEPWISE;
    const int stays = problem->noise & problem->from_noise & all;
    double unit[KINDS], noise = 0;
    measure_kinds(problem, unit);
    for (int kind = 0; kind < KINDS; kind++)
        noise = hypot(noise, unit[kind] * problem->from[MQC_FIT_ABSOLUTE + kind]);
    const double phi = problem->from[MQC_FIT_CORRELATION];
    const int loses = (problem->from_noise & ~problem->noise & MQC_FIT_WITH_SLOW) != 0;
    const double added = loses ? sqrt(1 - phi * phi) * problem->from[MQC_FIT_SLOW] : 0;
    for (int kind = 0; kind < KINDS; kind++) {
        const int which = MQC_FIT_ABSOLUTE + kind;
        if (!(problem->noise >> kind & 1))
            continue;
        const double fresh = (stays ? 0.3 : 1) * noise / unit[kind];
        const double kept = hypot(problem->from[which], added / unit[kind]);
        problem->theta[which] = within(problem, which, stays >> kind & 1 ? kept : fresh);
    }
}

/* The slow part that the other fit does not have is shared out as mqc_fit_start() did. */
static void take_measurement(struct mqc_fit_problem *problem) {
    const double *const from = problem->from, middle = 0.5 * (problem->top + problem->bottom);
    double *const theta = problem->theta;
    const double noise = hypot(from[MQC_FIT_READ], middle * from[MQC_FIT_READ_RELATIVE]);
    const int has_slow = (problem->noise & MQC_FIT_WITH_SLOW) != 0;
    double white = noise;
    if (from[MQC_FIT_CORRELATION] > problem->most[MQC_FIT_CORRELATION])
        problem->most[MQC_FIT_CORRELATION] = MQC_FIT_LONGEST_CORRELATION;
    if (has_slow && problem->from_noise & MQC_FIT_WITH_SLOW) {
        theta[MQC_FIT_SLOW] = within(problem, MQC_FIT_SLOW, from[MQC_FIT_SLOW]);
        theta[MQC_FIT_CORRELATION] =
            within(problem, MQC_FIT_CORRELATION, from[MQC_FIT_CORRELATION]);
    } else if (has_slow) {
        const double read = hypot(theta[MQC_FIT_READ], middle * theta[MQC_FIT_READ_RELATIVE]),
                     all = hypot(read, theta[MQC_FIT_SLOW]);
        white *= all > 0 ? read / all : 1;
        theta[MQC_FIT_SLOW] *= all > 0 ? noise / all : 0;
    }
    const int has_read = (problem->noise & MQC_FIT_WITH_READ) != 0,
              has_relative = (problem->noise & MQC_FIT_WITH_READ_RELATIVE) != 0;
    const double share = has_read ? 0.3 : 1;
    theta[MQC_FIT_READ] = has_read ? within(problem, MQC_FIT_READ, white) : 0;
    theta[MQC_FIT_READ_RELATIVE] =
        within(problem, MQC_FIT_READ_RELATIVE, has_relative ? share * white / middle : 0);
}

void mqc_fit_start_from(struct mqc_fit_problem *problem) {
    if (mqc_fit_is_quantized(problem->candidate))
        return;
    take_course(problem);
    take_pulses(problem);
    take_measurement(problem);
}
