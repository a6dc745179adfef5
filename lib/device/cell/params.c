/* SPDX-License-Identifier: BSD-3-Clause */
#include "device/cell/params.h"

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
    {"asymmetry", "", -0.99, 0.99, 0, 0},
    {"slope_up", "", -100, 1, 0.5, 0},
    {"slope_down", "", -100, 1, 0.5, 0},
    {"a_up", "", -1000, 1000, 0.5, 0},
    {"a_down", "", -1000, 1000, 0.5, 0},
    {"gamma_up", "", 0, 20, 1, 0},
    {"gamma_down", "", 0, 20, 1, 0},
    {"exp_scale", "", -10, 10, 0.5, 0},
    {"exp_offset", "", -10, 10, 0, 0},
    {"power_up", "", 0, 20, 1, 0},
    {"power_down", "", 0, 20, 1, 0},
    {"nl_up", "", -9, 9, 2.4, 0},
    {"nl_down", "", -9, 9, -4.88, 0},
    {"pulses_up", "", 1, 1e6, 97, 1},
    {"pulses_down", "", 1, 1e6, 100, 1},
    {"c2c_absolute", "S", 0, 1e3, 0, 0},
    {"c2c_relative", "", 0, 10, 0, 0},
    {"c2c_step", "", 0, 100, 0, 0},
    {"d2d_g_max", "", 0, 10, 0, 0},
    {"d2d_g_min", "", 0, 10, 0, 0},
    {"d2d_step", "", 0, 10, 0, 0},
    {"d2d_asymmetry", "", 0, 1, 0, 0},
    {"d2d_shape", "", 0, 10, 0, 0},
    {"d2d_noise", "", 0, 10, 0, 0},
    {"pulse_time", "s", 1e-15, 1e6, 0.01, 0},
    {"set_voltage", "V", 1e-6, 100, 1, 0},
    {"reset_voltage", "V", -100, -1e-6, -1, 0},
    {"read_noise", "S", 0, 1e3, 0, 0},
    {"read_noise_relative", "", 0, 10, 0, 0},
    {"read_noise_octaves", "", 0, 24, 0, 1},
    {"rtn_amplitude", "", 0, 1, 0, 0},
    {"rtn_yield", "", 0, 1, 1, 0},
    {"rtn_time_high", "s", 1e-12, 1e12, 1, 0},
    {"rtn_time_low", "s", 1e-12, 1e12, 1, 0},
    {"rtn_spread", "", 0, 10, 0, 0},
    {"drift_nu", "", -10, 10, 0, 0},
    {"drift_nu_spread", "", 0, 10, 0, 0},
    {"drift_t0", "s", 1e-12, 1e12, 1, 0},
    {"relaxation", "", 0, 1, 0, 0},
    {"relaxation_time", "s", 1e-12, 1e12, 1, 0},
    {"relaxation_g", "S", 0, 1e3, 0.5 * G0, 0},
    {"relaxation_sd", "S", 0, 1e3, 0, 0},
    {"temperature", "K", 1, 2000, 300, 0},
    {"activation_energy", "eV", 0, 10, 1, 0},
    {"endurance_cycles", "", 1, 1e18, 1e6, 0},
    {"endurance_exponent", "", 0, 10, 0, 0},
    {"endurance_centre", "", 0, 1, 0.5, 0},
    {"stuck_on", "", 0, 1, 0, 0},
    {"stuck_off", "", 0, 1, 0, 0},
    {"stuck_anywhere", "", 0, 1, 0, 0},
    {"iv_nonlinearity", "1/V", 0, 20, 0, 0},
    {"read_voltage", "V", 1e-6, 4, 0.1, 0},
};

const struct mqc_params mqc_device_params = {"device", MQC_DEVICE_KEYS, table};

/* Which models use a key; a model sets no key that it would not use. */
enum {
    Q = 1 << MEMQC_DEVICE_QUANTIZED,
    C = 1 << MEMQC_DEVICE_CONSTANT,
    L = 1 << MEMQC_DEVICE_LINEAR,
    B = 1 << MEMQC_DEVICE_SOFT_BOUNDS,
    E = 1 << MEMQC_DEVICE_EXPONENTIAL,
    P = 1 << MEMQC_DEVICE_POWER,
    N = 1 << MEMQC_DEVICE_NEUROSIM,
    T = 1 << MEMQC_DEVICE_TABLE,
    STEPPED = C | L | B | E | P,
    PULSED = STEPPED | N | T,
    EVERY = Q | PULSED
};

static const struct {
    int32_t first, last;
    int models;
} users[] = {
    {MEMQC_DEVICE_STATES, MEMQC_DEVICE_G_MIN, EVERY},
    {MEMQC_DEVICE_STEP, MEMQC_DEVICE_STEP, Q | STEPPED},
    {MEMQC_DEVICE_LAW, MEMQC_DEVICE_RAMP_KNEE_PULSE, Q},
    {MEMQC_DEVICE_ASYMMETRY, MEMQC_DEVICE_ASYMMETRY, STEPPED | T},
    {MEMQC_DEVICE_SLOPE_UP, MEMQC_DEVICE_SLOPE_DOWN, L},
    {MEMQC_DEVICE_A_UP, MEMQC_DEVICE_EXP_OFFSET, E},
    {MEMQC_DEVICE_POWER_UP, MEMQC_DEVICE_POWER_DOWN, P},
    {MEMQC_DEVICE_NL_UP, MEMQC_DEVICE_PULSES_DOWN, N},
    {MEMQC_DEVICE_C2C_ABSOLUTE, MEMQC_DEVICE_C2C_STEP, PULSED},
    {MEMQC_DEVICE_D2D_G_MAX, MEMQC_DEVICE_D2D_G_MIN, EVERY},
    {MEMQC_DEVICE_D2D_STEP, MEMQC_DEVICE_D2D_STEP, PULSED},
    {MEMQC_DEVICE_D2D_ASYMMETRY, MEMQC_DEVICE_D2D_ASYMMETRY, STEPPED | T},
    {MEMQC_DEVICE_D2D_SHAPE, MEMQC_DEVICE_D2D_SHAPE, L | E | P | N},
    {MEMQC_DEVICE_D2D_NOISE, MEMQC_DEVICE_D2D_NOISE, EVERY},
    {MEMQC_DEVICE_PULSE_TIME, MEMQC_DEVICE_SET_VOLTAGE, EVERY},
    {MEMQC_DEVICE_RESET_VOLTAGE, MEMQC_DEVICE_RESET_VOLTAGE, PULSED},
    {MEMQC_DEVICE_READ_NOISE, MEMQC_DEVICE_READ_VOLTAGE, EVERY},
};

int mqc_device_uses(int32_t model, int32_t key) {
    for (size_t i = 0; i < sizeof users / sizeof *users; i++)
        if (key >= users[i].first && key <= users[i].last)
            return (users[i].models >> model & 1) != 0;
    return 0;
}
