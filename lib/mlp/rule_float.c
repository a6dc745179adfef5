/* SPDX-License-Identifier: BSD-3-Clause */
/* The baseline: w <- w - lr grad in single precision, no device. One GEMM does the gradient and the step. */
#include "la/blas.h"
#include "mlp/mlp.h"

static memqc_status update(struct mqc_layer *layer, size_t m, const float *h, const float *delta, float rate) {
    return mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, layer->in, layer->out, m, -rate, h, layer->in, delta, layer->out, 1, layer->w,
                     layer->out);
}

const struct mqc_rule mqc_rule_float = {"float", 0, update};
