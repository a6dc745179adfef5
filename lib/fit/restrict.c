/* SPDX-License-Identifier: BSD-3-Clause */
/* What the likelihood of the noise has beside that of the rows: the course of a noisy pulsed device takes
 * some of the noise for its own, as a mean does. */
#include "fit/restrict.h"
#include "fit/cholesky.h"
#include "fit/coordinates.h"

#include <math.h>
#include <string.h>

enum { THETA = MQC_FIT_THETA };

/* A free parameter of the course. Where pulses end is none: it follows no noise, and is told or not by
 * whether states come near. */
static int is_course(int which) {
    return which < MQC_FIT_ABSOLUTE || which >= MQC_FIT_NODES;
}

static int is_noise(int which) {
    return which >= MQC_FIT_ABSOLUTE && which <= MQC_FIT_SLOW;
}

/* What a parameter may be before anything is known: its bounds, or what is usual where they are wide. */
static double room_of(const struct mqc_fit_problem *problem, int which) {
    const int32_t *const pulses = problem->data->pulses;
    const double range = problem->top - problem->bottom,
                 mean_step = range / fmax(fmax(pulses[0], pulses[1]), 1);
    const double bounds = problem->most[which] - problem->least[which];
    if (which == MQC_FIT_STEP_UP || which == MQC_FIT_STEP_DOWN || which >= MQC_FIT_NODES)
        return fmin(bounds, mean_step);
    if (which == MQC_FIT_SHAPE_UP || which == MQC_FIT_SHAPE_DOWN)
        return fmin(bounds, 5);
    if (which == MQC_FIT_A_UP || which == MQC_FIT_A_DOWN)
        return fmin(bounds, 1);
    return fmin(bounds, range);
}

double mqc_fit_restricted_part(const struct mqc_fit_problem *problem, const double *theta,
                               const double *mean, const double *log_sd) {
    const size_t n = problem->n;
    double a[THETA][THETA], moved[THETA], sum = 0;
    unsigned char kept[THETA];
    int m = 0;
    memcpy(moved, theta, sizeof moved);
    for (int j = 0; j < problem->n_free; j++) {
        const int which = problem->fitted[j];
        const double room = room_of(problem, which);
        if (!is_course(which) || !(room > 0))
            continue;
        double *dmean = problem->slopes + (size_t)(2 * m) * n, *dsd = dmean + n;
        const double h = mqc_fit_nudge(problem, which);
        moved[which] = theta[which] + h;
        mqc_fit_predict_all(problem, moved, dmean, dsd);
        moved[which] = theta[which];
        for (size_t i = 0; i < n; i++) {
            const double scale = room / h;
            dmean[i] =
                mqc_fit_is_used(problem, i) ? (dmean[i] - mean[i]) * exp(-log_sd[i]) * scale : 0;
            dsd[i] =
                mqc_fit_is_used(problem, i) ? (dsd[i] - log_sd[i]) * 1.4142135623730951 * scale : 0;
        }
        kept[m] = 1;
        for (int k = 0; k <= m; k++) {
            const double *other = problem->slopes + (size_t)(2 * k) * n;
            a[m][k] = k == m;
            for (size_t i = 0; i < n; i++)
                a[m][k] += dmean[i] * other[i] + dsd[i] * other[n + i];
        }
        m++;
    }
    mqc_fit_factorize(m, a, kept);
    for (int j = 0; j < m; j++)
        sum -= kept[j] ? log(a[j][j]) : 0;
    return sum;
}

void mqc_fit_restrict(const struct mqc_fit_problem *problem, double *gradient) {
    double *mean = problem->slopes + (size_t)(2 * (MQC_FIT_MOST_FREE - 1)) * problem->n,
           *log_sd = mean + problem->n, moved[THETA];
    const double here =
        mqc_fit_restricted_part(problem, problem->theta, problem->mean, problem->log_sd);
    for (int j = 0; j < problem->n_free; j++) {
        const int which = problem->fitted[j];
        if (!is_noise(which))
            continue;
        const double h = 100 * mqc_fit_nudge(problem, which);
        memcpy(moved, problem->theta, sizeof moved);
        moved[which] = sqrt(mqc_fit_coordinate(problem, problem->theta, which) + h);
        mqc_fit_predict_all(problem, moved, mean, log_sd);
        gradient[j] += (mqc_fit_restricted_part(problem, moved, mean, log_sd) - here) / h;
    }
}

/* The width over which a derivative c falls off as that of a logarithm does, where it adds up to `all` over a
 * distance. */
static double width_of(double slope, double distance, double all) {
    double low = 1e-6 * distance, high = 1e3 * distance;
    for (int i = 0; i < 40; i++) {
        const double middle = sqrt(low * high);
        if (slope * middle * log1p(distance / middle) < all)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void mqc_fit_tilt(struct mqc_fit_problem *problem, const double *widths) {
    double gradient[MQC_FIT_MOST_FREE] = {0}, moved[THETA];
    double *mean = problem->slopes + (size_t)(2 * (MQC_FIT_MOST_FREE - 1)) * problem->n,
           *log_sd = mean + problem->n;
    mqc_fit_predict_all(problem, problem->theta, problem->mean, problem->log_sd);
    const double here =
        mqc_fit_restricted_part(problem, problem->theta, problem->mean, problem->log_sd);
    mqc_fit_restrict(problem, gradient);
    memset(problem->tilt, 0, sizeof problem->tilt);
    for (int j = 0; j < problem->n_free; j++) {
        const int which = problem->fitted[j];
        const double at = mqc_fit_coordinate(problem, problem->theta, which);
        if (!is_noise(which) || !(widths[j] > 0))
            continue;
        memcpy(moved, problem->theta, sizeof moved);
        moved[which] = hypot(moved[which], widths[j]);
        mqc_fit_predict_all(problem, moved, mean, log_sd);
        const double all = mqc_fit_restricted_part(problem, moved, mean, log_sd) - here,
                     distance = widths[j] * widths[j];
        problem->tilt[which] = gradient[j];
        problem->tilt_from[which] = at;
        problem->tilt_width[which] = fmax(width_of(gradient[j], distance, all), 1.01 * at);
    }
}

static double beyond(const struct mqc_fit_problem *problem, const double *theta, int which) {
    return 1 + (mqc_fit_coordinate(problem, theta, which) - problem->tilt_from[which]) /
                   problem->tilt_width[which];
}

double mqc_fit_tilted_part(const struct mqc_fit_problem *problem, const double *theta, int which) {
    if (problem->tilt[which] == 0)
        return 0;
    return problem->tilt[which] * problem->tilt_width[which] * log(beyond(problem, theta, which));
}

double mqc_fit_tilted_slope(const struct mqc_fit_problem *problem, int which) {
    if (problem->tilt[which] == 0)
        return 0;
    return problem->tilt[which] / beyond(problem, problem->theta, which);
}
