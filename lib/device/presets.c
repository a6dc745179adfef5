/* SPDX-License-Identifier: BSD-3-Clause */
/* Published devices by name. Each lists what differs from the defaults of its model. The devices of
 * the paper list noise for both kinds of law: the one in force is the default law, LINEAR. */
#include "core/error.h"
#include "device/presets.h"

#include <string.h>

#define G0 MEMQC_G0

static const struct mqc_preset presets[] = {
    /* Chen et al. 2020: sigma and k as printed below Eq. (1), FWHM at pulses 5 and 29 from Figure
     * 3c-f. */
    {"hfox-a",
     MEMQC_DEVICE_QUANTIZED,
     {{MEMQC_DEVICE_SIGMA, 1 * G0},
      {MEMQC_DEVICE_FWHM_EARLY, 4.4 * G0},
      {MEMQC_DEVICE_FWHM_LATE, 1.2 * G0}}},
    {"hfox-b",
     MEMQC_DEVICE_QUANTIZED,
     {{MEMQC_DEVICE_SIGMA, 4 * G0},
      {MEMQC_DEVICE_FWHM_EARLY, 5.5 * G0},
      {MEMQC_DEVICE_FWHM_LATE, 2.3 * G0}}},
    {"ideal",
     MEMQC_DEVICE_QUANTIZED,
     {{MEMQC_DEVICE_SIGMA, 0}, {MEMQC_DEVICE_FWHM_EARLY, 0}, {MEMQC_DEVICE_FWHM_LATE, 0}}},

/* The devices of MLP+NeuroSim, Chen, Peng and Yu, IEEE Trans. Comput.-Aided Des. 37 (2018)
     * 3067: levels, labels, on-resistance, on/off ratio, cycle-to-cycle sd as a fraction of the
     * range, voltages and width of the pulses. */
#define NEUROSIM(name, levels, down_pulses, up, down, ohm, on_off, c2c, set, reset, time) \
    {                                                                                     \
        name, MEMQC_DEVICE_NEUROSIM, {                                                    \
            {MEMQC_DEVICE_STATES, levels}, {MEMQC_DEVICE_PULSES_UP, levels},              \
                {MEMQC_DEVICE_PULSES_DOWN, down_pulses}, {MEMQC_DEVICE_NL_UP, up},        \
                {MEMQC_DEVICE_NL_DOWN, down}, {MEMQC_DEVICE_G_MAX, 1.0 / (ohm)},          \
                {MEMQC_DEVICE_G_MIN, 1.0 / ((ohm) * (on_off))},                           \
                {MEMQC_DEVICE_C2C_ABSOLUTE, (c2c) * (1.0 / (ohm)) * (1 - 1 / (on_off))},  \
                {MEMQC_DEVICE_SET_VOLTAGE, set}, {MEMQC_DEVICE_RESET_VOLTAGE, reset}, {   \
                MEMQC_DEVICE_PULSE_TIME, time                                             \
            }                                                                             \
        }                                                                                 \
    }
    NEUROSIM("ag-asi", 97, 100, 2.4, -4.88, 26e6, 12.5, 0.035, 3.2, -2.8,
             300e-6), /* Jo et al., Nano Lett. 10 (2010) 1297 */
    NEUROSIM("taox-hfox", 128, 128, 0.04, -0.63, 100e3, 10.0, 0.037, 1.6, -1.6,
             50e-9), /* Wu et al., VLSI Technology 2018, 103 */
    NEUROSIM("pcmo", 50, 50, 3.68, -6.76, 23e6, 6.84, 0.01, 2.0, -2.0,
             1e-3), /* Park et al., IEDM 2013, 25.6 */
    NEUROSIM("alox-hfo2", 40, 40, 1.94, -0.61, 16.9e3, 4.43, 0.05, 0.9, -1.0,
             100e-6), /* Woo et al., IEEE EDL 37 (2016) 994 */
    NEUROSIM("epiram", 64, 64, 0.5, -0.5, 81e3, 50.2, 0.02, 5.0, -3.0,
             5e-6), /* Choi et al., Nat. Mater. 17 (2018) 335 */

/* Three more of the table in the manual of MLP+NeuroSim V3.0. Voltages and the width of a pulse are
     * the defaults of the model. */
#define NEUROSIM_CELL(name, levels, up, down, ohm, on_off, c2c)                       \
    {                                                                                 \
        name, MEMQC_DEVICE_NEUROSIM, {                                                \
            {MEMQC_DEVICE_STATES, levels}, {MEMQC_DEVICE_PULSES_UP, levels},          \
                {MEMQC_DEVICE_PULSES_DOWN, levels}, {MEMQC_DEVICE_NL_UP, up},         \
                {MEMQC_DEVICE_NL_DOWN, down}, {MEMQC_DEVICE_G_MAX, 1.0 / (ohm)},      \
                {MEMQC_DEVICE_G_MIN, 1.0 / ((ohm) * (on_off))}, {                     \
                MEMQC_DEVICE_C2C_ABSOLUTE, (c2c) * (1.0 / (ohm)) * (1 - 1 / (on_off)) \
            }                                                                         \
        }                                                                             \
    }
    NEUROSIM_CELL("hzo-fefet", 32, 1.75, 1.46, 559e3, 45.0, 0.005),
    NEUROSIM_CELL("gst-pcm", 100, 0.105, 2.4, 4.71e3, 19.8, 0.015), /* 100 pulses: ours */
    NEUROSIM_CELL("taox-tio2", 102, 1.85, -1.79, 5e6, 2.0, 0.01),

    /* Phase-change cells as in Joshi et al., Nat. Commun. 11 (2020) 2473, with the numbers that IBM's
     * aihwkit has of them, in which time counts from the last read, t0 after programming. 256 levels
     * are ours. */
    {"pcm",
     MEMQC_DEVICE_QUANTIZED,
     {{MEMQC_DEVICE_STATES, 256},
      {MEMQC_DEVICE_G_MAX, 25e-6},
      {MEMQC_DEVICE_G_MIN, 0},
      {MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_POLYNOMIAL},
      {MEMQC_DEVICE_PROGRAM_NOISE_0, 0.26348e-6},
      {MEMQC_DEVICE_PROGRAM_NOISE_1, 1.965e-6},
      {MEMQC_DEVICE_PROGRAM_NOISE_2, -1.1731e-6},
      {MEMQC_DEVICE_DRIFT_T0, 20},
      {MEMQC_DEVICE_LAST_READ, 20},
      {MEMQC_DEVICE_DRIFT_NU, 0.0244},
      {MEMQC_DEVICE_DRIFT_NU_LOG, -0.0155},
      {MEMQC_DEVICE_DRIFT_NU_MIN, 0.049},
      {MEMQC_DEVICE_DRIFT_NU_MAX, 0.1},
      {MEMQC_DEVICE_DRIFT_NU_SPREAD, -0.0059},
      {MEMQC_DEVICE_DRIFT_SPREAD_LOG, -0.0125},
      {MEMQC_DEVICE_DRIFT_SPREAD_MIN, 0.008},
      {MEMQC_DEVICE_DRIFT_SPREAD_MAX, 0.045},
      {MEMQC_DEVICE_FLICKER, 0.0088},
      {MEMQC_DEVICE_FLICKER_POWER, 0.65},
      {MEMQC_DEVICE_FLICKER_MAX, 0.2}}},
    /* HfO2 cells under program and verify: Milo et al., IEEE Trans. Electron Devices 68 (2021) 3832.
     * 8 levels, 25 uS apart, are ours. */
    {"milo-2021",
     MEMQC_DEVICE_QUANTIZED,
     {{MEMQC_DEVICE_STATES, 8},
      {MEMQC_DEVICE_G_MAX, 225e-6},
      {MEMQC_DEVICE_G_MIN, 50e-6},
      {MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_POLYNOMIAL},
      {MEMQC_DEVICE_PROGRAM_NOISE_0, 4.782e-6},
      {MEMQC_DEVICE_PROGRAM_NOISE_1, -0.009107 * 225e-6}}},
    /* The cells of a chip: Wan et al., Nature 608 (2022) 504. The lower bound, 1 uS, and 32 levels are
     * ours. */
    {"wan-2022",
     MEMQC_DEVICE_QUANTIZED,
     {{MEMQC_DEVICE_STATES, 32},
      {MEMQC_DEVICE_G_MAX, 39.26e-6},
      {MEMQC_DEVICE_G_MIN, 1e-6},
      {MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_POLYNOMIAL},
      {MEMQC_DEVICE_PROGRAM_NOISE_0, 1.053e-6},
      {MEMQC_DEVICE_PROGRAM_NOISE_1, 0.2374 * 39.26e-6},
      {MEMQC_DEVICE_PROGRAM_NOISE_2, -0.01167 * 39.26 * 39.26e-6},
      {MEMQC_DEVICE_PROGRAM_NOISE_3, 1.536e-4 * 39.26 * 39.26 * 39.26e-6}}},

/* The resistive processing unit of Gokmen and Vlasov, Front. Neurosci. 10 (2016) 333: 1200
     * steps over the range, 30 % spread of steps and bounds from cell to cell and 30 % of the step
     * from pulse to pulse, 2 % asymmetry; the absolute scale is ours. */
#define SPREAD                                                                                   \
    {MEMQC_DEVICE_STATES, 1201}, {MEMQC_DEVICE_STEP, (100e-6 - 10e-6) / 1200},                   \
        {MEMQC_DEVICE_G_MAX, 100e-6}, {MEMQC_DEVICE_G_MIN, 10e-6}, {MEMQC_DEVICE_C2C_STEP, 0.3}, \
        {MEMQC_DEVICE_D2D_STEP, 0.3}, {MEMQC_DEVICE_D2D_G_MAX, 0.15},                            \
        {MEMQC_DEVICE_D2D_G_MIN, 0.3}, {MEMQC_DEVICE_D2D_ASYMMETRY, 0.02}, {                     \
        MEMQC_DEVICE_PULSE_TIME, 1e-9                                                            \
    }
    {"rpu", MEMQC_DEVICE_CONSTANT, {SPREAD}},
    {"soft-bounds", MEMQC_DEVICE_SOFT_BOUNDS, {SPREAD}},
};

enum { PRESETS = sizeof presets / sizeof *presets };

const char *memqc_device_preset_name(size_t index) {
    return index < PRESETS ? presets[index].name : NULL;
}

memqc_status mqc_preset_find(const char *name, const struct mqc_preset **preset) {
    for (size_t i = 0; i < PRESETS; i++) {
        if (strcmp(presets[i].name, name) == 0) {
            *preset = &presets[i];
            return MEMQC_OK;
        }
    }
    char known[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < PRESETS; i++) {
        const char *const parts[] = {i ? ", " : "", presets[i].name};
        for (size_t j = 0; j < 2; j++) {
            const size_t length = strlen(parts[j]);
            if (used + length < sizeof known) {
                memcpy(known + used, parts[j], length + 1);
                used += length;
            }
        }
    }
    return mqc_fail(MEMQC_ERROR_ARGUMENT,
                    "memqc_device_create_preset: no preset is named \"%s\"; there are %s", name,
                    known);
}
