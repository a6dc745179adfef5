/* SPDX-License-Identifier: BSD-3-Clause */
/* Random numbers as a pure function of (seed, stream, cell, draw).
 *
 * Cells come in groups of 64 that share 16 Philox blocks: cell c takes word (c >> 4) & 3 of the
 * block with counter { 16 (c >> 6) + (c & 15), draw low, draw high, stream } under the key seed. A
 * normal takes its pair of words (0, 1 or 2, 3): the first of the pair gives the radius; the even
 * one times the cosine, the odd one times the sine. The layout makes both the arithmetic and the
 * stores of a group contiguous; it is frozen. */
#ifndef MQC_RNG_RNG_H
#define MQC_RNG_RNG_H

#include <memqc/base.h>

#include "core/isa.h"
#include "rng/streams.h"

#define MQC_RNG_CELLS ((uint64_t)1 << 34) /* cells are numbered 0 .. MQC_RNG_CELLS - 1 */

struct mqc_rng {
    uint32_t key[2]; /* seed: low, high */
    uint32_t stream;
};

struct mqc_rng_kernels {
    /* n numbers for cells cell, cell + 1, ...: raw words, uniform in [0, 1) with 24 bits, N(0, 1).
     * */
    void (*words)(const struct mqc_rng *rng, uint64_t cell, uint64_t draw, size_t n, uint32_t *out);
    void (*uniform)(const struct mqc_rng *rng, uint64_t cell, uint64_t draw, size_t n, float *out);
    void (*normal)(const struct mqc_rng *rng, uint64_t cell, uint64_t draw, size_t n, float *out);
    /* N(0, 1) for n cells of any numbers and draws. */
    void (*normal_list)(const struct mqc_rng *rng, const uint64_t *cells, const uint64_t *draws,
                        size_t n, float *out);
    /* Uniform in [0, 1), likewise. */
    void (*uniform_list)(const struct mqc_rng *rng, const uint64_t *cells, const uint64_t *draws,
                         size_t n, float *out);
};

/* The kernels for this machine. */
const struct mqc_rng_kernels *mqc_rng_kernels(void);

MQC_DECLARE_KERNELS(mqc_rng_kernels, mqc_rng_kernels);

static inline struct mqc_rng mqc_rng_make(uint64_t seed, uint32_t stream) {
    struct mqc_rng rng = {{(uint32_t)seed, (uint32_t)(seed >> 32)}, stream};
    return rng;
}

/* Seed number index made from a seed: for the parts of an object that has one seed itself. */
uint64_t mqc_rng_child(uint64_t seed, uint64_t index);

/* A permutation of 0 .. n - 1 (Fisher and Yates), n <= 2^32 - 1; words is scratch for 2 n. */
void mqc_rng_permutation(uint64_t seed, uint64_t draw, size_t n, uint32_t *order, uint32_t *words);

#endif
