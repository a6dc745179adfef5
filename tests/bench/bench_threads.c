/* SPDX-License-Identifier: BSD-3-Clause */
/* One thread and two. What cannot be told how many threads to take yet is absent. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

enum { DRAWS = 10000000, SIDE = 1000, WIRED = 128, VECTORS = 100 };
enum { IMAGES = 2000, INSTANCES = 8 };

static struct {
    memqc_mlp *mlp;
    memqc_device *device;
    memqc_crossbar *programmed, *wired;
    float *x, *y, *w, *out;
    int32_t *labels, *levels;
    size_t turns;
} threads;

static void open_threads(void) {
    static const size_t sizes[] = {INPUTS, WIDE, CLASSES};
    memqc_device *pulsed = NULL;
    threads.x = room((size_t)IMAGES * INPUTS, sizeof *threads.x);
    threads.y = room((size_t)VECTORS * WIRED, sizeof *threads.y);
    threads.w = room((size_t)SIDE * SIDE, sizeof *threads.w);
    threads.out = room(DRAWS, sizeof *threads.out);
    threads.labels = room(IMAGES, sizeof *threads.labels);
    threads.levels = room(DRAWS, sizeof *threads.levels);
    for (size_t i = 0; i < (size_t)IMAGES * INPUTS; i++)
        threads.x[i] = uniform(i);
    for (size_t i = 0; i < IMAGES; i++)
        threads.labels[i] = (int32_t)(scramble(i) % CLASSES);
    for (size_t i = 0; i < DRAWS; i++)
        threads.levels[i] = 1 + (int32_t)(scramble(i) % 32);
    must(memqc_device_create_preset("hfox-a", &threads.device));
    must(memqc_device_create_preset("ag-asi", &pulsed));
    must(memqc_mlp_create(sizes, 3, threads.device, 0, &threads.mlp));
    must(memqc_mlp_set(threads.mlp, MEMQC_MLP_INPUT_BITS, 0));
    must(memqc_mlp_set(threads.mlp, MEMQC_MLP_INSTANCES, INSTANCES));
    must(memqc_crossbar_create(pulsed, SIDE, SIDE, 0, &threads.programmed));
    must(memqc_crossbar_create(threads.device, WIRED, WIRED, 0, &threads.wired));
    must(memqc_crossbar_set(threads.wired, MEMQC_CROSSBAR_WORD_RESISTANCE, 1));
    must(memqc_crossbar_set(threads.wired, MEMQC_CROSSBAR_BIT_RESISTANCE, 1));
    must(memqc_crossbar_set(threads.wired, MEMQC_CROSSBAR_WIRE_METHOD,
                            MEMQC_CROSSBAR_METHOD_ITERATE));
    must(memqc_crossbar_program(threads.wired, threads.w, WIRED));
    memqc_device_destroy(&pulsed);
}

static void close_threads(void) {
    memqc_mlp_destroy(&threads.mlp);
    memqc_device_destroy(&threads.device);
    memqc_crossbar_destroy(&threads.programmed);
    memqc_crossbar_destroy(&threads.wired);
    free(threads.x);
    free(threads.y);
    free(threads.w);
    free(threads.out);
    free(threads.labels);
    free(threads.levels);
}

static void of_device(memqc_device *device, double count) {
    int32_t key = 0;
    if (memqc_device_key("threads", &key) == MEMQC_OK)
        must(memqc_device_set(device, key, count));
    else
        is_absent("devices have no parameter \"threads\"");
}

static void of_array(memqc_crossbar *xb, double count) {
    int32_t key = 0;
    if (memqc_crossbar_key("threads", &key) == MEMQC_OK)
        must(memqc_crossbar_set(xb, key, count));
    else
        is_absent("arrays have no parameter \"threads\"");
}

static void run_monte_carlo(void) {
    double accuracies[INSTANCES];
    must(memqc_mlp_monte_carlo(threads.mlp, NULL, IMAGES, threads.x, INPUTS, threads.labels,
                               accuracies));
}

static void run_filling(void) {
    must(memqc_device_draw(threads.device, 0, 0, DRAWS, threads.levels, threads.out, NULL));
}

/* Other weights, as in bench_cells.c. */
static void choose_weights(void) {
    const size_t first = threads.turns++ % 2 * SIDE * SIDE;
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        threads.w[i] = 2 * uniform(i + first) - 1;
}

static void run_programming(void) {
    must(memqc_crossbar_program(threads.programmed, threads.w, SIDE));
}

static void run_circuits(void) {
    must(memqc_crossbar_mac(threads.wired, VECTORS, threads.x, WIRED, threads.y, WIRED));
}

#define THREADS(n)                                              \
    static void monte_carlo_##n(void) {                         \
        must(memqc_mlp_set(threads.mlp, MEMQC_MLP_THREADS, n)); \
    }                                                           \
    static void filling_##n(void) {                             \
        of_device(threads.device, n);                           \
    }                                                           \
    static void programming_##n(void) {                         \
        of_array(threads.programmed, n);                        \
        choose_weights();                                       \
    }                                                           \
    static void circuits_##n(void) {                            \
        of_array(threads.wired, n);                             \
    }
THREADS(1)
THREADS(2)

const struct group thread_groups[] = {
    {"threads",
     open_threads,
     close_threads,
     8,
     {{"monte_carlo_1", run_monte_carlo, 1, monte_carlo_1},
      {"monte_carlo_2", run_monte_carlo, 1, monte_carlo_2},
      {"filling_1", run_filling, 1, filling_1},
      {"filling_2", run_filling, 1, filling_2},
      {"programming_1", run_programming, 1, programming_1},
      {"programming_2", run_programming, 1, programming_2},
      {"circuits_1", run_circuits, 1, circuits_1},
      {"circuits_2", run_circuits, 1, circuits_2}}},
    {NULL, NULL, NULL, 0, {{NULL, NULL, 0, NULL}}},
};
