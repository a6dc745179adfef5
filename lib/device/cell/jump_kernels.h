/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulses drawn from tables of jumps. */
#ifndef MQC_DEVICE_JUMP_KERNELS_H
#define MQC_DEVICE_JUMP_KERNELS_H

#include "core/isa.h"
#include "device/cell/kernels.h"

#include <stddef.h>
#include <stdatomic.h>
#include <stdint.h>

/* One direction of a table: quantiles[node][probability] of the change of conductance, S. The
 * numbers stand in the block of the set. */
struct mqc_jump_table {
    int32_t n_g, n_q;
    int32_t g_at, q_at;   /* where nodes and quantiles start in the block */
    int32_t even;         /* are the nodes evenly spaced, to a thousandth of their spacing? */
    float first, per_way; /* the first node; evenly spaced: 1 / spacing */
    /* Where nodes are not evenly spaced, the window is cut into buckets of equal width. Bucket b has
     * the last node that lies in a bucket before it, else node 0. The last node but one is the last
     * that a look-up gives. */
    int32_t buckets, bucket_at; /* how many, and where they start in `bucket` of the set */
    float per_bucket;           /* 1 / width of a bucket */
};

/* The tables of a device, each with both directions: 2 k potentiation, 2 k + 1 depression. */
struct mqc_jumps {
    atomic_size_t holders; /* devices that have them: copies share them */
    size_t n;              /* tables */
    int32_t even;          /* are all evenly spaced? */
    struct mqc_jump_table *table;
    float *block;
    size_t n_block;
    float *bucket;   /* of each bucket: its node; the next node's conductance. NULL: all are even */
    size_t n_bucket; /* floats of it */
    int32_t compares; /* what a look-up in the fullest bucket takes */
    /* Are all tables alike in size, each direction as many floats of the block after the one before?
     * Then these are what a look-up of direction k needs besides: its first node, and per_way, or
     * per_bucket where not all are evenly spaced. */
    int32_t alike;
    float *line;             /* of direction k: 2 k, 2 k + 1 */
    double *mean, *variance; /* of each row of quantiles, in the order of the rows */
};

/* The bucket that a conductance lies in: it never falls where the conductance rises. */
static inline int32_t mqc_jump_bucket(const struct mqc_jump_table *t, float g) {
    const float most = (float)(t->buckets - 1);
    float at = (g - t->first) * t->per_bucket;
    at = at > 0.0f ? at : 0.0f;
    at = at < most ? at : most;
    return (int32_t)at;
}

struct mqc_jump_kernels {
    /* One pulse on each of n cells. direction: 1 or -1 for all; 0: directions[i], which is positive,
     * negative or 0. cells: NULL for nominal ones; their shape_up is the number of their table.
     * u: in [0, 1). */
    void (*jump)(const struct mqc_jumps *jumps, const struct mqc_pulse *pulse,
                 const struct mqc_cell_arrays *cells, size_t n, int direction,
                 const float *directions, const float *u, float *g);
};

const struct mqc_jump_kernels *mqc_jump_kernels(void);

MQC_DECLARE_KERNELS(mqc_jump_kernels, mqc_jump_kernels);

#endif
