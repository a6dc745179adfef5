/* SPDX-License-Identifier: BSD-3-Clause */
/* Weights that were trained elsewhere, programmed onto crossbars. */
#include "mlp/study/transfer.h"
#include "core/error.h"
#include "crossbar/array/params.h"
#include "mlp/checks.h"
#include "mlp/layer.h"
#include "mlp/network.h"
#include "mlp/pass/plan.h"
#include "mlp/rules/rules.h"

#include <math.h>
#include <string.h>

/* The largest weight that the array of a layer under RULE_FLOAT is to hold. */
static double range_of(const struct mqc_layer *layer, double factor) {
    const size_t n = layer->rows * layer->out;
    double most = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        const double w = (double)layer->now.w[i];
        most = fmax(most, fabs(w));
        squares += w * w;
    }
    const double range = factor > 0 ? factor * sqrt(squares / (double)n) : most;
    const struct mqc_key *bounds = mqc_key_row(&mqc_crossbar_keys, MEMQC_CROSSBAR_W_MAX);
    return range > 0 ? fmin(bounds->max, fmax(bounds->min, range)) : 1;
}

/* Parameters of digital weights that are other ones on a crossbar. */
static void change_rule(const struct mqc_layer *from, double *value) {
    if (from->rule->on_crossbar)
        return;
    value[mqc_mlp_index(MEMQC_MLP_RULE)] = MEMQC_MLP_RULE_CROSSBAR;
    value[mqc_mlp_index(MEMQC_MLP_OPTIMIZER)] = MEMQC_MLP_SGD;
}

/* A resistance that the circuit knows. */
static double resistance(double ohm) {
    return ohm < 1e-6 ? 0 : fmin(ohm, 1e6);
}

/* The plan of the layer's array, with what a study scales. */
static memqc_status plan_layer(const struct mqc_layer *from, const struct mqc_onto *onto, size_t l,
                               double transfer_range, struct mqc_plan *plan) {
    const struct mqc_key *tolerance =
        mqc_key_row(&mqc_crossbar_keys, MEMQC_CROSSBAR_VERIFY_TOLERANCE);
    const struct mqc_plan *own = &from->plan;
    MQC_TRY(mqc_plan_make(plan, onto->function, onto->device[l], own));
    if (!mqc_layer_uses_device(from))
        mqc_plan_choose(plan, MEMQC_CROSSBAR_W_MAX, range_of(from, transfer_range));
    if (onto->untrained) /* what any rule would do does not matter */
        mqc_plan_choose(plan, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_NEAREST_LEVEL);
    if (!onto->scaled)
        return MEMQC_OK;
    mqc_plan_choose(plan, tolerance->key,
                    fmin(tolerance->max, onto->tolerance[l] * mqc_plan_value(own, tolerance->key)));
    for (int32_t key = MEMQC_CROSSBAR_WORD_RESISTANCE; key <= MEMQC_CROSSBAR_SENSE_RESISTANCE;
         key++)
        mqc_plan_choose(plan, key, resistance(onto->wires * mqc_plan_value(own, key)));
    for (int32_t key = MEMQC_CROSSBAR_WORD_RESISTANCE;
         onto->ohm > 0 && key <= MEMQC_CROSSBAR_BIT_RESISTANCE; key++)
        mqc_plan_choose(plan, key, resistance(onto->ohm));
    static const int32_t noises[] = {MEMQC_CROSSBAR_READ_NOISE, MEMQC_CROSSBAR_READ_NOISE_RELATIVE,
                                     MEMQC_CROSSBAR_READ_NOISE_SLOW};
    for (size_t i = 0; i < sizeof noises / sizeof *noises; i++)
        if (own->chosen[noises[i] - MQC_CROSSBAR_FIRST])
            mqc_plan_choose(plan, noises[i], onto->noise * mqc_plan_value(own, noises[i]));
    return MEMQC_OK;
}

static memqc_status describe_layer(const memqc_mlp *mlp, size_t l, const struct mqc_onto *onto,
                                   memqc_mlp *to) {
    const struct mqc_layer *from = &mlp->layer[l];
    struct mqc_layer *layer = &to->layer[l];
    memcpy(layer->value, from->value, sizeof layer->value);
    change_rule(from, layer->value);
    if (onto->untrained)
        layer->value[mqc_mlp_index(MEMQC_MLP_OPTIMIZER)] = MEMQC_MLP_SGD;
    mqc_layer_take_rule(layer);
    if (onto->device[l])
        MQC_TRY(memqc_device_copy(onto->device[l], &layer->device));
    MQC_TRY(plan_layer(from, onto, l, mqc_mlp_value(mlp->value, MEMQC_MLP_TRANSFER_RANGE),
                       &layer->plan));
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
    return untrained ? MEMQC_OK : mqc_layer_begin_rule(layer, "memqc_mlp_transfer");
}

static memqc_status transfer(const memqc_mlp *mlp, const struct mqc_onto *onto, memqc_mlp *to) {
    memcpy(to->value, mlp->value, sizeof to->value);
    change_rule(&mlp->layer[0], to->value);
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
    for (size_t l = 0; l < mlp->n_layers; l++)
        onto.device[l] = device ? device : mlp->layer[l].device;
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
