/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters: set, read and described. */
#include "core/error.h"
#include "device/cell/check.h"
#include "device/models/models.h"

static double value_of(const void *device, int32_t key) {
    return mqc_device_value(device, key);
}

/* Why a key has no effect on a device; NULL where it has one. */
static const char *unused(const memqc_device *device, int32_t key) {
    if (!mqc_device_model_uses(device->ops->model, key))
        return "the model does not use it";
    return mqc_keys_unused(&mqc_device_keys, value_of, device, key);
}

static int holds(size_t n, const int32_t *keys, int32_t key) {
    for (size_t i = 0; i < n; i++)
        if (keys[i] == key)
            return 1;
    return 0;
}

/* Puts values into a device that is to be checked afterwards. */
static memqc_status put(memqc_device *device, const char *function, size_t n, const int32_t *keys,
                        const double *values) {
    for (size_t i = 0; i < n; i++) {
        if (keys[i] == MEMQC_DEVICE_MODEL && values[i] != device->ops->model)
            return mqc_fail(MEMQC_ERROR_STATE, "%s: model = %g: creation settled it, to %d (%s)",
                            function, values[i], (int)device->ops->model, device->ops->name);
        if (keys[i] != MEMQC_DEVICE_STEP || !device->ops->set_step)
            device->value[keys[i] - MEMQC_DEVICE_MODEL] = values[i];
    }
    for (size_t i = 0; i < n; i++)
        if (keys[i] == MEMQC_DEVICE_STEP && device->ops->set_step)
            MQC_TRY(device->ops->set_step(device, function, values[i],
                                          holds(n, keys, MEMQC_DEVICE_STATES)));
    return MEMQC_OK;
}

/* Are these all parameters? The model, which creation settled, may be missing. */
static int complete(size_t n, const int32_t *keys) {
    const size_t rest = holds(n, keys, MEMQC_DEVICE_MODEL) ? 0 : 1;
    return n + rest == mqc_device_keys.count;
}

/* Some parameters without effect are a mistake of the caller; all parameters are a whole device, of
 * which some have to wait. */
static memqc_status set_many(memqc_device *device, const char *function, size_t n,
                             const int32_t *keys, const double *values) {
    MQC_TRY(mqc_keys_check_many(&mqc_device_keys, function, n, keys, values));
    memqc_device changed = *device;
    MQC_TRY(put(&changed, function, n, keys, values));
    for (size_t i = 0; !complete(n, keys) && i < n; i++) {
        const char *why = unused(&changed, keys[i]);
        if (why)
            return mqc_keys_refuse_unused(&mqc_device_keys, function, keys[i], values[i], why);
    }
    MQC_TRY(changed.ops->prepare(&changed, function));
    MQC_TRY(mqc_device_check_effects(&changed, function));
    *device = changed;
    return MEMQC_OK;
}

memqc_status memqc_device_set_many(memqc_device *device, size_t n, const int32_t *keys,
                                   const double *values) {
    MQC_NOT_NULL(device);
    return set_many(device, __func__, n, keys, values);
}

memqc_status memqc_device_set(memqc_device *device, int32_t key, double value) {
    MQC_NOT_NULL(device);
    return set_many(device, __func__, 1, &key, &value);
}

memqc_status memqc_device_get(const memqc_device *device, int32_t key, double *value) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(value);
    MQC_TRY(mqc_keys_known(&mqc_device_keys, __func__, key));
    const int view = key == MEMQC_DEVICE_STEP && device->ops->set_step;
    *value = view ? mqc_device_step(device) : mqc_device_value(device, key);
    return MEMQC_OK;
}

memqc_status memqc_device_uses(const memqc_device *device, int32_t key, int32_t *flag) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(flag);
    MQC_TRY(mqc_keys_known(&mqc_device_keys, __func__, key));
    *flag = unused(device, key) == NULL;
    return MEMQC_OK;
}

/* --- descriptions --- */

size_t memqc_device_keys(void) {
    return mqc_device_keys.count;
}

int32_t memqc_device_key_at(size_t index) {
    return mqc_keys_at(&mqc_device_keys, index);
}

memqc_status memqc_device_key(const char *name, int32_t *key) {
    MQC_NOT_NULL(name);
    MQC_NOT_NULL(key);
    return mqc_keys_find(&mqc_device_keys, __func__, name, key);
}

const char *memqc_device_key_text(int32_t key, int32_t what) {
    return mqc_keys_text(&mqc_device_keys, __func__, key, what);
}

memqc_status memqc_device_key_value(int32_t key, int32_t what, double *value) {
    MQC_NOT_NULL(value);
    return mqc_keys_value(&mqc_device_keys, __func__, key, what, value);
}

const char *memqc_device_choice_name(int32_t key, int32_t value) {
    return mqc_keys_choice_name(&mqc_device_keys, __func__, key, value);
}

memqc_status memqc_device_choice(int32_t key, const char *name, int32_t *value) {
    MQC_NOT_NULL(name);
    MQC_NOT_NULL(value);
    return mqc_keys_choice(&mqc_device_keys, __func__, key, name, value);
}
