/* SPDX-License-Identifier: BSD-3-Clause */
/* What all pulsed models share. */
#ifndef MQC_DEVICE_PULSED_H
#define MQC_DEVICE_PULSED_H

#include "device/models/lookup.h"
#include "device/models/pulsed_pulses.h"

memqc_status mqc_pulsed_prepare(memqc_device *device, const char *function);
void mqc_pulsed_level(const memqc_device *device, double level, double *nominal, double *mean,
                      double *sd);

/* Size of a pulse before the law shapes it. */
double mqc_pulsed_step(const memqc_device *device);

/* vary() of laws whose shape is the same for all cells. */
void mqc_pulsed_vary_not(const memqc_device *device, int down, size_t n, const float *lo,
                         const float *hi, float *shape, double *step);

/* g, or the bound that it is beyond. */
double mqc_pulsed_clip(const memqc_device *device, double g);

/* Noise-free step of one pulse from g, at the nominal parameters; and the conductance after it. */
double mqc_device_nominal_step(const memqc_device *device, int down, double g);
double mqc_pulsed_after(const memqc_device *device, int down, double g);

/* Has a train of pulses come to its end, to a thousandth of the spacing of levels? f is the step of
 * the pulse that would come next, `before` that of the pulse before it. */
int mqc_pulsed_ends(const memqc_device *device, double f, double before);

/* What is the same in the tables of all pulsed models, but for prepare(); and of those whose pulses
 * the kernels send. */
#define MQC_PULSED_LAW(name_, model_)                                                            \
    .name = (name_), .model = (model_), .pulsed = 1, .level = mqc_pulsed_level,                  \
    .draw = mqc_pulsed_draw, .program = mqc_pulsed_program, .write = mqc_pulsed_write,           \
    .miss = mqc_pulsed_miss, .correction = mqc_pulsed_correction, .correct = mqc_pulsed_correct, \
    .middle_step = mqc_pulsed_middle_step
#define MQC_PULSED(name_, model_)                                                           \
    MQC_PULSED_LAW(name_, model_), .look_up = mqc_lookup_curves, .pulse = mqc_pulsed_pulse, \
                                   .apply = mqc_pulsed_apply, .burst = mqc_pulsed_burst

#endif
