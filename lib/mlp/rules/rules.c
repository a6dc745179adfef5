/* SPDX-License-Identifier: BSD-3-Clause */
/* The update rules by number. */
#include "mlp/rules/rules.h"

void mqc_layer_take_rule(struct mqc_layer *layer) {
    static const struct mqc_rule *const rules[] = {
        [MEMQC_MLP_RULE_FLOAT] = &mqc_rule_float,
        [MEMQC_MLP_RULE_NEAREST_LEVEL] = &mqc_rule_nearest_level,
        [MEMQC_MLP_RULE_STOCHASTIC] = &mqc_rule_stochastic,
        [MEMQC_MLP_RULE_SIGN] = &mqc_rule_sign,
        [MEMQC_MLP_RULE_MIXED_PRECISION] = &mqc_rule_mixed_precision,
        [MEMQC_MLP_RULE_ONE_DIRECTIONAL] = &mqc_rule_one_directional,
        [MEMQC_MLP_RULE_NOISE_AWARE] = &mqc_rule_noise_aware,
        [MEMQC_MLP_RULE_PULSE_TRAIN] = &mqc_rule_pulse_train,
        [MEMQC_MLP_RULE_TIKI_TAKA] = &mqc_rule_tiki_taka,
        [MEMQC_MLP_RULE_TIKI_TAKA_2] = &mqc_rule_tiki_taka_2,
    };
    layer->rule = rules[(int)layer->value[MEMQC_MLP_RULE]];
}
