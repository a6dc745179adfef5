/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/mapping/matrix.h"

/* The matrix of a slice, of n weights. */
static void refresh_slice(const memqc_crossbar *xb, size_t slice, size_t n, size_t first,
                          const uint32_t *index, float *matrix) {
    const float *const up = xb->cells.plane[slice * xb->weights.map.sides].g,
                       *const reference = xb->cells.reference[slice].g;
    const float *const down = xb->weights.map.sides == 2 ? xb->cells.plane[2 * slice + 1].g : NULL,
                       middle = xb->weights.map.middle;
    const int by_row = xb->weights.map.kind == MEMQC_CROSSBAR_MAPPING_REFERENCE;
    for (size_t i = 0; i < n; i++) {
        const size_t k = index ? index[i] : first + i;
        float zero = middle;
        if (down)
            zero = down[k];
        else if (by_row)
            zero = reference[(uint32_t)k / (uint32_t)xb->shape.cols];
        matrix[k] = up[k] - zero;
    }
}

void mqc_crossbar_refresh(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index) {
    if (xb->weights.map.slices == 1) {
        refresh_slice(xb, 0, n, first, index, xb->weights.matrix);
        return;
    }
    for (size_t slice = 0; slice < xb->weights.map.slices; slice++) {
        const float *const part = xb->weights.slice[slice], factor = xb->weights.map.factor[slice];
        refresh_slice(xb, slice, n, first, index, xb->weights.slice[slice]);
        for (size_t i = 0; i < n; i++) {
            const size_t k = index ? index[i] : first + i;
            xb->weights.matrix[k] = slice == 0 ? part[k] : xb->weights.matrix[k] + factor * part[k];
        }
    }
}
