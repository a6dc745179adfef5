/* SPDX-License-Identifier: BSD-3-Clause */
/* Stochastic rounding to levels: S. Gupta et al., ICML 2015, 1737. The nearest level to (w + alpha
 * dw + u), u uniform in half a step either way: a weight that is to move by a fraction p of a step
 * does so with probability p, so that small changes are not lost. A change of exactly 0 moves
 * nothing. */
#include "crossbar/array/rungs.h"
#include "crossbar/array/train_kernels.h"
#include "crossbar/mapping/position.h"
#include "crossbar/update/update.h"
#include "rng/rng.h"

#include <math.h>

/* On uneven levels: of the two rungs around w + alpha dw the upper one, with the probability that
 * makes the mean right. dw becomes the way there. a: height of one unit of dw. */
static void choose(const struct mqc_ladder *ladder, size_t n, float a, const float *position,
                   const float *u, float *dw) {
    const uint32_t last = (uint32_t)(ladder->hi - ladder->lo);
    for (size_t i = 0; i < n; i++) {
        const float from = mqc_height_of(ladder, position[i]), x = from + a * dw[i];
        if (dw[i] == 0 || x != x)
            continue;
        uint32_t rung = mqc_rung_at(ladder, x);
        rung -= rung > 0 && ladder->height[rung] > x;
        if (rung < last) {
            const float low = ladder->height[rung], high = ladder->height[rung + 1];
            rung += u[i] * (high - low) < x - low;
        }
        dw[i] = (ladder->height[rung] - from) / a;
    }
}

static memqc_status step(memqc_crossbar *xb, const struct mqc_update_call *call, const float *dw,
                         size_t ldd) {
    const struct mqc_rng rng = mqc_rng_make(call->seed, MQC_STREAM_DITHER);
    const size_t n = xb->shape.cells;
    const float level = -1 / ((float)call->alpha * xb->weights.slope[0]); /* dw of one level */
    float u[MQC_CHUNK], position[MQC_CHUNK];
    if (!isfinite(level)) /* an alpha of (almost) nothing moves nothing */
        return MEMQC_OK;
    float *const own = mqc_update_own(xb, dw, ldd);
    for (size_t first = 0; first < n; first += MQC_CHUNK) {
        const size_t m = n - first < MQC_CHUNK ? n - first : MQC_CHUNK;
        mqc_rng_kernels()->uniform(&rng, first, call->number, m, u);
        if (xb->weights.ladder.height) {
            mqc_positions_get(xb, m, first, NULL, position);
            choose(&xb->weights.ladder, m, -1 / level, position, u, own + first);
        } else {
            mqc_outer_kernels()->dither(m, level, u, own + first);
        }
    }
    return mqc_crossbar_shift(xb, call->function, call->alpha, own, xb->shape.cols);
}

const struct mqc_update_rule mqc_update_stochastic = {
    .number = MEMQC_CROSSBAR_RULE_STOCHASTIC, .name = "stochastic", .one_scale = 1, .step = step};
