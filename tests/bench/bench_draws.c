/* SPDX-License-Identifier: BSD-3-Clause */
/* Draws and single pulses, beside a copy of as many numbers. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include "crossbar/array/array.h"
#include "device/cell/inside.h"
#include "rng/rng.h"

#include <string.h>

enum { DRAWS = 10000000, LIST = 1000000 };

static struct {
    float *out, *from, *states, *pulsed;
    int32_t *levels;
    uint64_t *cells, *times;
    memqc_device *device, *alike, *different; /* all cells are alike, or each has its own steps */
    uint64_t pulses;
} draws;

/* A constant step with noise from pulse to pulse, and with what the preset says of the spread from
 * cell to cell, or without it. */
static memqc_device *pulsed_device(int spread) {
    static const int32_t of_cells[] = {MEMQC_DEVICE_D2D_STEP, MEMQC_DEVICE_D2D_ASYMMETRY,
                                       MEMQC_DEVICE_D2D_G_MAX, MEMQC_DEVICE_D2D_G_MIN};
    memqc_device *device = NULL;
    must(memqc_device_create_preset("rpu", &device));
    for (size_t i = 0; !spread && i < sizeof of_cells / sizeof *of_cells; i++)
        must(memqc_device_set(device, of_cells[i], 0));
    return device;
}

static void open_draws(void) {
    double low = 0, high = 0;
    draws.out = room(DRAWS, sizeof *draws.out);
    draws.from = room(DRAWS, sizeof *draws.from);
    draws.pulsed = room(DRAWS, sizeof *draws.pulsed);
    draws.levels = room(DRAWS, sizeof *draws.levels);
    draws.states = room(LIST, sizeof *draws.states);
    draws.cells = room(LIST, sizeof *draws.cells);
    draws.times = room(LIST, sizeof *draws.times);
    for (size_t i = 0; i < DRAWS; i++)
        draws.levels[i] = 1 + (int32_t)(scramble(i) % 32);
    for (size_t i = 0; i < LIST; i++) {
        draws.states[i] = (float)draws.levels[i];
        draws.cells[i] = scramble(i + 7);
        draws.times[i] = scramble(i + 99) % 1000;
    }
    must(memqc_device_create_preset("hfox-a", &draws.device));
    draws.alike = pulsed_device(0);
    draws.different = pulsed_device(1);
    must(memqc_device_get(draws.alike, MEMQC_DEVICE_G_MIN, &low));
    must(memqc_device_get(draws.alike, MEMQC_DEVICE_G_MAX, &high));
    for (size_t i = 0; i < DRAWS; i++)
        draws.pulsed[i] = (float)(low + (high - low) * (0.25 + 0.5 * (double)uniform(i)));
    draws.pulses = 0;
}

static void close_draws(void) {
    memqc_device_destroy(&draws.device);
    memqc_device_destroy(&draws.alike);
    memqc_device_destroy(&draws.different);
    free(draws.out);
    free(draws.from);
    free(draws.pulsed);
    free(draws.levels);
    free(draws.states);
    free(draws.cells);
    free(draws.times);
}

static void run_copy(void) {
    memcpy(draws.from, draws.out, DRAWS * sizeof *draws.out);
    sink = draws.from[DRAWS / 2];
}

static void run_normals(void) {
    const struct mqc_rng rng = mqc_rng_make(1, MQC_STREAM_PROGRAM);
    mqc_rng_kernels()->normal(&rng, 0, 0, DRAWS, draws.out);
    sink = draws.out[DRAWS / 2];
}

static void run_normal_list(void) {
    const struct mqc_rng rng = mqc_rng_make(1, MQC_STREAM_PROGRAM);
    mqc_rng_kernels()->normal_list(&rng, draws.cells, draws.times, LIST, draws.out);
    sink = draws.out[LIST / 2];
}

static void run_device_draw(void) {
    must(memqc_device_draw(draws.device, 0, 0, DRAWS, draws.levels, draws.out, NULL));
    sink = draws.out[DRAWS / 2];
}

/* One pulse on each cell, up and down in turns. */
static void send_pulse(const memqc_device *device) {
    const int32_t way = draws.pulses % 2 ? -1 : 1;
    must(memqc_device_pulse(device, 0, draws.pulses++, DRAWS, way, draws.pulsed, NULL, NULL));
    sink = draws.pulsed[DRAWS / 2];
}

static void run_pulse(void) {
    send_pulse(draws.alike);
}

static void run_pulse_spread(void) {
    send_pulse(draws.different);
}

static void run_device_list(void) {
    for (size_t first = 0; first < LIST; first += MQC_CHUNK) {
        const size_t n = LIST - first < MQC_CHUNK ? LIST - first : MQC_CHUNK;
        const struct mqc_draws where = {1, 0, 0, draws.cells + first, draws.times + first};
        const struct mqc_cell_set set = {&where, NULL, n, NULL, draws.out + first, NULL};
        draws.device->ops->draw(draws.device, NULL, &set, draws.states + first);
    }
    sink = draws.out[LIST / 2];
}

const struct group draw_groups[] = {
    {"draws",
     open_draws,
     close_draws,
     8,
     {{"copy", run_copy, DRAWS, NULL},
      {"normals", run_normals, DRAWS, NULL},
      {"ten_million_normals", run_normals, 1, NULL},
      {"normal_list", run_normal_list, LIST, NULL},
      {"device_draw", run_device_draw, DRAWS, NULL},
      {"device_list", run_device_list, LIST, NULL},
      {"pulse", run_pulse, DRAWS, NULL},
      {"pulse_spread", run_pulse_spread, DRAWS, NULL}}},
    {NULL, NULL, NULL, 0, {{NULL, NULL, 0, NULL}}},
};
