/* SPDX-License-Identifier: BSD-3-Clause */
/* The values of every public constant, which no dump of the binary interface shows: a program carries those
 * of the headers it was compiled with. Only add lines. check_constants.sh finds a constant of the headers
 * without a line here. MEMQC_G0, a double, is compared bit by bit when the program runs; all else fails when
 * it is compiled. */
#include <memqc/memqc.h>

#include <stdio.h>
#include <string.h>

#define CONSTANT(name, value) _Static_assert((name) == (value), #name " is not " #value)
/* The version grows: only what memqc_version() can pack is asked of it. */
#define VERSION_PART(name) \
    _Static_assert((name) >= 0 && (name) < 1000, #name " does not fit into memqc_version()")
#define DOUBLE_BITS(name, bits) \
    { #name, name, bits }

/* Types that a program's own code depends on. */
_Static_assert(_Generic((memqc_status)0, int32_t : 1, default : 0), "memqc_status is not int32_t");
_Static_assert(sizeof(memqc_status) == 4, "memqc_status does not have 4 bytes");
_Static_assert(_Generic(MEMQC_OK, int : 1, default : 0), "status codes are not int");
_Static_assert(_Generic(MEMQC_G0, double : 1, default : 0), "MEMQC_G0 is not double");
_Static_assert(_Generic((memqc_mlp_progress)0, int32_t (*)(void *, uint32_t, uint64_t, double, double) : 1,
                        default : 0),
               "memqc_mlp_progress has another type");

/* base.h */
VERSION_PART(MEMQC_VERSION_MAJOR);
VERSION_PART(MEMQC_VERSION_MINOR);
VERSION_PART(MEMQC_VERSION_PATCH);

CONSTANT(MEMQC_OK, 0);
CONSTANT(MEMQC_ERROR_ARGUMENT, -1);
CONSTANT(MEMQC_ERROR_NOMEM, -2);
CONSTANT(MEMQC_ERROR_STATE, -3);
CONSTANT(MEMQC_ERROR_DATA, -4);
CONSTANT(MEMQC_ERROR_DIVERGED, -5);
CONSTANT(MEMQC_STOPPED, -6);
CONSTANT(MEMQC_ERROR_IO, -7);
CONSTANT(MEMQC_ERROR_FORMAT, -8);

/* device.h */
CONSTANT(MEMQC_DEVICE_QUANTIZED, 1);

CONSTANT(MEMQC_DEVICE_STATES, 1);
CONSTANT(MEMQC_DEVICE_G_MAX, 2);
CONSTANT(MEMQC_DEVICE_G_MIN, 3);
CONSTANT(MEMQC_DEVICE_STEP, 4);
CONSTANT(MEMQC_DEVICE_LAW, 5);
CONSTANT(MEMQC_DEVICE_SIGMA, 6);
CONSTANT(MEMQC_DEVICE_K, 7);
CONSTANT(MEMQC_DEVICE_PULSES, 8);
CONSTANT(MEMQC_DEVICE_FWHM_EARLY, 9);
CONSTANT(MEMQC_DEVICE_FWHM_LATE, 10);
CONSTANT(MEMQC_DEVICE_PULSE_EARLY, 11);
CONSTANT(MEMQC_DEVICE_PULSE_LATE, 12);
CONSTANT(MEMQC_DEVICE_BELOW_ZERO, 13);
CONSTANT(MEMQC_DEVICE_RAMP_START, 14);
CONSTANT(MEMQC_DEVICE_RAMP_KNEE, 15);
CONSTANT(MEMQC_DEVICE_RAMP_END, 16);
CONSTANT(MEMQC_DEVICE_RAMP_KNEE_PULSE, 17);

CONSTANT(MEMQC_DEVICE_LAW_PRINTED, 1);
CONSTANT(MEMQC_DEVICE_LAW_LINEAR, 2);
CONSTANT(MEMQC_DEVICE_LAW_MEASURED, 3);

CONSTANT(MEMQC_DEVICE_CLAMP, 0);
CONSTANT(MEMQC_DEVICE_REDRAW, 1);

/* crossbar.h */
CONSTANT(MEMQC_CROSSBAR_MAPPING, 1);
CONSTANT(MEMQC_CROSSBAR_NORMALIZATION, 2);
CONSTANT(MEMQC_CROSSBAR_W_MAX, 3);

CONSTANT(MEMQC_CROSSBAR_MAPPING_SINGLE, 1);
CONSTANT(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, 2);

CONSTANT(MEMQC_CROSSBAR_NORMALIZATION_FIXED, 1);
CONSTANT(MEMQC_CROSSBAR_NORMALIZATION_ARRAY, 2);
CONSTANT(MEMQC_CROSSBAR_NORMALIZATION_COLUMN, 3);

CONSTANT(MEMQC_CROSSBAR_COUNT_PROGRAMMED, 1);
CONSTANT(MEMQC_CROSSBAR_COUNT_NEGATIVE, 2);
CONSTANT(MEMQC_CROSSBAR_COUNT_CLIPPED, 3);

/* mlp.h */
CONSTANT(MEMQC_MLP_RULE, 1);
CONSTANT(MEMQC_MLP_ACTIVATION, 2);
CONSTANT(MEMQC_MLP_LOSS, 3);
CONSTANT(MEMQC_MLP_LEARNING_RATE, 4);
CONSTANT(MEMQC_MLP_BATCH, 5);
CONSTANT(MEMQC_MLP_INPUT_BITS, 6);
CONSTANT(MEMQC_MLP_INPUT_THRESHOLD, 7);
CONSTANT(MEMQC_MLP_MAPPING, 8);
CONSTANT(MEMQC_MLP_WEIGHT_RANGE, 9);
CONSTANT(MEMQC_MLP_INIT_RANGE, 10);
CONSTANT(MEMQC_MLP_PROGRESS_INTERVAL, 11);

CONSTANT(MEMQC_MLP_RULE_FLOAT, 1);
CONSTANT(MEMQC_MLP_RULE_NEAREST_LEVEL, 2);

CONSTANT(MEMQC_MLP_LOGISTIC, 1);
CONSTANT(MEMQC_MLP_TANH, 2);
CONSTANT(MEMQC_MLP_RELU, 3);

CONSTANT(MEMQC_MLP_SQUARED_ERROR, 1);
CONSTANT(MEMQC_MLP_CROSS_ENTROPY, 2);

static const struct {
    const char *name;
    double value;
    uint64_t bits;
} doubles[] = {
    DOUBLE_BITS(MEMQC_G0, 0x3f1450efdc9c4da9), /* 77.5e-6 */
};

int main(void) {
    int failures = 0;
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) {
        uint64_t bits;
        memcpy(&bits, &doubles[i].value, sizeof bits);
        if (bits != doubles[i].bits) {
            printf("FAIL: %s is %.17g, which is not the value that programs were compiled with\n",
                   doubles[i].name, doubles[i].value);
            failures++;
        }
    }
    return failures ? 1 : 0;
}
