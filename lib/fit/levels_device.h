/* SPDX-License-Identifier: BSD-3-Clause */
/* From fitted levels to a device. Called by combine.c and build.c. */
#ifndef MQC_FIT_LEVELS_DEVICE_H
#define MQC_FIT_LEVELS_DEVICE_H

#include "fit/judge.h"
#include "fit/ladder.h"

/* Window and rms noise of each device as values of keys, with standard errors. */
void mqc_fit_levels_tell(struct mqc_fit_work *work);

/* Moves conductances that do not rise apart, so that they fall to 0 S or more. */
void mqc_fit_levels_separate(size_t n, double *g);

/* Gives the device the levels, with what is known of their errors. NOMEM. */
memqc_status mqc_fit_levels_put(const struct mqc_fit_work *work, memqc_device *device);

#endif
