/* SPDX-License-Identifier: BSD-3-Clause */
/* The update rules, and which is whose. */
#ifndef MQC_MLP_RULES_RULES_H
#define MQC_MLP_RULES_RULES_H

#include "mlp/pass/inside.h"

extern const struct mqc_rule mqc_rule_float, mqc_rule_noise_aware, mqc_rule_crossbar;

/* Points a layer to the rule that its parameter RULE names. Whoever changes the parameter calls
 * this. */
void mqc_layer_take_rule(struct mqc_layer *layer);

/* Makes what the rule keeps in the layer's array, which is programmed. Not for rules without an
 * array. */
memqc_status mqc_layer_begin_rule(const struct mqc_layer *layer, const char *function);

#endif
