/* SPDX-License-Identifier: BSD-3-Clause */
/* Maximum likelihood by Fisher scoring: with r = (g - mean) / sd, the score of a point is (r dmean
 * + (r^2 - 1) dsd) / sd and its information (dmean^2 + 2 dsd^2) / sd^2; steps are damped as by
 * Levenberg and Marquardt, and cut at the bounds of the parameters. */
#include "fit/solve.h"
#include "fit/cholesky.h"
#include "fit/coordinates.h"
#include "fit/filter.h"
#include "fit/restrict.h"

#include <math.h>
#include <string.h>

enum { THETA = MQC_FIT_THETA, MOST_STEPS = 60 };

static const double log_root_2pi = 0.91893853320467274, outliers_expected = 0.01;
static const double tails = 4; /* degrees of freedom of the robust likelihood, Student's t */

/* log of the probability beyond t standard deviations, and its derivative. */
static double log_tail(double t, double *hazard) {
    const double density = exp(-0.5 * t * t - log_root_2pi);
    if (t > 20) { /* Mills' ratio */
        *hazard = t + 1 / t;
        return -0.5 * t * t - log_root_2pi - log(*hazard);
    }
    const double tail = 0.5 * erfc(t * 0.70710678118654752);
    *hazard = density / tail;
    return log(tail);
}

/* Log-likelihood of a row, its derivatives by mean and log sd, and the information on both. */
struct score {
    double value, mean, log_sd, mean_mean, sd_sd;
};

static struct score score_of(const struct mqc_fit_problem *problem, size_t i, double mean,
                             double log_sd) {
    const double per_sd = exp(-log_sd), r = (problem->rows[i].g - mean) * per_sd;
    struct score s;
    if (problem->robust) {
        const double weight = (tails + 1) / (tails + r * r);
        s.value = -log_sd - 0.5 * (tails + 1) * log1p(r * r / tails);
        s.mean = weight * r * per_sd;
        s.log_sd = weight * r * r - 1;
        s.mean_mean = (tails + 1) / (tails + 3) * per_sd * per_sd;
        s.sd_sd = 2 * tails / (tails + 3);
        return s;
    }
    if (problem->state[i] == MQC_FIT_USED) {
        s.value = -log_sd - log_root_2pi - 0.5 * r * r;
        s.mean = r * per_sd;
        s.log_sd = r * r - 1;
        s.mean_mean = per_sd * per_sd;
        s.sd_sd = 2;
        return s;
    }
    const double sign = problem->state[i] == MQC_FIT_AT_HIGH ? 1 : -1, t = sign * r;
    double hazard;
    s.value = log_tail(t, &hazard) - log(MQC_FIT_SLACK * problem->data->range);
    s.mean = sign * hazard * per_sd;
    s.log_sd = hazard * t;
    s.mean_mean = fmax(hazard * (hazard - t), 0) * per_sd * per_sd;
    s.sd_sd = fmax(hazard * (hazard - t), 0) * t * t;
    return s;
}

/* X' W X of the two parameters of the levels, as first, mixed and second. */
struct weights {
    double first, mixed, second;
};

static double place(const struct mqc_fit_problem *problem, size_t i) {
    return (problem->rows[i].level - 1.0) / (problem->data->levels - 1.0);
}

static struct weights weigh(const struct mqc_fit_problem *problem) {
    struct weights w = {0, 0, 0};
    for (size_t i = 0; i < problem->n; i++) {
        if (!mqc_fit_is_used(problem, i))
            continue;
        const double x = place(problem, i), per_variance = exp(-2 * problem->log_sd[i]);
        w.first += (1 - x) * (1 - x) * per_variance;
        w.mixed += (1 - x) * x * per_variance;
        w.second += x * x * per_variance;
    }
    return w;
}

/* By how much the levels follow a row: what their fit takes from the square of its residual. */
static double leverage(const struct mqc_fit_problem *problem, const struct weights *w, size_t i) {
    const double x = place(problem, i), y = 1 - x,
                 determinant = w->first * w->second - w->mixed * w->mixed;
    return (y * y * w->second - 2 * x * y * w->mixed + x * x * w->first) / determinant *
           exp(-2 * problem->log_sd[i]);
}

/* An exponential step of which the data show no curvature is a straight line for any large STEP and A. So
 * that noisy readings do not lead there, the logarithm of STEP has a normal prior about that of the line,
 * of width 1: where the data tell, it changes nothing. */
static double log_of_centre(const struct mqc_fit_problem *problem, const double *theta, int down) {
    const double centre = theta[MQC_FIT_CENTRE_UP + down], step = theta[MQC_FIT_STEP_UP + down];
    if (problem->candidate != MEMQC_DEVICE_EXPONENTIAL || !(centre > 0) || !(step > 0))
        return 0;
    return log(step / centre);
}

static void add_prior(const struct mqc_fit_problem *problem, double *gradient,
                      double information[THETA][THETA]) {
    for (int j = 0; j < problem->n_free; j++) {
        const int which = problem->fitted[j], down = which - MQC_FIT_STEP_UP;
        if (problem->candidate != MEMQC_DEVICE_EXPONENTIAL || down < 0 || down > 1 ||
            !(problem->theta[MQC_FIT_CENTRE_UP + down] > 0))
            continue;
        const double step = problem->theta[which];
        gradient[j] -= log_of_centre(problem, problem->theta, down) / step;
        information[j][j] += 1 / (step * step);
    }
}

double mqc_fit_log_likelihood(struct mqc_fit_problem *problem, const double *theta) {
    double sum = 0, count = 0, prior = 0;
    for (int down = 0; down < 2; down++)
        prior -= 0.5 * pow(log_of_centre(problem, theta, down), 2);
    mqc_fit_predict_all(problem, theta, problem->mean, problem->log_sd);
    if (problem->restricted && mqc_fit_is_filtered(problem)) {
        sum = mqc_fit_restricted_part(problem, theta, problem->mean, problem->log_sd);
    } else if (problem->tilted) {
        for (int j = 0; j < problem->n_free; j++)
            sum += mqc_fit_tilted_part(problem, theta, problem->fitted[j]);
    } else if (problem->restricted) {
        const struct weights w = weigh(problem);
        sum = -0.5 * log(w.first * w.second - w.mixed * w.mixed);
    }
    for (size_t i = 0; i < problem->n; i++) {
        if (mqc_fit_is_used(problem, i))
            sum += score_of(problem, i, problem->mean[i], problem->log_sd[i]).value;
        count += problem->state[i] == MQC_FIT_OUTLIER;
    }
    return sum + prior + count * log(outliers_expected / problem->data->range);
}

void mqc_fit_derive(struct mqc_fit_problem *problem, double *gradient,
                    double information[THETA][THETA]) {
    const int m = problem->n_free;
    mqc_fit_predict_all(problem, problem->theta, problem->mean, problem->log_sd);
    for (int j = 0; j < m; j++) {
        double *dmean = problem->slopes + (size_t)(2 * j) * problem->n, *dsd = dmean + problem->n,
               moved[THETA];
        const double h = mqc_fit_nudge(problem, problem->fitted[j]);
        for (int k = 0; k < THETA; k++)
            moved[k] = problem->theta[k];
        moved[problem->fitted[j]] =
            mqc_fit_is_squared(problem, problem->fitted[j])
                ? sqrt(mqc_fit_coordinate(problem, problem->theta, problem->fitted[j]) + h)
                : problem->theta[problem->fitted[j]] + h;
        mqc_fit_predict_all(problem, moved, dmean, dsd);
        for (size_t i = 0; i < problem->n; i++) {
            dmean[i] = mqc_fit_is_used(problem, i) ? (dmean[i] - problem->mean[i]) / h : 0;
            dsd[i] = mqc_fit_is_used(problem, i) ? (dsd[i] - problem->log_sd[i]) / h : 0;
        }
        gradient[j] = 0;
        for (int k = 0; k <= j; k++)
            information[j][k] = 0;
    }
    const int levels = problem->restricted && !mqc_fit_is_filtered(problem);
    const struct weights w = levels ? weigh(problem) : (struct weights){0};
    for (size_t i = 0; i < problem->n; i++) {
        if (!mqc_fit_is_used(problem, i))
            continue;
        struct score s = score_of(problem, i, problem->mean[i], problem->log_sd[i]);
        s.log_sd += levels ? leverage(problem, &w, i) : 0;
        for (int j = 0; j < m; j++) {
            const double *dj = problem->slopes + (size_t)(2 * j) * problem->n + i;
            gradient[j] += s.mean * dj[0] + s.log_sd * dj[problem->n];
            for (int k = 0; k <= j; k++) {
                const double *dk = problem->slopes + (size_t)(2 * k) * problem->n + i;
                information[j][k] +=
                    s.mean_mean * dj[0] * dk[0] + s.sd_sd * dj[problem->n] * dk[problem->n];
            }
        }
    }
    add_prior(problem, gradient, information);
    for (int j = 0; j < m && problem->tilted; j++)
        gradient[j] += mqc_fit_tilted_slope(problem, problem->fitted[j]);
    if (problem->restricted && !levels)
        mqc_fit_restrict(problem, gradient);
}

/* Do the data tell a parameter from others within its bounds? Where a bound of the window is far from
 * the states, what is left of its information is rounding, which no damping would hold. */
static int is_told(const struct mqc_fit_problem *problem, int which, double information) {
    const int squared = mqc_fit_is_squared(problem, which);
    const double most = problem->most[which], least = problem->least[which],
                 room = squared ? most * most - least * least : most - least;
    return information * room * room > 1e-3;
}

/* Parameters that stand on a bound and would go beyond it stay, and those that are not told. */
static void find_kept(const struct mqc_fit_problem *problem, const double *gradient,
                      double information[THETA][THETA], unsigned char *kept) {
    for (int j = 0; j < problem->n_free; j++) {
        const int which = problem->fitted[j];
        const double at = problem->theta[which];
        kept[j] = is_told(problem, which, information[j][j]) &&
                  !((at <= problem->least[which] && gradient[j] <= 0) ||
                    (at >= problem->most[which] && gradient[j] >= 0));
    }
}

void mqc_fit_solve(struct mqc_fit_problem *problem) {
    const int m = problem->n_free;
    double gradient[THETA], information[THETA][THETA], a[THETA][THETA], step[THETA], next[THETA],
        damping = 1e-3;
    unsigned char kept[THETA];
    problem->log_likelihood = mqc_fit_log_likelihood(problem, problem->theta);
    for (int round = 0; round < MOST_STEPS; round++) {
        mqc_fit_derive(problem, gradient, information);
        double gain = 0, decrement = 0;
        for (int attempt = 0; attempt < 12; attempt++) {
            find_kept(problem, gradient, information, kept);
            for (int j = 0; j < m; j++) {
                for (int k = 0; k < j; k++)
                    a[j][k] = kept[j] && kept[k] ? information[j][k] : 0;
                a[j][j] = information[j][j] * (1 + damping);
                step[j] = gradient[j];
            }
            mqc_fit_factorize(m, a, kept);
            mqc_fit_substitute(m, a, kept, step);
            for (int k = 0; k < THETA; k++)
                next[k] = problem->theta[k];
            decrement = 0;
            for (int j = 0; j < m; j++) {
                const int which = problem->fitted[j];
                decrement += gradient[j] * step[j];
                next[which] = mqc_fit_moved_by(problem, which, step[j]);
            }
            const double value = mqc_fit_log_likelihood(problem, next);
            gain = value - problem->log_likelihood;
            if (gain >= 0)
                break;
            damping = damping * 8 + 1e-4;
        }
        if (!(gain >= 0))
            return;
        for (int k = 0; k < THETA; k++)
            problem->theta[k] = next[k];
        problem->log_likelihood += gain;
        damping *= 0.1;
        const double enough = problem->rough ? 3e-3 : 1e-6;
        if (decrement < (problem->robust ? 1e-2 : enough) || (gain < 1e-7 && damping < 1))
            return;
    }
}
