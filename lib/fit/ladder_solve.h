/* SPDX-License-Identifier: BSD-3-Clause */
/* Means and deviations of levels together. Called by levels.c. */
#ifndef MQC_FIT_LADDER_SOLVE_H
#define MQC_FIT_LADDER_SOLVE_H

#include "fit/ladder.h"

/* Finds means, deviations and errors of the ladder's kind from the sums of its rows, from the
 * deviations in it on. 0 where the rows do not determine them or the levels do not fall. */
int mqc_fit_ladder_solve(struct mqc_fit_ladder *ladder);

#endif
