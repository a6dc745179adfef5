/* SPDX-License-Identifier: BSD-3-Clause */
/* What pulses cost: each takes PULSE_TIME, and dissipates V^2 G meanwhile, G being the mean of the
 * conductances before and after it. */
#include "device/models/costs.h"

double mqc_device_ramp_voltage(const memqc_device *d, double level) {
    const double *v = d->value, knee = v[MQC_DEVICE_AT(RAMP_KNEE_PULSE)],
                 pulses = v[MQC_DEVICE_AT(PULSES)];
    const double start = v[MQC_DEVICE_AT(RAMP_START)], bend = v[MQC_DEVICE_AT(RAMP_KNEE)],
                 end = v[MQC_DEVICE_AT(RAMP_END)];
    const double n = 1 + (pulses - 1) * (level - 1) / (mqc_device_states(d) - 1);
    return n <= knee ? start + (bend - start) * (n - 1) / (knee - 1)
                     : bend + (end - bend) * (n - knee) / (pulses - knee);
}

/* Adds pulses to an account. */
void mqc_pulse_charge(const memqc_device *d, double sets, double resets, double energy,
                      double *cost) {
    if (!cost)
        return;
    cost[MEMQC_DEVICE_COST_SET] += sets;
    cost[MEMQC_DEVICE_COST_RESET] += resets;
    cost[MEMQC_DEVICE_COST_TIME] += (sets + resets) * d->value[MQC_DEVICE_AT(PULSE_TIME)];
    cost[MEMQC_DEVICE_COST_ENERGY] += energy;
}

/* Energy per siemens of (before + after) of a pulse of a voltage. */
double mqc_pulse_energy(const memqc_device *d, double volts) {
    return 0.5 * volts * volts * d->value[MQC_DEVICE_AT(PULSE_TIME)];
}

/* Energy of the RESET pulse that leads to a level from the one before, at the ramp's voltage. */
double mqc_level_energy(const memqc_device *d, double level) {
    return mqc_pulse_energy(d, mqc_device_ramp_voltage(d, level)) *
           (mqc_device_level_g(d, level - 1) + mqc_device_level_g(d, level));
}

/* A sweep from 0 to SET_VOLTAGE: the square of the voltage has a mean of a third. */
double mqc_set_energy(const memqc_device *d, double from) {
    return mqc_pulse_energy(d, d->value[MQC_DEVICE_AT(SET_VOLTAGE)]) / 3 *
           (mqc_device_level_g(d, from) + mqc_device_g_max(d));
}
