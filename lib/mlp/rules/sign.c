/* SPDX-License-Identifier: BSD-3-Clause */
/* The Manhattan rule: E. Zamanidoost, F. Bayat, D. Strukov, I. Kataeva, IEEE WISP 2015. Every
 * weight whose gradient counts moves by one level against its sign, whatever the size of the
 * gradient. */
#include "core/error.h"
#include "mlp/pass/step.h"
#include "mlp/rules/rules.h"

#include <math.h>

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    const double slope = fabs((double)layer->now.xb->weights.slope[0]); /* levels a weight */
    const double least =
        mqc_mlp_value(s->value, MEMQC_MLP_SIGN_THRESHOLD) / ((double)s->rate * slope);
    MQC_TRY(mqc_step_product(layer, s, 1, 0, layer->grad));
    mqc_mlp_kernels()->sign(layer->rows * layer->out, (float)least, layer->grad);
    return memqc_crossbar_update(layer->now.xb, -1 / slope, layer->grad, layer->out, NULL);
}

const struct mqc_rule mqc_rule_sign = {.name = "sign", .on_crossbar = 1, .update = update};
