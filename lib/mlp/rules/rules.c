/* SPDX-License-Identifier: BSD-3-Clause */
/* The update rules by number. */
#include "mlp/rules/rules.h"

void mqc_layer_take_rule(struct mqc_layer *layer) {
    static const struct mqc_rule *const rules[] = {&mqc_rule_float, &mqc_rule_noise_aware,
                                                   &mqc_rule_crossbar};
    layer->rule = rules[(int)mqc_mlp_value(layer->value, MEMQC_MLP_RULE) - MEMQC_MLP_RULE_FLOAT];
}
