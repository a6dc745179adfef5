/* SPDX-License-Identifier: BSD-3-Clause */
/* Two random words to two normal numbers: Box and Muller, Ann. Math. Stat. 29 (1958) 610.
 * Branch-free single precision; the polynomials for log, sin and cos are those of S. Moshier's
 * Cephes library (logf, sinf, cosf), good to 1 ulp or so on the reduced ranges used here. Part of
 * the frozen bit stream: no operation may change. */
#ifndef MQC_RNG_NORMAL_H
#define MQC_RNG_NORMAL_H

#include "core/math.h"

#include <math.h>

/* radius = sqrt(-2 ln u), u uniform with 31 bits in (0, 1]: up to 6.66. */
static inline float mqc_normal_radius(uint32_t word) {
    const float u = ((float)(int32_t)(word >> 1) + 0.5f) * 0x1p-31f;
    const float t = -2.0f * mqc_log(u);
    return sqrtf(t > 0.0f ? t : 0.0f);
}

/* Cosine and sine of a uniform angle, 2 pi word / 2^32. */
static inline void mqc_normal_angle(uint32_t word, float *cosine, float *sine) {
    const float quarters = (float)(int32_t)word * 0x1p-30f; /* -2 .. 2 quarter turns */
    const float whole = mqc_round(quarters);
    const int32_t q = (int32_t)whole;
    const float a = (quarters - whole) * 1.57079632679489662f; /* -pi/4 .. pi/4 */
    const float z = a * a;
    float s = -1.9515295891e-4f;
    s = s * z + 8.3321608736e-3f;
    s = s * z - 1.6666654611e-1f;
    s = s * z * a + a;
    float c = 2.443315711809948e-5f;
    c = c * z - 1.388731625493765e-3f;
    c = c * z + 4.166664568298827e-2f;
    c = c * z * z - 0.5f * z + 1.0f;
    const uint32_t swap = 0u - ((uint32_t)q & 1u);
    const uint32_t sb = mqc_bits(s), cb = mqc_bits(c);
    const uint32_t cos_bits = (cb & ~swap) | (sb & swap), sin_bits = (sb & ~swap) | (cb & swap);
    *cosine = mqc_from_bits(cos_bits ^ ((((uint32_t)q + 1u) & 2u) << 30));
    *sine = mqc_from_bits(sin_bits ^ (((uint32_t)q & 2u) << 30));
}

#endif
