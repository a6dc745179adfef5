/* SPDX-License-Identifier: BSD-3-Clause */
/* All models, a file each. */
#ifndef MQC_DEVICE_MODELS_H
#define MQC_DEVICE_MODELS_H

#include "device/cell/inside.h"

extern const struct mqc_device_ops mqc_device_quantized, mqc_device_constant, mqc_device_linear,
    mqc_device_soft_bounds, mqc_device_exponential, mqc_device_power, mqc_device_neurosim,
    mqc_device_table, mqc_device_custom, mqc_device_jumps;

#endif
