/* SPDX-License-Identifier: BSD-3-Clause */
/* The scale of the weights. */
#include "core/alloc.h"
#include "core/order.h"
#include "crossbar/array/array.h"
#include "crossbar/mapping/scale.h"

#include <math.h>
#include <string.h>

/* A scale of (almost) nothing has no use, and its inverse would overflow. */
static float no_zero(float scale) {
    return scale > 1e-30f ? scale : 1;
}

/* The percentile of n magnitudes by nearest rank; the largest where that is 0. */
static float percentile(const float *magnitudes, size_t n, double percent) {
    const double rank = ceil(percent / 100 * (double)n) - 1;
    const float value = mqc_rank(magnitudes, 1, n, n, rank < 0 ? 0 : (size_t)rank);
    return value > 0 ? value : mqc_rank(magnitudes, 1, n, n, n - 1);
}

/* Scales by the percentile, the array's or each column's. */
static memqc_status clip_scales(memqc_crossbar *xb, const float *w, size_t ldw) {
    const int by_column = mqc_crossbar_by_column(xb);
    const size_t parts = by_column ? xb->shape.cols : 1,
                 n = by_column ? xb->shape.rows : xb->shape.cells,
                 width = by_column ? 1 : xb->shape.cols;
    float *const magnitudes = mqc_alloc(n, sizeof *magnitudes);
    if (!magnitudes)
        return MEMQC_ERROR_NOMEM;
    for (size_t part = 0; part < parts; part++) {
        for (size_t i = 0; i < xb->shape.rows; i++)
            for (size_t j = 0; j < width; j++)
                magnitudes[i * width + j] = fabsf(w[i * ldw + part + j]);
        xb->weights.scale[part] = no_zero(
            percentile(magnitudes, n, mqc_crossbar_value(xb, MEMQC_CROSSBAR_CLIP_PERCENTILE)));
    }
    mqc_free(magnitudes);
    return MEMQC_OK;
}

static void column_scales(memqc_crossbar *xb, const float *w, size_t ldw) {
    memset(xb->weights.scale, 0, xb->shape.cols * sizeof *xb->weights.scale);
    for (size_t i = 0; i < xb->shape.rows; i++)
        for (size_t j = 0; j < xb->shape.cols; j++)
            xb->weights.scale[j] = fmaxf(xb->weights.scale[j], fabsf(w[i * ldw + j]));
    for (size_t j = 0; j < xb->shape.cols; j++)
        xb->weights.scale[j] = no_zero(xb->weights.scale[j]);
}

static void set_slopes(memqc_crossbar *xb) {
    const size_t scales = mqc_crossbar_by_column(xb) ? xb->shape.cols : 1;
    for (size_t j = 0; j < scales; j++)
        xb->weights.slope[j] = (float)((xb->weights.map.sides == 1 ? -0.5 : 1) *
                                       xb->weights.map.last / (double)xb->weights.scale[j]);
}

memqc_status mqc_crossbar_scale(memqc_crossbar *xb, const float *w, size_t ldw, float most) {
    if (mqc_crossbar_value(xb, MEMQC_CROSSBAR_NORMALIZATION) ==
        MEMQC_CROSSBAR_NORMALIZATION_FIXED) {
        xb->weights.scale[0] = (float)mqc_crossbar_value(xb, MEMQC_CROSSBAR_W_MAX);
    } else if (mqc_crossbar_value(xb, MEMQC_CROSSBAR_CLIP_PERCENTILE) < 100) {
        if (clip_scales(xb, w, ldw) != MEMQC_OK)
            return MEMQC_ERROR_NOMEM;
    } else if (mqc_crossbar_by_column(xb)) {
        column_scales(xb, w, ldw);
    } else {
        xb->weights.scale[0] = no_zero(most);
    }
    set_slopes(xb);
    return MEMQC_OK;
}

void mqc_crossbar_scale_unknown(memqc_crossbar *xb) {
    const size_t scales = mqc_crossbar_by_column(xb) ? xb->shape.cols : 1;
    const int fixed =
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_NORMALIZATION) == MEMQC_CROSSBAR_NORMALIZATION_FIXED;
    for (size_t j = 0; j < scales; j++)
        xb->weights.scale[j] = fixed ? (float)mqc_crossbar_value(xb, MEMQC_CROSSBAR_W_MAX) : 1;
    set_slopes(xb);
}
