/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_DEVICE_QUANTIZED_DRAW_H
#define MQC_DEVICE_QUANTIZED_DRAW_H

#include "device/cell/inside.h"

/* The conductances that n quantized cells get at their states. Returns how many draws were below
 * zero. stride: draws of a cycle, for noise with a memory. cells: NULL where nothing varies; of the
 * arrays, bounds and noise count. */
uint64_t mqc_quantized_draw(const memqc_device *device, const struct mqc_draws *where,
                            uint64_t stride, const struct mqc_cell_arrays *cells, size_t n,
                            const float *states, float *g);

#endif
