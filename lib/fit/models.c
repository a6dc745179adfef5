/* SPDX-License-Identifier: BSD-3-Clause */
/* What the candidates of a fit say of a row. The equations are those of the models' own files. */
#include "fit/models.h"
#include "device/models/neurosim.h"
#include "fit/leap.h"
#include "fit/steps.h"

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

static double inside(double x, double low, double high) {
    if (x < low)
        return low;
    return x > high ? high : x;
}

static void predict_pulses(const struct mqc_fit_problem *problem, const double *theta, int down,
                           double before, int32_t steps, double *mean, double *sd) {
    const double low = theta[MQC_FIT_LOW], high = theta[MQC_FIT_HIGH];
    double at = before, variance = 0;
    if (steps > MQC_FIT_SHORT_GAP) {
        const struct mqc_fit_window window = {low, high};
        struct mqc_fit_cell cell = {before, 0, 1};
        mqc_fit_send(problem, theta, down, &window, steps, &cell);
        *mean = cell.at;
        *sd = sqrt(cell.variance);
        return;
    }
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
