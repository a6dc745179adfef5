/* SPDX-License-Identifier: BSD-3-Clause */
/* The device of a living array. */
#include "core/constants.h"
#include "core/error.h"
#include "crossbar/array/ready.h"
#include "crossbar/mapping/mapping.h"
#include "device/models/lookup.h"

/* What the cells of a programmed array were made of, from the first to the last key of each row:
 * window, steps, spread, faults. */
static const struct {
    int32_t first, last;
} settled[] = {
    {MEMQC_DEVICE_STATES, MEMQC_DEVICE_STEP},
    {MEMQC_DEVICE_ASYMMETRY, MEMQC_DEVICE_PULSES_DOWN},
    {MEMQC_DEVICE_D2D_G_MAX, MEMQC_DEVICE_D2D_NOISE},
    {MEMQC_DEVICE_STUCK_ON, MEMQC_DEVICE_STUCK_ANYWHERE},
};

static memqc_status check_same(const memqc_device *old, const memqc_device *new, int32_t key,
                               memqc_status status, const char *function) {
    double before, after;
    const char *name = "", *what;
    MQC_TRY(memqc_device_get(old, key, &before));
    MQC_TRY(memqc_device_get(new, key, &after));
    if (before == after)
        return MEMQC_OK;
    (void)mqc_constant(key, &name, &what);
    return mqc_fail(status, "%s: %s = %g; the array is made of cells with %g", function, name,
                    after, before);
}

/* The levels one by one of a programmed array. */
static memqc_status check_levels(const memqc_device *old, const memqc_device *new,
                                 const char *function) {
    for (double level = 1; (old->ladder || new->ladder) && level <= mqc_device_states(old);
         level++) {
        const double before = mqc_device_level_g(old, level),
                     after = mqc_device_level_g(new, level);
        if (before != after)
            return mqc_fail(MEMQC_ERROR_STATE,
                            "%s: level %g is at %g S; the array is made of cells with %g S",
                            function, level, after, before);
    }
    return MEMQC_OK;
}

static memqc_status check(const memqc_crossbar *xb, const char *function,
                          const memqc_device *device) {
    if (device->ops != xb->device->ops)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: a device of model %s; the array is of model %s",
                        function, device->ops->name, xb->device->ops->name);
    MQC_TRY(check_same(xb->device, device, MEMQC_DEVICE_STATES, MEMQC_ERROR_ARGUMENT, function));
    for (size_t i = 0; xb->programmed && i < sizeof settled / sizeof *settled; i++)
        for (int32_t key = settled[i].first; key <= settled[i].last; key++)
            MQC_TRY(check_same(xb->device, device, key, MEMQC_ERROR_STATE, function));
    MQC_TRY(mqc_mapping_check(function, xb->value, device));
    return xb->programmed ? check_levels(xb->device, device, function) : MEMQC_OK;
}

/* A device on its way into an array, and what programming looks up. */
struct change {
    memqc_device *device;
    struct mqc_lookup lookup;
};

static memqc_status prepare(const memqc_crossbar *xb, const memqc_device *device,
                            struct change *change) {
    MQC_TRY(memqc_device_copy(device, &change->device));
    return xb->cells.looked_up ? change->device->ops->look_up(change->device, &change->lookup)
                               : MEMQC_OK;
}

/* Puts the new device in; the change gets the old one. */
static void swap(memqc_crossbar *xb, struct change *change) {
    const struct change old = {xb->device, xb->cells.lookup};
    xb->device = change->device;
    xb->cells.lookup = change->lookup;
    *change = old;
}

static void drop(struct change *change) {
    mqc_lookup_free(&change->lookup);
    memqc_device_destroy(&change->device);
}

memqc_status memqc_crossbar_set_device(memqc_crossbar *crossbar, const memqc_device *device) {
    struct change own = {.device = NULL}, of_fast = {.device = NULL};
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(device);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    MQC_TRY(check(crossbar, __func__, device));
    memqc_crossbar *const fast = crossbar->update.fast; /* of Tiki-Taka, beside the array */
    memqc_status status = prepare(crossbar, device, &own);
    if (status == MEMQC_OK && fast)
        status = prepare(fast, device, &of_fast);
    if (status == MEMQC_OK) {
        swap(crossbar, &own);
        if (fast)
            swap(fast, &of_fast);
    }
    drop(&own);
    drop(&of_fast);
    return status;
}
