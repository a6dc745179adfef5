/* SPDX-License-Identifier: BSD-3-Clause */
/* Effective matrices: linear cells behind wires do what a matrix of effective conductances does.
 * Making one pays where many vectors come before the next change of the cells. Elements are so
 * accurate, and products in double precision, that each current is within WIRE_TOLERANCE also where
 * most of it cancels. */
#ifndef MQC_CROSSBAR_READ_MATRICES_H
#define MQC_CROSSBAR_READ_MATRICES_H

#include "crossbar/read/plan.h"

/* Chooses between matrix and iteration for batch more vectors. With the matrix, the groups of the
 * plan have effective ones, made where they are not there. NOMEM, DATA, DIVERGED. */
memqc_status mqc_wiring_prepare(memqc_crossbar *xb, struct mqc_readout_plan *plan, size_t batch);

/* y (n x outputs) = factor x times the effective matrix of a group. Of its inputs x has those from
 * `first` on, `depth` of them. NOMEM. */
memqc_status mqc_wiring_product(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                                size_t group, size_t first, size_t depth, size_t n, double factor,
                                const float *x, size_t ldx, float *y, size_t ldy);

/* The effective conductances of a plane without its reference column, rows x cols, where `vectors`
 * of them pay for it or WIRE_METHOD asks for it; else NULL. They are kept for one plane. NOMEM,
 * DATA, DIVERGED. */
memqc_status mqc_wiring_plane(memqc_crossbar *xb, size_t plane, size_t vectors,
                              const double **effective);

#endif
