/* SPDX-License-Identifier: BSD-3-Clause */
/* The standard deviations of levels. Called by ladder_solve.c. */
#ifndef MQC_FIT_LADDER_NOISE_H
#define MQC_FIT_LADDER_NOISE_H

#include "fit/ladder.h"

/* Deviations of the ladder's kind by maximum likelihood around the means, and their errors. */
void mqc_fit_ladder_noise(struct mqc_fit_ladder *ladder);

/* Noise of each device as a part of the mean one. */
void mqc_fit_ladder_compare_noise(struct mqc_fit_ladder *ladder);

/* How many numbers say what the deviations have in common. */
double mqc_fit_ladder_noise_parameters(const struct mqc_fit_ladder *ladder);

/* What a level's deviation takes of each of the parameters that they have in common; how many. */
int mqc_fit_ladder_noise_functions(const struct mqc_fit_ladder *ladder, size_t level,
                                   double phi[2]);

/* Degrees of freedom of the deviation of a level. */
double mqc_fit_ladder_freedom(const struct mqc_fit_ladder *ladder, size_t level);

#endif
