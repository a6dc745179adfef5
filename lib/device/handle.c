/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle: life, parameters, levels. */
#include "core/alloc.h"
#include "core/error.h"
#include "device/cell/check.h"
#include "device/models/models.h"
#include "device/presets.h"

#include <math.h>

static const struct mqc_device_ops *const models[] = {
    &mqc_device_quantized,   &mqc_device_constant, &mqc_device_linear,   &mqc_device_soft_bounds,
    &mqc_device_exponential, &mqc_device_power,    &mqc_device_neurosim, &mqc_device_table,
};

enum { MODELS = sizeof models / sizeof *models };

static memqc_status create(int32_t model, const struct mqc_preset *preset, memqc_device **out) {
    if (model < 1 || model > MODELS)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_device_create: no model has number %d; there are 1 .. %d",
                        (int)model, (int)MODELS);
    memqc_device *device = mqc_alloc(1, sizeof *device);
    if (!device)
        return MEMQC_ERROR_NOMEM;
    device->ops = models[model - 1];
    for (int32_t key = 1; key <= MQC_DEVICE_KEYS; key++)
        device->value[key] = mqc_device_params.param[key - 1].initial;
    for (size_t i = 0; preset && i < MQC_PRESET_VALUES && preset->set[i].key; i++)
        device->value[preset->set[i].key] = preset->set[i].value;
    const memqc_status status = device->ops->prepare(device);
    if (status != MEMQC_OK) {
        memqc_device_destroy(&device);
        return status;
    }
    *out = device;
    return MEMQC_OK;
}

memqc_status memqc_device_create(int32_t model, memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    return create(model, NULL, out);
}

memqc_status memqc_device_create_preset(const char *name, memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(name);
    const struct mqc_preset *preset = NULL;
    MQC_TRY(mqc_preset_find(name, &preset));
    return create(preset->model, preset, out);
}

memqc_status memqc_device_copy(const memqc_device *device, memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(device);
    memqc_device *copy = mqc_alloc(1, sizeof *copy);
    if (!copy)
        return MEMQC_ERROR_NOMEM;
    *copy = *device;
    *out = copy;
    return MEMQC_OK;
}

void memqc_device_destroy(memqc_device **device) {
    if (!device)
        return;
    mqc_free(*device);
    *device = NULL;
}

memqc_status memqc_device_set(memqc_device *device, int32_t key, double value) {
    MQC_NOT_NULL(device);
    MQC_TRY(mqc_params_check(&mqc_device_params, key, value));
    if (!mqc_device_uses(device->ops->model, key))
        return mqc_fail(
            MEMQC_ERROR_ARGUMENT,
            "memqc_device_set: %s = %g would be without effect: the model \"%s\" does not use it",
            mqc_device_params.param[key - 1].name, value, device->ops->name);
    memqc_device changed = *device; /* so that a refusal by the model leaves the device alone */
    MQC_TRY(device->ops->set(&changed, key, value));
    MQC_TRY(device->ops->prepare(&changed));
    MQC_TRY(mqc_device_check_effects(&changed));
    *device = changed;
    return MEMQC_OK;
}

memqc_status memqc_device_get(const memqc_device *device, int32_t key, double *value) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(value);
    MQC_TRY(mqc_params_known(&mqc_device_params, key));
    *value = device->ops->get(device, key);
    return MEMQC_OK;
}

memqc_status memqc_device_key(const char *name, int32_t *key) {
    MQC_NOT_NULL(name);
    MQC_NOT_NULL(key);
    return mqc_params_key(&mqc_device_params, name, key);
}

memqc_status memqc_device_describe(int32_t key, const char **name, const char **unit, double *min,
                                   double *max, double *initial) {
    return mqc_params_describe(&mqc_device_params, key, name, unit, min, max, initial);
}

memqc_status memqc_device_seed(memqc_device *device, uint64_t seed) {
    MQC_NOT_NULL(device);
    device->seed = seed;
    return MEMQC_OK;
}

memqc_status memqc_device_model(const memqc_device *device, int32_t *model) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(model);
    *model = device->ops->model;
    return MEMQC_OK;
}

memqc_status memqc_device_level(const memqc_device *device, int32_t level, double *nominal,
                                double *mean, double *sd) {
    MQC_NOT_NULL(device);
    if (level < 1 || level > mqc_device_states(device))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: level = %d is outside 1 .. %g", __func__,
                        (int)level, mqc_device_states(device));
    double value[3];
    device->ops->level(device, level, &value[0], &value[1], &value[2]);
    if (nominal)
        *nominal = value[0];
    if (mean)
        *mean = value[1];
    if (sd)
        *sd = value[2];
    return MEMQC_OK;
}

memqc_status memqc_device_nearest(const memqc_device *device, size_t n, const float *g,
                                  int32_t *levels) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(g);
    MQC_NOT_NULL(levels);
    for (size_t i = 0; i < n; i++)
        if (isnan(g[i]))
            return mqc_fail(MEMQC_ERROR_DATA,
                            "memqc_device_nearest: g[%zu] is NaN; allowed is any conductance in S",
                            i);
    const double top = mqc_device_g_max(device), per_step = 1 / mqc_device_step(device);
    const double last = mqc_device_states(device) - 1;
    for (size_t i = 0; i < n; i++) {
        const double x = rint((top - (double)g[i]) * per_step);
        levels[i] = 1 + (int32_t)(x < 0 ? 0 : x > last ? last : x);
    }
    return MEMQC_OK;
}
