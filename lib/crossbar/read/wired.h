/* SPDX-License-Identifier: BSD-3-Clause */
/* Products through wires that resist: each physical array (a tile of a plane, with a reference
 * column as its last) is a circuit of wires.h. Linear cells: the effective conductances of all of
 * them are made once, as matrices in the place of the ideal ones, where the vectors since the last
 * change of the cells pay for it; before, vectors are solved one by one. Transposed, a reference
 * column is driven with the sum of the inputs, negative, so that the two directions stay transposes
 * of each other. */
#ifndef MQC_CROSSBAR_WIRING_H
#define MQC_CROSSBAR_WIRING_H

#include "crossbar/read/read.h"
#include "circuit/circuit.h"

/* A physical array of a plane. They are numbered row by row. */
struct mqc_array {
    size_t row, col, rows, cols; /* its part of the plane */
    size_t lines;                /* bit lines: cols, and the reference column */
    size_t slot;                 /* circuit of its shape */
};

size_t mqc_arrays(const memqc_crossbar *xb); /* how many a plane has */
struct mqc_array mqc_array_of(const memqc_crossbar *xb, size_t number);

/* The circuit of an array of a plane, holding its conductances. NOMEM, DATA. */
memqc_status mqc_array_hold(memqc_crossbar *xb, size_t plane, size_t number,
                            const struct mqc_array *array, struct mqc_circuit **out);

/* Does any wire resist? */
int mqc_wiring_on(const memqc_crossbar *xb);

/* Chooses between matrix and iteration for batch more vectors; with the matrix, plan's sources have
 * the effective ones, made where they are not there. NOMEM, DATA, DIVERGED. */
memqc_status mqc_wiring_prepare(memqc_crossbar *xb, struct mqc_readout_plan *plan, size_t batch);

/* acc (n x outputs) = what a source's matrix would give for n vectors, by iteration; tile as in
 * mqc_readout_run(). volts: what drives the lines, v: what ideal cells make of that; both n x
 * inputs, fractions of READ_VOLTAGE. */
memqc_status mqc_wiring_multiply(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                                 size_t source, size_t tile, size_t n, const float *volts,
                                 const float *v, float *acc);

/* Vectors that wires have been seen by since the last change of a conductance. */
uint64_t mqc_wiring_seen(const memqc_crossbar *xb);
void mqc_wiring_count(memqc_crossbar *xb, uint64_t vectors);

/* Wires or tiles have changed. */
void mqc_wiring_drop(struct mqc_wiring *wiring);

void mqc_wiring_free(struct mqc_wiring *wiring);

#endif
