/* SPDX-License-Identifier: BSD-3-Clause */
/* Pulses, voltages and programming of cells whose states the caller keeps. */
#include "core/error.h"
#include "device/cell/check.h"
#include "device/cell/spread.h"
#include "device/models/custom_host.h"
#include "device/models/lookup.h"
#include "device/models/pulsed.h"

#include <math.h>
#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK };

/* The caller's cells, a chunk at a time. */
struct walk {
    const memqc_device *device;
    uint64_t cell, draw;
    size_t n;
    float *state, *g;
    double *cost;
    int varies;
    /* The chunk: */
    struct mqc_draws where;
    struct mqc_cell_arrays own;
    float block[MQC_CELL_ARRAYS * CHUNK];
};

/* The cells from the first-th on, as many as a chunk holds. */
static struct mqc_cell_set chunk_of(struct walk *walk, size_t first) {
    const size_t left = walk->n - first, n = left < CHUNK ? left : CHUNK;
    const struct mqc_draws where = {walk->device->seed, walk->cell + first, walk->draw, NULL, NULL};
    walk->where = where;
    walk->own = mqc_cell_arrays_in(walk->block, CHUNK);
    if (walk->varies)
        mqc_device_cell_arrays(walk->device, &where, n, &walk->own);
    const struct mqc_cell_set set = {
        &walk->where,        walk->varies ? &walk->own : NULL, n,
        walk->state + first, walk->g ? walk->g + first : NULL, walk->cost};
    return set;
}

/* --- pulses --- */

/* Checks the cells and their states; n = 0 is fine. */
static memqc_status begin(struct walk *walk, const char *function) {
    if (walk->n > 0 && !walk->state)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: state is NULL", function);
    MQC_TRY(mqc_device_check_cells(function, walk->cell, walk->n));
    MQC_TRY(mqc_device_check_states(walk->device, function, walk->n, walk->state));
    walk->varies = mqc_device_varies(walk->device);
    return MEMQC_OK;
}

static memqc_status pulse_all(struct walk *walk, const char *function, int32_t all,
                              const int32_t *counts) {
    const memqc_device *device = walk->device;
    MQC_TRY(begin(walk, function));
    for (size_t first = 0; first < walk->n; first += CHUNK) {
        const struct mqc_cell_set set = chunk_of(walk, first);
        device->ops->pulse(device, &set, MQC_STREAM_PULSE, all, counts ? counts + first : NULL);
    }
    return mqc_host_check(device, function);
}

memqc_status memqc_device_pulse(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n,
                                int32_t pulses, float *state, float *g, double *cost) {
    MQC_NOT_NULL(device);
    struct walk walk = {
        .device = device, .cell = cell, .draw = draw, .n = n, .state = state, .g = g, .cost = cost};
    return pulse_all(&walk, __func__, pulses, NULL);
}

memqc_status memqc_device_pulse_each(const memqc_device *device, uint64_t cell, uint64_t draw,
                                     size_t n, const int32_t *pulses, float *state, float *g,
                                     double *cost) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, pulses);
    struct walk walk = {
        .device = device, .cell = cell, .draw = draw, .n = n, .state = state, .g = g, .cost = cost};
    return pulse_all(&walk, __func__, 0, pulses);
}

memqc_status memqc_device_response(const memqc_device *device, int32_t direction, double start,
                                   size_t n, float *g) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, g);
    if (direction != 1 && direction != -1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: direction = %d; allowed is 1 (potentiation) or -1 (depression)",
                        __func__, (int)direction);
    if (!isfinite(start))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: start = %g S; it must be finite", __func__,
                        start);
    double at = mqc_pulsed_clip(device, start),
           level = 1 + rint((mqc_device_g_max(device) - at) / mqc_device_step(device));
    for (size_t i = 0; i < n; i++) {
        if (device->ops->pulsed) {
            at = mqc_pulsed_after(device, direction < 0, at);
        } else {
            level = direction > 0 ? 1 : fmin(level + 1, mqc_device_states(device));
            at = mqc_device_level_g(device, level);
        }
        g[i] = (float)at;
    }
    return mqc_host_check(device, __func__);
}

/* --- programming --- */

memqc_status memqc_device_program(const memqc_device *device, uint64_t cell, uint64_t draw,
                                  size_t n, const int32_t *levels, float *state, float *g,
                                  double *cost) {
    struct mqc_lookup lookup = {.reset_energy = NULL};
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, levels);
    if (draw >> 40)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: draw = %llu; allowed is 0 .. 2^40 - 1", __func__,
                        (unsigned long long)draw);
    struct walk walk = {
        .device = device, .cell = cell, .draw = draw, .n = n, .state = state, .g = g, .cost = cost};
    MQC_TRY(begin(&walk, __func__));
    MQC_TRY(mqc_device_check_levels(device, __func__, n, levels));
    MQC_TRY(device->ops->look_up(device, &lookup));
    float targets[CHUNK];
    for (size_t first = 0; first < n; first += CHUNK) {
        const struct mqc_cell_set set = chunk_of(&walk, first);
        for (size_t i = 0; i < set.n; i++)
            targets[i] = (float)levels[first + i];
        device->ops->program(device, &lookup, &set, targets, 0);
    }
    mqc_lookup_free(&lookup);
    return mqc_host_check(device, __func__);
}

/* --- voltages --- */

memqc_status memqc_device_apply(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n,
                                double volts, float *state, float *g, double *cost) {
    MQC_NOT_NULL(device);
    if (!isfinite(volts))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: volts = %g V; it must be finite", __func__,
                        volts);
    struct walk walk = {
        .device = device, .cell = cell, .draw = draw, .n = n, .state = state, .g = g, .cost = cost};
    MQC_TRY(begin(&walk, __func__));
    for (size_t first = 0; first < n; first += CHUNK) {
        const struct mqc_cell_set set = chunk_of(&walk, first);
        device->ops->apply(device, &set, volts);
    }
    return mqc_host_check(device, __func__);
}
