/* SPDX-License-Identifier: BSD-3-Clause */
/* Gaps of many pulses between the rows of a fit: what is predicted is what single pulses lead to. */
#include "fit/leap.h"
#include "fit/steps.h"

#include "../unit/fits.h"

#include <math.h>

static struct mqc_fit_data data;
static struct mqc_fit_problem problem;

/* The window of most of these. */
static const double low = 10e-6, high = 100e-6;

static void make_candidate(int32_t candidate, double step, double shape, double a) {
    double *const theta = problem.theta;
    memset(&problem, 0, sizeof problem);
    problem.candidate = candidate;
    problem.data = &data;
    data.pulses[0] = data.pulses[1] = (int32_t)((high - low) / step);
    theta[MQC_FIT_HIGH] = high;
    theta[MQC_FIT_LOW] = low;
    theta[MQC_FIT_ABSOLUTE] = 0.5 * step;
    theta[MQC_FIT_RELATIVE] = 1e-4;
    theta[MQC_FIT_STEPWISE] = 0.7;
    for (int down = 0; down < 2; down++) {
        theta[MQC_FIT_STEP_UP + down] = step * (1 + 0.3 * down);
        theta[MQC_FIT_SHAPE_UP + down] = shape;
        theta[MQC_FIT_A_UP + down] = a;
        problem.n_nodes[down] = 5;
        for (int i = 0; i < 5; i++) {
            problem.node_g[down][i] = low + (high - low) * (0.1 + 0.2 * i);
            theta[MQC_FIT_NODES + down * MQC_FIT_TABLE_NODES + i] = step * (1 + 0.2 * (i % 3));
        }
    }
}

static void step_alone(int down, int32_t n, struct mqc_fit_cell *cell) {
    const double *const theta = problem.theta;
    for (int32_t k = 0; k < n; k++) {
        const double x = fmin(fmax(cell->at, low), high);
        const double f = mqc_fit_step(&problem, theta, down, x),
                     slope = mqc_fit_slope(&problem, theta, down, x, f),
                     change = 1 + (down ? -slope : slope);
        cell->variance = change * change * cell->variance + mqc_fit_pulse_variance(theta, x, f);
        cell->gain *= change;
        cell->at = down ? x - f : x + f;
    }
}

/* From all over the window, and from beyond it. */
static void compare(int32_t n) {
    const struct mqc_fit_window window = {low, high};
    for (int down = 0; down < 2; down++)
        for (double part = -0.05; part < 1.06; part += 0.083) {
            const double x = low + part * (high - low);
            struct mqc_fit_cell cell = {x, 1e-16, 1}, alone = cell;
            mqc_fit_send(&problem, problem.theta, down, &window, n, &cell);
            step_alone(down, n, &alone);
            const double way = fabs(alone.at - x) + 1e-4 * (high - low);
            ck_assert_msg(fabs(cell.at - alone.at) <= 1e-8 * way,
                          "candidate %d, %d pulses from %g of the window: %.12g, not %.12g",
                          (int)problem.candidate, (int)n, part, cell.at, alone.at);
            if (alone.variance > 1) { /* beyond any device: steps that grow from pulse to pulse */
                ck_assert_double_gt(cell.variance, 1);
                continue;
            }
            ck_assert_msg(fabs(cell.variance - alone.variance) <= 1e-4 * alone.variance,
                          "candidate %d, %d pulses from %g of the window: variance %.9g, not %.9g",
                          (int)problem.candidate, (int)n, part, cell.variance, alone.variance);
            ck_assert_double_eq_tol(cell.gain, alone.gain, 1e-4 * fabs(alone.gain) + 1e-300);
        }
}

START_TEST(gaps_are_their_pulses) {
    static const struct {
        int32_t candidate;
        double shape, a;
    } kinds[] = {
        {MEMQC_DEVICE_CONSTANT, 0, 0},       {MEMQC_DEVICE_LINEAR, 0.7, 0},
        {MEMQC_DEVICE_LINEAR, 1.5, 0},       {MEMQC_DEVICE_LINEAR, -3, 0},
        {MEMQC_DEVICE_SOFT_BOUNDS, 0, 0},    {MEMQC_DEVICE_EXPONENTIAL, 1, 0.5},
        {MEMQC_DEVICE_EXPONENTIAL, 6, 0.04}, {MEMQC_DEVICE_EXPONENTIAL, 15, 1e-3},
        {MEMQC_DEVICE_EXPONENTIAL, 3, -0.5}, {MEMQC_DEVICE_POWER, 0.3, 0},
        {MEMQC_DEVICE_POWER, 1.6, 0},        {MEMQC_DEVICE_POWER, 7, 0},
        {MEMQC_DEVICE_NEUROSIM, 2, 0},       {MEMQC_DEVICE_NEUROSIM, -4, 0},
        {MEMQC_DEVICE_NEUROSIM, 0, 0},       {MEMQC_DEVICE_TABLE, 0, 0},
    };
    static const double pulses[] = {3, 40, 700, 5000, 100000};
    static const int32_t gaps[] = {17, 100, 1000};
    for (size_t kind = 0; kind < COUNT(kinds); kind++)
        for (size_t i = 0; i < COUNT(pulses); i++)
            for (size_t j = 0; j < COUNT(gaps); j++) {
                make_candidate(kinds[kind].candidate, (high - low) / pulses[i], kinds[kind].shape,
                               kinds[kind].a);
                compare(gaps[j]);
            }
}
END_TEST

/* A device that is read every thousand pulses. */
START_TEST(a_fit_of_long_gaps) {
    enum { READ = 60, GAP = 1000, UP = 12 };
    memqc_device *device, *fitted = NULL;
    float state = 10e-6f;
    OK(memqc_device_create(MEMQC_DEVICE_SOFT_BOUNDS, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MIN, low));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MAX, high));
    OK(memqc_device_set(device, MEMQC_DEVICE_STEP, (high - low) / 8000));
    OK(memqc_device_set(device, MEMQC_DEVICE_C2C_STEP, 3));
    for (int32_t i = 0; i < READ; i++) {
        const int down = i / UP % 2;
        if (i > 0)
            OK(memqc_device_pulse(device, 0, (uint64_t)i * GAP, 1, down ? -GAP : GAP, &state, NULL,
                                  NULL));
        cycle_of[i] = 0;
        pulse_of[i] = i * GAP;
        direction_of[i] = down ? -1 : 1;
        g[i] = state;
    }
    OK(fit(MEMQC_DEVICE_SOFT_BOUNDS, READ, NULL, cycle_of, pulse_of, direction_of, g, &fitted));
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_STEP, (high - low) / 8000)), 5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_G_MAX, high)), 5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_C2C_STEP, 3)), 5);
    memqc_device_destroy(&device);
    memqc_device_destroy(&fitted);
}
END_TEST

RUN_TESTS("fit gaps", gaps_are_their_pulses, a_fit_of_long_gaps)
