/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/error.h"
#include "crossbar/cells/counts.h"
#include "crossbar/cells/plane.h"
#include "crossbar/cells/room.h"
#include "crossbar/cells/sums.h"
#include "crossbar/copy.h"
#include "crossbar/mapping/position.h"
#include "crossbar/read/compensate.h"
#include "crossbar/read/readout.h"
#include "crossbar/read/tile.h"
#include "crossbar/update/update.h"

#include <string.h>

static void copy_floats(float *to, const float *from, size_t n) {
    if (to && from)
        memcpy(to, from, n * sizeof *to);
}

static void copy_plane(struct mqc_plane *to, const struct mqc_plane *from) {
    copy_floats(to->g, from->g, from->n);
    if (to->level && from->level)
        memcpy(to->level, from->level, from->n * sizeof *to->level);
    copy_floats(to->stuck, from->stuck, from->n);
    copy_floats(to->g0, from->g0, from->n);
    copy_floats(to->flicker, from->flicker, from->n);
    if (to->born && from->born)
        memcpy(to->born, from->born, from->n * sizeof *to->born);
    if (to->level)
        mqc_counts_copy(&to->count, &from->count, from->n);
}

static void assign_array(memqc_crossbar *to, const memqc_crossbar *from) {
    to->seed = from->seed;
    to->account.bursts = from->account.bursts;
    to->account.vector = from->account.vector;
    memcpy(to->account.counter, from->account.counter, sizeof to->account.counter);
    memcpy(to->account.cost, from->account.cost, sizeof to->account.cost);
    to->account.clock = from->account.clock;
    to->account.reads = from->account.reads;
    to->account.report.kind = MQC_REPORT_NONE; /* no call of its own */
    mqc_cells_changed(to);
    mqc_compensation_copy(to, from);
    mqc_wiring_count(to, mqc_wiring_seen(from));
    copy_floats(to->weights.scale, from->weights.scale, from->shape.cols);
    copy_floats(to->weights.slope, from->weights.slope, from->shape.cols);
    copy_floats(to->weights.matrix, from->weights.matrix, from->shape.cells);
    for (size_t slice = 0; slice < MQC_SLICES; slice++) {
        copy_floats(to->weights.slice[slice], from->weights.slice[slice], from->shape.cells);
        copy_plane(&to->cells.reference[slice], &from->cells.reference[slice]);
    }
    for (size_t plane = 0; plane < from->cells.planes; plane++)
        copy_plane(&to->cells.plane[plane], &from->cells.plane[plane]);
    if (from->weights.position)
        copy_floats(to->weights.position, from->weights.position, from->shape.cells);
    else
        mqc_positions_follow(to, to->shape.cells, 0, NULL);
}

/* Room for counts and positions as the original has them. A copy has no cells where the original is
 * being programmed for the first time. */
static memqc_status numbers_room(memqc_crossbar *to, const memqc_crossbar *from) {
    struct mqc_plane *plane;
    if (to->cells.planes == 0)
        return MEMQC_OK;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(to, p)) != NULL; p++)
        MQC_TRY(
            mqc_counts_copy_room(&plane->count, &mqc_crossbar_any_plane(from, p)->count, plane->n));
    return from->weights.position ? mqc_positions_keep(to) : MEMQC_OK;
}

/* The second array of an update rule. */
static memqc_status assign_fast(memqc_crossbar **to, const memqc_crossbar *from) {
    if (from)
        return *to ? mqc_crossbar_assign(*to, from) : memqc_crossbar_copy(from, to);
    memqc_crossbar_destroy(to);
    return MEMQC_OK;
}

memqc_status mqc_crossbar_assign(memqc_crossbar *to, const memqc_crossbar *from) {
    MQC_TRY(mqc_update_copy(&to->update, &from->update, mqc_update_values(from)));
    MQC_TRY(assign_fast(&to->update.fast, from->update.fast));
    for (int way = 0; way < 2; way++)
        if (mqc_cells_kept_sums(from, way))
            MQC_TRY(mqc_cells_sums_room(to, way));
    MQC_TRY(numbers_room(to, from));
    assign_array(to, from);
    for (int way = 0; way < 2; way++)
        mqc_cells_take_sums(to, way, mqc_cells_kept_sums(from, way));
    return MEMQC_OK;
}

/* Room for what the original has and a new array has not. */
static memqc_status optional_room(memqc_crossbar *copy, const memqc_crossbar *from) {
    struct mqc_plane *plane;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(copy, p)) != NULL; p++)
        if (mqc_crossbar_any_plane(from, p)->stuck)
            MQC_TRY(mqc_plane_stuck_room(plane));
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(copy, p)) != NULL; p++)
        if (mqc_crossbar_any_plane(from, p)->flicker)
            MQC_TRY(mqc_plane_flicker_room(plane));
    return from->cells.plane[0].g0 ? mqc_crossbar_age_room(copy) : MEMQC_OK;
}

memqc_status memqc_crossbar_copy(const memqc_crossbar *crossbar, memqc_crossbar **out) {
    memqc_status status = MEMQC_OK;
    memqc_crossbar *copy = NULL;
    const memqc_crossbar *xb = crossbar;
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(crossbar);
    MQC_TRY(memqc_crossbar_create(xb->device, xb->shape.rows, xb->shape.cols, 0, &copy));
    memcpy(copy->value, xb->value, sizeof copy->value);
    copy->seed = xb->cells.seed; /* what varies from device to device is drawn again */
    if (xb->programmed)
        status = mqc_crossbar_settle(copy);
    if (xb->programmed && status == MEMQC_OK)
        status = optional_room(copy, xb);
    if (status == MEMQC_OK)
        status = mqc_readout_clone(copy, xb);
    copy->programmed = xb->programmed;
    if (status == MEMQC_OK)
        status = mqc_crossbar_assign(copy, xb);
    if (status != MEMQC_OK)
        memqc_crossbar_destroy(&copy);
    *out = copy;
    return status;
}
