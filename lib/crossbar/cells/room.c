/* SPDX-License-Identifier: BSD-3-Clause */
/* What an array keeps of its cells: memory and first states. */
#include "core/alloc.h"
#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/array/array.h"
#include "crossbar/cells/own.h"
#include "crossbar/cells/plane.h"
#include "crossbar/cells/room.h"
#include "crossbar/cells/sums.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/mapping/position.h"
#include "device/effects/faults.h"
#include "device/models/lookup.h"

/* Are there cells that are stuck for life? */
static int faulty(const memqc_device *device) {
    return device->value[MQC_DEVICE_AT(STUCK_ON)] > 0 ||
           device->value[MQC_DEVICE_AT(STUCK_OFF)] > 0 ||
           device->value[MQC_DEVICE_AT(STUCK_ANYWHERE)] > 0;
}

static memqc_status plane_room(memqc_crossbar *xb, struct mqc_plane *plane, size_t n,
                               uint64_t number) {
    plane->n = n;
    plane->number = number;
    MQC_TRY(MQC_HAVE(&plane->g, n));
    MQC_TRY(MQC_HAVE(&plane->level, n));
    if (faulty(xb->device))
        MQC_TRY(mqc_plane_stuck_room(plane));
    return mqc_plane_own_room(xb, plane);
}

/* What programming looks up. */
static memqc_status look_ups(memqc_crossbar *xb) {
    if (xb->cells.looked_up)
        return MEMQC_OK;
    MQC_TRY(xb->device->ops->look_up(xb->device, &xb->cells.lookup));
    xb->cells.looked_up = 1;
    return MEMQC_OK;
}

/* Cells that were never programmed: at their lowest conductance. */
static void fresh(memqc_crossbar *xb, struct mqc_plane *plane) {
    const float low = (float)mqc_device_g_min(xb->device);
    const uint16_t bottom = (uint16_t)mqc_device_states(xb->device);
    const struct mqc_draws where = {xb->cells.seed, plane->number, 0, NULL, NULL};
    const int own_low = plane->own.lo && mqc_device_value(xb->device, MEMQC_DEVICE_D2D_G_MIN) > 0;
    if (plane->own.lo)
        mqc_plane_own_draw(xb, plane);
    for (size_t i = 0; i < plane->n; i++) {
        plane->g[i] = own_low ? plane->own.lo[i] : low;
        plane->level[i] = bottom;
    }
    for (size_t i = 0; plane->stuck && i < plane->n; i++)
        plane->stuck[i] = -1;
    if (plane->stuck) {
        mqc_device_fault_cells(xb->device, &where, plane->n, NULL, plane->stuck);
        mqc_plane_programmed(xb, plane, plane->n, 0, NULL);
    }
}

static memqc_status cells_room(memqc_crossbar *xb) {
    const size_t planes = mqc_mapping_planes(xb),
                 slices = (size_t)mqc_crossbar_value(xb, MEMQC_CROSSBAR_SLICES);
    const int reference =
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_MAPPING) == MEMQC_CROSSBAR_MAPPING_REFERENCE;
    for (size_t p = 0; p < planes; p++)
        MQC_TRY(plane_room(xb, &xb->cells.plane[p], xb->shape.cells, p * xb->shape.cells));
    for (size_t s = 0; s < slices; s++) {
        if (slices > 1)
            MQC_TRY(MQC_HAVE(&xb->weights.slice[s], xb->shape.cells));
        if (reference)
            MQC_TRY(plane_room(xb, &xb->cells.reference[s], xb->shape.rows,
                               planes * xb->shape.cells + s * xb->shape.rows));
    }
    return MEMQC_OK;
}

static memqc_status settle(memqc_crossbar *xb) {
    MQC_TRY(MQC_HAVE(&xb->weights.scale, xb->shape.cols));
    MQC_TRY(MQC_HAVE(&xb->weights.slope, xb->shape.cols));
    MQC_TRY(MQC_HAVE(&xb->weights.matrix, xb->shape.cells));
    MQC_TRY(look_ups(xb));
    MQC_TRY(cells_room(xb));
    xb->cells.planes = mqc_mapping_planes(xb);
    xb->cells.seed = xb->seed;
    MQC_TRY(mqc_mapping_make(xb));
    mqc_cells_changed(xb);
    if (mqc_positions_needed(xb))
        MQC_TRY(MQC_HAVE(&xb->weights.position, xb->shape.cells));
    struct mqc_plane *plane;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(xb, p)) != NULL; p++)
        fresh(xb, plane);
    return MEMQC_OK;
}

memqc_status mqc_crossbar_settle(memqc_crossbar *xb) {
    const memqc_status status = xb->programmed ? MEMQC_OK : settle(xb);
    if (status != MEMQC_OK)
        mqc_crossbar_unsettle(xb);
    return status;
}

void mqc_crossbar_unsettle(memqc_crossbar *xb) {
    const uint64_t generation = xb->cells.generation;
    mqc_crossbar_free_state(xb);
    xb->cells = (struct mqc_array_cells){.generation = generation};
    xb->weights = (struct mqc_weights){.scale = NULL};
    xb->scratch = (struct mqc_scratch){.next = NULL};
    xb->account.report = (struct mqc_report){.kind = MQC_REPORT_NONE};
}

void mqc_crossbar_free_state(memqc_crossbar *xb) {
    for (size_t plane = 0; plane < MQC_PLANES; plane++)
        mqc_plane_free(&xb->cells.plane[plane]);
    for (size_t slice = 0; slice < MQC_SLICES; slice++) {
        mqc_plane_free(&xb->cells.reference[slice]);
        mqc_free(xb->weights.slice[slice]);
    }
    mqc_lookup_free(&xb->cells.lookup);
    mqc_cells_free_sums(xb);
    mqc_free(xb->account.report.places);
    mqc_free(xb->weights.scale);
    mqc_free(xb->weights.slope);
    mqc_free(xb->weights.rungs);
    mqc_free(xb->weights.position);
    mqc_free(xb->weights.matrix);
    mqc_free(xb->scratch.next);
    mqc_free(xb->scratch.changed);
    mqc_free(xb->scratch.scaled);
    mqc_free(xb->scratch.train_bits);
    mqc_free(xb->scratch.train_signs);
}
