/* SPDX-License-Identifier: BSD-3-Clause */
/* Solving a linear circuit by preconditioned conjugate gradients on its outer lines. */
#ifndef MQC_CIRCUIT_ITERATE_H
#define MQC_CIRCUIT_ITERATE_H

#include "circuit/inside.h"

/* q = S p, and only the part of it that the inner lines make. */
void mqc_circuit_apply(struct mqc_circuit *c, size_t lanes, const double *p, double *q);
void mqc_circuit_apply_inner(struct mqc_circuit *c, size_t lanes, const double *p, double *q);

/* Currents of the outer or of the inner terminals at node voltages b. */
void mqc_circuit_read(struct mqc_circuit *c, size_t lanes, int inner, const double *b,
                      double *amps);

/* Voltages w of inner line i, whose source has `volts` and whose cells send `current` into it (n,
 * units of the outer lines). */
void mqc_circuit_inner_line(const struct mqc_circuit *c, size_t i, double volts,
                            const double *current, double *w);

/* Conjugate gradients: begin from the residual in v->r, then steps. Each step gives the alpha that
 * leads from one solution to the next along v->p. A lane that is exactly solved has alpha 0. */
struct mqc_iteration {
    struct mqc_circuit *circuit;
    const struct mqc_wires_lanes *k;
    struct mqc_vectors *v;
    size_t lanes;
    double alpha[MQC_LANES], beta[MQC_LANES], energy[MQC_LANES];
};

struct mqc_iteration mqc_iteration_begin(struct mqc_circuit *c, size_t lanes);
void mqc_iteration_step(struct mqc_iteration *it);

/* Makes c->most where it is not there. DIVERGED. */
memqc_status mqc_circuit_bound(struct mqc_circuit *c);

/* Steps until the outputs (of the inner terminals or of the outer ones) are within the tolerance of
 * themselves, or of v->floor. On entry v->out holds the outputs of the solution whose residual is
 * v->r. x: that solution for one lane, which is brought up to date; or NULL. first: number of the
 * first vector, for the error text. DIVERGED. */
memqc_status mqc_circuit_iterate(struct mqc_circuit *c, size_t lanes, int inner, double tolerance,
                                 double *x, size_t first);

/* Solves for the sources in v->in, of the inner lines or of the outer ones, as accurately as
 * v->floor says; the outputs are in v->out. Needs c->most. DIVERGED. */
memqc_status mqc_circuit_solve_lanes(struct mqc_circuit *c, size_t lanes, int inner_drive,
                                     double tolerance, double *x, size_t first);

#endif
