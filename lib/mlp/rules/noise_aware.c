/* SPDX-License-Identifier: BSD-3-Clause */
/* Noise-aware training: V. Joshi et al., Nat. Commun. 11 (2020) 2473. Both passes of a minibatch
 * find each weight as a device would hold it: at the nearest level, with the mean and the noise of
 * that level, drawn anew; the gradient goes straight to the digital weight, which stays within the
 * range. */
#include "core/error.h"
#include "mlp/pass/step.h"
#include "mlp/pass/plan.h"
#include "mlp/rules/rules.h"
#include "rng/rng.h"

enum { CHUNK = 1024 };

static void look(struct mqc_layer *layer, const struct mqc_step *s) {
    const struct mqc_rng rng = mqc_rng_make(s->seed, MQC_STREAM_AWARE);
    const size_t n = layer->rows * layer->out;
    float z[CHUNK];
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        mqc_rng_kernels()->normal(&rng, first, s->number, m, z);
        mqc_mlp_kernels()->see(m, &layer->moments,
                               (float)mqc_mlp_value(s->value, MEMQC_MLP_NOISE_FACTOR),
                               layer->now.w + first, z, layer->seen + first);
    }
}

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    MQC_TRY(mqc_step_digital(layer, s, layer->now.w));
    mqc_mlp_kernels()->clip(layer->rows * layer->out,
                            (float)mqc_plan_value(&layer->plan, MEMQC_CROSSBAR_W_MAX),
                            layer->now.w);
    return MEMQC_OK;
}

const struct mqc_rule mqc_rule_noise_aware = {
    .name = "noise-aware", .update = update, .look = look};
