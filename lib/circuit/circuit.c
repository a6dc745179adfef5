/* SPDX-License-Identifier: BSD-3-Clause */
/* Making and programming a circuit. */
#include "core/alloc.h"
#include "core/error.h"
#include "circuit/inside.h"
#include "circuit/mesh.h"

#include <math.h>

static const size_t most_cells = (size_t)1 << 30;
static const double least_ohm = 1e-6, most_ohm = 1e6, most_siemens = 1e4;

/* y gets so much of the mean of its line: cells that hardly conduct need no more accuracy than
 * that. */
static const double share_of_mean = 0.03;

struct mqc_wires mqc_wires_default(void) {
    return (struct mqc_wires){.driven = MQC_END_FIRST, .sensed = MQC_END_LAST};
}

static memqc_status check_ohm(const char *name, double value) {
    if (value == 0 || (value >= least_ohm && value <= most_ohm))
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "wires: %s = %g ohm; allowed is 0, or %g .. %g ohm", name,
                    value, least_ohm, most_ohm);
}

static memqc_status check_ends(const char *name, int32_t value) {
    if (value >= MQC_END_FIRST && value <= MQC_END_BOTH)
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_ARGUMENT,
                    "wires: %s = %d; allowed is 1 (first), 2 (last), 3 (both ends)", name,
                    (int)value);
}

memqc_status mqc_wires_check(const struct mqc_wires *wires) {
    MQC_TRY(check_ohm("word-line segment resistance", wires->word_segment));
    MQC_TRY(check_ohm("bit-line segment resistance", wires->bit_segment));
    MQC_TRY(check_ohm("driver resistance", wires->driver));
    MQC_TRY(check_ohm("sense resistance", wires->sense));
    MQC_TRY(check_ends("driven ends", wires->driven));
    return check_ends("sensed ends", wires->sensed);
}

static enum mqc_line line_of(double segment, double terminal) {
    if (segment > 0)
        return MQC_LINE_WIRE;
    return terminal > 0 ? MQC_LINE_NODE : MQC_LINE_SOURCE;
}

static size_t count_ends(int32_t ends) {
    return ends == MQC_END_BOTH ? 2 : 1;
}

static void lay_out(struct mqc_circuit *c) {
    const struct mqc_wires *w = &c->wires;
    const enum mqc_line word = line_of(w->word_segment, w->driver),
                        bit = line_of(w->bit_segment, w->sense);
    c->swapped = word < bit || (word == bit && c->rows < c->cols);
    const double inner_segment = c->swapped ? w->bit_segment : w->word_segment,
                 inner_end = c->swapped ? w->sense : w->driver;
    const double outer_segment = c->swapped ? w->word_segment : w->bit_segment,
                 outer_end = c->swapped ? w->driver : w->sense;
    const int32_t inner_ends = c->swapped ? w->sensed : w->driven,
                  outer_ends = c->swapped ? w->driven : w->sensed;
    c->mi = c->swapped ? c->cols : c->rows;
    c->n = c->swapped ? c->rows : c->cols;
    c->inner.line = c->swapped ? bit : word;
    c->outer_line = c->swapped ? word : bit;
    c->groups = (c->mi + MQC_LINES - 1) / MQC_LINES;
    c->outer.n = c->inner.n = c->n;
    c->outer.rows = c->outer_line == MQC_LINE_WIRE ? c->mi : 1;
    c->nodes = c->outer.rows * c->n;
    c->unit = 1;
    if (c->outer_line == MQC_LINE_WIRE) {
        const double terminal = outer_segment / (outer_segment + outer_end);
        c->unit = outer_segment;
        c->outer.first = outer_ends & MQC_END_FIRST ? terminal : 0;
        c->outer.last = outer_ends & MQC_END_LAST ? terminal : 0;
    } else if (c->outer_line == MQC_LINE_NODE) {
        c->unit = outer_end / (double)count_ends(outer_ends);
        c->outer.first = 1;
    }
    if (c->inner.line == MQC_LINE_WIRE) {
        const double terminal = inner_segment / (inner_segment + inner_end);
        c->inner.ratio = inner_segment / c->unit;
        c->inner.first = inner_ends & MQC_END_FIRST ? terminal : 0;
        c->inner.last = inner_ends & MQC_END_LAST ? terminal : 0;
    } else if (c->inner.line == MQC_LINE_NODE) {
        c->inner.first = (double)count_ends(inner_ends) / inner_end * c->unit;
    }
}

memqc_status mqc_circuit_have(size_t n, double **const *pointers, const size_t *counts) {
    for (size_t i = 0; i < n; i++)
        if (!*pointers[i] && !(*pointers[i] = mqc_alloc(counts[i], sizeof **pointers[i])))
            return MEMQC_ERROR_NOMEM;
    return MEMQC_OK;
}

/* The same, for what is always written before it is read: that it need not be zeroed saves a
 * pass over it. */
static memqc_status have_unset(size_t n, double **const *pointers, size_t count) {
    for (size_t i = 0; i < n; i++)
        if (!*pointers[i] && !(*pointers[i] = mqc_alloc_unset(count, sizeof **pointers[i])))
            return MEMQC_ERROR_NOMEM;
    return MEMQC_OK;
}

memqc_status mqc_circuit_vectors(struct mqc_circuit *c, size_t lanes, struct mqc_vectors **out) {
    struct mqc_vectors *v = lanes == 1 ? &c->one : &c->many;
    const size_t nodes = c->nodes * lanes, ends = (c->mi > c->n ? c->mi : c->n) * lanes;
    double **const unset[] = {&v->r, &v->z, &v->q},
                   **const pointers[] = {&v->p, &v->in, &v->out, &v->change, &v->floor};
    const size_t counts[] = {nodes, ends, ends, ends, ends};
    *out = v;
    MQC_TRY(have_unset(sizeof unset / sizeof *unset, unset, nodes));
    return mqc_circuit_have(sizeof counts / sizeof *counts, pointers, counts);
}

memqc_status mqc_circuit_create(const struct mqc_wires *wires, size_t rows, size_t cols,
                                struct mqc_circuit **out) {
    *out = NULL;
    MQC_TRY(mqc_wires_check(wires));
    if (rows < 1 || cols < 1 || rows > most_cells / cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "wires: %zu rows x %zu cols; allowed is 1 x 1 or more, rows x cols <= 2^30",
                        rows, cols);
    struct mqc_circuit *c = mqc_alloc(1, sizeof *c);
    if (!c)
        return MEMQC_ERROR_NOMEM;
    c->wires = *wires;
    c->rows = rows;
    c->cols = cols;
    c->tolerance = 1e-7;
    c->limit = 10000;
    lay_out(c);
    c->meshes = mqc_mesh_suits(c);
    const size_t cells = rows * cols, packed = c->groups * c->n * MQC_LINES,
                 group = c->n * MQC_LINES;
    double **const pointers[] = {&c->d,          &c->t,        &c->source,
                                 &c->most[0],    &c->most[1],  &c->typical[0],
                                 &c->typical[1], &c->group[0], &c->group[1]},
                   **const unset[] = {&c->diagonal, &c->weight, &c->factor, &c->x};
    const size_t counts[] = {packed, packed, cells, c->n, c->mi, c->n, c->mi, group, group};
    struct mqc_vectors *v;
    memqc_status status = mqc_circuit_have(sizeof counts / sizeof *counts, pointers, counts);
    if (status == MEMQC_OK)
        status = have_unset(sizeof unset / sizeof *unset, unset, c->nodes);
    if (status != MEMQC_OK || (status = mqc_circuit_vectors(c, 1, &v)) != MEMQC_OK) {
        mqc_circuit_destroy(&c);
        return status;
    }
    mqc_circuit_factor(c);
    *out = c;
    return MEMQC_OK;
}

static void free_vectors(const struct mqc_vectors *v) {
    double *const pointers[] = {v->r, v->z, v->p, v->q, v->in, v->out, v->change, v->floor};
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
        mqc_free(pointers[i]);
}

void mqc_circuit_destroy(struct mqc_circuit **circuit) {
    if (!circuit || !*circuit)
        return;
    struct mqc_circuit *c = *circuit;
    double *const pointers[] = {c->d,        c->t,        c->source,  c->diagonal,   c->weight,
                                c->factor,   c->most[0],  c->most[1], c->typical[0], c->typical[1],
                                c->group[0], c->group[1], c->x};
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
        mqc_free(pointers[i]);
    free_vectors(&c->one);
    free_vectors(&c->many);
    mqc_free(c);
    *circuit = NULL;
}

memqc_status mqc_circuit_limits(struct mqc_circuit *circuit, double tolerance, int32_t iterations) {
    if (!(tolerance >= 1e-12 && tolerance <= 1e-2))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "wires: tolerance = %g; allowed is 1e-12 .. 0.01",
                        tolerance);
    if (iterations < 1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "wires: iterations = %d; allowed is 1 or more",
                        (int)iterations);
    circuit->tolerance = tolerance;
    circuit->limit = iterations;
    return MEMQC_OK;
}

int32_t mqc_circuit_iterations(const struct mqc_circuit *circuit) {
    return circuit->iterations;
}

static void weigh(struct mqc_circuit *c) {
    double *sum = c->one.in; /* of a line */
    for (size_t j = 0; j < c->n; j++)
        sum[j] = 0;
    for (size_t i = 0; i < c->outer.rows; i++)
        for (size_t j = 0; j < c->n; j++)
            sum[j] += c->diagonal[i * c->n + j];
    for (size_t i = 0; i < c->outer.rows; i++) {
        for (size_t j = 0; j < c->n; j++) {
            const double y =
                c->diagonal[i * c->n + j] + share_of_mean * sum[j] / (double)c->outer.rows;
            c->weight[i * c->n + j] = y > 0 ? 1 / y : 0;
        }
    }
}

void mqc_circuit_factor(struct mqc_circuit *c) {
    const struct mqc_wires_kernels *k = mqc_wires_kernels();
    const int add = c->outer.rows == 1;
    c->bounded = c->known[0] = c->known[1] = 0;
    for (size_t j = 0; j < c->nodes; j++)
        c->diagonal[j] = 0;
    for (size_t g = 0; g < c->groups; g++) {
        const size_t first = g * MQC_LINES,
                     lines = c->mi - first < MQC_LINES ? c->mi - first : MQC_LINES,
                     at = first * c->n;
        k->factor(&c->inner, c->d + at, c->t + at, c->group[0], c->group[1]);
        k->unpack(lines, c->n, c->group[1], 0, c->source + at, c->n);
        if (c->nodes && add)
            k->unpack(lines, c->n, c->group[0], 1, c->diagonal, 0);
        else if (c->nodes)
            k->unpack(lines, c->n, c->group[0], 0, c->diagonal + at, c->n);
    }
    if (c->outer_line == MQC_LINE_SOURCE)
        return;
    weigh(c);
    k->factor_outer(&c->outer, c->diagonal, c->factor);
}

memqc_status mqc_circuit_program(struct mqc_circuit *circuit, const float *g, size_t ldg) {
    struct mqc_circuit *c = circuit;
    if (ldg < c->cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "wires: leading dimension %zu is less than cols = %zu", ldg, c->cols);
    for (size_t i = 0; i < c->rows; i++)
        for (size_t j = 0; j < c->cols; j++)
            if (!((double)g[i * ldg + j] >= 0 && (double)g[i * ldg + j] <= most_siemens))
                return mqc_fail(
                    MEMQC_ERROR_DATA,
                    "wires: conductance of cell (%zu, %zu) is %g S; allowed is 0 .. %g S", i, j,
                    (double)g[i * ldg + j], most_siemens);
    for (size_t i = 0; i < c->mi; i++)
        for (size_t j = 0; j < c->n; j++)
            c->d[mqc_circuit_place(c, i, j)] =
                c->unit * (double)(c->swapped ? g[j * ldg + i] : g[i * ldg + j]);
    mqc_circuit_factor(c);
    return MEMQC_OK;
}

memqc_status mqc_circuit_check_batch(const struct mqc_circuit *c, enum mqc_direction direction,
                                     size_t batch, size_t ldv, size_t ldi) {
    const size_t inputs = direction == MQC_FORWARD ? c->rows : c->cols,
                 outputs = direction == MQC_FORWARD ? c->cols : c->rows;
    if (batch >= 1 && ldv >= inputs && ldi >= outputs)
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_ARGUMENT,
                    "wires: batch = %zu, leading dimensions %zu and %zu; allowed is 1 or more, and "
                    "no less than a row of %zu "
                    "and %zu values",
                    batch, ldv, ldi, inputs, outputs);
}
