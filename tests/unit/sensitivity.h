/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of sensitivity share. */
#ifndef MEMQC_TESTS_SENSITIVITY_H
#define MEMQC_TESTS_SENSITIVITY_H

#include "instances.h"

static const char *const presets[] = {"hfox-a",    "hfox-b", "ideal", "ag-asi",
                                      "taox-hfox", "epiram", "rpu",   "soft-bounds"};

enum { PRESETS = COUNT(presets) };

/* --- a network whose accuracy is known: one input, which is 1, two units, and the label of the
 * larger weight --- */

static inline double limit(const memqc_mlp *mlp, int32_t property, int32_t what) {
    double value = 0;
    OK(memqc_mlp_limit(mlp, property, what, &value));
    return value;
}

#endif
