/* SPDX-License-Identifier: BSD-3-Clause */
/* A device in an archive: model, seed, parameters as set. What they lead to is derived again. */
#include "device/save.h"
#include "core/alloc.h"
#include "core/error.h"
#include "device/cell/check.h"
#include "device/cell/levels.h"
#include "device/models/custom_host.h"
#include "device/models/jumps.h"
#include "device/models/models.h"
#include "device/valid.h"

#include <math.h>
#include <string.h>

void mqc_device_write(const memqc_device *device, struct mqc_writer *writer) {
    if (writer->status == MEMQC_OK)
        writer->status = mqc_host_check_saved(device);
    mqc_write_u64(writer, "devm", (uint64_t)device->ops->model);
    mqc_write_u64(writer, "devs", device->seed);
    mqc_write(writer, "devp", MQC_F64, MQC_DEVICE_KEYS, device->value);
    for (int down = 0; down < 2 && device->ops == &mqc_device_table; down++) {
        mqc_write(writer, "devg", MQC_F32, (size_t)device->table[down].n, device->table[down].g);
        mqc_write(writer, "devd", MQC_F32, (size_t)device->table[down].n, device->table[down].step);
    }
    if (device->ladder) {
        const struct mqc_levels *levels = device->levels;
        mqc_write_u64(writer, "devk", levels->quantiles);
        mqc_write(writer, "devl", MQC_F32, levels->n, levels->g);
        mqc_write(writer, "devn", MQC_F32, levels->n, levels->sd);
        mqc_write(writer, "devq", MQC_F32, levels->n * levels->quantiles, levels->quantile);
    }
    if (device->jumps)
        mqc_jumps_write(device, writer);
}

/* n levels with so many quantiles, by way of memory for them. */
static memqc_status read_values_of_levels(struct mqc_reader *reader, memqc_device *device, size_t n,
                                          size_t quantiles, float *values) {
    const struct mqc_levels_given given = {n, values, values + n, quantiles,
                                           quantiles ? values + 2 * n : NULL};
    MQC_TRY(mqc_read(reader, "devl", MQC_F32, n, values));
    MQC_TRY(mqc_read(reader, "devn", MQC_F32, n, values + n));
    MQC_TRY(mqc_read(reader, "devq", MQC_F32, n * quantiles, values + 2 * n));
    const memqc_status status = mqc_levels_make("load", &given, &device->levels);
    return status == MEMQC_OK || status == MEMQC_ERROR_NOMEM
               ? status
               : mqc_read_refuse(reader, "levels that no device can have");
}

static memqc_status read_levels(struct mqc_reader *reader, memqc_device *device) {
    size_t n = 0;
    uint64_t quantiles = 0;
    MQC_TRY(mqc_read_u64(reader, "devk", 0, MQC_LEVELS_QUANTILES, &quantiles));
    MQC_TRY(mqc_read_count(reader, "devl", MQC_F32, &n));
    if (n < 2 || n > MQC_LEVELS_MOST)
        return mqc_read_refuse(reader, "a number of levels that no device has");
    float *values = mqc_alloc(n * (2 + (size_t)quantiles), sizeof *values);
    if (!values)
        return MEMQC_ERROR_NOMEM;
    const memqc_status status = read_values_of_levels(reader, device, n, (size_t)quantiles, values);
    mqc_free(values);
    return status;
}

static memqc_status read_table(struct mqc_reader *reader, memqc_device *device, int down) {
    float g[MQC_TABLE_NODES], step[MQC_TABLE_NODES];
    size_t n = 0;
    MQC_TRY(mqc_read_count(reader, "devg", MQC_F32, &n));
    if (n < 1 || n > MQC_TABLE_NODES)
        return mqc_read_refuse(reader, "a table of steps of a size that none has");
    MQC_TRY(mqc_read(reader, "devg", MQC_F32, n, g));
    MQC_TRY(mqc_read(reader, "devd", MQC_F32, n, step));
    if (memqc_device_set_table(device, down ? -1 : 1, n, g, step) != MEMQC_OK)
        return mqc_read_refuse(reader, "a table of steps that none can be");
    return MEMQC_OK;
}

/* Parameters of an older library are fewer: the others keep their defaults. */
static memqc_status read_values(struct mqc_reader *reader, memqc_device *device) {
    size_t n = 0;
    MQC_TRY(mqc_read_count(reader, "devp", MQC_F64, &n));
    if (n > MQC_DEVICE_KEYS)
        return mqc_read_refuse(reader, "a device with parameters that this library does not know");
    MQC_TRY(mqc_read(reader, "devp", MQC_F64, n, device->value));
    for (size_t i = 0; i < n; i++)
        if (mqc_keys_check(&mqc_device_keys, "load", mqc_keys_at(&mqc_device_keys, i),
                           device->value[i]) != MEMQC_OK)
            return mqc_read_refuse(reader, "a device's parameter is out of its range");
    if (device->ops == &mqc_device_quantized &&
        device->value[MQC_DEVICE_AT(LAW)] == MEMQC_DEVICE_LAW_LEVELS)
        MQC_TRY(read_levels(reader, device));
    if (device->value[MQC_DEVICE_AT(MODEL)] != device->ops->model ||
        device->ops->prepare(device, "load") != MEMQC_OK ||
        mqc_device_check_effects(device, "load") != MEMQC_OK)
        return mqc_read_refuse(reader, "a device's parameters do not fit together");
    for (int down = 0; down < 2 && device->ops == &mqc_device_table; down++)
        MQC_TRY(read_table(reader, device, down));
    if (device->jumps)
        MQC_TRY(mqc_jumps_read(reader, device));
    const char *const flaw = mqc_device_flaw(device);
    return flaw ? mqc_read_refuse(reader, flaw) : MEMQC_OK;
}

memqc_status mqc_device_read(struct mqc_reader *reader, memqc_device **out) {
    uint64_t model = 0, seed = 0;
    *out = NULL;
    MQC_TRY(mqc_read_u64(reader, "devm", MEMQC_DEVICE_QUANTIZED, MEMQC_DEVICE_JUMPS, &model));
    if (model == MEMQC_DEVICE_CUSTOM)
        return mqc_read_refuse(reader, "a device whose pulses are a function");
    MQC_TRY(mqc_read_u64(reader, "devs", 0, UINT64_MAX, &seed));
    memqc_device *device = NULL;
    MQC_TRY(memqc_device_create((int32_t)model, &device));
    device->seed = seed;
    const memqc_status status = read_values(reader, device);
    if (status != MEMQC_OK) {
        memqc_device_destroy(&device);
        return status;
    }
    *out = device;
    return MEMQC_OK;
}
