/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle: making and unmaking, initial weights. */
#include "mlp/inside.h"
#include "core/alloc.h"
#include "core/error.h"
#include "rng/rng.h"

#include <math.h>
#include <string.h>

const struct mqc_mlp_kernels *mqc_mlp_kernels(void) {
    static const struct mqc_mlp_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_mlp_kernels);
    return tables[mqc_isa()];
}

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
                              memqc_mlp **out) {
    memqc_status status = MEMQC_OK;
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(sizes);
    MQC_TRY(check_sizes(sizes, n_sizes));
    memqc_mlp *mlp = mqc_alloc(1, sizeof *mlp);
    if (!mlp)
        return MEMQC_ERROR_NOMEM;
    for (int32_t key = 1; key <= MQC_MLP_KEYS; key++)
        mlp->value[key] = mqc_mlp_params.param[key - 1].initial;
    if (!device)
        mlp->value[MEMQC_MLP_RULE] = MEMQC_MLP_RULE_FLOAT;
    mlp->n_layers = n_sizes - 1;
    for (size_t l = 0; l < mlp->n_layers && status == MEMQC_OK; l++) {
        struct mqc_layer *layer = &mlp->layer[l];
        layer->in = sizes[l];
        layer->out = sizes[l + 1];
        memcpy(layer->value, mlp->value, sizeof layer->value);
        if (device)
            status = memqc_device_copy(device, &layer->device);
    }
    if (status != MEMQC_OK)
        memqc_mlp_destroy(&mlp);
    *out = mlp;
    return status;
}

void mqc_mlp_drop_weights(memqc_mlp *mlp) {
    for (size_t l = 0; l < mlp->n_layers; l++) {
        struct mqc_layer *layer = &mlp->layer[l];
        struct mqc_store *const stores[] = {&layer->now, &layer->kept, &layer->best[0],
                                            &layer->best[1]};
        for (size_t i = 0; i < sizeof stores / sizeof *stores; i++)
            mqc_store_free(stores[i]);
        mqc_free(layer->bias_sum);
        mqc_free(layer->grad);
        mqc_free(layer->seen);
        mqc_moments_free(&layer->moments);
        layer->bias_sum = layer->grad = layer->seen = NULL;
    }
    mqc_mlp_drop_scratch(mlp); /* its rows may get another length */
    mlp->ready = 0;
}

void memqc_mlp_destroy(memqc_mlp **mlp) {
    if (!mlp || !*mlp)
        return;
    memqc_mlp *m = *mlp;
    mqc_mlp_drop_weights(m);
    for (size_t l = 0; l < m->n_layers; l++)
        memqc_device_destroy(&m->layer[l].device);
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
    struct mqc_layer *of = &mlp->layer[layer];
    memqc_device *copy = NULL;
    if (mlp->ready)
        return mqc_fail(MEMQC_ERROR_STATE, "%s: the weights are drawn; call memqc_mlp_reset first",
                        __func__);
    if (!device && mqc_layer_uses_device(of))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: device is NULL, and the rule of layer %zu, %s, needs one", __func__,
                        layer, mqc_layer_rule(of)->name);
    if (device)
        MQC_TRY(memqc_device_copy(device, &copy));
    memqc_device_destroy(&of->device);
    of->device = copy;
    return MEMQC_OK;
}

memqc_status memqc_mlp_seed(memqc_mlp *mlp, uint64_t seed) {
    MQC_NOT_NULL(mlp);
    if (mlp->ready)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "memqc_mlp_seed: the weights are drawn; call memqc_mlp_reset first");
    mlp->seed = seed;
    return MEMQC_OK;
}

/* Initial weights, uniform in -r .. r, and biases of 0. Each layer has two seeds of its own: one
 * for these, one for its cells. */
static void draw_weights(const memqc_mlp *mlp, size_t l, float *w) {
    const struct mqc_layer *layer = &mlp->layer[l];
    const struct mqc_rng rng = mqc_rng_make(mqc_rng_child(mlp->seed, 2 * l), MQC_STREAM_INIT);
    double range = layer->value[MEMQC_MLP_INIT_RANGE];
    if (range == 0)
        range = mqc_layer_rule(layer)->on_crossbar ? layer->value[MEMQC_MLP_WEIGHT_RANGE]
                                                   : sqrt(6.0 / (double)(layer->in + layer->out));
    mqc_rng_kernels()->uniform(&rng, 0, 0, layer->in * layer->out, w);
    for (size_t i = 0; i < layer->in * layer->out; i++)
        w[i] = (float)(range * (2 * (double)w[i] - 1));
    for (size_t i = layer->in * layer->out; i < layer->rows * layer->out; i++)
        w[i] = 0;
}

memqc_status mqc_layer_set_scheme(const struct mqc_layer *layer, memqc_crossbar *xb) {
    MQC_TRY(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SCHEME, layer->value[MEMQC_MLP_SCHEME]));
    MQC_TRY(memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_TOLERANCE,
                               layer->value[MEMQC_MLP_VERIFY_TOLERANCE]));
    return memqc_crossbar_set(xb, MEMQC_CROSSBAR_VERIFY_PULSES,
                              layer->value[MEMQC_MLP_VERIFY_PULSES]);
}

/* An array of the layer's parameters that is still to be programmed. */
static memqc_status make_crossbar(const struct mqc_layer *layer, memqc_crossbar **xb) {
    MQC_TRY(memqc_crossbar_create(layer->device, layer->rows, layer->out, xb));
    MQC_TRY(memqc_crossbar_set(*xb, MEMQC_CROSSBAR_MAPPING, layer->value[MEMQC_MLP_MAPPING]));
    MQC_TRY(memqc_crossbar_set(*xb, MEMQC_CROSSBAR_W_MAX, layer->value[MEMQC_MLP_WEIGHT_RANGE]));
    return mqc_layer_set_scheme(layer, *xb);
}

/* What a rule needs that looks at digital weights through a device. */
static memqc_status prepare_look(struct mqc_layer *layer) {
    memqc_crossbar *xb = NULL;
    memqc_status status = make_crossbar(layer, &xb);
    if (status == MEMQC_OK)
        status = mqc_moments_make(xb, layer->value[MEMQC_MLP_WEIGHT_RANGE], &layer->moments);
    memqc_crossbar_destroy(&xb);
    if (status == MEMQC_OK && !(layer->seen = mqc_alloc(layer->rows * layer->out, sizeof(float))))
        status = MEMQC_ERROR_NOMEM;
    return status;
}

memqc_status mqc_layer_prepare(struct mqc_layer *layer) {
    layer->rows = layer->in + (size_t)mqc_layer_bias_row(layer);
    if (!(layer->bias_sum = mqc_alloc(layer->out, sizeof(float))))
        return MEMQC_ERROR_NOMEM;
    const int sees =
        mqc_layer_rule(layer)->on_crossbar || layer->value[MEMQC_MLP_OPTIMIZER] != MEMQC_MLP_SGD;
    if (sees && !(layer->grad = mqc_alloc(layer->rows * layer->out, sizeof(float))))
        return MEMQC_ERROR_NOMEM;
    return mqc_layer_rule(layer)->look ? prepare_look(layer) : MEMQC_OK;
}

memqc_status mqc_layer_make(memqc_mlp *mlp, size_t l) {
    struct mqc_layer *layer = &mlp->layer[l];
    MQC_TRY(mqc_layer_prepare(layer));
    MQC_TRY(mqc_store_make(layer, &layer->now));
    if (!mqc_layer_rule(layer)->on_crossbar)
        return MEMQC_OK;
    MQC_TRY(make_crossbar(layer, &layer->now.xb));
    return memqc_crossbar_seed(layer->now.xb, mqc_rng_child(mlp->seed, 2 * l + 1));
}

static memqc_status init_layer(memqc_mlp *mlp, size_t l) {
    struct mqc_layer *layer = &mlp->layer[l];
    MQC_TRY(mqc_layer_make(mlp, l));
    draw_weights(mlp, l, layer->now.xb ? layer->grad : layer->now.w);
    if (layer->now.xb)
        MQC_TRY(memqc_crossbar_program(layer->now.xb, layer->grad, layer->out));
    const struct mqc_rule *rule = mqc_layer_rule(layer);
    return rule->begin ? rule->begin(layer, mqc_rng_child(mlp->seed, 2 * l + 1)) : MEMQC_OK;
}

memqc_status memqc_mlp_init(memqc_mlp *mlp) {
    MQC_NOT_NULL(mlp);
    if (mlp->ready)
        return MEMQC_OK;
    for (size_t l = 0; l < mlp->n_layers; l++) {
        const memqc_status status = init_layer(mlp, l);
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
    mqc_mlp_drop_weights(mlp);
    memset(&mlp->at, 0, sizeof mlp->at);
    memset(&mlp->limits, 0, sizeof mlp->limits);
    return MEMQC_OK;
}

memqc_status memqc_mlp_shape(const memqc_mlp *mlp, size_t *layers, size_t *inputs,
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

memqc_status memqc_mlp_epochs(const memqc_mlp *mlp, uint32_t *epochs) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(epochs);
    *epochs = mlp->at.epochs;
    return MEMQC_OK;
}
