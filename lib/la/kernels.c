/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. */
#include "la/kernels.h"

#include <string.h>

/* Panels of B are WIDTH columns wide and DEPTH rows deep: packed, they stay in the first-level
 * cache. A block of ROWS rows of C is kept in registers meanwhile; ROWS has no influence on the
 * order of additions. */
enum { WIDTH = 16, DEPTH = 256 };

#if defined(__AVX512F__)
enum { VECTOR = 16, ROWS = 8 };
#elif defined(__AVX2__)
enum { VECTOR = 8, ROWS = 4 };
#else
enum { VECTOR = 4, ROWS = 2 };
#endif

typedef float vector __attribute__((vector_size(VECTOR * sizeof(float))));

enum { VECTORS = WIDTH / VECTOR };

static inline vector load(const float *from) {
    vector v;
    memcpy(&v, from, sizeof v);
    return v;
}

static void pack(size_t n, size_t k, struct mqc_view b, float panel[DEPTH * WIDTH]) {
    for (size_t p = 0; p < k; p++) {
        for (size_t j = 0; j < n; j++)
            panel[p * WIDTH + j] = b.data[p * b.row + j * b.col];
        for (size_t j = n; j < WIDTH; j++)
            panel[p * WIDTH + j] = 0;
    }
}

static inline void store(float *to, vector v) {
    memcpy(to, &v, sizeof v);
}

static inline void block(size_t rows, size_t n, size_t k, float alpha, struct mqc_view a,
                         const float *panel, float beta, float *c, size_t ldc) {
    vector sum[ROWS][VECTORS];
    for (size_t r = 0; r < rows; r++)
        for (size_t v = 0; v < VECTORS; v++)
            sum[r][v] = (vector){0};
    for (size_t p = 0; p < k; p++) {
        for (size_t r = 0; r < rows; r++) {
            const float x = a.data[r * a.row + p * a.col];
            for (size_t v = 0; v < VECTORS; v++)
                sum[r][v] += x * load(panel + p * WIDTH + v * VECTOR);
        }
    }
    for (size_t r = 0; r < rows; r++) {
        float edge[WIDTH] = {0}, *to = n == WIDTH ? c + r * ldc : edge;
        for (size_t j = 0; j < n && n < WIDTH && beta != 0; j++)
            edge[j] = c[r * ldc + j];
        for (size_t v = 0; v < VECTORS; v++)
            store(to + v * VECTOR,
                  beta == 0 ? alpha * sum[r][v] : alpha * sum[r][v] + beta * load(to + v * VECTOR));
        for (size_t j = 0; j < n && n < WIDTH; j++)
            c[r * ldc + j] = edge[j];
    }
}

static void thin_product(size_t m, size_t n, size_t k, float alpha, struct mqc_view a,
                         struct mqc_view b, float beta, float *c, size_t ldc) {
    float panel[DEPTH * WIDTH];
    for (size_t p = 0; p < k; p += DEPTH, beta = 1) {
        const size_t depth = k - p < DEPTH ? k - p : DEPTH;
        for (size_t j = 0; j < n; j += WIDTH) {
            const size_t width = n - j < WIDTH ? n - j : WIDTH;
            const struct mqc_view part = {b.data + p * b.row + j * b.col, b.row, b.col};
            const float *from = panel;
            if (width == WIDTH && b.row == WIDTH && b.col == 1)
                from = part.data;
            else
                pack(width, depth, part, panel);
            size_t i = 0;
            for (; i + ROWS <= m; i += ROWS) {
                const struct mqc_view rows = {a.data + i * a.row + p * a.col, a.row, a.col};
                if (width == WIDTH) /* with a constant, there is no edge to be looked at */
                    block(ROWS, WIDTH, depth, alpha, rows, from, beta, c + i * ldc + j, ldc);
                else
                    block(ROWS, width, depth, alpha, rows, from, beta, c + i * ldc + j, ldc);
            }
            for (; i < m; i++) {
                const struct mqc_view row = {a.data + i * a.row + p * a.col, a.row, a.col};
                block(1, width, depth, alpha, row, from, beta, c + i * ldc + j, ldc);
            }
        }
    }
}

const struct mqc_la_kernels MQC_KERNEL(mqc_la_kernels) = {thin_product};
