/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels given one by one, and read back. */
#include <memqc/device_measured.h>

#include "core/error.h"
#include "device/cell/levels.h"
#include "device/models/custom_host.h"
#include "device/models/models.h"

#include <string.h>

memqc_status memqc_device_set_levels(memqc_device *device, size_t n, const float *g,
                                     const float *sd, size_t n_quantiles, const float *quantiles) {
    const struct mqc_levels_given given = {n, g, sd, n_quantiles, quantiles};
    struct mqc_levels *levels = NULL;
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(g);
    if (device->ops != &mqc_device_quantized)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: the device is of the model \"%s\"; only \"quantized\" has levels one "
                        "by one",
                        __func__, device->ops->name);
    MQC_TRY(mqc_levels_make(__func__, &given, &levels));
    memqc_device changed = *device;
    changed.levels = levels;
    changed.value[MQC_DEVICE_AT(LAW)] = MEMQC_DEVICE_LAW_LEVELS;
    changed.value[MQC_DEVICE_AT(STATES)] = (double)n;
    changed.value[MQC_DEVICE_AT(G_MAX)] = (double)levels->g[0];
    changed.value[MQC_DEVICE_AT(G_MIN)] = (double)levels->g[n - 1];
    const memqc_status status = changed.ops->prepare(&changed, __func__);
    if (status != MEMQC_OK) {
        mqc_levels_free(&levels);
        return status;
    }
    mqc_levels_leave(device);
    *device = changed;
    return MEMQC_OK;
}

/* Of any device, as its model has them. */
static void level_of(const memqc_device *device, size_t level, float *g, float *sd) {
    double nominal = 0, mean = 0, spread = 0;
    device->ops->level(device, (double)level, &nominal, &mean, &spread);
    if (device->ladder && !device->levels->quantiles)
        spread = (double)device->levels->sd[level - 1];
    if (g)
        g[level - 1] = (float)nominal;
    if (sd)
        sd[level - 1] = (float)spread;
}

memqc_status memqc_device_get_levels(const memqc_device *device, size_t room, float *g, float *sd,
                                     size_t *n, size_t room_quantiles, float *quantiles,
                                     size_t *n_quantiles) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(n);
    const size_t states = (size_t)mqc_device_states(device),
                 each = device->ladder ? device->levels->quantiles : 0;
    *n = states;
    if (n_quantiles)
        *n_quantiles = each;
    if ((g || sd) && room < states)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: room = %zu; the device has %zu levels", __func__,
                        room, states);
    if (quantiles && room_quantiles < states * each)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: room_quantiles = %zu; %zu levels of %zu quantiles are %zu", __func__,
                        room_quantiles, states, each, states * each);
    for (size_t level = 1; (g || sd) && level <= states; level++)
        level_of(device, level, g, sd);
    MQC_TRY(mqc_host_check(device, __func__));
    if (quantiles && each)
        memcpy(quantiles, device->levels->quantile, states * each * sizeof *quantiles);
    return MEMQC_OK;
}
