/* SPDX-License-Identifier: BSD-3-Clause */
/* Sorts and order statistics. None allocates, and none takes quadratic time on any input. */
#ifndef MQC_CORE_ORDER_H
#define MQC_CORE_ORDER_H

#include <stddef.h>

/* Sorts n values in place, smallest first. */
void mqc_sort_values(size_t n, double *values);

/* Is place a to stand before place b? */
typedef int mqc_before(const void *context, size_t a, size_t b);

/* Sorts n places (row numbers, say) in place, in the order that before() defines. The sort is not
 * stable: before() must break ties where their order matters. */
void mqc_sort_places(size_t n, size_t *places, mqc_before *before, const void *context);

/* The rank-th smallest (from 0) of rows x cols values, whose rows are ld apart. No value may be
 * NaN. The values are only read. */
float mqc_rank(const float *values, size_t rows, size_t cols, size_t ld, size_t rank);

#endif
