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
#ifndef MQC_CIRCUIT_INSIDE_H
#define MQC_CIRCUIT_INSIDE_H

#include "circuit/circuit.h"
#include "circuit/kernels.h"

struct mqc_circuit {
    struct mqc_wires wires;
    size_t rows, cols; /* as the caller sees them */
    int swapped;
    int meshes; /* is the effective matrix made by elimination? */
    enum mqc_line outer_line;
    struct mqc_inner inner;
    struct mqc_outer outer;
    size_t mi, n, groups, nodes; /* inner lines, cells of each, groups of MQC_LINES of them, nodes =
                                    outer.rows x n */
    double unit;
    double tolerance;
    int32_t limit, iterations;

    double *d, *t;      /* inner lines, interleaved by groups: cells, factors */
    double *source;     /* mi x n: currents into grounded outer lines at 1 V of every source */
    double *diagonal;   /* nodes: diag(S - T) */
    double *weight;     /* nodes: 1 / y of circuit.h: diagonal and a little of the mean of its
                                line */
    double *factor;     /* nodes: M */
    double *most[2];    /* X of circuit.h as currents of the outer terminals (n) and the inner
                                ones (mi), once `bounded` */
    double *typical[2]; /* those currents when every source has 1 V, once `known` */
    int bounded, known[2];
    double *group[2]; /* scratch: a group of lines each */
    double *x;        /* nodes: a solution that is to be had whole */

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

/* Checks the sizes of a batch. ARGUMENT. */
memqc_status mqc_circuit_check_batch(const struct mqc_circuit *c, enum mqc_direction direction,
                                     size_t batch, size_t ldv, size_t ldi);

/* Allocates count doubles for each of n pointers; those that are there already stay. */
memqc_status mqc_circuit_have(size_t n, double **const *pointers, const size_t *counts);

/* As many right-hand sides are best solved together: with more cells they would fall out of the
 * cache. */
static inline size_t mqc_circuit_lanes(const struct mqc_circuit *c, size_t batch) {
    return batch == 1 || c->nodes > ((size_t)1 << 13) ? 1 : MQC_LANES;
}

/* Do the inner lines have the sources? */
static inline int mqc_circuit_inner_drive(const struct mqc_circuit *c,
                                          enum mqc_direction direction) {
    return (direction == MQC_FORWARD) != (c->swapped != 0);
}

#endif
