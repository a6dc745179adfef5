/* SPDX-License-Identifier: BSD-3-Clause */
/* Tiki-Taka: Gokmen and Haensch, Front. Neurosci. 14 (2020) 103. The weights are those of a slow
 * array C; a fast array A beside it gets the pulse trains of every sample, A <- A + alpha x^T d, and
 * its own asymmetry draws it back to the point where steps up and down are equal. That point of each
 * cell, found before training by pulses up and down in turns, is what A is read against (the paper's
 * reference device). Every TIKI_TAKA_EVERY updates of A, one of its rows in turn, v, is read and
 * added to C's by pulse trains,
 *
 *     C[k] <- C[k] + TIKI_TAKA_RATE v
 *
 * Version 2 (Gokmen, Front. Artif. Intell. 4 (2021) 699148) has a digital buffer between the two:
 * H[k] <- H[k] + TIKI_TAKA_RATE v, and where |H| exceeds TIKI_TAKA_THRESHOLD pulses' worth of
 * weight, C gets one pulse, which H gives up: a filter in which the noise of A's reads averages out.
 * No weight is held digitally in either; A's reference is the conductance of cells that no pulse
 * reaches. */
#include "core/error.h"
#include "core/math.h"
#include "crossbar/array/train_kernels.h"
#include "crossbar/update/pulse_train.h"
#include "crossbar/update/trains.h"

#include <math.h>

void mqc_update_symmetrize(memqc_crossbar *xb, memqc_crossbar *fast, size_t pairs) {
    mqc_crossbar_alternate(fast, pairs);
    for (size_t i = 0; i < xb->shape.cells && pairs > 0; i++)
        xb->update.zero[i] = fast->weights.matrix[i];
}

/* Values of the buffer are cut here, so that they stay finite in single precision. */
static const float most = 1e38f;

/* What a read of one row of the fast array against its reference gives, in weights times the rate,
 * to v. */
static void read_row(const memqc_crossbar *xb, size_t row, double rate, float *v) {
    const memqc_crossbar *fast = xb->update.fast;
    const size_t cols = xb->shape.cols;
    const float *const g = fast->weights.matrix + row * cols;
    const float *const zero = xb->update.zero + row * cols;
    const double weight = rate * (double)fast->weights.scale[0] * mqc_crossbar_unit(fast);
    const float factor = (float)fmin(weight, (double)most);
    for (size_t j = 0; j < cols; j++)
        v[j] = factor * (g[j] - zero[j]);
}

/* Version 2: into the buffer, and to v the signs of what overflows. */
static int buffer(memqc_crossbar *xb, size_t row, double threshold, float *v) {
    float *const h = xb->update.gathered + row * xb->shape.cols;
    const float worth = (float)fmin(threshold * mqc_crossbar_pulse_weight(xb), (double)most);
    int any = 0;
    for (size_t j = 0; j < xb->shape.cols; j++) {
        h[j] = mqc_clamp(h[j] + v[j], -most, most);
        const float up = h[j] >= worth ? 1.0f : 0.0f, down = h[j] <= -worth ? -1.0f : 0.0f;
        const float sign = up + down;
        h[j] -= sign * worth;
        v[j] = sign;
        any |= sign != 0;
    }
    return any;
}

/* The row whose turn it is; 0 where no transfer is due. */
static int is_due(const memqc_crossbar *xb, const struct mqc_update_call *call, size_t *row) {
    const uint64_t updates = xb->update.fast->account.bursts, every = call->params.every;
    *row = (size_t)(updates / every % xb->shape.rows);
    return updates % every == 0;
}

static memqc_status transfer(memqc_crossbar *xb, const struct mqc_update_call *call) {
    float *const v = xb->update.dw;
    size_t row;
    if (!is_due(xb, call, &row))
        return MEMQC_OK;
    read_row(xb, row, call->params.rate, v);
    const double dw = mqc_crossbar_pulse_weight(xb);
    const double needed = (double)mqc_outer_kernels()->largest(xb->shape.cols, v) / dw;
    const double length = fmin(call->params.train_length, ceil(needed));
    return needed > 0 ? mqc_crossbar_outer_row(xb, row, v, 1 / (dw * length), (uint32_t)length)
                      : MEMQC_OK;
}

static memqc_status transfer_2(memqc_crossbar *xb, const struct mqc_update_call *call) {
    float *const v = xb->update.dw;
    size_t row;
    if (!is_due(xb, call, &row))
        return MEMQC_OK;
    read_row(xb, row, call->params.rate, v);
    return buffer(xb, row, call->params.threshold, v) ? mqc_crossbar_outer_row(xb, row, v, 1, 1)
                                                      : MEMQC_OK;
}

static memqc_status update(memqc_crossbar *xb, const struct mqc_update_call *call,
                           const struct mqc_outer *outer) {
    return mqc_pulse_trains(xb->update.fast, call, outer, xb, transfer);
}

static memqc_status update_2(memqc_crossbar *xb, const struct mqc_update_call *call,
                             const struct mqc_outer *outer) {
    return mqc_pulse_trains(xb->update.fast, call, outer, xb, transfer_2);
}

const struct mqc_update_rule mqc_update_tiki_taka = {.number = MEMQC_CROSSBAR_RULE_TIKI_TAKA,
                                                     .name = "tiki-taka",
                                                     .one_scale = 1,
                                                     .one_slice = 1,
                                                     .fast = 1,
                                                     .outer = update};
const struct mqc_update_rule mqc_update_tiki_taka_2 = {.number = MEMQC_CROSSBAR_RULE_TIKI_TAKA_2,
                                                       .name = "tiki-taka-2",
                                                       .one_scale = 1,
                                                       .one_slice = 1,
                                                       .gathers = 1,
                                                       .fast = 1,
                                                       .outer = update_2};
