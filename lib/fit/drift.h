/* SPDX-License-Identifier: BSD-3-Clause */
/* A slow drift of all conductances over the cycles. Called by clean.c. */
#ifndef MQC_FIT_DRIFT_H
#define MQC_FIT_DRIFT_H

#include "fit/peers.h"

/* Estimates the relative change from one cycle to the next as data->drift, the mean over the
 * devices, with its standard error; where that of a device is significant, takes it out of the rows,
 * which are then those of the middle cycle. typical[] is known. */
void mqc_fit_remove_drift(struct mqc_fit_bench *bench);

/* Probability of a Student's t of n degrees of freedom beyond +-t. */
double mqc_fit_beyond_t(double t, size_t n);

#endif
