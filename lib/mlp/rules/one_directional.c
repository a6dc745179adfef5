/* SPDX-License-Identifier: BSD-3-Clause */
/* Mixed precision on cells that go one way: a pair of them for each weight, G- depressed to raise
 * it, G+ to lower it, and both set anew when one is at its end: after O. Bichler et al., IEEE
 * Trans. Electron Devices 59 (2012) 2206, whose cells go the other way. The
 * accumulator is that of mixed_precision.c. */
#include "core/error.h"
#include "crossbar/update/accumulate.h"
#include "mlp/pass/step.h"
#include "mlp/pass/store.h"
#include "mlp/rules/rules.h"

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    float *const chi = mqc_layer_own_state(layer, 0);
    MQC_TRY(mqc_step_digital(layer, s, chi));
    return mqc_crossbar_move(layer->now.xb, __func__,
                             mqc_mlp_value(s->value, MEMQC_MLP_UPDATE_THRESHOLD),
                             mqc_mlp_value(s->value, MEMQC_MLP_REFRESH_LEVEL), chi);
}

const struct mqc_rule mqc_rule_one_directional = {.name = "one-directional",
                                                  .on_crossbar = 1,
                                                  .digital = 1,
                                                  .states = 1,
                                                  .pairs = 1,
                                                  .update = update};
