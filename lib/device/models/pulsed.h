/* SPDX-License-Identifier: BSD-3-Clause */
/* What all pulsed models share. */
#ifndef MQC_DEVICE_PULSED_H
#define MQC_DEVICE_PULSED_H

#include "device/cell/inside.h"

memqc_status mqc_pulsed_prepare(memqc_device *device);
double mqc_pulsed_get(const memqc_device *device, int32_t key);
memqc_status mqc_pulsed_set(memqc_device *device, int32_t key, double value);
void mqc_pulsed_level(const memqc_device *device, double level, double *nominal, double *mean,
                      double *sd);

/* STEP, which is a view of STATES: these models may have part of a step left at the end of the
 * range. */
double mqc_pulsed_step(const memqc_device *device);

#define MQC_PULSED(name_, model_)                                                   \
    .name = (name_), .model = (model_), .pulsed = 1, .prepare = mqc_pulsed_prepare, \
    .get = mqc_pulsed_get, .set = mqc_pulsed_set, .level = mqc_pulsed_level

#endif
