/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_DEVICE_PRESETS_H
#define MQC_DEVICE_PRESETS_H

#include <memqc/device.h>

enum { MQC_PRESET_VALUES = 24 };

struct mqc_preset {
    const char *name;
    int32_t model;
    struct {
        int32_t key;
        double value;
    } set[MQC_PRESET_VALUES];
};

memqc_status mqc_preset_find(const char *name, const struct mqc_preset **preset);

#endif
