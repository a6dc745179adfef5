/* SPDX-License-Identifier: BSD-3-Clause */
/* Products through wires that resist. Linear cells: the effective conductances of all tiles are made
 * once, as matrices in the place of the ideal ones, where the vectors since the last change of the
 * cells pay for it; before, vectors are solved one by one. Transposed, a reference column is driven
 * with the sum of the inputs, negative, so that the two directions stay transposes of each other. */
#ifndef MQC_CROSSBAR_READ_WIRED_H
#define MQC_CROSSBAR_READ_WIRED_H

#include "crossbar/read/plan.h"

/* Chooses between matrix and iteration for batch more vectors. With the matrix, the groups of the
 * plan have effective ones, made where they are not there. NOMEM, DATA, DIVERGED. */
memqc_status mqc_wiring_prepare(memqc_crossbar *xb, struct mqc_readout_plan *plan, size_t batch);

/* acc (n x outputs) = what the matrix of a group would give for n vectors, by iteration; tile as in
 * mqc_readout_run(). volts: what drives the lines, v: what ideal cells make of that; both n x
 * inputs, fractions of READ_VOLTAGE. NOMEM, DATA, DIVERGED. */
memqc_status mqc_wiring_multiply(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                                 size_t group, size_t tile, size_t n, const float *volts,
                                 const float *v, float *acc);

#endif
