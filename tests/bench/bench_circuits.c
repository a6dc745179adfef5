/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays with wires of 1 ohm a segment, cells log-uniform from 10 kohm to 1 Mohm: from conductances
 * to currents, of one vector and of many together, and the effective matrix. bench_circuits.py
 * makes the same circuits for SciPy. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include "circuit/circuit.h"
#include "circuit/solve.h"

#include <math.h>

enum { SIZES = 3, VECTORS = 100 };

static const size_t sides[SIZES] = {64, 256, 512};

static struct {
    float *g;
    double *volts, *amps, *matrix;
    struct mqc_circuit *circuit;
} circuits[SIZES];

static void open_circuit(size_t k) {
    const size_t n = sides[k];
    const struct mqc_wires wires = {1, 1, 0, 0, MQC_END_FIRST, MQC_END_LAST};
    circuits[k].g = room(n * n, sizeof *circuits[k].g);
    circuits[k].volts = room(n * VECTORS, sizeof *circuits[k].volts);
    circuits[k].amps = room(n * VECTORS, sizeof *circuits[k].amps);
    circuits[k].matrix = room(n * n, sizeof *circuits[k].matrix);
    for (size_t i = 0; i < n * n; i++)
        circuits[k].g[i] = (float)pow(10, 2 * (double)uniform(i + n) - 6);
    for (size_t i = 0; i < n * VECTORS; i++)
        circuits[k].volts[i] = 0.2 * (double)uniform(i);
    must(mqc_circuit_create(&wires, n, n, &circuits[k].circuit));
    must(mqc_circuit_program(circuits[k].circuit, circuits[k].g, n));
}

static void close_circuit(size_t k) {
    mqc_circuit_destroy(&circuits[k].circuit);
    free(circuits[k].g);
    free(circuits[k].volts);
    free(circuits[k].amps);
    free(circuits[k].matrix);
}

/* Everything from conductances to the currents of some vectors. */
static void solve(size_t k, size_t batch) {
    const struct mqc_wires wires = {1, 1, 0, 0, MQC_END_FIRST, MQC_END_LAST};
    const size_t n = sides[k];
    struct mqc_circuit *circuit = NULL;
    must(mqc_circuit_create(&wires, n, n, &circuit));
    must(mqc_circuit_program(circuit, circuits[k].g, n));
    must(mqc_circuit_solve_double(circuit, MQC_FORWARD, batch, circuits[k].volts, n,
                                  circuits[k].amps, n));
    mqc_circuit_destroy(&circuit);
}

/* One vector, of a small array several times over. */
static void run_cold(size_t k, size_t times) {
    for (size_t i = 0; i < times; i++)
        solve(k, 1);
    has_answers(circuits[k].amps, sides[k]);
}

static void run_matrix(size_t k) {
    must(mqc_circuit_matrix(circuits[k].circuit, mqc_circuit_matrix_tolerance(circuits[k].circuit),
                            circuits[k].matrix, sides[k]));
}

#define CIRCUIT(n, k, times)             \
    static void open_##n(void) {         \
        open_circuit(k);                 \
    }                                    \
    static void close_##n(void) {        \
        close_circuit(k);                \
    }                                    \
    static void run_cold_##n(void) {     \
        run_cold(k, times);              \
    }                                    \
    static void run_together_##n(void) { \
        solve(k, VECTORS);               \
    }
enum { TIMES_64 = 50, TIMES_256 = 2, TIMES_512 = 1 };
CIRCUIT(64, 0, TIMES_64)
CIRCUIT(256, 1, TIMES_256)
CIRCUIT(512, 2, TIMES_512)

static void run_matrix_512(void) {
    run_matrix(2);
}

const struct group circuit_groups[] = {
    {"circuit_64",
     open_64,
     close_64,
     2,
     {{"cold_64", run_cold_64, TIMES_64, NULL}, {"together_64", run_together_64, VECTORS, NULL}}},
    {"circuit_256",
     open_256,
     close_256,
     2,
     {{"cold_256", run_cold_256, TIMES_256, NULL},
      {"together_256", run_together_256, VECTORS, NULL}}},
    {"circuit_512",
     open_512,
     close_512,
     3,
     {{"cold_512", run_cold_512, TIMES_512, NULL},
      {"together_512", run_together_512, VECTORS, NULL},
      {"matrix_512", run_matrix_512, 1, NULL}}},
    {NULL, NULL, NULL, 0, {{NULL, NULL, 0, NULL}}},
};
