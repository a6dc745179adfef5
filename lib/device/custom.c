/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices of the caller's own model: life, parameters of cells. */
#include "core/alloc.h"
#include "core/error.h"
#include "device/cell/check.h"
#include "device/models/custom.h"
#include "device/models/custom_host.h"
#include "device/models/models.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { CHUNK = MQC_DEVICE_CHUNK, MOST = MEMQC_DEVICE_CUSTOM_PARAMETERS };

memqc_status memqc_device_create_custom(const char *name, memqc_device_step step, void *user,
                                        memqc_device_release release, memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(name);
    MQC_NOT_NULL(step);
    const size_t length = strlen(name);
    if (length < 1 || length >= MQC_HOST_NAME)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: name has %zu characters; allowed is 1 .. %d",
                        __func__, length, MQC_HOST_NAME - 1);
    memqc_device *device = mqc_alloc(1, sizeof *device);
    if (!device)
        return MEMQC_ERROR_NOMEM;
    device->ops = &mqc_device_custom;
    mqc_keys_initial(&mqc_device_keys, device->value);
    device->value[MQC_DEVICE_AT(MODEL)] = MEMQC_DEVICE_CUSTOM;
    device->custom.move = device->custom.noise = device->custom.uneven = 1;
    memqc_status status = device->ops->prepare(device, __func__);
    if (status == MEMQC_OK)
        status = mqc_host_make(device, name, step, user, release);
    if (status != MEMQC_OK) {
        mqc_free(device);
        return status;
    }
    *out = device;
    return MEMQC_OK;
}

static memqc_status check_model(const memqc_device *device, const char *function) {
    if (device->ops == &mqc_device_custom)
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_ARGUMENT,
                    "%s: the device is of the model \"%s\"; only those of "
                    "memqc_device_create_custom have parameters of a caller's own",
                    function, device->ops->name);
}

/* A value of one of the three arrays. */
static memqc_status check_value(const char *function, const char *name, size_t p, double value,
                                double least, double most) {
    if (value >= least && value <= most)
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_DATA, "%s: %s[%zu] = %g; allowed is %g .. %g", function, name, p,
                    value, least, most);
}

memqc_status memqc_device_set_custom(memqc_device *device, size_t n, const double *mean,
                                     const double *lognormal, const double *normal) {
    const double most = (double)FLT_MAX;
    MQC_NOT_NULL(device);
    MQC_TRY(check_model(device, __func__));
    if (n > MOST)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: n = %zu parameters; allowed is 0 .. %d",
                        __func__, n, (int)MOST);
    MQC_ARRAY(n, mean);
    for (size_t p = 0; p < n; p++) {
        MQC_TRY(check_value(__func__, "mean", p, mean[p], -most, most));
        MQC_TRY(check_value(__func__, "lognormal", p, lognormal ? lognormal[p] : 0, 0, 10));
        MQC_TRY(check_value(__func__, "normal", p, normal ? normal[p] : 0, 0, most));
    }
    device->custom.n = n;
    for (size_t p = 0; p < n; p++) {
        device->custom.mean[p] = mean[p];
        device->custom.lognormal[p] = lognormal ? lognormal[p] : 0;
        device->custom.normal[p] = normal ? normal[p] : 0;
    }
    return MEMQC_OK;
}

memqc_status memqc_device_get_custom(const memqc_device *device, size_t room, double *mean,
                                     double *lognormal, double *normal, size_t *n) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(n);
    MQC_TRY(check_model(device, __func__));
    const struct mqc_custom *c = &device->custom;
    *n = c->n;
    if (room == 0)
        return MEMQC_OK;
    if (room < c->n)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: room = %zu; the cells have %zu parameters",
                        __func__, room, c->n);
    if (mean)
        memcpy(mean, c->mean, c->n * sizeof *mean);
    if (lognormal)
        memcpy(lognormal, c->lognormal, c->n * sizeof *lognormal);
    if (normal)
        memcpy(normal, c->normal, c->n * sizeof *normal);
    return MEMQC_OK;
}

memqc_status memqc_device_custom_cells(const memqc_device *device, size_t parameter, uint64_t cell,
                                       size_t n, float *values) {
    MQC_NOT_NULL(device);
    MQC_ARRAY(n, values);
    MQC_TRY(check_model(device, __func__));
    if (parameter >= device->custom.n)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: parameter = %zu; the cells have %zu, from 0 on",
                        __func__, parameter, device->custom.n);
    MQC_TRY(mqc_device_check_cells(__func__, cell, n));
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        const struct mqc_draws where = {device->seed, cell + first, 0, NULL, NULL};
        mqc_custom_parameter(device, parameter, &where, m, values + first);
    }
    return MEMQC_OK;
}
