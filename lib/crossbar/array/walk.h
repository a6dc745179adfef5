/* SPDX-License-Identifier: BSD-3-Clause */
/* How an array of the caller is walked: as rows x cols, or as one row where its scale and its memory
 * allow. */
#ifndef MQC_CROSSBAR_ARRAY_WALK_H
#define MQC_CROSSBAR_ARRAY_WALK_H

#include "crossbar/array/array.h"

struct mqc_walk {
    size_t rows, cols, ld;
    int by_column; /* is the scale one a column? */
};

static inline struct mqc_walk mqc_walk_of(const memqc_crossbar *xb, size_t ld) {
    const int by_column = mqc_crossbar_by_column(xb);
    const int one_row = !by_column && ld == xb->shape.cols;
    const struct mqc_walk walk = {one_row ? 1 : xb->shape.rows,
                                  one_row ? xb->shape.cells : xb->shape.cols, ld, by_column};
    return walk;
}

#endif
