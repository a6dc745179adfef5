/* SPDX-License-Identifier: BSD-3-Clause */
/* The baseline: w <- w - lr grad in single precision, no device. Without an optimizer one GEMM does the gradient and the step. */
#include "core/error.h"
#include "la/blas.h"
#include "mlp/mlp.h"

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    const size_t in = layer->rows, out = layer->out;
    if (layer->value[MEMQC_MLP_OPTIMIZER] == MEMQC_MLP_SGD)
        return mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, in, out, s->m, -s->rate, s->h, s->ldh, s->delta, s->ldd, 1, layer->now.w, out);
    MQC_TRY(mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, in, out, s->m, 1 / (float)s->m, s->h, s->ldh, s->delta, s->ldd, 0, layer->grad, out));
    mqc_optimize(layer, s, 0, in * out, layer->grad, layer->now.w);
    return MEMQC_OK;
}

const struct mqc_rule mqc_rule_float = {"float", 0, 1, update};
