/* SPDX-License-Identifier: BSD-3-Clause */
/* A pulsed cell and its instrument as a state-space model,
 *
 *     s(t) = s(t - 1) +- f(s(t - 1)) + pulse noise, kept within the window
 *     a(t) = phi a(t - 1) + sqrt(1 - phi^2) slow N(0, 1)
 *     g(t) = s(t) + a(t) + white noise
 *
 * where only g is seen. An extended Kalman filter (Anderson and Moore, Optimal Filtering, 1979,
 * chapter 8) gives the mean and the standard deviation of each reading from those before it: the
 * likelihood of the readings is the product of these normal densities. A state near a bound is a
 * normal variable cut there, of which mean and variance are kept.
 *
 * Under a quantized candidate, each pulse draws s(t) anew from the law of its level. Between two
 * readings of one pulse the state stays, and a goes on by one step a reading. */
#include "fit/filter.h"
#include "fit/leap.h"
#include "fit/models.h"
#include "fit/steps.h"

#include <math.h>

/* What is known of s and a: means, variances, covariance. */
struct belief {
    double s, a, ss, sa, aa;
};

static const double far_off = 8; /* standard deviations from a bound, beyond which it is not felt */
enum { LOST = 3 };               /* outliers in a row after which the filter begins anew */

static struct mqc_fit_window window_of(const struct mqc_fit_problem *problem, const double *theta) {
    const int clipped = mqc_fit_is_clipped(problem);
    const struct mqc_fit_window window = {theta[clipped ? MQC_FIT_CLIP_LOW : MQC_FIT_LOW],
                                          theta[clipped ? MQC_FIT_CLIP_HIGH : MQC_FIT_HIGH]};
    return window;
}

static double density(double t) {
    return 0.3989422804014327 * exp(-0.5 * t * t);
}

static double below(double t) {
    return 0.5 * erfc(-t * 0.70710678118654752);
}

/* s is now known to have mean and variance of its own; what that says of a. */
static void condition(struct belief *b, double mean, double variance) {
    const double gain = b->ss > 0 ? b->sa / b->ss : 0;
    b->a += gain * (mean - b->s);
    b->aa += gain * gain * (variance - b->ss);
    b->sa = gain * variance;
    b->s = mean;
    b->ss = variance;
}

/* The state cannot be outside the window: a normal density is cut off there. */
static void truncate(struct belief *b, double low, double high) {
    const double sd = sqrt(b->ss);
    if (!(sd > 0) || (b->s - low > far_off * sd && high - b->s > far_off * sd))
        return;
    const double from = fmax((low - b->s) / sd, -far_off), to = fmin((high - b->s) / sd, far_off);
    const double inside = below(to) - below(from);
    if (!(inside > 1e-12)) {
        condition(b, b->s < low ? low : high, 1e-12 * b->ss);
        return;
    }
    const double first = (density(from) - density(to)) / inside,
                 second = 1 + (from * density(from) - to * density(to)) / inside;
    condition(b, b->s + sd * first, b->ss * fmax(second - first * first, 1e-12));
}

static int is_far(double gap, double variance) {
    return gap > 0 && gap * gap > far_off * far_off * variance;
}

/* A pulse cannot lead out of the window: what would lie beyond stands on the bound. */
static void clip(struct belief *b, double low, double high) {
    if (is_far(b->s - low, b->ss) && is_far(high - b->s, b->ss))
        return;
    const double sd = sqrt(b->ss);
    if (!(sd > 0)) {
        b->s = fmin(fmax(b->s, low), high);
        return;
    }
    const double from = (low - b->s) / sd, to = (high - b->s) / sd;
    const double at_low = below(from), at_high = below(-to), inside = 1 - at_low - at_high;
    const double first = density(from) - density(to) + from * at_low + to * at_high;
    const double second = inside + (isfinite(from) ? from * density(from) : 0) -
                          (isfinite(to) ? to * density(to) : 0) + from * from * at_low +
                          to * to * at_high;
    b->s += sd * first;
    b->ss *= fmax(second - first * first, 1e-12);
    b->sa *= inside;
}

static void send_pulse(const struct mqc_fit_problem *problem, const double *theta, int down,
                       struct belief *b) {
    const struct mqc_fit_window window = window_of(problem, theta);
    const double x = fmin(fmax(b->s, window.low), window.high),
                 f = mqc_fit_step(problem, theta, down, x);
    const double slope = mqc_fit_slope(problem, theta, down, x, f);
    const double change = 1 + (down ? -slope : slope);
    const double phi = theta[MQC_FIT_CORRELATION];
    b->s = down ? x - f : x + f;
    b->ss = change * change * b->ss + mqc_fit_pulse_variance(theta, x, f);
    b->sa *= change * phi;
    b->a *= phi;
    b->aa = phi * phi * b->aa + (1 - phi * phi) * theta[MQC_FIT_SLOW] * theta[MQC_FIT_SLOW];
    clip(b, window.low, window.high);
}

/* The level of a row is drawn: nothing is left of the state before. */
static void draw_level(const struct mqc_fit_problem *problem, const double *theta, size_t i,
                       struct belief *b) {
    const double most = 1e3; /* S, of any device */
    mqc_fit_level(problem, theta, problem->rows[i].level, &b->s, &b->ss);
    b->ss *= b->ss;
    b->sa = 0;
    clip(b, 0, most);
}

/* The slow noise, that many readings later. */
static void wait(const double *theta, int32_t readings, struct belief *b) {
    const double left = pow(theta[MQC_FIT_CORRELATION], readings);
    b->sa *= left;
    b->a *= left;
    b->aa = left * left * b->aa + (1 - left * left) * theta[MQC_FIT_SLOW] * theta[MQC_FIT_SLOW];
}

/* Some of n pulses at once, where no bound is felt meanwhile; returns how many. */
static int32_t leap(const struct mqc_fit_problem *problem, const double *theta, int down, int32_t n,
                    struct belief *b) {
    const struct mqc_fit_window window = window_of(problem, theta);
    const double margin = 1.01 * far_off * sqrt(b->ss);
    const struct mqc_fit_window far = {window.low + margin, window.high - margin};
    struct mqc_fit_cell cell = {b->s, b->ss, 1};
    const int32_t taken = mqc_fit_leap(problem, theta, down, &far, n, &cell);
    if (taken == 0 || !is_far(cell.at - window.low, cell.variance) ||
        !is_far(window.high - cell.at, cell.variance))
        return 0;
    b->s = cell.at;
    b->ss = cell.variance;
    b->sa *= cell.gain;
    wait(theta, taken, b);
    return taken;
}

/* The pulses of a gap. Those after which nothing else is known than before them change nothing. */
static void send_pulses(const struct mqc_fit_problem *problem, const double *theta, int down,
                        int32_t n, struct belief *b) {
    const int is_long = n > MQC_FIT_SHORT_GAP;
    int changed = 1;
    while (n > 0 && changed) {
        const int32_t taken = is_long ? leap(problem, theta, down, n, b) : 0;
        const struct belief before = *b;
        if (taken == 0)
            send_pulse(problem, theta, down, b);
        n -= taken > 0 ? taken : 1;
        changed = taken > 0 || b->s != before.s || b->a != before.a || b->ss != before.ss ||
                  b->sa != before.sa || b->aa != before.aa;
    }
}

/* From what is known after the row before to what is known before the reading of row i. */
static void advance(const struct mqc_fit_problem *problem, const double *theta, size_t i,
                    struct belief *b) {
    const struct mqc_fit_row *row = &problem->rows[i];
    if (row->repeat > 0) {
        wait(theta, row->repeat, b);
    } else if (mqc_fit_is_quantized(problem->candidate)) {
        wait(theta, row->gap, b);
        draw_level(problem, theta, i, b);
    } else {
        send_pulses(problem, theta, row->direction < 0, row->gap, b);
    }
}

static double white_variance(const struct mqc_fit_problem *problem, const double *theta, double g) {
    const double floor = problem->data->resolution, absolute = theta[MQC_FIT_READ],
                 relative = theta[MQC_FIT_READ_RELATIVE] * g;
    return floor * floor + absolute * absolute + relative * relative;
}

/* Learns from a reading that is off by `error`, of variance `variance`. */
static void learn(struct belief *b, double error, double variance) {
    const double of_s = b->ss + b->sa, of_a = b->sa + b->aa;
    const double gain_s = of_s / variance, gain_a = of_a / variance;
    b->s += gain_s * error;
    b->a += gain_a * error;
    b->ss = fmax(b->ss - gain_s * of_s, 0);
    b->sa -= gain_s * of_a;
    b->aa = fmax(b->aa - gain_a * of_a, 0);
}

static double reading_variance(const struct mqc_fit_problem *problem, const double *theta,
                               const struct belief *b) {
    return fmax(b->ss + 2 * b->sa + b->aa, 0) + white_variance(problem, theta, b->s);
}

/* The first reading of a cycle of levels. */
static void begin_level(const struct mqc_fit_problem *problem, const double *theta, size_t i,
                        struct belief *b) {
    b->a = 0;
    b->aa = theta[MQC_FIT_SLOW] * theta[MQC_FIT_SLOW];
    draw_level(problem, theta, i, b);
    learn(b, problem->rows[i].g - b->s, reading_variance(problem, theta, b));
}

/* All that is known is one reading: any state of the window is as likely. */
static void begin(const struct mqc_fit_problem *problem, const double *theta, size_t i,
                  struct belief *b) {
    const double g = problem->rows[i].g / mqc_fit_drifted(problem, theta, i);
    if (mqc_fit_is_quantized(problem->candidate)) {
        begin_level(problem, theta, i, b);
        return;
    }
    const double slow = theta[MQC_FIT_SLOW] * theta[MQC_FIT_SLOW];
    b->s = g;
    b->a = 0;
    b->ss = white_variance(problem, theta, g) + slow;
    b->sa = -slow;
    b->aa = slow;
    const struct mqc_fit_window window = window_of(problem, theta);
    truncate(b, window.low, window.high);
}

/* Runs over the rows. mean and log_sd may be NULL. limit: infinity where the states of the rows are
 * known, else they are found. */
struct run {
    double *mean, *log_sd;
    double limit, low, high;
    unsigned char *found;
    size_t outliers;
};

/* Outliers after which the filter would be lost make it begin anew. */
static void skip_outlier(const struct mqc_fit_problem *problem, const double *theta, size_t i,
                         int *in_a_row, struct belief *b) {
    if (++*in_a_row < LOST)
        return;
    begin(problem, theta, i, b);
    *in_a_row = 0;
}

static void run_over(const struct mqc_fit_problem *problem, const double *theta, struct run *run) {
    struct belief b = {0, 0, 0, 0, 0};
    int in_a_row = 0;
    for (size_t i = 0; i < problem->n; i++) {
        const struct mqc_fit_row *row = &problem->rows[i];
        if (mqc_fit_begins(row)) {
            begin(problem, theta, i, &b);
            in_a_row = 0;
            if (run->found)
                run->found[i] = MQC_FIT_FIRST;
            continue;
        }
        advance(problem, theta, i, &b);
        const double mean = b.s + b.a, drifted = mqc_fit_drifted(problem, theta, i),
                     error = row->g / drifted - mean;
        const double variance = reading_variance(problem, theta, &b);
        if (run->mean) {
            run->mean[i] = drifted * mean;
            run->log_sd[i] = 0.5 * log(drifted * drifted * variance);
        }
        if (run->found) {
            const int is_outlier = !(error * error < run->limit * run->limit * variance);
            run->found[i] = (unsigned char)(is_outlier ? MQC_FIT_OUTLIER : MQC_FIT_USED);
            run->outliers += (size_t)is_outlier;
        }
        if ((run->found ? run->found : problem->state)[i] == MQC_FIT_OUTLIER) {
            skip_outlier(problem, theta, i, &in_a_row, &b);
            continue;
        }
        in_a_row = 0;
        learn(&b, error, variance);
        run->low = fmin(run->low, b.s);
        run->high = fmax(run->high, b.s);
    }
}

void mqc_fit_filter(const struct mqc_fit_problem *problem, const double *theta, double *mean,
                    double *log_sd) {
    struct run run = {mean, log_sd, INFINITY, INFINITY, -INFINITY, NULL, 0};
    run_over(problem, theta, &run);
}

size_t mqc_fit_filter_classify(struct mqc_fit_problem *problem, double limit) {
    struct run run = {NULL, NULL, limit, INFINITY, -INFINITY, problem->state, 0};
    run_over(problem, problem->theta, &run);
    return run.outliers;
}

void mqc_fit_filter_reach(struct mqc_fit_problem *problem, double *low, double *high) {
    struct run run = {NULL, NULL, INFINITY, INFINITY, -INFINITY, NULL, 0};
    run_over(problem, problem->theta, &run);
    *low = run.low;
    *high = run.high;
}
