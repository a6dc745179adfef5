/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/error.h"
#include "crossbar/crossbar.h"
#include "crossbar/read.h"

#include <string.h>

static void copy_floats(float *to, const float *from, size_t n) {
    if (to && from)
        memcpy(to, from, n * sizeof *to);
}

void mqc_crossbar_assign(memqc_crossbar *to, const memqc_crossbar *from) {
    to->seed = from->seed;
    memcpy(to->counter, from->counter, sizeof to->counter);
    memcpy(to->read.cost, from->read.cost, sizeof to->read.cost);
    mqc_read_forget(to);
    copy_floats(to->scale, from->scale, from->cols);
    copy_floats(to->slope, from->slope, from->cols);
    copy_floats(to->position, from->position, from->cells);
    copy_floats(to->matrix, from->matrix, from->cells);
    for (size_t plane = 0; plane < from->planes; plane++) {
        copy_floats(to->g[plane], from->g[plane], from->cells);
        memcpy(to->count[plane], from->count[plane], from->cells * sizeof *to->count[plane]);
    }
}

memqc_status mqc_crossbar_clone(const memqc_crossbar *xb, memqc_crossbar **out) {
    memqc_status status;
    memqc_crossbar *copy = NULL;
    *out = NULL;
    MQC_TRY(memqc_crossbar_create(xb->device, xb->rows, xb->cols, &copy));
    memcpy(copy->value, xb->value, sizeof copy->value);
    if ((xb->programmed && (status = mqc_crossbar_settle(copy)) != MEMQC_OK) || (status = mqc_read_clone(copy, xb)) != MEMQC_OK) {
        memqc_crossbar_destroy(&copy);
        return status;
    }
    copy->programmed = xb->programmed;
    mqc_crossbar_assign(copy, xb);
    *out = copy;
    return MEMQC_OK;
}
