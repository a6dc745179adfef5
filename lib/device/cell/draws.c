/* SPDX-License-Identifier: BSD-3-Clause */
/* Random numbers of cells. */
#include "device/cell/draws.h"
#include "rng/rng.h"

enum { CHUNK = 1024 };

struct mqc_draws mqc_draws_from(const struct mqc_draws *where, size_t first) {
    struct mqc_draws cells = *where;
    cells.cell += first;
    if (where->cells) {
        cells.cells += first;
        cells.draws += first;
    }
    return cells;
}

void mqc_draws_normals(const struct mqc_draws *where, uint32_t stream, size_t first, size_t n,
                       uint64_t later, float *z) {
    const struct mqc_rng rng = mqc_rng_make(where->seed, stream);
    uint64_t draws[CHUNK];
    if (!where->cells) {
        mqc_rng_kernels()->normal(&rng, where->cell + first, where->draw + later, n, z);
        return;
    }
    if (later == 0) {
        mqc_rng_kernels()->normal_list(&rng, where->cells + first, where->draws + first, n, z);
        return;
    }
    for (size_t i = 0; i < n; i += CHUNK) {
        const size_t m = n - i < CHUNK ? n - i : CHUNK;
        for (size_t j = 0; j < m; j++)
            draws[j] = where->draws[first + i + j] + later;
        mqc_rng_kernels()->normal_list(&rng, where->cells + first + i, draws, m, z + i);
    }
}

void mqc_draws_later_uniforms(const struct mqc_draws *where, uint32_t stream, size_t first,
                              size_t n, uint64_t later, float *u) {
    const struct mqc_rng rng = mqc_rng_make(where->seed, stream);
    uint64_t draws[CHUNK];
    if (!where->cells) {
        mqc_rng_kernels()->uniform(&rng, where->cell + first, where->draw + later, n, u);
        return;
    }
    for (size_t i = 0; i < n; i += CHUNK) {
        const size_t m = n - i < CHUNK ? n - i : CHUNK;
        for (size_t j = 0; j < m; j++)
            draws[j] = where->draws[first + i + j] + later;
        mqc_rng_kernels()->uniform_list(&rng, where->cells + first + i, draws, m, u + i);
    }
}

static uint64_t shifted(uint64_t draw, int shift) {
    return shift < MQC_FOR_LIFE ? draw >> shift : 0;
}

/* The draws of a list, shifted. */
static void shift_draws(const struct mqc_draws *where, int shift, size_t first, size_t n,
                        uint64_t *draws) {
    for (size_t i = 0; i < n; i++)
        draws[i] = shifted(where->draws[first + i], shift);
}

void mqc_draws_shifted_normals(const struct mqc_draws *where, uint32_t stream, int shift,
                               size_t first, size_t n, float *z) {
    const struct mqc_rng rng = mqc_rng_make(where->seed, stream);
    uint64_t draws[CHUNK];
    if (!where->cells) {
        mqc_rng_kernels()->normal(&rng, where->cell + first, shifted(where->draw, shift), n, z);
        return;
    }
    for (size_t i = 0; i < n; i += CHUNK) {
        const size_t m = n - i < CHUNK ? n - i : CHUNK;
        shift_draws(where, shift, first + i, m, draws);
        mqc_rng_kernels()->normal_list(&rng, where->cells + first + i, draws, m, z + i);
    }
}

void mqc_draws_uniforms(const struct mqc_draws *where, uint32_t stream, int shift, size_t first,
                        size_t n, float *u) {
    const struct mqc_rng rng = mqc_rng_make(where->seed, stream);
    uint64_t draws[CHUNK];
    if (!where->cells) {
        mqc_rng_kernels()->uniform(&rng, where->cell + first, shifted(where->draw, shift), n, u);
        return;
    }
    for (size_t i = 0; i < n; i += CHUNK) {
        const size_t m = n - i < CHUNK ? n - i : CHUNK;
        shift_draws(where, shift, first + i, m, draws);
        mqc_rng_kernels()->uniform_list(&rng, where->cells + first + i, draws, m, u + i);
    }
}
