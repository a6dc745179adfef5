/* SPDX-License-Identifier: BSD-3-Clause */
/* From positions to programmed cells. */
#include "crossbar/cells/counts.h"
#include "crossbar/cells/picked.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/mapping/position.h"
#include "crossbar/write/place.h"
#include "crossbar/write/verify.h"

#include <string.h>

/* All of n neighbours. Where all cells of the plane have one count, that rises when the last of them
 * are programmed. */
static void pick_run(struct mqc_plane *cells, size_t n, size_t first, const float *levels,
                     struct mqc_picked *p) {
    const int differ = mqc_counts_differ(&cells->count);
    mqc_crossbar_kernels()->from_levels(n, cells->level + first, p->from);
    memcpy(p->to, levels, n * sizeof *p->to);
    mqc_crossbar_kernels()->keep_levels(n, levels, cells->level + first);
    for (size_t i = 0; i < n; i++) {
        p->cells[i] = cells->number + first + i;
        p->at[i] = (uint32_t)(first + i);
        p->draws[i] = differ ? mqc_counts_up(&cells->count, first + i) : cells->count.base;
    }
    cells->count.base += !differ && first + n == cells->n;
    p->n = n;
    p->neighbours = 1;
}

static void pick(struct mqc_plane *cells, size_t n, size_t first, const uint32_t *index,
                 const float *levels, int all, struct mqc_picked *p) {
    size_t m = 0;
    if (!index && all) {
        pick_run(cells, n, first, levels, p);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const size_t k = index ? index[i] : first + i;
        const float from = cells->level[k];
        if (!all && levels[i] == from)
            continue;
        p->cells[m] = cells->number + k;
        p->draws[m] = mqc_counts_up(&cells->count, k);
        p->from[m] = from;
        p->to[m] = levels[i];
        p->at[m++] = (uint32_t)k;
        cells->level[k] = (uint16_t)levels[i];
    }
    p->n = m;
    p->neighbours = 0;
}

static void place_cells(memqc_crossbar *xb, struct mqc_plane *plane, size_t n, size_t first,
                        const uint32_t *index, const float *levels, int all) {
    struct mqc_picked p;
    struct mqc_cell_arrays arrays;
    /* Cells that were programmed equally often draw one run of the generator. */
    const int run = !index && all && mqc_counts_are_equal(&plane->count, n, first);
    const uint64_t draw = mqc_counts_of(&plane->count, first);
    pick(plane, n, first, index, levels, all, &p);
    if (!p.n)
        return;
    const struct mqc_draws where = {xb->seed, plane->number + first, draw, run ? NULL : p.cells,
                                    p.draws};
    const struct mqc_cell_arrays *own = mqc_picked_own(plane, &p, &arrays);
    const int verify =
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_SCHEME) == MEMQC_CROSSBAR_SCHEME_VERIFY;
    float pulses[MQC_CHUNK];
    if (mqc_device_state_is_g(xb->device))
        mqc_picked_get(plane, &p);
    const struct mqc_cell_set set = {&where, own, p.n, NULL, p.g, xb->account.cost};
    mqc_crossbar_count_up(xb, MEMQC_CROSSBAR_COUNT_NEGATIVE,
                          xb->device->ops->write(xb->device, &xb->cells.lookup, &set, p.from, p.to,
                                                 verify ? pulses : NULL));
    mqc_crossbar_count_up(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED, p.n);
    mqc_picked_put(xb, plane, &p);
    if (verify)
        mqc_picked_verify(xb, plane, &p, pulses);
}

void mqc_crossbar_place(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index,
                        const float *position, int all) {
    float levels[MQC_CHUNK];
    for (size_t plane = 0; plane < xb->cells.planes; plane++) {
        mqc_mapping_levels(xb, plane, n, position, levels);
        place_cells(xb, &xb->cells.plane[plane], n, first, index, levels, all);
    }
    mqc_positions_note(xb, n, first, index, position);
    mqc_crossbar_refresh(xb, n, first, index);
}

void mqc_crossbar_place_levels(memqc_crossbar *xb, size_t plane, size_t n, const uint32_t *index,
                               const float *levels) {
    place_cells(xb, &xb->cells.plane[plane], n, 0, index, levels, 0);
}

void mqc_crossbar_place_reference(memqc_crossbar *xb) {
    float levels[MQC_CHUNK];
    if (xb->weights.map.kind != MEMQC_CROSSBAR_MAPPING_REFERENCE)
        return;
    for (size_t slice = 0; slice < xb->weights.map.slices; slice++) {
        for (size_t i = 0; i < MQC_CHUNK; i++)
            levels[i] = mqc_mapping_reference_level(xb, slice);
        for (size_t first = 0; first < xb->shape.rows; first += MQC_CHUNK) {
            const size_t n =
                xb->shape.rows - first < MQC_CHUNK ? xb->shape.rows - first : MQC_CHUNK;
            place_cells(xb, &xb->cells.reference[slice], n, first, NULL, levels, 1);
        }
    }
}
