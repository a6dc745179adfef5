/* SPDX-License-Identifier: BSD-3-Clause */
/* The shape of the noise of levels where it is not normal. Called by levels.c. */
#ifndef MQC_FIT_LEVELS_SHAPE_H
#define MQC_FIT_LEVELS_SHAPE_H

#include "device/cell/inside.h"
#include "fit/ladder.h"

/* Is the noise, by n residuals, not normal, and are there readings enough to tell how it is? */
int mqc_fit_levels_unlike_normal(struct mqc_fit_ladder *ladder, size_t n, const double *residuals);

/* By how much the squared error of a variance is larger than that of normal noise. */
double mqc_fit_levels_excess(size_t n, const double *residuals);

/* Finds the shape by a ladder that was settled: its curves, and quality of the candidate, of which
 * parameters are those of the shape alone. Returns how many residuals of held-out cycles it puts
 * into residuals[], sorted; 0 where the normal law foretells cycles as well. */
size_t mqc_fit_levels_shape(struct mqc_fit_ladder *ladder, double *residuals,
                            struct mqc_fit_quality *quality);

#endif
