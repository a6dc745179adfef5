/* SPDX-License-Identifier: BSD-3-Clause */
/* The candidates, and the report on each that stays with the device. */
#ifndef MQC_FIT_REPORT_H
#define MQC_FIT_REPORT_H

#include <memqc/fit.h>

#include "device/cell/inside.h"

/* In the order of their reports; of equal ones the first is taken. */
extern const int32_t mqc_fit_candidates[MQC_FIT_CANDIDATES];

/* Place of the tables of jumps in that order. */
enum { MQC_FIT_JUMPS = 7 };

/* Places of the laws of the quantized model in that order; pulsed models stand before them. */
enum { MQC_FIT_LAW_CONSTANT = 8, MQC_FIT_LAW_LINEAR, MQC_FIT_LAW_PROPORTIONAL, MQC_FIT_LAW_LEVELS };

/* Place of the linear model, from which the search for others begins. */
enum { MQC_FIT_LINE = 1 };

/* -2 log likelihood + parameters log(points), by Schwarz, Ann. Stat. 6 (1978) 461; infinite where
 * there was no fit. */
double mqc_fit_bic(double points, const struct mqc_fit_quality *quality);

#endif
