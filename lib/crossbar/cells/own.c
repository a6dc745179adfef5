/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/cells/own.h"
#include "core/error.h"
#include "core/reserve.h"

/* The arrays of own in their order. */
static void list(struct mqc_cell_arrays *own, float **arrays[MQC_CELL_ARRAYS]) {
    float **const all[MQC_CELL_ARRAYS] = {&own->lo,       &own->hi,         &own->up,   &own->down,
                                          &own->shape_up, &own->shape_down, &own->noise};
    for (size_t a = 0; a < MQC_CELL_ARRAYS; a++)
        arrays[a] = all[a];
}

memqc_status mqc_plane_own_room(const memqc_crossbar *xb, struct mqc_plane *plane) {
    const size_t chunk = plane->n < MQC_CHUNK ? plane->n : MQC_CHUNK;
    const unsigned used = mqc_device_used_arrays(xb->device);
    size_t length[MQC_CELL_ARRAYS], total = 0;
    float **arrays[MQC_CELL_ARRAYS];
    if (!mqc_device_varies(xb->device))
        return MEMQC_OK;
    plane->own_varies = mqc_device_varying_arrays(xb->device) & used;
    for (size_t a = 0; a < MQC_CELL_ARRAYS; a++) {
        length[a] = plane->own_varies >> a & 1 ? plane->n : chunk;
        total += used >> a & 1 ? length[a] : 0;
    }
    MQC_TRY(MQC_HAVE(&plane->own_block, total));
    list(&plane->own, arrays);
    float *next = plane->own_block;
    for (size_t a = 0; a < MQC_CELL_ARRAYS; a++) {
        if (!(used >> a & 1))
            continue;
        *arrays[a] = next;
        next += length[a];
    }
    return MEMQC_OK;
}

void mqc_plane_own_draw(const memqc_crossbar *xb, struct mqc_plane *plane) {
    for (size_t first = 0; first < plane->n; first += MQC_CHUNK) {
        const size_t n = plane->n - first < MQC_CHUNK ? plane->n - first : MQC_CHUNK;
        const struct mqc_draws where = {xb->cells.seed, plane->number + first, 0, NULL, NULL};
        const struct mqc_cell_arrays part = mqc_plane_own_from(plane, first);
        mqc_device_cell_arrays(xb->device, &where, n, &part);
    }
}

struct mqc_cell_arrays mqc_plane_own_of(const struct mqc_plane *plane, size_t n,
                                        const uint32_t *index, float *block) {
    struct mqc_cell_arrays own = plane->own;
    float **arrays[MQC_CELL_ARRAYS];
    list(&own, arrays);
    for (size_t a = 0; a < MQC_CELL_ARRAYS; a++) {
        const float *const from = *arrays[a];
        float *const to = block + a * MQC_CHUNK;
        if (!(plane->own_varies >> a & 1))
            continue;
        for (size_t i = 0; i < n; i++)
            to[i] = from[index[i]];
        *arrays[a] = to;
    }
    return own;
}
