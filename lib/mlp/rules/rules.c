/* SPDX-License-Identifier: BSD-3-Clause */
/* The update rules by number. */
#include "mlp/rules/rules.h"

enum { FIRST = MEMQC_MLP_RULE_FLOAT };

void mqc_layer_take_rule(struct mqc_layer *layer) {
    static const struct mqc_rule *const rules[] = {
        [MEMQC_MLP_RULE_FLOAT - FIRST] = &mqc_rule_float,
        [MEMQC_MLP_RULE_NEAREST_LEVEL - FIRST] = &mqc_rule_nearest_level,
        [MEMQC_MLP_RULE_STOCHASTIC - FIRST] = &mqc_rule_stochastic,
        [MEMQC_MLP_RULE_SIGN - FIRST] = &mqc_rule_sign,
        [MEMQC_MLP_RULE_MIXED_PRECISION - FIRST] = &mqc_rule_mixed_precision,
        [MEMQC_MLP_RULE_ONE_DIRECTIONAL - FIRST] = &mqc_rule_one_directional,
        [MEMQC_MLP_RULE_NOISE_AWARE - FIRST] = &mqc_rule_noise_aware,
        [MEMQC_MLP_RULE_PULSE_TRAIN - FIRST] = &mqc_rule_pulse_train,
        [MEMQC_MLP_RULE_TIKI_TAKA - FIRST] = &mqc_rule_tiki_taka,
        [MEMQC_MLP_RULE_TIKI_TAKA_2 - FIRST] = &mqc_rule_tiki_taka_2,
    };
    layer->rule = rules[(int)mqc_mlp_value(layer->value, MEMQC_MLP_RULE) - FIRST];
}
