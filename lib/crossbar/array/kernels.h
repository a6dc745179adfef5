/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_CROSSBAR_KERNELS_H
#define MQC_CROSSBAR_KERNELS_H

#include "core/isa.h"

#include <stddef.h>
#include <stdint.h>

/* Changed cells are reported as bits of words: one for each cell of a block. */
enum { MQC_BLOCK = 64 };

/* The rungs that a weight can stand on: positions lo .. hi, weight w at offset + w slope.
 *
 * Where the levels of the device are uneven, that sum is the *height* of a weight, and the rung at
 * position p has the height height[p - lo], which rises. Steps of the weight are then steps of the
 * height; on an even ladder the two are the same, and height is NULL. Search: bound[i] is midway
 * from rung i to rung i + 1, infinite behind the last, 2 half - 1 of them. */
struct mqc_ladder {
    float lo, hi, offset;
    const float *height, *bound;
    uint32_t half;
    float least; /* height between neighbours, at least */
};

/* Where weights stand: at positions, or, where that is NULL, at those that their levels tell: up - 1
 * where down is NULL, else down - up. */
struct mqc_standing {
    const float *position;
    const uint16_t *up, *down;
};

struct mqc_crossbar_kernels {
    /* Largest magnitude of n values as its bits, which order as magnitudes do; those of NaN and
     * infinity are 0x7f800000 or more. */
    uint32_t (*max_bits)(size_t n, const float *w);
    /* position[i] = the rung nearest to weight w[i]; returns how many were beyond the ends by half
     * a rung or more. slope: one value, or one for each i where by_column is set. */
    size_t (*climb)(const struct mqc_ladder *ladder, size_t n, const float *w, const float *slope,
                    int by_column, float *position);
    /* next[i] = the rung nearest to where weight i stands + alpha slope dw[i]; bit i % 64 of changed[i / 64]
     * says whether that is another one. Returns whether any of the changes was NaN. */
    int (*move)(const struct mqc_ladder *ladder, size_t n, const struct mqc_standing *at,
                float alpha, const float *dw, const float *slope, int by_column, float *next,
                uint64_t *changed);
    /* Whole rungs out of accumulators: the part of chi[i] slope (its magnitude more by 1 -
     * threshold, where that is positive) in whole numbers, where |chi[i] slope| is threshold or
     * more, goes off chi[i] and to the position, which becomes next[i] at the ends of the ladder at
     * most; bits as above. next is written in blocks of MQC_BLOCK, only where something comes out.
     * Returns whether any of chi was NaN or infinite. */
    int (*spill)(const struct mqc_ladder *ladder, size_t n, const struct mqc_standing *at,
                 float slope, float threshold, float *chi, float *next, uint64_t *changed);
    /* levels[i] = kept[i], of levels as arrays keep them. */
    void (*from_levels)(size_t n, const uint16_t *kept, float *levels);
    /* kept[i] = levels[i], whole numbers below 2^16. */
    void (*keep_levels)(size_t n, const float *levels, uint16_t *kept);
    /* levels[i] = bottom - stride digit of the whole number at up[i]: digit = floor(up / per) -
     * base floor(up / (base per)). The numbers are exact, and so are the digits. */
    void (*digits)(size_t n, const float *up, double per, double base, float stride, float bottom,
                   float *levels);
    /* w[i] = unit matrix[i] */
    void (*weights)(size_t n, double unit, const float *matrix, float *w);
    /* dw[i] = w[i] - the weight of matrix[i], and more[i] besides unless that is NULL. */
    void (*differ)(size_t n, double unit, const float *matrix, const float *w, const float *more,
                   float *dw);
};

const struct mqc_crossbar_kernels *mqc_crossbar_kernels(void);

MQC_DECLARE_KERNELS(mqc_crossbar_kernels, mqc_crossbar_kernels);

#endif
