/* SPDX-License-Identifier: BSD-3-Clause */
/* Maximum likelihood by Fisher scoring: with r = (g - mean) / sd, the score of a point is (r dmean
 * + (r^2 - 1) dsd) / sd and its information (dmean^2 + 2 dsd^2) / sd^2; steps are damped as by
 * Levenberg and Marquardt, and cut at the bounds of the parameters. A noise of the state-space model is
 * sought by its variance: the derivative by the standard deviation vanishes at 0, from where the
 * search would not return. */
#include "fit/solve.h"
#include "fit/cholesky.h"
#include "fit/filter.h"
#include "fit/models.h"

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

static int is_used(const struct mqc_fit_problem *problem, size_t i) {
    return problem->robust
               ? problem->state[i] == MQC_FIT_USED
               : problem->state[i] != MQC_FIT_FIRST && problem->state[i] != MQC_FIT_OUTLIER;
}

/* Mean and log sd of all used rows. */
static void predict_all(const struct mqc_fit_problem *problem, const double *theta, double *mean,
                        double *log_sd) {
    if (mqc_fit_is_filtered(problem)) {
        mqc_fit_filter(problem, theta, mean, log_sd);
        return;
    }
    for (size_t i = 0; i < problem->n; i++) {
        double sd;
        if (!is_used(problem, i))
            continue;
        mqc_fit_predict(problem, theta, i, problem->before[i], problem->steps[i], &mean[i], &sd);
        log_sd[i] = log(sd);
    }
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
        if (!is_used(problem, i))
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

int mqc_fit_is_squared(const struct mqc_fit_problem *problem, int which) {
    return mqc_fit_is_filtered(problem) && which >= MQC_FIT_ABSOLUTE && which <= MQC_FIT_SLOW;
}

/* What a parameter is sought by. */
static double coordinate(const struct mqc_fit_problem *problem, int which) {
    const double value = problem->theta[which];
    return mqc_fit_is_squared(problem, which) ? value * value : value;
}

/* A parameter, that far in its coordinate, within its bounds. */
static double moved_by(const struct mqc_fit_problem *problem, int which, double step) {
    const double at = coordinate(problem, which) + step;
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
        if (!is_used(problem, i))
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

/* Step of a finite difference in the coordinate of a parameter. */
static double nudge(const struct mqc_fit_problem *problem, int which) {
    if (mqc_fit_is_squared(problem, which)) {
        const double at = coordinate(problem, which);
        return 1e-5 * fmax(at, small_variance(problem, which));
    }
    const double least = 1e-4 * fmin(problem->most[which] - problem->least[which], 1);
    const double h = 1e-6 * fmax(fabs(problem->theta[which]), least);
    return problem->theta[which] + h > problem->most[which] ? -h : h;
}

/* A free parameter that is not a noise: of the course. */
static int is_course(int which) {
    return which < MQC_FIT_ABSOLUTE || which > MQC_FIT_CORRELATION;
}

/* Minus half the logarithm of the determinant of the information on the course: what the fit of the course
 * takes from the noise (Cox and Reid, J. R. Stat. Soc. B 49 (1987) 1). Its bounds count as a prior, so
 * that parameters that are not told add nothing. mean and log_sd hold the predictions at theta. */
static double restricted_part(const struct mqc_fit_problem *problem, const double *theta,
                              const double *mean, const double *log_sd) {
    const size_t n = problem->n;
    double a[THETA][THETA], moved[THETA], sum = 0;
    unsigned char kept[THETA];
    int m = 0;
    memcpy(moved, theta, sizeof moved);
    for (int j = 0; j < problem->n_free; j++) {
        const int which = problem->fitted[j];
        const double room = problem->most[which] - problem->least[which];
        if (!is_course(which) || !(room > 0))
            continue;
        double *dmean = problem->slopes + (size_t)(2 * m) * n, *dsd = dmean + n;
        const double h = nudge(problem, which);
        moved[which] = theta[which] + h;
        predict_all(problem, moved, dmean, dsd);
        moved[which] = theta[which];
        for (size_t i = 0; i < n; i++) {
            const double scale = room / h;
            dmean[i] = is_used(problem, i) ? (dmean[i] - mean[i]) * exp(-log_sd[i]) * scale : 0;
            dsd[i] = is_used(problem, i) ? (dsd[i] - log_sd[i]) * 1.4142135623730951 * scale : 0;
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

/* Adds to the gradient of the noises what the restricted likelihood has beside the likelihood. */
static void restrict_gradient(const struct mqc_fit_problem *problem, double *gradient) {
    double *mean = problem->slopes + (size_t)(2 * (MQC_FIT_MOST_FREE - 1)) * problem->n,
           *log_sd = mean + problem->n, moved[THETA];
    const double here = restricted_part(problem, problem->theta, problem->mean, problem->log_sd);
    for (int j = 0; j < problem->n_free; j++) {
        const int which = problem->fitted[j];
        if (is_course(which) || which == MQC_FIT_CORRELATION)
            continue;
        const double h = 100 * nudge(problem, which);
        memcpy(moved, problem->theta, sizeof moved);
        moved[which] = sqrt(coordinate(problem, which) + h);
        predict_all(problem, moved, mean, log_sd);
        gradient[j] += (restricted_part(problem, moved, mean, log_sd) - here) / h;
    }
}

double mqc_fit_log_likelihood(struct mqc_fit_problem *problem, const double *theta) {
    double sum = 0, count = 0;
    predict_all(problem, theta, problem->mean, problem->log_sd);
    if (problem->restricted && mqc_fit_is_filtered(problem)) {
        sum = restricted_part(problem, theta, problem->mean, problem->log_sd);
    } else if (problem->restricted) {
        const struct weights w = weigh(problem);
        sum = -0.5 * log(w.first * w.second - w.mixed * w.mixed);
    }
    for (size_t i = 0; i < problem->n; i++) {
        if (is_used(problem, i))
            sum += score_of(problem, i, problem->mean[i], problem->log_sd[i]).value;
        count += problem->state[i] == MQC_FIT_OUTLIER;
    }
    return sum + count * log(outliers_expected / problem->data->range);
}

void mqc_fit_derive(struct mqc_fit_problem *problem, double *gradient,
                    double information[THETA][THETA]) {
    const int m = problem->n_free;
    predict_all(problem, problem->theta, problem->mean, problem->log_sd);
    for (int j = 0; j < m; j++) {
        double *dmean = problem->slopes + (size_t)(2 * j) * problem->n, *dsd = dmean + problem->n,
               moved[THETA];
        const double h = nudge(problem, problem->fitted[j]);
        for (int k = 0; k < THETA; k++)
            moved[k] = problem->theta[k];
        moved[problem->fitted[j]] = mqc_fit_is_squared(problem, problem->fitted[j])
                                        ? sqrt(coordinate(problem, problem->fitted[j]) + h)
                                        : problem->theta[problem->fitted[j]] + h;
        predict_all(problem, moved, dmean, dsd);
        for (size_t i = 0; i < problem->n; i++) {
            dmean[i] = is_used(problem, i) ? (dmean[i] - problem->mean[i]) / h : 0;
            dsd[i] = is_used(problem, i) ? (dsd[i] - problem->log_sd[i]) / h : 0;
        }
        gradient[j] = 0;
        for (int k = 0; k <= j; k++)
            information[j][k] = 0;
    }
    const int levels = problem->restricted && !mqc_fit_is_filtered(problem);
    const struct weights w = levels ? weigh(problem) : (struct weights){0};
    for (size_t i = 0; i < problem->n; i++) {
        if (!is_used(problem, i))
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
    if (problem->restricted && !levels)
        restrict_gradient(problem, gradient);
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
                next[which] = moved_by(problem, which, step[j]);
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
        if (decrement < (problem->robust || problem->rough ? 1e-2 : 1e-6) ||
            (gain < 1e-7 && damping < 1))
            return;
    }
}
