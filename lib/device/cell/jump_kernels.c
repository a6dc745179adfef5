/* SPDX-License-Identifier: BSD-3-Clause */
/* Inverse transform: the change of conductance at probability u, linear between the quantiles of a
 * node and linear between the nodes; constant beyond the first and the last node. Compiled once for
 * each instruction set; see core/isa.h. */
#include "device/cell/jump_kernels.h"

/* How a node is found: by arithmetic on an even grid; by so many compares in a bucket that holds at
 * most one node, or three; by bisection in any bucket, which is not vectorized. */
enum { EVEN, ONE_COMPARE, TWO_COMPARES, BISECTION };

/* Are there tables beside the first, and are they of its size? */
enum { NONE, ALIKE, UNLIKE };

MQC_INLINE struct mqc_jump_table choose(int up, const struct mqc_jump_table *a,
                                        const struct mqc_jump_table *b) {
    struct mqc_jump_table t;
    t.n_g = up ? a->n_g : b->n_g;
    t.n_q = up ? a->n_q : b->n_q;
    t.g_at = up ? a->g_at : b->g_at;
    t.q_at = up ? a->q_at : b->q_at;
    t.first = up ? a->first : b->first;
    t.per_way = up ? a->per_way : b->per_way;
    t.buckets = up ? a->buckets : b->buckets;
    t.bucket_at = up ? a->bucket_at : b->bucket_at;
    t.per_bucket = up ? a->per_bucket : b->per_bucket;
    return t;
}

/* Direction k of many tables, of which `first` is one, as are its buckets. Only tables of other sizes
 * are read from memory. */
MQC_INLINE struct mqc_jump_table one_of_many(const struct mqc_jumps *jumps, int many,
                                             const struct mqc_jump_table *first, int32_t k) {
    struct mqc_jump_table t = *first;
    t.g_at = k * t.n_g * (t.n_q + 1);
    if (many == UNLIKE) {
        t.g_at = jumps->table[k].g_at;
        t.n_g = jumps->table[k].n_g;
        t.n_q = jumps->table[k].n_q;
    }
    t.q_at = t.g_at + t.n_g;
    t.first = jumps->line[2 * k];
    t.per_way = t.per_bucket = jumps->line[2 * k + 1];
    t.bucket_at = k * t.buckets;
    return t;
}

/* A node so far ahead, if that is not above g. */
MQC_INLINE int32_t ahead(const float *block, const struct mqc_jump_table *t, int32_t node,
                         int32_t by, float g) {
    const int32_t most = t->n_g > 1 ? t->n_g - 2 : 0;
    const int32_t far = node + by, next = far < most ? far : most;
    return node + ((next - node) & -(int32_t)(block[t->g_at + next] <= g));
}

/* The same by bisection, from the node of the bucket to that of the next bucket and one. */
MQC_INLINE int32_t bisect(const float *block, const float *bucket, const struct mqc_jump_table *t,
                          int32_t at, float g) {
    int32_t low = (int32_t)bucket[2 * (t->bucket_at + at)];
    int32_t high =
        at + 1 < t->buckets ? (int32_t)bucket[2 * (t->bucket_at + at + 1)] + 1 : t->n_g - 1;
    while (high - low > 1) {
        const int32_t middle = (low + high) >> 1;
        if (block[t->g_at + middle] <= g)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The node below g; *part: how far g is on the way to the next one. The bucket of g knows a node
 * below, and what the one after that needs. */
MQC_INLINE int32_t node_below(const float *block, const float *bucket,
                              const struct mqc_jump_table *t, int search, float g, float *part) {
    const int32_t here = mqc_jump_bucket(t, g), record = 2 * (t->bucket_at + here);
    int32_t node = (int32_t)bucket[record];
    if (search == ONE_COMPARE)
        node += bucket[record + 1] <= g;
    else if (search == TWO_COMPARES)
        node = ahead(block, t, ahead(block, t, node, 2, g), 1, g);
    else
        node = bisect(block, bucket, t, here, g);
    const int32_t at = t->g_at + node;
    const float below = block[at], above = block[at + (t->n_g > 1)];
    float way = (g - below) / (above - below); /* NaN for a single node */
    way = way > 0.0f ? way : 0.0f;
    *part = way < 1.0f ? way : 1.0f;
    return node;
}

/* The same for evenly spaced nodes. */
MQC_INLINE int32_t even_node_below(const struct mqc_jump_table *t, float g, float *part) {
    const float last = (float)(t->n_g - 1);
    const int32_t most = t->n_g > 1 ? t->n_g - 2 : 0;
    float at = (g - t->first) * t->per_way;
    at = at > 0.0f ? at : 0.0f;
    at = at < last ? at : last;
    const int32_t whole = (int32_t)at, node = whole < most ? whole : most;
    *part = at - (float)node;
    return node;
}

MQC_INLINE float jump_at(const float *block, const float *bucket, const struct mqc_jump_table *t,
                         int search, float g, float u) {
    float part;
    const int32_t node = search == EVEN ? even_node_below(t, g, &part)
                                        : node_below(block, bucket, t, search, g, &part);
    const float at = u * (float)(t->n_q - 1);
    const int32_t whole = (int32_t)at, low = whole < t->n_q - 2 ? whole : t->n_q - 2;
    const float rest = at - (float)low;
    const int32_t here = t->q_at + node * t->n_q + low, next = here + (t->n_g > 1 ? t->n_q : 0);
    const float a = block[here] + rest * (block[here + 1] - block[here]);
    const float b = block[next] + rest * (block[next + 1] - block[next]);
    return a + part * (b - a);
}

/* direction, own, search and many are constants where this is inlined. */
MQC_INLINE void loop(const struct mqc_jumps *jumps, const struct mqc_pulse *p,
                     const struct mqc_cell_arrays *cells, size_t n, int direction, int own,
                     int search, int many, const float *restrict directions,
                     const float *restrict u, float *restrict g) {
    const struct mqc_jump_table up_table = jumps->table[0], down_table = jumps->table[1];
    const struct mqc_cell_arrays c = own ? *cells : (struct mqc_cell_arrays){0};
    const float *restrict bucket = jumps->bucket;
    const struct mqc_jumps tables = *jumps;
    const float *restrict block = jumps->block, *restrict los = c.lo, *restrict his = c.hi;
    const float *restrict ups = c.up, *restrict downs = c.down, *restrict numbers = c.shape_up;
    const float of_up = p->up.step, of_down = p->down.step, p_lo = p->lo, p_hi = p->hi;
    for (size_t i = 0; i < n; i++) {
        const float lo = own ? los[i] : p_lo, hi = own ? his[i] : p_hi, was = g[i];
        const int up = direction ? direction > 0 : directions[i] > 0.0f;
        struct mqc_jump_table t = choose(up, &up_table, &down_table);
        if (many)
            t = one_of_many(&tables, many, &up_table, 2 * (int32_t)numbers[i] + !up);
        float factor = up ? of_up : of_down;
        if (own)
            factor = up ? ups[i] : downs[i];
        float x = was < lo ? lo : was;
        x = x > hi ? hi : x;
        float next = x + factor * jump_at(block, bucket, &t, search, x, u[i]);
        next = next < lo ? lo : next;
        next = next > hi ? hi : next;
        g[i] = direction || directions[i] != 0.0f ? next : was;
    }
}

#define LOOP(direction, own, search, many) \
    loop(jumps, p, cells, n, direction, own, search, many, directions, u, g)
#define DIRECTIONS(own, search, many)    \
    do {                                 \
        if (direction > 0)               \
            LOOP(1, own, search, many);  \
        else if (direction < 0)          \
            LOOP(-1, own, search, many); \
        else                             \
            LOOP(0, own, search, many);  \
    } while (0)
#define SEARCHES(own, many)                      \
    do {                                         \
        if (jumps->even)                         \
            DIRECTIONS(own, EVEN, many);         \
        else if (jumps->compares <= 1)           \
            DIRECTIONS(own, ONE_COMPARE, many);  \
        else if (jumps->compares == 2)           \
            DIRECTIONS(own, TWO_COMPARES, many); \
        else                                     \
            DIRECTIONS(own, BISECTION, many);    \
    } while (0)

static void jump(const struct mqc_jumps *jumps, const struct mqc_pulse *p,
                 const struct mqc_cell_arrays *cells, size_t n, int direction,
                 const float *directions, const float *u, float *g) {
    if (cells && jumps->n > 1 && !jumps->alike)
        SEARCHES(1, UNLIKE);
    else if (cells && jumps->n > 1)
        SEARCHES(1, ALIKE);
    else if (cells)
        SEARCHES(1, NONE);
    else
        SEARCHES(0, NONE);
}

const struct mqc_jump_kernels MQC_KERNEL(mqc_jump_kernels) = {jump};
