/* SPDX-License-Identifier: BSD-3-Clause */
/* The matrix that products use. */
#ifndef MQC_CROSSBAR_MAPPING_MATRIX_H
#define MQC_CROSSBAR_MAPPING_MATRIX_H

#include "crossbar/array/array.h"

/* Makes the matrix of n weights anew from the conductances of their cells: weights index[i], or,
 * where index is NULL, the n from the first-th on. */
void mqc_crossbar_refresh(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index);

#endif
