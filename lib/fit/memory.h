/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory of the cycle-to-cycle noise, from the residuals of the quantized candidates. */
#ifndef MQC_FIT_MEMORY_H
#define MQC_FIT_MEMORY_H

#include "fit/judge.h"

/* Adds the residuals of the device that was fitted last. NOMEM. */
memqc_status mqc_fit_memory_add(struct mqc_fit_work *work);

/* Estimates and standard errors over the devices that were added, into the report. What is
 * significant becomes a parameter of the model, and widens the standard errors of the others. */
void mqc_fit_memory_tell(struct mqc_fit_work *work);

#endif
