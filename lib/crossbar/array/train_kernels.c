/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. */
#include "crossbar/array/train_kernels.h"
#include "core/math.h"

enum { LINES = 64 };

static inline float probability(float x, float gain, float *sign) {
    const float p = gain * (x < 0 ? -x : x);
    *sign = x < 0 ? -1.0f : 1.0f;
    return p < 1.0f ? p : 1.0f;
}

/* A few slots: a comparison each. */
static void trains_by_slot(size_t n, const float *restrict x, float gain, uint32_t slots,
                           const uint32_t *restrict random, uint32_t *restrict bits,
                           float *restrict sign) {
    for (size_t i = 0; i < n; i++) {
        const int32_t limit = (int32_t)(probability(x[i], gain, sign + i) * 0x1p24f);
        uint32_t word = 0;
        for (uint32_t slot = 0; slot < slots; slot++)
            word |= (uint32_t)((int32_t)(random[slot * n + i] >> 8) < limit) << slot;
        bits[i] = word;
    }
}

/* Many slots: from the least significant digit of the probability on, a random word is or-ed in
 * where the digit is 1 and and-ed where it is 0: each bit then holds with the probability that the
 * digits spell. */
static void trains_by_digit(size_t n, const float *restrict x, float gain, uint32_t mask,
                            const uint32_t *restrict random, uint32_t *restrict bits,
                            float *restrict sign) {
    const float one = (float)(1 << MQC_TRAIN_PLANES);
    for (size_t first = 0; first < n; first += LINES) {
        const size_t m = n - first < LINES ? n - first : LINES;
        uint32_t digits[LINES], word[LINES];
        for (size_t i = 0; i < m; i++) {
            digits[i] =
                (uint32_t)(int32_t)(probability(x[first + i], gain, sign + first + i) * one + 0.5f);
            word[i] = 0;
        }
        for (size_t plane = 0; plane < MQC_TRAIN_PLANES; plane++) {
            const uint32_t *restrict r = random + plane * n + first;
            for (size_t i = 0; i < m; i++) {
                const uint32_t set = 0u - ((digits[i] >> plane) & 1u);
                word[i] = (word[i] & r[i]) | (set & (word[i] | r[i]));
            }
        }
        for (size_t i = 0; i < m; i++)
            bits[first + i] = (word[i] | (0u - (digits[i] >> MQC_TRAIN_PLANES))) & mask;
    }
}

static void trains(size_t n, const float *x, float gain, uint32_t slots, const uint32_t *random,
                   uint32_t *bits, float *sign) {
    if (slots <= MQC_TRAIN_PLANES)
        trains_by_slot(n, x, gain, slots, random, bits, sign);
    else
        trains_by_digit(n, x, gain, slots >= 32 ? 0xffffffffu : (1u << slots) - 1u, random, bits,
                        sign);
}

static inline uint32_t population(uint32_t v) {
    v = v - ((v >> 1) & 0x55555555u);
    v = (v & 0x33333333u) + ((v >> 2) & 0x33333333u);
    v = (v + (v >> 4)) & 0x0f0f0f0fu;
    return (v * 0x01010101u) >> 24;
}

enum { BLOCK = 64 };

static inline uint64_t coincide_block(size_t n, uint32_t row, float sign,
                                      const uint32_t *restrict columns, const float *restrict signs,
                                      float *restrict counts, struct mqc_coincidences *sum) {
    uint32_t all = 0, shared[BLOCK];
    int32_t net = 0;
    for (size_t i = 0; i < n; i++) {
        shared[i] = population(row & columns[i]);
        counts[i] = sign * signs[i] * (float)(int32_t)shared[i];
        all += shared[i];
        net += (int32_t)counts[i];
    }
    uint64_t hits = 0;
    for (size_t i = 0; all && i < n; i++)
        hits |= (uint64_t)(shared[i] != 0) << i;
    sum->all += all;
    sum->net += net;
    return hits;
}

static struct mqc_coincidences coincide(size_t n, uint32_t row, float sign, const uint32_t *columns,
                                        const float *signs, float *counts, uint64_t *hits) {
    struct mqc_coincidences sum = {0, 0};
    size_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK) /* a vector loop of known length */
        hits[i / BLOCK] =
            coincide_block(BLOCK, row, sign, columns + i, signs + i, counts + i, &sum);
    if (i < n)
        hits[i / BLOCK] =
            coincide_block(n - i, row, sign, columns + i, signs + i, counts + i, &sum);
    return sum;
}

static void levels(size_t n, const float *restrict g, float top, float per, float last,
                   float *restrict level) {
    for (size_t i = 0; i < n; i++) {
        level[i] = 1.0f + mqc_round(mqc_clamp((top - g[i]) * per, 0.0f, last - 1.0f));
    }
}

static float largest(size_t n, const float *restrict x) {
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t size = mqc_bits(x[i]) & 0x7fffffffu;
        most = size > most ? size : most;
    }
    return mqc_from_bits(most);
}

static void dither(size_t n, float step, const float *restrict u, float *restrict dw) {
    for (size_t i = 0; i < n; i++) {
        const float moved = dw[i] + step * (u[i] - 0.5f);
        dw[i] = dw[i] == 0.0f ? 0.0f : moved;
    }
}

static void sign(size_t n, float least, float *restrict dw) {
    for (size_t i = 0; i < n; i++) {
        const float x = dw[i], up = x > least ? 1.0f : 0.0f, down = x < -least ? -1.0f : 0.0f;
        dw[i] = x != x ? x : up + down;
    }
}

const struct mqc_outer_kernels MQC_KERNEL(mqc_outer_kernels) = {trains,  coincide, levels,
                                                                largest, dither,   sign};
