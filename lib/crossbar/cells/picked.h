/* SPDX-License-Identifier: BSD-3-Clause */
/* Cells of a plane, picked out of a chunk, on their way to the device and back. */
#ifndef MQC_CROSSBAR_CELLS_PICKED_H
#define MQC_CROSSBAR_CELLS_PICKED_H

#include "crossbar/array/array.h"

struct mqc_picked {
    size_t n;
    int neighbours; /* are they the cells from at[0] on, one after the other? */
    uint64_t cells[MQC_CHUNK], draws[MQC_CHUNK]; /* as struct mqc_draws has them */
    uint32_t at[MQC_CHUNK];                      /* places in the plane */
    float from[MQC_CHUNK], to[MQC_CHUNK];        /* levels before and after */
    float g[MQC_CHUNK];
    float own[MQC_CELL_ARRAYS * MQC_CHUNK];
};

/* What the cells have of their own, of which picked->own gathers what varies; NULL where nothing
 * does. */
const struct mqc_cell_arrays *mqc_picked_own(const struct mqc_plane *plane,
                                             struct mqc_picked *picked,
                                             struct mqc_cell_arrays *own);

/* Conductances from the plane, and back to it, where stuck cells keep theirs. */
void mqc_picked_get(const struct mqc_plane *plane, struct mqc_picked *picked);
void mqc_picked_put(memqc_crossbar *xb, struct mqc_plane *plane, struct mqc_picked *picked);

#endif
