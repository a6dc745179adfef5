/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/read/squares.h"

#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/array/read_kernels.h"

#include <math.h>

float mqc_squares_inside(const struct mqc_readout_plan *plan) {
    return plan->flicker ? plan->own_relative : -1;
}

void mqc_squares_of(const memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t group,
                    size_t first, size_t n, float *squares) {
    const struct mqc_readout_kernels *k = mqc_readout_kernels();
    const struct mqc_adc_group *from = &plan->group[group];
    const float unit = (float)(1 / plan->unit);
    const float own = plan->flicker ? sqrtf(plan->own_relative) * unit : unit;
    for (size_t p = 0; p < from->planes; p++) {
        const struct mqc_plane *plane = &xb->cells.plane[from->plane + p];
        k->square(n, own, plane->g + first, p > 0, squares);
        if (plan->flicker)
            k->square(n, unit, plane->flicker + first, 1, squares);
    }
}

memqc_status mqc_squares_make(memqc_crossbar *xb, const struct mqc_readout_plan *plan) {
    struct mqc_readout *readout = &xb->readout;
    const size_t cells = xb->shape.cells;
    const float inside = mqc_squares_inside(plan);
    MQC_TRY(MQC_RESERVE(&readout->squares, &readout->squares_room, plan->groups * cells));
    if (readout->squares_groups == plan->groups &&
        readout->squares_generation == xb->cells.generation && readout->squares_relative == inside)
        return MEMQC_OK;
    for (size_t i = 0; i < plan->groups; i++)
        mqc_squares_of(xb, plan, i, 0, cells, readout->squares + i * cells);
    readout->squares_groups = plan->groups;
    readout->squares_generation = xb->cells.generation;
    readout->squares_relative = inside;
    return MEMQC_OK;
}
