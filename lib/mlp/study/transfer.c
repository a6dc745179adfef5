/* SPDX-License-Identifier: BSD-3-Clause */
/* Weights that were trained elsewhere, programmed onto crossbars. */
#include "mlp/study/transfer.h"
#include "core/error.h"
#include "mlp/checks.h"
#include "mlp/layer.h"
#include "mlp/network.h"
#include "mlp/params.h"
#include "mlp/rules/rules.h"

#include <math.h>
#include <string.h>

/* The largest weight that the crossbar of a layer under RULE_FLOAT is to hold. */
static double range_of(const struct mqc_layer *layer, double factor) {
    const size_t n = layer->rows * layer->out;
    double most = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        const double w = (double)layer->now.w[i];
        most = fmax(most, fabs(w));
        squares += w * w;
    }
    const double range = factor > 0 ? factor * sqrt(squares / (double)n) : most;
    const struct mqc_key *bounds = mqc_key_row(&mqc_mlp_keys, MEMQC_MLP_WEIGHT_RANGE);
    return range > 0 ? fmin(bounds->max, fmax(bounds->min, range)) : 1;
}

/* Parameters of a layer that are other ones on a crossbar. */
static void change_rule(const struct mqc_layer *from, double factor, double *value) {
    if (from->rule->on_crossbar)
        return;
    if (!mqc_layer_uses_device(from))
        value[mqc_mlp_index(MEMQC_MLP_WEIGHT_RANGE)] = range_of(from, factor);
    value[mqc_mlp_index(MEMQC_MLP_RULE)] = MEMQC_MLP_RULE_NEAREST_LEVEL;
    value[mqc_mlp_index(MEMQC_MLP_OPTIMIZER)] = MEMQC_MLP_SGD;
}

static memqc_status describe_layer(const memqc_mlp *mlp, size_t l, const struct mqc_onto *onto,
                                   memqc_mlp *to) {
    const struct mqc_layer *from = &mlp->layer[l];
    struct mqc_layer *layer = &to->layer[l];
    memcpy(layer->value, from->value, sizeof layer->value);
    change_rule(from, mqc_mlp_value(mlp->value, MEMQC_MLP_TRANSFER_RANGE), layer->value);
    if (onto->untrained) { /* what any rule would do does not matter */
        layer->value[mqc_mlp_index(MEMQC_MLP_RULE)] = MEMQC_MLP_RULE_NEAREST_LEVEL;
        layer->value[mqc_mlp_index(MEMQC_MLP_OPTIMIZER)] = MEMQC_MLP_SGD;
    }
    mqc_layer_take_rule(layer);
    layer->value[mqc_mlp_index(MEMQC_MLP_VERIFY_TOLERANCE)] *= onto->tolerance[l];
    if (onto->device[l])
        MQC_TRY(memqc_device_copy(onto->device[l], &layer->device));
    return mqc_layer_check(to, l, onto->function);
}

static memqc_status program_layer(const struct mqc_layer *from, int untrained, memqc_mlp *to,
                                  size_t l) {
    struct mqc_layer *layer = &to->layer[l];
    MQC_TRY(mqc_layer_make(to, l));
    memcpy(layer->now.bias, from->now.bias, layer->out * sizeof(float));
    if (from->now.w)
        memcpy(layer->grad, from->now.w, layer->rows * layer->out * sizeof(float));
    else
        MQC_TRY(memqc_crossbar_get_weights(from->now.xb, layer->grad, layer->out));
    MQC_TRY(memqc_crossbar_program(layer->now.xb, layer->grad, layer->out));
    return untrained ? MEMQC_OK : mqc_layer_begin_rule(layer);
}

static memqc_status transfer(const memqc_mlp *mlp, const struct mqc_onto *onto, memqc_mlp *to) {
    memcpy(to->value, mlp->value, sizeof to->value);
    change_rule(&mlp->layer[0], mqc_mlp_value(mlp->value, MEMQC_MLP_TRANSFER_RANGE), to->value);
    for (size_t l = 0; l < mlp->n_layers; l++)
        MQC_TRY(describe_layer(mlp, l, onto, to));
    for (size_t l = 0; l < mlp->n_layers; l++)
        MQC_TRY(program_layer(&mlp->layer[l], onto->untrained, to, l));
    to->ready = 1;
    return MEMQC_OK;
}

struct mqc_onto mqc_onto_default(const memqc_mlp *mlp, const memqc_device *device,
                                 const char *function) {
    struct mqc_onto onto = {.function = function, .seed = mlp->seed};
    for (size_t l = 0; l < mlp->n_layers; l++) {
        onto.device[l] = device ? device : mlp->layer[l].device;
        onto.tolerance[l] = 1;
    }
    return onto;
}

memqc_status mqc_mlp_transfer(const memqc_mlp *mlp, const struct mqc_onto *onto, memqc_mlp **out) {
    size_t sizes[MQC_MLP_LAYERS + 1];
    memqc_mlp *to = NULL;
    mqc_mlp_sizes(mlp, sizes);
    memqc_status status = memqc_mlp_create(sizes, mlp->n_layers + 1, NULL, onto->seed, &to);
    if (status == MEMQC_OK)
        status = transfer(mlp, onto, to);
    if (status != MEMQC_OK)
        memqc_mlp_destroy(&to);
    *out = to;
    return status;
}

memqc_status memqc_mlp_transfer(memqc_mlp *mlp, const memqc_device *device, memqc_mlp **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(mlp);
    const int was_ready = mlp->ready;
    MQC_TRY(mqc_mlp_draw(mlp));
    const struct mqc_onto onto = mqc_onto_default(mlp, device, __func__);
    return mqc_mlp_finish(mlp, was_ready, mqc_mlp_transfer(mlp, &onto, out));
}
