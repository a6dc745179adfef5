/* SPDX-License-Identifier: BSD-3-Clause */
/* A device in an archive: model, seed, parameters as set. What they lead to is derived again. */
#include "device/save.h"
#include "core/error.h"
#include "device/device.h"

void mqc_device_write(const memqc_device *device, struct mqc_writer *writer) {
    mqc_write_u64(writer, "devm", MEMQC_DEVICE_QUANTIZED);
    mqc_write_u64(writer, "devs", device->seed);
    mqc_write(writer, "devp", MQC_F64, MQC_DEVICE_KEYS, device->value + 1);
}

/* Parameters of an older library are fewer: the others keep their defaults. */
static memqc_status read_values(struct mqc_reader *reader, memqc_device *device) {
    size_t n = 0;
    MQC_TRY(mqc_read_count(reader, "devp", MQC_F64, &n));
    if (n > MQC_DEVICE_KEYS)
        return mqc_read_refuse(reader, "a device with parameters that this library does not know");
    MQC_TRY(mqc_read(reader, "devp", MQC_F64, n, device->value + 1));
    for (int32_t key = 1; key <= (int32_t)n; key++)
        if (mqc_params_check(&mqc_device_params, key, device->value[key]) != MEMQC_OK)
            return mqc_read_refuse(reader, "a device's parameter is out of its range");
    if (device->ops->prepare(device) != MEMQC_OK)
        return mqc_read_refuse(reader, "a device's parameters do not fit together");
    return MEMQC_OK;
}

memqc_status mqc_device_read(struct mqc_reader *reader, memqc_device **out) {
    uint64_t model = 0, seed = 0;
    *out = NULL;
    MQC_TRY(mqc_read_u64(reader, "devm", MEMQC_DEVICE_QUANTIZED, MEMQC_DEVICE_QUANTIZED, &model));
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
