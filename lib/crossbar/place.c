/* SPDX-License-Identifier: BSD-3-Clause */
/* From positions to programmed cells. */
#include "crossbar/readout.h"

#include <string.h>

/* Cells of a plane that are to be programmed, picked out of a chunk. */
struct picked {
    size_t n;
    int run; /* all of the chunk, equally often programmed: their draws are one run of the generator */
    uint64_t cells[MQC_CHUNK], draws[MQC_CHUNK];
    float from[MQC_CHUNK], to[MQC_CHUNK], g[MQC_CHUNK];
    float own[MQC_CELL_ARRAYS * MQC_CHUNK];
    uint32_t at[MQC_CHUNK];
};

/* Have these n cells been programmed equally often? */
static int same_counts(const uint32_t *count, size_t n) {
    uint32_t differ = 0;
    for (size_t i = 1; i < n; i++)
        differ |= count[i] ^ count[0];
    return differ == 0;
}

static void pick(const struct mqc_plane *cells, size_t n, size_t first, const uint32_t *index, const float *levels, int all,
                 struct picked *p) {
    size_t m = 0;
    p->run = !index && all && same_counts(cells->count + first, n);
    for (size_t i = 0; i < n; i++) {
        const size_t k = index ? index[i] : first + i;
        if (!all && levels[i] == cells->level[k])
            continue;
        p->cells[m] = cells->number + k;
        p->draws[m] = cells->count[k]++;
        p->from[m] = cells->level[k];
        p->to[m] = levels[i];
        p->at[m++] = (uint32_t)k;
        cells->level[k] = levels[i];
    }
    p->n = m;
}

/* What the cells have of their own, or NULL. */
static const struct mqc_cell_arrays *own_of(const struct mqc_plane *cells, struct picked *p, struct mqc_cell_arrays *own) {
    const struct mqc_cell_arrays *all = &cells->own;
    if (!all->lo)
        return NULL;
    const float *const from[] = {all->lo, all->hi, all->up, all->down, all->shape_up, all->shape_down, all->noise};
    *own = mqc_cell_arrays_in(p->own, MQC_CHUNK);
    for (size_t a = 0; a < MQC_CELL_ARRAYS; a++)
        for (size_t i = 0; from[a] && i < p->n; i++)
            p->own[a * MQC_CHUNK + i] = from[a][p->at[i]];
    return own;
}

/* The account of quantized cells; see memqc_device_program(). One that is at its level is set and depressed again. */
static void charge_quantized(memqc_crossbar *xb, const struct picked *p) {
    const double *const down = xb->reach.energy, *const up = xb->set_energy;
    double sets = 0, resets = 0, energy = 0;
    for (size_t i = 0; i < p->n; i++) {
        const size_t from = (size_t)p->from[i], to = (size_t)p->to[i];
        const int set = to <= from;
        sets += set;
        resets += (double)(set ? to - 1 : to - from);
        energy += set ? up[from] + down[to] : down[to] - down[from];
    }
    xb->cost[MEMQC_DEVICE_COST_SET] += sets;
    xb->cost[MEMQC_DEVICE_COST_RESET] += resets;
    xb->cost[MEMQC_DEVICE_COST_TIME] += (sets + resets) * xb->device->value[MEMQC_DEVICE_PULSE_TIME];
    xb->cost[MEMQC_DEVICE_COST_ENERGY] += energy;
}

static void place_cells(memqc_crossbar *xb, struct mqc_plane *plane, size_t n, size_t first, const uint32_t *index,
                        const float *levels, int all) {
    struct picked p;
    struct mqc_cell_arrays arrays;
    const uint64_t draw = plane->count[first];
    float *const g = plane->g;
    pick(plane, n, first, index, levels, all, &p);
    if (!p.n)
        return;
    const struct mqc_cells where = {xb->seed, plane->number + first, draw, p.run ? NULL : p.cells, p.draws};
    const struct mqc_cell_arrays *own = own_of(plane, &p, &arrays);
    if (xb->device->ops->pulsed) {
        for (size_t i = 0; i < p.n; i++)
            p.g[i] = g[p.at[i]];
        mqc_device_program_cells(xb->device, &xb->reach, &where, own, p.n, p.to, 1, p.g, NULL, xb->cost);
    } else {
        xb->counter[MEMQC_CROSSBAR_COUNT_NEGATIVE] += xb->device->ops->draw(xb->device, &where, own, p.n, p.to, p.g);
        charge_quantized(xb, &p);
    }
    xb->counter[MEMQC_CROSSBAR_COUNT_PROGRAMMED] += p.n;
    mqc_readout_store(xb, plane, p.n, p.at, p.g);
}

void mqc_crossbar_place(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index, const float *position, int all) {
    float levels[MQC_CHUNK];
    for (size_t plane = 0; plane < xb->planes; plane++) {
        mqc_mapping_levels(xb, plane, n, position, levels);
        place_cells(xb, &xb->plane[plane], n, first, index, levels, all);
    }
    for (size_t i = 0; i < n; i++)
        xb->position[index ? index[i] : first + i] = position[i];
    mqc_crossbar_refresh(xb, n, first, index);
}

void mqc_crossbar_place_reference(memqc_crossbar *xb) {
    float levels[MQC_CHUNK];
    if (xb->map.kind != MEMQC_CROSSBAR_MAPPING_REFERENCE)
        return;
    for (size_t slice = 0; slice < xb->map.slices; slice++) {
        for (size_t i = 0; i < MQC_CHUNK; i++)
            levels[i] = mqc_mapping_reference_level(xb, slice);
        for (size_t first = 0; first < xb->rows; first += MQC_CHUNK)
            place_cells(xb, &xb->reference[slice], xb->rows - first < MQC_CHUNK ? xb->rows - first : MQC_CHUNK, first, NULL, levels, 1);
    }
}
