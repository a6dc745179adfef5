/* SPDX-License-Identifier: BSD-3-Clause */
/* Vectors through wires, one by one. Transposed, a reference column is driven with the sum of the
 * inputs, negative, so that the two directions of a product stay transposes of each other.
 *
 * Everything is computed in double precision and rounded once, after the currents of lines have
 * been subtracted from each other: what is left is as accurate as WIRE_TOLERANCE says of each
 * current. */
#ifndef MQC_CROSSBAR_READ_WIRED_H
#define MQC_CROSSBAR_READ_WIRED_H

#include "crossbar/read/plan.h"
#include "crossbar/read/tile.h"

/* A tile in a direction. */
struct mqc_part {
    struct mqc_tile tile;
    size_t number;
    int transposed;
    size_t first, in, lines_in;   /* its inputs; with a reference column that is driven */
    size_t start, out, lines_out; /* its outputs; with one that is sensed */
};

struct mqc_part mqc_part_of(const memqc_crossbar *xb, size_t number, int transposed);

/* Solves the circuit of a part of a plane for n vectors: from in (n x lines_in, V) to out (n x
 * lines_out, A). NOMEM, DATA, DIVERGED. */
memqc_status mqc_part_solve(memqc_crossbar *xb, size_t plane, const struct mqc_part *part, size_t n,
                            const double *in, double *out);

/* acc (n x outputs) = what the matrix of a group would give for n vectors; tile as in
 * mqc_readout_run(). volts: what drives the lines, v: what ideal cells make of that; both n x
 * inputs, fractions of READ_VOLTAGE. NOMEM, DATA, DIVERGED. */
memqc_status mqc_wiring_multiply(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                                 size_t group, size_t tile, size_t n, const float *volts,
                                 const float *v, float *acc);

#endif
