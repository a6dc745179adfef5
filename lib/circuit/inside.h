/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside a circuit. One kind of lines is eliminated, the other is iterated on: inner and outer
 * lines. Outer are the bit lines, or the word lines where only those have segments that resist, or
 * are fewer and longer (swapped). Nodes of an inner line (index i of mi) are eliminated exactly,
 * which leaves on the nodes of the outer lines (index j of n)
 *
 *     S b = f,   S = T + D - D (Ti + D)^-1 D      T, Ti: wires with their terminals; D: cells,
 *     diagonal
 *
 * a symmetric, positive definite M-matrix, solved by conjugate gradients preconditioned with M = T
 * + diag(S - T), tridiagonal for every outer line. Outer lines without segments have one node each:
 * rows is 1 instead of mi. Conductances are in units of the outer lines (unit ohm x siemens). */
#ifndef MQC_CROSSBAR_CIRCUIT_H
#define MQC_CROSSBAR_CIRCUIT_H

#include "circuit/circuit.h"
#include "circuit/kernels.h"

struct mqc_circuit {
    struct mqc_wires wires;
    size_t rows, cols; /* as the caller sees them */
    int swapped;
    enum mqc_line outer_line;
    struct mqc_inner inner;
    struct mqc_outer outer;
    size_t mi, n, groups, nodes; /* inner lines, cells of each, groups of MQC_LINES of them, nodes =
                                    outer.rows x n */
    double unit;
    double tolerance;
    int32_t limit, iterations;

    double *d, *t;      /* inner lines, interleaved by groups: cells, factors */
    double *source;     /* mi x n: currents into grounded outer lines when every source has 1 V
                                */
    double *diagonal;   /* nodes: diag(S - T) */
    double *weight;     /* nodes: 1 / y of wires.h: diagonal and a little of the mean of its
                                line */
    double *factor;     /* nodes: M */
    double *most[2];    /* X of wires.h as currents of the outer terminals (n) and the inner
                                ones (mi), once `bounded` */
    double *typical[2]; /* those currents when every source has 1 V, once `known` */
    int bounded, known[2];
    double *group[2];            /* scratch: a group of lines each */
    double *x;                   /* nodes: a solution that is to be had whole */
    struct mqc_tangent *tangent; /* of nonlinear cells, from the first such solve on */

    /* Vectors of one right-hand side, and of MQC_LANES of them (from the first batch on). */
    struct mqc_vectors {
        double *r, *z, *p, *q;             /* of nodes */
        double *in, *out, *change, *floor; /* of terminals */
    } one, many;
};

/* What cell (i, j) of the inner lines has as its place in d and t. */
static inline size_t mqc_circuit_place(const struct mqc_circuit *c, size_t i, size_t j) {
    return (i / MQC_LINES * c->n + j) * MQC_LINES + i % MQC_LINES;
}

/* Factors what is in d. */
void mqc_circuit_factor(struct mqc_circuit *c);

/* The vectors for so many lanes, allocated where they are not yet. */
memqc_status mqc_circuit_vectors(struct mqc_circuit *c, size_t lanes, struct mqc_vectors **out);

/* Conjugate gradients: begin from the residual in v->r, then steps, each of which gives the alpha
 * that leads from one solution to the next along v->p. A lane that has nothing left to do has alpha
 * 0. */
struct mqc_iteration {
    struct mqc_circuit *circuit;
    const struct mqc_wires_lanes *k;
    struct mqc_vectors *v;
    size_t lanes;
    double alpha[MQC_LANES], beta[MQC_LANES], energy[MQC_LANES];
};

struct mqc_iteration mqc_iteration_begin(struct mqc_circuit *c, size_t lanes);
void mqc_iteration_step(struct mqc_iteration *it);

/* Steps until the outputs (of the inner terminals or of the outer ones) are within the tolerance of
 * themselves, or of v->floor. v->out holds, on entry, the outputs of the solution that the residual
 * in v->r belongs to. x: that solution, which is brought up to date, for one lane; or NULL. first:
 * number of the first vector, for the error text. */
memqc_status mqc_circuit_iterate(struct mqc_circuit *c, size_t lanes, int inner, double tolerance,
                                 double *x, size_t first);

/* Makes c->most, where it is not there. */
memqc_status mqc_circuit_bound(struct mqc_circuit *c);

/* Solves for the sources in v->in, of the inner lines or of the outer ones, as accurately as
 * v->floor says; v->out. Takes c->most. */
memqc_status mqc_circuit_solve_lanes(struct mqc_circuit *c, size_t lanes, int inner_drive,
                                     double tolerance, double *x, size_t first);

/* Makes v->floor for the sources in v->in from c->most. Returns 0 where sources of both signs take
 * c->typical, which is not there: mqc_circuit_know_typical() makes it, and overwrites the vectors
 * of one lane. */
int mqc_circuit_set_floor(struct mqc_circuit *c, size_t lanes, int inner_drive);
memqc_status mqc_circuit_know_typical(struct mqc_circuit *c, int inner_drive);

/* One vector of sources into c->one.in, and c->one.floor for it. */
memqc_status mqc_circuit_load(struct mqc_circuit *c, int inner_drive, const double *volts);

/* The sizes of a batch. */
memqc_status mqc_circuit_check_batch(const struct mqc_circuit *c, enum mqc_wires_way way,
                                     size_t batch, size_t ldv, size_t ldi);

/* Allocates count doubles for each of n pointers; those that are there already stay. */
memqc_status mqc_circuit_have(size_t n, double **const *pointers, const size_t *counts);

/* Voltages of inner line i whose source has `volts` and whose cells send `current` into it (n,
 * units of the outer lines). */
void mqc_circuit_inner_line(const struct mqc_circuit *c, size_t i, double volts,
                            const double *current, double *w);

/* As many right-hand sides are best solved together: with more cells they would fall out of the
 * cache. */
static inline size_t mqc_circuit_lanes(const struct mqc_circuit *c, size_t batch) {
    return batch == 1 || c->nodes > ((size_t)1 << 13) ? 1 : MQC_LANES;
}

/* q = S p, and only the part of it that the inner lines make */
void mqc_circuit_apply(struct mqc_circuit *c, size_t lanes, const double *p, double *q);
void mqc_circuit_apply_inner(struct mqc_circuit *c, size_t lanes, const double *p, double *q);

/* Currents of the outer and of the inner terminals at node voltages b. */
void mqc_circuit_read(struct mqc_circuit *c, size_t lanes, int inner, const double *b,
                      double *amps);

void mqc_tangent_destroy(struct mqc_tangent **tangent);

static inline int mqc_circuit_inner_drive(const struct mqc_circuit *c, enum mqc_wires_way way) {
    return (way == MQC_FORWARD) != (c->swapped != 0);
}

#endif
