/* SPDX-License-Identifier: BSD-3-Clause */
/* What an array may be. Every loader asks; builds for debugging ask after every public call
 * (lib/checked.py). */
#ifndef MQC_CROSSBAR_VALID_H
#define MQC_CROSSBAR_VALID_H

#include "crossbar/array/array.h"

/* NULL for an array that the library can have made; else what none has, for a text. */
const char *mqc_crossbar_flaw(const memqc_crossbar *xb);

#endif
