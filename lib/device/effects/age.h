/* SPDX-License-Identifier: BSD-3-Clause */
/* Ageing: endurance, relaxation, drift. */
#ifndef MQC_DEVICE_AGE_H
#define MQC_DEVICE_AGE_H

#include "device/cell/inside.h"

/* For any number of cells, in place, unchecked. */

void mqc_device_age_cells(const memqc_device *device, const struct mqc_draws *where, double seconds,
                          double cycles, size_t n, float *g);
/* Does the drift exponent differ from cell to cell? */
int mqc_device_drift_scatters(const memqc_device *device);

void mqc_device_drift_exponents(const memqc_device *device, const struct mqc_draws *where, size_t n,
                                float *nu);

#endif
