/* SPDX-License-Identifier: BSD-3-Clause */
/* An array with its wires once more, by other means: every node and every conductance between two
 * in one dense table, from which nodes are eliminated one by one; Newton's method where cells are
 * nonlinear. Nodes that nothing separates are one. Elimination only adds, multiplies and divides
 * positive numbers, so that resistances from micro-ohms to megohms cost no digits. */
#ifndef MEMQC_TESTS_NODAL_H
#define MEMQC_TESTS_NODAL_H

#include "circuit/circuit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct nodal {
    struct mqc_wires wires;
    size_t rows, cols;
    const float *g;  /* rows x cols */
    double a, v_ref; /* I = g v_ref sinh(a V) / sinh(a v_ref); a = 0: I = g V */
    /* Solved: */
    size_t nodes, free_nodes;
    size_t *same, *number;  /* representative of each node; number of a representative that is free
                               */
    long double *v, *cells; /* of nodes; of cells, from word to bit line */
};

static inline size_t nodal_find(const struct nodal *s, size_t node) {
    while (s->same[node] != node)
        node = s->same[node];
    return node;
}

static inline size_t nodal_word(const struct nodal *s, size_t i, size_t j) {
    return i * s->cols + j;
}

static inline size_t nodal_bit(const struct nodal *s, size_t i, size_t j) {
    return s->rows * s->cols + i * s->cols + j;
}

static inline size_t nodal_source(const struct nodal *s, int bit, size_t line) {
    return 2 * s->rows * s->cols + (bit ? s->rows : 0) + line;
}

typedef void nodal_visit(struct nodal *s, size_t a, size_t b, double ohm, long double *matrix,
                         long double *rest);

/* Visits every resistor of the wires. */
static inline void nodal_wires(struct nodal *s, nodal_visit *visit, long double *matrix,
                               long double *rest) {
    const struct mqc_wires *w = &s->wires;
    for (size_t i = 0; i < s->rows; i++) {
        for (size_t j = 0; j + 1 < s->cols; j++)
            visit(s, nodal_word(s, i, j), nodal_word(s, i, j + 1), w->word_segment, matrix, rest);
        if (w->driven & MQC_END_FIRST)
            visit(s, nodal_source(s, 0, i), nodal_word(s, i, 0), w->driver + w->word_segment,
                  matrix, rest);
        if (w->driven & MQC_END_LAST)
            visit(s, nodal_source(s, 0, i), nodal_word(s, i, s->cols - 1),
                  w->driver + w->word_segment, matrix, rest);
    }
    for (size_t j = 0; j < s->cols; j++) {
        for (size_t i = 0; i + 1 < s->rows; i++)
            visit(s, nodal_bit(s, i, j), nodal_bit(s, i + 1, j), w->bit_segment, matrix, rest);
        if (w->sensed & MQC_END_FIRST)
            visit(s, nodal_source(s, 1, j), nodal_bit(s, 0, j), w->sense + w->bit_segment, matrix,
                  rest);
        if (w->sensed & MQC_END_LAST)
            visit(s, nodal_source(s, 1, j), nodal_bit(s, s->rows - 1, j), w->sense + w->bit_segment,
                  matrix, rest);
    }
}

/* Sources come last, so that they are the representatives. */
static inline void nodal_join(struct nodal *s, size_t a, size_t b, double ohm, long double *matrix,
                              long double *rest) {
    (void)matrix;
    (void)rest;
    const size_t x = nodal_find(s, a), y = nodal_find(s, b);
    if (ohm == 0)
        s->same[x < y ? x : y] = x < y ? y : x;
}

/* A branch of conductance g that carries `current` now: into the table, whose diagonal is what
 * leads to sources, and what flows out of each node into rest. */
static inline void nodal_branch(struct nodal *s, size_t a, size_t b, long double g,
                                long double current, long double *matrix, long double *rest) {
    const size_t ends[2] = {s->number[nodal_find(s, a)], s->number[nodal_find(s, b)]};
    for (int e = 0; e < 2; e++) {
        if (ends[e] == (size_t)-1)
            continue;
        rest[ends[e]] += e ? -current : current;
        matrix[ends[e] * s->free_nodes + (ends[!e] == (size_t)-1 ? ends[e] : ends[!e])] += g;
    }
}

static inline long double nodal_voltage(const struct nodal *s, size_t node) {
    return s->v[nodal_find(s, node)];
}

static inline void nodal_resistor(struct nodal *s, size_t a, size_t b, double ohm,
                                  long double *matrix, long double *rest) {
    if (nodal_find(s, a) != nodal_find(s, b))
        nodal_branch(s, a, b, 1.0L / (long double)ohm,
                     (nodal_voltage(s, a) - nodal_voltage(s, b)) / (long double)ohm, matrix, rest);
}

static inline long double nodal_cell(const struct nodal *s, size_t cell, long double v,
                                     long double *slope) {
    const long double g = (long double)s->g[cell], a = (long double)s->a,
                      v_ref = (long double)s->v_ref;
    *slope = a == 0 ? g : g * v_ref * a * coshl(a * v) / sinhl(a * v_ref);
    return a == 0 ? g * v : g * v_ref * sinhl(a * v) / sinhl(a * v_ref);
}

/* Voltages that the currents x would cause, into x; uses the table up. */
static inline void nodal_eliminate(size_t n, long double *matrix, long double *x) {
    for (size_t k = 0; k < n; k++) {
        const long double *row = matrix + k * n;
        long double all = 0;
        for (size_t j = k; j < n; j++)
            all += row[j];
        for (size_t i = k + 1; i < n; i++) {
            const long double f = matrix[i * n + k] / all; /* a star becomes a mesh */
            for (size_t j = k + 1; j < n && f > 0; j++)
                matrix[i * n + j] += j == i ? f * row[k] : f * row[j];
            x[i] += f * x[k];
        }
    }
    for (size_t k = n; k-- > 0;) {
        long double all = matrix[k * n + k];
        for (size_t j = k + 1; j < n; j++) {
            x[k] += matrix[k * n + j] * x[j];
            all += matrix[k * n + j];
        }
        x[k] /= all;
    }
}

static inline void nodal_open(struct nodal *s) {
    const size_t cells = s->rows * s->cols;
    s->nodes = 2 * cells + s->rows + s->cols;
    s->same = malloc(s->nodes * sizeof *s->same);
    s->number = malloc(s->nodes * sizeof *s->number);
    s->v = calloc(s->nodes, sizeof *s->v);
    s->cells = calloc(cells, sizeof *s->cells);
    for (size_t k = 0; k < s->nodes; k++)
        s->same[k] = k;
    nodal_wires(s, nodal_join, NULL, NULL);
    s->free_nodes = 0;
    for (size_t k = 0; k < s->nodes; k++)
        s->number[k] = s->same[k] == k && k < 2 * cells ? s->free_nodes++ : (size_t)-1;
}

static inline void nodal_close(struct nodal *s) {
    free(s->same);
    free(s->number);
    free(s->v);
    free(s->cells);
}

/* Voltages of all nodes and currents of all cells for sources `volts` on the word lines (FORWARD)
 * or the bit lines; amps: what flows into the terminals of the others. */
static inline void nodal_solve(struct nodal *s, enum mqc_direction way, const double *volts,
                               double *amps) {
    const size_t cells = s->rows * s->cols, n = s->free_nodes,
                 inputs = way == MQC_FORWARD ? s->rows : s->cols;
    long double *matrix = malloc((n * n + 1) * sizeof *matrix),
                *rest = malloc((n + 1) * sizeof *rest), slope, change = 1;
    memset(s->v, 0, s->nodes * sizeof *s->v);
    for (size_t k = 0; k < inputs; k++)
        s->v[nodal_source(s, way != MQC_FORWARD, k)] = (long double)volts[k];
    for (int step = 0; step < (s->a > 0 ? 500 : 1) && change > 1e-14L; step++) {
        memset(matrix, 0, n * n * sizeof *matrix);
        memset(rest, 0, n * sizeof *rest);
        nodal_wires(s, nodal_resistor, matrix, rest);
        for (size_t c = 0; c < cells; c++) {
            const size_t a = c, b = cells + c;
            const long double amp =
                nodal_cell(s, c, nodal_voltage(s, a) - nodal_voltage(s, b), &slope);
            nodal_branch(s, a, b, slope, amp, matrix, rest);
        }
        nodal_eliminate(n, matrix, rest);
        change = 0;
        for (size_t k = 0; k < n; k++)
            change = fmaxl(change, fabsl(rest[k]));
        /* No step of more than half a 1 / a: steps from below end there, those from above come down
         * one by one. */
        const long double damp =
            s->a > 0 && change * (long double)s->a > 0.5L ? 0.5L / (change * (long double)s->a) : 1;
        for (size_t k = 0; k < s->nodes; k++)
            if (s->number[k] != (size_t)-1)
                s->v[k] -= damp * rest[s->number[k]];
    }
    for (size_t c = 0; c < cells; c++)
        s->cells[c] = nodal_cell(s, c, nodal_voltage(s, c) - nodal_voltage(s, cells + c), &slope);
    for (size_t o = 0; o < (way == MQC_FORWARD ? s->cols : s->rows); o++) {
        long double sum = 0; /* as much as the cells send into the line; the terminals take it */
        for (size_t k = 0; k < inputs; k++)
            sum += way == MQC_FORWARD ? s->cells[k * s->cols + o] : -s->cells[o * s->cols + k];
        amps[o] = (double)sum;
    }
    free(matrix);
    free(rest);
}

#endif
