/* SPDX-License-Identifier: BSD-3-Clause */
/* The baseline: w <- w - lr grad in single precision, no device. Without an optimizer one GEMM does
 * the gradient and the step. */
#include "mlp/pass/step.h"
#include "mlp/rules/rules.h"

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    return mqc_step_digital(layer, s, layer->now.w);
}

const struct mqc_rule mqc_rule_float = {.name = "float", .update = update};
