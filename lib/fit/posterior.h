/* SPDX-License-Identifier: BSD-3-Clause */
/* How far the parameters of a fitted device are known together: their covariance. */
#ifndef MQC_FIT_POSTERIOR_H
#define MQC_FIT_POSTERIOR_H

#include "fit/judge.h"

/* The covariance of what a part tells of, MQC_FIT_TOLD squared values, from that of its parameters;
 * slope: derivatives of keys by free parameters. */
void mqc_fit_tell(const struct mqc_fit_problem *problem,
                  double slope[MQC_FIT_MOST_FREE][MQC_FIT_KEYS], double *covariance);

/* Fills report.posterior for the device that was built. */
void mqc_fit_posterior(struct mqc_fit_work *work, const memqc_device *device);

#endif
