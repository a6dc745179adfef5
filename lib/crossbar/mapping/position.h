/* SPDX-License-Identifier: BSD-3-Clause */
/* The positions of weights. As a rule the levels of a weight's cells tell it, and no array is kept:
 * of one cell the level less 1, of a pair the difference of the levels, of slices the number that
 * their digits make. An array is kept where the levels may not tell it:
 *
 *     pairs with stuck cells         memqc_crossbar_remap() moves the partner of one away from the
 *                                    level that the mapping means
 *     pairs on uneven levels         several pairs of levels stand nearest to one rung
 *     positions from a file          that are not those of the levels */
#ifndef MQC_CROSSBAR_MAPPING_POSITION_H
#define MQC_CROSSBAR_MAPPING_POSITION_H

#include "crossbar/array/array.h"

/* Those of n weights, at most MQC_CHUNK: weights index[i], or, where index is NULL, the n from the
 * first-th on. */
void mqc_positions_get(const memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index,
                       float *position);

/* The same for kernels that look at the levels themselves where those tell the positions: room is
 * for the others. */
struct mqc_standing mqc_positions_at(const memqc_crossbar *xb, size_t n, size_t first, float *room);

/* Notes them, after the cells were set to the levels of the mapping. */
void mqc_positions_note(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index,
                        const float *position);

/* Makes them anew from the levels of the cells, which something else than the mapping has set. */
void mqc_positions_follow(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index);

/* Keeps an array from now on, which is filled from the levels where it is new. NOMEM. */
memqc_status mqc_positions_keep(memqc_crossbar *xb);

/* May the levels not tell the positions of the array as it is? */
int mqc_positions_needed(const memqc_crossbar *xb);

/* Frees the array where the levels tell what is in it, and always will. */
void mqc_positions_drop(memqc_crossbar *xb);

#endif
