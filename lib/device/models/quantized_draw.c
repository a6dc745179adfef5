/* SPDX-License-Identifier: BSD-3-Clause */
/* Draws of quantized cells: the level's mean, and its cycle-to-cycle noise, cut at zero or drawn
 * again. */
#include "device/models/quantized_draw.h"
#include "core/math.h"
#include "device/cell/levels.h"

enum { CHUNK = MQC_DEVICE_CHUNK, ATTEMPTS = 64 };

/* The draws of n cells at their states, which may be below zero. */
static uint64_t scatter(const memqc_device *d, const struct mqc_cell_arrays *cells, size_t n,
                        const float *states, const float *z, float *g) {
    const float low = (float)mqc_device_g_min(d), high = (float)mqc_device_g_max(d);
    if (d->ladder)
        return mqc_device_kernels()->levels(&d->levels->table, low, high, cells, n, states, z, g);
    if (!cells)
        return mqc_device_kernels()->staircase(&d->stairs, n, states, z, g);
    return mqc_device_kernels()->staircase_cells(&d->stairs, low, high, cells, n, states, z, g);
}

/* What a draw takes: N(0, 1), or uniform in [0, 1) for quantiles. */
static void numbers(const memqc_device *d, const struct mqc_draws *where, uint32_t stream,
                    size_t first, size_t n, float *z) {
    if (d->ladder && d->levels->quantiles)
        mqc_draws_uniforms(where, stream, 0, first, n, z);
    else
        mqc_draws_normals(where, stream, first, n, 0, z);
}

/* The distribution function of N(0, 1), to 1e-6 of itself: half the complementary error function of
 * -z / sqrt(2), as a polynomial in t (Press et al., Numerical Recipes, 2nd ed., section 6.2). */
static float normal_below(float z) {
    const float x = -0.70710678f * z, size = x < 0 ? -x : x, t = 1.0f / (1.0f + 0.5f * size);
    float p = 0.17087277f;
    p = p * t - 0.82215223f;
    p = p * t + 1.48851587f;
    p = p * t - 1.13520398f;
    p = p * t + 0.27886807f;
    p = p * t - 0.18628806f;
    p = p * t + 0.09678418f;
    p = p * t + 0.37409196f;
    p = p * t + 1.00002368f;
    p = p * t - 1.26551223f;
    const float tail = 0.5f * t * mqc_exp(p - size * size);
    return x < 0 ? 1.0f - tail : tail;
}

/* Those of the first draw of a cell, which may have a memory. */
static void first_numbers(const memqc_device *d, const struct mqc_draws *where, uint64_t stride,
                          const float *states, size_t first, size_t n, float *z) {
    const float below_one = 1.0f - 0x1p-24f;
    if (!d->memory.on) {
        numbers(d, where, MQC_STREAM_PROGRAM, first, n, z);
        return;
    }
    mqc_memory_normals(&d->memory, where, stride, states + first, first, n, z);
    for (size_t i = 0; d->ladder && d->levels->quantiles && i < n; i++) {
        const float u = normal_below(z[i]);
        z[i] = u < below_one ? u : below_one;
    }
}

/* One cell, drawn again until it is not below zero. */
static float draw_again(const memqc_device *d, const struct mqc_draws *where,
                        const struct mqc_cell_arrays *cells, size_t i, float state) {
    for (uint32_t attempt = 1; attempt < ATTEMPTS; attempt++) {
        float z, g;
        numbers(d, where, MQC_STREAM_ATTEMPT(MQC_STREAM_PROGRAM, attempt), i, 1, &z);
        if (scatter(d, cells, 1, &state, &z, &g) == 0)
            return g;
    }
    return 0;
}

static struct mqc_cell_arrays own_from(const struct mqc_cell_arrays *c, size_t first) {
    const struct mqc_cell_arrays cells = {c->lo + first, c->hi + first,   NULL, NULL, NULL,
                                          NULL,          c->noise + first};
    return cells;
}

uint64_t mqc_quantized_draw(const memqc_device *d, const struct mqc_draws *where, uint64_t stride,
                            const struct mqc_cell_arrays *cells, size_t n, const float *states,
                            float *g) {
    const int noisy = d->sigma > 0 || (d->ladder && d->levels->quantiles > 0),
              redraw = d->value[MQC_DEVICE_AT(BELOW_ZERO)] == MEMQC_DEVICE_REDRAW;
    float z[CHUNK] = {0};
    uint64_t negative = 0;
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        if (noisy)
            first_numbers(d, where, stride, states, first, m, z);
        if (!redraw && !cells && !d->ladder) {
            negative += mqc_device_kernels()->staircase_clamped(&d->stairs, m, states + first, z,
                                                                g + first);
            continue;
        }
        const struct mqc_cell_arrays own =
            cells ? own_from(cells, first) : (struct mqc_cell_arrays){0};
        const uint64_t below = scatter(d, cells ? &own : NULL, m, states + first, z, g + first);
        negative += below;
        for (size_t i = 0; below && i < m; i++) {
            const struct mqc_cell_arrays one = cells ? own_from(&own, i) : own;
            if (!(g[first + i] < 0))
                continue;
            g[first + i] = 0;
            if (redraw)
                g[first + i] =
                    draw_again(d, where, cells ? &one : NULL, first + i, states[first + i]);
        }
    }
    return negative;
}
