/* SPDX-License-Identifier: BSD-3-Clause */
/* Mixed precision: S. Nandakumar et al., Front. Neurosci. 14 (2020) 406; M. Le Gallo et al., Nat.
 * Electron. 1 (2018) 246.
 *
 *     chi <- chi - lr grad (or the optimizer's step), n = trunc(chi / step), w <- w + n step, chi
 *     <- chi - n step
 *
 * The accumulator counts steps between levels as the mapping means them; what the cells make of it,
 * it does not see. */
#include "core/error.h"
#include "crossbar/update/accumulate.h"
#include "mlp/pass/step.h"
#include "mlp/pass/store.h"
#include "mlp/rules/rules.h"

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    float *const chi = mqc_layer_own_state(layer, 0);
    MQC_TRY(mqc_step_digital(layer, s, chi));
    return mqc_crossbar_move(layer->now.xb, __func__,
                             mqc_mlp_value(s->value, MEMQC_MLP_UPDATE_THRESHOLD), 0, chi);
}

const struct mqc_rule mqc_rule_mixed_precision = {
    .name = "mixed precision", .on_crossbar = 1, .digital = 1, .states = 1, .update = update};
