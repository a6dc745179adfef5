/* SPDX-License-Identifier: BSD-3-Clause */
/* From weights to rungs to levels. */
#include "core/error.h"
#include "crossbar/array/array.h"
#include "crossbar/array/kernels.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/mapping/rungs.h"

#include <math.h>

/* Rungs are found in single precision: 2^20 of them leave each a sixteenth of a rung to the
 * rounding of a weight. */
static const double most_rungs = 1048576;

static int is_pair(int mapping) {
    return mapping == MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL ||
           mapping == MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED;
}

static size_t slices_of(const memqc_crossbar *xb) {
    return (size_t)mqc_crossbar_value(xb, MEMQC_CROSSBAR_SLICES);
}

/* The base of the digits: all levels, unless there is another one. */
static double base_of(const memqc_device *device, size_t slices, double base) {
    return slices == 1 || base == 0 ? mqc_device_states(device) : base;
}

memqc_status mqc_mapping_check(const char *function, const double *values,
                               const memqc_device *device) {
    const size_t slices = (size_t)values[MEMQC_CROSSBAR_SLICES - MQC_CROSSBAR_FIRST];
    const double base = values[MEMQC_CROSSBAR_SLICE_BASE - MQC_CROSSBAR_FIRST];
    const double states = mqc_device_states(device);
    if (base == 1 || base > states)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: slice_base = %g; allowed is 0 (all levels), or 2 .. %g, the "
                        "levels of the device",
                        function, base, states);
    if (slices > 1 && device->uneven)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: slices = %zu: digits need levels that are evenly spaced, and those of "
                        "the device are not; allowed is 1",
                        function, slices);
    const double in_use = base_of(device, slices, base);
    if (slices > 1 && pow(in_use, (double)slices) > most_rungs)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: slices = %zu of base %g make more than 2^20 rungs; set a "
                        "smaller slice_base or fewer slices",
                        function, slices, in_use);
    return MEMQC_OK;
}

size_t mqc_mapping_planes(const memqc_crossbar *xb) {
    return slices_of(xb) * (is_pair((int)mqc_crossbar_value(xb, MEMQC_CROSSBAR_MAPPING)) ? 2 : 1);
}

static void make_ladder(memqc_crossbar *xb) {
    const struct mqc_mapping *map = &xb->weights.map;
    xb->weights.ladder.lo = map->sides == 1 ? 0 : (float)-map->last;
    xb->weights.ladder.hi = (float)map->last;
    xb->weights.ladder.offset = map->sides == 1 ? 0.5f * xb->weights.ladder.hi : 0;
    if (map->kind == MEMQC_CROSSBAR_MAPPING_REFERENCE)
        xb->weights.ladder.offset = (float)(map->last - map->zero);
}

memqc_status mqc_mapping_make(memqc_crossbar *xb) {
    struct mqc_mapping *map = &xb->weights.map;
    const double low = mqc_device_g_min(xb->device), high = mqc_device_g_max(xb->device),
                 states = mqc_device_states(xb->device);
    map->kind = (int)mqc_crossbar_value(xb, MEMQC_CROSSBAR_MAPPING);
    map->sides = is_pair(map->kind) ? 2 : 1;
    map->slices = slices_of(xb);
    map->base = base_of(xb->device, map->slices, mqc_crossbar_value(xb, MEMQC_CROSSBAR_SLICE_BASE));
    map->stride = floor((states - 1) / (map->base - 1));
    map->last = pow(map->base, (double)map->slices) - 1;
    map->zero = xb->device->uneven ? mqc_rungs_zero(xb->device) : floor(0.5 * map->last);
    double range = high - low, top = high; /* of the levels in use, on the scale of the matrix */
    if (map->slices > 1) {
        const double digit = map->stride * mqc_device_step(xb->device);
        range = digit * map->last / pow(map->base, (double)map->slices - 1);
        top = low + (map->base - 1) * digit;
    }
    map->unit = map->sides == 1 ? 2 / range : 1 / range;
    map->middle = (float)(0.5 * (top + low));
    for (size_t slice = 0; slice < map->slices; slice++)
        map->factor[slice] = (float)pow(map->base, -(double)slice);
    make_ladder(xb);
    return mqc_rungs_make(xb, &xb->weights.ladder, &xb->weights.rungs);
}

/* --- and back --- */

float mqc_mapping_nearest_level(const memqc_crossbar *xb, double g) {
    if (xb->device->uneven)
        return (float)mqc_device_uneven_level(xb->device, g);
    const double level = 1 + rint((mqc_device_g_max(xb->device) - g) / mqc_device_step(xb->device));
    return (float)fmin(fmax(level, 1), mqc_device_states(xb->device));
}

memqc_status mqc_mapping_check_reference(const memqc_crossbar *xb, const char *function,
                                         size_t slice) {
    const int mapping = (int)mqc_crossbar_value(xb, MEMQC_CROSSBAR_MAPPING);
    if (mapping != MEMQC_CROSSBAR_MAPPING_REFERENCE)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: mapping = %d has no reference column; MAPPING_REFERENCE has", function,
                        mapping);
    if (slice >= slices_of(xb))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: slice = %zu; there are slices 0 .. %zu",
                        function, slice, slices_of(xb) - 1);
    return MEMQC_OK;
}
