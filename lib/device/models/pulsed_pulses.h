/* SPDX-License-Identifier: BSD-3-Clause */
/* Operations of all pulsed models; struct mqc_device_ops describes them. */
#ifndef MQC_DEVICE_PULSED_PULSES_H
#define MQC_DEVICE_PULSED_PULSES_H

#include "device/cell/inside.h"

uint64_t mqc_pulsed_draw(const memqc_device *device, const struct mqc_lookup *lookup,
                         const struct mqc_cell_set *set, const float *states);
uint64_t mqc_pulsed_program(const memqc_device *device, const struct mqc_lookup *lookup,
                            const struct mqc_cell_set *set, const float *levels, int force);
uint64_t mqc_pulsed_write(const memqc_device *device, const struct mqc_lookup *lookup,
                          const struct mqc_cell_set *set, const float *from, const float *to,
                          float *pulses);
void mqc_pulsed_correction(const memqc_device *device, const struct mqc_lookup *lookup, size_t n,
                           const float *g, const float *levels, const double *most,
                           int32_t *pulses);
uint64_t mqc_pulsed_correct(const memqc_device *device, const struct mqc_lookup *lookup,
                            const struct mqc_cell_set *set, const float *levels,
                            const int32_t *pulses);
void mqc_pulsed_pulse(const memqc_device *device, const struct mqc_cell_set *set, uint32_t stream,
                      int32_t all, const int32_t *counts);
void mqc_pulsed_apply(const memqc_device *device, const struct mqc_cell_set *set, double volts);
void mqc_pulsed_burst(const memqc_device *device, const struct mqc_cell_set *set,
                      const float *counts);
double mqc_pulsed_miss(const memqc_device *device, double g, double level);
double mqc_pulsed_middle_step(const memqc_device *device);

#endif
