/* SPDX-License-Identifier: BSD-3-Clause */
/* Weights that live on an array: the array's own rule makes the step. With an optimizer, its step
 * goes into the array's accumulators. */
#include "core/error.h"
#include "crossbar/update.h"
#include "mlp/pass/step.h"
#include "mlp/rules/rules.h"

memqc_status mqc_layer_begin_rule(const struct mqc_layer *layer, const char *function) {
    memqc_crossbar *const xb = layer->now.xb;
    const struct mqc_update_call call = mqc_update_call_of(xb, function, 0);
    return mqc_update_begin(xb, mqc_update_rule_of(xb), &call);
}

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    memqc_crossbar *const xb = layer->now.xb;
    const struct mqc_update_rule *rule = mqc_update_rule_of(xb);
    const struct mqc_outer outer = {s->m, s->h, s->ldh, s->delta, s->ldd};
    struct mqc_update_call call = mqc_update_call_of(xb, s->function, -(double)s->rate);
    call.seed = s->seed; /* so that the layers' draws are those of the network */
    call.number = s->number;
    float *chi = NULL;
    if (mqc_mlp_value(layer->value, MEMQC_MLP_OPTIMIZER) == MEMQC_MLP_SGD)
        return mqc_update_by_product(xb, rule, &call, &outer);
    MQC_TRY(mqc_update_gather(xb, rule, &call, &chi));
    MQC_TRY(mqc_step_digital(layer, s, chi));
    return mqc_update_send(xb, rule, &call);
}

const struct mqc_rule mqc_rule_crossbar = {.name = "crossbar", .on_crossbar = 1, .update = update};
