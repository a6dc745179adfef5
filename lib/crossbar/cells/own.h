/* SPDX-License-Identifier: BSD-3-Clause */
/* What the cells of a plane have of their own, where anything varies from device to device. An array
 * that varies holds a value for each cell. One that does not holds a value for each cell of a chunk,
 * which are the same: whoever takes a chunk of cells, from wherever, takes those. */
#ifndef MQC_CROSSBAR_CELLS_OWN_H
#define MQC_CROSSBAR_CELLS_OWN_H

#include "crossbar/array/array.h"

/* Room for the arrays, where the device varies at all. NOMEM. */
memqc_status mqc_plane_own_room(const memqc_crossbar *xb, struct mqc_plane *plane);

/* Draws them. */
void mqc_plane_own_draw(const memqc_crossbar *xb, struct mqc_plane *plane);

/* Those of at most MQC_CHUNK cells from the first-th on. Bursts ask for each row of an array. */
static inline struct mqc_cell_arrays mqc_plane_own_from(const struct mqc_plane *plane,
                                                        size_t first) {
    const struct mqc_cell_arrays *const own = &plane->own;
    const unsigned varies = plane->own_varies;
    const struct mqc_cell_arrays from = {varies & 1 ? own->lo + first : own->lo,
                                         varies & 2 ? own->hi + first : own->hi,
                                         varies & 4 ? own->up + first : own->up,
                                         varies & 8 ? own->down + first : own->down,
                                         varies & 16 ? own->shape_up + first : own->shape_up,
                                         varies & 32 ? own->shape_down + first : own->shape_down,
                                         varies & 64 ? own->noise + first : own->noise};
    return from;
}

/* Those of n cells of an index, at most MQC_CHUNK, gathered into a block of MQC_CELL_ARRAYS MQC_CHUNK
 * floats. */
struct mqc_cell_arrays mqc_plane_own_of(const struct mqc_plane *plane, size_t n,
                                        const uint32_t *index, float *block);

#endif
