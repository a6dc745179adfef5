/* SPDX-License-Identifier: BSD-3-Clause */
/* Currents of a plane in SI units: what a host's own mapping and converters start from. */
#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/array/ready.h"
#include "crossbar/read/arrays.h"
#include "crossbar/read/matrices.h"
#include "crossbar/read/wired.h"
#include "la/blas.h"

#include <string.h>

enum { VECTORS_AT_ONCE = 256 };

static memqc_status ideal(const memqc_crossbar *xb, size_t plane, int transposed, size_t batch,
                          const struct mqc_product_arrays *a) {
    const size_t rows = xb->shape.rows, cols = xb->shape.cols;
    return mqc_sgemm(MQC_PLAIN, transposed ? MQC_TRANSPOSED : MQC_PLAIN, batch,
                     transposed ? rows : cols, transposed ? cols : rows, 1, a->x, a->ldx,
                     xb->cells.plane[plane].g, cols, 0, a->y, a->ldy);
}

static memqc_status check(const memqc_crossbar *xb, const char *function, size_t plane,
                          int transposed, size_t batch, const struct mqc_product_arrays *a) {
    MQC_TRY(mqc_crossbar_check_plane(xb, function, plane));
    return mqc_product_check(xb, function, transposed, batch, a);
}

static memqc_status ideal_of(const memqc_crossbar *xb, const char *function, size_t plane,
                             int transposed, size_t batch, const struct mqc_product_arrays *a) {
    if (batch == 0)
        return MEMQC_OK;
    MQC_TRY(check(xb, function, plane, transposed, batch, a));
    return ideal(xb, plane, transposed, batch, a);
}

/* Adds the currents of all tiles; a reference column is at 0 V. */
static memqc_status solve_tiles(memqc_crossbar *xb, size_t plane, int transposed, size_t n,
                                const double *volts, double *scratch, double *amps) {
    const size_t in = transposed ? xb->shape.cols : xb->shape.rows,
                 out = transposed ? xb->shape.rows : xb->shape.cols;
    double *const from = scratch, *const to = scratch + n * (in + 1);
    memset(amps, 0, n * out * sizeof *amps);
    for (size_t number = 0; number < mqc_tiles(xb); number++) {
        const struct mqc_part part = mqc_part_of(xb, number, transposed);
        memset(from, 0, n * part.lines_in * sizeof *from);
        for (size_t s = 0; s < n; s++)
            memcpy(from + s * part.lines_in, volts + s * in + part.first, part.in * sizeof *from);
        MQC_TRY(mqc_part_solve(xb, plane, &part, n, from, to));
        for (size_t s = 0; s < n; s++)
            for (size_t j = 0; j < part.out; j++)
                amps[s * out + part.start + j] += to[s * part.lines_out + j];
    }
    return MEMQC_OK;
}

static memqc_status through_wires(memqc_crossbar *xb, size_t plane, int transposed, size_t batch,
                                  const struct mqc_product_arrays *a) {
    struct mqc_wiring *const w = &xb->readout.wiring;
    const int ohmic = !(mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY) > 0);
    const size_t cols = xb->shape.cols, in = transposed ? cols : xb->shape.rows,
                 out = transposed ? xb->shape.rows : cols;
    const size_t most = batch < VECTORS_AT_ONCE ? batch : VECTORS_AT_ONCE;
    const double *matrix = NULL;
    if (ohmic)
        MQC_TRY(mqc_wiring_plane(xb, plane, batch, &matrix));
    MQC_TRY(MQC_RESERVE(&w->doubles, &w->doubles_room, most * 2 * (in + out + 1)));
    double *const volts = w->doubles, *const amps = volts + most * in,
                  *const scratch = amps + most * out;
    for (size_t start = 0; start < batch; start += most) {
        const size_t n = batch - start < most ? batch - start : most;
        for (size_t s = 0; s < n; s++)
            for (size_t i = 0; i < in; i++)
                volts[s * in + i] = (double)a->x[(start + s) * a->ldx + i];
        if (matrix)
            MQC_TRY(mqc_dgemm(MQC_PLAIN, transposed ? MQC_TRANSPOSED : MQC_PLAIN, n, out, in, 1,
                              volts, in, matrix, cols, 0, amps, out));
        else
            MQC_TRY(solve_tiles(xb, plane, transposed, n, volts, scratch, amps));
        for (size_t s = 0; s < n; s++)
            for (size_t j = 0; j < out; j++)
                a->y[(start + s) * a->ldy + j] = (float)amps[s * out + j];
    }
    return MEMQC_OK;
}

static memqc_status currents(memqc_crossbar *xb, const char *function, size_t plane, int transposed,
                             size_t batch, const struct mqc_product_arrays *a) {
    if (batch == 0)
        return MEMQC_OK;
    MQC_TRY(check(xb, function, plane, transposed, batch, a));
    const double nonlinearity = mqc_crossbar_value(xb, MEMQC_CROSSBAR_IV_NONLINEARITY);
    if (!mqc_wiring_on(xb) && !(nonlinearity > 0))
        return ideal(xb, plane, transposed, batch, a);
    if (nonlinearity > 0 &&
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_WIRE_METHOD) == MEMQC_CROSSBAR_METHOD_MATRIX)
        return mqc_fail(
            MEMQC_ERROR_STATE,
            "%s: wire_method = %d (matrix) with iv_nonlinearity = %g 1/V, which no matrix has",
            function, MEMQC_CROSSBAR_METHOD_MATRIX, nonlinearity);
    return mqc_fail_in(function, through_wires(xb, plane, transposed, batch, a));
}

memqc_status memqc_crossbar_currents(memqc_crossbar *crossbar, size_t plane, size_t batch,
                                     const float *volts, size_t ldv, float *amps, size_t ldi) {
    const struct mqc_product_arrays arrays = {"volts", "amps", volts, ldv, amps, ldi};
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    return currents(crossbar, __func__, plane, 0, batch, &arrays);
}

memqc_status memqc_crossbar_currents_transposed(memqc_crossbar *crossbar, size_t plane,
                                                size_t batch, const float *volts, size_t ldv,
                                                float *amps, size_t ldi) {
    const struct mqc_product_arrays arrays = {"volts", "amps", volts, ldv, amps, ldi};
    MQC_NOT_NULL(crossbar);
    MQC_TRY(mqc_crossbar_idle(crossbar, __func__));
    return currents(crossbar, __func__, plane, 1, batch, &arrays);
}

memqc_status memqc_crossbar_ideal_currents(const memqc_crossbar *crossbar, size_t plane,
                                           size_t batch, const float *volts, size_t ldv,
                                           float *amps, size_t ldi) {
    const struct mqc_product_arrays arrays = {"volts", "amps", volts, ldv, amps, ldi};
    MQC_NOT_NULL(crossbar);
    return ideal_of(crossbar, __func__, plane, 0, batch, &arrays);
}

memqc_status memqc_crossbar_ideal_currents_transposed(const memqc_crossbar *crossbar, size_t plane,
                                                      size_t batch, const float *volts, size_t ldv,
                                                      float *amps, size_t ldi) {
    const struct mqc_product_arrays arrays = {"volts", "amps", volts, ldv, amps, ldi};
    MQC_NOT_NULL(crossbar);
    return ideal_of(crossbar, __func__, plane, 1, batch, &arrays);
}
