/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle: made, unmade, its weights drawn and dropped. */
#include "mlp/network.h"
#include "core/alloc.h"
#include "core/error.h"
#include "mlp/checks.h"
#include "mlp/layer.h"
#include "mlp/params.h"
#include "mlp/pass/scratch.h"
#include "mlp/pass/plan.h"
#include "mlp/rules/rules.h"

#include <string.h>

static memqc_status check_sizes(const size_t *sizes, size_t n_sizes) {
    if (n_sizes < 2 || n_sizes > MQC_MLP_LAYERS + 1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "memqc_mlp_create: n_sizes = %zu is outside 2 .. %d",
                        n_sizes, MQC_MLP_LAYERS + 1);
    const size_t most = (size_t)1 << 30;
    for (size_t l = 0; l < n_sizes; l++)
        if (sizes[l] < 1 || sizes[l] > most || (l > 0 && sizes[l] > most / sizes[l - 1]))
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "memqc_mlp_create: sizes[%zu] = %zu; allowed is 1 or more, neighbours "
                            "multiplying to 2^30 at most",
                            l, sizes[l]);
    return MEMQC_OK;
}

memqc_status memqc_mlp_create(const size_t *sizes, size_t n_sizes, const memqc_device *device,
                              uint64_t seed, memqc_mlp **out) {
    memqc_status status = MEMQC_OK;
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(sizes);
    MQC_TRY(check_sizes(sizes, n_sizes));
    memqc_mlp *mlp = mqc_alloc(1, sizeof *mlp);
    if (!mlp)
        return MEMQC_ERROR_NOMEM;
    mqc_keys_initial(&mqc_mlp_keys, mlp->value);
    mlp->seed = seed;
    if (!device)
        mlp->value[mqc_mlp_index(MEMQC_MLP_RULE)] = MEMQC_MLP_RULE_FLOAT;
    mlp->n_layers = n_sizes - 1;
    mlp->layer = mqc_alloc(mlp->n_layers, sizeof *mlp->layer);
    mlp->units = mqc_alloc(mlp->n_layers + 1, sizeof *mlp->units);
    if (!mlp->layer || !mlp->units)
        status = MEMQC_ERROR_NOMEM;
    for (size_t l = 0; l < mlp->n_layers && status == MEMQC_OK; l++) {
        struct mqc_layer *layer = &mlp->layer[l];
        layer->in = sizes[l];
        layer->out = sizes[l + 1];
        memcpy(layer->value, mlp->value, sizeof layer->value);
        mqc_layer_take_rule(layer);
        if (device)
            status = memqc_device_copy(device, &layer->device);
        if (status == MEMQC_OK)
            status = mqc_plan_make(&layer->plan, __func__, device, NULL);
    }
    if (status != MEMQC_OK)
        memqc_mlp_destroy(&mlp);
    *out = mlp;
    return status;
}

void mqc_mlp_drop_weights(memqc_mlp *mlp) {
    for (size_t l = 0; mlp->layer && l < mlp->n_layers; l++)
        mqc_layer_drop(&mlp->layer[l]);
    if (mlp->units)
        mqc_mlp_drop_scratch(mlp); /* its rows may get another length */
    mlp->ready = 0;
}

/* What a layer keeps without weights. */
static void drop_settings(struct mqc_layer *layer) {
    memqc_device_destroy(&layer->device);
    mqc_plan_free(&layer->plan);
}

void memqc_mlp_destroy(memqc_mlp **mlp) {
    if (!mlp || !*mlp)
        return;
    memqc_mlp *m = *mlp;
    mqc_mlp_drop_weights(m);
    for (size_t l = 0; m->layer && l < m->n_layers; l++)
        drop_settings(&m->layer[l]);
    mqc_free(m->layer);
    mqc_free(m->units);
    mqc_free(m->order);
    mqc_free(m->words);
    mqc_free(m->split);
    mqc_free(m->history);
    mqc_free(m->checkpoint);
    mqc_free(m);
    *mlp = NULL;
}

memqc_status memqc_mlp_set_device(memqc_mlp *mlp, size_t layer, const memqc_device *device) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_layer(mlp, __func__, layer));
    MQC_TRY(mqc_mlp_check_idle(mlp, __func__));
    struct mqc_layer *of = &mlp->layer[layer];
    memqc_device *copy = NULL;
    if (mlp->ready)
        return mqc_fail(MEMQC_ERROR_STATE, "%s: the weights are drawn; call memqc_mlp_reset first",
                        __func__);
    if (!device && mqc_layer_uses_device(of))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: device is NULL, and the rule of layer %zu, %s, needs one", __func__,
                        layer, of->rule->name);
    if (device)
        MQC_TRY(memqc_device_copy(device, &copy));
    const memqc_status status = mqc_plan_make(&of->plan, __func__, device, &of->plan);
    if (status != MEMQC_OK) {
        memqc_device_destroy(&copy);
        return status;
    }
    memqc_device_destroy(&of->device);
    of->device = copy;
    return MEMQC_OK;
}

memqc_status memqc_mlp_get_device(const memqc_mlp *mlp, size_t layer, memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_layer(mlp, __func__, layer));
    if (!mlp->layer[layer].device)
        return mqc_fail(MEMQC_ERROR_STATE, "%s: layer %zu has no device", __func__, layer);
    return memqc_device_copy(mlp->layer[layer].device, out);
}

memqc_status memqc_mlp_set_seed(memqc_mlp *mlp, uint64_t seed) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_idle(mlp, __func__));
    if (mlp->ready)
        return mqc_fail(MEMQC_ERROR_STATE, "%s: the weights are drawn; call memqc_mlp_reset first",
                        __func__);
    mlp->seed = seed;
    return MEMQC_OK;
}

memqc_status memqc_mlp_get_seed(const memqc_mlp *mlp, uint64_t *seed) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(seed);
    *seed = mlp->seed;
    return MEMQC_OK;
}

memqc_status memqc_mlp_set_progress(memqc_mlp *mlp, memqc_progress progress, void *user) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_idle(mlp, __func__));
    mlp->progress = progress;
    mlp->progress_user = user;
    return MEMQC_OK;
}

memqc_status memqc_mlp_init(memqc_mlp *mlp) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_idle(mlp, __func__));
    return mqc_mlp_draw(mlp);
}

memqc_status mqc_mlp_draw(memqc_mlp *mlp) {
    if (mlp->ready)
        return MEMQC_OK;
    for (size_t l = 0; l < mlp->n_layers; l++) {
        const memqc_status status = mqc_layer_init(mlp, l);
        if (status != MEMQC_OK) {
            mqc_mlp_drop_weights(mlp);
            return status;
        }
    }
    mlp->ready = 1;
    return MEMQC_OK;
}

memqc_status mqc_mlp_finish(memqc_mlp *mlp, int was_ready, memqc_status status) {
    if (status != MEMQC_OK && status != MEMQC_STOPPED && !was_ready)
        mqc_mlp_drop_weights(mlp);
    return status;
}

memqc_status memqc_mlp_reset(memqc_mlp *mlp) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_idle(mlp, __func__));
    mqc_mlp_drop_weights(mlp);
    memset(&mlp->at, 0, sizeof mlp->at);
    return MEMQC_OK;
}

memqc_status memqc_mlp_get_shape(const memqc_mlp *mlp, size_t *layers, size_t *inputs,
                                 size_t *outputs) {
    MQC_NOT_NULL(mlp);
    if (layers)
        *layers = mlp->n_layers;
    if (inputs)
        *inputs = mqc_mlp_inputs(mlp);
    if (outputs)
        *outputs = mqc_mlp_outputs(mlp);
    return MEMQC_OK;
}

memqc_status memqc_mlp_get_sizes(const memqc_mlp *mlp, size_t room, size_t *sizes,
                                 size_t *n_sizes) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(n_sizes);
    const size_t n = mlp->n_layers + 1;
    *n_sizes = n;
    if (room == 0)
        return MEMQC_OK;
    MQC_NOT_NULL(sizes);
    if (room < n)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: room = %zu; the network has %zu sizes", __func__,
                        room, n);
    mqc_mlp_sizes(mlp, sizes);
    return MEMQC_OK;
}

memqc_status memqc_mlp_get_epochs(const memqc_mlp *mlp, uint32_t *epochs) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(epochs);
    *epochs = mlp->at.epochs;
    return MEMQC_OK;
}
