/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes of devices: draws, pulses and programming.
 *
 * Pulses use the library's own exponential and power, and so are portable. Programming and response
 * compute the nominal model in double precision: three models take that from libm. */
#include "digest.h"

enum { CELLS = DIGEST_CELLS, PULSES = 24 };

const char *const digest_model_name[] = {"quantized",   "constant", "linear",   "soft",
                                         "exponential", "power",    "neurosim", "table"};

/* The levels of a device in an order that is neither rising nor falling. */
static void mix_levels(const memqc_device *device, size_t n, int32_t *levels) {
    double states;
    TRY(memqc_device_get(device, MEMQC_DEVICE_STATES, &states));
    for (size_t i = 0; i < n; i++)
        levels[i] = 1 + (int32_t)(i * 7919 % (size_t)states);
}

void digest_states(const memqc_device *device, size_t n, float *state) {
    double low, high;
    int32_t levels[CELLS];
    TRY(memqc_device_get(device, MEMQC_DEVICE_G_MIN, &low));
    TRY(memqc_device_get(device, MEMQC_DEVICE_G_MAX, &high));
    digest_fill(5, n, low, high, state);
    if (digest_is_pulsed(device))
        return;
    TRY(memqc_device_nearest(device, n, state, levels));
    for (size_t i = 0; i < n; i++)
        state[i] = (float)levels[i];
}

/* --- draws --- */

static void draws(struct digest *d, const memqc_device *device) {
    enum { LEVELS = 9, CYCLES = 2, MOST = 1300 };
    static float g[CELLS * LEVELS], staircase[CYCLES * MOST];
    int32_t levels[CELLS];
    uint64_t negative[3] = {0, 0, 0};
    double states;
    TRY(memqc_device_get(device, MEMQC_DEVICE_STATES, &states));
    mix_levels(device, CELLS, levels);
    for (uint64_t draw = 0; draw < 4; draw++) {
        TRY(memqc_device_draw(device, 37 + draw, 5 * draw, CELLS, levels, g, &negative[0]));
        digest_floats(d, CELLS, g);
        digest_sizes(d, 1, negative);
    }
    TRY(memqc_device_draw_levels(device, 11, 3, CELLS, LEVELS, levels, g, LEVELS));
    TRY(memqc_device_staircase(device, 70, 2, CYCLES, staircase, (size_t)states, &negative[2]));
    for (size_t i = 0; i < CELLS; i++)
        for (size_t j = 0; j < LEVELS; j++) {
            uint64_t one;
            float again;
            TRY(memqc_device_draw(device, 11 + i, 3 + j, 1, &levels[j], &again, &one));
            negative[1] += one;
        }
    digest_floats(d, CELLS * LEVELS, g);
    digest_floats(d, CYCLES * (size_t)states, staircase);
    digest_sizes(d, 3, negative);
}

static void draw_laws(void) {
    struct digest d = digest_begin();
    for (int law = MEMQC_DEVICE_LAW_PRINTED; law <= MEMQC_DEVICE_LAW_MEASURED; law++) {
        for (int below = MEMQC_DEVICE_CLAMP; below <= MEMQC_DEVICE_REDRAW; below++) {
            const struct setting settings[] = {
                {MEMQC_DEVICE_LAW, law}, {MEMQC_DEVICE_BELOW_ZERO, below}, {0, 0}};
            memqc_device *device = digest_device("hfox-b", 0, settings);
            draws(&d, device);
            digest_print(&d, "draw/law%d/below%d", law - MEMQC_DEVICE_LAW_PRINTED + 1,
                         below - MEMQC_DEVICE_CLAMP);
            memqc_device_destroy(&device);
        }
    }
    const struct setting spread[] = {{MEMQC_DEVICE_D2D_G_MAX, 0.1},
                                     {MEMQC_DEVICE_D2D_G_MIN, 0.2},
                                     {MEMQC_DEVICE_D2D_NOISE, 0.3},
                                     {0, 0}};
    memqc_device *device = digest_device("hfox-a", 0, spread);
    draws(&d, device);
    digest_print(&d, "draw/spread");
    memqc_device_destroy(&device);
}

/* Choices count from where their block begins. */
static double preset_value(const memqc_device *device, int32_t key) {
    double value, low, high, states;
    int32_t used;
    TRY(memqc_device_get(device, key, &value));
    TRY(memqc_device_uses(device, MEMQC_DEVICE_STEP, &used));
    if (key == MEMQC_DEVICE_LAW)
        return value - MEMQC_DEVICE_LAW_PRINTED + 1;
    if (key == MEMQC_DEVICE_BELOW_ZERO)
        return value - MEMQC_DEVICE_CLAMP;
    if (key != MEMQC_DEVICE_STEP || used)
        return value;
    TRY(memqc_device_get(device, MEMQC_DEVICE_G_MIN, &low));
    TRY(memqc_device_get(device, MEMQC_DEVICE_G_MAX, &high));
    TRY(memqc_device_get(device, MEMQC_DEVICE_STATES, &states));
    return (high - low) / (states - 1);
}

static void preset_parameters(struct digest *d, const memqc_device *device) {
    for (int32_t key = MEMQC_DEVICE_STATES; key <= MEMQC_DEVICE_READ_VOLTAGE; key++) {
        const double value = preset_value(device, key);
        const float rounded = (float)value;
        digest_floats(d, 1, &rounded);
    }
}

static void draw_presets(void) {
    struct digest d = digest_begin();
    for (size_t i = 0; memqc_device_preset_name(i); i++) {
        const char *name = memqc_device_preset_name(i);
        memqc_device *device = digest_device(name, 0, NULL);
        int32_t model, levels[CELLS];
        float g[CELLS], volts[2000];
        double states;
        double number;
        TRY(memqc_device_get(device, MEMQC_DEVICE_MODEL, &number));
        model = (int32_t)number - MEMQC_DEVICE_QUANTIZED + 1;
        TRY(memqc_device_get(device, MEMQC_DEVICE_STATES, &states));
        preset_parameters(&d, device);
        digest_ints(&d, 1, &model);
        digest_fill(3, CELLS, 0, 1e-3, g);
        TRY(memqc_device_nearest(device, CELLS, g, levels));
        digest_ints(&d, CELLS, levels);
        if (!digest_is_pulsed(device)) {
            TRY(memqc_device_ramp(device, volts));
            digest_floats(&d, (size_t)states, volts);
            draws(&d, device);
        }
        digest_print(&d, "preset/%s", name);
        memqc_device_destroy(&device);
    }
}

/* --- pulses --- */

memqc_device *digest_model(int32_t model, const struct setting *settings) {
    memqc_device *device = digest_device(NULL, model, settings);
    if (model == MEMQC_DEVICE_TABLE) {
        const float at[] = {1e-4f, 4e-4f, 9e-4f}, up[] = {8e-5f, 4e-5f, 1e-5f},
                    down[] = {5e-6f, 3e-5f, 7e-5f};
        TRY(memqc_device_set_table(device, 1, 3, at, up));
        TRY(memqc_device_set_table(device, -1, 3, at, down));
    } else if (model != MEMQC_DEVICE_QUANTIZED && model != MEMQC_DEVICE_NEUROSIM) {
        TRY(memqc_device_set(device, MEMQC_DEVICE_ASYMMETRY, 0.125));
    }
    return device;
}

static void pulses(struct digest *d, const memqc_device *device) {
    float state[CELLS], g[CELLS] = {0}, trace[CELLS * PULSES], volts[PULSES];
    double cost[MEMQC_DEVICE_COSTS] = {0};
    int32_t each[CELLS];
    digest_states(device, CELLS, state);
    for (size_t i = 0; i < CELLS; i++)
        each[i] = (int32_t)(i % 15) - 7;
    digest_fill(6, PULSES, -1.5, 1.5, volts);
    TRY(memqc_device_pulse(device, 90, 0, CELLS, 5, state, g, cost));
    digest_floats(d, CELLS, state);
    TRY(memqc_device_pulse(device, 90, 5, CELLS, -3, state, g, cost));
    digest_floats(d, CELLS, state);
    digest_floats(d, CELLS, g);
    TRY(memqc_device_pulse_each(device, 90, 8, CELLS, each, state, g, cost));
    digest_floats(d, CELLS, state);
    digest_floats(d, CELLS, g);
    for (size_t p = 0; p < PULSES; p++) {
        TRY(memqc_device_apply(device, 90, 15 + p, CELLS, (double)volts[p], state, g, cost));
        for (size_t i = 0; i < CELLS; i++)
            trace[i * PULSES + p] = g[i];
    }
    digest_floats(d, CELLS, state);
    digest_floats(d, CELLS, g);
    digest_floats(d, CELLS * PULSES, trace);
    digest_doubles(d, MEMQC_DEVICE_COSTS, cost);
}

/* What cells have of their own, of every key that the model knows. */
void digest_own_values(struct digest *d, const memqc_device *device) {
    float values[CELLS];
    for (int32_t key = MEMQC_DEVICE_STATES; key <= MEMQC_DEVICE_READ_VOLTAGE; key++) {
        if (memqc_device_cells(device, key, 90, CELLS, values) == MEMQC_OK) {
            const int32_t place = key - MEMQC_DEVICE_MODEL;
            digest_ints(d, 1, &place);
            digest_floats(d, CELLS, values);
        }
    }
}

/* The noise of a pulsed model, the spread of any model, and both. */
static const struct setting noise[] = {{MEMQC_DEVICE_C2C_ABSOLUTE, 1e-6},
                                       {MEMQC_DEVICE_C2C_RELATIVE, 0.02},
                                       {MEMQC_DEVICE_C2C_STEP, 0.3},
                                       {0, 0}};
static const struct setting windows[] = {
    {MEMQC_DEVICE_D2D_G_MAX, 0.1}, {MEMQC_DEVICE_D2D_G_MIN, 0.2}, {0, 0}};

static void set_all(memqc_device *device, const struct setting *settings) {
    for (; settings->key; settings++)
        TRY(memqc_device_set(device, settings->key, settings->value));
}

static void spread(memqc_device *device, int32_t model) {
    set_all(device, windows);
    if (model == MEMQC_DEVICE_QUANTIZED)
        return;
    TRY(memqc_device_set(device, MEMQC_DEVICE_D2D_STEP, 0.3));
    if (model != MEMQC_DEVICE_TABLE && model != MEMQC_DEVICE_NEUROSIM)
        TRY(memqc_device_set(device, MEMQC_DEVICE_D2D_ASYMMETRY, 0.05));
    if (model == MEMQC_DEVICE_LINEAR ||
        (model >= MEMQC_DEVICE_EXPONENTIAL && model < MEMQC_DEVICE_TABLE))
        TRY(memqc_device_set(device, MEMQC_DEVICE_D2D_SHAPE, 0.2));
}

static void pulse_models(void) {
    static const char *const kind[] = {"plain", "noise", "spread", "both"};
    struct digest d = digest_begin();
    for (int32_t model = MEMQC_DEVICE_QUANTIZED; model <= MEMQC_DEVICE_TABLE; model++) {
        for (int k = 0; k < 4; k++) {
            memqc_device *device = digest_model(model, NULL);
            if (k & 2)
                spread(device, model);
            if (k & 1 && model != MEMQC_DEVICE_QUANTIZED)
                set_all(device, noise);
            if (k == 3)
                TRY(memqc_device_set(device, MEMQC_DEVICE_D2D_NOISE, 0.4));
            pulses(&d, device);
            digest_print(&d, "pulse/%s/%s", digest_model_name[model - MEMQC_DEVICE_QUANTIZED],
                         kind[k]);
            if (k == 3 && model != MEMQC_DEVICE_NEUROSIM) {
                digest_own_values(&d, device);
                digest_print(&d, "cells/%s", digest_model_name[model - MEMQC_DEVICE_QUANTIZED]);
            }
            memqc_device_destroy(&device);
        }
    }
}

/* --- programming and response --- */

static void program(struct digest *d, const memqc_device *device) {
    float state[CELLS], g[CELLS] = {0};
    double cost[MEMQC_DEVICE_COSTS] = {0};
    int32_t levels[CELLS];
    digest_states(device, CELLS, state);
    mix_levels(device, CELLS, levels);
    for (uint64_t draw = 0; draw < 3; draw++) {
        TRY(memqc_device_program(device, 3, draw, (size_t)(CELLS - draw), levels + draw, state, g,
                                 cost));
        digest_floats(d, CELLS, state);
        digest_floats(d, CELLS, g);
    }
    digest_doubles(d, MEMQC_DEVICE_COSTS, cost);
}

static void program_model(int32_t model) {
    struct digest d = digest_begin();
    memqc_device *device = digest_model(model, model == MEMQC_DEVICE_QUANTIZED ? NULL : noise);
    double low;
    float g[PULSES];
    spread(device, model);
    program(&d, device);
    digest_print(&d, "program/%s", digest_model_name[model - MEMQC_DEVICE_QUANTIZED]);
    TRY(memqc_device_get(device, MEMQC_DEVICE_G_MIN, &low));
    TRY(memqc_device_response(device, 1, low, PULSES, g));
    digest_floats(&d, PULSES, g);
    TRY(memqc_device_response(device, -1, 9e-4, PULSES, g));
    digest_floats(&d, PULSES, g);
    digest_print(&d, "response/%s", digest_model_name[model - MEMQC_DEVICE_QUANTIZED]);
    memqc_device_destroy(&device);
}

static int needs_libm(int32_t model) {
    return model == MEMQC_DEVICE_EXPONENTIAL || model == MEMQC_DEVICE_POWER ||
           model == MEMQC_DEVICE_NEUROSIM;
}

void digest_devices(int all) {
    if (!all) {
        draw_laws();
        draw_presets();
        pulse_models();
    }
    digest_effects(all);
    for (int32_t model = MEMQC_DEVICE_QUANTIZED; model <= MEMQC_DEVICE_TABLE; model++)
        if (needs_libm(model) == all)
            program_model(model);
}
