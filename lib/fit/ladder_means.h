/* SPDX-License-Identifier: BSD-3-Clause */
/* The means of levels. Called by ladder_solve.c. */
#ifndef MQC_FIT_LADDER_MEANS_H
#define MQC_FIT_LADDER_MEANS_H

#include "fit/ladder.h"

/* Means of the ladder's kind by least squares, weighted by the deviations; their errors and what
 * they take of the noise. 0 where the rows do not determine them. */
int mqc_fit_ladder_means(struct mqc_fit_ladder *ladder);

/* Shift and scale of each device. */
void mqc_fit_ladder_place_devices(struct mqc_fit_ladder *ladder);

/* Nearest values to n by least squares that do not rise. */
void mqc_fit_fall(size_t n, const double *weight, double *value);

#endif
