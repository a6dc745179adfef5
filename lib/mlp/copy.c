/* SPDX-License-Identifier: BSD-3-Clause */
/* A copy of a network: all that it is, with neither its progress function nor its checkpoint. */
#include "core/error.h"
#include "mlp/history.h"
#include "mlp/layer.h"
#include "mlp/network.h"
#include "mlp/pass/store.h"
#include "mlp/pass/plan.h"
#include "mlp/rules/rules.h"

#include <string.h>

static memqc_status copy_layer(const memqc_mlp *from, memqc_mlp *to, size_t l) {
    const struct mqc_layer *source = &from->layer[l];
    struct mqc_layer *layer = &to->layer[l];
    memcpy(layer->value, source->value, sizeof layer->value);
    mqc_layer_take_rule(layer);
    if (source->device)
        MQC_TRY(memqc_device_copy(source->device, &layer->device));
    MQC_TRY(mqc_plan_make(&layer->plan, "memqc_mlp_copy", layer->device, &source->plan));
    if (!from->ready)
        return MEMQC_OK;
    MQC_TRY(mqc_layer_prepare(layer));
    MQC_TRY(mqc_store_copy(layer, &layer->now, &source->now));
    if (!from->at.best_kept)
        return MEMQC_OK;
    const int slot = from->at.best_slot;
    return mqc_store_copy(layer, &layer->best[slot], &source->best[slot]);
}

static memqc_status copy(const memqc_mlp *from, memqc_mlp *to) {
    memcpy(to->value, from->value, sizeof to->value);
    MQC_TRY(mqc_history_reserve(to, from->at.epochs));
    for (size_t l = 0; l < from->n_layers; l++)
        MQC_TRY(copy_layer(from, to, l));
    for (size_t i = 0; i < from->at.epochs * (size_t)MQC_MLP_HISTORY; i++)
        to->history[i] = from->history[i];
    to->at = from->at;
    to->ready = from->ready;
    return MEMQC_OK;
}

memqc_status memqc_mlp_copy(const memqc_mlp *mlp, memqc_mlp **out) {
    size_t sizes[MQC_MLP_LAYERS + 1];
    memqc_mlp *to = NULL;
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(mlp);
    mqc_mlp_sizes(mlp, sizes);
    MQC_TRY(memqc_mlp_create(sizes, mlp->n_layers + 1, NULL, mlp->seed, &to));
    const memqc_status status = copy(mlp, to);
    if (status != MEMQC_OK)
        memqc_mlp_destroy(&to);
    *out = to;
    return status;
}
