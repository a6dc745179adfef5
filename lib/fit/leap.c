/* SPDX-License-Identifier: BSD-3-Clause */
/* Many pulses between two rows. A pulse moves a cell by f(x), along u, which counts in the direction of
 * the pulses. Where f is a straight line, as it is of constant, linear and soft bounds, NeuroSim, and
 * tables between two nodes, the place after m pulses is
 *
 *     u + f ((1 + s)^m - 1) / s,  s = df/du.
 *
 * Other steps are followed as a flow whose value at whole times is that after as many pulses: the
 * modified equation of Euler's method (Hairer, Lubich, Wanner, Geometric Numerical Integration, 2006,
 * chapter IX),
 *
 *     du/dt = F(u) = f (1 - s / 2 + s^2 / 3) + c f^2 / 12,  c = d2f/du2,
 *
 * by steps of Runge and Kutta's fourth order. A small difference grows by D = F after / F before, and
 * the variances q of the pulses add up to the sum of (D(m) / D(k + 1))^2 q(k), by Simpson's rule
 * between the middles of the pulses. The lengths of leaps are such that the place is that of single
 * steps to 1e-8 of the way, and the variance to 1e-4 of itself; tests/valid/test_fit_gaps.c holds them
 * to that. Called by models.c and filter.c. */
#include "fit/leap.h"
#include "fit/steps.h"

#include <math.h>

enum { FEWEST = 8 };

/* By how much the step may change in a leap: of a straight line, and of another law. */
static const double most_of_line = 0.1, most_of_curve = 0.02;
/* The part of the length over which a law bends. */
static const double most_of_bend = 0.03;

/* A step at a place. */
struct field {
    double f, slope, curve;
    double flow; /* F */
};

static int is_straight(const struct mqc_fit_problem *problem) {
    return problem->candidate != MEMQC_DEVICE_EXPONENTIAL &&
           problem->candidate != MEMQC_DEVICE_POWER;
}

/* The part of the window that lies before a place, in the direction of the pulses. */
static double part_before(const double *theta, int down, double x) {
    const double range = theta[MQC_FIT_HIGH] - theta[MQC_FIT_LOW];
    return (down ? theta[MQC_FIT_HIGH] - x : x - theta[MQC_FIT_LOW]) / range;
}

/* The second derivative of a step f. */
static double curve_of(const struct mqc_fit_problem *problem, const double *theta, int down,
                       double x, double f) {
    const double range = theta[MQC_FIT_HIGH] - theta[MQC_FIT_LOW],
                 shape = theta[MQC_FIT_SHAPE_UP + down];
    if (is_straight(problem) || !(f > 0))
        return 0;
    if (problem->candidate == MEMQC_DEVICE_EXPONENTIAL)
        return shape * shape * (f - theta[MQC_FIT_STEP_UP + down]) / (range * range);
    const double left = fmax(1 - part_before(theta, down, x), 1e-30) * range;
    return shape * (shape - 1) * f / (left * left);
}

static struct field field_at(const struct mqc_fit_problem *problem, const double *theta, int down,
                             double x) {
    struct field field;
    field.f = mqc_fit_step(problem, theta, down, x);
    field.slope = (down ? -1 : 1) * mqc_fit_slope(problem, theta, down, x, field.f);
    field.curve = curve_of(problem, theta, down, x, field.f);
    const double s = field.slope;
    field.flow = field.f * (1 - s / 2 + s * s / 3) + field.curve * field.f * field.f / 12;
    if (is_straight(problem))
        field.flow = s != 0 ? field.f * log1p(s) / s : field.f;
    return field;
}

/* --- how far --- */

/* Over which a law bends, S; of straight ones infinite. */
static double bend_of(const struct mqc_fit_problem *problem, const double *theta, int down,
                      double x) {
    const double range = theta[MQC_FIT_HIGH] - theta[MQC_FIT_LOW],
                 shape = theta[MQC_FIT_SHAPE_UP + down];
    if (is_straight(problem))
        return INFINITY;
    if (problem->candidate == MEMQC_DEVICE_EXPONENTIAL)
        return range / fmax(shape, 1);
    return range * fmax(1 - part_before(theta, down, x), 0) / fmax(shape, 1);
}

/* To the end of the straight piece of a table, S; none close to a node, where the derivative is taken
 * over it. */
static double left_of_piece(const struct mqc_fit_problem *problem, const double *theta, int down,
                            double x) {
    const double near = 2e-5 * (theta[MQC_FIT_HIGH] - theta[MQC_FIT_LOW]);
    double left = INFINITY;
    for (int i = 0; problem->candidate == MEMQC_DEVICE_TABLE && i < problem->n_nodes[down]; i++) {
        const double node = problem->node_g[down][i], ahead = down ? x - node : node - x;
        if (fabs(ahead) <= near)
            return 0;
        left = ahead > 0 ? fmin(left, ahead) : left;
    }
    return left;
}

static int32_t length_of(const struct mqc_fit_problem *problem, const double *theta, int down,
                         const struct mqc_fit_window *window, int32_t n, double x,
                         const struct field *field) {
    const double bound = down ? x - window->low : window->high - x,
                 left = fmin(bound, left_of_piece(problem, theta, down, x));
    const double change = is_straight(problem) ? most_of_line : most_of_curve;
    const double bend = most_of_bend * bend_of(problem, theta, down, x);
    double most = fmin(n, change / fabs(field->slope));
    most = fmin(most, bend / field->f);
    most = fmin(most, left / (1.11 * field->f) - 1); /* steps grow by less than that */
    return most >= FEWEST ? (int32_t)most : 0;
}

/* --- leaps --- */

/* The flow after a time. */
static double follow(const struct mqc_fit_problem *problem, const double *theta, int down, double x,
                     double time, double first) {
    const double sign = down ? -1 : 1;
    const double k2 = field_at(problem, theta, down, x + sign * 0.5 * time * first).flow;
    const double k3 = field_at(problem, theta, down, x + sign * 0.5 * time * k2).flow;
    const double k4 = field_at(problem, theta, down, x + sign * time * k3).flow;
    return x + sign * time / 6 * (first + 2 * k2 + 2 * k3 + k4);
}

/* The variance of a pulse whose middle is here, over the growth of a difference from the beginning of
 * the leap to its end. */
static double weighed(const double *theta, int down, double x, const struct field *here,
                      double growth) {
    const double sign = down ? -1 : 1, before = x - sign * 0.5 * here->flow;
    const double f = here->f * (1 - 0.5 * here->slope);
    return mqc_fit_pulse_variance(theta, before, f) / (growth * growth * (1 + here->slope));
}

int32_t mqc_fit_leap(const struct mqc_fit_problem *problem, const double *theta, int down,
                     const struct mqc_fit_window *window, int32_t n, struct mqc_fit_cell *cell) {
    const double x = cell->at, sign = down ? -1 : 1;
    if (!(x > window->low && x < window->high))
        return 0;
    const struct field first = field_at(problem, theta, down, x);
    if (!(first.f > 0) || !(first.slope > -0.5))
        return 0;
    const int32_t m = length_of(problem, theta, down, window, n, x, &first);
    if (m == 0)
        return 0;
    const double s = first.slope, straight = s != 0 ? expm1(m * log1p(s)) / s : m;
    const double end = is_straight(problem) ? x + sign * first.f * straight
                                            : follow(problem, theta, down, x, m, first.flow);
    const struct field last = field_at(problem, theta, down, end);
    const double middle = 0.5 * (x + end) + sign * m * (first.flow - last.flow) / 8;
    const struct field half = field_at(problem, theta, down, middle);
    const double growth = last.flow / first.flow;
    const double sum = weighed(theta, down, x, &first, 1) +
                       4 * weighed(theta, down, middle, &half, half.flow / first.flow) +
                       weighed(theta, down, end, &last, growth);
    cell->at = end;
    cell->variance = growth * growth * (cell->variance + m / 6.0 * sum);
    cell->gain *= growth;
    return m;
}

/* n pulses that leave the cell where it is: each multiplies a difference by `change` and adds a
 * variance. */
static void stay(double change, double variance, int32_t n, struct mqc_fit_cell *cell) {
    const double square = change * change, left = pow(square, n);
    const double sum = square != 1 ? (1 - left) / (1 - square) : n;
    cell->variance = left * cell->variance + sum * variance;
    cell->gain *= pow(change, n);
}

void mqc_fit_send(const struct mqc_fit_problem *problem, const double *theta, int down,
                  const struct mqc_fit_window *window, int32_t n, struct mqc_fit_cell *cell) {
    const double sign = down ? -1 : 1;
    while (n > 0) {
        const int32_t leapt = mqc_fit_leap(problem, theta, down, window, n, cell);
        n -= leapt;
        if (leapt > 0)
            continue;
        const double x = fmin(fmax(cell->at, window->low), window->high);
        const double f = mqc_fit_step(problem, theta, down, x), next = x + sign * f;
        const double change = 1 + sign * mqc_fit_slope(problem, theta, down, x, f);
        const int stays = fmin(fmax(next, window->low), window->high) == x;
        stay(change, mqc_fit_pulse_variance(theta, x, f), stays ? n : 1, cell);
        cell->at = next;
        n -= stays ? n : 1;
    }
}
