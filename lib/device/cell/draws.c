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

/* Numbers of one kind, for cells in a row and for any cells; of draw (draw >> shift) + later. */
struct numbers {
    void (*row)(const struct mqc_rng *rng, uint64_t cell, uint64_t draw, size_t n, float *out);
    void (*list)(const struct mqc_rng *rng, const uint64_t *cells, const uint64_t *draws, size_t n,
                 float *out);
    int shift;
    uint64_t later;
};

static uint64_t draw_of(const struct numbers *numbers, uint64_t draw) {
    return (numbers->shift < MQC_FOR_LIFE ? draw >> numbers->shift : 0) + numbers->later;
}

static void fill(const struct mqc_draws *where, uint32_t stream, const struct numbers *numbers,
                 size_t first, size_t n, float *out) {
    const struct mqc_rng rng = mqc_rng_make(where->seed, stream);
    uint64_t draws[CHUNK];
    if (!where->cells) {
        numbers->row(&rng, where->cell + first, draw_of(numbers, where->draw), n, out);
        return;
    }
    if (numbers->shift == 0 && numbers->later == 0) {
        numbers->list(&rng, where->cells + first, where->draws + first, n, out);
        return;
    }
    for (size_t i = 0; i < n; i += CHUNK) {
        const size_t m = n - i < CHUNK ? n - i : CHUNK;
        for (size_t j = 0; j < m; j++)
            draws[j] = draw_of(numbers, where->draws[first + i + j]);
        numbers->list(&rng, where->cells + first + i, draws, m, out + i);
    }
}

static struct numbers normals(int shift, uint64_t later) {
    const struct mqc_rng_kernels *kernels = mqc_rng_kernels();
    const struct numbers numbers = {kernels->normal, kernels->normal_list, shift, later};
    return numbers;
}

static struct numbers uniforms(int shift, uint64_t later) {
    const struct mqc_rng_kernels *kernels = mqc_rng_kernels();
    const struct numbers numbers = {kernels->uniform, kernels->uniform_list, shift, later};
    return numbers;
}

void mqc_draws_normals(const struct mqc_draws *where, uint32_t stream, size_t first, size_t n,
                       uint64_t later, float *z) {
    const struct numbers numbers = normals(0, later);
    fill(where, stream, &numbers, first, n, z);
}

void mqc_draws_later_uniforms(const struct mqc_draws *where, uint32_t stream, size_t first,
                              size_t n, uint64_t later, float *u) {
    const struct numbers numbers = uniforms(0, later);
    fill(where, stream, &numbers, first, n, u);
}

void mqc_draws_shifted_normals(const struct mqc_draws *where, uint32_t stream, int shift,
                               size_t first, size_t n, float *z) {
    const struct numbers numbers = normals(shift, 0);
    fill(where, stream, &numbers, first, n, z);
}

void mqc_draws_uniforms(const struct mqc_draws *where, uint32_t stream, int shift, size_t first,
                        size_t n, float *u) {
    const struct numbers numbers = uniforms(shift, 0);
    fill(where, stream, &numbers, first, n, u);
}
