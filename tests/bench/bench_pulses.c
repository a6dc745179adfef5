/* SPDX-License-Identifier: BSD-3-Clause */
/* Trains of pulses: tables of jumps beside soft bounds, whose pulses have noise too. The tables are
 * as large as measured ones: 101 conductances, 101 quantiles. Where cells differ (d2d), they do so in
 * both. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

enum { CELLS = 1 << 18, PULSES = 16, NODES = 101, QUANTILES = 101, TABLES = 3 };

static const double low = 10e-6, high = 100e-6;

static struct {
    float *state;
    memqc_device *soft, *own, *even, *uneven, *several, *several_uneven;
    uint64_t pulses;
} trains;

/* Jumps of 1 % of the window with a spread of the same size; nodes evenly spaced, or denser at the
 * lower end. */
static void set_jumps(memqc_device *device, size_t table, int even) {
    static float g[NODES], q[2][NODES * QUANTILES];
    for (size_t i = 0; i < NODES; i++) {
        const double x = (double)i / (NODES - 1);
        g[i] = (float)(low + (high - low) * (even ? x : x * x));
        for (size_t j = 0; j < QUANTILES; j++) {
            const double part = ((double)j / (QUANTILES - 1) - 0.5) * 0.02 * (high - low);
            q[0][i * QUANTILES + j] = (float)(0.01 * (high - low) * (1.2 - x) + part);
            q[1][i * QUANTILES + j] = (float)(-0.01 * (high - low) * (0.2 + x) + part);
        }
    }
    must(memqc_device_set_jumps(device, table, 1, NODES, g, QUANTILES, q[0]));
    must(memqc_device_set_jumps(device, table, -1, NODES, g, QUANTILES, q[1]));
}

static memqc_device *make(int32_t model, size_t tables, int even) {
    memqc_device *device = NULL;
    must(memqc_device_create(model, &device));
    must(memqc_device_set(device, MEMQC_DEVICE_G_MIN, low));
    must(memqc_device_set(device, MEMQC_DEVICE_G_MAX, high));
    for (size_t k = 0; k < tables; k++)
        set_jumps(device, k, even);
    return device;
}

static void open_trains(void) {
    trains.state = room(CELLS, sizeof *trains.state);
    for (size_t i = 0; i < CELLS; i++)
        trains.state[i] = (float)(low + (high - low) * (double)uniform(i));
    trains.soft = make(MEMQC_DEVICE_SOFT_BOUNDS, 0, 1);
    must(memqc_device_set(trains.soft, MEMQC_DEVICE_STEP, 0.01 * (high - low)));
    must(memqc_device_set(trains.soft, MEMQC_DEVICE_C2C_STEP, 1));
    must(memqc_device_copy(trains.soft, &trains.own));
    must(memqc_device_set(trains.own, MEMQC_DEVICE_D2D_STEP, 0.1));
    trains.even = make(MEMQC_DEVICE_JUMPS, 1, 1);
    trains.uneven = make(MEMQC_DEVICE_JUMPS, 1, 0);
    trains.several = make(MEMQC_DEVICE_JUMPS, TABLES, 1);
    trains.several_uneven = make(MEMQC_DEVICE_JUMPS, TABLES, 0);
    trains.pulses = 0;
}

static void close_trains(void) {
    memqc_device_destroy(&trains.soft);
    memqc_device_destroy(&trains.own);
    memqc_device_destroy(&trains.even);
    memqc_device_destroy(&trains.uneven);
    memqc_device_destroy(&trains.several);
    memqc_device_destroy(&trains.several_uneven);
    free(trains.state);
}

/* Trains up and down in turns. */
static void send(const memqc_device *device) {
    const int32_t way = trains.pulses / PULSES % 2 ? -PULSES : PULSES;
    must(memqc_device_pulse(device, 0, trains.pulses, CELLS, way, trains.state, NULL, NULL));
    trains.pulses += PULSES;
    sink = trains.state[CELLS / 2];
}

static void run_soft(void) {
    send(trains.soft);
}

static void run_own(void) {
    send(trains.own);
}

static void run_even(void) {
    send(trains.even);
}

static void run_uneven(void) {
    send(trains.uneven);
}

static void run_several(void) {
    send(trains.several);
}

static void run_several_uneven(void) {
    send(trains.several_uneven);
}

#define PULSE_ITEMS ((double)CELLS * PULSES)

const struct group pulse_groups[] = {
    {"pulses",
     open_trains,
     close_trains,
     6,
     {{"pulse_soft_bounds", run_soft, PULSE_ITEMS, NULL},
      {"pulse_soft_bounds_d2d", run_own, PULSE_ITEMS, NULL},
      {"pulse_jumps", run_even, PULSE_ITEMS, NULL},
      {"pulse_jumps_uneven", run_uneven, PULSE_ITEMS, NULL},
      {"pulse_jumps_d2d", run_several, PULSE_ITEMS, NULL},
      {"pulse_jumps_uneven_d2d", run_several_uneven, PULSE_ITEMS, NULL}}},
    {NULL, NULL, NULL, 0, {{NULL, NULL, 0, NULL}}},
};
