/* SPDX-License-Identifier: BSD-3-Clause */
/* Planes of cells: their optional parts, and the door through which conductances change. */
#include "crossbar/cells/plane.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/cells/sums.h"
#include "device/effects/age.h"

#include <string.h>

memqc_status mqc_plane_stuck_room(struct mqc_plane *plane) {
    if (plane->stuck)
        return MEMQC_OK;
    MQC_TRY(MQC_HAVE(&plane->stuck, plane->n));
    for (size_t i = 0; i < plane->n; i++)
        plane->stuck[i] = -1;
    return MEMQC_OK;
}

struct mqc_plane *mqc_crossbar_any_plane(const memqc_crossbar *xb, size_t i) {
    memqc_crossbar *const mine = (memqc_crossbar *)xb; /* as const as what the caller makes of it,
                                                          like strchr() */
    const size_t references =
        xb->weights.map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE ? xb->weights.map.slices : 0;
    if (i < xb->cells.planes)
        return &mine->cells.plane[i];
    return i < xb->cells.planes + references ? &mine->cells.reference[i - xb->cells.planes] : NULL;
}

/* Cells have no flicker before time passes. */
static memqc_status flicker_room(memqc_crossbar *xb) {
    struct mqc_plane *plane;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(xb, p)) != NULL; p++)
        MQC_TRY(mqc_plane_flicker_room(plane));
    return MEMQC_OK;
}

memqc_status mqc_plane_flicker_room(struct mqc_plane *plane) {
    return plane->flicker ? MEMQC_OK : MQC_HAVE(&plane->flicker, plane->n);
}

static memqc_status age_room(memqc_crossbar *xb) {
    struct mqc_plane *plane;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(xb, p)) != NULL; p++) {
        if (plane->g0)
            continue;
        MQC_TRY(MQC_HAVE(&plane->born, plane->n));
        float *const g0 = mqc_alloc(plane->n, sizeof *g0);
        if (!g0)
            return MEMQC_ERROR_NOMEM;
        memcpy(g0, plane->g, plane->n * sizeof *g0);
        for (size_t i = 0; i < plane->n; i++)
            plane->born[i] = xb->account.clock;
        plane->g0 = g0;
    }
    return mqc_device_flickers_in_reads(xb->device) ? flicker_room(xb) : MEMQC_OK;
}

memqc_status mqc_crossbar_age_room(memqc_crossbar *xb) {
    const int before = mqc_crossbar_ages(xb);
    const memqc_status status = age_room(xb);
    if (status != MEMQC_OK)
        mqc_crossbar_drop_ages(xb, before);
    return status;
}

int mqc_crossbar_ages(const memqc_crossbar *xb) {
    const struct mqc_plane *plane = mqc_crossbar_any_plane(xb, 0);
    return (plane->g0 ? MQC_AGES : 0) | (plane->flicker ? MQC_FLICKERS : 0);
}

void mqc_crossbar_drop_ages(memqc_crossbar *xb, int kept) {
    struct mqc_plane *plane;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(xb, p)) != NULL; p++) {
        if (!(kept & MQC_AGES)) {
            mqc_free(plane->g0);
            mqc_free(plane->born);
            plane->g0 = NULL;
            plane->born = NULL;
        }
        if (!(kept & MQC_FLICKERS)) {
            mqc_free(plane->flicker);
            plane->flicker = NULL;
        }
    }
}

void mqc_plane_free(struct mqc_plane *plane) {
    mqc_free(plane->g);
    mqc_free(plane->level);
    mqc_free(plane->count.few);
    mqc_free(plane->count.many);
    mqc_free(plane->own_block);
    mqc_free(plane->stuck);
    mqc_free(plane->g0);
    mqc_free(plane->born);
    mqc_free(plane->flicker);
}

/* A cell was programmed now. */
static void note(const memqc_crossbar *xb, struct mqc_plane *plane, size_t k, float g) {
    plane->g0[k] = g;
    plane->born[k] = xb->account.clock;
    if (plane->flicker)
        plane->flicker[k] = 0;
}

void mqc_plane_store(memqc_crossbar *xb, struct mqc_plane *plane, size_t n, size_t first,
                     const uint32_t *index, float *g) {
    for (size_t i = 0; plane->stuck && i < n; i++) {
        const float stuck = plane->stuck[index ? index[i] : first + i];
        g[i] = stuck >= 0 ? stuck : g[i];
    }
    mqc_cells_store(xb, plane, n, first, index, g);
    for (size_t i = 0; plane->g0 && i < n; i++)
        note(xb, plane, index ? index[i] : first + i, g[i]);
}

void mqc_plane_programmed(memqc_crossbar *xb, struct mqc_plane *plane, size_t n, size_t first,
                          const uint32_t *index) {
    mqc_cells_changed(xb);
    for (size_t i = 0; plane->stuck && i < n; i++) {
        const size_t k = index ? index[i] : first + i;
        plane->g[k] = plane->stuck[k] >= 0 ? plane->stuck[k] : plane->g[k];
    }
    for (size_t i = 0; plane->g0 && i < n; i++) {
        const size_t k = index ? index[i] : first + i;
        note(xb, plane, k, plane->g[k]);
    }
}
