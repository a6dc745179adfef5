/* SPDX-License-Identifier: BSD-3-Clause */
/* An array as reads at one time find it: traps stay, and wires are there. */
#include "crossbar/snapshot.h"
#include "circuit/solve.h"
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/array.h"
#include "crossbar/cells/plane.h"
#include "crossbar/cells/sums.h"
#include "crossbar/mapping/matrix.h"
#include "device/effects/telegraph.h"

#include <string.h>

static void trap_plane(const memqc_crossbar *xb, struct mqc_plane *plane) {
    int32_t traps[MQC_CHUNK];
    for (size_t first = 0; first < plane->n; first += MQC_CHUNK) {
        const size_t n = plane->n - first < MQC_CHUNK ? plane->n - first : MQC_CHUNK;
        const struct mqc_draws where = {xb->cells.seed, plane->number + first, 0, NULL, NULL};
        mqc_device_begin_traps(xb->device, &where, n, traps);
        mqc_device_trapped_cells(xb->device, n, traps, plane->g + first);
    }
}

/* Puts the effective conductances of the wired array in place of those of the cells; the reference
 * cells, where there are some, are its last bit line. all: rows x (cols + 1). */
static memqc_status wire_plane(const memqc_crossbar *xb, double ohm, float *g, float *reference,
                               float *all) {
    const size_t rows = xb->shape.rows, cols = xb->shape.cols, ld = cols + (reference != NULL);
    for (size_t i = 0; i < rows; i++) {
        memcpy(all + i * ld, g + i * cols, cols * sizeof *g);
        if (reference)
            all[i * ld + cols] = reference[i];
    }
    MQC_TRY(mqc_wired_conductances(ohm, rows, ld, all));
    for (size_t i = 0; i < rows; i++) {
        memcpy(g + i * cols, all + i * ld, cols * sizeof *g);
        if (reference)
            reference[i] = all[i * ld + cols];
    }
    return MEMQC_OK;
}

static memqc_status wire(memqc_crossbar *xb, double ohm) {
    const int references = xb->weights.map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE;
    memqc_status status = MEMQC_OK;
    float *all = mqc_alloc(xb->shape.rows, (xb->shape.cols + 1) * sizeof *all);
    if (!all)
        return MEMQC_ERROR_NOMEM;
    for (size_t p = 0; p < xb->cells.planes && status == MEMQC_OK; p++)
        status = wire_plane(xb, ohm, xb->cells.plane[p].g,
                            references ? xb->cells.reference[p].g : NULL, all);
    mqc_free(all);
    return status;
}

memqc_status mqc_crossbar_snapshot(memqc_crossbar *xb, double ohm) {
    const double *noise = xb->device->value;
    struct mqc_plane *plane;
    MQC_TRY(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE, noise[MQC_DEVICE_AT(READ_NOISE)]));
    MQC_TRY(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE,
                               noise[MQC_DEVICE_AT(READ_NOISE_RELATIVE)]));
    for (size_t p = 0;
         noise[MQC_DEVICE_AT(RTN_AMPLITUDE)] > 0 && (plane = mqc_crossbar_any_plane(xb, p)) != NULL;
         p++)
        trap_plane(xb, plane);
    if (ohm >= 1e-6)
        MQC_TRY(wire(xb, ohm));
    mqc_cells_changed(xb);
    mqc_crossbar_refresh(xb, xb->shape.cells, 0, NULL);
    return MEMQC_OK;
}
