/* SPDX-License-Identifier: BSD-3-Clause */
/* An array as reads at one time find it: its traps stay as they are. */
#include "crossbar/snapshot.h"
#include "core/error.h"
#include "crossbar/array/array.h"
#include "crossbar/cells/plane.h"
#include "crossbar/cells/sums.h"
#include "crossbar/mapping/matrix.h"
#include "device/effects/telegraph.h"

static void trap_plane(const memqc_crossbar *xb, struct mqc_plane *plane) {
    int32_t traps[MQC_CHUNK];
    for (size_t first = 0; first < plane->n; first += MQC_CHUNK) {
        const size_t n = plane->n - first < MQC_CHUNK ? plane->n - first : MQC_CHUNK;
        const struct mqc_draws where = {xb->cells.seed, plane->number + first, 0, NULL, NULL};
        mqc_device_begin_traps(xb->device, &where, n, traps);
        mqc_device_trapped_cells(xb->device, n, traps, plane->g + first);
    }
}

memqc_status mqc_crossbar_snapshot(memqc_crossbar *xb) {
    struct mqc_plane *plane;
    if (xb->device->value[MQC_DEVICE_AT(RTN_AMPLITUDE)] == 0)
        return MEMQC_OK;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(xb, p)) != NULL; p++)
        trap_plane(xb, plane);
    mqc_cells_changed(xb);
    mqc_crossbar_refresh(xb, xb->shape.cells, 0, NULL);
    return MEMQC_OK;
}
