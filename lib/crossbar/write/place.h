/* SPDX-License-Identifier: BSD-3-Clause */
/* From positions to programmed cells. At most MQC_CHUNK weights a call. */
#ifndef MQC_CROSSBAR_WRITE_PLACE_H
#define MQC_CROSSBAR_WRITE_PLACE_H

#include "crossbar/array/array.h"

/* Whoever programs some of the cells, or verifies, has seen to it that their counts have room: see
 * cells/counts.h. */

/* Puts n different weights to their positions and programs their cells: all of them, or only those
 * whose level changes. The weights are index[i], or, where index is NULL, the n from the first-th
 * on. */
void mqc_crossbar_place(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index,
                        const float *position, int all);

/* Programs the cells of a plane whose level changes, and nothing else: not the positions, not the
 * matrix. */
void mqc_crossbar_place_levels(memqc_crossbar *xb, size_t plane, size_t n, const uint32_t *index,
                               const float *levels);

/* Programs the reference column, where there is one. */
void mqc_crossbar_place_reference(memqc_crossbar *xb);

#endif
