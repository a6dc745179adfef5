/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks of what products are given. */
#include "crossbar/read/arrays.h"

#include "core/error.h"
#include "crossbar/array/read_kernels.h"
#include "crossbar/array/ready.h"

#include <math.h>

static memqc_status check_there(const char *function, const char *name, const float *values,
                                size_t columns, size_t ld) {
    if (!values)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s is NULL", function, name);
    if (ld < columns)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: leading dimension %zu of %s is less than its %zu columns", function,
                        ld, name, columns);
    return MEMQC_OK;
}

memqc_status mqc_product_check_in(const memqc_crossbar *xb, const char *function, int transposed,
                                  size_t batch, const struct mqc_product_arrays *arrays) {
    const size_t in = transposed ? xb->shape.cols : xb->shape.rows;
    MQC_TRY(mqc_crossbar_ready(xb, function));
    MQC_TRY(check_there(function, arrays->x_name, arrays->x, in, arrays->ldx));
    for (size_t i = 0; i < batch; i++) {
        const float *const row = arrays->x + i * arrays->ldx;
        size_t j = 0;
        if (mqc_readout_kernels()->finite(in, row))
            continue;
        while (isfinite(row[j]))
            j++;
        return mqc_fail(MEMQC_ERROR_DATA, "%s: %s[%zu, %zu] = %g; allowed are finite values",
                        function, arrays->x_name, i, j, (double)row[j]);
    }
    return MEMQC_OK;
}

/* Do x and y have an element in common? Columns of one matrix have none. */
static int overlap(size_t batch, size_t in, size_t out, const struct mqc_product_arrays *a) {
    const uintptr_t x = (uintptr_t)a->x, x_end = (uintptr_t)(a->x + (batch - 1) * a->ldx + in);
    const uintptr_t y = (uintptr_t)a->y, y_end = (uintptr_t)(a->y + (batch - 1) * a->ldy + out);
    const size_t row = a->ldx * sizeof *a->x;
    if (x_end <= y || y_end <= x)
        return 0;
    if (a->ldx != a->ldy)
        return 1;
    const size_t after = y >= x ? (y - x) % row : (row - (x - y) % row) % row;
    return after < in * sizeof *a->x || after + out * sizeof *a->y > row;
}

memqc_status mqc_product_check(const memqc_crossbar *xb, const char *function, int transposed,
                               size_t batch, const struct mqc_product_arrays *arrays) {
    const size_t in = transposed ? xb->shape.cols : xb->shape.rows,
                 out = transposed ? xb->shape.rows : xb->shape.cols;
    MQC_TRY(mqc_product_check_in(xb, function, transposed, batch, arrays));
    MQC_TRY(check_there(function, arrays->y_name, arrays->y, out, arrays->ldy));
    if (overlap(batch, in, out, arrays))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s and %s overlap; they must not", function,
                        arrays->x_name, arrays->y_name);
    return MEMQC_OK;
}
