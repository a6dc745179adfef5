/* SPDX-License-Identifier: BSD-3-Clause */
/* Rules whose weights live on an array: the array makes the step. With an optimizer, its step goes
 * into the array's accumulators. */
#include "core/error.h"
#include "crossbar/update.h"
#include "mlp/pass/step.h"
#include "mlp/rules/rules.h"

static struct mqc_update_params params_of(const struct mqc_layer *layer, const double *network) {
    const double *value = layer->value;
    const struct mqc_update_params params = {
        .sign_threshold = mqc_mlp_value(network, MEMQC_MLP_SIGN_THRESHOLD),
        .update_threshold = mqc_mlp_value(network, MEMQC_MLP_UPDATE_THRESHOLD),
        .refresh_level = mqc_mlp_value(network, MEMQC_MLP_REFRESH_LEVEL),
        .train_length = mqc_mlp_value(value, MEMQC_MLP_TRAIN_LENGTH),
        .train_management = mqc_mlp_value(value, MEMQC_MLP_TRAIN_MANAGEMENT) > 0,
        .every = (uint64_t)mqc_mlp_value(value, MEMQC_MLP_TIKI_TAKA_EVERY),
        .rate = mqc_mlp_value(value, MEMQC_MLP_TIKI_TAKA_RATE),
        .threshold = mqc_mlp_value(value, MEMQC_MLP_TIKI_TAKA_THRESHOLD),
        .pairs = (size_t)mqc_mlp_value(value, MEMQC_MLP_TIKI_TAKA_PAIRS),
    };
    return params;
}

memqc_status mqc_layer_begin_rule(const struct mqc_layer *layer) {
    const struct mqc_update_call call = {.function = "memqc_mlp_init",
                                         .params = params_of(layer, layer->value)};
    return mqc_update_begin(layer->now.xb, layer->rule->array, &call);
}

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    const struct mqc_update_rule *rule = layer->rule->array;
    const struct mqc_update_call call = {.function = "memqc_mlp_train",
                                         .alpha = -(double)s->rate,
                                         .seed = s->seed,
                                         .number = s->number,
                                         .params = params_of(layer, s->value)};
    const struct mqc_outer outer = {s->m, s->h, s->ldh, s->delta, s->ldd};
    float *chi = NULL;
    if (mqc_mlp_value(layer->value, MEMQC_MLP_OPTIMIZER) == MEMQC_MLP_SGD)
        return mqc_update_by_product(layer->now.xb, rule, &call, &outer);
    MQC_TRY(mqc_update_gather(layer->now.xb, rule, &call, &chi));
    MQC_TRY(mqc_step_digital(layer, s, chi));
    return mqc_update_send(layer->now.xb, rule, &call);
}

const struct mqc_rule mqc_rule_nearest_level = {.name = "nearest level",
                                                .on_crossbar = 1,
                                                .array = &mqc_update_nearest_level,
                                                .update = update};
const struct mqc_rule mqc_rule_stochastic = {
    .name = "stochastic", .on_crossbar = 1, .array = &mqc_update_stochastic, .update = update};
const struct mqc_rule mqc_rule_sign = {
    .name = "sign", .on_crossbar = 1, .array = &mqc_update_sign, .update = update};
const struct mqc_rule mqc_rule_mixed_precision = {.name = "mixed precision",
                                                  .on_crossbar = 1,
                                                  .digital = 1,
                                                  .array = &mqc_update_mixed_precision,
                                                  .update = update};
const struct mqc_rule mqc_rule_one_directional = {.name = "one-directional",
                                                  .on_crossbar = 1,
                                                  .digital = 1,
                                                  .pairs = 1,
                                                  .array = &mqc_update_one_directional,
                                                  .update = update};
const struct mqc_rule mqc_rule_pulse_train = {
    .name = "pulse trains", .on_crossbar = 1, .array = &mqc_update_pulse_train, .update = update};
const struct mqc_rule mqc_rule_tiki_taka = {
    .name = "Tiki-Taka", .on_crossbar = 1, .array = &mqc_update_tiki_taka, .update = update};
const struct mqc_rule mqc_rule_tiki_taka_2 = {.name = "Tiki-Taka, version 2",
                                              .on_crossbar = 1,
                                              .array = &mqc_update_tiki_taka_2,
                                              .update = update};
