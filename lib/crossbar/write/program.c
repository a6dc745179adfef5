/* SPDX-License-Identifier: BSD-3-Clause */
/* Programming: from weights to positions. */
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/kernels.h"
#include "crossbar/array/ready.h"
#include "crossbar/array/walk.h"
#include "crossbar/cells/room.h"
#include "crossbar/mapping/scale.h"
#include "crossbar/cells/sums.h"
#include "crossbar/write/place.h"
#include "crossbar/write/report.h"
#include "rng/normal.h"

#include <math.h>
#include <string.h>

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

memqc_status memqc_crossbar_program(memqc_crossbar *crossbar, const float *w, size_t ldw) {
    float most = 0, position[MQC_CHUNK];
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(w);
    if (ldw < crossbar->shape.cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: ldw = %zu is less than cols = %zu", __func__,
                        ldw, crossbar->shape.cols);
    MQC_TRY(check_weights(__func__, crossbar->shape.rows, crossbar->shape.cols, w, ldw, &most));
    MQC_TRY(mqc_crossbar_settle(crossbar));
    MQC_TRY(mqc_crossbar_scale(crossbar, w, ldw, most));
    mqc_cells_changed(crossbar);
    mqc_report_begin(crossbar);
    mqc_crossbar_place_reference(crossbar);
    const struct mqc_walk walk = mqc_walk_of(crossbar, ldw);
    for (size_t i = 0; i < walk.rows; i++) {
        for (size_t j = 0; j < walk.cols; j += MQC_CHUNK) {
            const size_t m = walk.cols - j < MQC_CHUNK ? walk.cols - j : MQC_CHUNK;
            mqc_crossbar_count_up(
                crossbar, MEMQC_CROSSBAR_COUNT_CLIPPED,
                mqc_crossbar_kernels()->climb(&crossbar->weights.ladder, m, w + i * ldw + j,
                                              crossbar->weights.slope + (walk.by_column ? j : 0),
                                              walk.by_column, position));
            mqc_crossbar_place(crossbar, m, i * walk.cols + j, NULL, position, 1);
        }
    }
    crossbar->programmed = 1;
    mqc_report_end(crossbar, MQC_REPORT_ALL, 0, NULL);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_program_cell(memqc_crossbar *crossbar, size_t row, size_t col,
                                         double w) {
    MQC_NOT_NULL(crossbar);
    if (row >= crossbar->shape.rows || col >= crossbar->shape.cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: row = %zu, col = %zu; the array has rows 0 .. %zu and cols 0 .. %zu",
                        __func__, row, col, crossbar->shape.rows - 1, crossbar->shape.cols - 1);
    const size_t place = row * crossbar->shape.cols + col;
    const float weight = (float)w;
    return memqc_crossbar_program_list(crossbar, 1, &place, &weight);
}

/* Copies places until one that was there before, n at most; returns how many. */
static size_t distinct(size_t n, const size_t *places, uint32_t *index) {
    enum { SLOTS = 4 * MQC_CHUNK };
    uint16_t slots[SLOTS] = {0}; /* a hash table of 1 + which of index */
    for (size_t i = 0; i < n; i++) {
        size_t slot = (size_t)((uint32_t)places[i] * 2654435769u >> 20);
        for (; slots[slot]; slot = (slot + 1) % SLOTS)
            if (index[slots[slot] - 1] == (uint32_t)places[i])
                return i;
        slots[slot] = (uint16_t)(i + 1);
        index[i] = (uint32_t)places[i];
    }
    return n;
}

memqc_status memqc_crossbar_program_list(memqc_crossbar *crossbar, size_t n, const size_t *places,
                                         const float *w) {
    MQC_NOT_NULL(crossbar);
    MQC_ARRAY(n, places);
    MQC_ARRAY(n, w);
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    if (n == 0)
        return MEMQC_OK;
    for (size_t i = 0; i < n; i++) {
        if (places[i] >= crossbar->shape.cells)
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "%s: places[%zu] = %zu; the array has places 0 .. %zu", __func__, i,
                            places[i], crossbar->shape.cells - 1);
        if (!isfinite(w[i]))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: w[%zu] = %g; weights must be finite", __func__,
                            i, (double)w[i]);
    }
    MQC_TRY(mqc_report_room(crossbar, n));
    mqc_report_begin(crossbar);
    const int by_column = mqc_crossbar_by_column(crossbar);
    uint32_t index[MQC_CHUNK];
    float position[MQC_CHUNK];
    for (size_t first = 0, m; first < n; first += m) {
        m = distinct(n - first < MQC_CHUNK ? n - first : MQC_CHUNK, places + first, index);
        for (size_t i = 0; i < m; i++)
            mqc_crossbar_count_up(
                crossbar, MEMQC_CROSSBAR_COUNT_CLIPPED,
                mqc_crossbar_kernels()->climb(&crossbar->weights.ladder, 1, w + first + i,
                                              crossbar->weights.slope +
                                                  (by_column ? index[i] % crossbar->shape.cols : 0),
                                              0, position + i));
        mqc_crossbar_place(crossbar, m, 0, index, position, 1);
    }
    mqc_report_end(crossbar, MQC_REPORT_LIST, n, places);
    return MEMQC_OK;
}
