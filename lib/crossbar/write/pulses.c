/* SPDX-License-Identifier: BSD-3-Clause */
/* Raw pulses on cells of a plane. The pulses of a call are numbered from the number of the cell's
 * programming on, apart from those of programming. */
#include "core/error.h"
#include "crossbar/array/ready.h"
#include "crossbar/cells/counts.h"
#include "crossbar/cells/picked.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/mapping/position.h"
#include "crossbar/write/places.h"

#include <string.h>

/* The first pulse of programming number c is draw FIRST + (c << BITS). */
enum { BITS = 20, MOST = (1 << BITS) - 1 };
static const uint64_t first_draw = UINT64_C(1) << 61;

static memqc_status check(const memqc_crossbar *xb, const char *function, size_t n,
                          const size_t *places, const int32_t *pulses) {
    MQC_TRY(mqc_crossbar_check_places(xb, function, n, places));
    for (size_t i = 0; i < n; i++)
        if (pulses[i] > MOST || pulses[i] < -MOST)
            return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: pulses[%zu] = %d; allowed is -%d .. %d",
                            function, i, (int)pulses[i], MOST, MOST);
    return MEMQC_OK;
}

/* Cells of which none comes twice, at most a chunk of them. */
static void pulse_cells(memqc_crossbar *xb, struct mqc_plane *plane, size_t n,
                        const uint32_t *index, const int32_t *pulses) {
    const memqc_device *device = xb->device;
    const int state_is_g = mqc_device_state_is_g(device);
    struct mqc_picked p;
    struct mqc_cell_arrays arrays;
    p.n = n;
    p.neighbours = 0;
    for (size_t i = 0; i < n; i++) {
        p.at[i] = index[i];
        p.cells[i] = plane->number + index[i];
        p.draws[i] = first_draw + ((uint64_t)mqc_counts_up(&plane->count, index[i]) << BITS);
        p.to[i] = plane->level[index[i]];
    }
    mqc_picked_get(plane, &p);
    const struct mqc_draws where = {xb->seed, 0, 0, p.cells, p.draws};
    const struct mqc_cell_set set = {&where,
                                     mqc_picked_own(plane, &p, &arrays),
                                     n,
                                     state_is_g ? p.g : p.to,
                                     state_is_g ? NULL : p.g,
                                     xb->account.cost};
    device->ops->pulse(device, &set, MQC_STREAM_PULSE, 0, pulses);
    mqc_picked_put(xb, plane, &p);
    for (size_t i = 0; i < n; i++)
        plane->level[index[i]] =
            (uint16_t)(state_is_g ? mqc_mapping_nearest_level(xb, (double)p.g[i]) : p.to[i]);
    mqc_positions_follow(xb, n, 0, index);
    mqc_crossbar_refresh(xb, n, 0, index);
}

memqc_status memqc_crossbar_pulse(memqc_crossbar *crossbar, size_t plane, size_t n,
                                  const size_t *places, const int32_t *pulses) {
    uint32_t index[MQC_CHUNK];
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    MQC_TRY(mqc_crossbar_check_plane(crossbar, __func__, plane));
    if (n == 0)
        return MEMQC_OK;
    MQC_NOT_NULL(places);
    MQC_NOT_NULL(pulses);
    MQC_TRY(check(crossbar, __func__, n, places, pulses));
    MQC_TRY(mqc_counts_room(crossbar, (double)n));
    for (size_t first = 0, m; first < n; first += m) {
        m = mqc_distinct_places(n - first, places + first, index);
        pulse_cells(crossbar, &crossbar->cells.plane[plane], m, index, pulses + first);
    }
    return mqc_crossbar_check_pulses(crossbar, __func__, MEMQC_OK);
}
