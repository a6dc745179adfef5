/* SPDX-License-Identifier: BSD-3-Clause */
/* Products with the conductances. w = s unit m, m the element of the matrix: G less the middle of its range, or G+ - G-. So
 * x W is one GEMM; the rank-one term of the offset is in the matrix already, since programming. A scale by column is a
 * factor on the columns of y, or, transposed, on those of x. */
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/crossbar.h"
#include "la/blas.h"

#include <string.h>

/* Scratch for at least count floats; what it held is lost. */
static memqc_status room_for(float **memory, size_t *room, size_t count) {
    if (count <= *room)
        return MEMQC_OK;
    float *more = mqc_alloc(count, sizeof *more);
    if (!more)
        return MEMQC_ERROR_NOMEM;
    mqc_free(*memory);
    *memory = more;
    *room = count;
    return MEMQC_OK;
}

static memqc_status check_product(const memqc_crossbar *xb, const char *function, size_t batch, size_t in, size_t ldx, size_t out,
                                  size_t ldy) {
    MQC_TRY(mqc_crossbar_ready(xb, function));
    if (batch < 1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: batch = 0; allowed is 1 or more", function);
    if (ldx < in || ldy < out)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: leading dimensions %zu and %zu are less than the rows of %zu and %zu values",
                        function, ldx, ldy, in, out);
    return MEMQC_OK;
}

static memqc_status product(memqc_crossbar *xb, enum mqc_transpose transpose, size_t batch, const float *x, size_t ldx, float factor,
                            float *y, size_t ldy) {
    const size_t in = transpose ? xb->cols : xb->rows, out = transpose ? xb->rows : xb->cols;
    return mqc_sgemm(MQC_PLAIN, transpose, batch, out, in, factor, x, ldx, xb->matrix, xb->cols, 0, y, ldy);
}

memqc_status memqc_crossbar_mac(memqc_crossbar *crossbar, size_t batch, const float *x, size_t ldx, float *y, size_t ldy) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(x);
    MQC_NOT_NULL(y);
    MQC_TRY(check_product(crossbar, __func__, batch, crossbar->rows, ldx, crossbar->cols, ldy));
    const double unit = mqc_crossbar_unit(crossbar);
    if (!mqc_crossbar_by_column(crossbar))
        return product(crossbar, MQC_PLAIN, batch, x, ldx, (float)(unit * (double)crossbar->scale[0]), y, ldy);
    MQC_TRY(product(crossbar, MQC_PLAIN, batch, x, ldx, (float)unit, y, ldy));
    for (size_t i = 0; i < batch; i++)
        for (size_t j = 0; j < crossbar->cols; j++)
            y[i * ldy + j] *= crossbar->scale[j];
    return MEMQC_OK;
}

memqc_status memqc_crossbar_mac_transposed(memqc_crossbar *crossbar, size_t batch, const float *x, size_t ldx, float *y,
                                           size_t ldy) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(x);
    MQC_NOT_NULL(y);
    MQC_TRY(check_product(crossbar, __func__, batch, crossbar->cols, ldx, crossbar->rows, ldy));
    const double unit = mqc_crossbar_unit(crossbar);
    if (!mqc_crossbar_by_column(crossbar))
        return product(crossbar, MQC_TRANSPOSED, batch, x, ldx, (float)(unit * (double)crossbar->scale[0]), y, ldy);
    const size_t cols = crossbar->cols;
    if (batch > SIZE_MAX / cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: batch = %zu with %zu columns is more than memory can hold", __func__, batch, cols);
    MQC_TRY(room_for(&crossbar->scaled, &crossbar->scaled_room, batch * cols));
    for (size_t i = 0; i < batch; i++)
        for (size_t j = 0; j < cols; j++)
            crossbar->scaled[i * cols + j] = x[i * ldx + j] * crossbar->scale[j];
    return product(crossbar, MQC_TRANSPOSED, batch, crossbar->scaled, cols, (float)unit, y, ldy);
}

memqc_status memqc_crossbar_currents(const memqc_crossbar *crossbar, size_t plane, size_t batch, const float *volts, size_t ldv,
                                     float *amps, size_t ldi) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(volts);
    MQC_NOT_NULL(amps);
    MQC_TRY(check_product(crossbar, __func__, batch, crossbar->rows, ldv, crossbar->cols, ldi));
    if (plane >= crossbar->planes)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: plane = %zu; the mapping has planes 0 .. %zu", __func__, plane,
                        crossbar->planes - 1);
    return mqc_sgemm(MQC_PLAIN, MQC_PLAIN, batch, crossbar->cols, crossbar->rows, 1, volts, ldv, crossbar->plane[plane].g,
                     crossbar->cols, 0, amps, ldi);
}
