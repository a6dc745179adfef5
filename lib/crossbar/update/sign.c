/* SPDX-License-Identifier: BSD-3-Clause */
/* The Manhattan rule: E. Zamanidoost, F. Bayat, D. Strukov, I. Kataeva, IEEE WISP 2015. Every
 * weight whose change counts moves by one level in its direction, whatever the size of the
 * change. SIGN_THRESHOLD counts mean steps where the levels are uneven. */
#include "crossbar/array/rungs.h"
#include "crossbar/array/train_kernels.h"
#include "crossbar/mapping/position.h"
#include "crossbar/update/update.h"

#include <math.h>

/* On uneven levels: signs become the way to the next rung. upward: does a sign of 1 lead up? */
static void to_next_rung(const struct mqc_ladder *ladder, size_t n, const float *position,
                         int upward, float *dw) {
    for (size_t i = 0; i < n; i++) {
        const int up = upward == (dw[i] > 0);
        if (dw[i] == 0 || dw[i] != dw[i] || position[i] == (up ? ladder->hi : ladder->lo))
            continue;
        const float next = mqc_height_of(ladder, up ? position[i] + 1 : position[i] - 1);
        dw[i] *= fabsf(next - mqc_height_of(ladder, position[i]));
    }
}

static void to_next_rungs(const memqc_crossbar *xb, int upward, float *dw) {
    float position[MQC_CHUNK];
    for (size_t first = 0; first < xb->shape.cells; first += MQC_CHUNK) {
        const size_t n = xb->shape.cells - first < MQC_CHUNK ? xb->shape.cells - first : MQC_CHUNK;
        mqc_positions_get(xb, n, first, NULL, position);
        to_next_rung(&xb->weights.ladder, n, position, upward, dw + first);
    }
}

static memqc_status step(memqc_crossbar *xb, const struct mqc_update_call *call, const float *dw,
                         size_t ldd) {
    const double slope = fabs((double)xb->weights.slope[0]); /* levels a weight */
    const double least = call->params.sign_threshold / (fabs(call->alpha) * slope);
    if (call->alpha == 0)
        return MEMQC_OK;
    float *const own = mqc_update_own(xb, dw, ldd);
    mqc_outer_kernels()->sign(xb->shape.cells, (float)least, own);
    if (xb->weights.ladder.height)
        to_next_rungs(xb, (call->alpha > 0) == (xb->weights.slope[0] > 0), own);
    return mqc_crossbar_shift(xb, call->function, copysign(1 / slope, call->alpha), own,
                              xb->shape.cols);
}

const struct mqc_update_rule mqc_update_sign = {
    .number = MEMQC_CROSSBAR_RULE_SIGN, .name = "sign", .one_scale = 1, .step = step};
