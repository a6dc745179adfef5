/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. */
#include "crossbar/readout_kernels.h"
#include "core/math.h"

#include <math.h>

static inline float clamp(float x, float lo, float hi) {
    x = x < lo ? lo : x;
    return x > hi ? hi : x;
}

/* Nearest whole number of x within lo .. hi; *beyond counts. The first clamp keeps mqc_round() in its range. */
static inline float whole(float x, float lo, float hi, uint32_t *beyond) {
    const float k = mqc_round(clamp(x, lo - 1, hi + 1));
    *beyond += (k < lo) | (k > hi);
    return clamp(k, lo, hi);
}

static uint32_t encode(size_t n, const float *restrict x, float gain, float lo, float hi, float step, float *restrict u) {
    uint32_t beyond = 0;
    for (size_t i = 0; i < n; i++)
        u[i] = whole(x[i] * gain, lo, hi, &beyond) * step;
    return beyond;
}

static uint32_t scale(size_t n, const float *restrict x, float gain, float lo, float *restrict u) {
    uint32_t below = 0;
    for (size_t i = 0; i < n; i++) {
        const float v = x[i] * gain;
        below += v < lo;
        u[i] = v < lo ? lo : v;
    }
    return below;
}

static void multiply(size_t n, const float *restrict a, const float *restrict b, float *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = a[i] * b[i];
}

static void phase(size_t n, float sign, float *restrict v) {
    for (size_t i = 0; i < n; i++) {
        const float x = sign * v[i];
        v[i] = x < 0 ? 0 : x;
    }
}

static void bit(size_t n, const float *restrict code, int number, float value, float *restrict v) {
    const uint32_t bits = mqc_bits(value);
    for (size_t i = 0; i < n; i++) {
        const uint32_t c = mqc_bits(code[i]), sign = c & 0x80000000u;
        const uint32_t m = mqc_bits(mqc_from_bits(c & 0x7fffffffu) + 0x1p23f); /* the magnitude in the low bits */
        const float x = mqc_from_bits((bits & (0u - (m >> number & 1u))) | sign);
        v[i] = code[i] == code[i] ? x : code[i];
    }
}

static void add_noise(size_t n, float sd, const float *restrict z, int proportional, float *restrict v) {
    if (proportional)
        for (size_t i = 0; i < n; i++)
            v[i] += sd * z[i] * v[i];
    else
        for (size_t i = 0; i < n; i++)
            v[i] += sd * z[i];
}

/* sinh(t) / sinh(z) for t >= 0: as a series below 1, else as (e^(t - z) - e^(-t - z)) / (1 - e^(-2 z)). */
static void bend(const struct mqc_curve *curve, size_t n, float *restrict v, float *restrict e) {
    const float z = curve->z, small = curve->small, norm = curve->norm;
    for (size_t i = 0; i < n; i++) {
        const uint32_t sign = mqc_bits(v[i]) & 0x80000000u;
        const float u = mqc_from_bits(mqc_bits(v[i]) & 0x7fffffffu), t = z * u, q = t * t;
        float series = 2.7557319e-6f;
        series = series * q + 1.9841270e-4f;
        series = series * q + 8.3333333e-3f;
        series = series * q + 1.6666667e-1f;
        series = (series * q * t + t) * small;
        const float high = (mqc_exp(t - z) - mqc_exp(-t - z)) * norm;
        const float f = t < 1.0f ? series : high;
        e[i] = u * f;
        v[i] = mqc_from_bits(mqc_bits(f) | sign);
    }
}

static void square(size_t n, float factor, const float *restrict v, int add_it, float *restrict out) {
    for (size_t i = 0; i < n && !add_it; i++)
        out[i] = (factor * v[i]) * (factor * v[i]);
    for (size_t i = 0; i < n && add_it; i++)
        out[i] += (factor * v[i]) * (factor * v[i]);
}

static void magnitude(size_t n, const float *restrict v, float *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = mqc_from_bits(mqc_bits(v[i]) & 0x7fffffffu);
}

static void add(size_t n, const float *restrict v, float *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] += v[i];
}

static void root(size_t n, const float *restrict v, float *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = sqrtf(v[i]);
}

/* Sums: LANES floats side by side for up to BLOCK terms, then to double; always in this order. */
enum { LANES = 16, BLOCK = 512 };

#define SUM(name, term, ...)                                                                                 \
    static double name(size_t n, __VA_ARGS__) {                                                              \
        double total = 0;                                                                                    \
        for (size_t first = 0; first < n; first += BLOCK) {                                                  \
            const size_t end = n - first < BLOCK ? n : first + BLOCK;                                        \
            float lane[LANES] = {0};                                                                         \
            size_t i = first;                                                                                \
            for (; i + LANES <= end; i += LANES)                                                             \
                for (size_t l = 0; l < LANES; l++)                                                           \
                    lane[l] += term(i + l);                                                                  \
            for (; i < end; i++)                                                                             \
                lane[i % LANES] += term(i);                                                                  \
            for (size_t l = 0; l < LANES; l++)                                                               \
                total += (double)lane[l];                                                                    \
        }                                                                                                    \
        return total;                                                                                        \
    }

#define OF_ONE(i) a[i]
#define OF_TWO(i) (a[i] * b[i])
#define OF_SQUARE(i) (a[i] * a[i] * b[i])
SUM(sum, OF_ONE, const float *restrict a)
SUM(dot, OF_TWO, const float *restrict a, const float *restrict b)
SUM(energy, OF_SQUARE, const float *restrict a, const float *restrict b)

static void cells(size_t n, float v, float absolute, float relative, const float *restrict g, const float *restrict z,
                  float *restrict acc) {
    for (size_t j = 0; j < n; j++)
        acc[j] += v * sqrtf(absolute + relative * (g[j] * g[j])) * z[j];
}

#define OF_CELL(i) (a[i] * sqrtf(absolute + relative * (g[i] * g[i])) * z[i])
SUM(cells_sum, OF_CELL, const float *restrict a, float absolute, float relative, const float *restrict g, const float *restrict z)

enum { FIXED_NOISE = 1, VARIED_NOISE = 2 };

static inline uint32_t convert_with(const struct mqc_output *out, size_t n, const float *restrict acc, const float *restrict var,
                                    const float *restrict z, float *restrict y, int noise, int steps) {
    const float offset = out->offset, back = out->back, weight = out->weight, lo = out->lo, hi = out->hi;
    const float unit = out->unit, fixed = out->fixed, relative = out->relative, sd = unit * sqrtf(fixed);
    const float *restrict inverse = out->inverse, *restrict step = out->step;
    uint32_t beyond = 0;
    for (size_t j = 0; j < n; j++) {
        float s = acc[j] + offset;
        if (noise == FIXED_NOISE)
            s += sd * z[j];
        if (noise == VARIED_NOISE)
            s += unit * sqrtf(fixed + relative * var[j]) * z[j];
        if (steps)
            s = whole(s * inverse[j], lo, hi, &beyond) * step[j];
        y[j] += (s - back) * weight;
    }
    return beyond;
}

static uint32_t convert(const struct mqc_output *out, size_t n, const float *acc, const float *var, const float *z, float *y) {
    const int noise = !z ? 0 : var ? VARIED_NOISE : FIXED_NOISE;
    if (!out->step)
        return noise == 0             ? convert_with(out, n, acc, var, z, y, 0, 0)
               : noise == FIXED_NOISE ? convert_with(out, n, acc, var, z, y, FIXED_NOISE, 0)
                                      : convert_with(out, n, acc, var, z, y, VARIED_NOISE, 0);
    return noise == 0             ? convert_with(out, n, acc, var, z, y, 0, 1)
           : noise == FIXED_NOISE ? convert_with(out, n, acc, var, z, y, FIXED_NOISE, 1)
                                  : convert_with(out, n, acc, var, z, y, VARIED_NOISE, 1);
}

const struct mqc_readout_kernels MQC_KERNEL(mqc_readout_kernels) = {encode, scale, multiply, phase,    bit,  add_noise, bend,
                                                              square, magnitude, add,  root,     sum,  dot,       energy,
                                                              cells,  cells_sum, convert};
