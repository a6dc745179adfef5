/* SPDX-License-Identifier: BSD-3-Clause */
/* Products through wires: by effective matrices, and by iteration. */
#include "crossbar/read/wired.h"

#include "circuit/newton.h"
#include "circuit/solve.h"
#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/read/tile.h"

#include <math.h>
#include <string.h>

/* --- the effective matrices --- */

/* What a matrix has of a plane of a group that is one line of cells: the middle of the range is
 * taken off; of one side of a pair that is sensed alone, nothing. */
static double offset_of(const memqc_crossbar *xb) {
    return xb->weights.map.sides == 1 && !mqc_tile_has_reference(xb)
               ? (double)xb->weights.map.middle
               : 0;
}

/* Adds a tile of a plane to the matrix of its group, or subtracts it. */
static memqc_status add_effective(memqc_crossbar *xb, size_t plane, size_t number, int second,
                                  float *matrix) {
    struct mqc_wiring *const w = &xb->readout.wiring;
    const struct mqc_tile a = mqc_tile_of(xb, number);
    const double offset = offset_of(xb);
    struct mqc_circuit *circuit;
    MQC_TRY(mqc_tile_hold(xb, plane, number, &a, &circuit));
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
    struct mqc_wiring *const w = mqc_wiring_present(xb);
    if (w->groups == plan->groups)
        return MEMQC_OK;
    w->groups = 0;
    MQC_TRY(MQC_RESERVE(&w->effective, &w->effective_room, plan->groups * xb->shape.cells));
    for (size_t i = 0; i < plan->groups; i++)
        for (size_t side = 0; side < plan->group[i].planes; side++)
            for (size_t number = 0; number < mqc_tiles(xb); number++)
                MQC_TRY(add_effective(xb, plan->group[i].plane + side, number, side > 0,
                                      w->effective + i * xb->shape.cells));
    w->groups = plan->groups;
    return MEMQC_OK;
}

memqc_status mqc_wiring_prepare(memqc_crossbar *xb, struct mqc_readout_plan *plan, size_t batch) {
    const int method = (int)mqc_crossbar_value(xb, MEMQC_CROSSBAR_WIRE_METHOD);
    const double vectors = (double)mqc_wiring_seen(xb) + (double)batch * plan->phases * plan->reads;
    if (!plan->wired)
        return MEMQC_OK;
    plan->effective = method == MEMQC_CROSSBAR_METHOD_MATRIX;
    if (method == MEMQC_CROSSBAR_METHOD_AUTO && !plan->newton) {
        struct mqc_circuit *circuit;
        const struct mqc_tile a = mqc_tile_of(xb, 0);
        MQC_TRY(mqc_tile_circuit(xb, &a, &circuit));
        plan->effective = mqc_circuit_prefers_matrix(circuit, vectors < 1e9 ? (size_t)vectors
                                                                            : (size_t)1000000000);
    }
    if (!plan->effective)
        return MEMQC_OK;
    MQC_TRY(make_effective(xb, plan));
    for (size_t i = 0; i < plan->groups; i++)
        plan->group[i].matrix = xb->readout.wiring.effective + i * xb->shape.cells;
    return MEMQC_OK;
}

/* --- iterations --- */

/* A product of a tile of a plane, and what becomes of it. */
struct part {
    const struct mqc_readout_plan *plan;
    struct mqc_tile a;
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
    const struct mqc_nonlinearity law = {
        p->plan->newton ? mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY) : 0,
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_READ_VOLTAGE)};
    MQC_TRY(MQC_RESERVE(&w->doubles, &w->doubles_room, n * (p->lines_in + p->lines_out)));
    double *const in = w->doubles, *const out = w->doubles + n * p->lines_in;
    gather(p, n, law.v_ref, volts, in);
    MQC_TRY(solve(w, p, circuit, &law, n, in, out));
    scatter(p, n, law.v_ref, offset_of(xb), v, out, acc);
    return MEMQC_OK;
}

memqc_status mqc_wiring_multiply(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                                 size_t group, size_t tile, size_t n, const float *volts,
                                 const float *v, float *acc) {
    const struct mqc_adc_group *s = &plan->group[group];
    memset(acc, 0, n * plan->out * sizeof *acc);
    for (size_t side = 0; side < s->planes; side++) {
        for (size_t number = 0; number < mqc_tiles(xb); number++) {
            struct mqc_circuit *circuit;
            struct part p = {.plan = plan, .a = mqc_tile_of(xb, number), .sign = side ? -1 : 1};
            const struct mqc_tile *a = &p.a;
            p.first = plan->transposed ? a->col : a->row;
            p.in = plan->transposed ? a->cols : a->rows;
            p.lines_in = plan->transposed ? a->lines : a->rows;
            p.start = plan->transposed ? a->row : a->col;
            p.out = plan->transposed ? a->rows : a->cols;
            p.lines_out = plan->transposed ? a->rows : a->lines;
            if (plan->value_tiles > 1 && p.first / plan->in_tile != tile)
                continue;
            MQC_TRY(mqc_tile_hold(xb, s->plane + side, number, a, &circuit));
            MQC_TRY(multiply_part(xb, circuit, &p, n, volts, v, acc));
        }
    }
    return MEMQC_OK;
}
