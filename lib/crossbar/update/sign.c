/* SPDX-License-Identifier: BSD-3-Clause */
/* The Manhattan rule: E. Zamanidoost, F. Bayat, D. Strukov, I. Kataeva, IEEE WISP 2015. Every
 * weight whose change counts moves by one level in its direction, whatever the size of the
 * change. */
#include "crossbar/array/train_kernels.h"
#include "crossbar/update/update.h"

#include <math.h>

static memqc_status step(memqc_crossbar *xb, const struct mqc_update_call *call, const float *dw,
                         size_t ldd) {
    const double slope = fabs((double)xb->weights.slope[0]); /* levels a weight */
    const double least = call->params.sign_threshold / (fabs(call->alpha) * slope);
    if (call->alpha == 0)
        return MEMQC_OK;
    float *const own = mqc_update_own(xb, dw, ldd);
    mqc_outer_kernels()->sign(xb->shape.cells, (float)least, own);
    return mqc_crossbar_shift(xb, call->function, copysign(1 / slope, call->alpha), own,
                              xb->shape.cols);
}

const struct mqc_update_rule mqc_update_sign = {
    .number = MEMQC_CROSSBAR_RULE_SIGN, .name = "sign", .one_scale = 1, .step = step};
