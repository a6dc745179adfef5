/* SPDX-License-Identifier: BSD-3-Clause */
/* From the fits of single devices to the parameters of one device model. */
#ifndef MQC_FIT_COMBINE_H
#define MQC_FIT_COMBINE_H

#include "fit/judge.h"

/* Fits a candidate, by its place, to all devices. Then the first MQC_FIT_KEYS of value and the
 * report's standard errors are those of the model: means over the devices, and their spread.
 * DATA, NOMEM. */
memqc_status mqc_fit_combine(struct mqc_fit_work *work, int candidate, int32_t model);

/* Forgets all that mqc_fit_combine() found, but the drift, for another candidate. */
void mqc_fit_forget(struct mqc_fit_work *work);

#endif
