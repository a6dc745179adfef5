/* SPDX-License-Identifier: BSD-3-Clause */
/* The paper's rule (Chen et al. 2020, section 3): each weight moves to the level nearest to its
 * level's nominal weight less lr grad; no accumulator, so that changes of less than half a level
 * are lost. */
#include "core/error.h"
#include "mlp/pass/step.h"
#include "mlp/rules/rules.h"

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    MQC_TRY(mqc_step_product(layer, s, 1, 0, layer->grad));
    return memqc_crossbar_update(layer->now.xb, -(double)s->rate, layer->grad, layer->out, NULL);
}

const struct mqc_rule mqc_rule_nearest_level = {
    .name = "nearest level", .on_crossbar = 1, .update = update};
