/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/update/accumulate.h"
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/kernels.h"
#include "crossbar/array/ready.h"
#include "crossbar/array/rungs.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/mapping/position.h"
#include "crossbar/update/changes.h"
#include "crossbar/write/place.h"
#include "crossbar/write/report.h"

#include <math.h>

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

/* The level that a cell is depressed to, from where it is, to come nearest to g; 0 where g is beyond
 * the last level. */
static float depressed(const memqc_device *device, float level, double g) {
    const double last = mqc_device_states(device);
    if (g < mqc_device_level_g(device, last) - 0.5 * mqc_device_spacing(device, last))
        return 0;
    return (float)fmax((double)level, mqc_device_uneven_level(device, g));
}

/* The same on uneven levels, where the difference of the pair counts instead of that of levels. */
static int depress_uneven(const memqc_crossbar *xb, float refresh, float from, float to, float *up,
                          float *down) {
    const memqc_device *d = xb->device;
    const double difference = (double)mqc_height_of(&xb->weights.ladder, to) *
                              (mqc_device_g_max(d) - mqc_device_g_min(d)) / xb->weights.map.last;
    float *const worn = to > from ? down : up, *const other = to > from ? up : down;
    const double partner = mqc_device_level_g(d, (double)*other);
    const float level =
        depressed(d, *worn, to > from ? partner - difference : partner + difference);
    if (level > 0) {
        *worn = level;
        return 0;
    }
    const double way = fabs(difference);
    float top = refresh;
    while (top > 1 && mqc_device_level_g(d, (double)top) - way < mqc_device_g_min(d))
        top--;
    *up = *down = top;
    *(to > 0 ? down : up) =
        (float)mqc_device_uneven_level(d, mqc_device_level_g(d, (double)top) - way);
    return 1;
}

/* As mqc_crossbar_place() of weights whose position changes, but by depression alone. */
static void depress_pairs(memqc_crossbar *xb, float refresh, size_t n, const uint32_t *index,
                          const float *position) {
    const float last = (float)mqc_device_states(xb->device);
    float up[MQC_CHUNK], down[MQC_CHUNK], before[MQC_CHUNK];
    mqc_positions_get(xb, n, 0, index, before);
    for (size_t i = 0; i < n; i++) {
        const size_t k = index[i];
        up[i] = xb->cells.plane[0].level[k];
        down[i] = xb->cells.plane[1].level[k];
        const float from = before[i], to = position[i];
        const int refreshed = xb->weights.ladder.height
                                  ? depress_uneven(xb, refresh, from, to, &up[i], &down[i])
                                  : depress(last, refresh, from, to, &up[i], &down[i]);
        mqc_crossbar_count_up(xb, MEMQC_CROSSBAR_COUNT_REFRESHED, (uint64_t)refreshed);
    }
    mqc_positions_note(xb, n, 0, index, position);
    mqc_crossbar_place_levels(xb, 0, n, index, up);
    mqc_crossbar_place_levels(xb, 1, n, index, down);
    mqc_crossbar_refresh(xb, n, 0, index);
}

/* What comes out of the accumulators, chunk by chunk; is any of them NaN or infinite? */
static int spill(const memqc_crossbar *xb, float threshold, float *chi, float *next,
                 uint64_t *changed) {
    float room[MQC_CHUNK];
    int bad = 0;
    for (size_t first = 0; first < xb->shape.cells; first += MQC_CHUNK) {
        const size_t n = xb->shape.cells - first < MQC_CHUNK ? xb->shape.cells - first : MQC_CHUNK;
        const struct mqc_standing at = mqc_positions_at(xb, n, first, room);
        bad |= mqc_crossbar_kernels()->spill(&xb->weights.ladder, n, &at, xb->weights.slope[0],
                                             threshold, chi + first, next + first,
                                             changed + first / MQC_BLOCK);
    }
    return bad;
}

memqc_status mqc_crossbar_spill(memqc_crossbar *xb, const char *function, double threshold,
                                double refresh, float *chi) {
    uint32_t index[MQC_CHUNK];
    float position[MQC_CHUNK];
    const size_t cells = xb->shape.cells;
    float *const next = xb->scratch.next;
    uint64_t *const changed = xb->scratch.changed;
    if (spill(xb, (float)threshold, chi, next, changed))
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
