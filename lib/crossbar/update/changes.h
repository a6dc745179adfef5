/* SPDX-License-Identifier: BSD-3-Clause */
/* The weights that an update moves: their next positions, and a bit for each of those that change. */
#ifndef MQC_CROSSBAR_UPDATE_CHANGES_H
#define MQC_CROSSBAR_UPDATE_CHANGES_H

#include "crossbar/array/array.h"

/* The scratch of an update, next and changed, and room for the counts. NOMEM. */
memqc_status mqc_crossbar_update_room(memqc_crossbar *xb);

/* Of n weights, the first-th of the array and on, those whose bits are set, from a block on: a
 * chunk of them, or what there is. Returns how many, 0 at the end. next, changed: of the n; index,
 * position: of MQC_CHUNK. */
size_t mqc_crossbar_collect(size_t *block, size_t first, size_t n, const float *next,
                            const uint64_t *changed, uint32_t *index, float *position);

/* Places the weights whose bits are set, chunk by chunk; returns how many. */
size_t mqc_crossbar_place_changed(memqc_crossbar *xb, size_t first, size_t n, const float *next,
                                  const uint64_t *changed);

#endif
