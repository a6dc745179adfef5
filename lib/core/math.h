/* SPDX-License-Identifier: BSD-3-Clause */
/* Branch-free single-precision functions for vectorized loops: only IEEE operations, so that every
 * build gives the same bits. */
#ifndef MQC_CORE_MATH_H
#define MQC_CORE_MATH_H

#include <stdint.h>
#include <string.h>

static inline uint32_t mqc_bits(float x) {
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static inline float mqc_from_bits(uint32_t u) {
    float x;
    memcpy(&x, &u, sizeof x);
    return x;
}

/* x within lo .. hi; NaN stays. */
static inline float mqc_clamp(float x, float lo, float hi) {
    const float low = x < lo ? lo : x;
    return low > hi ? hi : low;
}

/* Nearest whole number, ties to even, for |x| < 2^22: the sum has no bits left for a fraction. */
static inline float mqc_round(float x) {
    const float magic = 12582912.0f; /* 1.5 x 2^23 */
    return (x + magic) - magic;
}

/* Natural logarithm of a positive, normal number: S. Moshier's Cephes logf. Part of the frozen bit
 * stream of the normals: no operation may change. */
static inline float mqc_log(float u) {
    const uint32_t sqrt_half = 0x3f3504f3u;
    const uint32_t shifted = mqc_bits(u) + (0x3f800000u - sqrt_half);
    const float e = (float)((int32_t)(shifted >> 23) - 127);
    const float f = mqc_from_bits((shifted & 0x007fffffu) + sqrt_half) -
                    1.0f; /* sqrt(1/2) .. sqrt(2), less 1 */
    const float z = f * f;
    float y = 7.0376836292e-2f;
    y = y * f - 1.1514610310e-1f;
    y = y * f + 1.1676998740e-1f;
    y = y * f - 1.2420140846e-1f;
    y = y * f + 1.4249322787e-1f;
    y = y * f - 1.6668057665e-1f;
    y = y * f + 2.0000714765e-1f;
    y = y * f - 2.4999993993e-1f;
    y = y * f + 3.3333331174e-1f;
    y = y * f * z;
    y = y - 2.12194440e-4f * e;
    y = y - 0.5f * z;
    return (f + y) + 0.693359375f * e;
}

/* (e^r - 1 - r) / r^2 for |r| <= 0.35, half of ln 2: the polynomial of Cephes expf. */
static inline float mqc_exp_curve(float r) {
    float y = 1.9875691500e-4f;
    y = y * r + 1.3981999507e-3f;
    y = y * r + 8.3334519073e-3f;
    y = y * r + 4.1665795894e-2f;
    y = y * r + 1.6666665459e-1f;
    return y * r + 5.0000001201e-1f;
}

/* e^x: Cephes expf, clamped to the normal numbers. NaN stays NaN. */
static inline float mqc_exp(float x) {
    x = x < -87.0f ? -87.0f : x;
    x = x > 88.0f ? 88.0f : x;
    const float magic = 12582912.0f; /* leaves the rounded whole number in the low bits; see
                                        mqc_round() */
    const float shifted = x * 1.44269504088896341f + magic, k = shifted - magic;
    const float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
    const float y = mqc_exp_curve(r) * (r * r) + r + 1.0f;
    return y * mqc_from_bits((mqc_bits(shifted) - mqc_bits(magic) + 127u) << 23);
}

#endif
