/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameters of devices, and which models use them. */
#ifndef MQC_DEVICE_PARAMS_H
#define MQC_DEVICE_PARAMS_H

#include <memqc/device_keys.h>

#include "core/keys.h"

enum { MQC_DEVICE_KEYS = MEMQC_DEVICE_FLICKER_DRAWN - MEMQC_DEVICE_MODEL + 1 };

/* Where an array of values has that of a parameter: MQC_DEVICE_AT(STEP). */
#define MQC_DEVICE_AT(name) (MEMQC_DEVICE_##name - MEMQC_DEVICE_MODEL)

extern const struct mqc_keys mqc_device_keys;

/* Does a model use a key? */
int mqc_device_model_uses(int32_t model, int32_t key);

#endif
