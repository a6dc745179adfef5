/* SPDX-License-Identifier: BSD-3-Clause */
/* Products of an array, and updates of its levels, beside those of BLAS. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include <cblas.h>
#include <string.h>

/* --- multiply-accumulate --- */

enum { SIDE = 1024, BATCH = 256, VECTORS = 100 };

/* The same weights in four arrays: ideal; read through converters of 8 bits, with noise that is the
 * same for all cells (2 % of the largest conductance), or proportional (2 % of each); and behind
 * wires. */
enum kind { IDEAL, EVEN, PROPORTIONAL, WIRED, KINDS };

static struct {
    float *x, *y, *w;
    memqc_crossbar *xb[KINDS];
} mac;

static void set(memqc_crossbar *xb, size_t n, const double settings[][2]) {
    for (size_t i = 0; i < n; i++)
        must(memqc_crossbar_set(xb, (int32_t)settings[i][0], settings[i][1]));
}

static void set_noise(memqc_crossbar *xb, int32_t key, double noise) {
    const double settings[][2] = {
        {MEMQC_CROSSBAR_DAC_BITS, 8}, {MEMQC_CROSSBAR_ADC_BITS, 8}, {key, noise}};
    set(xb, sizeof settings / sizeof *settings, settings);
}

/* Of 1 ohm a segment, in arrays of 128 x 128, by their effective matrices. The first product makes
 * them. */
static void set_wires(memqc_crossbar *xb) {
    static const double settings[][2] = {
        {MEMQC_CROSSBAR_WORD_RESISTANCE, 1},
        {MEMQC_CROSSBAR_BIT_RESISTANCE, 1},
        {MEMQC_CROSSBAR_TILE_ROWS, 128},
        {MEMQC_CROSSBAR_TILE_COLS, 128},
        {MEMQC_CROSSBAR_WIRE_METHOD, MEMQC_CROSSBAR_METHOD_MATRIX}};
    set(xb, sizeof settings / sizeof *settings, settings);
}

static void open_mac(void) {
    memqc_device *device = NULL;
    double g_max = 0;
    mac.x = room((size_t)SIDE * BATCH, sizeof *mac.x);
    mac.y = room((size_t)SIDE * BATCH, sizeof *mac.y);
    mac.w = room((size_t)SIDE * SIDE, sizeof *mac.w);
    for (size_t i = 0; i < (size_t)SIDE * BATCH; i++)
        mac.x[i] = 2 * uniform(i) - 1;
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        mac.w[i] = 2 * uniform(i + 5) - 1;
    must(memqc_device_create_preset("hfox-a", &device));
    must(memqc_device_get(device, MEMQC_DEVICE_G_MAX, &g_max));
    for (int kind = 0; kind < KINDS; kind++) {
        must(memqc_crossbar_create(device, SIDE, SIDE, 0, &mac.xb[kind]));
        must(memqc_crossbar_program(mac.xb[kind], mac.w, SIDE));
    }
    set_noise(mac.xb[EVEN], MEMQC_CROSSBAR_READ_NOISE, 0.02 * g_max);
    set_noise(mac.xb[PROPORTIONAL], MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.02);
    set_wires(mac.xb[WIRED]);
    memqc_device_destroy(&device);
}

static void close_mac(void) {
    for (int kind = 0; kind < KINDS; kind++)
        memqc_crossbar_destroy(&mac.xb[kind]);
    free(mac.x);
    free(mac.y);
    free(mac.w);
}

static void run_sgemm(void) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, BATCH, SIDE, SIDE, 1, mac.x, SIDE, mac.w,
                SIDE, 0, mac.y, SIDE);
    sink = mac.y[1];
}

static void run_sgemv(void) {
    for (int i = 0; i < VECTORS; i++)
        cblas_sgemv(CblasRowMajor, CblasTrans, SIDE, SIDE, 1, mac.w, SIDE, mac.x + i * SIDE, 1, 0,
                    mac.y, 1);
    sink = mac.y[1];
}

static void read_batch(enum kind kind) {
    must(memqc_crossbar_mac(mac.xb[kind], BATCH, mac.x, SIDE, mac.y, SIDE));
    sink = mac.y[1];
}

static void read_vectors(enum kind kind) {
    for (int i = 0; i < VECTORS; i++)
        must(memqc_crossbar_mac(mac.xb[kind], 1, mac.x + i * SIDE, SIDE, mac.y, SIDE));
    sink = mac.y[1];
}

static void run_ideal_batch(void) {
    read_batch(IDEAL);
}

static void run_ideal_vectors(void) {
    read_vectors(IDEAL);
}

static void run_even_batch(void) {
    read_batch(EVEN);
}

static void run_even_vectors(void) {
    read_vectors(EVEN);
}

static void run_proportional_batch(void) {
    read_batch(PROPORTIONAL);
}

static void run_proportional_vectors(void) {
    read_vectors(PROPORTIONAL);
}

static void run_wired_batch(void) {
    read_batch(WIRED);
}

/* --- an update of the paper's first layer --- */

enum { UPDATES = 1000, ONE_IN = 100 };

static struct {
    float *w, *dw, *copy;
    memqc_crossbar *xb;
} update;

/* One cell in a hundred is to change its level; the others get less than half a step. */
static void open_update(void) {
    const size_t cells = (size_t)INPUTS * HIDDEN;
    memqc_device *device = NULL;
    update.w = room(cells, sizeof *update.w);
    update.dw = room(cells, sizeof *update.dw);
    update.copy = room(cells, sizeof *update.copy);
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
    free(update.copy);
}

static void run_saxpy(void) {
    for (int i = 0; i < UPDATES; i++)
        cblas_saxpy(INPUTS * HIDDEN, i % 2 ? -1 : 1, update.dw, 1, update.w, 1);
    sink = update.w[3];
}

static void run_copy(void) {
    for (int i = 0; i < UPDATES; i++)
        memcpy(update.copy, i % 2 ? update.w : update.dw, INPUTS * HIDDEN * sizeof *update.copy);
    sink = update.copy[3];
}

static void run_update(void) {
    for (int i = 0; i < UPDATES; i++)
        must(memqc_crossbar_update(update.xb, i % 2 ? -1 : 1, update.dw, HIDDEN));
}

/* --- products so small that calling costs as much as computing --- */

enum { SMALL = 64, PRODUCTS = 1000 };

static struct {
    float x[SMALL * SMALL], y[SMALL * SMALL];
    memqc_crossbar *xb;
} product;

/* bench_work.py makes the same array. */
static void open_product(void) {
    float *w = room((size_t)SMALL * SMALL, sizeof *w);
    memqc_device *device = NULL;
    for (int i = 0; i < SMALL * SMALL; i++) {
        w[i] = (float)(i % 13 - 6) / 6;
        product.x[i] = (float)(i % 7) / 7;
    }
    must(memqc_device_create_preset("hfox-a", &device));
    must(memqc_crossbar_create(device, SMALL, SMALL, 1, &product.xb));
    must(memqc_crossbar_program(product.xb, w, SMALL));
    memqc_device_destroy(&device);
    free(w);
}

static void close_product(void) {
    memqc_crossbar_destroy(&product.xb);
}

static void multiply(size_t batch) {
    for (int i = 0; i < PRODUCTS; i++)
        must(memqc_crossbar_mac(product.xb, batch, product.x, SMALL, product.y, SMALL));
    sink = product.y[1];
}

static void run_product_vector(void) {
    multiply(1);
}

static void run_product_batch(void) {
    multiply(SMALL);
}

#define MAC_ITEMS ((double)SIDE * SIDE)
#define UPDATE_ITEMS ((double)INPUTS * HIDDEN * UPDATES)

const struct group array_groups[] = {
    {"mac",
     open_mac,
     close_mac,
     9,
     {{"sgemm", run_sgemm, MAC_ITEMS *BATCH, NULL},
      {"mac_batch", run_ideal_batch, MAC_ITEMS *BATCH, NULL},
      {"mac_even_batch", run_even_batch, MAC_ITEMS *BATCH, NULL},
      {"mac_proportional_batch", run_proportional_batch, MAC_ITEMS *BATCH, NULL},
      {"mac_wired_batch", run_wired_batch, MAC_ITEMS *BATCH, NULL},
      {"sgemv", run_sgemv, MAC_ITEMS *VECTORS, NULL},
      {"mac_vectors", run_ideal_vectors, MAC_ITEMS *VECTORS, NULL},
      {"mac_even_vectors", run_even_vectors, MAC_ITEMS *VECTORS, NULL},
      {"mac_proportional_vectors", run_proportional_vectors, MAC_ITEMS *VECTORS, NULL}}},
    {"update",
     open_update,
     close_update,
     3,
     {{"saxpy", run_saxpy, UPDATE_ITEMS, NULL},
      {"update_copy", run_copy, UPDATE_ITEMS, NULL},
      {"update", run_update, UPDATE_ITEMS, NULL}}},
    {"product",
     open_product,
     close_product,
     2,
     {{"product_vector", run_product_vector, PRODUCTS, NULL},
      {"product_batch", run_product_batch, PRODUCTS, NULL}}},
    {NULL, NULL, NULL, 0, {{NULL, NULL, 0, NULL}}},
};
