/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of an array's parameters, and what it cannot say. values: of all keys, in the order of
 * the keys. */
#ifndef MQC_CROSSBAR_ARRAY_PARAMS_H
#define MQC_CROSSBAR_ARRAY_PARAMS_H

#include "core/keys.h"
#include "crossbar/array/array.h"

/* What a change of a parameter makes stale. */
enum {
    MQC_STALE_RANGES = 1,  /* calibrated ranges */
    MQC_STALE_SOURCES = 2, /* what was computed from the conductances for each ADC */
    MQC_STALE_WIRES = 4    /* circuits */
};

extern const struct mqc_keys mqc_crossbar_keys;

/* Why a key has no effect with these values on such cells; NULL where it has one. */
const char *mqc_crossbar_unused(const memqc_device *device, const double *values, int32_t key);

/* Refuses a value that is in the range of its row, and impossible nevertheless. ARGUMENT. */
memqc_status mqc_crossbar_check_value(const char *function, int32_t key, double value);

#endif
