/* SPDX-License-Identifier: BSD-3-Clause */
/* Stuck cells. */
#ifndef MQC_DEVICE_FAULTS_H
#define MQC_DEVICE_FAULTS_H

#include "device/cell/inside.h"

/* For any number of cells, in place, unchecked. */

/* kinds and g may be NULL; g is changed where the cell is stuck. */
void mqc_device_fault_cells(const memqc_device *device, const struct mqc_draws *where, size_t n,
                            int32_t *kinds, float *g);

#endif
