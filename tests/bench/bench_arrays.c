/* SPDX-License-Identifier: BSD-3-Clause */
/* Draws, products of an array, and updates of its levels. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include "crossbar/array/array.h"
#include "device/cell/inside.h"
#include "rng/rng.h"

#include <cblas.h>

/* --- draws --- */

enum { DRAWS = 10000000, LIST = 1000000 };

static struct {
    float *out, *states;
    int32_t *levels;
    uint64_t *cells, *times;
    memqc_device *device, *soft;
    float *soft_states;
    uint64_t pulses;
} draws;

static void open_draws(void) {
    draws.out = room(DRAWS, sizeof *draws.out);
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
    must(memqc_device_create(MEMQC_DEVICE_SOFT_BOUNDS, &draws.soft));
    must(memqc_device_set(draws.soft, MEMQC_DEVICE_C2C_STEP, 0.3));
    draws.soft_states = room(DRAWS, sizeof *draws.soft_states);
    draws.pulses = 0;
}

static void close_draws(void) {
    memqc_device_destroy(&draws.device);
    memqc_device_destroy(&draws.soft);
    free(draws.soft_states);
    free(draws.out);
    free(draws.levels);
    free(draws.states);
    free(draws.cells);
    free(draws.times);
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
static void run_pulse(void) {
    const int32_t way = draws.pulses % 2 ? -1 : 1;
    must(memqc_device_pulse(draws.soft, 0, draws.pulses++, DRAWS, way, draws.soft_states, NULL,
                            NULL));
    sink = draws.soft_states[DRAWS / 2];
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

/* --- multiply-accumulate --- */

enum { SIDE = 1024, BATCH = 256, VECTORS = 100 };

static struct {
    float *x, *y, *w;
    memqc_crossbar *xb;
} mac;

static void open_mac(void) {
    memqc_device *device = NULL;
    mac.x = room((size_t)SIDE * BATCH, sizeof *mac.x);
    mac.y = room((size_t)SIDE * BATCH, sizeof *mac.y);
    mac.w = room((size_t)SIDE * SIDE, sizeof *mac.w);
    for (size_t i = 0; i < (size_t)SIDE * BATCH; i++)
        mac.x[i] = 2 * uniform(i) - 1;
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        mac.w[i] = 2 * uniform(i + 5) - 1;
    must(memqc_device_create_preset("hfox-a", &device));
    must(memqc_crossbar_create(device, SIDE, SIDE, 0, &mac.xb));
    must(memqc_crossbar_program(mac.xb, mac.w, SIDE));
    memqc_device_destroy(&device);
}

static void close_mac(void) {
    memqc_crossbar_destroy(&mac.xb);
    free(mac.x);
    free(mac.y);
    free(mac.w);
}

static void run_sgemm(void) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, BATCH, SIDE, SIDE, 1, mac.x, SIDE, mac.w,
                SIDE, 0, mac.y, SIDE);
    sink = mac.y[1];
}

static void run_mac(void) {
    must(memqc_crossbar_mac(mac.xb, BATCH, mac.x, SIDE, mac.y, SIDE));
    sink = mac.y[1];
}

/* The same array read through converters of 8 bits, with read noise of 2 % of each conductance. */
static void open_converters(void) {
    open_mac();
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_DAC_BITS, 8));
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_ADC_BITS, 8));
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.02));
}

/* Behind wires of 1 ohm a segment, in arrays of 128 x 128, by their effective matrices. The first
 * product makes them. */
static void open_wires(void) {
    open_mac();
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_WORD_RESISTANCE, 1));
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_BIT_RESISTANCE, 1));
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_TILE_ROWS, 128));
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_TILE_COLS, 128));
    must(memqc_crossbar_set(mac.xb, MEMQC_CROSSBAR_WIRE_METHOD, MEMQC_CROSSBAR_METHOD_MATRIX));
    must(memqc_crossbar_mac(mac.xb, 1, mac.x, SIDE, mac.y, SIDE));
}

static void run_sgemv(void) {
    for (int i = 0; i < VECTORS; i++)
        cblas_sgemv(CblasRowMajor, CblasTrans, SIDE, SIDE, 1, mac.w, SIDE, mac.x + i * SIDE, 1, 0,
                    mac.y, 1);
    sink = mac.y[1];
}

static void run_mac_one(void) {
    for (int i = 0; i < VECTORS; i++)
        must(memqc_crossbar_mac(mac.xb, 1, mac.x + i * SIDE, SIDE, mac.y, SIDE));
    sink = mac.y[1];
}

/* --- an update of the paper's first layer --- */

enum { UPDATES = 1000, ONE_IN = 100 };

static struct {
    float *w, *dw;
    memqc_crossbar *xb;
} update;

/* One cell in a hundred is to change its level; the others get less than half a step. */
static void open_update(void) {
    const size_t cells = (size_t)INPUTS * HIDDEN;
    memqc_device *device = NULL;
    update.w = room(cells, sizeof *update.w);
    update.dw = room(cells, sizeof *update.dw);
    for (size_t i = 0; i < cells; i++) {
        update.w[i] = uniform(i) - 0.5f;
        update.dw[i] = scramble(i + 3) % ONE_IN == 0 ? 0.0645f : 0.02f * (uniform(i + 4) - 0.5f);
    }
    must(memqc_device_create_preset("hfox-a", &device));
    must(memqc_crossbar_create(device, INPUTS, HIDDEN, 0, &update.xb));
    must(memqc_crossbar_program(update.xb, update.w, HIDDEN));
    memqc_device_destroy(&device);
}

static void close_update(void) {
    memqc_crossbar_destroy(&update.xb);
    free(update.w);
    free(update.dw);
}

static void run_saxpy(void) {
    for (int i = 0; i < UPDATES; i++)
        cblas_saxpy(INPUTS * HIDDEN, i % 2 ? -1 : 1, update.dw, 1, update.w, 1);
    sink = update.w[3];
}

static void run_update(void) {
    for (int i = 0; i < UPDATES; i++)
        must(memqc_crossbar_update(update.xb, i % 2 ? -1 : 1, update.dw, HIDDEN));
}

#define MAC_ITEMS ((double)SIDE * SIDE)

const struct group array_groups[] = {
    {"draws",
     open_draws,
     close_draws,
     9,
     5,
     {{"normals", NULL, run_normals, DRAWS},
      {"normal_list", "normals", run_normal_list, LIST},
      {"device_draw", "normals", run_device_draw, DRAWS},
      {"device_list", "normals", run_device_list, LIST},
      {"device_pulse", "normals", run_pulse, DRAWS}}},
    {"mac",
     open_mac,
     close_mac,
     15,
     4,
     {{"sgemm_1024_batch_256", NULL, run_sgemm, MAC_ITEMS *BATCH},
      {"mac_1024_batch_256", "sgemm_1024_batch_256", run_mac, MAC_ITEMS *BATCH},
      {"sgemv_1024", NULL, run_sgemv, MAC_ITEMS *VECTORS},
      {"mac_1024_batch_1", "sgemv_1024", run_mac_one, MAC_ITEMS *VECTORS}}},
    {"converters",
     open_converters,
     close_mac,
     15,
     4,
     {{"converters_sgemm", NULL, run_sgemm, MAC_ITEMS *BATCH},
      {"converters_1024_batch_256", "converters_sgemm", run_mac, MAC_ITEMS *BATCH},
      {"converters_sgemv", NULL, run_sgemv, MAC_ITEMS *VECTORS},
      {"converters_1024_batch_1", "converters_sgemv", run_mac_one, MAC_ITEMS *VECTORS}}},
    {"wires",
     open_wires,
     close_mac,
     15,
     2,
     {{"wires_sgemm", NULL, run_sgemm, MAC_ITEMS *BATCH},
      {"wires_1024_batch_256", "wires_sgemm", run_mac, MAC_ITEMS *BATCH}}},
    {"update",
     open_update,
     close_update,
     15,
     2,
     {{"saxpy_784x16", NULL, run_saxpy, (double)INPUTS *HIDDEN *UPDATES},
      {"update_784x16", "saxpy_784x16", run_update, (double)INPUTS *HIDDEN *UPDATES}}},
    {NULL, NULL, NULL, 0, 0, {{NULL, NULL, NULL, 0}}},
};
