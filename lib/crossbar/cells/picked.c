/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/cells/picked.h"
#include "crossbar/cells/own.h"
#include "crossbar/cells/plane.h"

#include <string.h>

const struct mqc_cell_arrays *mqc_picked_own(const struct mqc_plane *plane, struct mqc_picked *p,
                                             struct mqc_cell_arrays *own) {
    if (!plane->own.lo)
        return NULL;
    *own = p->neighbours ? mqc_plane_own_from(plane, p->at[0])
                         : mqc_plane_own_of(plane, p->n, p->at, p->own);
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
