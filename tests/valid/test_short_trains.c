/* SPDX-License-Identifier: BSD-3-Clause */
/* A fitted device is a device: whatever trains it was fitted to, it can be used, saved and loaded. */
#include "../unit/fits.h"

#include <math.h>
#include <stdio.h>

enum { CELLS = 8 };

/* Pulses, programming, an array, a file: all that a device is for. */
static void works(const memqc_device *device) {
    float state[CELLS], after[CELLS], w[CELLS] = {0, 1, -1, 0.5f, -0.5f, 0.25f, 0, 1},
                                      x[2] = {1, -1}, y[4];
    int32_t levels[CELLS];
    double cost[MEMQC_DEVICE_COSTS] = {0}, states, low, high, value;
    memqc_crossbar *array = NULL;
    OK(memqc_device_get(device, MEMQC_DEVICE_STATES, &states));
    OK(memqc_device_get(device, MEMQC_DEVICE_G_MIN, &low));
    OK(memqc_device_get(device, MEMQC_DEVICE_G_MAX, &high));
    const int quantized = model_of(device) == MEMQC_DEVICE_QUANTIZED;
    for (int i = 0; i < CELLS; i++) {
        levels[i] = 1 + (int32_t)((states - 1) * i / (CELLS - 1));
        state[i] = quantized ? (float)levels[i] : (float)(0.5 * (low + high));
        after[i] = (float)low;
    }
    OK(memqc_device_pulse(device, 0, 1, CELLS, 1, state, after, cost));
    for (int i = 0; i < CELLS && !quantized; i++)
        ck_assert(isfinite(state[i]) && state[i] >= 0);
    OK(memqc_device_pulse(device, 0, 2, CELLS, -2, state, after, cost));
    OK(memqc_device_program(device, 0, 3, CELLS, levels, state, after, cost));
    OK(memqc_crossbar_create(device, 2, 4, 0, &array));
    OK(memqc_crossbar_program(array, w, 4));
    OK(memqc_crossbar_mac(array, 1, x, 2, y, 4));
    memqc_crossbar_destroy(&array);
    CAN_BE_LOADED(device, device);
    /* Each of its parameters is one that a caller may set. */
    for (size_t i = 0; i < memqc_device_keys(); i++) {
        double least, most;
        const int32_t key = memqc_device_key_at(i);
        OK(memqc_device_get(device, key, &value));
        OK(memqc_device_key_value(key, MEMQC_KEY_MIN, &least));
        OK(memqc_device_key_value(key, MEMQC_KEY_MAX, &most));
        ck_assert_msg(value >= least && value <= most, "%s = %g",
                      memqc_device_key_text(key, MEMQC_KEY_NAME), value);
    }
}

/* Trains of `length` pulses, in one direction or both; returns how many rows. */
static size_t measure(const memqc_device *device, int32_t length, int ways, int32_t cycles) {
    size_t n = 0;
    uint64_t draw = 0;
    for (int32_t cycle = 0; cycle < cycles; cycle++) {
        float state;
        int32_t pulse = 0;
        OK(memqc_device_cells(device, ways == -1 ? MEMQC_DEVICE_G_MAX : MEMQC_DEVICE_G_MIN, 0, 1,
                              &state));
        for (int32_t k = 0; k < (ways == 0 ? 2 * length : length) + 1; k++) {
            const int down = ways == -1 || (ways == 0 && k > length);
            if (k > 0)
                OK(memqc_device_pulse(device, 0, draw++, 1, down ? -1 : 1, &state, NULL, NULL));
            cycle_of[n] = cycle;
            pulse_of[n] = pulse++;
            direction_of[n] = down ? -1 : 1;
            g[n++] = state;
        }
    }
    return n;
}

static void fit_all(size_t n, size_t *fitted) {
    for (int32_t model = MEMQC_DEVICE_QUANTIZED; model <= MEMQC_DEVICE_FIT_QUANTIZED_LEVELS;
         model++) {
        memqc_device *out = NULL;
        if (model > MEMQC_DEVICE_JUMPS && model < MEMQC_DEVICE_FIT_BEST)
            continue;
        if (model == MEMQC_DEVICE_CUSTOM)
            continue;
        const memqc_status status = fit(model, n, NULL, cycle_of, pulse_of, direction_of, g, &out);
        ck_assert_msg(status == MEMQC_OK || status == MEMQC_ERROR_DATA, "%s", memqc_last_error());
        if (status != MEMQC_OK) {
            ck_assert_ptr_null(out);
            continue;
        }
        works(out);
        (*fitted)++;
        memqc_device_destroy(&out);
    }
}

START_TEST(every_model_from_short_trains) {
    size_t fitted = 0;
    for (int32_t model = MEMQC_DEVICE_CONSTANT; model <= MEMQC_DEVICE_TABLE; model++)
        for (int32_t length = 1; length <= 5; length++)
            for (int ways = -1; ways <= 1; ways++) {
                memqc_device *device = pulsed(model, (uint64_t)length);
                fit_all(measure(device, length, ways, 14), &fitted);
                memqc_device_destroy(&device);
            }
    ck_assert_uint_ge(fitted, 300);
}
END_TEST

RUN_TESTS("short trains", every_model_from_short_trains)
