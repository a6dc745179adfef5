/* SPDX-License-Identifier: BSD-3-Clause */
/* A layer's memory and arrays: made of its settled parameters, with initial weights. */
#include "mlp/layer.h"
#include "core/alloc.h"
#include "core/error.h"
#include "mlp/pass/store.h"
#include "mlp/pass/plan.h"
#include "mlp/rules/rules.h"
#include "rng/rng.h"

#include <math.h>

/* The range of initial weights where INIT_RANGE names none. */
static double own_range(const struct mqc_layer *layer) {
    const double kind = mqc_plan_value(&layer->plan, MEMQC_CROSSBAR_NORMALIZATION);
    if (layer->rule->on_crossbar && kind == MEMQC_CROSSBAR_NORMALIZATION_FIXED)
        return mqc_plan_value(&layer->plan, MEMQC_CROSSBAR_W_MAX);
    return sqrt(6.0 / (double)(layer->in + layer->out));
}

/* Initial weights, uniform in -r .. r, and biases of 0. Each layer has two seeds of its own: one
 * for these, one for its cells. */
static void draw_weights(const memqc_mlp *mlp, size_t l, float *w) {
    const struct mqc_layer *layer = &mlp->layer[l];
    const struct mqc_rng rng = mqc_rng_make(mqc_rng_child(mlp->seed, 2 * l), MQC_STREAM_INIT);
    double range = mqc_mlp_value(layer->value, MEMQC_MLP_INIT_RANGE);
    if (range == 0)
        range = own_range(layer);
    mqc_rng_kernels()->uniform(&rng, 0, 0, layer->in * layer->out, w);
    for (size_t i = 0; i < layer->in * layer->out; i++)
        w[i] = (float)(range * (2 * (double)w[i] - 1));
    for (size_t i = layer->in * layer->out; i < layer->rows * layer->out; i++)
        w[i] = 0;
}

/* What a rule needs that looks at digital weights through a device. */
static memqc_status prepare_look(struct mqc_layer *layer) {
    memqc_crossbar *xb = NULL;
    memqc_status status = mqc_plan_build(&layer->plan, layer->rows, layer->out, 0, &xb);
    if (status == MEMQC_OK)
        status = mqc_moments_make(xb, mqc_plan_value(&layer->plan, MEMQC_CROSSBAR_W_MAX),
                                  &layer->moments);
    memqc_crossbar_destroy(&xb);
    if (status == MEMQC_OK && !(layer->seen = mqc_alloc(layer->rows * layer->out, sizeof(float))))
        status = MEMQC_ERROR_NOMEM;
    return status;
}

memqc_status mqc_layer_prepare(struct mqc_layer *layer) {
    layer->rows = layer->in + (size_t)mqc_layer_bias_row(layer);
    if (!(layer->bias_sum = mqc_alloc(layer->out, sizeof(float))))
        return MEMQC_ERROR_NOMEM;
    const int sees = layer->rule->on_crossbar ||
                     mqc_mlp_value(layer->value, MEMQC_MLP_OPTIMIZER) != MEMQC_MLP_SGD;
    if (sees && !(layer->grad = mqc_alloc(layer->rows * layer->out, sizeof(float))))
        return MEMQC_ERROR_NOMEM;
    return layer->rule->look ? prepare_look(layer) : MEMQC_OK;
}

memqc_status mqc_layer_make(memqc_mlp *mlp, size_t l) {
    struct mqc_layer *layer = &mlp->layer[l];
    MQC_TRY(mqc_layer_prepare(layer));
    MQC_TRY(mqc_store_make(layer, &layer->now));
    if (!layer->rule->on_crossbar)
        return MEMQC_OK;
    return mqc_plan_build(&layer->plan, layer->rows, layer->out,
                          mqc_rng_child(mlp->seed, 2 * l + 1), &layer->now.xb);
}

memqc_status mqc_layer_init(memqc_mlp *mlp, size_t l) {
    struct mqc_layer *layer = &mlp->layer[l];
    MQC_TRY(mqc_layer_make(mlp, l));
    draw_weights(mlp, l, layer->now.xb ? layer->grad : layer->now.w);
    if (!layer->now.xb)
        return MEMQC_OK;
    MQC_TRY(memqc_crossbar_program(layer->now.xb, layer->grad, layer->out));
    return mqc_layer_begin_rule(layer, mlp->busy ? mlp->busy : "memqc_mlp_init");
}

void mqc_layer_drop(struct mqc_layer *layer) {
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
