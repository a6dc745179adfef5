/* SPDX-License-Identifier: BSD-3-Clause */
/* Moves by whole rungs out of digital accumulators. */
#ifndef MQC_CROSSBAR_UPDATE_ACCUMULATE_H
#define MQC_CROSSBAR_UPDATE_ACCUMULATE_H

#include "crossbar/array/array.h"

/* chi, rows x cols, holds what each weight is still to be moved by, in weights. Where that reaches
 * threshold steps, the weight moves by the whole steps in it (with a threshold below 1, by the
 * steps that 1 - threshold more would make whole), which are taken off chi; what goes beyond the
 * ends of the ladder is lost. refresh = 0: levels are as the mapping has them. Else the array holds
 * pairs whose cells are only depressed, and refresh is the level to which a refreshed pair's upper
 * cell goes, or the lowest that leaves the other one room. One scale for the whole array. The
 * caller has called mqc_crossbar_update_room(). DATA where chi has NaN or infinity; nothing is
 * moved then, but chi may have changed. */
memqc_status mqc_crossbar_spill(memqc_crossbar *xb, const char *function, double threshold,
                                double refresh, float *chi);

#endif
