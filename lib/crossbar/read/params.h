/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters of reading: what the table cannot say of a value, and what a change makes obsolete. */
#ifndef MQC_CROSSBAR_READ_PARAMS_H
#define MQC_CROSSBAR_READ_PARAMS_H

#include "crossbar/array/array.h"

/* What the table of parameters cannot say of a value. ARGUMENT. */
memqc_status mqc_readout_check(int32_t key, double value);

/* Checks a parameter of reading beyond its table, sets it, and drops what it makes obsolete.
 * ARGUMENT. */
memqc_status mqc_readout_set(memqc_crossbar *xb, int32_t key, double value);

#endif
