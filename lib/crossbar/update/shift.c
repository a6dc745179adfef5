/* SPDX-License-Identifier: BSD-3-Clause */
/* From a step of the weights to new positions, and from those to programmed cells. */
#include "core/error.h"
#include "crossbar/array/walk.h"
#include "crossbar/mapping/position.h"
#include "crossbar/update/changes.h"
#include "crossbar/update/update.h"

#include <math.h>

static size_t nan_row(const memqc_crossbar *xb, float alpha, const float *dw, size_t ldd) {
    for (size_t i = 0; i < xb->shape.rows; i++)
        for (size_t j = 0; j < xb->shape.cols; j++)
            if (isnan(alpha * dw[i * ldd + j]))
                return i;
    return 0;
}

/* A row of the walk, chunk by chunk; is any of the changes NaN? */
static int move_row(const memqc_crossbar *xb, const struct mqc_walk *walk, float alpha,
                    const float *dw, size_t row, float *next, uint64_t *changed) {
    float room[MQC_CHUNK];
    int bad = 0;
    for (size_t j = 0; j < walk->cols; j += MQC_CHUNK) {
        const size_t n = walk->cols - j < MQC_CHUNK ? walk->cols - j : MQC_CHUNK;
        const struct mqc_standing at = mqc_positions_at(xb, n, row * walk->cols + j, room);
        bad |= mqc_crossbar_kernels()->move(&xb->weights.ladder, n, &at, alpha, dw + j,
                                            xb->weights.slope + (walk->by_column ? j : 0),
                                            walk->by_column, next + j, changed + j / MQC_BLOCK);
    }
    return bad;
}

memqc_status mqc_crossbar_shift(memqc_crossbar *xb, const char *function, double alpha,
                                const float *dw, size_t ldd) {
    const struct mqc_walk walk = mqc_walk_of(xb, ldd);
    const size_t cols = walk.cols, words = (cols + MQC_BLOCK - 1) / MQC_BLOCK;
    float *const next = xb->scratch.next;
    uint64_t *const changed = xb->scratch.changed;
    for (size_t i = 0; i < walk.rows; i++)
        if (move_row(xb, &walk, (float)alpha, dw + i * ldd, i, next + i * cols,
                     changed + i * words))
            return mqc_fail(MEMQC_ERROR_DATA,
                            "%s: alpha dw is NaN in row %zu; nothing was programmed", function,
                            walk.rows == 1 ? nan_row(xb, (float)alpha, dw, ldd) : i);
    for (size_t i = 0; i < walk.rows; i++)
        xb->account.report.moved +=
            mqc_crossbar_place_changed(xb, i * cols, cols, next + i * cols, changed + i * words);
    return MEMQC_OK;
}
