/* SPDX-License-Identifier: BSD-3-Clause */
/* What the table of parameters cannot say. */
#include "core/error.h"
#include "crossbar/array/params.h"
#include "device/effects/age.h"

static double value_of(const void *values, int32_t key) {
    return ((const double *)values)[key - MQC_CROSSBAR_FIRST];
}

/* Is any of the keys from first to last above 0? */
static int any(const double *values, int32_t first, int32_t last) {
    for (int32_t key = first; key <= last; key++)
        if (value_of(values, key) > 0)
            return 1;
    return 0;
}

const char *mqc_crossbar_unused(const memqc_device *device, const double *values, int32_t key) {
    if (key >= MEMQC_CROSSBAR_DRIVEN_ENDS && key <= MEMQC_CROSSBAR_WIRE_TOLERANCE &&
        !any(values, MEMQC_CROSSBAR_WORD_RESISTANCE, MEMQC_CROSSBAR_SENSE_RESISTANCE))
        return "no wire has a resistance";
    if (key == MEMQC_CROSSBAR_ADC_SENSES)
        return any(values, MEMQC_CROSSBAR_ADC_BITS, MEMQC_CROSSBAR_ADC_BITS) ||
                       any(values, MEMQC_CROSSBAR_IV_NONLINEARITY, MEMQC_CROSSBAR_OUTPUT_NOISE)
                   ? NULL
                   : "an ideal ADC (adc_bits = 0) does not use it, but with input_noise, "
                     "output_noise or iv_nonlinearity";
    if (key == MEMQC_CROSSBAR_READ_NOISE_PATH &&
        !any(values, MEMQC_CROSSBAR_READ_NOISE, MEMQC_CROSSBAR_READ_NOISE_RELATIVE) &&
        !any(values, MEMQC_CROSSBAR_READ_NOISE_SLOW, MEMQC_CROSSBAR_READ_NOISE_SLOW) &&
        !mqc_device_flickers_in_reads(device))
        return "there is no read noise";
    return mqc_keys_unused(&mqc_crossbar_keys, value_of, values, key);
}

memqc_status mqc_crossbar_check_value(const char *function, int32_t key, double value) {
    if (key >= MEMQC_CROSSBAR_WORD_RESISTANCE && key <= MEMQC_CROSSBAR_SENSE_RESISTANCE &&
        value > 0 && value < 1e-6)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s = %g ohm; allowed is 0, or 1e-6 .. 1e6 ohm",
                        function, mqc_key_row(&mqc_crossbar_keys, key)->name, value);
    return MEMQC_OK;
}
