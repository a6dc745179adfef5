/* SPDX-License-Identifier: BSD-3-Clause */
/* Programming of arrays, and their memory. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include <string.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* --- programming --- */

/* A million cells hold weights that are spread evenly from -1 to 1. They are programmed with other
 * such weights, independent of the old ones: a cell moves by a third of its range in the mean. The
 * array begins with weights too, which is not counted. */
enum { SIDE = 1000, ARRAYS = 5, SETS = 2 };

static struct {
    float *w[SETS];
    memqc_crossbar *xb[ARRAYS];
    size_t turns[ARRAYS];
} cells;

static const struct {
    const char *preset;
    int32_t scheme;
} ways[ARRAYS] = {
    {"hfox-a", MEMQC_CROSSBAR_SCHEME_BLIND}, {"hfox-a", MEMQC_CROSSBAR_SCHEME_VERIFY},
    {"ag-asi", MEMQC_CROSSBAR_SCHEME_BLIND}, {"ag-asi", MEMQC_CROSSBAR_SCHEME_VERIFY},
    {"rpu", MEMQC_CROSSBAR_SCHEME_BLIND},
};

static void open_cells(void) {
    memset(&cells, 0, sizeof cells);
    for (size_t k = 0; k < SETS; k++) {
        cells.w[k] = room((size_t)SIDE * SIDE, sizeof(float));
        for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
            cells.w[k][i] = 2 * uniform(i + k * SIDE * SIDE) - 1;
    }
}

static void close_cells(void) {
    for (size_t i = 0; i < ARRAYS; i++)
        memqc_crossbar_destroy(&cells.xb[i]);
    for (size_t k = 0; k < SETS; k++)
        free(cells.w[k]);
}

static void program(size_t i) {
    must(memqc_crossbar_program(cells.xb[i], cells.w[cells.turns[i]++ % SETS], SIDE));
}

static void begin(size_t i) {
    memqc_device *device = NULL;
    if (cells.xb[i])
        return;
    must(memqc_device_create_preset(ways[i].preset, &device));
    must(memqc_crossbar_create(device, SIDE, SIDE, 7, &cells.xb[i]));
    must(memqc_crossbar_set(cells.xb[i], MEMQC_CROSSBAR_SCHEME, ways[i].scheme));
    memqc_device_destroy(&device);
    program(i);
}

#define PROGRAMMING(name, i)           \
    static void begin_##name(void) {   \
        begin(i);                      \
    }                                  \
    static void program_##name(void) { \
        program(i);                    \
    }
PROGRAMMING(hfox_blind, 0)
PROGRAMMING(hfox_verify, 1)
PROGRAMMING(ag_blind, 2)
PROGRAMMING(ag_verify, 3)
PROGRAMMING(rpu_blind, 4)

/* --- memory --- */

/* What an array of 1024 x 1024 weights has taken from the heap when it was programmed and has read
 * one vector. */
enum { WEIGHTS_SIDE = 1024 };

#ifdef __GLIBC__
static double heap(void) {
    const struct mallinfo2 all = mallinfo2();
    return (double)all.uordblks + (double)all.hblkhd;
}
#endif

static void measure_bytes(const char *preset, int32_t mapping) {
#ifdef __GLIBC__
    float *w = room((size_t)WEIGHTS_SIDE * WEIGHTS_SIDE, sizeof *w);
    float *x = room(WEIGHTS_SIDE, sizeof *x), *y = room(WEIGHTS_SIDE, sizeof *y);
    memqc_device *device = NULL;
    memqc_crossbar *xb = NULL;
    for (size_t i = 0; i < (size_t)WEIGHTS_SIDE * WEIGHTS_SIDE; i++)
        w[i] = 2 * uniform(i) - 1;
    const double before = heap();
    must(memqc_device_create_preset(preset, &device));
    must(memqc_crossbar_create(device, WEIGHTS_SIDE, WEIGHTS_SIDE, 7, &xb));
    must(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    must(memqc_crossbar_program(xb, w, WEIGHTS_SIDE));
    must(memqc_crossbar_mac(xb, 1, x, WEIGHTS_SIDE, y, WEIGHTS_SIDE));
    memqc_device_destroy(&device);
    count_instead(heap() - before);
    memqc_crossbar_destroy(&xb);
    free(w);
    free(x);
    free(y);
#else
    (void)preset;
    (void)mapping;
    is_absent("this C library does not count its heap");
#endif
}

static void nothing(void) {
}

static void bytes_hfox_single(void) {
    measure_bytes("hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE);
}

static void bytes_hfox_pair(void) {
    measure_bytes("hfox-a", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
}

static void bytes_rpu_single(void) {
    measure_bytes("rpu", MEMQC_CROSSBAR_MAPPING_SINGLE);
}

static void bytes_rpu_pair(void) {
    measure_bytes("rpu", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
}

#define BYTES_ITEMS ((double)WEIGHTS_SIDE * WEIGHTS_SIDE)

const struct group cell_groups[] = {
    {"programming",
     open_cells,
     close_cells,
     ARRAYS,
     {{"program_hfox_blind", program_hfox_blind, 1, begin_hfox_blind},
      {"program_hfox_verify", program_hfox_verify, 1, begin_hfox_verify},
      {"program_ag_blind", program_ag_blind, 1, begin_ag_blind},
      {"program_ag_verify", program_ag_verify, 1, begin_ag_verify},
      {"program_rpu_blind", program_rpu_blind, 1, begin_rpu_blind}}},
    {"bytes",
     nothing,
     nothing,
     4,
     {{"bytes_hfox_single", bytes_hfox_single, BYTES_ITEMS, NULL},
      {"bytes_hfox_pair", bytes_hfox_pair, BYTES_ITEMS, NULL},
      {"bytes_rpu_single", bytes_rpu_single, BYTES_ITEMS, NULL},
      {"bytes_rpu_pair", bytes_rpu_pair, BYTES_ITEMS, NULL}}},
    {NULL, NULL, NULL, 0, {{NULL, NULL, 0, NULL}}},
};
