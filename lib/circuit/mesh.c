/* SPDX-License-Identifier: BSD-3-Clause */
/* The effective matrix of a circuit by elimination.
 *
 * A node k of a network of conductances goes when every two of its neighbours p, q are joined by
 * another g_pk g_kq / (sum of all g_kr): the star is a mesh then. What remains when all nodes but
 * the terminals are gone is the effective matrix. Rectangles of cells are joined two by two, along
 * their longer side, and the nodes on that side eliminated, which no other rectangle has: nested
 * dissection, from single cells to the array. An array of n x n takes about 30 n^3 operations. No
 * number is ever subtracted, so that each conductance is as accurate as the operations that it
 * took, whatever the resistances are; the sums stand in place of a diagonal, as in W. K. Grassmann,
 * M. I. Taksar and D. P. Heyman, Operations Research 33 (1985) 1107. */
#include "circuit/mesh.h"

#include "core/alloc.h"
#include "core/error.h"
#include "circuit/leaves.h"

#include <string.h>

/* Elimination takes no more than so many operations for each node and each line of the shorter
 * side, and no more than so much memory for each cell: iterations would be faster, or take less. */
static const double most_work = 400, most_room = 64, room_to_begin = 1 << 14;

/* Pieces, from one on. */
struct region {
    size_t row, col, rows, cols;
};

struct mesh {
    const struct mqc_circuit *c;
    size_t rows, cols; /* pieces of the array */
    double *leaves;    /* the meshes of `held` */
    double *pack;
    struct region held;
};

/* A mesh of a region: its sides, in the order in which their nodes are numbered. Sides at the edge
 * of the array come last. */
struct order {
    enum mqc_side side[MQC_SIDES];
};

static const struct order whole = {{MQC_LEFT, MQC_RIGHT, MQC_TOP, MQC_BOTTOM}};

static size_t cells_of(size_t first, size_t pieces, size_t most) {
    const size_t end = (first + pieces) * MQC_LEAF;
    return (end < most ? end : most) - first * MQC_LEAF;
}

/* Nodes of a side: none where the lines end there, open. */
static size_t count(const struct mesh *m, const struct region *r, enum mqc_side side) {
    const struct mqc_circuit *const c = m->c;
    const size_t rows = cells_of(r->row, r->rows, c->mi), cols = cells_of(r->col, r->cols, c->n);
    switch (side) {
    case MQC_LEFT:
        return r->col > 0 || c->inner.first > 0 ? rows : 0;
    case MQC_RIGHT:
        return r->col + r->cols < m->cols || c->inner.last > 0 ? rows : 0;
    case MQC_TOP:
        return r->row > 0 || c->outer.first > 0 ? cols : 0;
    default:
        return r->row + r->rows < m->rows || c->outer.last > 0 ? cols : 0;
    }
}

static size_t count_all(const struct mesh *m, const struct region *r) {
    size_t sum = 0;
    for (int side = 0; side < MQC_SIDES; side++)
        sum += count(m, r, (enum mqc_side)side);
    return sum;
}

/* Rows of a mesh are so far apart: whole vectors, and no power of two. */
static size_t stride(size_t n) {
    const size_t whole_vectors = (n + MQC_MESHES - 1) / MQC_MESHES * MQC_MESHES;
    return whole_vectors % 128 ? whole_vectors : whole_vectors + MQC_MESHES;
}

/* The mesh of a region, in memory of its own, together with what was eliminated. */
struct part {
    double *memory, *mesh;
    size_t ld;
};

static size_t room(size_t n) {
    return (n + MQC_MESH_PAD) * stride(n + MQC_MESH_PAD);
}

static memqc_status open_part(size_t n, struct part *part) {
    part->ld = stride(n + MQC_MESH_PAD);
    part->mesh = part->memory = mqc_alloc_unset(room(n), sizeof *part->memory);
    return part->memory ? MEMQC_OK : MEMQC_ERROR_NOMEM;
}

/* The halves of a region; returns whether they lie side by side, not one above the other. */
static int halve(const struct region *r, struct region half[2]) {
    const int beside = r->cols > r->rows;
    half[0] = half[1] = *r;
    if (beside) {
        half[0].cols = r->cols / 2;
        half[1].cols = r->cols - half[0].cols;
        half[1].col += half[0].cols;
    } else {
        half[0].rows = r->rows / 2;
        half[1].rows = r->rows - half[0].rows;
        half[1].row += half[0].rows;
    }
    return beside;
}

static size_t between(const struct mesh *m, const struct region *r, int beside) {
    return beside ? cells_of(r->row, r->rows, m->c->mi) : cells_of(r->col, r->cols, m->c->n);
}

/* Adds the operations that the work on a region takes, and finds the most nodes of a front. */
static void estimate(const struct mesh *m, const struct region *r, double *work, size_t *most) {
    struct region half[2];
    if (r->rows * r->cols == 1)
        return;
    const size_t rest = count_all(m, r), pivots = between(m, r, halve(r, half)), n = pivots + rest;
    *work += (double)pivots * (double)rest * (double)n;
    *most = n > *most ? n : *most;
    estimate(m, &half[0], work, most);
    estimate(m, &half[1], work, most);
}

/* The order of a part: the side that it shares with the other comes first. */
static struct order order_of(const struct order *parent, enum mqc_side shared) {
    struct order order = {{shared}};
    size_t next = 1;
    for (size_t k = 0; k < MQC_SIDES; k++)
        if (parent->side[k] != shared)
            order.side[next++] = parent->side[k];
    return order;
}

static int holds(const struct region *held, const struct region *r) {
    return r->row >= held->row && r->row < held->row + held->rows && r->col >= held->col &&
           r->col < held->col + held->cols;
}

/* Makes the pieces of a region of at most MQC_MESHES of them. */
static void hold(struct mesh *m, const struct region *r) {
    struct mqc_leaf leaves[MQC_MESHES];
    for (size_t l = 0; l < MQC_MESHES; l++) {
        const size_t k = l < r->rows * r->cols ? l : 0;
        leaves[l] = (struct mqc_leaf){r->row + k / r->cols, r->col + k % r->cols};
    }
    mqc_leaves_make(m->c, leaves, m->leaves);
    m->held = *r;
}

/* Takes the mesh of one piece out of those that are held. */
static memqc_status take(const struct mesh *m, const struct region *r, const struct order *order,
                         struct part *out) {
    const struct region *const held = &m->held;
    const double *const from = m->leaves + (r->row - held->row) * held->cols + (r->col - held->col);
    size_t node[MQC_LEAF_NODES], n = 0;
    for (size_t k = 0; k < MQC_SIDES; k++)
        for (size_t i = 0; i < count(m, r, order->side[k]); i++)
            node[n++] = (size_t)order->side[k] * MQC_LEAF + i;
    MQC_TRY(open_part(n, out));
    for (size_t p = 0; p < n; p++) {
        for (size_t q = p + 1; q < n; q++) {
            const size_t low = node[p] < node[q] ? node[p] : node[q],
                         high = node[p] < node[q] ? node[q] : node[p];
            out->mesh[p * out->ld + q] =
                from[(mqc_triangle(MQC_LEAF_NODES, low) + high - low - 1) * MQC_MESHES];
        }
    }
    return MEMQC_OK;
}

/* The runs of both parts in the front of a region. */
static void lay_out(const struct mesh *m, const struct region *r, const struct order *order,
                    const struct region half[2], int beside, struct mqc_mesh_runs runs[2]) {
    size_t at = between(m, r, beside);
    for (int k = 0; k < 2; k++)
        runs[k] = (struct mqc_mesh_runs){1, {0, at}, {0}};
    for (size_t s = 0; s < MQC_SIDES; s++) {
        const enum mqc_side side = order->side[s];
        const int across = side == MQC_LEFT || side == MQC_RIGHT;
        for (int k = 0; k < 2; k++) {
            /* the other part has all of the left or right side, or of the top or bottom */
            if (across == beside && (side == MQC_LEFT || side == MQC_TOP) != (k == 0))
                continue;
            struct mqc_mesh_runs *const run = &runs[k];
            const size_t nodes = count(m, &half[k], side);
            run->to[run->count] = at;
            run->from[run->count + 1] = run->from[run->count] + nodes;
            run->count++;
            at += nodes;
        }
    }
}

/* Where the terminals of inner and of outer lines begin among the nodes of a region. */
static void find_ends(const struct mesh *m, const struct region *r, size_t *ends, size_t *others) {
    *ends = *others = count_all(m, r);
    if (r->row == 0)
        *others -= count(m, r, MQC_TOP);
    if (r->row + r->rows == m->rows)
        *others -= count(m, r, MQC_BOTTOM);
    *ends = *others;
    if (r->col == 0)
        *ends -= count(m, r, MQC_LEFT);
    if (r->col + r->cols == m->cols)
        *ends -= count(m, r, MQC_RIGHT);
}

static memqc_status make(struct mesh *m, const struct region *r, const struct order *order,
                         struct part *out);

/* Makes both halves of a region. */
static memqc_status make_halves(struct mesh *m, const struct region half[2], int beside,
                                const struct order *order, struct part part[2]) {
    const struct order first = order_of(order, beside ? MQC_RIGHT : MQC_BOTTOM),
                       second = order_of(order, beside ? MQC_LEFT : MQC_TOP);
    MQC_TRY(make(m, &half[0], &first, &part[0]));
    return make(m, &half[1], &second, &part[1]);
}

/* Joins the halves of a region. */
static memqc_status join(struct mesh *m, const struct region *r, const struct order *order,
                         struct part *out) {
    const struct mqc_mesh_kernels *const k = mqc_mesh_kernels();
    struct region half[2];
    struct part part[2] = {{NULL, NULL, 0}, {NULL, NULL, 0}};
    struct mqc_mesh_runs runs[2];
    const int beside = halve(r, half);
    const size_t pivots = between(m, r, beside), n = pivots + count_all(m, r);
    size_t ends, others;
    memqc_status status = make_halves(m, half, beside, order, part);
    if (status == MEMQC_OK)
        status = open_part(n, out);
    if (status == MEMQC_OK) {
        lay_out(m, r, order, half, beside, runs);
        for (int i = 0; i < 2; i++)
            k->add(&runs[i], i == 0, part[i].mesh, part[i].ld, n, out->ld, out->mesh);
    }
    mqc_free(part[0].memory);
    mqc_free(part[1].memory);
    MQC_TRY(status);
    find_ends(m, r, &ends, &others);
    k->eliminate(pivots, pivots + ends, pivots + others, n, out->ld, out->mesh, m->pack);
    out->mesh += pivots * (out->ld + 1);
    return MEMQC_OK;
}

static memqc_status make(struct mesh *m, const struct region *r, const struct order *order,
                         struct part *out) {
    if (r->rows * r->cols <= MQC_MESHES && !holds(&m->held, r))
        hold(m, r);
    return r->rows * r->cols == 1 ? take(m, r, order, out) : join(m, r, order, out);
}

static struct mesh mesh_of(const struct mqc_circuit *c) {
    return (struct mesh){.c = c,
                         .rows = (c->mi + MQC_LEAF - 1) / MQC_LEAF,
                         .cols = (c->n + MQC_LEAF - 1) / MQC_LEAF};
}

int mqc_mesh_suits(const struct mqc_circuit *c) {
    const struct mesh m = mesh_of(c);
    const struct region all = {0, 0, m.rows, m.cols};
    const double cells = (double)c->mi * (double)c->n,
                 lines = (double)(c->mi < c->n ? c->mi : c->n);
    double work = 0;
    size_t most = 0;
    if (c->outer_line != MQC_LINE_WIRE || c->inner.line != MQC_LINE_WIRE)
        return 0;
    estimate(&m, &all, &work, &most);
    return (double)most * (double)most <= most_room * cells + room_to_begin &&
           work <= most_work * cells * lines + room_to_begin;
}

/* The sum over both ends of the lines, where there are two. */
static void deliver(const struct mesh *m, const struct part *part, double *g, size_t ldg) {
    const struct mqc_circuit *const c = m->c;
    const struct region all = {0, 0, m->rows, m->cols};
    const size_t n = count_all(m, &all),
                 inner = count(m, &all, MQC_LEFT) + count(m, &all, MQC_RIGHT);
    for (size_t i = 0; i < c->mi; i++) {
        for (size_t j = 0; j < c->n; j++) {
            double sum = 0;
            for (size_t from = i; from < inner; from += c->mi)
                for (size_t to = inner + j; to < n; to += c->n)
                    sum += part->mesh[from * part->ld + to];
            g[c->swapped ? j * ldg + i : i * ldg + j] = sum / c->unit;
        }
    }
}

memqc_status mqc_mesh_matrix(const struct mqc_circuit *c, double *g, size_t ldg) {
    struct mesh m = mesh_of(c);
    const struct region all = {0, 0, m.rows, m.cols};
    struct part part = {NULL, NULL, 0};
    double work = 0;
    size_t most = 0;
    estimate(&m, &all, &work, &most);
    if (!(m.leaves = mqc_alloc_unset(MQC_LEAF_ROOM + mqc_mesh_pack(most), sizeof *m.leaves)))
        return MEMQC_ERROR_NOMEM;
    m.pack = m.leaves + MQC_LEAF_ROOM;
    const memqc_status status = make(&m, &all, &whole, &part);
    if (status == MEMQC_OK)
        deliver(&m, &part, g, ldg);
    mqc_free(part.memory);
    mqc_free(m.leaves);
    return status;
}
