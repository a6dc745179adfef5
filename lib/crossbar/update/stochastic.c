/* SPDX-License-Identifier: BSD-3-Clause */
/* Stochastic rounding to levels: S. Gupta et al., ICML 2015, 1737. The nearest level to (w + alpha
 * dw + u), u uniform in half a step either way: a weight that is to move by a fraction p of a step
 * does so with probability p, so that small changes are not lost. A change of exactly 0 moves
 * nothing. */
#include "crossbar/array/train_kernels.h"
#include "crossbar/update/update.h"
#include "rng/rng.h"

#include <math.h>

static memqc_status step(memqc_crossbar *xb, const struct mqc_update_call *call, const float *dw,
                         size_t ldd) {
    const struct mqc_rng rng = mqc_rng_make(call->seed, MQC_STREAM_DITHER);
    const size_t n = xb->shape.cells;
    const float level = -1 / ((float)call->alpha * xb->weights.slope[0]); /* dw of one level */
    float u[MQC_CHUNK];
    if (!isfinite(level)) /* an alpha of (almost) nothing moves nothing */
        return MEMQC_OK;
    float *const own = mqc_update_own(xb, dw, ldd);
    for (size_t first = 0; first < n; first += MQC_CHUNK) {
        const size_t m = n - first < MQC_CHUNK ? n - first : MQC_CHUNK;
        mqc_rng_kernels()->uniform(&rng, first, call->number, m, u);
        mqc_outer_kernels()->dither(m, level, u, own + first);
    }
    return mqc_crossbar_shift(xb, call->function, call->alpha, own, xb->shape.cols);
}

const struct mqc_update_rule mqc_update_stochastic = {
    .number = MEMQC_CROSSBAR_RULE_STOCHASTIC, .name = "stochastic", .one_scale = 1, .step = step};
