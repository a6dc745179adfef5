/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/read/variance.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/read/packed.h"
#include "crossbar/read/squares.h"
#include "la/blas.h"

#include <string.h>

void mqc_variance_free(struct mqc_variances *variances) {
    mqc_free(variances->panels);
    mqc_free(variances->outputs);
    mqc_free(variances->uneven);
    mqc_free(variances->uneven_squares);
    mqc_free(variances->x);
    mqc_free(variances->of);
    mqc_free(variances->doubtful);
    mqc_free(variances->again);
}

static struct mqc_variances *variances_of(memqc_crossbar *xb, const struct mqc_readout_plan *plan) {
    return &xb->readout.variances[plan->transposed];
}

size_t mqc_variance_stride(const struct mqc_readout_plan *plan) {
    return mqc_packed_panels(plan) * MQC_PANEL;
}

/* Are the squares at hand rounded? */
static int rounded(memqc_crossbar *xb, const struct mqc_readout_plan *plan) {
    return mqc_packed_pays(plan) && !mqc_packed_is_uneven(variances_of(xb, plan), plan);
}

memqc_status mqc_variance_prepare(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                                  size_t n) {
    struct mqc_variances *v = variances_of(xb, plan);
    if (!mqc_variance_needed(plan))
        return MEMQC_OK;
    if (mqc_packed_pays(plan)) {
        MQC_TRY(MQC_RESERVE(&v->x, &v->x_room, n * plan->value_tiles * mqc_packed_depth(plan)));
        MQC_TRY(MQC_RESERVE(&v->of, &v->of_room, n * plan->value_tiles));
        MQC_TRY(MQC_RESERVE(&v->doubtful, &v->doubtful_room, n));
        MQC_TRY(mqc_packed_make(xb, plan));
    }
    return rounded(xb, plan) ? MEMQC_OK : mqc_squares_make(xb, plan);
}

void mqc_variance_inputs(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t n,
                         const float *squares) {
    const struct mqc_variance_kernels *k = mqc_variance_kernels();
    const struct mqc_variances *v = variances_of(xb, plan);
    const size_t tiles = plan->value_tiles, depth = mqc_packed_depth(plan);
    for (size_t s = 0; s < n && rounded(xb, plan); s++)
        for (size_t tile = 0; tile < tiles; tile++)
            v->of[s * tiles + tile] =
                k->round(mqc_plan_depth(plan, tile), squares + s * plan->in + tile * plan->in_tile,
                         v->x + (s * tiles + tile) * depth);
}

/* In floats; x: squares of the inputs of the tile. */
static memqc_status multiply(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t group,
                             size_t tile, size_t n, const float *x, size_t ldx, float *var) {
    const size_t first = tile * plan->in_tile, cols = xb->shape.cols;
    MQC_TRY(mqc_squares_make(xb, plan));
    const float *const matrix = xb->readout.squares + group * xb->shape.cells;
    return mqc_sgemm(MQC_PLAIN, plan->transposed ? MQC_TRANSPOSED : MQC_PLAIN, n, plan->out,
                     mqc_plan_depth(plan, tile), 1, x, ldx,
                     matrix + (plan->transposed ? first : first * cols), cols, 0, var,
                     mqc_variance_stride(plan));
}

/* The outputs that are not rounded. */
static memqc_status add_uneven(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                               size_t group, size_t tile, size_t n, const float *squares,
                               float *var) {
    struct mqc_variances *v = variances_of(xb, plan);
    const size_t first = tile * plan->in_tile, outs = v->unevens;
    if (!outs)
        return MEMQC_OK;
    MQC_TRY(MQC_RESERVE(&v->again, &v->again_room, n * outs));
    MQC_TRY(mqc_sgemm(MQC_PLAIN, MQC_PLAIN, n, outs, mqc_plan_depth(plan, tile), 1, squares + first,
                      plan->in, v->uneven_squares + (group * plan->in + first) * outs, outs, 0,
                      v->again, outs));
    for (size_t s = 0; s < n; s++)
        for (size_t q = 0; q < outs; q++)
            var[s * mqc_variance_stride(plan) + v->uneven[q]] = v->again[s * outs + q];
    return MEMQC_OK;
}

/* Multiplies again, in floats, the first n vectors of the list of those that need it. */
static memqc_status repeat(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t group,
                           size_t tile, size_t n, const float *squares, float *var) {
    struct mqc_variances *v = variances_of(xb, plan);
    const size_t depth = mqc_plan_depth(plan, tile), stride = mqc_variance_stride(plan);
    if (!n)
        return MEMQC_OK;
    MQC_TRY(MQC_RESERVE(&v->again, &v->again_room, n * (depth + stride)));
    float *const x = v->again, *const y = x + n * depth;
    for (size_t q = 0; q < n; q++)
        memcpy(x + q * depth, squares + v->doubtful[q] * plan->in + tile * plan->in_tile,
               depth * sizeof *x);
    MQC_TRY(multiply(xb, plan, group, tile, n, x, depth, y));
    for (size_t q = 0; q < n; q++)
        memcpy(var + v->doubtful[q] * stride, y + q * stride, plan->out * sizeof *y);
    return MEMQC_OK;
}

memqc_status mqc_variance_make(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                               size_t group, size_t tile, size_t n, const float *squares,
                               float *var) {
    const struct mqc_variance_kernels *k = mqc_variance_kernels();
    struct mqc_variances *v = variances_of(xb, plan);
    const size_t tiles = plan->value_tiles, stride = mqc_variance_stride(plan);
    if (!rounded(xb, plan))
        return multiply(xb, plan, group, tile, n, squares + tile * plan->in_tile, plan->in, var);
    const struct mqc_roundings by = mqc_packed_outputs(v, plan, group, tile);
    const size_t depth = mqc_packed_depth(plan);
    k->multiply(n, mqc_variance_padded(mqc_plan_depth(plan, tile)) / 2, v->x + tile * depth,
                tiles * depth, mqc_packed_panels(plan), mqc_packed_at(v, plan, group, tile),
                mqc_packed_size(plan), var, stride);
    size_t doubtful = 0;
    for (size_t s = 0; s < n; s++)
        if (!k->finish(plan->out, v->of[s * tiles + tile], by, var + s * stride))
            v->doubtful[doubtful++] = s;
    MQC_TRY(add_uneven(xb, plan, group, tile, n, squares, var));
    return repeat(xb, plan, group, tile, doubtful, squares, var);
}
