/* SPDX-License-Identifier: BSD-3-Clause */
/* What reading keeps from one product to the next. */
#ifndef MQC_CROSSBAR_READ_READOUT_H
#define MQC_CROSSBAR_READ_READOUT_H

#include "crossbar/read/plan.h"

/* Copies calibrated ranges to an array that has none. NOMEM. */
memqc_status mqc_readout_clone(memqc_crossbar *to, const memqc_crossbar *from);

void mqc_readout_free(struct mqc_readout *readout);

#endif
