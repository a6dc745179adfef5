/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_MLP_KERNELS_H
#define MQC_MLP_KERNELS_H

#include "core/isa.h"

#include <stddef.h>
#include <stdint.h>

enum { MQC_ACTIVATIONS = 5 };

struct mqc_moments;

/* Matrices are rows x n with a leading dimension each. */
struct mqc_mlp_kernels {
    /* out = in; (in > threshold); low + step times the whole number nearest to (in - low) / step,
     * from 0 to steps. Each returns whether any of in is NaN or infinite. */
    int (*copy_input)(size_t n, const float *in, float *out);
    int (*threshold_input)(size_t n, const float *in, float threshold, float *out);
    int (*quantize_input)(size_t n, const float *in, float low, float step, float steps,
                          float *out);
    /* a = f(a + bias), by MEMQC_MLP_... less MEMQC_MLP_LOGISTIC; identity only adds the bias. leak
     * is of one of them. */
    void (*activation[MQC_ACTIVATIONS])(size_t rows, size_t n, size_t ld, float leak,
                                        const float *bias, float *a);
    void (*identity)(size_t rows, size_t n, size_t ld, float leak, const float *bias, float *a);
    /* delta *= f'(a), expressed by h = f(a). */
    void (*slope[MQC_ACTIVATIONS])(size_t rows, size_t n, float leak, const float *h, size_t ldh,
                                   float *delta, size_t ldd);
    /* Softmax of each row of n contiguous values, in place; log_sum[i] = log of the sum of
     * exponentials of row i, before. */
    void (*softmax)(size_t rows, size_t n, float *a, float *log_sum);
    /* sum[j] = sum of column j. */
    void (*column_sums)(size_t rows, size_t n, size_t ld, const float *a, float *sum);
    /* mask, uniform in [0, 1) before, becomes 0 below drop and scale above; masked = h mask. */
    void (*dropout)(size_t n, float drop, float scale, const float *h, float *mask, float *masked);
    /* a *= mask. */
    void (*multiply)(size_t rows, size_t n, const float *mask, size_t ldm, float *a, size_t lda);
    /* v = momentum v + grad, w -= rate v. */
    void (*momentum)(size_t n, float rate, float momentum, const float *grad, float *v, float *w);
    /* u = beta1 u + (1 - beta1) grad, v = beta2 v + (1 - beta2) grad^2, w -= rate u / (sqrt(v) +
     * epsilon). */
    void (*adam)(size_t n, float rate, float beta1, float beta2, float epsilon, const float *grad,
                 float *u, float *v, float *w);
    /* seen = mean + factor sd z of the rung nearest to w; NaN stays. */
    void (*see)(size_t n, const struct mqc_moments *moments, float factor, const float *w,
                const float *z, float *seen);
    /* w within -most .. most; NaN stays. */
    void (*clip)(size_t n, float most, float *w);
};

const struct mqc_mlp_kernels *mqc_mlp_kernels(void);

MQC_DECLARE_KERNELS(mqc_mlp_kernels, mqc_mlp_kernels);

#endif
