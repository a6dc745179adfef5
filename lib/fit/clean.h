/* SPDX-License-Identifier: BSD-3-Clause */
/* Dirty data: readings that are no measurements of the device are left out before any fit. */
#ifndef MQC_FIT_CLEAN_H
#define MQC_FIT_CLEAN_H

#include "fit/data.h"

/* Why a value can be no conductance at all, in MEMQC_DEVICE_LEFT_OUT_...; 0: it can. */
int32_t mqc_fit_flaw(double g);

/* Leaves rows out of the sorted data and writes why into left_out[]. Removes a drift over the cycles.
 * DATA where units are mixed up or too little is left, NOMEM. */
memqc_status mqc_fit_clean(struct mqc_fit_data *data);

#endif
