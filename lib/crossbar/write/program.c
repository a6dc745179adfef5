/* SPDX-License-Identifier: BSD-3-Clause */
/* Programming: from weights to positions. */
#include "core/error.h"
#include "crossbar/array/kernels.h"
#include "crossbar/array/ready.h"
#include "crossbar/array/walk.h"
#include "crossbar/cells/counts.h"
#include "crossbar/cells/room.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/mapping/matrix.h"
#include "crossbar/mapping/position.h"
#include "crossbar/mapping/scale.h"
#include "crossbar/cells/sums.h"
#include "crossbar/write/place.h"
#include "crossbar/write/places.h"
#include "crossbar/write/report.h"
#include "rng/normal.h"

#include <math.h>

static const uint32_t infinity_bits = 0x7f800000u;

/* Looks for NaN and infinity; *most becomes the largest magnitude. */
static memqc_status check_weights(const char *function, size_t rows, size_t cols, const float *w,
                                  size_t ldw, float *most) {
    uint32_t bits = 0;
    for (size_t i = 0; i < rows; i++) {
        const uint32_t row = mqc_crossbar_kernels()->max_bits(cols, w + i * ldw);
        for (size_t j = 0; row >= infinity_bits && j < cols; j++)
            if (!isfinite(w[i * ldw + j]))
                return mqc_fail(MEMQC_ERROR_DATA, "%s: w[%zu, %zu] = %g; weights must be finite",
                                function, i, j, (double)w[i * ldw + j]);
        bits = row > bits ? row : bits;
    }
    *most = mqc_from_bits(bits);
    return MEMQC_OK;
}

/* Tells how many of the weights are done, now and then. STOPPED. */
static memqc_status tell(memqc_crossbar *xb, const char *function, size_t before, size_t done,
                         size_t total) {
    enum { INTERVAL = 4096 };
    const double at[] = {[MEMQC_PROGRESS_PHASE] = MEMQC_PHASE_PROGRAMMING,
                         [MEMQC_PROGRESS_DONE] = (double)done,
                         [MEMQC_PROGRESS_TOTAL] = (double)total,
                         [MEMQC_PROGRESS_EPOCH] = 0,
                         [MEMQC_PROGRESS_LOSS] = NAN,
                         [MEMQC_PROGRESS_ACCURACY] = NAN};
    if (!xb->progress ||
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_SCHEME) != MEMQC_CROSSBAR_SCHEME_VERIFY ||
        before / INTERVAL == done / INTERVAL)
        return MEMQC_OK;
    xb->busy = 1;
    const int32_t stop = xb->progress(xb->user, at, sizeof at / sizeof *at);
    xb->busy = 0;
    return stop ? mqc_fail(MEMQC_STOPPED, "%s: stopped by its progress function", function)
                : MEMQC_OK;
}

/* Programs all weights, until it is stopped. */
static memqc_status program_all(memqc_crossbar *xb, const char *function, const float *w,
                                size_t ldw) {
    float position[MQC_CHUNK];
    const struct mqc_walk walk = mqc_walk_of(xb, ldw);
    for (size_t i = 0; i < walk.rows; i++) {
        for (size_t j = 0; j < walk.cols; j += MQC_CHUNK) {
            const size_t m = walk.cols - j < MQC_CHUNK ? walk.cols - j : MQC_CHUNK;
            const size_t first = i * walk.cols + j;
            mqc_crossbar_count_up(
                xb, MEMQC_CROSSBAR_COUNT_CLIPPED,
                mqc_crossbar_kernels()->climb(&xb->weights.ladder, m, w + i * ldw + j,
                                              xb->weights.slope + (walk.by_column ? j : 0),
                                              walk.by_column, position));
            mqc_crossbar_place(xb, m, first, NULL, position, 1);
            MQC_TRY(tell(xb, function, first, first + m, xb->shape.cells));
        }
    }
    return MEMQC_OK;
}

/* All cells are programmed equally often, unless they are verified. */
static memqc_status counts_room(memqc_crossbar *xb) {
    const double each = mqc_counts_each(xb);
    return each > 1 ? mqc_counts_room(xb, each) : MEMQC_OK;
}

memqc_status memqc_crossbar_program(memqc_crossbar *crossbar, const float *w, size_t ldw) {
    float most = 0;
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(w);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    if (ldw < crossbar->shape.cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: ldw = %zu is less than cols = %zu", __func__,
                        ldw, crossbar->shape.cols);
    MQC_TRY(check_weights(__func__, crossbar->shape.rows, crossbar->shape.cols, w, ldw, &most));
    MQC_TRY(mqc_crossbar_settle(crossbar));
    if (counts_room(crossbar) != MEMQC_OK ||
        mqc_crossbar_scale(crossbar, w, ldw, most) != MEMQC_OK) {
        if (!crossbar->programmed)
            mqc_crossbar_unsettle(crossbar);
        return MEMQC_ERROR_NOMEM;
    }
    mqc_cells_changed(crossbar);
    mqc_report_begin(crossbar);
    crossbar->account.compensation.factor = 1;
    crossbar->account.compensation.reference = 0;
    mqc_crossbar_place_reference(crossbar);
    const memqc_status status = program_all(crossbar, __func__, w, ldw);
    if (status != MEMQC_OK && !crossbar->programmed) { /* the other weights: as the cells are */
        mqc_positions_follow(crossbar, crossbar->shape.cells, 0, NULL);
        mqc_crossbar_refresh(crossbar, crossbar->shape.cells, 0, NULL);
    }
    crossbar->programmed = 1;
    mqc_report_end(crossbar, MQC_REPORT_ALL, 0, NULL);
    return mqc_crossbar_check_pulses(crossbar, __func__, status);
}

/* Weights at places that are in the array. */
static memqc_status program_places(memqc_crossbar *xb, const char *function, size_t n,
                                   const size_t *places, const float *w) {
    uint32_t index[MQC_CHUNK];
    float position[MQC_CHUNK];
    memqc_status status = MEMQC_OK;
    const int by_column = mqc_crossbar_by_column(xb);
    MQC_TRY(mqc_report_room(xb, n));
    MQC_TRY(mqc_counts_room(xb, (double)n * mqc_counts_each(xb)));
    mqc_report_begin(xb);
    for (size_t first = 0, m; first < n && status == MEMQC_OK; first += m) {
        m = mqc_distinct_places(n - first, places + first, index);
        for (size_t i = 0; i < m; i++) {
            const size_t scale = by_column ? index[i] % xb->shape.cols : 0;
            mqc_crossbar_count_up(
                xb, MEMQC_CROSSBAR_COUNT_CLIPPED,
                mqc_crossbar_kernels()->climb(&xb->weights.ladder, 1, w + first + i,
                                              xb->weights.slope + scale, 0, position + i));
        }
        mqc_crossbar_place(xb, m, 0, index, position, 1);
        status = tell(xb, function, first, first + m, n);
    }
    mqc_report_end(xb, MQC_REPORT_LIST, n, places);
    return mqc_crossbar_check_pulses(xb, function, status);
}

memqc_status memqc_crossbar_program_cell(memqc_crossbar *crossbar, size_t row, size_t col,
                                         double w) {
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    if (row >= crossbar->shape.rows || col >= crossbar->shape.cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: row = %zu, col = %zu; the array has rows 0 .. %zu and cols 0 .. %zu",
                        __func__, row, col, crossbar->shape.rows - 1, crossbar->shape.cols - 1);
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    const size_t place = row * crossbar->shape.cols + col;
    const float weight = (float)w;
    if (!isfinite(weight))
        return mqc_fail(MEMQC_ERROR_DATA, "%s: w = %g; it must be finite in single precision",
                        __func__, w);
    return program_places(crossbar, __func__, 1, &place, &weight);
}

memqc_status memqc_crossbar_program_list(memqc_crossbar *crossbar, size_t n, const size_t *places,
                                         const float *w) {
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    if (n == 0)
        return MEMQC_OK;
    MQC_NOT_NULL(places);
    MQC_NOT_NULL(w);
    MQC_TRY(mqc_crossbar_check_places(crossbar, __func__, n, places));
    for (size_t i = 0; i < n; i++)
        if (!isfinite(w[i]))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: w[%zu] = %g; weights must be finite", __func__,
                            i, (double)w[i]);
    return program_places(crossbar, __func__, n, places, w);
}
