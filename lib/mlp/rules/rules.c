/* SPDX-License-Identifier: BSD-3-Clause */
/* The update rules by number, and what several of them do. */
#include "core/error.h"
#include "la/blas.h"
#include "mlp/inside.h"

const struct mqc_rule *mqc_layer_rule(const struct mqc_layer *layer) {
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
    return rules[(int)layer->value[MEMQC_MLP_RULE]];
}

memqc_status mqc_step_product(const struct mqc_layer *layer, const struct mqc_step *s, float alpha,
                              float beta, float *c) {
    return mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, layer->rows, layer->out, s->m, alpha, s->h, s->ldh,
                     s->delta, s->ldd, beta, c, layer->out);
}

memqc_status mqc_step_digital(struct mqc_layer *layer, const struct mqc_step *s, float *w) {
    if (layer->value[MEMQC_MLP_OPTIMIZER] == MEMQC_MLP_SGD) /* one GEMM does the gradient and the
                                                               step */
        return mqc_step_product(layer, s, -s->rate, 1, w);
    MQC_TRY(mqc_step_product(layer, s, 1 / (float)s->m, 0, layer->grad));
    mqc_optimize(layer, s, 0, layer->rows * layer->out, layer->grad, w);
    return MEMQC_OK;
}
