/* SPDX-License-Identifier: BSD-3-Clause */
/* Published devices by name. Each lists what differs from the defaults of its model, noise for both kinds of law: the one in
 * force is the default law, LINEAR. */
#include "core/error.h"
#include "device/presets.h"

#include <string.h>

#define G0 MEMQC_G0

static const struct mqc_preset presets[] = {
    /* Chen et al. 2020: sigma and k as printed below Eq. (1), FWHM at pulses 5 and 29 from Figure 3c-f. */
    {"hfox-a", MEMQC_DEVICE_QUANTIZED, {{MEMQC_DEVICE_SIGMA, 1 * G0}, {MEMQC_DEVICE_FWHM_EARLY, 4.4 * G0}, {MEMQC_DEVICE_FWHM_LATE, 1.2 * G0}}},
    {"hfox-b", MEMQC_DEVICE_QUANTIZED, {{MEMQC_DEVICE_SIGMA, 4 * G0}, {MEMQC_DEVICE_FWHM_EARLY, 5.5 * G0}, {MEMQC_DEVICE_FWHM_LATE, 2.3 * G0}}},
    {"ideal", MEMQC_DEVICE_QUANTIZED, {{MEMQC_DEVICE_SIGMA, 0}, {MEMQC_DEVICE_FWHM_EARLY, 0}, {MEMQC_DEVICE_FWHM_LATE, 0}}},
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
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "memqc_device_create_preset: no preset is named \"%s\"; there are %s, %s and %s", name,
                    presets[0].name, presets[1].name, presets[2].name);
}
