/* SPDX-License-Identifier: BSD-3-Clause */
/* Weights remapped around stuck cells. */
#include "core/error.h"
#include "crossbar/array/array.h"
#include "crossbar/array/ready.h"
#include "crossbar/cells/counts.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/mapping/position.h"
#include "crossbar/write/place.h"
#include "crossbar/write/report.h"

#include <math.h>

static int is_stuck(const struct mqc_plane *plane, size_t k) {
    return plane->stuck && plane->stuck[k] >= 0;
}

/* Cells of a plane whose partner is stuck, on their way to other levels. */
struct detour {
    size_t n, remapped, lost;
    uint32_t index[MQC_CHUNK];
    float levels[MQC_CHUNK];
};

static void flush(memqc_crossbar *xb, size_t plane, struct detour *detour) {
    if (detour->n) {
        mqc_crossbar_place_levels(xb, plane, detour->n, detour->index, detour->levels);
        mqc_crossbar_refresh(xb, detour->n, 0, detour->index);
    }
    detour->remapped += detour->n;
    detour->n = 0;
}

/* The level of the cell of a plane for which its conductance, less that of its stuck partner, is
 * nearest to difference. */
static float nearest(const memqc_crossbar *xb, double partner, double difference) {
    if (xb->device->uneven)
        return (float)mqc_device_uneven_level(xb->device, partner + difference);
    const double level = 1 + rint((mqc_device_g_max(xb->device) - (partner + difference)) /
                                  mqc_device_step(xb->device));
    return (float)fmin(fmax(level, 1), mqc_device_states(xb->device));
}

/* The difference that the mapping means a pair to have. */
static double difference_of(const memqc_crossbar *xb, const float wanted[2]) {
    if (xb->device->uneven)
        return mqc_device_level_g(xb->device, (double)wanted[0]) -
               mqc_device_level_g(xb->device, (double)wanted[1]);
    return mqc_device_step(xb->device) * ((double)wanted[1] - (double)wanted[0]);
}

/* How far from its difference a pair may be. */
static double half_a_step(const memqc_crossbar *xb, const float wanted[2]) {
    return 0.5 * (1 + 1e-6) *
           fmin(mqc_device_spacing(xb->device, (double)wanted[0]),
                mqc_device_spacing(xb->device, (double)wanted[1]));
}

/* Weight k, whose cell in the plane works and whose partner does not. wanted: levels of the two by
 * the mapping. */
static void detour_one(const memqc_crossbar *xb, size_t plane, size_t k, const float wanted[2],
                       struct detour *detour) {
    const double difference = difference_of(xb, wanted);
    const double partner = (double)xb->cells.plane[plane ^ 1].stuck[k];
    const float level = nearest(xb, partner, difference);
    detour->lost += fabs(mqc_device_level_g(xb->device, (double)level) - partner - difference) >
                    half_a_step(xb, wanted);
    if (level == xb->cells.plane[plane].level[k])
        return;
    detour->index[detour->n] = (uint32_t)k;
    detour->levels[detour->n++] = level;
}

/* All weights whose cell in this plane works and whose partner does not. Pairs of stuck cells count
 * with side 0. */
static void remap_plane(memqc_crossbar *xb, size_t plane, struct detour *detour) {
    const struct mqc_plane *const mine = &xb->cells.plane[plane], *const partner =
                                                                      &xb->cells.plane[plane ^ 1];
    if (!partner->stuck)
        return;
    for (size_t k = 0; k < xb->shape.cells; k++) {
        float position, wanted[2]; /* this plane's, the partner's */
        if (!is_stuck(partner, k))
            continue;
        mqc_positions_get(xb, 1, k, NULL, &position);
        mqc_mapping_levels(xb, plane, 1, &position, &wanted[0]);
        mqc_mapping_levels(xb, plane ^ 1, 1, &position, &wanted[1]);
        if (!is_stuck(mine, k))
            detour_one(xb, plane, k, wanted, detour);
        else if (plane % 2 == 0)
            detour->lost += fabs((double)mine->stuck[k] - (double)partner->stuck[k] -
                                 difference_of(xb, wanted)) > half_a_step(xb, wanted);
        if (detour->n == MQC_CHUNK)
            flush(xb, plane, detour);
    }
    flush(xb, plane, detour);
}

memqc_status memqc_crossbar_remap(memqc_crossbar *crossbar, size_t *remapped, size_t *lost) {
    struct detour detour;
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    detour.n = detour.remapped = detour.lost = 0;
    if (crossbar->weights.map.sides == 2)
        MQC_TRY(mqc_counts_room(crossbar, mqc_counts_each(crossbar)));
    mqc_report_begin(crossbar);
    for (size_t plane = 0; crossbar->weights.map.sides == 2 && plane < crossbar->cells.planes;
         plane++)
        remap_plane(crossbar, plane, &detour);
    mqc_report_end(crossbar, MQC_REPORT_UPDATE, 0, NULL);
    if (remapped)
        *remapped = detour.remapped;
    if (lost)
        *lost = detour.lost;
    return mqc_crossbar_check_pulses(crossbar, __func__, MEMQC_OK);
}
