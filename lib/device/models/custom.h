/* SPDX-License-Identifier: BSD-3-Clause */
/* The model whose function is the caller's. */
#ifndef MQC_DEVICE_CUSTOM_H
#define MQC_DEVICE_CUSTOM_H

#include "device/cell/inside.h"

/* What n cells, at most MQC_DEVICE_CHUNK, have of one of their parameters. */
void mqc_custom_parameter(const memqc_device *device, size_t parameter,
                          const struct mqc_draws *where, size_t n, float *values);

/* A nominal pulse from g, in its direction: of the function alone. */
double mqc_custom_step(const memqc_device *device, int down, double g);

#endif
