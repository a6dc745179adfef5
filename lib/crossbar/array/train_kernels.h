/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_CROSSBAR_OUTER_KERNELS_H
#define MQC_CROSSBAR_OUTER_KERNELS_H

#include "core/isa.h"

#include <stddef.h>
#include <stdint.h>

enum { MQC_TRAIN_PLANES = 16 }; /* binary digits of a pulse's probability */

/* Pulses of a run of cells: all of them, and up less down. */
struct mqc_coincidences {
    uint32_t all;
    int32_t net;
};

struct mqc_outer_kernels {
    /* Trains of n lines: each of the lowest slots bits (at most 32) is set in bits[i] with the
     * probability gain |x[i]|, at most 1, to 24 binary digits for up to MQC_TRAIN_PLANES slots, to
     * MQC_TRAIN_PLANES digits for more; random holds n words for each slot or each digit, whichever
     * are fewer. sign[i] is that of x[i]. */
    void (*trains)(size_t n, const float *x, float gain, uint32_t slots, const uint32_t *random,
                   uint32_t *bits, float *sign);
    /* counts[i] = sign signs[i] times the number of bits that row and columns[i] share; bit i % 64
     * of hits[i / 64]: is there any? */
    struct mqc_coincidences (*coincide)(size_t n, uint32_t row, float sign, const uint32_t *columns,
                                        const float *signs, float *counts, uint64_t *hits);
    /* level[i] = the level, 1 .. last, whose conductance top - (level - 1) / per is nearest to
     * g[i]. */
    void (*levels)(size_t n, const float *g, float top, float per, float last, float *level);
    /* The largest magnitude of n finite values. */
    float (*largest)(size_t n, const float *x);
    /* dw += step (u - 1/2), u uniform; elements that are 0 stay so. */
    void (*dither)(size_t n, float step, const float *u, float *dw);
    /* dw = its sign where its magnitude is above least, else 0; NaN stays. */
    void (*sign)(size_t n, float least, float *dw);
};

const struct mqc_outer_kernels *mqc_outer_kernels(void);

MQC_DECLARE_KERNELS(mqc_outer_kernels, mqc_outer_kernels);

#endif
