/* SPDX-License-Identifier: BSD-3-Clause */
/* What reads cost. */
#ifndef MQC_CROSSBAR_READ_COST_H
#define MQC_CROSSBAR_READ_COST_H

#include "crossbar/read/plan.h"

/* Counts and charges a product; energy: of the cells, in units of READ_VOLTAGE^2 S READ_TIME. */
void mqc_readout_charge(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t batch,
                        double energy);

#endif
