/* SPDX-License-Identifier: BSD-3-Clause */
/* Stochastic rounding to levels: S. Gupta et al., ICML 2015, 1737. The nearest level to (w - lr
 * grad + u), u uniform in half a step either way: a weight that is to move by a fraction p of a
 * step does so with probability p, so that small gradients are not lost. A gradient of exactly 0
 * moves nothing. */
#include "core/error.h"
#include "mlp/pass/step.h"
#include "mlp/rules/rules.h"
#include "rng/rng.h"

#include <math.h>

enum { CHUNK = 1024 };

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    const struct mqc_rng rng = mqc_rng_make(s->seed, MQC_STREAM_DITHER);
    const size_t n = layer->rows * layer->out;
    const float step =
        1 / (s->rate * layer->now.xb->weights.slope[0]); /* the gradient that moves a weight
                                                                   by one level */
    float u[CHUNK];
    if (!isfinite(step)) /* a rate of (almost) nothing moves nothing */
        return MEMQC_OK;
    MQC_TRY(mqc_step_product(layer, s, 1, 0, layer->grad));
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        mqc_rng_kernels()->uniform(&rng, first, s->number, m, u);
        mqc_mlp_kernels()->dither(m, step, u, layer->grad + first);
    }
    return memqc_crossbar_update(layer->now.xb, -(double)s->rate, layer->grad, layer->out, NULL);
}

const struct mqc_rule mqc_rule_stochastic = {
    .name = "stochastic", .on_crossbar = 1, .update = update};
