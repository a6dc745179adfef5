/* SPDX-License-Identifier: BSD-3-Clause */
/* Updates by a dense step: every weight moves to the level nearest to its nominal weight and alpha dw. */
#include "core/error.h"
#include "crossbar/array/kernels.h"
#include "crossbar/array/ready.h"
#include "crossbar/array/walk.h"
#include "crossbar/update/changes.h"
#include "crossbar/write/report.h"

#include <float.h>
#include <math.h>

static size_t nan_row(const memqc_crossbar *xb, float alpha, const float *dw, size_t ldd) {
    for (size_t i = 0; i < xb->shape.rows; i++)
        for (size_t j = 0; j < xb->shape.cols; j++)
            if (isnan(alpha * dw[i * ldd + j]))
                return i;
    return 0;
}

memqc_status memqc_crossbar_update(memqc_crossbar *crossbar, double alpha, const float *dw,
                                   size_t ldd, size_t *changed) {
    memqc_crossbar *xb = crossbar;
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(dw);
    MQC_TRY(mqc_crossbar_ready(xb, __func__));
    if (ldd < xb->shape.cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: ldd = %zu is less than cols = %zu", __func__,
                        ldd, xb->shape.cols);
    if (!(fabs(alpha) <= FLT_MAX))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: alpha = %g; it must be finite in single precision", __func__, alpha);
    const struct mqc_walk walk = mqc_walk_of(xb, ldd);
    const size_t row_words = (walk.cols + MQC_BLOCK - 1) / MQC_BLOCK;
    MQC_TRY(mqc_crossbar_update_room(xb));
    for (size_t i = 0; i < walk.rows; i++)
        if (mqc_crossbar_kernels()->move(
                &xb->weights.ladder, walk.cols, xb->weights.position + i * walk.cols, (float)alpha,
                dw + i * ldd, xb->weights.slope, walk.by_column, xb->scratch.next + i * walk.cols,
                xb->scratch.changed + i * row_words))
            return mqc_fail(MEMQC_ERROR_DATA,
                            "%s: alpha dw is NaN in row %zu; nothing was programmed", __func__,
                            walk.rows == 1 ? nan_row(xb, (float)alpha, dw, ldd) : i);
    size_t total = 0;
    mqc_report_begin(xb);
    for (size_t i = 0; i < walk.rows; i++)
        total += mqc_crossbar_place_changed(xb, i * walk.cols, walk.cols,
                                            xb->scratch.next + i * walk.cols,
                                            xb->scratch.changed + i * row_words);
    mqc_report_end(xb, MQC_REPORT_UPDATE, 0, NULL);
    if (changed)
        *changed = total;
    return MEMQC_OK;
}
