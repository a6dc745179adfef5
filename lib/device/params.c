/* SPDX-License-Identifier: BSD-3-Clause */
#include "device/device.h"

#define G0 MEMQC_G0

/* In the order of their keys. */
static const struct mqc_param table[MQC_DEVICE_KEYS] = {
    {"states", "", 2, 4096, 32, 1},
    {"g_max", "S", 1e-15, 1e3, 16 * G0, 0},
    {"g_min", "S", 0, 1e3, 0.5 * G0, 0},
    {"step", "S", 1e-18, 1e3, 0.5 * G0, 0},
    {"law", "", MEMQC_DEVICE_LAW_PRINTED, MEMQC_DEVICE_LAW_MEASURED, MEMQC_DEVICE_LAW_LINEAR, 1},
    {"sigma", "S", 0, 1e3, 1 * G0, 0},
    {"k", "1/pulse", -1, 0.5, 0.03, 0},
    {"pulses", "", 2, 1e6, 32, 1},
    {"fwhm_early", "S", 0, 1e3, 4.4 * G0, 0},
    {"fwhm_late", "S", 0, 1e3, 1.2 * G0, 0},
    {"pulse_early", "", 1, 1e6, 5, 0},
    {"pulse_late", "", 1, 1e6, 29, 0},
    {"below_zero", "", MEMQC_DEVICE_CLAMP, MEMQC_DEVICE_REDRAW, MEMQC_DEVICE_CLAMP, 1},
    {"ramp_start", "V", -100, 100, -0.60, 0},
    {"ramp_knee", "V", -100, 100, -0.84, 0},
    {"ramp_end", "V", -100, 100, -1.60, 0},
    {"ramp_knee_pulse", "", 1, 1e6, 13, 0},
};

const struct mqc_params mqc_device_params = {"device", MQC_DEVICE_KEYS, table};
