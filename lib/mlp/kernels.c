/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. */
#include "mlp/kernels.h"
#include "rng/normal.h"

static int copy_input(size_t n, const float *restrict in, float *restrict out) {
    uint32_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        bad |= (mqc_bits(in[i]) & 0x7f800000u) == 0x7f800000u;
        out[i] = in[i];
    }
    return bad != 0;
}

static int threshold_input(size_t n, const float *restrict in, float threshold, float *restrict out) {
    uint32_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        bad |= (mqc_bits(in[i]) & 0x7f800000u) == 0x7f800000u;
        out[i] = in[i] > threshold ? 1.0f : 0.0f;
    }
    return bad != 0;
}

/* e^x: S. Moshier's Cephes expf without branches, clamped to the normal numbers. NaN stays NaN. */
static inline float exponential(float x) {
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    const float magic = 12582912.0f; /* leaves the rounded whole number in the low bits; see mqc_round() */
    const float shifted = x * 1.44269504088896341f + magic, k = shifted - magic;
    const float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
    float y = 1.9875691500e-4f;
    y = y * r + 1.3981999507e-3f;
    y = y * r + 8.3334519073e-3f;
    y = y * r + 4.1665795894e-2f;
    y = y * r + 1.6666665459e-1f;
    y = y * r + 5.0000001201e-1f;
    y = y * (r * r) + r + 1.0f;
    return y * mqc_from_bits((mqc_bits(shifted) - mqc_bits(magic) + 127u) << 23);
}

static inline float f_identity(float a) {
    return a;
}

static inline float f_logistic(float a) {
    return 1.0f / (1.0f + exponential(-a));
}

static inline float f_tanh(float a) {
    const float e = exponential(-2.0f * (a < 0 ? -a : a)), t = (1.0f - e) / (1.0f + e);
    return a < 0 ? -t : t;
}

static inline float f_relu(float a) {
    return a < 0.0f ? 0.0f : a;
}

#define ACTIVATION(name, f)                                                                                  \
    static void name(size_t rows, size_t n, const float *restrict bias, float *restrict a) {                 \
        for (size_t i = 0; i < rows; i++, a += n)                                                            \
            for (size_t j = 0; j < n; j++)                                                                   \
                a[j] = f(a[j] + bias[j]);                                                                    \
    }

ACTIVATION(identity, f_identity)
ACTIVATION(logistic, f_logistic)
ACTIVATION(tanh_, f_tanh)
ACTIVATION(relu, f_relu)

static void logistic_slope(size_t n, const float *restrict h, float *restrict delta) {
    for (size_t i = 0; i < n; i++)
        delta[i] *= h[i] * (1.0f - h[i]);
}

static void tanh_slope(size_t n, const float *restrict h, float *restrict delta) {
    for (size_t i = 0; i < n; i++)
        delta[i] *= 1.0f - h[i] * h[i];
}

static void relu_slope(size_t n, const float *restrict h, float *restrict delta) {
    for (size_t i = 0; i < n; i++)
        delta[i] = h[i] > 0.0f ? delta[i] : 0.0f;
}

static void softmax(size_t rows, size_t n, float *restrict a, float *restrict log_sum) {
    for (size_t i = 0; i < rows; i++, a += n) {
        float most = a[0], sum = 0;
        for (size_t j = 1; j < n; j++)
            most = a[j] > most ? a[j] : most;
        for (size_t j = 0; j < n; j++)
            a[j] = exponential(a[j] - most);
        for (size_t j = 0; j < n; j++)
            sum += a[j];
        const float scale = 1.0f / sum;
        for (size_t j = 0; j < n; j++)
            a[j] *= scale;
        log_sum[i] = most + mqc_log(sum);
    }
}

static void column_sums(size_t rows, size_t n, const float *restrict a, float *restrict sum) {
    for (size_t j = 0; j < n; j++)
        sum[j] = 0;
    for (size_t i = 0; i < rows; i++, a += n)
        for (size_t j = 0; j < n; j++)
            sum[j] += a[j];
}

const struct mqc_mlp_kernels MQC_KERNEL(mqc_mlp_kernels) = {
    copy_input,     threshold_input, identity,   logistic, tanh_,       relu,
    logistic_slope, tanh_slope,      relu_slope, softmax,  column_sums,
};
