/* SPDX-License-Identifier: BSD-3-Clause */
#include "rng/rng.h"

const struct mqc_rng_kernels *mqc_rng_kernels(void) {
    static const struct mqc_rng_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_rng_kernels);
    return tables[mqc_isa()];
}

uint64_t mqc_rng_child(uint64_t seed, uint64_t index) {
    const struct mqc_rng rng = mqc_rng_make(seed, MQC_STREAM_CHILD);
    uint32_t low, high;
    mqc_rng_kernels()->words(&rng, 0, index, 1, &low);
    mqc_rng_kernels()->words(&rng, 16, index, 1, &high);
    return (uint64_t)high << 32 | low;
}

void mqc_rng_permutation(uint64_t seed, uint64_t draw, size_t n, uint32_t *order, uint32_t *words) {
    const struct mqc_rng rng = mqc_rng_make(seed, MQC_STREAM_SHUFFLE);
    mqc_rng_kernels()->words(&rng, 0, draw, 2 * n, words);
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    for (size_t i = n; i > 1; i--) {
        /* A 64-bit word times i, its whole part below i: biased by less than i / 2^64. */
        const uint64_t low = words[2 * i - 2], high = words[2 * i - 1];
        const size_t j = (size_t)((high * i + (low * i >> 32)) >> 32);
        const uint32_t keep = order[i - 1];
        order[i - 1] = order[j];
        order[j] = keep;
    }
}
