/* SPDX-License-Identifier: BSD-3-Clause */
/* Saved devices: each model, and each effect on one of them. */
#include "saved.h"

#include <stdio.h>

/* --- writing --- */

static const struct kind {
    const char *name;
    const char *preset; /* or a model */
    int32_t model;
    struct setting settings[8];
} kinds[] = {
    {"device-quantized-memory",
     NULL,
     MEMQC_DEVICE_QUANTIZED,
     {{MEMQC_DEVICE_BELOW_ZERO, MEMQC_DEVICE_REDRAW},
      {MEMQC_DEVICE_CYCLE_CORRELATION, 0.5},
      {MEMQC_DEVICE_SET_RESET_CORRELATION, -0.25}}},
    {"device-quantized-measured", "hfox-b", 0, {{MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_MEASURED}}},
    {"device-quantized-polynomial", "pcm", 0, {{0, 0}}},
    {"device-constant-spread",
     NULL,
     MEMQC_DEVICE_CONSTANT,
     {{MEMQC_DEVICE_ASYMMETRY, 0.125},
      {MEMQC_DEVICE_D2D_G_MAX, 0.1},
      {MEMQC_DEVICE_D2D_G_MIN, 0.2},
      {MEMQC_DEVICE_D2D_STEP, 0.3},
      {MEMQC_DEVICE_D2D_ASYMMETRY, 0.05},
      {MEMQC_DEVICE_C2C_STEP, 0.3},
      {MEMQC_DEVICE_D2D_NOISE, 0.4}}},
    {"device-linear-noise",
     NULL,
     MEMQC_DEVICE_LINEAR,
     {{MEMQC_DEVICE_SLOPE_UP, 0.75},
      {MEMQC_DEVICE_C2C_ABSOLUTE, 1e-6},
      {MEMQC_DEVICE_C2C_RELATIVE, 0.02},
      {MEMQC_DEVICE_D2D_SHAPE, 0.2}}},
    {"device-soft-bounds-faults",
     NULL,
     MEMQC_DEVICE_SOFT_BOUNDS,
     {{MEMQC_DEVICE_STUCK_ON, 0.25},
      {MEMQC_DEVICE_STUCK_OFF, 0.25},
      {MEMQC_DEVICE_STUCK_ANYWHERE, 0.25}}},
    {"device-exponential-ageing",
     NULL,
     MEMQC_DEVICE_EXPONENTIAL,
     {{MEMQC_DEVICE_GAMMA_UP, 2},
      {MEMQC_DEVICE_DRIFT_NU, 0.05},
      {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.02},
      {MEMQC_DEVICE_RELAXATION, 0.3},
      {MEMQC_DEVICE_RELAXATION_SD, 1e-6},
      {MEMQC_DEVICE_TEMPERATURE, 320},
      {MEMQC_DEVICE_ENDURANCE_EXPONENT, 1}}},
    {"device-power-reads",
     NULL,
     MEMQC_DEVICE_POWER,
     {{MEMQC_DEVICE_POWER_UP, 1.5},
      {MEMQC_DEVICE_READ_NOISE, 2e-6},
      {MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.03},
      {MEMQC_DEVICE_READ_NOISE_OCTAVES, 5},
      {MEMQC_DEVICE_IV_NONLINEARITY, 3}}},
    {"device-neurosim-telegraph",
     "ag-asi",
     0,
     {{MEMQC_DEVICE_RTN_AMPLITUDE, 0.2},
      {MEMQC_DEVICE_RTN_YIELD, 0.7},
      {MEMQC_DEVICE_RTN_TIME_HIGH, 3e-3},
      {MEMQC_DEVICE_RTN_SPREAD, 0.5}}},
    {"device-quantized-flicker",
     "wan-2022",
     0,
     {{MEMQC_DEVICE_FLICKER, 0.05},
      {MEMQC_DEVICE_FLICKER_DRAWN, MEMQC_DEVICE_FLICKER_PER_READ},
      {MEMQC_DEVICE_READ_NOISE_SLOW, 1e-6},
      {MEMQC_DEVICE_READ_NOISE_CORRELATION, 0.95}}},
};

memqc_device *saved_table(void) {
    static const float g[] = {1e-4f, 4e-4f, 9e-4f}, up[] = {8e-5f, 4e-5f, 1e-5f},
                       down[] = {5e-6f, 3e-5f, 7e-5f};
    const struct setting noise[] = {{MEMQC_DEVICE_C2C_STEP, 0.2}, {0, 0}};
    memqc_device *device = digest_device(NULL, MEMQC_DEVICE_TABLE, noise);
    TRY(memqc_device_set_table(device, 1, 3, g, up));
    TRY(memqc_device_set_table(device, -1, 3, g, down));
    return device;
}

/* Two tables, the second for one direction alone. */
memqc_device *saved_jumps(void) {
    static const float g[] = {1e-4f, 1e-3f};
    static const float up[] = {0, 1e-5f, 5e-5f, 0, 1e-5f, 2e-5f};
    static const float down[] = {-2e-5f, -1e-5f, 0, -6e-5f, -2e-5f, 1e-6f};
    memqc_device *device = digest_device(NULL, MEMQC_DEVICE_JUMPS, NULL);
    TRY(memqc_device_set_jumps(device, 0, 1, 2, g, 3, up));
    TRY(memqc_device_set_jumps(device, 0, -1, 2, g, 3, down));
    TRY(memqc_device_set_jumps(device, 1, 1, 1, g, 3, up));
    return device;
}

/* Uneven levels, either with a standard deviation or with quantiles each. */
memqc_device *saved_levels(int quantiles) {
    static const float g[] = {1e-5f, 2e-5f, 3e-5f, 6e-5f, 1.2e-4f},
                       sd[] = {1e-6f, 1e-6f, 2e-6f, 3e-6f, 4e-6f};
    static const float quantile[] = {0.9e-5f, 1e-5f,   1.2e-5f, 1.7e-5f, 2e-5f,
                                     2.2e-5f, 2.8e-5f, 3e-5f,   3.4e-5f, 5e-5f,
                                     6e-5f,   6.5e-5f, 1e-4f,   1.2e-4f, 1.5e-4f};
    memqc_device *device = digest_device(NULL, MEMQC_DEVICE_QUANTIZED, NULL);
    TRY(memqc_device_set_levels(device, 5, g, quantiles ? NULL : sd, quantiles ? 3 : 0,
                                quantiles ? quantile : NULL));
    return device;
}

static void write(memqc_device *device, const char *name) {
    TRY(memqc_device_save(device, saved_path(name)));
    memqc_device_destroy(&device);
}

void saved_write_devices(void) {
    for (size_t i = 0; i < COUNT(kinds); i++)
        write(digest_device(kinds[i].preset, kinds[i].model, kinds[i].settings), kinds[i].name);
    write(saved_table(), "device-table");
    write(saved_jumps(), "device-jumps");
    write(saved_levels(0), "device-levels-sd");
    write(saved_levels(1), "device-levels-quantiles");
}

/* --- answers --- */

enum { CELLS = 4, FIRST = 37, DRAW = 5 };

static const struct saved_noun device_keys = {memqc_device_key_text, memqc_device_key_value,
                                              memqc_device_choice_name};

static void parameters(const memqc_device *device) {
    uint64_t seed;
    TRY(memqc_device_get_seed(device, &seed));
    saved_doubles("seed", 1, &(const double){(double)seed});
    for (size_t i = 0; i < memqc_device_keys(); i++) {
        double value;
        TRY(memqc_device_get(device, memqc_device_key_at(i), &value));
        saved_parameter(&device_keys, memqc_device_key_at(i), value);
    }
}

static void tables(const memqc_device *device, double model) {
    enum { ROOM = 64 };
    float g[ROOM], values[ROOM];
    size_t n, quantiles, count;
    for (int32_t direction = 1; direction >= -1; direction -= 2) {
        if (model == MEMQC_DEVICE_TABLE) {
            TRY(memqc_device_get_table(device, direction, ROOM, g, values, &n));
            saved_floats("nodes", n, g);
            saved_floats("steps", n, values);
        } else if (model == MEMQC_DEVICE_JUMPS) {
            TRY(memqc_device_jumps_size(device, 0, direction, &count, &n, &quantiles));
            TRY(memqc_device_get_jumps(device, 0, direction, ROOM, g, ROOM, values));
            saved_ints("tables", 1, &(const int32_t){(int32_t)count});
            saved_floats("nodes", n, g);
            saved_floats("quantiles", n * quantiles, values);
        }
    }
}

static void levels(const memqc_device *device) {
    enum { ROOM = 4096 };
    static float g[ROOM], sd[ROOM], quantile[ROOM];
    size_t n, quantiles;
    TRY(memqc_device_get_levels(device, ROOM, g, sd, &n, ROOM, quantile, &quantiles));
    saved_hash("levels", n, g);
    saved_hash("sd of levels", n, sd);
    if (quantiles > 0)
        saved_hash("quantiles of levels", n * quantiles, quantile);
}

static void pulses(const memqc_device *device) {
    float state[CELLS], g[CELLS] = {0};
    double cost[MEMQC_DEVICE_COSTS] = {0};
    int32_t level[CELLS] = {2, 1, 2, 1};
    if (digest_is_pulsed(device))
        digest_fill(5, CELLS, 2e-4, 1e-3, state);
    else
        for (size_t i = 0; i < CELLS; i++)
            state[i] = (float)(1 + i);
    TRY(memqc_device_pulse(device, FIRST, DRAW, CELLS, 3, state, g, cost));
    TRY(memqc_device_pulse(device, FIRST, DRAW + 3, CELLS, -2, state, g, cost));
    saved_floats("after pulses", CELLS, g);
    TRY(memqc_device_program(device, FIRST, DRAW + 5, CELLS, level, state, g, cost));
    saved_floats("after programming", CELLS, g);
    saved_doubles("costs", MEMQC_DEVICE_COSTS, cost);
}

/* What happens to cells afterwards; effects that are off leave them as they are. */
static void effects(const memqc_device *device, const float *g) {
    float out[CELLS];
    int32_t kind[CELLS];
    const float volts[CELLS] = {0.05f, -0.1f, 0.2f, 0.4f};
    TRY(memqc_device_read(device, FIRST, DRAW, CELLS, g, out));
    saved_floats("read", CELLS, out);
    TRY(memqc_device_age(device, FIRST, DRAW, 1e4, 1e5, CELLS, g, out));
    saved_floats("aged", CELLS, out);
    TRY(memqc_device_faults(device, FIRST, CELLS, kind, out));
    saved_ints("faults", CELLS, kind);
    TRY(memqc_device_telegraph_begin(device, FIRST, DRAW, CELLS, kind));
    TRY(memqc_device_telegraph_advance(device, FIRST, DRAW + 1, 1e-3, CELLS, kind));
    saved_ints("traps", CELLS, kind);
    TRY(memqc_device_current(device, CELLS, g, volts, out));
    saved_floats("currents", CELLS, out);
}

void saved_answer_device(memqc_device *device) {
    const int32_t level[CELLS] = {1, 2, 2, 1};
    float g[CELLS];
    uint64_t negative;
    double model;
    parameters(device);
    TRY(memqc_device_get(device, MEMQC_DEVICE_MODEL, &model));
    tables(device, model);
    levels(device);
    TRY(memqc_device_draw(device, FIRST, DRAW, CELLS, level, g, &negative));
    saved_floats("drawn", CELLS, g);
    pulses(device);
    effects(device, g);
}
