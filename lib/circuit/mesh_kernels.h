/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_CIRCUIT_MESH_KERNELS_H
#define MQC_CIRCUIT_MESH_KERNELS_H

#include "core/isa.h"

#include <stddef.h>

/* Right-hand sides, or small meshes, side by side: of kernels.h, too. */
enum { MQC_MESHES = 8 };

/* What a front's rows and columns have to be padded with, by zeros: n columns are at most n +
 * MQC_MESH_PAD long, and so many rows. */
enum { MQC_MESH_PAD = 16 };

/* Runs of the nodes of a part: run k goes from node from[k] to from[k + 1], and in the front to
 * nodes from to[k] on, in the same order, with others in between. */
enum { MQC_MESH_RUNS = 4 };

struct mqc_mesh_runs {
    size_t count, from[MQC_MESH_RUNS + 1], to[MQC_MESH_RUNS];
};

/* A mesh joins every two of its nodes by a conductance: element (p, q) with p < q of a matrix. What
 * lies below the diagonal, and on it, is scratch. To eliminate node k is to put
 * g_pq + g_pk g_kq / (sum of all g_kr) in place of g_pq: only sums, products and quotients of
 * positive numbers. A node that joins nothing vanishes. */
struct mqc_mesh_kernels {
    /* Small meshes, MQC_MESHES of them, whose elements are side by side; rows of the triangle one
     * after the other. front[map[p], map[q]] += part[p, q] for a part of `nodes` nodes in a front
     * of n; and the first `pivots` nodes of n are eliminated. */
    void (*add_small)(size_t nodes, const double *part, const unsigned char *map, size_t n,
                      double *front);
    void (*eliminate_small)(size_t pivots, size_t n, double *front);

    /* Adds one of two large meshes to a front of n nodes, whose elements need not be set before.
     * Its first run are the nodes of both; they come first in the front. Zeros go between its
     * runs, and to the right of n. */
    void (*add)(const struct mqc_mesh_runs *runs, int first, const double *part, size_t part_ld,
                size_t n, size_t ld, double *front);

    /* One large mesh of n nodes, rows `ld` apart, ld of at least n + MQC_MESH_PAD, as many rows of
     * memory. Eliminates the first `pivots` nodes. Of the others, those from `ends` on are two
     * kinds of terminals, the second from `others` on: what joins terminals of one kind is not
     * made. pack: room for mqc_mesh_pack(n) numbers. */
    void (*eliminate)(size_t pivots, size_t ends, size_t others, size_t n, size_t ld, double *a,
                      double *pack);

    /* Products in double precision, in a fixed order: packs `depth` rows of `width` numbers (element
     * (k, j) at k * step_k + j * step_j), and multiplies MQC_MESHES vectors in[k * MQC_MESHES + l]
     * with them: out[j * MQC_MESHES + l]. packed: room for depth x (width + MQC_MESH_PAD). */
    void (*pack)(size_t depth, size_t width, const double *g, size_t step_k, size_t step_j,
                 double *packed);
    void (*multiply)(size_t depth, size_t width, const double *packed, const double *in,
                     double *out);
};

/* Pivots that are eliminated together. */
enum { MQC_MESH_BLOCK = 64 };

static inline size_t mqc_mesh_pack(size_t n) {
    return 2 * (size_t)MQC_MESH_BLOCK * (n + 2 * (size_t)MQC_MESH_PAD);
}

/* Where element (p, q) of a triangle of n nodes is, p < q; where row p begins, from q = p + 1 on. */
static inline size_t mqc_triangle(size_t n, size_t p) {
    return p * (2 * n - p - 1) / 2;
}

const struct mqc_mesh_kernels *mqc_mesh_kernels(void);

MQC_DECLARE_KERNELS(mqc_mesh_kernels, mqc_mesh_kernels);

#endif
