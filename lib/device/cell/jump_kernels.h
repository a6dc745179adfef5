/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulses drawn from tables of jumps. */
#ifndef MQC_DEVICE_JUMP_KERNELS_H
#define MQC_DEVICE_JUMP_KERNELS_H

#include "core/isa.h"
#include "device/cell/kernels.h"

#include <stddef.h>
#include <stdint.h>

/* One direction of a table: quantiles[node][probability] of the change of conductance, S. The
 * numbers stand in the block of the set. */
struct mqc_jump_table {
    int32_t n_g, n_q;
    int32_t g_at, q_at;   /* where nodes and quantiles start in the block */
    int32_t even;         /* are the nodes evenly spaced, to a thousandth of their spacing? */
    float first, per_way; /* evenly spaced: the first node, 1 / spacing */
};

/* The tables of a device, each with both directions: 2 k potentiation, 2 k + 1 depression. */
struct mqc_jumps {
    size_t n;     /* tables */
    int32_t even; /* are all evenly spaced? */
    struct mqc_jump_table *table;
    float *block;
    size_t n_block;
    double *mean, *variance; /* of each row of quantiles, in the order of the rows */
};

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
