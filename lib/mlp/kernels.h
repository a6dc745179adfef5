/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_MLP_KERNELS_H
#define MQC_MLP_KERNELS_H

#include "core/isa.h"

#include <stddef.h>
#include <stdint.h>

struct mqc_mlp_kernels {
    /* out = in, or (in > threshold); returns whether any of in is NaN or infinite. */
    int (*copy_input)(size_t n, const float *in, float *out);
    int (*threshold_input)(size_t n, const float *in, float threshold, float *out);
    /* a = f(a + bias) for rows x n contiguous values; identity only adds the bias. */
    void (*identity)(size_t rows, size_t n, const float *bias, float *a);
    void (*logistic)(size_t rows, size_t n, const float *bias, float *a);
    void (*tanh)(size_t rows, size_t n, const float *bias, float *a);
    void (*relu)(size_t rows, size_t n, const float *bias, float *a);
    /* delta *= f'(a), expressed by h = f(a). */
    void (*logistic_slope)(size_t n, const float *h, float *delta);
    void (*tanh_slope)(size_t n, const float *h, float *delta);
    void (*relu_slope)(size_t n, const float *h, float *delta);
    /* Softmax of each row of n values, in place; log_sum[i] = log of the sum of exponentials of row i's values, before. */
    void (*softmax)(size_t rows, size_t n, float *a, float *log_sum);
    /* sum[j] = sum of column j of rows x n contiguous values. */
    void (*column_sums)(size_t rows, size_t n, const float *a, float *sum);
};

const struct mqc_mlp_kernels *mqc_mlp_kernels(void);

MQC_DECLARE_KERNELS(mqc_mlp_kernels, mqc_mlp_kernels);

#endif
