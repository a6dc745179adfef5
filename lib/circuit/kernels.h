/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_CIRCUIT_KERNELS_H
#define MQC_CIRCUIT_KERNELS_H

#include "core/isa.h"

#include <stddef.h>

/* Inner lines are eliminated in groups, whose cells are interleaved: element (line, j) of a group
 * is at j * MQC_LINES + line. */
enum { MQC_LINES = 16, MQC_LANES = 8 };

enum mqc_line {
    MQC_LINE_WIRE,  /* segments that resist: a node a cell */
    MQC_LINE_NODE,  /* perfect segments behind resistances: one node */
    MQC_LINE_SOURCE /* no resistance: the voltage of the source everywhere */
};

/* Inner lines, in units of the outer ones: ratio = unit of the inner lines / unit of the outer ones
 * (see circuit.h); first and last: conductance of a terminal in units of a segment's (WIRE); first:
 * that of both in units of the outer lines (NODE). */
struct mqc_inner {
    enum mqc_line line;
    size_t n;
    double ratio, first, last;
};

/* Outer lines: rows x n nodes, a tridiagonal matrix for each column with 1 beside the diagonal;
 * first and last as above. */
struct mqc_outer {
    size_t rows, n;
    double first, last;
};

/* The kernels that work on vectors of the outer lines: elements of `lanes` right-hand sides side by
 * side. */
struct mqc_wires_lanes {
    /* p = z + beta p */
    void (*direction)(size_t cells, const double *beta, const double *z, double *p);
    /* q += the wires of the outer lines applied to p */
    void (*couple)(const struct mqc_outer *outer, const double *p, double *q);
    /* out = sum of a b, in an order that does not depend on the number of lanes */
    void (*dot)(size_t cells, const double *a, const double *b, double *out);
    /* y += alpha x */
    void (*add)(size_t cells, const double *alpha, const double *x, double *y);
    /* z = M^-1 r */
    void (*precondition)(const struct mqc_outer *outer, const double *t, const double *r,
                         double *z);
    /* r += s v, s of n nodes, v one voltage a lane; out = sum of s b */
    void (*drive)(size_t n, const double *s, const double *v, double *r);
    void (*project)(size_t n, const double *s, const double *b, double *out);
    /* out = largest |r| w */
    void (*largest)(size_t cells, const double *r, const double *w, double *out);
};

struct mqc_wires_kernels {
    struct mqc_wires_lanes one, many;

    /* Factors a group of lines with cells d: t, the diagonal that remains of d after elimination,
     * and the currents into grounded outer lines at 1 V. */
    void (*factor)(const struct mqc_inner *inner, const double *d, double *t, double *diagonal,
                   double *source);
    /* Factors the outer lines; where diagonal is t itself, in place. */
    void (*factor_outer)(const struct mqc_outer *outer, const double *diagonal, double *t);
    /* b = d (b - voltages of the inner lines that b causes), for a group; y is scratch. */
    void (*eliminate)(const struct mqc_inner *inner, const double *d, const double *t, double *b,
                      double *y);
    /* The same for one line of a group and MQC_LANES right-hand sides: q = or += ...; y is scratch.
     * */
    void (*eliminate_many)(const struct mqc_inner *inner, const double *d, const double *t, int add,
                           const double *b, double *q, double *y);
    /* Interleaves lines (at most MQC_LINES) of n elements and back, there = or +=; x has leading
     * dimension ld, which may be 0. */
    void (*pack)(size_t lines, size_t n, const double *x, size_t ld, double *group);
    void (*unpack)(size_t lines, size_t n, const double *group, int add, double *x, size_t ld);
};

const struct mqc_wires_kernels *mqc_wires_kernels(void);

MQC_DECLARE_KERNELS(mqc_wires_kernels, mqc_wires_kernels);

/* Cells with I = factor g sinh(a v); n is a multiple of MQC_LINES. */
struct mqc_cells_kernels {
    /* current = I(v), slope = dI/dv */
    void (*sinh_cells)(size_t n, double a, double factor, const double *g, const double *v,
                       double *current, double *slope);
    /* Sum of (I(v + t dv) - (from + t (to - from))) dv */
    double (*sinh_power)(size_t n, double a, double factor, const double *g, const double *v,
                         const double *dv, double t, const double *from, const double *to);
};

const struct mqc_cells_kernels *mqc_cells_kernels(void);

MQC_DECLARE_KERNELS(mqc_cells_kernels, mqc_cells_kernels);

#endif
