/* SPDX-License-Identifier: BSD-3-Clause */
/* What the memory of the cycles takes of the evidence for a ladder. Called by levels.c. */
#ifndef MQC_FIT_LADDER_MEMORY_H
#define MQC_FIT_LADDER_MEMORY_H

#include "fit/ladder.h"

/* Fills dilution[] from the rows in use: by their states and the deviations of the levels. */
void mqc_fit_ladder_dilute(struct mqc_fit_ladder *ladder);

#endif
