/* SPDX-License-Identifier: BSD-3-Clause */
/* Copies of what an array holds: weights, levels, conductances. */
#include "core/error.h"
#include "crossbar/array/kernels.h"
#include "crossbar/array/ready.h"
#include "crossbar/array/rungs.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/mapping/position.h"

#include <string.h>

memqc_status memqc_crossbar_get_weights(const memqc_crossbar *crossbar, float *w, size_t ldw) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(w);
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    MQC_TRY(mqc_crossbar_check_ld(crossbar, __func__, ldw));
    const double unit = mqc_crossbar_read_unit(crossbar);
    const size_t cols = crossbar->shape.cols;
    for (size_t i = 0; i < crossbar->shape.rows; i++) {
        const float *const matrix = crossbar->weights.matrix + i * cols;
        if (!mqc_crossbar_by_column(crossbar))
            mqc_crossbar_kernels()->weights(cols, (double)crossbar->weights.scale[0] * unit, matrix,
                                            w + i * ldw);
        for (size_t j = 0; j < cols && mqc_crossbar_by_column(crossbar); j++)
            w[i * ldw + j] = (float)((double)crossbar->weights.scale[j] * unit * (double)matrix[j]);
    }
    return MEMQC_OK;
}

/* Of n weights of a row, at most MQC_CHUNK, from a column on. */
static void nominal(const memqc_crossbar *xb, size_t row, size_t col, size_t n, float *w) {
    const float *const slope = xb->weights.slope;
    const int by_column = mqc_crossbar_by_column(xb);
    float position[MQC_CHUNK];
    mqc_positions_get(xb, n, row * xb->shape.cols + col, NULL, position);
    for (size_t j = 0; j < n; j++)
        w[j] = (mqc_height_of(&xb->weights.ladder, position[j]) - xb->weights.ladder.offset) /
               slope[by_column ? col + j : 0];
}

memqc_status memqc_crossbar_get_nominal_weights(const memqc_crossbar *crossbar, float *w,
                                                size_t ldw) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(w);
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    MQC_TRY(mqc_crossbar_check_ld(crossbar, __func__, ldw));
    const size_t rows = crossbar->shape.rows, cols = crossbar->shape.cols;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j += MQC_CHUNK)
            nominal(crossbar, i, j, cols - j < MQC_CHUNK ? cols - j : MQC_CHUNK, w + i * ldw + j);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_levels(const memqc_crossbar *crossbar, size_t plane,
                                       int32_t *levels, size_t ld) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(levels);
    MQC_TRY(mqc_crossbar_check_plane(crossbar, __func__, plane));
    MQC_TRY(mqc_crossbar_check_ld(crossbar, __func__, ld));
    for (size_t i = 0; i < crossbar->shape.rows; i++)
        for (size_t j = 0; j < crossbar->shape.cols; j++)
            levels[i * ld + j] = crossbar->cells.plane[plane].level[i * crossbar->shape.cols + j];
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_conductances(const memqc_crossbar *crossbar, size_t plane, float *g,
                                             size_t ldg) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(g);
    MQC_TRY(mqc_crossbar_check_plane(crossbar, __func__, plane));
    MQC_TRY(mqc_crossbar_check_ld(crossbar, __func__, ldg));
    for (size_t i = 0; i < crossbar->shape.rows; i++)
        memcpy(g + i * ldg, crossbar->cells.plane[plane].g + i * crossbar->shape.cols,
               crossbar->shape.cols * sizeof *g);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_get_reference(const memqc_crossbar *crossbar, size_t slice, float *g) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(g);
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    MQC_TRY(mqc_mapping_check_reference(crossbar, __func__, slice));
    memcpy(g, crossbar->cells.reference[slice].g, crossbar->shape.rows * sizeof *g);
    return MEMQC_OK;
}
