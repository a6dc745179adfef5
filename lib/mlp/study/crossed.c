/* SPDX-License-Identifier: BSD-3-Clause */
/* Means over arrays and images for the caller, and intervals with several parts of variance: the
 * public face of core/crossed.c and core/nested.c. */
#include "core/crossed.h"
#include "core/error.h"
#include "core/nested.h"

#include <memqc/study.h>

#include <math.h>

/* Are the bits behind the last column 0? The sums take them along. */
static memqc_status check_bits(const char *function, const char *name, size_t rows, size_t columns,
                               const uint8_t *bits) {
    const size_t stride = mqc_crossed_stride(columns);
    for (size_t i = 0; bits && columns % 8 && i < rows; i++)
        if (bits[(i + 1) * stride - 1] >> columns % 8)
            return mqc_fail(MEMQC_ERROR_DATA,
                            "%s: %s: bits of row %zu behind its last column %zu; they must be 0",
                            function, name, i, columns - 1);
    return MEMQC_OK;
}

memqc_status memqc_crossed(size_t rows, size_t columns, const uint8_t *hits, const uint8_t *less,
                           double *values) {
    MQC_NOT_NULL(hits);
    MQC_NOT_NULL(values);
    if (rows == 0 || columns == 0)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: rows = %zu, columns = %zu; it takes 1 or more of each", __func__, rows,
                        columns);
    MQC_TRY(check_bits(__func__, "hits", rows, columns, hits));
    MQC_TRY(check_bits(__func__, "less", rows, columns, less));
    const struct mqc_crossed found = mqc_crossed(rows, columns, hits, less);
    values[MEMQC_CROSSED_MEAN] = found.mean;
    values[MEMQC_CROSSED_LOW] = found.mean - found.half;
    values[MEMQC_CROSSED_HIGH] = found.mean + found.half;
    values[MEMQC_CROSSED_BY_ROWS] = found.rows;
    values[MEMQC_CROSSED_BY_COLUMNS] = found.columns;
    values[MEMQC_CROSSED_BY_BOTH] = found.both;
    values[MEMQC_CROSSED_FREEDOM] = found.freedom;
    values[MEMQC_CROSSED_ROWS_TO_HALVE] = mqc_crossed_rows_to_halve(&found, rows);
    values[MEMQC_CROSSED_COLUMNS_TO_HALVE] = mqc_crossed_columns_to_halve(&found, columns);
    return MEMQC_OK;
}

memqc_status memqc_nested(size_t groups, size_t rows, size_t columns, const uint8_t *hits,
                          double *values) {
    MQC_NOT_NULL(hits);
    MQC_NOT_NULL(values);
    if (groups == 0 || rows == 0 || columns == 0)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: groups = %zu, rows = %zu, columns = %zu; it takes 1 or more of each",
                        __func__, groups, rows, columns);
    if (rows > SIZE_MAX / groups)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: groups = %zu, rows = %zu; their product must fit", __func__, groups,
                        rows);
    MQC_TRY(check_bits(__func__, "hits", groups * rows, columns, hits));
    const struct mqc_nested found = mqc_nested(groups, rows, columns, hits);
    values[MEMQC_NESTED_MEAN] = found.mean;
    values[MEMQC_NESTED_LOW] = fmax(found.mean - found.half, 0);
    values[MEMQC_NESTED_HIGH] = fmin(found.mean + found.half, 1);
    values[MEMQC_NESTED_BY_GROUPS] = found.groups;
    values[MEMQC_NESTED_BY_ROWS] = found.rows;
    values[MEMQC_NESTED_BY_COLUMNS] = found.columns;
    return MEMQC_OK;
}

memqc_status memqc_combine(size_t n, const double *variances, const double *freedoms,
                           double *half) {
    double sum = 0, spread = 0;
    MQC_NOT_NULL(variances);
    MQC_NOT_NULL(freedoms);
    MQC_NOT_NULL(half);
    for (size_t i = 0; i < n; i++) {
        if (!(variances[i] >= 0 && variances[i] < INFINITY))
            return mqc_fail(MEMQC_ERROR_DATA,
                            "%s: variances[%zu] = %g; they must be finite, and 0 or more", __func__,
                            i, variances[i]);
        if (!(freedoms[i] > 0))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: freedoms[%zu] = %g; they must be above 0",
                            __func__, i, freedoms[i]);
        sum += variances[i];
        spread += variances[i] * variances[i] / freedoms[i];
    }
    *half = 0;
    if (sum > 0)
        *half = mqc_student(spread > 0 ? sum * sum / spread : INFINITY) * sqrt(sum);
    return MEMQC_OK;
}
