/* SPDX-License-Identifier: BSD-3-Clause */
/* A device from fitted values. */
#ifndef MQC_FIT_BUILD_H
#define MQC_FIT_BUILD_H

#include "fit/judge.h"

/* Puts the fitted values into a new device of the model, cut at the bounds of their keys. */
memqc_status mqc_fit_build(const struct mqc_fit_work *work, memqc_device *device);

/* Levels of a pulsed device whose pulses have a step of that size, S. */
double mqc_fit_states(const memqc_device *device, double step);

#endif
