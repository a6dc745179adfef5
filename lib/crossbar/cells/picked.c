/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/cells/picked.h"
#include "crossbar/cells/plane.h"
#include "device/cell/spread.h"

#include <string.h>

const struct mqc_cell_arrays *mqc_picked_own(const struct mqc_plane *plane, struct mqc_picked *p,
                                             struct mqc_cell_arrays *own) {
    const struct mqc_cell_arrays *all = &plane->own;
    if (!all->lo)
        return NULL;
    if (p->neighbours) {
        *own = mqc_cell_arrays_from(all, p->at[0]);
        return own;
    }
    const float *const from[] = {all->lo,       all->hi,         all->up,   all->down,
                                 all->shape_up, all->shape_down, all->noise};
    *own = mqc_cell_arrays_in(p->own, MQC_CHUNK);
    for (size_t a = 0; a < MQC_CELL_ARRAYS; a++)
        for (size_t i = 0; from[a] && i < p->n; i++)
            p->own[a * MQC_CHUNK + i] = from[a][p->at[i]];
    return own;
}

void mqc_picked_get(const struct mqc_plane *plane, struct mqc_picked *p) {
    if (p->neighbours) {
        memcpy(p->g, plane->g + p->at[0], p->n * sizeof *p->g);
        return;
    }
    for (size_t i = 0; i < p->n; i++)
        p->g[i] = plane->g[p->at[i]];
}

void mqc_picked_put(memqc_crossbar *xb, struct mqc_plane *plane, struct mqc_picked *p) {
    mqc_plane_store(xb, plane, p->n, p->at[0], p->neighbours ? NULL : p->at, p->g);
}
