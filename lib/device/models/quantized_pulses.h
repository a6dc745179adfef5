/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations of the quantized model; struct mqc_device_ops describes them. */
#ifndef MQC_DEVICE_QUANTIZED_PULSES_H
#define MQC_DEVICE_QUANTIZED_PULSES_H

#include "device/cell/inside.h"

memqc_status mqc_quantized_look_up(const memqc_device *device, struct mqc_lookup *lookup);
uint64_t mqc_quantized_draw_cells(const memqc_device *device, const struct mqc_lookup *lookup,
                                  const struct mqc_cell_set *set, const float *states);
uint64_t mqc_quantized_draw_in_cycles(const memqc_device *device, const struct mqc_cell_set *set,
                                      uint64_t stride, const float *states);
uint64_t mqc_quantized_program(const memqc_device *device, const struct mqc_lookup *lookup,
                               const struct mqc_cell_set *set, const float *levels, int force);
uint64_t mqc_quantized_write(const memqc_device *device, const struct mqc_lookup *lookup,
                             const struct mqc_cell_set *set, const float *from, const float *to,
                             float *pulses);
void mqc_quantized_correction(const memqc_device *device, const struct mqc_lookup *lookup, size_t n,
                              const float *g, const float *levels, const double *most,
                              int32_t *pulses);
uint64_t mqc_quantized_correct(const memqc_device *device, const struct mqc_lookup *lookup,
                               const struct mqc_cell_set *set, const float *levels,
                               const int32_t *pulses);
void mqc_quantized_pulse(const memqc_device *device, const struct mqc_cell_set *set,
                         uint32_t stream, int32_t all, const int32_t *counts);
void mqc_quantized_apply(const memqc_device *device, const struct mqc_cell_set *set, double volts);
double mqc_quantized_step(const memqc_device *device);

#endif
