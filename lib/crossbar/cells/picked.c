/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/cells/picked.h"
#include "crossbar/cells/plane.h"

const struct mqc_cell_arrays *mqc_picked_own(const struct mqc_plane *plane, struct mqc_picked *p,
                                             struct mqc_cell_arrays *own) {
    const struct mqc_cell_arrays *all = &plane->own;
    if (!all->lo)
        return NULL;
    const float *const from[] = {all->lo,       all->hi,         all->up,   all->down,
                                 all->shape_up, all->shape_down, all->noise};
    *own = mqc_cell_arrays_in(p->own, MQC_CHUNK);
    for (size_t a = 0; a < MQC_CELL_ARRAYS; a++)
        for (size_t i = 0; from[a] && i < p->n; i++)
            p->own[a * MQC_CHUNK + i] = from[a][p->at[i]];
    return own;
}

void mqc_picked_get(const struct mqc_plane *plane, struct mqc_picked *p) {
    for (size_t i = 0; i < p->n; i++)
        p->g[i] = plane->g[p->at[i]];
}

void mqc_picked_put(memqc_crossbar *xb, struct mqc_plane *plane, struct mqc_picked *p) {
    mqc_plane_store(xb, plane, p->n, 0, p->at, p->g);
}

/* See memqc_device_program(). A cell that is at its level is set and depressed again. */
void mqc_picked_charge(memqc_crossbar *xb, const struct mqc_picked *p) {
    const double *const down = xb->cells.lookup.energy, *const up = xb->cells.set_energy;
    double sets = 0, resets = 0, energy = 0;
    for (size_t i = 0; i < p->n; i++) {
        const size_t from = (size_t)p->from[i], to = (size_t)p->to[i];
        const int set = to <= from;
        sets += set;
        resets += (double)(set ? to - 1 : to - from);
        energy += set ? up[from] + down[to] : down[to] - down[from];
    }
    xb->account.cost[MEMQC_DEVICE_COST_SET] += sets;
    xb->account.cost[MEMQC_DEVICE_COST_RESET] += resets;
    xb->account.cost[MEMQC_DEVICE_COST_TIME] +=
        (sets + resets) * xb->device->value[MEMQC_DEVICE_PULSE_TIME];
    xb->account.cost[MEMQC_DEVICE_COST_ENERGY] += energy;
}
