/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside a circuit. One kind of lines is eliminated, the other is iterated on: inner and outer lines. Outer are the bit lines, or
 * the word lines where only those have segments that resist (swapped). Nodes of an inner line (index i of mi) are eliminated
 * exactly, which leaves on the nodes of the outer lines (index j of n)
 *
 *     S b = f,   S = T + D - D (Ti + D)^-1 D      T, Ti: wires with their terminals; D: cells, diagonal
 *
 * a symmetric, positive definite M-matrix, solved by conjugate gradients preconditioned with M = T + diag(S - T), tridiagonal for
 * every outer line. Outer lines without segments have one node each: rows is 1 instead of mi. Conductances are in units of the
 * outer lines (unit ohm x siemens). */
#ifndef MQC_CROSSBAR_CIRCUIT_H
#define MQC_CROSSBAR_CIRCUIT_H

#include "crossbar/wires.h"
#include "crossbar/wires_kernels.h"

struct mqc_circuit {
    struct mqc_wires wires;
    size_t rows, cols; /* as the caller sees them */
    int swapped;
    enum mqc_line outer_line;
    struct mqc_inner inner;
    struct mqc_outer outer;
    size_t mi, n, groups, nodes; /* inner lines, cells of each, groups of MQC_LINES of them, nodes = outer.rows x n */
    double unit;
    double tolerance;
    int32_t limit, iterations;

    double *d, *t;           /* inner lines, interleaved by groups: cells, factors */
    double *source;          /* mi x n: currents into grounded outer lines when every source has 1 V */
    double *diagonal;        /* nodes: diag(S - T) */
    double *weight;          /* nodes: 1 / y of wires.h: all sources of a node, and a little of the mean of its line */
    double *factor;          /* nodes: M */
    double *most[2];         /* X of wires.h as currents of the outer terminals (n) and the inner ones (mi), once `bounded` */
    int bounded;
    double *group[3];        /* scratch: a group of lines each */
    double *x;               /* nodes: a solution that is to be had whole */

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

/* Conjugate gradients: begin from the residual in v->r, then steps, each of which gives the alpha that leads from one solution
 * to the next along v->p. A lane that has nothing left to do has alpha 0. */
struct mqc_iteration {
    struct mqc_circuit *circuit;
    const struct mqc_wires_lanes *k;
    struct mqc_vectors *v;
    size_t lanes;
    double alpha[MQC_LANES], beta[MQC_LANES], energy[MQC_LANES];
};

struct mqc_iteration mqc_iteration_begin(struct mqc_circuit *c, size_t lanes);
void mqc_iteration_step(struct mqc_iteration *it);

/* Steps until the outputs (of the inner terminals or of the outer ones) are within the tolerance of themselves, or of v->floor.
 * v->out holds, on entry, the outputs of the solution that the residual in v->r belongs to. x: that solution, which is brought up to date, for
 * one lane; or NULL. first: number of the first vector, for the error text. */
memqc_status mqc_circuit_iterate(struct mqc_circuit *c, size_t lanes, int inner, double tolerance, double *x, size_t first);

/* Makes c->most, where it is not there. */
memqc_status mqc_circuit_bound(struct mqc_circuit *c);

/* q = S p, and only the part of it that the inner lines make */
void mqc_circuit_apply(struct mqc_circuit *c, size_t lanes, const double *p, double *q);
void mqc_circuit_apply_inner(struct mqc_circuit *c, size_t lanes, const double *p, double *q);

/* Currents of the outer and of the inner terminals at node voltages b. */
void mqc_circuit_read(struct mqc_circuit *c, size_t lanes, int inner, const double *b, double *amps);

/* Starts from the sources in v->in, at the inner or at the outer terminals: v->r, v->out, and x unless NULL. */
void mqc_circuit_start(struct mqc_circuit *c, size_t lanes, int inner_drive, double *x);

static inline int mqc_circuit_inner_drive(const struct mqc_circuit *c, enum mqc_way way) {
    return (way == MQC_FORWARD) != (c->swapped != 0);
}

#endif
