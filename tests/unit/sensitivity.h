/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of sensitivity share. */
#ifndef MEMQC_TESTS_SENSITIVITY_H
#define MEMQC_TESTS_SENSITIVITY_H

#include "instances.h"

static const char *const presets[] = {"hfox-a",    "hfox-b", "ideal", "ag-asi",
                                      "taox-hfox", "epiram", "rpu",   "soft-bounds"};

enum { PRESETS = COUNT(presets) };

/* What was found out last about each property. */
static double found[MEMQC_MLP_PROPERTY_DRIFT - MEMQC_MLP_PROPERTY_ALL + 1][MEMQC_MLP_LIMITS];

static inline double *limits_of(int32_t property) {
    return found[property - MEMQC_MLP_PROPERTY_ALL];
}

static inline double limit(int32_t property, int32_t what) {
    return limits_of(property)[what];
}

#endif
