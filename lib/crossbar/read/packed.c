/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/read/packed.h"

#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/read/squares.h"
#include "la/blas.h"

#include <string.h>

enum {
    SHALLOW = 64,   /* fewer inputs are not worth the rounding */
    PARTS = 3,      /* of what is known of an output */
    MOST_UNEVEN = 8 /* one output in so many */
};

static size_t depth_of(const struct mqc_readout_plan *plan) {
    return mqc_plan_depth(plan, 0);
}

int mqc_packed_pays(const struct mqc_readout_plan *plan) {
    return plan->out > MQC_THIN && depth_of(plan) >= SHALLOW &&
           depth_of(plan) <= MQC_VARIANCE_DEPTH;
}

size_t mqc_packed_panels(const struct mqc_readout_plan *plan) {
    return (plan->out + MQC_PANEL - 1) / MQC_PANEL;
}

size_t mqc_packed_depth(const struct mqc_readout_plan *plan) {
    return mqc_variance_padded(depth_of(plan));
}

/* With room for a pair more: panels a power of two apart would share lines of the cache. */
size_t mqc_packed_size(const struct mqc_readout_plan *plan) {
    return mqc_packed_depth(plan) * MQC_PANEL + MQC_PANEL_PAIR;
}

static size_t stride_of(const struct mqc_readout_plan *plan) {
    return mqc_packed_panels(plan) * MQC_PANEL;
}

int16_t *mqc_packed_at(const struct mqc_variances *v, const struct mqc_readout_plan *plan,
                       size_t group, size_t tile) {
    return v->panels +
           (group * plan->value_tiles + tile) * mqc_packed_panels(plan) * mqc_packed_size(plan);
}

struct mqc_roundings mqc_packed_outputs(const struct mqc_variances *v,
                                        const struct mqc_readout_plan *plan, size_t group,
                                        size_t tile) {
    const size_t stride = stride_of(plan);
    float *const at = v->outputs + (group * plan->value_tiles + tile) * PARTS * stride;
    return (struct mqc_roundings){at, at + stride, at + 2 * stride};
}

/* --- packing --- */

/* The squares of input number i of a tile, of all outputs; 0 beyond its end. */
static void square_row(const memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t group,
                       size_t tile, size_t i, float *to) {
    const size_t cols = xb->shape.cols;
    if (i < mqc_plan_depth(plan, tile))
        mqc_squares_of(xb, plan, group, (tile * plan->in_tile + i) * cols, cols, to);
    else
        memset(to, 0, cols * sizeof *to);
}

/* Forward, the cells of an input lie side by side: the largest squares of all outputs first, then
 * two inputs at a time. */
static void pack_forward(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t group,
                         size_t tile) {
    const struct mqc_variance_kernels *k = mqc_variance_kernels();
    const struct mqc_variances *v = &xb->readout.variances[0];
    const struct mqc_roundings by = mqc_packed_outputs(v, plan, group, tile);
    const size_t stride = stride_of(plan);
    float *const even = xb->readout.scratch, *const odd = even + stride,
                 *const scale = odd + stride;
    int16_t *const panels = mqc_packed_at(v, plan, group, tile);
    memset(even, 0, PARTS * stride * sizeof *even);
    for (size_t i = 0; i < mqc_plan_depth(plan, tile); i++) {
        square_row(xb, plan, group, tile, i, even);
        k->enlarge(stride, even, scale);
    }
    k->scale(stride, scale, by);
    for (size_t i = 0; i < mqc_packed_depth(plan); i += 2) {
        square_row(xb, plan, group, tile, i, even);
        square_row(xb, plan, group, tile, i + 1, odd);
        k->pack(stride, even, odd, scale, panels + i * MQC_PANEL, mqc_packed_size(plan), by);
    }
}

/* Transposed, those of an output do. */
static void pack_transposed(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t group,
                            size_t tile) {
    const struct mqc_variance_kernels *k = mqc_variance_kernels();
    const struct mqc_variances *v = &xb->readout.variances[1];
    const struct mqc_roundings by = mqc_packed_outputs(v, plan, group, tile);
    const size_t first = tile * plan->in_tile, depth = mqc_plan_depth(plan, tile);
    int16_t *const panels = mqc_packed_at(v, plan, group, tile);
    memset(v->x, 0, mqc_packed_depth(plan) * sizeof *v->x);
    for (size_t j = 0; j < stride_of(plan); j++) {
        struct mqc_rounding of = {0, 0, 0};
        if (j < plan->out) {
            mqc_squares_of(xb, plan, group, j * xb->shape.cols + first, depth, xb->readout.scratch);
            of = k->round(depth, xb->readout.scratch, v->x);
        } else {
            memset(v->x, 0, mqc_packed_depth(plan) * sizeof *v->x);
        }
        by.unit[j] = of.unit;
        by.sum[j] = of.sum;
        by.error[j] = of.error;
        k->place(mqc_packed_depth(plan) / 2, v->x,
                 panels + j / MQC_PANEL * mqc_packed_size(plan) + j % MQC_PANEL * 2);
    }
}

/* --- outputs that are better not rounded --- */

int mqc_packed_is_uneven(const struct mqc_variances *v, const struct mqc_readout_plan *plan) {
    return v->unevens * MOST_UNEVEN > plan->out;
}

/* For evenly distributed inputs, would more than half of what is allowed be lost? */
static int is_uneven(const struct mqc_roundings by, size_t j, size_t depth) {
    const double allowed = 0.005, all = 0.5 * (double)depth, known = 3 * (double)by.error[j];
    return (known < all ? known : all) > allowed * (double)by.sum[j];
}

/* What is known of an output that is not rounded: no error. */
static void leave_out(struct mqc_variances *v, const struct mqc_readout_plan *plan, size_t j) {
    for (size_t group = 0; group < plan->groups; group++) {
        for (size_t tile = 0; tile < plan->value_tiles; tile++) {
            const struct mqc_roundings by = mqc_packed_outputs(v, plan, group, tile);
            by.unit[j] = by.sum[j] = by.error[j] = 0;
        }
    }
}

static void find_uneven(struct mqc_variances *v, const struct mqc_readout_plan *plan) {
    v->unevens = 0;
    for (size_t j = 0; j < plan->out; j++) {
        int found = 0;
        for (size_t group = 0; group < plan->groups; group++)
            for (size_t tile = 0; tile < plan->value_tiles; tile++)
                found |= is_uneven(mqc_packed_outputs(v, plan, group, tile), j,
                                   mqc_plan_depth(plan, tile));
        if (!found)
            continue;
        v->uneven[v->unevens++] = (uint32_t)j;
        leave_out(v, plan, j);
    }
}

static void square_uneven(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t group) {
    const struct mqc_variances *v = &xb->readout.variances[plan->transposed];
    const size_t n = v->unevens, cols = xb->shape.cols;
    float *const line = xb->readout.scratch;
    float *const to = v->uneven_squares + group * plan->in * n;
    for (size_t i = 0; i < plan->in && !plan->transposed; i++) {
        mqc_squares_of(xb, plan, group, i * cols, cols, line);
        for (size_t q = 0; q < n; q++)
            to[i * n + q] = line[v->uneven[q]];
    }
    for (size_t q = 0; q < n && plan->transposed; q++) {
        mqc_squares_of(xb, plan, group, v->uneven[q] * cols, cols, line);
        for (size_t i = 0; i < plan->in; i++)
            to[i * n + q] = line[i];
    }
}

/* --- all --- */

static int known(const memqc_crossbar *xb, const struct mqc_readout_plan *plan) {
    const struct mqc_variances *v = &xb->readout.variances[plan->transposed];
    return v->groups == plan->groups && v->depth == depth_of(plan) &&
           v->generation == xb->cells.generation && v->relative == mqc_squares_inside(plan);
}

static memqc_status make_room(memqc_crossbar *xb, const struct mqc_readout_plan *plan) {
    struct mqc_variances *v = &xb->readout.variances[plan->transposed];
    const size_t parts = plan->groups * plan->value_tiles, stride = stride_of(plan);
    const size_t lines = PARTS * stride > plan->in ? PARTS * stride : plan->in;
    MQC_TRY(MQC_RESERVE(&v->panels, &v->panels_room,
                        parts * mqc_packed_panels(plan) * mqc_packed_size(plan)));
    MQC_TRY(MQC_RESERVE(&v->outputs, &v->outputs_room, parts * PARTS * stride));
    MQC_TRY(MQC_RESERVE(&v->uneven, &v->uneven_room, plan->out));
    return MQC_RESERVE(&xb->readout.scratch, &xb->readout.scratch_room, lines);
}

memqc_status mqc_packed_make(memqc_crossbar *xb, const struct mqc_readout_plan *plan) {
    struct mqc_variances *v = &xb->readout.variances[plan->transposed];
    if (known(xb, plan))
        return MEMQC_OK;
    v->groups = 0;
    MQC_TRY(make_room(xb, plan));
    for (size_t group = 0; group < plan->groups; group++)
        for (size_t tile = 0; tile < plan->value_tiles; tile++)
            (plan->transposed ? pack_transposed : pack_forward)(xb, plan, group, tile);
    find_uneven(v, plan);
    if (v->unevens > 0 && !mqc_packed_is_uneven(v, plan)) {
        MQC_TRY(MQC_RESERVE(&v->uneven_squares, &v->uneven_squares_room,
                            plan->groups * plan->in * v->unevens));
        for (size_t group = 0; group < plan->groups; group++)
            square_uneven(xb, plan, group);
    }
    v->groups = plan->groups;
    v->depth = depth_of(plan);
    v->generation = xb->cells.generation;
    v->relative = mqc_squares_inside(plan);
    return MEMQC_OK;
}
