/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a device leaves what its model is known to hold for. The library keeps no log: a caller asks.
 *
 * Conductance is quantized in units of G0 as long as the contact is an atomic point contact: Chen et
 * al., Micromachines 2020, 11, 427, see it from 1 G0 up to 16 G0, and one state at 0.5 G0. */
#include "core/error.h"
#include "device/cell/inside.h"

/* A level that is nearest to a half-integer state within them is not outside: what was fitted has
 * errors. */
static const double lowest = 0.25 * MEMQC_G0, highest = 16.25 * MEMQC_G0;

enum { WARNINGS = MEMQC_DEVICE_WARNING_ABOVE_QUANTA - MEMQC_DEVICE_WARNING_BELOW_QUANTA + 1 };

/* Do the device's levels claim to be quantized conductances? */
static int is_quantized(const memqc_device *device) {
    const double law = device->value[MQC_DEVICE_AT(LAW)];
    return device->ops->model == MEMQC_DEVICE_QUANTIZED &&
           (law == MEMQC_DEVICE_LAW_PRINTED || law == MEMQC_DEVICE_LAW_LINEAR ||
            law == MEMQC_DEVICE_LAW_MEASURED);
}

memqc_status memqc_device_warnings(const memqc_device *device, size_t room, int32_t *warnings,
                                   size_t *n) {
    int32_t found[WARNINGS];
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(n);
    *n = 0;
    if (is_quantized(device) && mqc_device_g_min(device) < lowest)
        found[(*n)++] = MEMQC_DEVICE_WARNING_BELOW_QUANTA;
    if (is_quantized(device) && mqc_device_g_max(device) > highest)
        found[(*n)++] = MEMQC_DEVICE_WARNING_ABOVE_QUANTA;
    if (room == 0 && !warnings)
        return MEMQC_OK;
    MQC_NOT_NULL(warnings);
    if (room < *n)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: room = %zu; the device has %zu warnings",
                        __func__, room, *n);
    for (size_t i = 0; i < *n; i++)
        warnings[i] = found[i];
    return MEMQC_OK;
}

const char *memqc_device_warning_text(int32_t warning) {
    static const char *const texts[WARNINGS] = {
        "a level below 0.5 G0: conductance is not quantized below 1 G0, where the contact is "
        "broken",
        "a level above 16 G0: Joule heating makes states of quantized conductance go missing there",
    };
    const int64_t place = (int64_t)warning - MEMQC_DEVICE_WARNING_BELOW_QUANTA;
    return place >= 0 && place < WARNINGS ? texts[place] : NULL;
}
