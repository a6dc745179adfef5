/* SPDX-License-Identifier: BSD-3-Clause */
/* Random telegraph noise. */
#ifndef MQC_DEVICE_TELEGRAPH_H
#define MQC_DEVICE_TELEGRAPH_H

#include "device/cell/inside.h"

/* For any number of cells, in place, unchecked. */

void mqc_device_begin_traps(const memqc_device *device, const struct mqc_draws *where, size_t n,
                            int32_t *traps);
void mqc_device_advance_traps(const memqc_device *device, const struct mqc_draws *where,
                              double seconds, size_t n, int32_t *traps);
void mqc_device_trapped_cells(const memqc_device *device, size_t n, const int32_t *traps, float *g);
/* Mean times of n cells, at most MQC_DEVICE_CHUNK, in the state of high or low conductance. */
void mqc_device_trap_times(const memqc_device *device, const struct mqc_draws *where, int low,
                           size_t n, float *seconds);

#endif
