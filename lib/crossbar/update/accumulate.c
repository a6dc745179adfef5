/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/update/accumulate.h"
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/kernels.h"
#include "crossbar/array/ready.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/update/changes.h"
#include "crossbar/write/place.h"
#include "crossbar/write/report.h"

/* Levels of a pair that is to be at a position: one cell depressed further, or both refreshed. */
static int depress(float last, float refresh, float from, float to, float *up, float *down) {
    *down += to > from ? to - from : 0;
    *up += to < from ? from - to : 0;
    if (*up <= last && *down <= last)
        return 0;
    const float way = to < 0 ? -to : to, top = refresh + way > last ? last - way : refresh;
    *up = top + (to < 0 ? way : 0);
    *down = top + (to > 0 ? way : 0);
    return 1;
}

/* As mqc_crossbar_place() of weights whose position changes, but by depression alone. */
static void depress_pairs(memqc_crossbar *xb, float refresh, size_t n, const uint32_t *index,
                          const float *position) {
    const float last = (float)mqc_device_states(xb->device);
    float up[MQC_CHUNK], down[MQC_CHUNK];
    for (size_t i = 0; i < n; i++) {
        const size_t k = index[i];
        up[i] = xb->cells.plane[0].level[k];
        down[i] = xb->cells.plane[1].level[k];
        mqc_crossbar_count_up(xb, MEMQC_CROSSBAR_COUNT_REFRESHED,
                              (uint64_t)depress(last, refresh, xb->weights.position[k], position[i],
                                                &up[i], &down[i]));
        xb->weights.position[k] = position[i];
    }
    mqc_crossbar_place_levels(xb, 0, n, index, up);
    mqc_crossbar_place_levels(xb, 1, n, index, down);
    mqc_crossbar_refresh(xb, n, 0, index);
}

memqc_status mqc_crossbar_spill(memqc_crossbar *xb, const char *function, double threshold,
                                double refresh, float *chi) {
    uint32_t index[MQC_CHUNK];
    float position[MQC_CHUNK];
    const size_t cells = xb->shape.cells;
    float *const next = xb->scratch.next;
    uint64_t *const changed = xb->scratch.changed;
    if (mqc_crossbar_kernels()->spill(&xb->weights.ladder, cells, xb->weights.position,
                                      xb->weights.slope[0], (float)threshold, chi, next, changed))
        return mqc_fail(MEMQC_ERROR_DATA, "%s: an accumulator became NaN or infinite", function);
    for (size_t block = 0, n;
         (n = mqc_crossbar_collect(&block, 0, cells, next, changed, index, position)) > 0;) {
        if (refresh > 0)
            depress_pairs(xb, (float)refresh, n, index, position);
        else
            mqc_crossbar_place(xb, n, 0, index, position, 0);
        xb->account.report.moved += n;
    }
    return MEMQC_OK;
}
