/* SPDX-License-Identifier: BSD-3-Clause */
/* Effective matrices of the wired cells. */
#include "crossbar/read/matrices.h"

#include "circuit/solve.h"
#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/read/tile.h"
#include "la/blas.h"

enum { ROWS_AT_ONCE = 256 }; /* of a product */

/* Makes the effective conductances of a tile in the scratch: rows x lines. */
static memqc_status make_tile(memqc_crossbar *xb, size_t plane, size_t number,
                              const struct mqc_tile *tile, const double **effective) {
    struct mqc_wiring *const w = &xb->readout.wiring;
    struct mqc_circuit *circuit;
    MQC_TRY(mqc_tile_hold(xb, plane, number, tile, &circuit));
    MQC_TRY(MQC_RESERVE(&w->doubles, &w->doubles_room, tile->rows * tile->lines));
    *effective = w->doubles;
    return mqc_circuit_matrix(circuit, mqc_circuit_matrix_tolerance(circuit), w->doubles,
                              tile->lines);
}

/* Adds a tile of a plane to the matrix of its group, or subtracts it. */
static memqc_status add_tile(memqc_crossbar *xb, size_t plane, size_t number, int second,
                             double *matrix) {
    const struct mqc_tile tile = mqc_tile_of(xb, number);
    const double offset = mqc_tile_offset(xb), *effective;
    MQC_TRY(make_tile(xb, plane, number, &tile, &effective));
    for (size_t i = 0; i < tile.rows; i++) {
        const double *const g = effective + i * tile.lines;
        double *const to = matrix + (tile.row + i) * xb->shape.cols + tile.col;
        const double less = tile.lines > tile.cols ? g[tile.cols] : offset;
        for (size_t j = 0; j < tile.cols; j++)
            to[j] = second ? to[j] - g[j] : g[j] - less;
    }
    return MEMQC_OK;
}

static memqc_status make_groups(memqc_crossbar *xb, const struct mqc_readout_plan *plan) {
    struct mqc_wiring *const w = mqc_wiring_present(xb);
    if (w->groups == plan->groups)
        return MEMQC_OK;
    w->groups = 0;
    MQC_TRY(MQC_RESERVE(&w->effective, &w->effective_room, plan->groups * xb->shape.cells));
    for (size_t i = 0; i < plan->groups; i++)
        for (size_t side = 0; side < plan->group[i].planes; side++)
            for (size_t number = 0; number < mqc_tiles(xb); number++)
                MQC_TRY(add_tile(xb, plan->group[i].plane + side, number, side > 0,
                                 w->effective + i * xb->shape.cells));
    w->groups = plan->groups;
    return MEMQC_OK;
}

static memqc_status make_plane(memqc_crossbar *xb, size_t plane) {
    struct mqc_wiring *const w = mqc_wiring_present(xb);
    if (w->plane_holds == plane + 1)
        return MEMQC_OK;
    w->plane_holds = 0;
    MQC_TRY(MQC_RESERVE(&w->plane, &w->plane_room, xb->shape.cells));
    for (size_t number = 0; number < mqc_tiles(xb); number++) {
        const struct mqc_tile tile = mqc_tile_of(xb, number);
        const double *effective;
        MQC_TRY(make_tile(xb, plane, number, &tile, &effective));
        for (size_t i = 0; i < tile.rows; i++)
            for (size_t j = 0; j < tile.cols; j++)
                w->plane[(tile.row + i) * xb->shape.cols + tile.col + j] =
                    effective[i * tile.lines + j];
    }
    w->plane_holds = plane + 1;
    return MEMQC_OK;
}

/* Does a matrix pay for so many vectors, as far as one is to be had? */
static memqc_status pays(memqc_crossbar *xb, double vectors, int *flag) {
    const double most = 1e9;
    const struct mqc_tile tile = mqc_tile_of(xb, 0);
    struct mqc_circuit *circuit;
    MQC_TRY(mqc_tile_circuit(xb, &tile, &circuit));
    *flag = !mqc_wiring_present(xb)->hopeless &&
            mqc_circuit_prefers_matrix(circuit, (size_t)(vectors < most ? vectors : most));
    return MEMQC_OK;
}

/* Where rounding keeps the elements of a matrix from being as accurate as they have to be, AUTO
 * iterates, until the conductances change. */
static memqc_status settle(memqc_crossbar *xb, int automatic, memqc_status status, int *flag) {
    *flag = status == MEMQC_OK;
    if (status != MEMQC_ERROR_DIVERGED || !automatic)
        return status;
    xb->readout.wiring.hopeless = 1;
    return MEMQC_OK;
}

memqc_status mqc_wiring_prepare(memqc_crossbar *xb, struct mqc_readout_plan *plan, size_t batch) {
    const int method = (int)mqc_crossbar_value(xb, MEMQC_CROSSBAR_WIRE_METHOD);
    const int automatic = method == MEMQC_CROSSBAR_METHOD_AUTO;
    const double vectors = (double)mqc_wiring_seen(xb) + (double)batch * plan->phases * plan->reads;
    if (!plan->wired)
        return MEMQC_OK;
    plan->effective = method == MEMQC_CROSSBAR_METHOD_MATRIX;
    if (automatic && !plan->newton)
        MQC_TRY(pays(xb, vectors, &plan->effective));
    if (plan->effective)
        MQC_TRY(settle(xb, automatic, make_groups(xb, plan), &plan->effective));
    for (size_t i = 0; i < plan->groups && plan->effective; i++)
        plan->group[i].effective = xb->readout.wiring.effective + i * xb->shape.cells;
    return MEMQC_OK;
}

memqc_status mqc_wiring_plane(memqc_crossbar *xb, size_t plane, size_t vectors,
                              const double **effective) {
    const int method = (int)mqc_crossbar_value(xb, MEMQC_CROSSBAR_WIRE_METHOD);
    const int automatic = method == MEMQC_CROSSBAR_METHOD_AUTO;
    int flag = method == MEMQC_CROSSBAR_METHOD_MATRIX;
    *effective = NULL;
    if (automatic)
        MQC_TRY(pays(xb, (double)vectors, &flag));
    if (flag)
        MQC_TRY(settle(xb, automatic, make_plane(xb, plane), &flag));
    if (flag)
        *effective = xb->readout.wiring.plane;
    return MEMQC_OK;
}

memqc_status mqc_wiring_product(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                                size_t group, size_t first, size_t depth, size_t n, double factor,
                                const float *x, size_t ldx, float *y, size_t ldy) {
    struct mqc_wiring *const w = &xb->readout.wiring;
    const size_t cols = xb->shape.cols, most = n < ROWS_AT_ONCE ? n : ROWS_AT_ONCE;
    const double *const matrix =
        plan->group[group].effective + (plan->transposed ? first : first * cols);
    MQC_TRY(MQC_RESERVE(&w->doubles, &w->doubles_room, most * (depth + plan->out)));
    double *const in = w->doubles, *const out = w->doubles + most * depth;
    for (size_t start = 0; start < n; start += most) {
        const size_t rows = n - start < most ? n - start : most;
        for (size_t s = 0; s < rows; s++)
            for (size_t i = 0; i < depth; i++)
                in[s * depth + i] = (double)x[(start + s) * ldx + i];
        MQC_TRY(mqc_dgemm(MQC_PLAIN, plan->transposed ? MQC_TRANSPOSED : MQC_PLAIN, rows, plan->out,
                          depth, factor, in, depth, matrix, cols, 0, out, plan->out));
        for (size_t s = 0; s < rows; s++)
            for (size_t j = 0; j < plan->out; j++)
                y[(start + s) * ldy + j] = (float)out[s * plan->out + j];
    }
    return MEMQC_OK;
}
