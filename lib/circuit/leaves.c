/* SPDX-License-Identifier: BSD-3-Clause */
/* Square pieces of an array as meshes: two halves at a time are joined, and the nodes between them
 * eliminated, from single cells on. */
#include "circuit/leaves.h"

#include <string.h>

/* Conducts so well that the rest is nothing beside it, and its products are no overflow. */
static const double perfect = 1e150;

/* Takes the place of a sum that is 0. */
static const double least = 1e-300;

/* What one cell joins: pairs of its sides. */
enum {
    LEFT_RIGHT,
    LEFT_TOP,
    LEFT_BOTTOM,
    RIGHT_TOP,
    RIGHT_BOTTOM,
    TOP_BOTTOM,
    PAIRS,
};

/* From position k of a line of n cells to the next one. */
static double step(size_t n, size_t k, double segment, double last) {
    if (k + 1 < n)
        return segment;
    return k + 1 == n ? last * segment : perfect;
}

/* Between the terminal on the left and the line's first node is a resistance: that node goes. */
static void behind_left(double *m, double terminal) {
    const double right = m[LEFT_RIGHT], cell = m[LEFT_TOP],
                 share = 1 / (terminal + right + cell + least);
    m[LEFT_RIGHT] = terminal * share * right;
    m[LEFT_TOP] = terminal * share * cell;
    m[RIGHT_TOP] = cell * share * right;
}

static void behind_top(double *m, double terminal) {
    const double left = m[LEFT_TOP], right = m[RIGHT_TOP], down = m[TOP_BOTTOM],
                 share = 1 / (left + right + down + terminal + least);
    m[LEFT_RIGHT] += left * share * right;
    m[LEFT_BOTTOM] = left * share * down;
    m[RIGHT_BOTTOM] = right * share * down;
    m[LEFT_TOP] = left * share * terminal;
    m[RIGHT_TOP] = right * share * terminal;
    m[TOP_BOTTOM] = terminal * share * down;
}

static void one_cell(const struct mqc_circuit *c, const struct mqc_leaf *leaves, size_t row,
                     size_t col, double *mesh) {
    const double segment = 1 / c->inner.ratio;
    for (size_t l = 0; l < MQC_MESHES; l++) {
        const size_t i = leaves[l].row * MQC_LEAF + row, j = leaves[l].col * MQC_LEAF + col;
        double m[PAIRS] = {0};
        m[LEFT_RIGHT] = step(c->n, j, segment, c->inner.last);
        m[LEFT_TOP] = i < c->mi && j < c->n ? c->d[mqc_circuit_place(c, i, j)] : 0;
        m[TOP_BOTTOM] = step(c->mi, i, 1, c->outer.last);
        if (j == 0)
            behind_left(m, segment * c->inner.first);
        if (i == 0)
            behind_top(m, c->outer.first);
        for (size_t k = 0; k < PAIRS; k++)
            mesh[k * MQC_MESHES + l] = m[k];
    }
}

static size_t size_of(size_t nodes) {
    return mqc_triangle(nodes, nodes) * MQC_MESHES;
}

static void put(unsigned char *map, size_t count, size_t to) {
    for (size_t k = 0; k < count; k++)
        map[k] = (unsigned char)(to + k);
}

struct extent {
    size_t rows, cols;
};

/* Where the sides of a part go in the front of the whole: the nodes between the parts come first,
 * then the sides of the whole. first: is the part the left or the upper one? */
static void place(struct extent whole, struct extent part, int first, unsigned char *map) {
    const int beside = part.cols < whole.cols;
    const size_t between = beside ? whole.rows : whole.cols,
                 below = first ? 0 : whole.rows - part.rows,
                 right = first ? 0 : whole.cols - part.cols, left_at = between,
                 right_at = left_at + whole.rows, top_at = right_at + whole.rows,
                 bottom_at = top_at + whole.cols;
    put(map, part.rows, beside && !first ? 0 : left_at + below);
    put(map + part.rows, part.rows, beside && first ? 0 : right_at + below);
    put(map + 2 * part.rows, part.cols, !beside && !first ? 0 : top_at + right);
    put(map + 2 * part.rows + part.cols, part.cols, !beside && first ? 0 : bottom_at + right);
}

/* The mesh of some cells of each piece, at the beginning of `work`. */
static void make(const struct mqc_circuit *c, const struct mqc_leaf *leaves, struct mqc_leaf at,
                 struct extent size, double *work) {
    const struct mqc_mesh_kernels *const k = mqc_mesh_kernels();
    const int beside = size.cols > size.rows;
    const struct extent part = {beside ? size.rows : size.rows / 2,
                                beside ? size.cols / 2 : size.cols};
    const struct mqc_leaf next = {at.row + (beside ? 0 : part.rows),
                                  at.col + (beside ? part.cols : 0)};
    const size_t nodes = 2 * (part.rows + part.cols), between = beside ? size.rows : size.cols,
                 rest = 2 * (size.rows + size.cols), n = between + rest;
    unsigned char map[MQC_LEAF_NODES];
    if (size.rows == 1 && size.cols == 1) {
        one_cell(c, leaves, at.row, at.col, work);
        return;
    }
    double *const second = work + size_of(nodes), *const front = second + size_of(nodes);
    make(c, leaves, at, part, work);
    make(c, leaves, next, part, second);
    memset(front, 0, size_of(n) * sizeof *front);
    place(size, part, 1, map);
    k->add_small(nodes, work, map, n, front);
    place(size, part, 0, map);
    k->add_small(nodes, second, map, n, front);
    k->eliminate_small(between, n, front);
    memmove(work, front + mqc_triangle(n, between) * MQC_MESHES, size_of(rest) * sizeof *work);
}

void mqc_leaves_make(const struct mqc_circuit *c, const struct mqc_leaf *leaves, double *work) {
    make(c, leaves, (struct mqc_leaf){0, 0}, (struct extent){MQC_LEAF, MQC_LEAF}, work);
}
