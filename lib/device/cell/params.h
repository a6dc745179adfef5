/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameters of devices, and who uses them. */
#ifndef MQC_DEVICE_PARAMS_H
#define MQC_DEVICE_PARAMS_H

#include <memqc/device.h>

#include "core/params.h"

enum { MQC_DEVICE_KEYS = MEMQC_DEVICE_READ_VOLTAGE };

extern const struct mqc_params mqc_device_params;

/* Does a model use a key? */
int mqc_device_uses(int32_t model, int32_t key);

#endif
