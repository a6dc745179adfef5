/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_LA_KERNELS_H
#define MQC_LA_KERNELS_H

#include "core/isa.h"

#include <stddef.h>

/* A matrix whose element (i, j) is at data[i * row + j * col]. */
struct mqc_view {
    const float *data;
    size_t row, col;
};

struct mqc_la_kernels {
    /* C = alpha A B + beta C (C is not read where beta is 0), for few columns; the order of
     * additions depends on the shape alone. */
    void (*thin_product)(size_t m, size_t n, size_t k, float alpha, struct mqc_view a,
                         struct mqc_view b, float beta, float *c, size_t ldc);
};

const struct mqc_la_kernels *mqc_la_kernels(void);

MQC_DECLARE_KERNELS(mqc_la_kernels, mqc_la_kernels);

#endif
