/* SPDX-License-Identifier: BSD-3-Clause */
/* The candidate MEMQC_DEVICE_FIT_QUANTIZED_LEVELS: levels one by one. Called by judge.c and
 * combine.c. */
#ifndef MQC_FIT_LEVELS_H
#define MQC_FIT_LEVELS_H

#include "device/cell/inside.h"
#include "fit/ladder.h"

/* Finds the kind of ladder with the lowest BIC and judges it: quality, and residuals, which have
 * room for the points, as standard normals; *residuals_n becomes how many. Not fitted where the
 * data are no levels. */
struct mqc_fit_quality mqc_fit_levels_judge(struct mqc_fit_ladder *ladder, double *residuals,
                                            size_t *residuals_n);

/* Fits that kind again, by restricted likelihood. 0 where that fails. */
int mqc_fit_levels_settle(struct mqc_fit_ladder *ladder);

#endif
