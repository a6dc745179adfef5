/* SPDX-License-Identifier: BSD-3-Clause */
/* What a change of parameters means for reading. */
#ifndef MQC_CROSSBAR_READ_PARAMS_H
#define MQC_CROSSBAR_READ_PARAMS_H

#include "crossbar/array/array.h"

/* Drops what a change of parameters makes stale: a set of MQC_STALE_... */
void mqc_readout_drop(memqc_crossbar *xb, uint32_t stale);

#endif
