/* SPDX-License-Identifier: BSD-3-Clause */
/* What reading keeps from one product to the next. */
#include "crossbar/read/readout.h"

#include "core/alloc.h"
#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/array/read_kernels.h"
#include "crossbar/read/tile.h"

#include <math.h>
#include <string.h>

void mqc_readout_free(struct mqc_readout *readout) {
    for (size_t way = 0; way < 2; way++) {
        mqc_free(readout->range[way]);
    }
    mqc_wiring_free(&readout->wiring);
    mqc_free(readout->squares);
    mqc_free(readout->scratch);
}

memqc_status mqc_readout_clone(memqc_crossbar *to, const memqc_crossbar *from) {
    for (int way = 0; way < 2; way++) {
        const size_t n = from->readout.ranges[way];
        if (!from->readout.range[way])
            continue;
        if (!(to->readout.range[way] = mqc_alloc(n, sizeof(float))))
            return MEMQC_ERROR_NOMEM;
        memcpy(to->readout.range[way], from->readout.range[way], n * sizeof(float));
        to->readout.ranges[way] = n;
    }
    return MEMQC_OK;
}

memqc_status mqc_readout_squares(memqc_crossbar *xb, struct mqc_readout_plan *plan) {
    const struct mqc_readout_kernels *k = mqc_readout_kernels();
    struct mqc_readout *readout = &xb->readout;
    if (!(plan->relative > 0) || plan->per_cell)
        return MEMQC_OK;
    MQC_TRY(MQC_RESERVE(&readout->squares, &readout->squares_room, plan->groups * xb->shape.cells));
    /* A change of READ_NOISE_RELATIVE is none of the conductances. */
    const float own = plan->flicker ? plan->own_relative : -1;
    const float unit = (float)(1 / plan->unit);
    const int known = readout->squares_groups == plan->groups &&
                      readout->squares_generation == xb->cells.generation &&
                      readout->squares_relative == own;
    for (size_t i = 0; i < plan->groups; i++) {
        float *const to = readout->squares + i * xb->shape.cells;
        plan->group[i].squares = to;
        for (size_t p = 0; !known && p < plan->group[i].planes; p++) {
            const struct mqc_plane *plane = &xb->cells.plane[plan->group[i].plane + p];
            k->square(xb->shape.cells, plan->flicker ? sqrtf(own) * unit : unit, plane->g, p > 0,
                      to);
            if (plan->flicker)
                k->square(xb->shape.cells, unit, plane->flicker, 1, to);
        }
    }
    readout->squares_groups = plan->groups;
    readout->squares_generation = xb->cells.generation;
    readout->squares_relative = own;
    return MEMQC_OK;
}
