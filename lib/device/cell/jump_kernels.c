/* SPDX-License-Identifier: BSD-3-Clause */
/* Inverse transform: the change of conductance at probability u, linear between the quantiles of a
 * node and linear between the nodes; constant beyond the first and the last node. Compiled once for
 * each instruction set; see core/isa.h. */
#include "device/cell/jump_kernels.h"

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

INLINE struct mqc_jump_table choose(int up, const struct mqc_jump_table *a,
                                    const struct mqc_jump_table *b) {
    struct mqc_jump_table t;
    t.n_g = up ? a->n_g : b->n_g;
    t.n_q = up ? a->n_q : b->n_q;
    t.g_at = up ? a->g_at : b->g_at;
    t.q_at = up ? a->q_at : b->q_at;
    t.even = up ? a->even : b->even;
    t.first = up ? a->first : b->first;
    t.per_way = up ? a->per_way : b->per_way;
    return t;
}

/* The node below g, by bisection; *part: how far g is on the way to the next one. */
INLINE int32_t node_below(const float *g_of, int32_t n, float g, float *part) {
    int32_t low = 0, high = n - 1;
    *part = 0.0f;
    if (n == 1 || g <= g_of[0])
        return 0;
    while (high - low > 1) {
        const int32_t middle = (low + high) >> 1;
        if (g_of[middle] <= g)
            low = middle;
        else
            high = middle;
    }
    *part = g >= g_of[n - 1] ? 1.0f : (g - g_of[low]) / (g_of[low + 1] - g_of[low]);
    return low;
}

/* The same for evenly spaced nodes. */
INLINE int32_t even_node_below(const struct mqc_jump_table *t, float g, float *part) {
    const float last = (float)(t->n_g - 1);
    const int32_t most = t->n_g > 1 ? t->n_g - 2 : 0;
    float at = (g - t->first) * t->per_way;
    at = at > 0.0f ? at : 0.0f;
    at = at < last ? at : last;
    const int32_t whole = (int32_t)at, node = whole < most ? whole : most;
    *part = at - (float)node;
    return node;
}

INLINE float jump_at(const float *block, const struct mqc_jump_table *t, int even, float g,
                     float u) {
    float part;
    const int32_t node =
        even ? even_node_below(t, g, &part) : node_below(block + t->g_at, t->n_g, g, &part);
    const float at = u * (float)(t->n_q - 1);
    const int32_t whole = (int32_t)at, low = whole < t->n_q - 2 ? whole : t->n_q - 2;
    const float rest = at - (float)low;
    const int32_t here = t->q_at + node * t->n_q + low, next = here + (t->n_g > 1 ? t->n_q : 0);
    const float a = block[here] + rest * (block[here + 1] - block[here]);
    const float b = block[next] + rest * (block[next + 1] - block[next]);
    return a + part * (b - a);
}

/* direction, own, even and many are constants where this is inlined. */
INLINE void loop(const struct mqc_jumps *jumps, const struct mqc_pulse *p,
                 const struct mqc_cell_arrays *cells, size_t n, int direction, int own, int even,
                 int many, const float *restrict directions, const float *restrict u,
                 float *restrict g) {
    const struct mqc_jump_table up_table = jumps->table[0], down_table = jumps->table[1];
    const struct mqc_cell_arrays c = own ? *cells : (struct mqc_cell_arrays){0};
    const float *restrict block = jumps->block, *restrict los = c.lo, *restrict his = c.hi;
    const float *restrict ups = c.up, *restrict downs = c.down, *restrict numbers = c.shape_up;
    const float of_up = p->up.step, of_down = p->down.step, p_lo = p->lo, p_hi = p->hi;
    for (size_t i = 0; i < n; i++) {
        const float lo = own ? los[i] : p_lo, hi = own ? his[i] : p_hi, was = g[i];
        const int up = direction ? direction > 0 : directions[i] > 0.0f;
        struct mqc_jump_table t = choose(up, &up_table, &down_table);
        if (many)
            t = jumps->table[2 * (int32_t)numbers[i] + !up];
        float factor = up ? of_up : of_down;
        if (own)
            factor = up ? ups[i] : downs[i];
        float x = was < lo ? lo : was;
        x = x > hi ? hi : x;
        float next = x + factor * jump_at(block, &t, even, x, u[i]);
        next = next < lo ? lo : next;
        next = next > hi ? hi : next;
        g[i] = direction || directions[i] != 0.0f ? next : was;
    }
}

#define LOOP(direction, own, even, many) \
    loop(jumps, p, cells, n, direction, own, even, many, directions, u, g)
#define DIRECTIONS(own, even, many)    \
    do {                               \
        if (direction > 0)             \
            LOOP(1, own, even, many);  \
        else if (direction < 0)        \
            LOOP(-1, own, even, many); \
        else                           \
            LOOP(0, own, even, many);  \
    } while (0)

static void jump(const struct mqc_jumps *jumps, const struct mqc_pulse *p,
                 const struct mqc_cell_arrays *cells, size_t n, int direction,
                 const float *directions, const float *u, float *g) {
    if (cells && jumps->n > 1 && jumps->even)
        DIRECTIONS(1, 1, 1);
    else if (cells && jumps->n > 1)
        DIRECTIONS(1, 0, 1);
    else if (cells && jumps->even)
        DIRECTIONS(1, 1, 0);
    else if (cells)
        DIRECTIONS(1, 0, 0);
    else if (jumps->even)
        DIRECTIONS(0, 1, 0);
    else
        DIRECTIONS(0, 0, 0);
}

const struct mqc_jump_kernels MQC_KERNEL(mqc_jump_kernels) = {jump};
