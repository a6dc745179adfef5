/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/error.h"
#include "crossbar/read/read.h"

#include <string.h>

static void copy_floats(float *to, const float *from, size_t n) {
    if (to && from)
        memcpy(to, from, n * sizeof *to);
}

static void copy_plane(struct mqc_plane *to, const struct mqc_plane *from) {
    copy_floats(to->g, from->g, from->n);
    copy_floats(to->level, from->level, from->n);
    copy_floats(to->stuck, from->stuck, from->n);
    copy_floats(to->g0, from->g0, from->n);
    if (to->born && from->born)
        memcpy(to->born, from->born, from->n * sizeof *to->born);
    if (to->count && from->count)
        memcpy(to->count, from->count, from->n * sizeof *to->count);
}

void mqc_crossbar_assign(memqc_crossbar *to, const memqc_crossbar *from) {
    to->seed = from->seed;
    to->bursts = from->bursts;
    memcpy(to->counter, from->counter, sizeof to->counter);
    memcpy(to->cost, from->cost, sizeof to->cost);
    to->clock = from->clock;
    to->reads = from->reads;
    to->report.kind = MQC_REPORT_NONE; /* no call of its own */
    mqc_readout_forget(to);
    to->readout.wiring.seen = from->readout.wiring.seen;
    copy_floats(to->scale, from->scale, from->cols);
    copy_floats(to->slope, from->slope, from->cols);
    copy_floats(to->position, from->position, from->cells);
    copy_floats(to->matrix, from->matrix, from->cells);
    for (size_t slice = 0; slice < MQC_SLICES; slice++) {
        copy_floats(to->slice[slice], from->slice[slice], from->cells);
        copy_plane(&to->reference[slice], &from->reference[slice]);
    }
    for (size_t plane = 0; plane < from->planes; plane++)
        copy_plane(&to->plane[plane], &from->plane[plane]);
}

/* Room for what the original has and a new array has not. */
static memqc_status optional_room(memqc_crossbar *copy, const memqc_crossbar *from) {
    struct mqc_plane *plane;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(copy, p)) != NULL; p++)
        if (mqc_crossbar_any_plane(from, p)->stuck)
            MQC_TRY(mqc_plane_stuck_room(plane));
    return from->plane[0].g0 ? mqc_crossbar_age_room(copy) : MEMQC_OK;
}

memqc_status mqc_crossbar_clone(const memqc_crossbar *xb, memqc_crossbar **out) {
    memqc_status status = MEMQC_OK;
    memqc_crossbar *copy = NULL;
    *out = NULL;
    MQC_TRY(memqc_crossbar_create(xb->device, xb->rows, xb->cols, &copy));
    memcpy(copy->value, xb->value, sizeof copy->value);
    copy->seed = xb->cell_seed; /* what varies from device to device is drawn again */
    if (xb->programmed)
        status = mqc_crossbar_settle(copy);
    if (xb->programmed && status == MEMQC_OK)
        status = optional_room(copy, xb);
    if (status == MEMQC_OK)
        status = mqc_readout_clone(copy, xb);
    if (status != MEMQC_OK) {
        memqc_crossbar_destroy(&copy);
        return status;
    }
    copy->programmed = xb->programmed;
    mqc_crossbar_assign(copy, xb);
    *out = copy;
    return MEMQC_OK;
}
