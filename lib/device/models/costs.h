/* SPDX-License-Identifier: BSD-3-Clause */
/* What pulses cost. */
#ifndef MQC_DEVICE_COSTS_H
#define MQC_DEVICE_COSTS_H

#include "device/cell/inside.h"

/* Energy of a pulse of a voltage, J for each siemens of (before + after): the mean of the two
 * conductances times V^2 times PULSE_TIME. */
double mqc_pulse_energy(const memqc_device *device, double volts);

/* Adds pulses to an account; cost may be NULL. */
void mqc_pulse_charge(const memqc_device *device, double sets, double resets, double energy,
                      double *cost);

/* Voltage of the RESET pulse that leads to a level of a quantized device. */
double mqc_device_ramp_voltage(const memqc_device *device, double level);

/* Energy of the RESET pulse that leads to a level from the one before, at the ramp's voltage. */
double mqc_level_energy(const memqc_device *device, double level);

/* Energy of a SET from a level. */
double mqc_set_energy(const memqc_device *device, double from);

#endif
