/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/read/wired.h"
#include "core/alloc.h"
#include "core/error.h"
#include "circuit/newton.h"
#include "circuit/solve.h"
#include "core/reserve.h"

#include <math.h>
#include <string.h>

int mqc_wiring_on(const memqc_crossbar *xb) {
    return xb->value[MEMQC_CROSSBAR_WORD_RESISTANCE] > 0 ||
           xb->value[MEMQC_CROSSBAR_BIT_RESISTANCE] > 0 ||
           xb->value[MEMQC_CROSSBAR_DRIVER_RESISTANCE] > 0 ||
           xb->value[MEMQC_CROSSBAR_SENSE_RESISTANCE] > 0;
}

static void forget(struct mqc_wiring *wiring) {
    wiring->sources = 0;
    wiring->seen = 0;
    memset(wiring->holds, 0, sizeof wiring->holds);
}

/* What is kept, with nothing in it that is of other conductances than the present ones. */
static struct mqc_wiring *present(memqc_crossbar *xb) {
    struct mqc_wiring *const wiring = &xb->readout.wiring;
    if (wiring->generation != xb->cells.generation)
        forget(wiring);
    wiring->generation = xb->cells.generation;
    return wiring;
}

uint64_t mqc_wiring_seen(const memqc_crossbar *xb) {
    const struct mqc_wiring *const wiring = &xb->readout.wiring;
    return wiring->generation == xb->cells.generation ? wiring->seen : 0;
}

void mqc_wiring_count(memqc_crossbar *xb, uint64_t vectors) {
    present(xb)->seen += vectors;
}

void mqc_wiring_drop(struct mqc_wiring *wiring) {
    forget(wiring);
    for (size_t slot = 0; slot < MQC_ARRAY_SHAPES; slot++) {
        mqc_circuit_destroy(&wiring->circuit[slot]);
        mqc_newton_destroy(&wiring->newton[slot]);
    }
}

void mqc_wiring_free(struct mqc_wiring *wiring) {
    mqc_wiring_drop(wiring);
    mqc_free(wiring->effective);
    mqc_free(wiring->floats);
    mqc_free(wiring->doubles);
}

static int has_reference(const memqc_crossbar *xb) {
    return xb->weights.map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE;
}

static size_t limit_of(const memqc_crossbar *xb, int32_t key, size_t n) {
    const double limit = xb->value[key];
    return limit > 0 && limit < (double)n ? (size_t)limit : n;
}

size_t mqc_arrays(const memqc_crossbar *xb) {
    const size_t rows = limit_of(xb, MEMQC_CROSSBAR_TILE_ROWS, xb->shape.rows),
                 cols = limit_of(xb, MEMQC_CROSSBAR_TILE_COLS, xb->shape.cols);
    return ((xb->shape.rows + rows - 1) / rows) * ((xb->shape.cols + cols - 1) / cols);
}

/* Arrays are numbered row by row. */
struct mqc_array mqc_array_of(const memqc_crossbar *xb, size_t number) {
    const size_t rows = limit_of(xb, MEMQC_CROSSBAR_TILE_ROWS, xb->shape.rows),
                 cols = limit_of(xb, MEMQC_CROSSBAR_TILE_COLS, xb->shape.cols);
    const size_t across = (xb->shape.cols + cols - 1) / cols;
    struct mqc_array a = {number / across * rows, number % across * cols, rows, cols, 0, 0};
    a.rows = xb->shape.rows - a.row < rows ? xb->shape.rows - a.row : rows;
    a.cols = xb->shape.cols - a.col < cols ? xb->shape.cols - a.col : cols;
    a.lines = a.cols + (size_t)has_reference(xb);
    a.slot = (a.rows != rows ? 2u : 0u) + (a.cols != cols ? 1u : 0u);
    return a;
}

static struct mqc_wires wires_of(const memqc_crossbar *xb) {
    const double *value = xb->value;
    const struct mqc_wires wires = {
        value[MEMQC_CROSSBAR_WORD_RESISTANCE],      value[MEMQC_CROSSBAR_BIT_RESISTANCE],
        value[MEMQC_CROSSBAR_DRIVER_RESISTANCE],    value[MEMQC_CROSSBAR_SENSE_RESISTANCE],
        (int32_t)value[MEMQC_CROSSBAR_DRIVEN_ENDS], (int32_t)value[MEMQC_CROSSBAR_SENSED_ENDS]};
    return wires;
}

static memqc_status circuit_of(memqc_crossbar *xb, const struct mqc_array *a,
                               struct mqc_circuit **out) {
    struct mqc_wiring *const w = &xb->readout.wiring;
    const struct mqc_wires wires = wires_of(xb);
    if (!w->circuit[a->slot])
        MQC_TRY(mqc_circuit_create(&wires, a->rows, a->lines, &w->circuit[a->slot]));
    *out = w->circuit[a->slot];
    return mqc_circuit_limits(*out, xb->value[MEMQC_CROSSBAR_WIRE_TOLERANCE], 10000);
}

memqc_status mqc_array_hold(memqc_crossbar *xb, size_t plane, size_t number,
                            const struct mqc_array *a, struct mqc_circuit **out) {
    struct mqc_wiring *const w = present(xb);
    const size_t key = 1 + plane * mqc_arrays(xb) + number;
    const float *g = xb->cells.plane[plane].g + a->row * xb->shape.cols + a->col;
    size_t ld = xb->shape.cols;
    MQC_TRY(circuit_of(xb, a, out));
    if (w->holds[a->slot] == key)
        return MEMQC_OK;
    if (has_reference(xb)) {
        MQC_TRY(MQC_RESERVE(&w->floats, &w->floats_room, a->rows * a->lines));
        for (size_t i = 0; i < a->rows; i++) {
            memcpy(w->floats + i * a->lines, g + i * ld, a->cols * sizeof *g);
            w->floats[i * a->lines + a->cols] = xb->cells.reference[plane].g[a->row + i];
        }
        g = w->floats;
        ld = a->lines;
    }
    w->holds[a->slot] = 0;
    MQC_TRY(mqc_circuit_program(*out, g, ld));
    w->holds[a->slot] = key;
    return MEMQC_OK;
}

/* --- the effective matrices --- */

/* What a matrix has of a plane of a source that is one line of cells: the middle of the range is
 * taken off; of one side of a pair that is sensed alone, nothing. */
static double offset_of(const memqc_crossbar *xb) {
    return xb->weights.map.sides == 1 && !has_reference(xb) ? (double)xb->weights.map.middle : 0;
}

/* Adds an array of a plane to the matrix of its source, or subtracts it. */
static memqc_status add_effective(memqc_crossbar *xb, size_t plane, size_t number, int second,
                                  float *matrix) {
    struct mqc_wiring *const w = &xb->readout.wiring;
    const struct mqc_array a = mqc_array_of(xb, number);
    const double offset = offset_of(xb);
    struct mqc_circuit *circuit;
    MQC_TRY(mqc_array_hold(xb, plane, number, &a, &circuit));
    MQC_TRY(MQC_RESERVE(&w->floats, &w->floats_room, a.rows * a.lines));
    MQC_TRY(mqc_circuit_matrix(circuit, w->floats, a.lines));
    for (size_t i = 0; i < a.rows; i++) {
        const float *const g = w->floats + i * a.lines;
        float *const to = matrix + (a.row + i) * xb->shape.cols + a.col;
        const double less = a.lines > a.cols ? (double)g[a.cols] : offset;
        for (size_t j = 0; j < a.cols; j++)
            to[j] = second ? to[j] - g[j] : (float)((double)g[j] - less);
    }
    return MEMQC_OK;
}

static memqc_status make_effective(memqc_crossbar *xb, const struct mqc_readout_plan *plan) {
    struct mqc_wiring *const w = present(xb);
    if (w->sources == plan->sources)
        return MEMQC_OK;
    w->sources = 0;
    MQC_TRY(MQC_RESERVE(&w->effective, &w->effective_room, plan->sources * xb->shape.cells));
    for (size_t i = 0; i < plan->sources; i++)
        for (size_t side = 0; side < plan->source[i].planes; side++)
            for (size_t number = 0; number < mqc_arrays(xb); number++)
                MQC_TRY(add_effective(xb, plan->source[i].plane + side, number, side > 0,
                                      w->effective + i * xb->shape.cells));
    w->sources = plan->sources;
    return MEMQC_OK;
}

memqc_status mqc_wiring_prepare(memqc_crossbar *xb, struct mqc_readout_plan *plan, size_t batch) {
    const int method = (int)xb->value[MEMQC_CROSSBAR_WIRE_METHOD];
    const double vectors = (double)mqc_wiring_seen(xb) + (double)batch * plan->phases * plan->reads;
    if (!plan->wired)
        return MEMQC_OK;
    plan->effective = method == MEMQC_CROSSBAR_METHOD_MATRIX;
    if (method == MEMQC_CROSSBAR_METHOD_AUTO && !plan->newton) {
        struct mqc_circuit *circuit;
        const struct mqc_array a = mqc_array_of(xb, 0);
        MQC_TRY(circuit_of(xb, &a, &circuit));
        plan->effective = mqc_circuit_prefers_matrix(circuit, vectors < 1e9 ? (size_t)vectors
                                                                            : (size_t)1000000000);
    }
    if (!plan->effective)
        return MEMQC_OK;
    MQC_TRY(make_effective(xb, plan));
    for (size_t i = 0; i < plan->sources; i++)
        plan->source[i].matrix = xb->readout.wiring.effective + i * xb->shape.cells;
    return MEMQC_OK;
}

/* --- iterations --- */

/* A product of an array of a plane, and what becomes of it. */
struct part {
    const struct mqc_readout_plan *plan;
    struct mqc_array a;
    size_t first, in, lines_in;   /* its inputs; with a reference column that is driven */
    size_t start, out, lines_out; /* its outputs; with one that is sensed */
    double sign;
};

/* Inputs in volts. A reference column that is driven has their sum, negative. */
static void gather(const struct part *p, size_t n, double volts, const float *v, double *to) {
    for (size_t s = 0; s < n; s++) {
        double sum = 0, *const row = to + s * p->lines_in;
        for (size_t i = 0; i < p->in; i++)
            sum += row[i] = volts * (double)v[s * p->plan->in + p->first + i];
        if (p->lines_in > p->in)
            row[p->in] = -sum;
    }
}

/* Adds the currents to acc, less those of the reference column, or of the middle of the range. */
static void scatter(const struct part *p, size_t n, double volts, double offset, const float *v,
                    const double *amps, float *acc) {
    for (size_t s = 0; s < n; s++) {
        const double *const row = amps + s * p->lines_out;
        float *const to = acc + s * p->plan->out + p->start;
        double sum = 0;
        for (size_t i = 0; i < p->in && offset > 0; i++)
            sum += (double)v[s * p->plan->in + p->first + i];
        const double less = p->lines_out > p->out ? row[p->out] / volts : offset * sum;
        for (size_t j = 0; j < p->out; j++)
            to[j] = (float)((double)to[j] + p->sign * (row[j] / volts - less));
    }
}

/* n vectors through the circuit of a part, whose cells may conduct nonlinearly. */
static memqc_status solve(struct mqc_wiring *w, const struct part *p, struct mqc_circuit *circuit,
                          const struct mqc_nonlinearity *law, size_t n, const double *in,
                          double *out) {
    const enum mqc_direction direction = p->plan->transposed ? MQC_BACKWARD : MQC_FORWARD;
    if (!p->plan->newton)
        return mqc_circuit_solve_double(circuit, direction, n, in, p->lines_in, out, p->lines_out);
    if (!w->newton[p->a.slot])
        MQC_TRY(mqc_newton_create(circuit, &w->newton[p->a.slot]));
    return mqc_newton_solve(w->newton[p->a.slot], circuit, law, direction, n, in, p->lines_in, out,
                            p->lines_out);
}

static memqc_status multiply_part(memqc_crossbar *xb, struct mqc_circuit *circuit,
                                  const struct part *p, size_t n, const float *volts,
                                  const float *v, float *acc) {
    struct mqc_wiring *const w = &xb->readout.wiring;
    const struct mqc_nonlinearity law = {p->plan->newton ? xb->value[MEMQC_CROSSBAR_IV_NONLINEARITY]
                                                         : 0,
                                         xb->value[MEMQC_CROSSBAR_READ_VOLTAGE]};
    const size_t need = n * (p->lines_in + p->lines_out);
    if (need > w->doubles_room) {
        double *more = mqc_alloc(need, sizeof *more);
        if (!more)
            return MEMQC_ERROR_NOMEM;
        mqc_free(w->doubles);
        w->doubles = more;
        w->doubles_room = need;
    }
    double *const in = w->doubles, *const out = w->doubles + n * p->lines_in;
    gather(p, n, law.v_ref, volts, in);
    MQC_TRY(solve(w, p, circuit, &law, n, in, out));
    scatter(p, n, law.v_ref, offset_of(xb), v, out, acc);
    return MEMQC_OK;
}

memqc_status mqc_wiring_multiply(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                                 size_t source, size_t tile, size_t n, const float *volts,
                                 const float *v, float *acc) {
    const struct mqc_source *s = &plan->source[source];
    memset(acc, 0, n * plan->out * sizeof *acc);
    for (size_t side = 0; side < s->planes; side++) {
        for (size_t number = 0; number < mqc_arrays(xb); number++) {
            struct mqc_circuit *circuit;
            struct part p = {.plan = plan, .a = mqc_array_of(xb, number), .sign = side ? -1 : 1};
            const struct mqc_array *a = &p.a;
            p.first = plan->transposed ? a->col : a->row;
            p.in = plan->transposed ? a->cols : a->rows;
            p.lines_in = plan->transposed ? a->lines : a->rows;
            p.start = plan->transposed ? a->row : a->col;
            p.out = plan->transposed ? a->rows : a->cols;
            p.lines_out = plan->transposed ? a->rows : a->lines;
            if (plan->value_tiles > 1 && p.first / plan->in_tile != tile)
                continue;
            MQC_TRY(mqc_array_hold(xb, s->plane + side, number, a, &circuit));
            MQC_TRY(multiply_part(xb, circuit, &p, n, volts, v, acc));
        }
    }
    return MEMQC_OK;
}
