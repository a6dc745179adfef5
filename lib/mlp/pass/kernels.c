/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. */
#include "mlp/pass/kernels.h"
#include "crossbar/array/rungs.h"
#include "crossbar/mapping/moments.h"
#include "rng/normal.h"

#include <math.h>
#include <string.h>

static int copy_input(size_t n, const float *restrict in, float *restrict out) {
    uint32_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        bad |= (mqc_bits(in[i]) & 0x7f800000u) == 0x7f800000u;
        out[i] = in[i];
    }
    return bad != 0;
}

static int threshold_input(size_t n, const float *restrict in, float threshold,
                           float *restrict out) {
    uint32_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        bad |= (mqc_bits(in[i]) & 0x7f800000u) == 0x7f800000u;
        out[i] = in[i] > threshold ? 1.0f : 0.0f;
    }
    return bad != 0;
}

static int quantize_input(size_t n, const float *restrict in, float low, float step, float steps,
                          float *restrict out) {
    uint32_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        bad |= (mqc_bits(in[i]) & 0x7f800000u) == 0x7f800000u;
        float k = (in[i] - low) / step;
        k = k < 0.0f ? 0.0f : k;
        k = k > steps ? steps : k;
        out[i] = low + step * mqc_round(k);
    }
    return bad != 0;
}

static inline float f_identity(float a, float leak) {
    (void)leak;
    return a;
}

static inline float f_logistic(float a, float leak) {
    (void)leak;
    return 1.0f / (1.0f + mqc_exp(-a));
}

static inline float f_tanh_(float a, float leak) {
    (void)leak;
    const float e = mqc_exp(-2.0f * (a < 0 ? -a : a)), t = (1.0f - e) / (1.0f + e);
    return a < 0 ? -t : t;
}

static inline float f_relu(float a, float leak) {
    (void)leak;
    return a < 0.0f ? 0.0f : a;
}

static inline float f_leaky_relu(float a, float leak) {
    return a < 0.0f ? leak * a : a;
}

static inline float f_hard_sigmoid(float a, float leak) {
    (void)leak;
    const float h = 0.2f * a + 0.5f, above = h < 0.0f ? 0.0f : h;
    return above > 1.0f ? 1.0f : above;
}

#define ACTIVATION(name)                                                                       \
    static void name(size_t rows, size_t n, size_t ld, float leak, const float *restrict bias, \
                     float *restrict a) {                                                      \
        for (size_t i = 0; i < rows; i++, a += ld)                                             \
            for (size_t j = 0; j < n; j++)                                                     \
                a[j] = f_##name(a[j] + bias[j], leak);                                         \
    }

ACTIVATION(identity)
ACTIVATION(logistic)
ACTIVATION(tanh_)
ACTIVATION(relu)
ACTIVATION(leaky_relu)
ACTIVATION(hard_sigmoid)

static inline float d_logistic(float h, float delta, float leak) {
    (void)leak;
    return delta * (h * (1.0f - h));
}

static inline float d_tanh(float h, float delta, float leak) {
    (void)leak;
    return delta * (1.0f - h * h);
}

static inline float d_relu(float h, float delta, float leak) {
    (void)leak;
    return h > 0.0f ? delta : 0.0f;
}

static inline float d_leaky_relu(float h, float delta, float leak) {
    return h > 0.0f ? delta : leak * delta;
}

static inline float d_hard_sigmoid(float h, float delta, float leak) {
    (void)leak;
    return h > 0.0f && h < 1.0f ? 0.2f * delta : 0.0f;
}

#define SLOPE(name)                                                                      \
    static void name##_slope(size_t rows, size_t n, float leak, const float *restrict h, \
                             size_t ldh, float *restrict delta, size_t ldd) {            \
        for (size_t i = 0; i < rows; i++, h += ldh, delta += ldd)                        \
            for (size_t j = 0; j < n; j++)                                               \
                delta[j] = d_##name(h[j], delta[j], leak);                               \
    }

SLOPE(logistic)
SLOPE(tanh)
SLOPE(relu)
SLOPE(leaky_relu)
SLOPE(hard_sigmoid)

static void softmax(size_t rows, size_t n, float *restrict a, float *restrict log_sum) {
    for (size_t i = 0; i < rows; i++, a += n) {
        float most = a[0], sum = 0;
        for (size_t j = 1; j < n; j++)
            most = a[j] > most ? a[j] : most;
        for (size_t j = 0; j < n; j++)
            a[j] = mqc_exp(a[j] - most);
        for (size_t j = 0; j < n; j++)
            sum += a[j];
        const float scale = 1.0f / sum;
        for (size_t j = 0; j < n; j++)
            a[j] *= scale;
        log_sum[i] = most + mqc_log(sum);
    }
}

static void column_sums(size_t rows, size_t n, size_t ld, const float *restrict a,
                        float *restrict sum) {
    for (size_t j = 0; j < n; j++)
        sum[j] = 0;
    for (size_t i = 0; i < rows; i++, a += ld)
        for (size_t j = 0; j < n; j++)
            sum[j] += a[j];
}

static void dropout(size_t n, float drop, float scale, const float *restrict h,
                    float *restrict mask, float *restrict masked) {
    for (size_t i = 0; i < n; i++) {
        mask[i] = mask[i] < drop ? 0.0f : scale;
        masked[i] = h[i] * mask[i];
    }
}

static void multiply(size_t rows, size_t n, const float *restrict mask, size_t ldm,
                     float *restrict a, size_t lda) {
    for (size_t i = 0; i < rows; i++, mask += ldm, a += lda)
        for (size_t j = 0; j < n; j++)
            a[j] *= mask[j];
}

static void momentum_step(size_t n, float rate, float momentum, const float *restrict grad,
                          float *restrict v, float *restrict w) {
    for (size_t i = 0; i < n; i++) {
        v[i] = momentum * v[i] + grad[i];
        w[i] -= rate * v[i];
    }
}

static void adam(size_t n, float rate, float beta1, float beta2, float epsilon,
                 const float *restrict grad, float *restrict u, float *restrict v,
                 float *restrict w) {
    for (size_t i = 0; i < n; i++) {
        u[i] = beta1 * u[i] + (1.0f - beta1) * grad[i];
        v[i] = beta2 * v[i] + (1.0f - beta2) * (grad[i] * grad[i]);
        w[i] -= rate * u[i] / (sqrtf(v[i]) + epsilon);
    }
}

static inline float within(float x, float low, float high) {
    x = x < low ? low : x;
    return x > high ? high : x;
}

static void see_uneven(size_t n, const struct mqc_moments *moments, float factor,
                       const float *restrict w, const float *restrict z, float *restrict seen) {
    const struct mqc_ladder ladder = moments->ladder;
    for (size_t i = 0; i < n; i++) {
        const float x = ladder.offset + w[i] * moments->slope;
        const uint32_t rung = mqc_rung_at(&ladder, x);
        const float held = moments->mean[rung] + factor * moments->sd[rung] * z[i];
        seen[i] = x == x ? held : x;
    }
}

enum { SEEN = 256 }; /* weights that are looked at together */

/* out[i] = table[rung[i]]. A table of at most 64 numbers is in four registers where these are wide
 * enough: the compiler would load each number by itself. */
static void take(size_t n, size_t rungs, const float *restrict table, const int32_t *restrict rung,
                 float *restrict out) {
    size_t i = 0;
#if defined(__AVX512F__) && defined(__GNUC__) && !defined(__clang__)
    typedef float sixteen __attribute__((vector_size(64)));
    typedef int32_t numbers __attribute__((vector_size(64)));
    if (rungs <= 64) {
        float padded[64] = {0};
        sixteen part[4];
        memcpy(padded, table, rungs * sizeof *table);
        memcpy(part, padded, sizeof part);
        for (; i + 16 <= n; i += 16) {
            numbers at;
            memcpy(&at, rung + i, sizeof at);
            const sixteen low = __builtin_shuffle(part[0], part[1], at),
                          high = __builtin_shuffle(part[2], part[3], at);
            const numbers is_high = at >= 32;
            const numbers found = ((numbers)high & is_high) | ((numbers)low & ~is_high);
            memcpy(out + i, &found, sizeof found);
        }
    }
#endif
    (void)rungs;
    for (; i < n; i++)
        out[i] = table[rung[i]];
}

static void see_some(size_t n, const struct mqc_moments *moments, float factor,
                     const float *restrict w, const float *restrict z, float *restrict seen) {
    const float lo = moments->ladder.lo, hi = moments->ladder.hi, offset = moments->ladder.offset,
                slope = moments->slope;
    const size_t rungs = (size_t)(hi - lo) + 1;
    int32_t rung[SEEN];
    float mean[SEEN], sd[SEEN];
    for (size_t i = 0; i < n; i++) {
        const float x = offset + w[i] * slope,
                    above = x > lo ? x : lo; /* NaN is on the first rung, and seen all the same */
        rung[i] = (int32_t)(mqc_round(above > hi ? hi : above) - lo);
    }
    take(n, rungs, moments->mean, rung, mean);
    take(n, rungs, moments->sd, rung, sd);
    for (size_t i = 0; i < n; i++) {
        const float x = offset + w[i] * slope, held = mean[i] + factor * sd[i] * z[i];
        seen[i] = x == x ? held : x;
    }
}

static void see(size_t n, const struct mqc_moments *moments, float factor, const float *w,
                const float *z, float *seen) {
    if (moments->ladder.height) {
        see_uneven(n, moments, factor, w, z, seen);
        return;
    }
    for (size_t i = 0; i < n; i += SEEN)
        see_some(n - i < SEEN ? n - i : SEEN, moments, factor, w + i, z + i, seen + i);
}

static void clip(size_t n, float most, float *restrict w) {
    for (size_t i = 0; i < n; i++)
        w[i] = within(w[i], -most, most);
}

const struct mqc_mlp_kernels MQC_KERNEL(mqc_mlp_kernels) = {
    copy_input,
    threshold_input,
    quantize_input,
    {logistic, tanh_, relu, leaky_relu, hard_sigmoid},
    identity,
    {logistic_slope, tanh_slope, relu_slope, leaky_relu_slope, hard_sigmoid_slope},
    softmax,
    column_sums,
    dropout,
    multiply,
    momentum_step,
    adam,
    see,
    clip,
};
