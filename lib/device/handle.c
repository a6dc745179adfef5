/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle: life, seed, levels. */
#include "core/alloc.h"
#include "core/constants.h"
#include "core/error.h"
#include "device/cell/check.h"
#include "device/cell/levels.h"
#include "device/models/custom_host.h"
#include "device/models/jump_pairs.h"
#include "device/models/jumps.h"
#include "device/models/models.h"
#include "device/presets.h"

#include <math.h>
#include <string.h>

static const struct mqc_device_ops *const models[] = {
    &mqc_device_quantized,   &mqc_device_constant, &mqc_device_linear,   &mqc_device_soft_bounds,
    &mqc_device_exponential, &mqc_device_power,    &mqc_device_neurosim, &mqc_device_table,
    &mqc_device_custom,      &mqc_device_jumps,
};

static memqc_status create(const char *function, int32_t model, const struct mqc_preset *preset,
                           memqc_device **out) {
    if (model == MEMQC_DEVICE_CUSTOM)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: model = custom takes a function: call memqc_device_create_custom",
                        function);
    if (model < MEMQC_DEVICE_QUANTIZED || model > MEMQC_DEVICE_JUMPS)
        return mqc_refuse_constant(function, "model", model,
                                   "MEMQC_DEVICE_QUANTIZED .. MEMQC_DEVICE_JUMPS is wanted");
    memqc_device *device = mqc_alloc(1, sizeof *device);
    if (!device)
        return MEMQC_ERROR_NOMEM;
    device->ops = models[model - MEMQC_DEVICE_QUANTIZED];
    mqc_keys_initial(&mqc_device_keys, device->value);
    device->value[MQC_DEVICE_AT(MODEL)] = model;
    for (size_t i = 0; preset && i < MQC_PRESET_VALUES && preset->set[i].key; i++)
        device->value[preset->set[i].key - MEMQC_DEVICE_MODEL] = preset->set[i].value;
    const memqc_status status = device->ops->prepare(device, function);
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
    return create(__func__, model, NULL, out);
}

memqc_status memqc_device_create_preset(const char *name, memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(name);
    const struct mqc_preset *preset = NULL;
    MQC_TRY(mqc_preset_find(name, &preset));
    return create(__func__, preset->model, preset, out);
}

/* A copy of n elements; NULL for none. */
static memqc_status copy_list(size_t n, size_t size, const void *from, void **to) {
    *to = NULL;
    if (n == 0)
        return MEMQC_OK;
    *to = mqc_alloc(n, size);
    if (!*to)
        return MEMQC_ERROR_NOMEM;
    memcpy(*to, from, n * size);
    return MEMQC_OK;
}

/* The lists that stay with a fitted device. */
static memqc_status copy_lists(memqc_device *to, const memqc_device *from) {
    void *rows = NULL, *residuals = NULL;
    memqc_status status =
        copy_list(from->n_left_out, sizeof *from->left_out, from->left_out, &rows);
    to->left_out = rows;
    to->n_left_out = rows ? from->n_left_out : 0;
    if (status == MEMQC_OK)
        status = copy_list(from->n_residuals, sizeof *from->residuals, from->residuals, &residuals);
    to->residuals = residuals;
    to->n_residuals = residuals ? from->n_residuals : 0;
    return status;
}

memqc_status memqc_device_copy(const memqc_device *device, memqc_device **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(device);
    memqc_device *copy = mqc_alloc(1, sizeof *copy);
    if (!copy)
        return MEMQC_ERROR_NOMEM;
    *copy = *device;
    copy->left_out = NULL;
    copy->n_left_out = 0;
    copy->residuals = NULL;
    copy->n_residuals = 0;
    mqc_levels_hold(copy->levels);
    mqc_jumps_hold(copy->jumps);
    mqc_jump_pairs_hold(copy->pairs);
    mqc_host_share(copy);
    const memqc_status status = copy_lists(copy, device);
    if (status != MEMQC_OK) {
        memqc_device_destroy(&copy);
        return status;
    }
    *out = copy;
    return MEMQC_OK;
}

void mqc_device_assign(memqc_device *to, const memqc_device *from) {
    struct mqc_left_out *const own = to->left_out;
    float *const residuals = to->residuals;
    const size_t n = to->n_left_out, n_residuals = to->n_residuals;
    mqc_levels_hold(from->levels);
    mqc_levels_leave(to);
    mqc_jumps_hold(from->jumps);
    mqc_jumps_free(&to->jumps);
    mqc_jump_pairs_hold(from->pairs);
    mqc_jump_pairs_free(&to->pairs);
    *to = *from;
    to->left_out = own;
    to->n_left_out = n;
    to->residuals = residuals;
    to->n_residuals = n_residuals;
}

void memqc_device_destroy(memqc_device **device) {
    if (!device || !*device)
        return;
    mqc_free((*device)->left_out);
    mqc_free((*device)->residuals);
    mqc_host_leave(*device);
    mqc_levels_leave(*device);
    mqc_jump_pairs_free(&(*device)->pairs);
    mqc_jumps_free(&(*device)->jumps);
    mqc_free(*device);
    *device = NULL;
}

memqc_status memqc_device_set_seed(memqc_device *device, uint64_t seed) {
    MQC_NOT_NULL(device);
    device->seed = seed;
    return MEMQC_OK;
}

memqc_status memqc_device_get_seed(const memqc_device *device, uint64_t *seed) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(seed);
    *seed = device->seed;
    return MEMQC_OK;
}

memqc_status memqc_device_levels(const memqc_device *device, size_t *n) {
    MQC_NOT_NULL(device);
    MQC_NOT_NULL(n);
    *n = (size_t)mqc_device_states(device);
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
    MQC_TRY(mqc_host_check(device, __func__));
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
    MQC_ARRAY(n, g);
    MQC_ARRAY(n, levels);
    for (size_t i = 0; i < n; i++)
        if (isnan(g[i]))
            return mqc_fail(MEMQC_ERROR_DATA,
                            "memqc_device_nearest: g[%zu] is NaN; allowed is any conductance in S",
                            i);
    const double top = mqc_device_g_max(device), per_step = 1 / mqc_device_step(device);
    const double last = mqc_device_states(device) - 1;
    for (size_t i = 0; i < n; i++) {
        const double x = rint((top - (double)g[i]) * per_step);
        levels[i] = device->uneven ? (int32_t)mqc_device_uneven_level(device, (double)g[i])
                                   : 1 + (int32_t)fmin(fmax(x, 0), last);
    }
    return MEMQC_OK;
}
