/* SPDX-License-Identifier: BSD-3-Clause */
/* From weights to positions to drawn conductances. */
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/crossbar.h"
#include "crossbar/read.h"
#include "rng/normal.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const uint32_t infinity_bits = 0x7f800000u;

/* Have these n cells been programmed equally often? Then their draws are one run of the generator. */
static int same_counts(const uint32_t *count, size_t n) {
    uint32_t differ = 0;
    for (size_t i = 1; i < n; i++)
        differ |= count[i] ^ count[0];
    return differ == 0;
}

static void place_plane(memqc_crossbar *xb, size_t plane, size_t n, size_t first, const uint32_t *index, const float *position,
                        int all) {
    uint64_t cells[MQC_CHUNK], draws[MQC_CHUNK];
    float states[MQC_CHUNK] = {0}, g[MQC_CHUNK];
    uint32_t at[MQC_CHUNK];
    size_t m = 0;
    const int run = !index && all && same_counts(xb->count[plane] + first, n);
    const struct mqc_cells where = {xb->seed, plane * xb->cells + first, xb->count[plane][first], run ? NULL : cells, draws};
    for (size_t i = 0; i < n; i++) {
        const size_t k = index ? index[i] : first + i;
        const float level = mqc_crossbar_level(xb, plane, position[i]);
        if (!all && level == mqc_crossbar_level(xb, plane, xb->position[k]))
            continue;
        cells[m] = plane * xb->cells + k;
        draws[m] = xb->count[plane][k]++;
        states[m] = level;
        at[m++] = (uint32_t)k;
    }
    xb->counter[MEMQC_CROSSBAR_COUNT_NEGATIVE] += xb->device->ops->draw(xb->device, &where, NULL, m, states, g);
    xb->counter[MEMQC_CROSSBAR_COUNT_PROGRAMMED] += m;
    mqc_read_store(xb, plane, m, at, g);
}

void mqc_crossbar_place(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index, const float *position, int all) {
    for (size_t plane = 0; plane < xb->planes; plane++)
        place_plane(xb, plane, n, first, index, position, all);
    const float middle = (float)mqc_crossbar_middle(xb);
    for (size_t i = 0; i < n; i++) {
        const size_t k = index ? index[i] : first + i;
        xb->position[k] = position[i];
        xb->matrix[k] = xb->g[0][k] - (xb->planes == 2 ? xb->g[1][k] : middle);
    }
}

/* Looks for NaN and infinity; *most becomes the largest magnitude. */
static memqc_status check_weights(const char *function, size_t rows, size_t cols, const float *w, size_t ldw, float *most) {
    uint32_t bits = 0;
    for (size_t i = 0; i < rows; i++) {
        const uint32_t row = mqc_crossbar_kernels()->max_bits(cols, w + i * ldw);
        for (size_t j = 0; row >= infinity_bits && j < cols; j++)
            if (!isfinite(w[i * ldw + j]))
                return mqc_fail(MEMQC_ERROR_DATA, "%s: w[%zu, %zu] = %g; weights must be finite", function, i, j,
                                (double)w[i * ldw + j]);
        bits = row > bits ? row : bits;
    }
    *most = mqc_from_bits(bits);
    return MEMQC_OK;
}

memqc_status mqc_crossbar_settle(memqc_crossbar *xb) {
    const size_t planes = xb->value[MEMQC_CROSSBAR_MAPPING] == MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL ? 2 : 1;
    int complete = (xb->scale || (xb->scale = mqc_alloc(xb->cols, sizeof(float)))) &&
                   (xb->slope || (xb->slope = mqc_alloc(xb->cols, sizeof(float)))) &&
                   (xb->position || (xb->position = mqc_alloc(xb->cells, sizeof(float)))) &&
                   (xb->matrix || (xb->matrix = mqc_alloc(xb->cells, sizeof(float))));
    for (size_t plane = 0; complete && plane < planes; plane++)
        complete = (xb->g[plane] || (xb->g[plane] = mqc_alloc(xb->cells, sizeof(float)))) &&
                   (xb->count[plane] || (xb->count[plane] = mqc_alloc(xb->cells, sizeof(uint32_t))));
    if (!complete)
        return MEMQC_ERROR_NOMEM;
    xb->planes = planes;
    const float steps = (float)(mqc_device_states(xb->device) - 1);
    xb->ladder.lo = planes == 1 ? 0 : -steps;
    xb->ladder.hi = steps;
    xb->ladder.offset = planes == 1 ? 0.5f * steps : 0;
    return MEMQC_OK;
}

/* A scale of (almost) nothing has no use, and its inverse would overflow. */
static float no_zero(float scale) {
    return scale > 1e-30f ? scale : 1;
}

/* The scale s and the slope of the ladder, from the weights that are about to be programmed. */
static void set_scale(memqc_crossbar *xb, const float *w, size_t ldw, float most) {
    const size_t scales = mqc_crossbar_by_column(xb) ? xb->cols : 1;
    if (mqc_crossbar_by_column(xb)) {
        memset(xb->scale, 0, xb->cols * sizeof *xb->scale);
        for (size_t i = 0; i < xb->rows; i++)
            for (size_t j = 0; j < xb->cols; j++)
                xb->scale[j] = fmaxf(xb->scale[j], fabsf(w[i * ldw + j]));
        for (size_t j = 0; j < xb->cols; j++)
            xb->scale[j] = no_zero(xb->scale[j]);
    } else if (xb->value[MEMQC_CROSSBAR_NORMALIZATION] == MEMQC_CROSSBAR_NORMALIZATION_ARRAY) {
        xb->scale[0] = no_zero(most);
    } else {
        xb->scale[0] = (float)xb->value[MEMQC_CROSSBAR_W_MAX];
    }
    const double steps = (double)xb->ladder.hi;
    for (size_t j = 0; j < scales; j++)
        xb->slope[j] = (float)((xb->planes == 1 ? -0.5 : 1) * steps / (double)xb->scale[j]);
}

/* An array is walked as rows x cols, or as one row where its scale and its memory allow. */
struct walk {
    size_t rows, cols, ld;
    int by_column;
};

static struct walk walk_of(const memqc_crossbar *xb, size_t ld) {
    const int by_column = mqc_crossbar_by_column(xb), one_row = !by_column && ld == xb->cols;
    const struct walk walk = {one_row ? 1 : xb->rows, one_row ? xb->cells : xb->cols, ld, by_column};
    return walk;
}

memqc_status memqc_crossbar_program(memqc_crossbar *crossbar, const float *w, size_t ldw) {
    float most = 0, position[MQC_CHUNK];
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(w);
    if (ldw < crossbar->cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: ldw = %zu is less than cols = %zu", __func__, ldw, crossbar->cols);
    MQC_TRY(check_weights(__func__, crossbar->rows, crossbar->cols, w, ldw, &most));
    MQC_TRY(mqc_crossbar_settle(crossbar));
    set_scale(crossbar, w, ldw, most);
    mqc_read_forget(crossbar);
    const struct walk walk = walk_of(crossbar, ldw);
    for (size_t i = 0; i < walk.rows; i++) {
        for (size_t j = 0; j < walk.cols; j += MQC_CHUNK) {
            const size_t m = walk.cols - j < MQC_CHUNK ? walk.cols - j : MQC_CHUNK;
            crossbar->counter[MEMQC_CROSSBAR_COUNT_CLIPPED] +=
                mqc_crossbar_kernels()->climb(&crossbar->ladder, m, w + i * ldw + j, crossbar->slope + (walk.by_column ? j : 0),
                                              walk.by_column, position);
            mqc_crossbar_place(crossbar, m, i * walk.cols + j, NULL, position, 1);
        }
    }
    crossbar->programmed = 1;
    return MEMQC_OK;
}

memqc_status memqc_crossbar_program_cell(memqc_crossbar *crossbar, size_t row, size_t col, double w) {
    MQC_NOT_NULL(crossbar);
    if (row >= crossbar->rows || col >= crossbar->cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: row = %zu, col = %zu; the array has rows 0 .. %zu and cols 0 .. %zu", __func__,
                        row, col, crossbar->rows - 1, crossbar->cols - 1);
    const size_t place = row * crossbar->cols + col;
    const float weight = (float)w;
    return memqc_crossbar_program_list(crossbar, 1, &place, &weight);
}

memqc_status memqc_crossbar_program_list(memqc_crossbar *crossbar, size_t n, const size_t *places, const float *w) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(places);
    MQC_NOT_NULL(w);
    MQC_TRY(mqc_crossbar_ready(crossbar, __func__));
    for (size_t i = 0; i < n; i++) {
        if (places[i] >= crossbar->cells)
            return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: places[%zu] = %zu; the array has places 0 .. %zu", __func__, i, places[i],
                            crossbar->cells - 1);
        if (!isfinite(w[i]))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: w[%zu] = %g; weights must be finite", __func__, i, (double)w[i]);
    }
    const int by_column = mqc_crossbar_by_column(crossbar);
    uint32_t index[MQC_CHUNK];
    float position[MQC_CHUNK];
    for (size_t first = 0; first < n; first += MQC_CHUNK) {
        const size_t m = n - first < MQC_CHUNK ? n - first : MQC_CHUNK;
        for (size_t i = 0; i < m; i++) {
            index[i] = (uint32_t)places[first + i];
            crossbar->counter[MEMQC_CROSSBAR_COUNT_CLIPPED] += mqc_crossbar_kernels()->climb(
                &crossbar->ladder, 1, w + first + i, crossbar->slope + (by_column ? index[i] % crossbar->cols : 0), 0, position + i);
        }
        mqc_crossbar_place(crossbar, m, 0, index, position, 1);
    }
    return MEMQC_OK;
}

/* Places the weights whose bits are set, chunk by chunk; returns how many. */
static size_t place_changed(memqc_crossbar *xb, size_t first, size_t n, const float *next, const uint64_t *changed) {
    uint32_t index[MQC_CHUNK];
    float position[MQC_CHUNK];
    size_t m = 0, total = 0;
    for (size_t block = 0; block * MQC_BLOCK < n; block++) {
        if (m + MQC_BLOCK > MQC_CHUNK) {
            mqc_crossbar_place(xb, m, 0, index, position, 0);
            total += m;
            m = 0;
        }
        for (uint64_t bits = changed[block]; bits; bits &= bits - 1) {
            const size_t i = block * MQC_BLOCK + (size_t)__builtin_ctzll(bits);
            index[m] = (uint32_t)(first + i);
            position[m++] = next[i];
        }
    }
    if (m)
        mqc_crossbar_place(xb, m, 0, index, position, 0);
    return total + m;
}

static size_t nan_row(const memqc_crossbar *xb, float alpha, const float *dw, size_t ldd) {
    for (size_t i = 0; i < xb->rows; i++)
        for (size_t j = 0; j < xb->cols; j++)
            if (isnan(alpha * dw[i * ldd + j]))
                return i;
    return 0;
}

memqc_status memqc_crossbar_update(memqc_crossbar *crossbar, double alpha, const float *dw, size_t ldd, size_t *changed) {
    memqc_crossbar *xb = crossbar;
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(dw);
    MQC_TRY(mqc_crossbar_ready(xb, __func__));
    if (ldd < xb->cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: ldd = %zu is less than cols = %zu", __func__, ldd, xb->cols);
    if (!(fabs(alpha) <= FLT_MAX))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: alpha = %g; it must be finite in single precision", __func__, alpha);
    const struct walk walk = walk_of(xb, ldd);
    const size_t words = (xb->cols + MQC_BLOCK - 1) / MQC_BLOCK, row_words = (walk.cols + MQC_BLOCK - 1) / MQC_BLOCK;
    if (!(xb->next || (xb->next = mqc_alloc(xb->cells, sizeof(float)))) ||
        !(xb->changed || (xb->changed = mqc_alloc(xb->rows * words, sizeof(uint64_t)))))
        return MEMQC_ERROR_NOMEM;
    for (size_t i = 0; i < walk.rows; i++)
        if (mqc_crossbar_kernels()->move(&xb->ladder, walk.cols, xb->position + i * walk.cols, (float)alpha, dw + i * ldd, xb->slope,
                                         walk.by_column, xb->next + i * walk.cols, xb->changed + i * row_words))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: alpha dw is NaN in row %zu; nothing was programmed", __func__,
                            walk.rows == 1 ? nan_row(xb, (float)alpha, dw, ldd) : i);
    size_t total = 0;
    for (size_t i = 0; i < walk.rows; i++)
        total += place_changed(xb, i * walk.cols, walk.cols, xb->next + i * walk.cols, xb->changed + i * row_words);
    if (changed)
        *changed = total;
    return MEMQC_OK;
}
