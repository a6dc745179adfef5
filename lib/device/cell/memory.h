/* SPDX-License-Identifier: BSD-3-Clause */
/* Normal numbers of cells that remember the ones before them. */
#ifndef MQC_DEVICE_MEMORY_H
#define MQC_DEVICE_MEMORY_H

#include "device/cell/draws.h"

/* Halvings of the longest block: 0.99^(2^10) is below 1e-4. */
enum { MQC_MEMORY_PARTS = 10 };

/* What CYCLE_CORRELATION and SET_RESET_CORRELATION make of N(0, 1). */
struct mqc_memory {
    int on;                       /* is either of them not 0? */
    int parts;                    /* blocks are of 2^parts draws */
    float pull[MQC_MEMORY_PARTS]; /* of both ends on the middle of 2^(j + 1) draws */
    float own[MQC_MEMORY_PARTS];  /* of the middle's own number */
    float common, rest;           /* of what a cycle has in common; of the draw's own */
    float common_set;             /* as common, of level 1 */
};

struct mqc_memory mqc_memory_make(double cycle, double set_reset);

/* N(0, 1) for n cells, MQC_MEMORY_MOST at most, from the first-th on, which are at the levels
 * states[]. stride: draws of a cycle, so that a draw follows the one `stride` before it. Level l of
 * a cycle of many draws is its l-th; a cycle of one is any draw. */
enum { MQC_MEMORY_MOST = 1024 };
void mqc_memory_normals(const struct mqc_memory *memory, const struct mqc_draws *where,
                        uint64_t stride, const float *states, size_t first, size_t n, float *z);

#endif
