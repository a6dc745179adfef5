/* SPDX-License-Identifier: BSD-3-Clause */
/* Published devices by name. Each lists what differs from the defaults of its model, noise for both
 * kinds of law: the one in force is the default law, LINEAR. */
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
