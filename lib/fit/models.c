/* SPDX-License-Identifier: BSD-3-Clause */
/* What the candidates of a fit say of a row. The equations are those of the models' own files. */
#include "fit/models.h"
#include "device/models/neurosim.h"

#include <math.h>

/* --- quantized --- */

void mqc_fit_level(const struct mqc_fit_problem *problem, const double *theta, double level,
                   double *mean, double *sd) {
    const double last = problem->data->levels,
                 step = (theta[MQC_FIT_HIGH] - theta[MQC_FIT_LOW]) / (last - 1);
    double shrink = 1;
    if (problem->candidate == MEMQC_DEVICE_FIT_QUANTIZED_LINEAR)
        shrink = 1 - theta[MQC_FIT_K] * level;
    /* Noise and levels vanish together: K follows from the levels. */
    if (problem->candidate == MEMQC_DEVICE_FIT_QUANTIZED_PROPORTIONAL)
        shrink = 1 - step / (theta[MQC_FIT_HIGH] + step) * level;
    *mean = theta[MQC_FIT_HIGH] - (level - 1) * step;
    *sd = theta[MQC_FIT_SIGMA] * fmax(shrink, 0);
}

/* --- pulsed --- */

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

static double inside(double x, double low, double high) {
    if (x < low)
        return low;
    return x > high ? high : x;
}

double mqc_fit_pulse_variance(const double *theta, double x, double f) {
    const double absolute = theta[MQC_FIT_ABSOLUTE], relative = theta[MQC_FIT_RELATIVE] * x,
                 stepwise = theta[MQC_FIT_STEPWISE] * f;
    return absolute * absolute + relative * relative + stepwise * stepwise;
}

static void predict_pulses(const struct mqc_fit_problem *problem, const double *theta, int down,
                           double before, int32_t steps, double *mean, double *sd) {
    const double low = theta[MQC_FIT_LOW], high = theta[MQC_FIT_HIGH];
    double at = before, variance = 0;
    for (int32_t s = 0; s < steps; s++) {
        const double x = inside(at, low, high), f = mqc_fit_step(problem, theta, down, x);
        double change = 0;
        if (variance > 0) { /* 1 + df/dG: what is left of the noise so far */
            const double delta = 1e-5 * (high - low);
            change =
                1 + (down ? -1 : 1) * (mqc_fit_step(problem, theta, down, x + delta) - f) / delta;
        }
        variance = variance * change * change + mqc_fit_pulse_variance(theta, x, f);
        at = down ? x - f : x + f;
    }
    *mean = at;
    *sd = sqrt(variance);
}

void mqc_fit_predict(const struct mqc_fit_problem *problem, const double *theta, size_t row,
                     double before, int32_t steps, double *mean, double *sd) {
    const double floor = problem->data->resolution, drifted = mqc_fit_drifted(problem, theta, row);
    if (mqc_fit_is_quantized(problem->candidate))
        mqc_fit_level(problem, theta, problem->rows[row].level, mean, sd);
    else
        predict_pulses(problem, theta, problem->rows[row].direction < 0, before / drifted, steps,
                       mean, sd);
    *mean *= drifted;
    *sd *= drifted;
    *sd = sqrt(*sd * *sd + floor * floor);
}

/* --- parameters to keys --- */

int mqc_fit_has_pulses(const struct mqc_fit_problem *problem) {
    const double most = mqc_key_row(&mqc_device_keys, MEMQC_DEVICE_PULSES_UP)->max;
    return problem->candidate != MEMQC_DEVICE_NEUROSIM ||
           (problem->data->pulses[0] <= most && problem->data->pulses[1] <= most);
}

static void quantized_keys(const struct mqc_fit_problem *problem, const double *theta,
                           double *value) {
    const double step = (theta[MQC_FIT_HIGH] - theta[MQC_FIT_LOW]) / (problem->data->levels - 1);
    value[MQC_DEVICE_AT(STEP)] = step;
    value[MQC_DEVICE_AT(SIGMA)] = theta[MQC_FIT_SIGMA];
    if (problem->candidate == MEMQC_DEVICE_FIT_QUANTIZED_LINEAR)
        value[MQC_DEVICE_AT(K)] = theta[MQC_FIT_K];
    else if (problem->candidate == MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT)
        value[MQC_DEVICE_AT(K)] = 0;
    else
        value[MQC_DEVICE_AT(K)] = step / (theta[MQC_FIT_HIGH] + step);
}

void mqc_fit_keys(const struct mqc_fit_problem *problem, const double *theta, double *value) {
    static const struct {
        int32_t candidate, up, down;
        int from;
    } shapes[] = {
        {MEMQC_DEVICE_LINEAR, MEMQC_DEVICE_SLOPE_UP, MEMQC_DEVICE_SLOPE_DOWN, MQC_FIT_SHAPE_UP},
        {MEMQC_DEVICE_EXPONENTIAL, MEMQC_DEVICE_GAMMA_UP, MEMQC_DEVICE_GAMMA_DOWN,
         MQC_FIT_SHAPE_UP},
        {MEMQC_DEVICE_EXPONENTIAL, MEMQC_DEVICE_A_UP, MEMQC_DEVICE_A_DOWN, MQC_FIT_A_UP},
        {MEMQC_DEVICE_POWER, MEMQC_DEVICE_POWER_UP, MEMQC_DEVICE_POWER_DOWN, MQC_FIT_SHAPE_UP},
        {MEMQC_DEVICE_NEUROSIM, MEMQC_DEVICE_NL_UP, MEMQC_DEVICE_NL_DOWN, MQC_FIT_SHAPE_UP},
    };
    value[MQC_DEVICE_AT(G_MAX)] = theta[MQC_FIT_HIGH];
    value[MQC_DEVICE_AT(G_MIN)] = theta[MQC_FIT_LOW];
    value[MQC_DEVICE_AT(READ_NOISE)] = theta[MQC_FIT_READ];
    value[MQC_DEVICE_AT(READ_NOISE_RELATIVE)] = theta[MQC_FIT_READ_RELATIVE];
    value[MQC_DEVICE_AT(READ_NOISE_SLOW)] = theta[MQC_FIT_SLOW];
    value[MQC_DEVICE_AT(READ_NOISE_CORRELATION)] = theta[MQC_FIT_CORRELATION];
    if (mqc_fit_is_quantized(problem->candidate)) {
        quantized_keys(problem, theta, value);
        return;
    }
    /* A direction without rows is taken to be like the other. */
    const int up = problem->down_only, down = !problem->up_only;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const int is_label = problem->candidate == MEMQC_DEVICE_NEUROSIM;
        if (shapes[i].candidate != problem->candidate)
            continue;
        const double of_up = theta[shapes[i].from + up], of_down = theta[shapes[i].from + down];
        value[shapes[i].up - MEMQC_DEVICE_MODEL] =
            is_label ? mqc_neurosim_label(-expm1(-of_up)) : of_up;
        value[shapes[i].down - MEMQC_DEVICE_MODEL] =
            is_label ? -mqc_neurosim_label(-expm1(-of_down)) : of_down;
    }
    if (problem->candidate != MEMQC_DEVICE_TABLE && problem->candidate != MEMQC_DEVICE_NEUROSIM) {
        const double step_up = theta[MQC_FIT_STEP_UP + up],
                     step_down = theta[MQC_FIT_STEP_UP + down];
        value[MQC_DEVICE_AT(STEP)] = 0.5 * (step_up + step_down);
        value[MQC_DEVICE_AT(ASYMMETRY)] = (step_up - step_down) / (step_up + step_down);
    }
    value[MQC_DEVICE_AT(C2C_ABSOLUTE)] = theta[MQC_FIT_ABSOLUTE];
    value[MQC_DEVICE_AT(C2C_RELATIVE)] = theta[MQC_FIT_RELATIVE];
    value[MQC_DEVICE_AT(C2C_STEP)] = theta[MQC_FIT_STEPWISE];
}
