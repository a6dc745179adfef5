/* SPDX-License-Identifier: BSD-3-Clause */
/* Tiki-Taka: Gokmen and Haensch, Front. Neurosci. 14 (2020) 103. The weights are those of a slow
 * array C; a fast array A beside it gets the pulse trains of every sample, A <- A - lr h^T delta,
 * and its own asymmetry draws it back to the point where steps up and down are equal. That point of
 * each cell, found before training by pulses up and down in turns, is what A is read against (the
 * paper's reference device). Every TIKI_TAKA_EVERY updates of A, one of its rows in turn, v, is
 * read and added to C's by pulse trains,
 *
 *     C[k] <- C[k] + TIKI_TAKA_RATE v
 *
 * Version 2 (Gokmen, Front. Artif. Intell. 4 (2021) 699148) has a digital buffer between the two:
 * H[k] <- H[k] + TIKI_TAKA_RATE v, and where |H| exceeds TIKI_TAKA_THRESHOLD pulses' worth of
 * weight, C gets one pulse, which H gives up: a filter in which the noise of A's reads averages
 * out. No weight is held digitally in either; A's reference is the conductance of cells that no
 * pulse reaches. */
#include "core/error.h"
#include "crossbar/array/train_kernels.h"
#include "crossbar/update/trains.h"
#include "mlp/pass/store.h"
#include "mlp/rules/pulse_train.h"
#include "mlp/rules/rules.h"
#include "rng/rng.h"

#include <math.h>

enum { REFERENCE = 0, BUFFER = 1 };

static memqc_status begin(struct mqc_layer *layer, uint64_t seed) {
    memqc_crossbar **fast = &layer->now.fast;
    const size_t cells = layer->rows * layer->out;
    MQC_TRY(mqc_crossbar_check_outer(layer->now.xb, "memqc_mlp_init"));
    MQC_TRY(memqc_crossbar_create(layer->device, layer->rows, layer->out, fast));
    MQC_TRY(memqc_crossbar_seed(*fast, mqc_rng_child(seed, 1)));
    MQC_TRY(memqc_crossbar_set(*fast, MEMQC_CROSSBAR_MAPPING,
                               mqc_mlp_value(layer->value, MEMQC_MLP_MAPPING)));
    MQC_TRY(memqc_crossbar_set(*fast, MEMQC_CROSSBAR_W_MAX,
                               mqc_mlp_value(layer->value, MEMQC_MLP_WEIGHT_RANGE)));
    for (size_t i = 0; i < cells; i++)
        layer->grad[i] = 0;
    MQC_TRY(memqc_crossbar_program(*fast, layer->grad, layer->out));
    mqc_crossbar_alternate(*fast, (size_t)mqc_mlp_value(layer->value, MEMQC_MLP_TIKI_TAKA_PAIRS));
    for (size_t i = 0; i < cells && mqc_mlp_value(layer->value, MEMQC_MLP_TIKI_TAKA_PAIRS) > 0; i++)
        mqc_layer_own_state(layer, REFERENCE)[i] = (*fast)->weights.matrix[i];
    return MEMQC_OK;
}

/* What a read of one row of the fast array against its reference gives, in weights times the rate,
 * to v. */
static void read_row(const struct mqc_layer *layer, size_t row, float *v) {
    const memqc_crossbar *fast = layer->now.fast;
    const float *const g = fast->weights.matrix + row * layer->out, *const zero =
                                                                        mqc_layer_own_state(
                                                                            layer, REFERENCE) +
                                                                        row * layer->out;
    const float factor = (float)(mqc_mlp_value(layer->value, MEMQC_MLP_TIKI_TAKA_RATE) *
                                 (double)fast->weights.scale[0] * mqc_crossbar_unit(fast));
    for (size_t j = 0; j < layer->out; j++)
        v[j] = factor * (g[j] - zero[j]);
}

/* Version 2: into the buffer, and to v the signs of what overflows. */
static int buffer(struct mqc_layer *layer, size_t row, float *v) {
    float *const h = mqc_layer_own_state(layer, BUFFER) + row * layer->out;
    const float worth = (float)(mqc_mlp_value(layer->value, MEMQC_MLP_TIKI_TAKA_THRESHOLD) *
                                mqc_crossbar_pulse_weight(layer->now.xb));
    int any = 0;
    for (size_t j = 0; j < layer->out; j++) {
        h[j] += v[j];
        const float sign = h[j] >= worth ? 1.0f : h[j] <= -worth ? -1.0f : 0.0f;
        h[j] -= sign * worth;
        v[j] = sign;
        any |= sign != 0;
    }
    return any;
}

static memqc_status transfer(struct mqc_layer *layer, size_t row) {
    float *const v = layer->grad;
    read_row(layer, row, v);
    if (mqc_mlp_value(layer->value, MEMQC_MLP_RULE) == MEMQC_MLP_RULE_TIKI_TAKA_2)
        return buffer(layer, row, v) ? mqc_crossbar_outer_row(layer->now.xb, row, v, 1, 1)
                                     : MEMQC_OK;
    const double dw = mqc_crossbar_pulse_weight(layer->now.xb),
                 needed = (double)mqc_outer_kernels()->largest(layer->out, v) / dw;
    const double length = fmin(mqc_mlp_value(layer->value, MEMQC_MLP_TRAIN_LENGTH), ceil(needed));
    return needed > 0
               ? mqc_crossbar_outer_row(layer->now.xb, row, v, 1 / (dw * length), (uint32_t)length)
               : MEMQC_OK;
}

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    const uint64_t every = (uint64_t)mqc_mlp_value(layer->value, MEMQC_MLP_TIKI_TAKA_EVERY);
    for (size_t i = 0; i < s->m; i++) {
        const uint64_t before = layer->now.fast->account.bursts;
        MQC_TRY(mqc_pulse_trains(layer, layer->now.fast, layer->rows, s->h + i * s->ldh, layer->out,
                                 s->delta + i * s->ldd, (double)s->rate, -1));
        const uint64_t updates = layer->now.fast->account.bursts;
        if (updates != before && updates % every == 0)
            MQC_TRY(transfer(layer, (size_t)(updates / every % layer->rows)));
    }
    return MEMQC_OK;
}

const struct mqc_rule mqc_rule_tiki_taka = {.name = "Tiki-Taka",
                                            .on_crossbar = 1,
                                            .fast = 1,
                                            .states = 1,
                                            .begin = begin,
                                            .update = update};
const struct mqc_rule mqc_rule_tiki_taka_2 = {.name = "Tiki-Taka, version 2",
                                              .on_crossbar = 1,
                                              .fast = 1,
                                              .states = 2,
                                              .begin = begin,
                                              .update = update};
