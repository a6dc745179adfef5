/* SPDX-License-Identifier: BSD-3-Clause */
/* Starting values of a fit: straight lines through medians, which outliers do not move. */
#include "fit/start.h"
#include "core/order.h"
#include "fit/filter.h"
#include "fit/models.h"
#include "fit/trend.h"

#include <math.h>
#include <string.h>

static double median(double *values, size_t n) {
    mqc_sort_values(n, values);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

enum { BINS = 16 };

/* Medians of |g - line| or of g over levels, in bins: at[] levels, of[] medians; how many bins have
 * rows. */
static int medians_of_levels(struct mqc_fit_problem *problem, const double *line, double *at,
                             double *of) {
    const double last = problem->data->levels;
    int bins = 0;
    for (int b = 0; b < BINS; b++) {
        size_t n = 0;
        double sum = 0;
        for (size_t i = 0; i < problem->n; i++) {
            const double level = problem->rows[i].level;
            if ((int)((level - 1) * BINS / last) != b)
                continue;
            problem->values[n++] =
                line ? fabs(problem->rows[i].g - line[0] - line[1] * level) : problem->rows[i].g;
            sum += level;
        }
        if (n == 0)
            continue;
        at[bins] = sum / (double)n;
        of[bins++] = median(problem->values, n);
    }
    return bins;
}

/* Straight line through n points, y = line[0] + line[1] x. */
static void straight(int n, const double *x, const double *y, double *line) {
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (int i = 0; i < n; i++)
        sx += x[i] / n, sy += y[i] / n;
    for (int i = 0; i < n; i++)
        sxx += (x[i] - sx) * (x[i] - sx), sxy += (x[i] - sx) * (y[i] - sy);
    line[1] = sxx > 0 ? sxy / sxx : 0;
    line[0] = sy - line[1] * sx;
}

static void set_box(struct mqc_fit_problem *problem, int which, double start, double least,
                    double most, int is_free) {
    problem->theta[which] = fmin(fmax(start, least), most);
    problem->least[which] = least;
    problem->most[which] = most;
    if (is_free)
        problem->fitted[problem->n_free++] = which;
}

/* Standard deviation of the readings of one pulse, by the median of how far neighbours are apart;
 * 0 where there are none. */
static double repeat_noise(struct mqc_fit_problem *problem) {
    size_t n = 0;
    for (size_t i = 1; i < problem->n; i++)
        if (problem->rows[i].repeat > 0)
            problem->values[n++] = fabs(problem->rows[i].g - problem->rows[i - 1].g);
    return n > 0 ? 1.4826 * 0.70710678118654752 * median(problem->values, n) : 0;
}

double mqc_fit_most_correlation(const struct mqc_fit_problem *problem) {
    const int32_t *const pulses = problem->data->pulses;
    const double longest = pulses[0] > pulses[1] ? pulses[0] : pulses[1];
    if (mqc_fit_is_quantized(problem->candidate))
        return MQC_FIT_LONGEST_CORRELATION;
    return fmin(fmax(1 - 30 / longest, 0.9), MQC_FIT_LONGEST_CORRELATION);
}

/* Noise of the measurement: sd in all, and the part of its variance that is slow. */
static void set_measurement(struct mqc_fit_problem *problem, double noise, double part, double phi,
                            double most) {
    const int white = (problem->noise & MQC_FIT_WITH_READ) != 0,
              relative = (problem->noise & MQC_FIT_WITH_READ_RELATIVE) != 0,
              slow = (problem->noise & MQC_FIT_WITH_SLOW) != 0;
    const double sd = noise * sqrt((1 - part) / (white && relative ? 2 : 1));
    set_box(problem, MQC_FIT_READ, white ? sd : 0, 0, most, white);
    set_box(problem, MQC_FIT_READ_RELATIVE, relative ? sd / problem->top : 0, 0, 10, relative);
    set_box(problem, MQC_FIT_SLOW, slow ? noise * sqrt(part) : 0, 0, most, slow);
    set_box(problem, MQC_FIT_CORRELATION, slow ? phi : 0, slow ? 0.3 : 0,
            mqc_fit_most_correlation(problem), slow);
}

static int start_quantized(struct mqc_fit_problem *problem) {
    const double last = problem->data->levels, range = problem->data->range,
                 smallest = problem->data->resolution;
    double at[BINS], of[BINS], line[2], noise[2];
    if (problem->data->levels < 3 || problem->data->levels > 4096)
        return 0;
    int bins = medians_of_levels(problem, NULL, at, of);
    if (bins < 3)
        return 0;
    straight(bins, at, of, line);
    bins = medians_of_levels(problem, line, at, of);
    straight(bins, at, of, noise);
    const double sigma = fmax(1.4826 * noise[0], 0.01 * smallest),
                 k = noise[0] > 0 ? -noise[1] / noise[0] : 0,
                 white = mqc_fit_is_filtered(problem) ? repeat_noise(problem) : 0;
    double flat = 0;
    for (int b = 0; b < bins; b++)
        flat += 1.4826 * of[b] / bins;
    const int linear = problem->candidate == MEMQC_DEVICE_FIT_QUANTIZED_LINEAR,
              constant = problem->candidate == MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT;
    set_box(problem, MQC_FIT_HIGH, line[0] + line[1], 1e-15, 1e3, 1);
    set_box(problem, MQC_FIT_LOW, line[0] + line[1] * last, 0, 1e3, 1);
    set_box(problem, MQC_FIT_SIGMA, constant ? flat : sigma, 0, 10 * range, 1);
    set_box(problem, MQC_FIT_K, linear ? fmin(k, 0.98 / last) : 0, -1, 1 / last, linear);
    set_measurement(problem, white, problem->noise & MQC_FIT_WITH_SLOW ? 0.2 : 0, 0.7, 10 * range);
    return line[1] < 0;
}

/* Median step of the rows of a direction whose conductance before is within low .. high, and median
 * of that; how many. */
static size_t typical(struct mqc_fit_problem *problem, int down, double low, double high,
                      double *step, double *at) {
    size_t n = 0;
    for (int what = 0; what < 2; what++) {
        n = 0;
        for (size_t i = 1; i < problem->n; i++) {
            const struct mqc_fit_row *row = &problem->rows[i];
            const double x = row[-1].g;
            if (row->gap == 0 || (row->direction < 0) != down ||
                problem->state[i] != MQC_FIT_USED || x < low || x > high)
                continue;
            const double moved = down ? x - row->g : row->g - x;
            problem->values[n++] = what ? x : moved / row->gap;
        }
        if (n > 0)
            *(what ? at : step) = median(problem->values, n);
    }
    return n;
}

/* A robust straight line for the steps of a direction: f at the bottom and at the top of the data,
 * above 0. Returns the number of rows. */
static size_t affine(struct mqc_fit_problem *problem, int down, double *first, double *last) {
    const double low = problem->bottom, high = problem->top, range = high - low, third = range / 3;
    double f[2] = {0, 0}, x[2] = {0, 0}, all = 0, middle = 0;
    const size_t n = typical(problem, down, low, high, &all, &middle);
    const size_t below = typical(problem, down, low, low + third, &f[0], &x[0]),
                 above = typical(problem, down, high - third, high, &f[1], &x[1]);
    const double least = fmax(fabs(all) * 0.02, range * 1e-4);
    if (below < 3 || above < 3 || x[1] - x[0] < 0.2 * range)
        f[0] = f[1] = all, x[0] = low, x[1] = high;
    const double slope = (f[1] - f[0]) / (x[1] - x[0]), at_low = f[0] + slope * (low - x[0]),
                 at_high = f[1] + slope * (high - x[1]);
    *first = fmax(down ? at_high : at_low, least);
    *last = fmax(down ? at_low : at_high, least);
    return n;
}

/* Nodes where readings are too noisy for the steps around each to be told: evenly spaced. */
static void start_even_table(struct mqc_fit_problem *problem, int down, size_t rows, double first,
                             double last) {
    const double range = problem->top - problem->bottom;
    const size_t most = rows / 50 < 2 ? 2 : rows / 50;
    int nodes = most > MQC_FIT_TABLE_NODES ? MQC_FIT_TABLE_NODES : (int)most;
    if (problem->noise & MQC_FIT_FEW_NODES)
        nodes = nodes < MQC_FIT_FEWER_NODES ? nodes : MQC_FIT_FEWER_NODES;
    for (int i = 0; i < nodes; i++) {
        const double part = (double)i / (nodes - 1), gone = down ? 1 - part : part;
        problem->node_g[down][i] = problem->bottom + part * range;
        set_box(problem, MQC_FIT_NODES + down * MQC_FIT_TABLE_NODES + i,
                first + gone * (last - first), 0, 2 * range, 1);
    }
    problem->n_nodes[down] = nodes;
}

static void start_table(struct mqc_fit_problem *problem, int down, size_t rows) {
    const int wanted = rows < 50 ? 2 : (int)(rows / 25);
    const int most = rows / 25 > MQC_FIT_TABLE_NODES ? MQC_FIT_TABLE_NODES : wanted;
    const double range = problem->top - problem->bottom;
    double quantile[MQC_FIT_TABLE_NODES] = {0}, step = 0, at = 0;
    /* Leaves the sorted conductances before each pulse in values. */
    typical(problem, down, problem->bottom, problem->top, &step, &at);
    for (int i = 0; i < most; i++)
        quantile[i] = problem->values[(size_t)i * (rows - 1) / (size_t)(most - 1)];
    problem->n_nodes[down] = 0;
    for (int i = 0; i < most; i++) {
        const int n = problem->n_nodes[down];
        if (n > 0 && quantile[i] < problem->node_g[down][n - 1] + 1e-3 * range)
            continue;
        const double width = range / most;
        double here = step;
        if (typical(problem, down, quantile[i] - width, quantile[i] + width, &here, &at) < 3)
            here = step;
        problem->node_g[down][n] = quantile[i];
        set_box(problem, MQC_FIT_NODES + down * MQC_FIT_TABLE_NODES + n, here, 0, 2 * range, 1);
        problem->n_nodes[down]++;
    }
}

/* Free parameters of one direction, from a straight line for its steps. */
static void start_direction(struct mqc_fit_problem *problem, int down, int attempt, double first,
                            double last) {
    const double range = problem->theta[MQC_FIT_HIGH] - problem->theta[MQC_FIT_LOW],
                 most = problem->data->range;
    const double ratio = fmin(last / first, 20);
    double step = first, shape = 0, a = 0.5, low = 0, high = 1;
    int has_shape = 1;
    switch (problem->candidate) {
    case MEMQC_DEVICE_CONSTANT:
        step = 0.5 * (first + last), has_shape = 0;
        break;
    case MEMQC_DEVICE_LINEAR:
        shape = fmin(1 - ratio, 0.9), low = -100;
        break;
    case MEMQC_DEVICE_SOFT_BOUNDS:
        has_shape = 0;
        break;
    case MEMQC_DEVICE_POWER:
        shape = attempt ? 1.6 : 0.6, high = 20;
        break;
    case MEMQC_DEVICE_NEUROSIM:
        shape = -log(fmax(ratio, 1e-3)), low = -30, high = 30;
        break;
    default:
        shape = attempt ? 5 : 1.5, low = 0.01, high = 20;
        a = (1 - ratio) / (exp(0.5 * shape) - ratio * exp(-0.5 * shape));
        a = a == 0 ? 0.01 : a;
        step = first / (1 - a * exp(-0.5 * shape));
    }
    const int filtered = mqc_fit_is_filtered(problem);
    const int has_centre = filtered && problem->candidate == MEMQC_DEVICE_EXPONENTIAL;
    set_box(problem, MQC_FIT_CENTRE_UP + down, has_centre ? first : 0, 0, INFINITY, 0);
    const double least = filtered ? 1e-6 * range : most / 4095 / problem->data->longest;
    set_box(problem, MQC_FIT_STEP_UP + down, step, least, 2 * fmax(range, most),
            problem->candidate != MEMQC_DEVICE_NEUROSIM);
    set_box(problem, MQC_FIT_SHAPE_UP + down, shape, low, high, has_shape);
    set_box(problem, MQC_FIT_A_UP + down, a, -1000, 1000,
            problem->candidate == MEMQC_DEVICE_EXPONENTIAL);
}

/* The kinds of noise in use; sd is a guess, most the largest absolute one. */
static void start_noise(struct mqc_fit_problem *problem, double sd, double most) {
    const int absolute = (problem->noise & MQC_FIT_WITH_ABSOLUTE) != 0;
    const int relative = (problem->noise & MQC_FIT_WITH_RELATIVE) != 0;
    const int stepwise = (problem->noise & MQC_FIT_WITH_STEPWISE) != 0;
    set_box(problem, MQC_FIT_ABSOLUTE, absolute ? sd : 0, 0, most, absolute);
    set_box(problem, MQC_FIT_RELATIVE, relative ? sd / problem->top : 0, 0, 10, relative);
    set_box(problem, MQC_FIT_STEPWISE, stepwise ? 0.5 : 0, 0, 100, stepwise);
}

/* Noise of the measurement: what is left beside the courses, shared out by its correlations. */
static void start_measurement(struct mqc_fit_problem *problem, const struct mqc_fit_trend *trend,
                              double most) {
    const int slow = (problem->noise & MQC_FIT_WITH_SLOW) != 0;
    const int correlated = trend->lag_one > 0.05 && trend->lag_two > 0;
    const double phi = correlated ? fmin(fmax(trend->lag_two / trend->lag_one, 0.3), 0.97) : 0.7;
    double noise = trend->noise, part = slow ? fmin(fmax(trend->lag_one / phi, 0.1), 0.9) : 0;
    if (problem->data->repeated) {
        const double white = repeat_noise(problem), rest = 1 - white * white / (noise * noise);
        part = slow ? fmin(fmax(rest, 0.1), 0.9) : 0;
        noise = slow ? noise : white;
    }
    set_measurement(problem, noise, part, phi, most);
}

/* f of the linear candidate. */
static double line_step(const double *line, int down, double x) {
    const double high = line[MQC_FIT_HIGH], low = line[MQC_FIT_LOW];
    const double y = (down ? high - x : x - low) / (high - low);
    return line[MQC_FIT_STEP_UP + down] * (1 - line[MQC_FIT_SHAPE_UP + down] * y);
}

/* What the linear candidate says of the steps and of the noise is closer than the blocks of the trend. */
static void follow_line(const struct mqc_fit_problem *problem, struct mqc_fit_trend *trend) {
    for (int down = 0; down < 2; down++) {
        const double at_low = line_step(problem->line, down, trend->bottom),
                     at_high = line_step(problem->line, down, trend->top);
        const double least = 0.02 * fmax(at_low, at_high);
        if (trend->rows[down] < 4 || !(least > 0))
            continue;
        trend->first[down] = fmax(down ? at_high : at_low, least);
        trend->last[down] = fmax(down ? at_low : at_high, least);
    }
}

static void follow_noise(struct mqc_fit_problem *problem) {
    for (int which = MQC_FIT_ABSOLUTE; which <= MQC_FIT_CORRELATION; which++)
        problem->theta[which] =
            fmin(fmax(problem->line[which], problem->least[which]), problem->most[which]);
}

/* Range, steps at both ends and rows of each direction. */
static int find_steps(struct mqc_fit_problem *problem, struct mqc_fit_trend *trend) {
    if (mqc_fit_is_filtered(problem)) {
        /* Where readings are equal on a bound, the instrument has no noise. */
        if (problem->pinned[0] || problem->pinned[1] || !mqc_fit_trend(problem, trend))
            return 0;
        problem->top = trend->top;
        problem->bottom = trend->bottom;
        if (problem->line)
            follow_line(problem, trend);
        return 1;
    }
    if (!(problem->top > problem->bottom))
        return 0;
    for (int down = 0; down < 2; down++)
        trend->rows[down] = affine(problem, down, &trend->first[down], &trend->last[down]);
    return 1;
}

/* The window: free, or read off the data; then the filter's pulses end where the likelihood says. */
static void start_window(struct mqc_fit_problem *problem, const double *beyond) {
    const int window = !mqc_fit_is_clipped(problem);
    const double top = problem->top, bottom = problem->bottom, range = top - bottom;
    const int up_free = window && !problem->pinned[0] && !problem->down_only,
              down_free = window && !problem->pinned[1] && !problem->up_only;
    /* Of noisy readings, the top and the bottom are known roughly. */
    const double rough = mqc_fit_is_filtered(problem) ? 0.2 * range : 0;
    const int clipped = mqc_fit_is_filtered(problem) && mqc_fit_is_clipped(problem);
    set_box(problem, MQC_FIT_HIGH, up_free ? top + beyond[0] : top, up_free ? top - rough : top,
            up_free ? top + 100 * range : top, up_free);
    set_box(problem, MQC_FIT_LOW, down_free ? bottom - beyond[1] : bottom, down_free ? 0 : bottom,
            down_free ? bottom + rough : bottom, down_free);
    set_box(problem, MQC_FIT_CLIP_HIGH, top + 0.01 * range, top - 0.2 * range, top + 0.5 * range,
            clipped);
    set_box(problem, MQC_FIT_CLIP_LOW, bottom - 0.01 * range, bottom - 0.5 * range,
            bottom + 0.2 * range, clipped);
}

/* What is left of the drift is small against that of a cycle's place from the middle. */
static void start_drift(struct mqc_fit_problem *problem) {
    double farthest = 1;
    for (size_t i = 0; i < problem->n; i++)
        farthest = fmax(farthest, fabs(problem->rows[i].place));
    set_box(problem, MQC_FIT_DRIFT, 0, -0.2 / farthest, 0.2 / farthest,
            (problem->noise & MQC_FIT_WITH_DRIFT) != 0);
}

static int start_pulsed(struct mqc_fit_problem *problem, int attempt) {
    struct mqc_fit_trend trend = {{0}, {0}, {0}, 0, 0, 0, 0, 0};
    const double *const first = trend.first, *const last = trend.last;
    const size_t *const rows = trend.rows;
    double beyond[2], typical_step = 0;
    if (!find_steps(problem, &trend))
        return 0;
    const double range = problem->top - problem->bottom;
    for (int down = 0; down < 2; down++) {
        const double slope = first[down] > last[down] ? (first[down] - last[down]) / range : 0;
        beyond[down] = slope > 0 ? fmin(last[down] / slope, 2 * range) : 2 * range;
        if (problem->candidate == MEMQC_DEVICE_POWER)
            beyond[down] *= attempt ? 1.6 : 0.6;
        if (rows[down] > 0)
            typical_step = fmax(typical_step, 0.5 * (first[down] + last[down]));
    }
    problem->up_only = rows[1] < MQC_FIT_LEAST_MOVES;
    problem->down_only = rows[0] < MQC_FIT_LEAST_MOVES;
    if (problem->up_only && problem->down_only)
        return 0;
    start_window(problem, beyond);
    const double g_range = problem->theta[MQC_FIT_HIGH] - problem->theta[MQC_FIT_LOW];
    for (int down = 0; down < 2; down++) {
        if (rows[down] < MQC_FIT_LEAST_MOVES)
            continue;
        /* The line holds at the ends of the data; the step parameter at those of the window. */
        const double slope = (first[down] - last[down]) / range;
        const double before = down ? problem->theta[MQC_FIT_HIGH] - problem->top
                                   : problem->bottom - problem->theta[MQC_FIT_LOW];
        if (problem->candidate == MEMQC_DEVICE_TABLE && mqc_fit_is_filtered(problem))
            start_even_table(problem, down, rows[down], first[down], last[down]);
        else if (problem->candidate == MEMQC_DEVICE_TABLE)
            start_table(problem, down, rows[down]);
        else
            start_direction(problem, down, attempt, fmax(first[down] + slope * before, first[down]),
                            last[down]);
    }
    start_noise(problem, 0.5 * typical_step, 10 * g_range);
    start_drift(problem);
    start_measurement(problem, &trend, 10 * g_range);
    if (problem->line)
        follow_noise(problem);
    return 1;
}

int mqc_fit_attempts(int32_t candidate) {
    return candidate == MEMQC_DEVICE_POWER || candidate == MEMQC_DEVICE_EXPONENTIAL ? 2 : 1;
}

int mqc_fit_start(struct mqc_fit_problem *problem, int attempt) {
    problem->n_free = problem->n_nodes[0] = problem->n_nodes[1] = 0;
    memset(problem->theta, 0, sizeof problem->theta);
    if (mqc_fit_is_quantized(problem->candidate))
        return start_quantized(problem);
    return mqc_fit_has_pulses(problem) && start_pulsed(problem, attempt);
}
