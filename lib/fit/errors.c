/* SPDX-License-Identifier: BSD-3-Clause */
/* Standard errors of a fit, from the observed information.
 *
 * That of a noise near 0 is not told by derivatives: the likelihood of a variance is skewed, and on a
 * bound there is no information at all. There the profile of the likelihood tells (Venzon and
 * Moolgavkar, Appl. Stat. 37 (1988) 87): a noise is moved, and all others follow, until the
 * log-likelihood is lower by 2, which is two standard errors. The errors of steps and windows grow by
 * how far they followed, and by what the larger noise lets be unknown. Parts of the noise that were not
 * worth their parameters count too: what they would be, and what the others would be beside them. */
#include "fit/errors.h"
#include "fit/cholesky.h"
#include "fit/coordinates.h"
#include "fit/filter.h"
#include "fit/restrict.h"
#include "fit/solve.h"
#include "fit/start.h"

#include <math.h>
#include <string.h>

enum { THETA = MQC_FIT_THETA, TRIES = 7 };

static const double two_errors = 2; /* what the log-likelihood loses there */

/* Second derivative of minus the log-likelihood by central differences. */
static double second(struct mqc_fit_problem *problem, int j, int k, const double *h) {
    double sum = 0;
    for (int corner = 0; corner < 4; corner++) {
        double moved[THETA];
        for (int t = 0; t < THETA; t++)
            moved[t] = problem->theta[t];
        const double a = corner & 1 ? 1 : -1, b = corner & 2 ? 1 : -1;
        moved[problem->fitted[j]] += a * h[j];
        moved[problem->fitted[k]] += b * h[k];
        sum += a * b * mqc_fit_log_likelihood(problem, moved);
    }
    return -sum / (4 * h[j] * h[k]);
}

/* Derivative of the coordinate of a free parameter by the parameter. */
static double scale_of(const struct mqc_fit_problem *problem, int j) {
    const int which = problem->fitted[j];
    return mqc_fit_is_squared(problem, which) ? 2 * problem->theta[which] : 1;
}

/* Where the information is by the parameters themselves. */
static void derive(struct mqc_fit_problem *problem, double information[THETA][THETA]) {
    double gradient[THETA];
    mqc_fit_derive(problem, gradient, information);
    for (int j = 0; j < problem->n_free; j++)
        for (int k = 0; k <= j; k++)
            information[j][k] *= scale_of(problem, j) * scale_of(problem, k);
}

static void find_covariance(struct mqc_fit_problem *problem) {
    const int m = problem->n_free;
    double information[THETA][THETA], h[THETA];
    unsigned char kept[THETA], expected[THETA];
    derive(problem, information);
    for (int j = 0; j < m; j++) { /* on a bound there is no information to speak of */
        const int which = problem->fitted[j];
        h[j] = information[j][j] > 0 ? 0.02 / sqrt(information[j][j]) : 0;
        expected[j] = h[j] > 0 && problem->theta[which] - 2 * h[j] > problem->least[which] &&
                      problem->theta[which] + 2 * h[j] < problem->most[which];
        kept[j] = expected[j];
    }
    double a[THETA][THETA];
    for (int j = 0; j < m; j++)
        for (int k = 0; k <= j; k++)
            a[j][k] = kept[j] && kept[k] ? second(problem, j, k, h) : 0;
    mqc_fit_invert(problem->n_free, a, kept, problem->covariance);
    int lost = 0;
    for (int j = 0; j < m; j++)
        lost |= kept[j] != expected[j];
    if (!lost)
        return;
    for (int j = 0; j < m; j++) /* the observed information is not positive: the expected one is */
        for (int k = 0; k < j; k++)
            information[j][k] = expected[j] && expected[k] ? information[j][k] : 0;
    mqc_fit_invert(problem->n_free, information, expected, problem->covariance);
}

/* --- noises near 0 --- */

/* The best parameters, and what a free one varies by when noises move. */
struct profile {
    double theta[THETA], log_likelihood, variance[THETA];
    int n_free, fitted[THETA];
};

static int is_noise(int which) {
    return which >= MQC_FIT_ABSOLUTE && which <= MQC_FIT_SLOW;
}

/* Of the longest train, S. */
static double mean_step(const struct mqc_fit_problem *problem) {
    const int32_t *const pulses = problem->data->pulses;
    return (problem->top - problem->bottom) / fmax(fmax(pulses[0], pulses[1]), 1);
}

/* What one of a kind of noise is in S. */
static double unit_of(const struct mqc_fit_problem *problem, int which) {
    if (which == MQC_FIT_RELATIVE || which == MQC_FIT_READ_RELATIVE)
        return 0.5 * (problem->top + problem->bottom);
    return which == MQC_FIT_STEPWISE ? mean_step(problem) : 1;
}

static void restore(struct mqc_fit_problem *problem, const struct profile *profile) {
    memcpy(problem->theta, profile->theta, sizeof profile->theta);
    memcpy(problem->fitted, profile->fitted, sizeof profile->fitted);
    problem->n_free = profile->n_free;
    problem->log_likelihood = profile->log_likelihood;
}

static void add_free(struct mqc_fit_problem *problem, int which, double start, double most) {
    problem->theta[which] = start;
    problem->least[which] = 0;
    problem->most[which] = most;
    problem->fitted[problem->n_free++] = which;
}

/* White and slow noise of the measurement, where the candidate has none. */
static void add_measurement(struct mqc_fit_problem *problem) {
    double sum = 0, n = 0;
    mqc_fit_log_likelihood(problem, problem->theta);
    for (size_t i = 0; i < problem->n; i++) {
        if (problem->state[i] != MQC_FIT_USED)
            continue;
        sum += problem->log_sd[i];
        n++;
    }
    const double sd = n > 0 ? exp(sum / n) : 0, most = 10 * problem->data->range;
    if (!(problem->noise & (MQC_FIT_WITH_READ | MQC_FIT_WITH_READ_RELATIVE)))
        add_free(problem, MQC_FIT_READ, 0.3 * sd, most);
    if (!(problem->noise & MQC_FIT_WITH_SLOW)) {
        add_free(problem, MQC_FIT_SLOW, 0.3 * sd, most);
        add_free(problem, MQC_FIT_CORRELATION, 0.9, mqc_fit_most_correlation(problem));
        problem->least[MQC_FIT_CORRELATION] = 0.5;
    }
    problem->noise |= MQC_FIT_WITH_SLOW;
    if (!(problem->noise & MQC_FIT_WITH_READ_RELATIVE))
        problem->noise |= MQC_FIT_WITH_READ;
}

/* What the log-likelihood loses where a parameter has a value and the others follow. */
static double loss_at(struct mqc_fit_problem *problem, const struct profile *profile, int which,
                      double value) {
    int n = 0;
    for (int j = 0; j < profile->n_free; j++)
        if (profile->fitted[j] != which)
            problem->fitted[n++] = profile->fitted[j];
    problem->n_free = n;
    problem->theta[which] = value;
    problem->rough = problem->tilted = 1;
    mqc_fit_solve(problem);
    problem->rough = problem->tilted = 0;
    problem->restricted = 1;
    const double restricted = mqc_fit_log_likelihood(problem, problem->theta);
    problem->restricted = 0;
    return profile->log_likelihood - restricted;
}

/* How far a noise can go up or down until the log-likelihood is lower by two_errors, or the noise 0. The
 * parameters are left there. */
static double reach(struct mqc_fit_problem *problem, const struct profile *profile, int which,
                    double sign, double guess) {
    const double centre = profile->theta[which];
    double distance = guess, inner = 0, outer = INFINITY;
    for (int attempt = 0; attempt < TRIES; attempt++) {
        if (sign < 0 && distance > centre)
            distance = centre;
        if (inner == 0) { /* from far out there may be no way back */
            memcpy(problem->theta, profile->theta, sizeof profile->theta);
            if (which == MQC_FIT_SLOW && centre < guess)
                problem->theta[MQC_FIT_CORRELATION] = 0.85;
        }
        const double loss = loss_at(problem, profile, which, centre + sign * distance);
        if (fabs(loss - two_errors) < 0.15 * two_errors)
            break;
        if (loss < two_errors)
            inner = distance;
        else
            outer = distance;
        if (loss < two_errors && sign < 0 && distance >= centre)
            break;
        const double factor = sqrt(two_errors / fmax(loss, 0.1 * two_errors));
        distance *= fmax(factor, 0.2);
        if (distance <= inner || distance >= outer)
            distance = isfinite(outer) ? 0.5 * (inner + outer) : 2 * inner;
    }
    return distance;
}

/* Variances where a noise is larger by an error: what the others then vary by, and how far they have
 * followed. */
static void follow(struct mqc_fit_problem *problem, struct profile *profile, int which,
                   double distance) {
    double information[THETA][THETA], inverse[THETA][THETA];
    unsigned char kept[THETA];
    for (int k = 0; k < THETA; k++)
        problem->theta[k] = 0.5 * (problem->theta[k] + profile->theta[k]);
    derive(problem, information);
    for (int j = 0; j < problem->n_free; j++)
        kept[j] = problem->theta[problem->fitted[j]] > problem->least[problem->fitted[j]] &&
                  problem->theta[problem->fitted[j]] < problem->most[problem->fitted[j]];
    for (int j = 0; j < problem->n_free; j++)
        for (int k = 0; k < j; k++)
            information[j][k] = kept[j] && kept[k] ? information[j][k] : 0;
    mqc_fit_invert(problem->n_free, information, kept, inverse);
    for (int j = 0, of = 0; of < profile->n_free; of++) {
        const int here = profile->fitted[of];
        const double moved = problem->theta[here] - profile->theta[here];
        if (here == which) {
            profile->variance[of] = fmax(profile->variance[of], 0.25 * distance * distance);
            continue;
        }
        const double own = is_noise(here) ? 0 : inverse[j][j];
        profile->variance[of] = fmax(profile->variance[of], moved * moved + own);
        j++;
    }
}

/* Are some noises less than four errors from 0? */
static int has_weak(const struct mqc_fit_problem *problem) {
    for (int j = 0; j < problem->n_free; j++) {
        const int which = problem->fitted[j];
        const double variance = problem->covariance[j][j];
        if (is_noise(which) && !(variance > 0 && problem->theta[which] > 4 * sqrt(variance)))
            return 1;
    }
    return 0;
}

/* The first guess of two errors, rather too far: beyond a ditch there may be another maximum. */
static double guess_of(const struct mqc_fit_problem *problem, int j) {
    const int which = problem->fitted[j];
    const double variance = problem->covariance[j][j];
    const double least = fmax(0.02 * problem->theta[MQC_FIT_READ], 0.5 * mean_step(problem));
    return fmax(2 * sqrt(fmax(variance, 0)), variance > 0 ? 0 : least / unit_of(problem, which));
}

/* Keeps the correlations. */
static void widen(struct mqc_fit_problem *problem, const struct profile *profile) {
    double scale[THETA];
    for (int j = 0; j < profile->n_free; j++) {
        const double variance = problem->covariance[j][j];
        scale[j] = variance > 0 ? sqrt(fmax(profile->variance[j], variance) / variance) : 0;
    }
    for (int j = 0; j < profile->n_free; j++)
        for (int k = 0; k < profile->n_free; k++)
            problem->covariance[j][k] *= scale[j] * scale[k];
    for (int j = 0; j < profile->n_free; j++)
        if (scale[j] == 0)
            problem->covariance[j][j] = profile->variance[j];
}

static void profile_noises(struct mqc_fit_problem *problem, struct profile *profile) {
    double guesses[MQC_FIT_MOST_FREE], widths[MQC_FIT_MOST_FREE];
    for (int j = 0; j < profile->n_free; j++) {
        guesses[j] = guess_of(problem, j);
        widths[j] = 0.5 * guesses[j];
    }
    mqc_fit_tilt(problem, widths);
    for (int j = 0; j < profile->n_free; j++) {
        const int which = profile->fitted[j];
        if (!is_noise(which))
            continue;
        for (int sign = -1; sign <= 1; sign += 2) {
            if (sign < 0 && !(profile->theta[which] > 0))
                continue;
            const double distance = reach(problem, profile, which, sign, guesses[j]);
            follow(problem, profile, which, distance);
        }
    }
    restore(problem, profile);
}

/* The maximum of the restricted likelihood, sought from here and from another share of the pulses in the
 * noise: there may be two. */
static void restrict_noises(struct mqc_fit_problem *problem) {
    const double share = 0.3, part = 0.7;
    double first[THETA], start[THETA];
    memcpy(start, problem->theta, sizeof start);
    problem->restricted = 1;
    mqc_fit_solve(problem);
    const double value = problem->log_likelihood;
    memcpy(first, problem->theta, sizeof first);
    memcpy(problem->theta, start, sizeof start);
    const int is_slow = (problem->noise & MQC_FIT_WITH_SLOW) != 0;
    for (int kind = 0; kind < 3; kind++) {
        const int which = MQC_FIT_ABSOLUTE + kind;
        const double least = share * mean_step(problem) / unit_of(problem, which);
        if (problem->noise >> kind & 1)
            problem->theta[which] = fmax(part * start[which], least);
    }
    if (is_slow && start[MQC_FIT_SLOW] < part * start[MQC_FIT_READ]) {
        problem->theta[MQC_FIT_SLOW] = part * start[MQC_FIT_READ];
        problem->theta[MQC_FIT_CORRELATION] = 0.85;
    }
    mqc_fit_solve(problem);
    problem->restricted = 0;
    if (problem->log_likelihood > value)
        return;
    memcpy(problem->theta, first, sizeof first);
    problem->log_likelihood = value;
}

/* The estimate is without the parts of the noise that are not worth their parameters. */
static void add_choice(struct mqc_fit_problem *problem, const double *chosen) {
    double away[THETA];
    for (int j = 0; j < problem->n_free; j++) {
        const int which = problem->fitted[j];
        away[j] = which == MQC_FIT_CORRELATION ? 0 : problem->theta[which] - chosen[which];
    }
    for (int j = 0; j < problem->n_free; j++)
        for (int k = 0; k < problem->n_free; k++)
            problem->covariance[j][k] += away[j] * away[k];
}

/* Without slow noise its correlation means nothing. */
static void forget_correlation(struct mqc_fit_problem *problem, const double *chosen) {
    for (int j = 0; j < problem->n_free; j++)
        for (int k = 0; k < problem->n_free; k++)
            if (!(chosen[MQC_FIT_SLOW] > 0) && (problem->fitted[j] == MQC_FIT_CORRELATION ||
                                                problem->fitted[k] == MQC_FIT_CORRELATION))
                problem->covariance[j][k] = 0;
}

void mqc_fit_covariance(struct mqc_fit_problem *problem) {
    const int noise = problem->noise;
    const int is_pulsed = !mqc_fit_is_quantized(problem->candidate);
    if (!is_pulsed || problem->censored > 0 || problem->pinned[0] || problem->pinned[1]) {
        find_covariance(problem);
        return;
    }
    double chosen[THETA], variance[THETA] = {0};
    if (mqc_fit_is_filtered(problem))
        restrict_noises(problem);
    find_covariance(problem);
    for (int j = 0; j < problem->n_free; j++)
        variance[problem->fitted[j]] = problem->covariance[j][j];
    memcpy(chosen, problem->theta, sizeof chosen);
    add_measurement(problem);
    restrict_noises(problem);
    find_covariance(problem);
    struct profile profile = {{0}, problem->log_likelihood, {0}, problem->n_free, {0}};
    memcpy(profile.theta, problem->theta, sizeof profile.theta);
    memcpy(profile.fitted, problem->fitted, sizeof profile.fitted);
    for (int j = 0; j < profile.n_free; j++)
        profile.variance[j] = variance[profile.fitted[j]];
    if (has_weak(problem))
        profile_noises(problem, &profile);
    widen(problem, &profile);
    add_choice(problem, chosen);
    forget_correlation(problem, chosen);
    memcpy(problem->theta, chosen, sizeof chosen);
    problem->noise = noise;
}
