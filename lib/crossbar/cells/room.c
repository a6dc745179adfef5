/* SPDX-License-Identifier: BSD-3-Clause */
/* What an array keeps of its cells: memory, first states, and the matrix that products use. */
#include "crossbar/array/inside.h"
#include "core/alloc.h"
#include "core/error.h"
#include "device/effects/effects.h"

#include <string.h>

/* Room for n floats at *memory, had already or new. */
static int have(float **memory, size_t n) {
    return *memory || (*memory = mqc_alloc(n, sizeof **memory));
}

/* The quantized model has bounds and noise of its own alone. */
static memqc_status own_room(memqc_crossbar *xb, struct mqc_plane *plane) {
    const size_t n = plane->n;
    if (!have(&plane->own_block, (xb->device->ops->pulsed ? MQC_CELL_ARRAYS : 3) * n))
        return MEMQC_ERROR_NOMEM;
    float *const b = plane->own_block;
    const struct mqc_cell_arrays three = {b, b + n, NULL, NULL, NULL, NULL, b + 2 * n};
    plane->own = xb->device->ops->pulsed ? mqc_cell_arrays_in(b, n) : three;
    return MEMQC_OK;
}

memqc_status mqc_plane_stuck_room(struct mqc_plane *plane) {
    if (plane->stuck)
        return MEMQC_OK;
    if (!have(&plane->stuck, plane->n))
        return MEMQC_ERROR_NOMEM;
    for (size_t i = 0; i < plane->n; i++)
        plane->stuck[i] = -1;
    return MEMQC_OK;
}

struct mqc_plane *mqc_crossbar_any_plane(const memqc_crossbar *xb, size_t i) {
    memqc_crossbar *const mine = (memqc_crossbar *)xb; /* as const as what the caller makes of it,
                                                          like strchr() */
    const size_t references =
        xb->weights.map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE ? xb->weights.map.slices : 0;
    return i < xb->cells.planes                ? &mine->cells.plane[i]
           : i < xb->cells.planes + references ? &mine->cells.reference[i - xb->cells.planes]
                                               : NULL;
}

memqc_status mqc_crossbar_age_room(memqc_crossbar *xb) {
    struct mqc_plane *plane;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(xb, p)) != NULL; p++) {
        if (plane->g0)
            continue;
        float *g0 = mqc_alloc(plane->n, sizeof *g0);
        if (!g0 || !(plane->born || (plane->born = mqc_alloc(plane->n, sizeof *plane->born)))) {
            mqc_free(g0);
            return MEMQC_ERROR_NOMEM;
        }
        memcpy(g0, plane->g, plane->n * sizeof *g0);
        for (size_t i = 0; i < plane->n; i++)
            plane->born[i] = xb->account.clock;
        plane->g0 = g0;
    }
    return MEMQC_OK;
}

/* Are there cells that are stuck for life? */
static int faulty(const memqc_device *device) {
    return device->value[MEMQC_DEVICE_STUCK_ON] > 0 || device->value[MEMQC_DEVICE_STUCK_OFF] > 0 ||
           device->value[MEMQC_DEVICE_STUCK_ANYWHERE] > 0;
}

static memqc_status plane_room(memqc_crossbar *xb, struct mqc_plane *plane, size_t n,
                               uint64_t number) {
    plane->n = n;
    plane->number = number;
    if (!have(&plane->g, n) || !have(&plane->level, n) ||
        !(plane->count || (plane->count = mqc_alloc(n, sizeof *plane->count))))
        return MEMQC_ERROR_NOMEM;
    if (faulty(xb->device))
        MQC_TRY(mqc_plane_stuck_room(plane));
    return mqc_device_varies(xb->device) ? own_room(xb, plane) : MEMQC_OK;
}

/* Energy of a SET from each level, as the device accounts for it. */
static memqc_status look_up_sets(memqc_crossbar *xb) {
    const size_t states = (size_t)mqc_device_states(xb->device);
    double *sets = mqc_alloc(states + 1, sizeof *sets);
    if (!sets)
        return MEMQC_ERROR_NOMEM;
    const struct mqc_cells where = {0, 0, 0, NULL, NULL};
    const float top = 1;
    for (size_t level = 1; level <= states; level++) {
        double cost[MEMQC_DEVICE_COSTS] = {0};
        float state = (float)level;
        mqc_device_program_cells(xb->device, &xb->cells.reach, &where, NULL, 1, &top, 1, &state,
                                 NULL, cost);
        sets[level] = cost[MEMQC_DEVICE_COST_ENERGY];
    }
    xb->cells.set_energy = sets;
    return MEMQC_OK;
}

/* What programming looks up. */
static memqc_status look_ups(memqc_crossbar *xb) {
    if (!xb->cells.reach.g[0] && !xb->cells.reach.energy &&
        mqc_reach_make(xb->device, &xb->cells.reach) != MEMQC_OK)
        return MEMQC_ERROR_NOMEM;
    return xb->device->ops->pulsed || xb->cells.set_energy ? MEMQC_OK : look_up_sets(xb);
}

/* Cells that were never programmed: at their lowest conductance. */
static void fresh(memqc_crossbar *xb, struct mqc_plane *plane) {
    const float low = (float)mqc_device_g_min(xb->device),
                bottom = (float)mqc_device_states(xb->device);
    const struct mqc_cells where = {xb->cells.seed, plane->number, 0, NULL, NULL};
    if (plane->own.lo)
        mqc_device_cell_arrays(xb->device, &where, plane->n, &plane->own);
    for (size_t i = 0; i < plane->n; i++) {
        plane->g[i] = plane->own.lo ? plane->own.lo[i] : low;
        plane->level[i] = bottom;
    }
    for (size_t i = 0; plane->stuck && i < plane->n; i++)
        plane->stuck[i] = -1;
    if (plane->stuck) {
        mqc_device_fault_cells(xb->device, &where, plane->n, NULL, plane->stuck);
        mqc_plane_programmed(xb, plane, plane->n, 0, NULL);
    }
}

static memqc_status cells_room(memqc_crossbar *xb) {
    const size_t planes = mqc_mapping_planes(xb), slices = (size_t)xb->value[MEMQC_CROSSBAR_SLICES];
    const int reference = xb->value[MEMQC_CROSSBAR_MAPPING] == MEMQC_CROSSBAR_MAPPING_REFERENCE;
    for (size_t p = 0; p < planes; p++)
        MQC_TRY(plane_room(xb, &xb->cells.plane[p], xb->shape.cells, p * xb->shape.cells));
    for (size_t s = 0; s < slices; s++) {
        if (slices > 1 && !have(&xb->weights.slice[s], xb->shape.cells))
            return MEMQC_ERROR_NOMEM;
        if (reference)
            MQC_TRY(plane_room(xb, &xb->cells.reference[s], xb->shape.rows,
                               planes * xb->shape.cells + s * xb->shape.rows));
    }
    return MEMQC_OK;
}

memqc_status mqc_crossbar_settle(memqc_crossbar *xb) {
    if (xb->programmed)
        return MEMQC_OK;
    if (!have(&xb->weights.scale, xb->shape.cols) || !have(&xb->weights.slope, xb->shape.cols) ||
        !have(&xb->weights.position, xb->shape.cells) ||
        !have(&xb->weights.matrix, xb->shape.cells))
        return MEMQC_ERROR_NOMEM;
    MQC_TRY(look_ups(xb));
    MQC_TRY(cells_room(xb));
    xb->cells.planes = mqc_mapping_planes(xb);
    xb->cells.seed = xb->seed;
    mqc_mapping_make(xb);
    struct mqc_plane *plane;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(xb, p)) != NULL; p++)
        fresh(xb, plane);
    return MEMQC_OK;
}

static void free_plane(struct mqc_plane *plane) {
    mqc_free(plane->g);
    mqc_free(plane->level);
    mqc_free(plane->count);
    mqc_free(plane->own_block);
    mqc_free(plane->stuck);
    mqc_free(plane->g0);
    mqc_free(plane->born);
}

void mqc_crossbar_free_state(memqc_crossbar *xb) {
    for (size_t plane = 0; plane < MQC_PLANES; plane++)
        free_plane(&xb->cells.plane[plane]);
    for (size_t slice = 0; slice < MQC_SLICES; slice++) {
        free_plane(&xb->cells.reference[slice]);
        mqc_free(xb->weights.slice[slice]);
    }
    mqc_reach_free(&xb->cells.reach);
    mqc_free(xb->cells.set_energy);
    mqc_free(xb->account.report.places);
    mqc_free(xb->weights.scale);
    mqc_free(xb->weights.slope);
    mqc_free(xb->weights.position);
    mqc_free(xb->weights.matrix);
    mqc_free(xb->scratch.next);
    mqc_free(xb->scratch.changed);
    mqc_free(xb->scratch.scaled);
    mqc_free(xb->scratch.train_bits);
    mqc_free(xb->scratch.train_signs);
}

/* The matrix of a slice, of n weights. */
static void refresh_slice(const memqc_crossbar *xb, size_t slice, size_t n, size_t first,
                          const uint32_t *index, float *matrix) {
    const float *const up = xb->cells.plane[slice * xb->weights.map.sides].g,
                       *const reference = xb->cells.reference[slice].g;
    const float *const down = xb->weights.map.sides == 2 ? xb->cells.plane[2 * slice + 1].g : NULL,
                       middle = xb->weights.map.middle;
    const int by_row = xb->weights.map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE;
    for (size_t i = 0; i < n; i++) {
        const size_t k = index ? index[i] : first + i;
        matrix[k] = up[k] - (down     ? down[k]
                             : by_row ? reference[(uint32_t)k / (uint32_t)xb->shape.cols]
                                      : middle);
    }
}

void mqc_crossbar_refresh(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index) {
    if (xb->weights.map.slices == 1) {
        refresh_slice(xb, 0, n, first, index, xb->weights.matrix);
        return;
    }
    for (size_t slice = 0; slice < xb->weights.map.slices; slice++) {
        const float *const part = xb->weights.slice[slice], factor = xb->weights.map.factor[slice];
        refresh_slice(xb, slice, n, first, index, xb->weights.slice[slice]);
        for (size_t i = 0; i < n; i++) {
            const size_t k = index ? index[i] : first + i;
            xb->weights.matrix[k] = slice == 0 ? part[k] : xb->weights.matrix[k] + factor * part[k];
        }
    }
}
