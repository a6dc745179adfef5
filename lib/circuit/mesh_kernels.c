/* SPDX-License-Identifier: BSD-3-Clause */
/* Elimination of the nodes of meshes; see mesh_kernels.h. Compiled once for each instruction set.
 *
 * Every element takes its summands in the order of the pivots, so that no bit depends on how large
 * the blocks and tiles are. */
#include "circuit/mesh_kernels.h"
#include "circuit/vector.h"

#include <string.h>

_Static_assert((int)MQC_MESHES == (int)MQC_VECTOR, "a vector has a number of each");

/* A tile of ROWS x WIDTH sums stays in registers. */
#if defined(__AVX512F__)
enum { ROWS = 8, VECTORS = 2 };
#elif defined(__AVX2__)
enum { ROWS = 4, VECTORS = 1 };
#else
enum { ROWS = 2, VECTORS = 1 };
#endif
enum { WIDTH = VECTORS * MQC_MESHES, PANEL = 8 };

/* Takes the place of a sum that is 0: nothing is joined there. */
static const double least = 1e-300;

/* --- small meshes, side by side --- */

static void add_small(size_t nodes, const double *part, const unsigned char *map, size_t n,
                      double *front) {
    for (size_t p = 0; p + 1 < nodes; p++) {
        const size_t at = map[p];
        double *const row = front + mqc_triangle(n, at) * MQC_MESHES;
        for (size_t q = p + 1; q < nodes; q++, part += MQC_MESHES) {
            const size_t to = map[q];
            double *const where = to > at
                                      ? row + (to - at - 1) * MQC_MESHES
                                      : front + (mqc_triangle(n, to) + at - to - 1) * MQC_MESHES;
            store(where, load(where) + load(part));
        }
    }
}

static inline vector sum_small(size_t count, const double *row) {
    vector sum[2] = {{0}, {0}};
    size_t q = 0;
    for (; q + 2 <= count; q += 2) {
        sum[0] += load(row + q * MQC_MESHES);
        sum[1] += load(row + (q + 1) * MQC_MESHES);
    }
    if (q < count)
        sum[0] += load(row + q * MQC_MESHES);
    return 1.0 / (sum[0] + sum[1] + least);
}

/* Two nodes at once. */
static inline void two_small(size_t count, double *row) {
    double *const first = row, *const second = row + count * MQC_MESHES;
    const vector one = sum_small(count, first);
    const vector before = load(first) * one;
    for (size_t q = 1; q < count; q++)
        store(second + (q - 1) * MQC_MESHES,
              load(second + (q - 1) * MQC_MESHES) + before * load(first + q * MQC_MESHES));
    const vector two = sum_small(count - 1, second);
    double *to = second + (count - 1) * MQC_MESHES;
    for (size_t p = 1; p + 1 < count; p++) {
        const vector f = load(first + p * MQC_MESHES) * one,
                     g = load(second + (p - 1) * MQC_MESHES) * two;
        for (size_t q = p + 1; q < count; q++, to += MQC_MESHES)
            store(to, load(to) + f * load(first + q * MQC_MESHES) +
                          g * load(second + (q - 1) * MQC_MESHES));
    }
}

static inline void one_small(size_t count, double *row) {
    const vector one = sum_small(count, row);
    double *to = row + count * MQC_MESHES;
    for (size_t p = 0; p + 1 < count; p++) {
        const vector f = load(row + p * MQC_MESHES) * one;
        for (size_t q = p + 1; q < count; q++, to += MQC_MESHES)
            store(to, load(to) + f * load(row + q * MQC_MESHES));
    }
}

static void eliminate_small(size_t pivots, size_t n, double *front) {
    size_t k = 0;
    for (; k + 2 <= pivots; k += 2)
        two_small(n - k - 1, front + mqc_triangle(n, k) * MQC_MESHES);
    if (k < pivots)
        one_small(n - k - 1, front + mqc_triangle(n, k) * MQC_MESHES);
}

/* --- one large mesh --- */

/* Part of row p of run k, which has all of the front's row, and of the runs that follow: zeros are
 * in between. */
static inline void fill(const struct mqc_mesh_runs *runs, size_t k, size_t p, const double *row,
                        size_t n, double *restrict to) {
    size_t at = runs->to[k] + p - runs->from[k] + 1, from = p + 1;
    for (size_t other = k; other < runs->count; other++) {
        const size_t begin = other == k ? at : runs->to[other], end = runs->from[other + 1];
        memset(to + at, 0, (begin - at) * sizeof *to);
        memcpy(to + begin, row + from, (end - from) * sizeof *to);
        at = begin + end - from;
        from = end;
    }
    memset(to + at, 0, (n + MQC_MESH_PAD - at) * sizeof *to);
}

static void add(const struct mqc_mesh_runs *runs, int first, const double *part, size_t part_ld,
                size_t n, size_t ld, double *front) {
    for (size_t k = 0; k < runs->count; k++)
        for (size_t p = runs->from[k]; (first || k > 0) && p < runs->from[k + 1]; p++)
            fill(runs, k, p, part + p * part_ld, n, front + (runs->to[k] + p - runs->from[k]) * ld);
    for (size_t p = 0; !first && p < runs->from[1]; p++) {
        const double *const row = part + p * part_ld;
        double *const to = front + p * ld;
        for (size_t other = 0; other < runs->count; other++) {
            const size_t start = other ? runs->from[other] : p + 1,
                         count = runs->from[other + 1] - start;
            const double *restrict from = row + start;
            double *restrict at = to + runs->to[other] + start - runs->from[other];
            for (size_t q = 0; q < count; q++)
                at[q] += from[q];
        }
    }
}

/* c += f^T g: f has ROWS numbers for each k, g WIDTH. */
static inline void tile(size_t depth, const double *restrict f, const double *restrict g, size_t ld,
                        double *restrict c) {
    vector sum[ROWS][VECTORS];
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 2
        for (int v = 0; v < VECTORS; v++)
            sum[r][v] = load(c + (size_t)r * ld + v * MQC_MESHES);
    for (size_t k = 0; k < depth; k++, f += ROWS, g += WIDTH) {
        vector right[VECTORS];
#pragma GCC unroll 2
        for (int v = 0; v < VECTORS; v++)
            right[v] = load(g + v * MQC_MESHES);
#pragma GCC unroll 8
        for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 2
            for (int v = 0; v < VECTORS; v++)
                sum[r][v] += f[r] * right[v];
    }
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 2
        for (int v = 0; v < VECTORS; v++)
            store(c + (size_t)r * ld + v * MQC_MESHES, sum[r][v]);
}

/* 1 / sum of row[0 .. count], with zeros behind it. */
static inline double inverse(size_t count, const double *row) {
    vector sum[2] = {{0}, {0}};
    double all = 0;
    for (size_t q = 0; q < count; q += 2 * MQC_MESHES) {
        sum[0] += load(row + q);
        if (q + MQC_MESHES < count)
            sum[1] += load(row + q + MQC_MESHES);
    }
    sum[0] += sum[1];
    for (int v = 0; v < MQC_MESHES; v++)
        all += sum[0][v];
    return 1.0 / (all + least);
}

/* Nodes k0 .. k1 among themselves: their rows are what they are when each is eliminated. */
static void panel(size_t k0, size_t k1, size_t n, size_t ld, double *a, double *inverses) {
    for (size_t k = k0; k < k1; k++) {
        const double *const row = a + k * ld;
        const double one = inverses[k - k0] = inverse(n - k - 1, row + k + 1);
        for (size_t i = k + 1; i < k1; i++) {
            const vector f = (vector){0} + row[i] * one;
            double *const to = a + i * ld;
            for (size_t j = i + 1; j < n; j += MQC_MESHES)
                store(to + j, load(to + j) + f * load(row + j));
        }
    }
}

/* Nodes k0 .. k1 are eliminated from rows i0 .. i1; rows from `ends` on only have columns from
 * `others` on. */
struct front {
    size_t ends, others, n, ld;
    double *a, *pack;
};

static void update(const struct front *t, size_t k0, size_t k1, const double *inverses, size_t i0,
                   size_t i1) {
    const size_t n = t->n, ld = t->ld;
    double *const a = t->a;
    const size_t depth = k1 - k0;
    double *const left = t->pack, *const right = t->pack + MQC_MESH_BLOCK * (n + 2 * MQC_MESH_PAD);
    for (size_t j = i0; j < n; j += WIDTH)
        for (size_t k = 0; k < depth; k++)
            memcpy(right + (j - i0) * depth + k * WIDTH, a + (k0 + k) * ld + j,
                   WIDTH * sizeof *right);
    for (size_t i = i0; i < i1; i += ROWS)
        for (size_t k = 0; k < depth; k++)
            for (size_t r = 0; r < ROWS; r++)
                left[(i - i0) * depth + k * ROWS + r] =
                    i + r < i1 ? a[(k0 + k) * ld + i + r] * inverses[k] : 0;
    for (size_t i = i0; i < i1; i += ROWS) {
        const size_t first = i >= t->ends ? t->others : i;
        for (size_t j = i0 + (first - i0) / WIDTH * WIDTH; j < n; j += WIDTH)
            tile(depth, left + (i - i0) * depth, right + (j - i0) * depth, ld, a + i * ld + j);
    }
}

static void eliminate(size_t pivots, size_t ends, size_t others, size_t n, size_t ld, double *a,
                      double *pack) {
    const struct front front = {ends, others, n, ld, a, pack};
    double inverses[MQC_MESH_BLOCK];
    for (size_t first = 0; first < pivots; first += MQC_MESH_BLOCK) {
        const size_t last = pivots - first < MQC_MESH_BLOCK ? pivots : first + MQC_MESH_BLOCK;
        for (size_t k = first; k < last; k += PANEL) {
            const size_t end = last - k < PANEL ? last : k + PANEL;
            panel(k, end, n, ld, a, inverses + (k - first));
            if (end < last)
                update(&front, k, end, inverses + (k - first), end, last);
        }
        if (last < others)
            update(&front, first, last, inverses, last, others);
    }
}

/* --- products --- */

static void pack(size_t depth, size_t width, const double *g, size_t step_k, size_t step_j,
                 double *packed) {
    for (size_t j = 0; j < width; j += MQC_MESHES)
        for (size_t k = 0; k < depth; k++)
            for (size_t r = 0; r < MQC_MESHES; r++)
                packed[j * depth + k * MQC_MESHES + r] =
                    j + r < width ? g[k * step_k + (j + r) * step_j] : 0;
}

static void multiply(size_t depth, size_t width, const double *packed, const double *in,
                     double *out) {
    for (size_t j = 0; j < width; j += MQC_MESHES) {
        const double *g = packed + j * depth;
        vector sum[MQC_MESHES] = {{0}};
        for (size_t k = 0; k < depth; k++, g += MQC_MESHES) {
            const vector right = load(in + k * MQC_MESHES);
#pragma GCC unroll 8
            for (int r = 0; r < MQC_MESHES; r++)
                sum[r] += g[r] * right;
        }
        for (size_t r = 0; r < MQC_MESHES && j + r < width; r++)
            store(out + (j + r) * MQC_MESHES, sum[r]);
    }
}

const struct mqc_mesh_kernels MQC_KERNEL(mqc_mesh_kernels) = {
    add_small, eliminate_small, add, eliminate, pack, multiply};
