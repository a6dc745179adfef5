/* SPDX-License-Identifier: BSD-3-Clause */
/* The effective matrix of a circuit by elimination. */
#ifndef MQC_CIRCUIT_MESH_H
#define MQC_CIRCUIT_MESH_H

#include "circuit/circuit.h"

/* Can elimination make the effective matrix, at a cost below that of iterations? Lines of both
 * kinds have to resist, and arrays may not be too long for their width. */
int mqc_mesh_suits(const struct mqc_circuit *c);

/* Makes the effective conductances, as mqc_circuit_matrix() does, for a circuit that it suits: each
 * within about 1e-14 of itself, since nothing is ever subtracted. Takes memory while it works: about
 * 28 doubles a cell of a square array. NOMEM. */
memqc_status mqc_mesh_matrix(const struct mqc_circuit *c, double *g, size_t ldg);

#endif
