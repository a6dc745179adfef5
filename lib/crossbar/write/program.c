/* SPDX-License-Identifier: BSD-3-Clause */
/* Programming and updates: from weights to positions. */
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/read/read.h"
#include "rng/normal.h"

#include <float.h>
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

/* An array is walked as rows x cols, or as one row where its scale and its memory allow. */
struct walk {
    size_t rows, cols, ld;
    int by_column;
};

static struct walk walk_of(const memqc_crossbar *xb, size_t ld) {
    const int by_column = mqc_crossbar_by_column(xb), one_row = !by_column && ld == xb->shape.cols;
    const struct walk walk = {one_row ? 1 : xb->shape.rows,
                              one_row ? xb->shape.cells : xb->shape.cols, ld, by_column};
    return walk;
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
    mqc_readout_forget(crossbar);
    mqc_report_begin(crossbar);
    mqc_crossbar_place_reference(crossbar);
    const struct walk walk = walk_of(crossbar, ldw);
    for (size_t i = 0; i < walk.rows; i++) {
        for (size_t j = 0; j < walk.cols; j += MQC_CHUNK) {
            const size_t m = walk.cols - j < MQC_CHUNK ? walk.cols - j : MQC_CHUNK;
            crossbar->account.counter[MEMQC_CROSSBAR_COUNT_CLIPPED] +=
                mqc_crossbar_kernels()->climb(&crossbar->weights.ladder, m, w + i * ldw + j,
                                              crossbar->weights.slope + (walk.by_column ? j : 0),
                                              walk.by_column, position);
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
    MQC_NOT_NULL(places);
    MQC_NOT_NULL(w);
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
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
            crossbar->account.counter[MEMQC_CROSSBAR_COUNT_CLIPPED] +=
                mqc_crossbar_kernels()->climb(&crossbar->weights.ladder, 1, w + first + i,
                                              crossbar->weights.slope +
                                                  (by_column ? index[i] % crossbar->shape.cols : 0),
                                              0, position + i);
        mqc_crossbar_place(crossbar, m, 0, index, position, 1);
    }
    mqc_report_end(crossbar, MQC_REPORT_LIST, n, places);
    return MEMQC_OK;
}

size_t mqc_crossbar_collect(size_t *block, size_t first, size_t n, const float *next,
                            const uint64_t *changed, uint32_t *index, float *position) {
    size_t m = 0;
    for (; *block * MQC_BLOCK < n && m + MQC_BLOCK <= MQC_CHUNK; ++*block) {
        for (uint64_t bits = changed[*block]; bits; bits &= bits - 1) {
            const size_t i = *block * MQC_BLOCK + (size_t)__builtin_ctzll(bits);
            index[m] = (uint32_t)(first + i);
            position[m++] = next[i];
        }
    }
    return m;
}

/* Places the weights whose bits are set, chunk by chunk; returns how many. */
static size_t place_changed(memqc_crossbar *xb, size_t first, size_t n, const float *next,
                            const uint64_t *changed) {
    uint32_t index[MQC_CHUNK];
    float position[MQC_CHUNK];
    size_t total = 0;
    for (size_t block = 0, m;
         (m = mqc_crossbar_collect(&block, first, n, next, changed, index, position)) > 0;
         total += m)
        mqc_crossbar_place(xb, m, 0, index, position, 0);
    return total;
}

memqc_status mqc_crossbar_update_room(memqc_crossbar *xb) {
    const size_t words = (xb->shape.cols + MQC_BLOCK - 1) / MQC_BLOCK;
    if (!(xb->scratch.next || (xb->scratch.next = mqc_alloc(xb->shape.cells, sizeof(float)))) ||
        !(xb->scratch.changed ||
          (xb->scratch.changed = mqc_alloc(xb->shape.rows * words, sizeof(uint64_t)))))
        return MEMQC_ERROR_NOMEM;
    return MEMQC_OK;
}

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
    const struct walk walk = walk_of(xb, ldd);
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
        total += place_changed(xb, i * walk.cols, walk.cols, xb->scratch.next + i * walk.cols,
                               xb->scratch.changed + i * row_words);
    mqc_report_end(xb, MQC_REPORT_UPDATE, 0, NULL);
    if (changed)
        *changed = total;
    return MEMQC_OK;
}
