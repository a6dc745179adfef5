/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. */
#include "crossbar/array/read_kernels.h"
#include "core/math.h"

#include <math.h>
#include <string.h>

static inline float clamp(float x, float lo, float hi) {
    x = x < lo ? lo : x;
    return x > hi ? hi : x;
}

/* Nearest whole number of x within lo .. hi; *beyond counts. The first clamp keeps mqc_round() in
 * its range. */
static inline float whole(float x, float lo, float hi, uint32_t *beyond) {
    const float k = mqc_round(clamp(x, lo - 1, hi + 1));
    *beyond += (k < lo) | (k > hi);
    return clamp(k, lo, hi);
}

static uint32_t encode(size_t n, const float *restrict x, float gain, float lo, float hi,
                       float step, float *restrict u) {
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

static void multiply(size_t n, const float *restrict a, const float *restrict b,
                     float *restrict out) {
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
        const uint32_t m =
            mqc_bits(mqc_from_bits(c & 0x7fffffffu) + 0x1p23f); /* the magnitude in the low bits */
        const float x = mqc_from_bits((bits & (0u - (m >> number & 1u))) | sign);
        v[i] = code[i] == code[i] ? x : code[i];
    }
}

static void add_noise(size_t n, float sd, const float *restrict z, int proportional,
                      float *restrict v) {
    if (proportional)
        for (size_t i = 0; i < n; i++)
            v[i] += sd * z[i] * v[i];
    else
        for (size_t i = 0; i < n; i++)
            v[i] += sd * z[i];
}

/* sinh(t) / sinh(z) for t >= 0: as a series below 1, else as (e^(t - z) - e^(-t - z)) / (1 - e^(-2
 * z)). */
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

static void square(size_t n, float factor, const float *restrict v, int add_it,
                   float *restrict out) {
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

/* Sums: LANES floats side by side for up to BLOCK terms, then to double; always in this order,
 * whatever vectors there are. */
#if defined(__AVX512F__)
enum { VECTOR = 16 };
#elif defined(__AVX2__)
enum { VECTOR = 8 };
#else
enum { VECTOR = 4 };
#endif
enum { LANES = 16, VECTORS = LANES / VECTOR, BLOCK = 512 };

typedef float vector __attribute__((vector_size(VECTOR * sizeof(float))));

static inline vector load(const float *from) {
    vector v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline vector terms_from(const float *a, const float *b, size_t i, int factors) {
    const vector x = load(a + i);
    if (factors == 1)
        return x;
    return factors == 2 ? x * load(b + i) : x * x * load(b + i);
}

static inline float term_at(const float *a, const float *b, size_t i, int factors) {
    if (factors == 1)
        return a[i];
    return factors == 2 ? a[i] * b[i] : a[i] * a[i] * b[i];
}

/* Over up to BLOCK terms; factors says of what: a, a b, or a a b. */
static inline double block_sum(size_t n, const float *a, const float *b, int factors) {
    vector sum[VECTORS];
    float lane[LANES];
    double total = 0;
    size_t i = 0;
    memset(sum, 0, sizeof sum);
    for (; i + LANES <= n; i += LANES) {
        for (size_t v = 0; v < VECTORS; v++) {
            sum[v] += terms_from(a, b, i + v * VECTOR, factors);
        }
    }
    memcpy(lane, sum, sizeof lane);
    for (size_t l = 0; i < n; i++, l++)
        lane[l] += term_at(a, b, i, factors);
    for (size_t l = 0; l < LANES; l++)
        total += (double)lane[l];
    return total;
}

static inline double sum_of(size_t n, const float *a, const float *b, int factors) {
    double total = 0;
    for (size_t i = 0; i < n; i += BLOCK)
        total += block_sum(n - i < BLOCK ? n - i : BLOCK, a + i, b ? b + i : NULL, factors);
    return total;
}

static double sum(size_t n, const float *a) {
    return sum_of(n, a, NULL, 1);
}

static double dot(size_t n, const float *a, const float *b) {
    return sum_of(n, a, b, 2);
}

static double energy(size_t n, const float *x, const float *g) {
    return sum_of(n, x, g, 3);
}

static void cells(size_t n, float v, float absolute, float relative, const float *restrict g,
                  const float *restrict z, float *restrict acc) {
    for (size_t j = 0; j < n; j++)
        acc[j] += v * sqrtf(absolute + relative * (g[j] * g[j])) * z[j];
}

static double cells_sum(size_t n, const float *restrict v, float absolute, float relative,
                        const float *restrict g, const float *restrict z) {
    float noise[BLOCK];
    double total = 0;
    for (size_t i = 0; i < n; i += BLOCK) {
        const size_t m = n - i < BLOCK ? n - i : BLOCK;
        for (size_t j = 0; j < m; j++)
            noise[j] = v[i + j] * sqrtf(absolute + relative * (g[i + j] * g[i + j])) * z[i + j];
        total += sum(m, noise);
    }
    return total;
}

enum { FIXED_NOISE = 1, VARIED_NOISE = 2 };

static inline uint32_t convert_with(const struct mqc_output *out, size_t n,
                                    const float *restrict acc, const float *restrict var,
                                    const float *restrict z, float *restrict y, int noise,
                                    int steps) {
    const float offset = out->offset, back = out->back, weight = out->weight, lo = out->lo,
                hi = out->hi;
    const float unit = out->unit, fixed = out->fixed, relative = out->relative,
                sd = unit * sqrtf(fixed);
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

static uint32_t convert(const struct mqc_output *out, size_t n, const float *acc, const float *var,
                        const float *z, float *y) {
    const int steps = out->step != NULL;
    if (!z)
        return steps ? convert_with(out, n, acc, var, z, y, 0, 1)
                     : convert_with(out, n, acc, var, z, y, 0, 0);
    if (!var)
        return steps ? convert_with(out, n, acc, var, z, y, FIXED_NOISE, 1)
                     : convert_with(out, n, acc, var, z, y, FIXED_NOISE, 0);
    return steps ? convert_with(out, n, acc, var, z, y, VARIED_NOISE, 1)
                 : convert_with(out, n, acc, var, z, y, VARIED_NOISE, 0);
}

static int finite(size_t n, const float *restrict x) {
    uint32_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        bad |= (bits & 0x7f800000u) == 0x7f800000u;
    }
    return !bad;
}

const struct mqc_readout_kernels MQC_KERNEL(mqc_readout_kernels) = {
    encode, scale, multiply, phase, bit,    add_noise, bend,      square,  magnitude,
    add,    root,  sum,      dot,   energy, cells,     cells_sum, convert, finite};
