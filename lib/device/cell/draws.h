/* SPDX-License-Identifier: BSD-3-Clause */
/* The address of random numbers: which cells, at which draws. */
#ifndef MQC_DEVICE_DRAWS_H
#define MQC_DEVICE_DRAWS_H

#include <stddef.h>
#include <stdint.h>

#include "rng/streams.h"

/* Where `cells` is NULL: the neighbours cell, cell + 1, ..., all at draw `draw`. Otherwise: cells[i]
 * at draws[i]. The seed of this struct counts, not that of the device. */
struct mqc_draws {
    uint64_t seed, cell, draw;
    const uint64_t *cells, *draws;
};

/* The cells from the first-th on. */
struct mqc_draws mqc_draws_from(const struct mqc_draws *where, size_t first);

/* N(0, 1) for n cells from the first-th on, `later` draws after their own. */
void mqc_draws_normals(const struct mqc_draws *where, uint32_t stream, size_t first, size_t n,
                       uint64_t later, float *z);

/* Uniform numbers in [0, 1) of 24 bits, addressed as those. */
void mqc_draws_later_uniforms(const struct mqc_draws *where, uint32_t stream, size_t first,
                              size_t n, uint64_t later, float *u);

/* A shift that makes every draw draw 0: what a cell keeps for life. */
enum { MQC_FOR_LIFE = 64 };

/* N(0, 1), and uniform numbers in [0, 1) of 24 bits, for n cells from the first-th on, at draw >>
 * shift. */
void mqc_draws_shifted_normals(const struct mqc_draws *where, uint32_t stream, int shift,
                               size_t first, size_t n, float *z);
void mqc_draws_uniforms(const struct mqc_draws *where, uint32_t stream, int shift, size_t first,
                        size_t n, float *u);

#endif
