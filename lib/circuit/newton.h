/* SPDX-License-Identifier: BSD-3-Clause */
/* Circuits whose cells conduct nonlinearly: I = G V_ref sinh(a V) / sinh(a V_ref), V the voltage
 * across the cell. G is the conductance of the cell at V_ref. */
#ifndef MQC_CIRCUIT_NEWTON_H
#define MQC_CIRCUIT_NEWTON_H

#include "circuit/circuit.h"

#include <stddef.h>

/* a in 1/V, 0 (linear) or more; v_ref in V, more than 0; a v_ref and a times the range of the
 * voltages up to 300. */
struct mqc_nonlinearity {
    double a, v_ref;
};

/* What Newton's method keeps: a circuit of the cells' slopes, and 7 doubles a cell. It serves all
 * circuits with the wires and the shape of the one that it was made for. NOMEM. */
struct mqc_newton;
memqc_status mqc_newton_create(const struct mqc_circuit *like, struct mqc_newton **out);
void mqc_newton_destroy(struct mqc_newton **newton);

/* Computes amps as mqc_circuit_solve_double() does, for cells of a law. Newton's method has a line
 * search on the energy of the circuit, which is convex; where a times the range is above 6, the
 * sources are raised in stages. DATA, DIVERGED. */
memqc_status mqc_newton_solve(struct mqc_newton *newton, struct mqc_circuit *circuit,
                              const struct mqc_nonlinearity *law, enum mqc_direction direction,
                              size_t batch, const double *volts, size_t ldv, double *amps,
                              size_t ldi);

#endif
