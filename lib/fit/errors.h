/* SPDX-License-Identifier: BSD-3-Clause */
/* Standard errors of one problem. */
#ifndef MQC_FIT_ERRORS_H
#define MQC_FIT_ERRORS_H

#include "fit/problem.h"

/* Covariance of the free parameters from the observed information. */
void mqc_fit_covariance(struct mqc_fit_problem *problem);

#endif
