/* SPDX-License-Identifier: BSD-3-Clause */
/* Noise of pulses, and cells that differ. */
#define _POSIX_C_SOURCE 200809L
#include "pulses.h"

/* --- noise --- */

static const int32_t noises[] = {MEMQC_DEVICE_C2C_ABSOLUTE, MEMQC_DEVICE_C2C_RELATIVE,
                                 MEMQC_DEVICE_C2C_STEP};

/* One pulse from the middle of the range, far from the bounds, on a million cells: each noise
 * alone, then all together. */
START_TEST(noise_of_a_pulse) {
    const double start = 40e-6, absolute = 0.4e-6, relative = 0.01, of_step = 0.3;
    float *g = room(MILLION);
    for (size_t m = 0; m < MODELS; m++) {
        memqc_device *d = make(all_models[m], 0);
        for (size_t kind = 0; kind < 4; kind++) {
            const int32_t way = kind % 2 ? -1 : 1;
            float after;
            for (size_t k = 0; k < 3; k++)
                OK(memqc_device_set(d, noises[k], 0));
            const double values[] = {absolute, relative, of_step};
            for (size_t k = 0; k < 3; k++)
                if (k == kind || kind == 3)
                    OK(memqc_device_set(d, noises[k], values[k]));
            OK(memqc_device_response(d, way, start, 1, &after));
            const double f = fabs((double)after - start),
                         parts[] = {absolute, relative * start, of_step * f};
            const double sd =
                kind < 3 ? parts[kind]
                         : sqrt(parts[0] * parts[0] + parts[1] * parts[1] + parts[2] * parts[2]);
            for (size_t i = 0; i < MILLION; i++)
                g[i] = (float)start;
            OK(memqc_device_pulse(d, 3, 17, MILLION, way, g, NULL, NULL));
            check_moments(g, MILLION, (double)after, sd);
        }
        memqc_device_destroy(&d);
    }
    free(g);
}
END_TEST

/* Noise never leaves the window, and a window that is left before is entered by the first pulse. */
START_TEST(states_stay_in_the_window) {
    enum { N = 3000 };
    float *g = room(N);
    for (size_t m = 0; m < MODELS; m++) {
        memqc_device *d = make(all_models[m], 0);
        OK(memqc_device_set(d, MEMQC_DEVICE_C2C_ABSOLUTE, 50e-6));
        for (size_t i = 0; i < N; i++)
            g[i] = (float)i * 0.1e-6f;
        for (uint64_t p = 0; p < 5; p++) {
            OK(memqc_device_pulse(d, 0, p, N, p % 2 ? -1 : 1, g, NULL, NULL));
            for (size_t i = 0; i < N; i++)
                ck_assert(g[i] >= (float)lo && g[i] <= (float)hi);
        }
        memqc_device_destroy(&d);
    }
    free(g);
}
END_TEST

/* --- device to device --- */

struct spread {
    int32_t model, d2d, key;
    double sd, mean, expected; /* asked for; of the values */
    double set;                /* of the key, where above 0 */
};

/* A million cells: the parameters have the asked mean and sd. */
START_TEST(cells_differ_as_asked) {
    static const struct spread spreads[] = {
        {MEMQC_DEVICE_CONSTANT, MEMQC_DEVICE_D2D_G_MAX, MEMQC_DEVICE_G_MAX, 0.1, 100e-6, 10e-6, 0},
        {MEMQC_DEVICE_QUANTIZED, MEMQC_DEVICE_D2D_G_MAX, MEMQC_DEVICE_G_MAX, 0.1, 100e-6, 10e-6, 0},
        {MEMQC_DEVICE_LINEAR, MEMQC_DEVICE_D2D_G_MIN, MEMQC_DEVICE_G_MIN, 0.5, 10e-6, 5e-6, 0},
        {MEMQC_DEVICE_SOFT_BOUNDS, MEMQC_DEVICE_D2D_STEP, MEMQC_DEVICE_STEP, 0.3, 90e-6 / 31,
         0.3 * 90e-6 / 31, 0},
        {MEMQC_DEVICE_CONSTANT, MEMQC_DEVICE_D2D_STEP, MEMQC_DEVICE_STEP, 1, 90e-6 / 31, 90e-6 / 31,
         0},
        {MEMQC_DEVICE_EXPONENTIAL, MEMQC_DEVICE_D2D_ASYMMETRY, MEMQC_DEVICE_ASYMMETRY, 0.05, 0,
         0.05, 0},
        {MEMQC_DEVICE_LINEAR, MEMQC_DEVICE_D2D_SHAPE, MEMQC_DEVICE_SLOPE_DOWN, 0.2, 0.25, 0.05,
         0.25},
        {MEMQC_DEVICE_EXPONENTIAL, MEMQC_DEVICE_D2D_SHAPE, MEMQC_DEVICE_GAMMA_UP, 0.4, 1, 0.4, 0},
        {MEMQC_DEVICE_POWER, MEMQC_DEVICE_D2D_SHAPE, MEMQC_DEVICE_POWER_DOWN, 0.3, 2, 0.6, 2},
        {MEMQC_DEVICE_TABLE, MEMQC_DEVICE_D2D_NOISE, MEMQC_DEVICE_C2C_ABSOLUTE, 0.6, 1e-6, 0.6e-6,
         1e-6},
        {MEMQC_DEVICE_QUANTIZED, MEMQC_DEVICE_D2D_NOISE, MEMQC_DEVICE_SIGMA, 0.25, 4e-6, 1e-6,
         4e-6},
    };
    float *values = room(MILLION);
    for (size_t i = 0; i < sizeof spreads / sizeof *spreads; i++) {
        const struct spread *s = &spreads[i];
        memqc_device *d = make(s->model, 0);
        if (s->set > 0)
            OK(memqc_device_set(d, s->key, s->set));
        OK(memqc_device_set(d, s->d2d, s->sd));
        OK(memqc_device_cells(d, s->key, 5, MILLION, values));
        check_moments(values, MILLION, s->mean, s->expected);
        memqc_device_destroy(&d);
    }

    /* NeuroSim spreads the curvature P / A, log-normal about that of the label. */
    memqc_device *d = make(MEMQC_DEVICE_NEUROSIM, 0);
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_SHAPE, 0.1));
    OK(memqc_device_cells(d, MEMQC_DEVICE_NL_UP, 0, MILLION, values));
    double mean = 0;
    for (size_t i = 0; i < MILLION; i++)
        mean += (double)values[i] / MILLION;
    ck_assert_double_eq_tol(mean, 2.4, 0.02);
    FAILS(MEMQC_ERROR_ARGUMENT, "nl_up", memqc_device_set(d, MEMQC_DEVICE_NL_UP, 10));
    FAILS(MEMQC_ERROR_ARGUMENT, "step", memqc_device_cells(d, MEMQC_DEVICE_STEP, 0, 1, values));
    FAILS(MEMQC_ERROR_ARGUMENT, "states", memqc_device_cells(d, MEMQC_DEVICE_STATES, 0, 1, values));
    memqc_device_destroy(&d);
    free(values);
}
END_TEST

/* A cell with a window, steps and a shape of its own moves as a device would whose nominal
 * parameters these are. */
START_TEST(cells_obey_their_own_parameters) {
    enum { CELLS = 40 };
    static const struct {
        int32_t model, shape_up, shape_down;
    } kinds[] = {{MEMQC_DEVICE_CONSTANT, 0, 0},
                 {MEMQC_DEVICE_LINEAR, MEMQC_DEVICE_SLOPE_UP, MEMQC_DEVICE_SLOPE_DOWN},
                 {MEMQC_DEVICE_SOFT_BOUNDS, 0, 0},
                 {MEMQC_DEVICE_EXPONENTIAL, MEMQC_DEVICE_GAMMA_UP, MEMQC_DEVICE_GAMMA_DOWN},
                 {MEMQC_DEVICE_POWER, MEMQC_DEVICE_POWER_UP, MEMQC_DEVICE_POWER_DOWN},
                 {MEMQC_DEVICE_NEUROSIM, MEMQC_DEVICE_NL_UP, MEMQC_DEVICE_NL_DOWN}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        memqc_device *d = make(kinds[k].model, 0);
        const int stepped = kinds[k].model != MEMQC_DEVICE_NEUROSIM;
        OK(memqc_device_set(d, MEMQC_DEVICE_D2D_G_MAX, 0.1));
        OK(memqc_device_set(d, MEMQC_DEVICE_D2D_G_MIN, 0.3));
        if (stepped) {
            OK(memqc_device_set(d, MEMQC_DEVICE_D2D_STEP, 0.3));
            OK(memqc_device_set(d, MEMQC_DEVICE_D2D_ASYMMETRY, 0.1));
        }
        if (kinds[k].shape_up)
            OK(memqc_device_set(d, MEMQC_DEVICE_D2D_SHAPE, 0.2));
        for (int32_t way = -1; way <= 1; way += 2) {
            float state[CELLS], expected;
            for (size_t i = 0; i < CELLS; i++)
                state[i] = 50e-6f;
            OK(memqc_device_pulse(d, 0, 0, CELLS, 20 * way, state, NULL, NULL));
            for (uint64_t i = 0; i < CELLS; i++) {
                const int32_t keys[] = {MEMQC_DEVICE_G_MAX, MEMQC_DEVICE_G_MIN,
                                        MEMQC_DEVICE_STEP,  MEMQC_DEVICE_ASYMMETRY,
                                        kinds[k].shape_up,  kinds[k].shape_down};
                memqc_device *one = make(kinds[k].model, 0);
                for (size_t j = 0; j < 6; j++) {
                    float value;
                    if (!keys[j] || (!stepped && (j == 2 || j == 3)))
                        continue;
                    OK(memqc_device_cells(d, keys[j], i, 1, &value));
                    OK(memqc_device_set(one, keys[j], (double)value));
                }
                OK(memqc_device_pulse(one, 0, 0, 1, 0, &state[i], NULL, NULL));
                expected = 50e-6f;
                OK(memqc_device_pulse(one, 0, 0, 1, 20 * way, &expected, NULL, NULL));
                ck_assert_double_eq_tol((double)state[i], (double)expected,
                                        2e-5 * (double)expected);
                memqc_device_destroy(&one);
            }
        }
        memqc_device_destroy(&d);
    }
}
END_TEST

/* A quantized cell's staircase runs from its own top to its own bottom, with its own noise. */
START_TEST(quantized_cells_differ) {
    enum { CELLS = 300, REPEATS = 2000 };
    memqc_device *d = make(MEMQC_DEVICE_QUANTIZED, 0);
    float tops[CELLS], bottoms[CELLS], *g = room(REPEATS);
    OK(memqc_device_set(d, MEMQC_DEVICE_SIGMA, 0));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_G_MAX, 0.1));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_G_MIN, 0.2));
    OK(memqc_device_cells(d, MEMQC_DEVICE_G_MAX, 0, CELLS, tops));
    OK(memqc_device_cells(d, MEMQC_DEVICE_G_MIN, 0, CELLS, bottoms));
    for (uint64_t i = 0; i < CELLS; i++) {
        const int32_t levels[] = {1, 11, 32};
        float drawn[3];
        OK(memqc_device_draw_levels(d, i, 0, 1, 3, levels, drawn, 3));
        ck_assert_double_eq_tol((double)drawn[0], (double)tops[i], 1e-10);
        ck_assert_double_eq_tol(
            (double)drawn[1], (double)tops[i] - 10.0 / 31 * (double)(tops[i] - bottoms[i]), 1e-10);
        ck_assert_double_eq_tol((double)drawn[2], (double)bottoms[i], 1e-10);
    }
    OK(memqc_device_set(d, MEMQC_DEVICE_SIGMA, 2e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_NOISE, 0.5));
    for (uint64_t i = 0; i < 5; i++) {
        float sigma;
        OK(memqc_device_cells(d, MEMQC_DEVICE_SIGMA, i, 1, &sigma));
        for (uint64_t r = 0; r < REPEATS; r++) {
            const int32_t level = 1;
            OK(memqc_device_draw(d, i, r, 1, &level, g + r, NULL));
        }
        check_moments(g, REPEATS, (double)tops[i], (double)sigma * 0.97); /* 1 - k */
    }
    memqc_device_destroy(&d);
    free(g);
}
END_TEST

RUN_TESTS("pulse noise", noise_of_a_pulse, states_stay_in_the_window, cells_differ_as_asked,
          cells_obey_their_own_parameters, quantized_cells_differ)
