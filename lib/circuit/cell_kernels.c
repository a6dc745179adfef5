/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. Cells that conduct nonlinearly. */
#include "circuit/kernels.h"

#include <stdint.h>
#include <string.h>

static inline uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* e^x - 1 for 0 <= x <= 600: x = k ln 2 + r, 2^k from its bits, e^r - 1 by its series, |r| <= ln 2
 * / 2. */
static inline double exponential_less_one(double x) {
    const double magic = 6755399441055744.0; /* leaves the rounded whole number in the low bits */
    const double shifted = x * 1.4426950408889634 + magic, k = shifted - magic;
    const double r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
    double y = 1.0 / 6227020800.0;
    y = y * r + 1.0 / 479001600.0;
    y = y * r + 1.0 / 39916800.0;
    y = y * r + 1.0 / 3628800.0;
    y = y * r + 1.0 / 362880.0;
    y = y * r + 1.0 / 40320.0;
    y = y * r + 1.0 / 5040.0;
    y = y * r + 1.0 / 720.0;
    y = y * r + 1.0 / 120.0;
    y = y * r + 1.0 / 24.0;
    y = y * r + 1.0 / 6.0;
    y = y * r + 0.5;
    y = y * (r * r) + r;
    const double scale = from_bits((bits_of(shifted) - bits_of(magic) + 1023u) << 52);
    return scale * y + (scale - 1.0);
}

/* sinh x, and cosh x; arguments beyond +-600, which only a search on its way sees, are cut. */
static inline double hyperbolic(double x, double *cosine) {
    const double size = x < 0 ? -x : x, u = exponential_less_one(size > 600.0 ? 600.0 : size),
                 inverse = 1.0 / (u + 1.0);
    const double sine = 0.5 * (u + u * inverse);
    *cosine = 0.5 * (u + 1.0 + inverse);
    return x < 0 ? -sine : sine;
}

static void sinh_cells(size_t n, double a, double factor, const double *restrict g,
                       const double *restrict v, double *restrict current, double *restrict slope) {
    for (size_t i = 0; i < n; i++) {
        double cosine;
        const double sine = hyperbolic(a * v[i], &cosine);
        current[i] = g[i] * factor * sine;
        slope[i] = g[i] * factor * a * cosine;
    }
}

static double sinh_power(size_t n, double a, double factor, const double *restrict g,
                         const double *restrict v, const double *restrict dv, double t,
                         const double *restrict from, const double *restrict to) {
    enum { SUMS = 16 };
    double sum[SUMS] = {0}, all = 0;
    for (size_t i = 0; i < n; i += SUMS) { /* n is a multiple of MQC_LINES */
        for (size_t k = 0; k < SUMS; k++) {
            double cosine;
            const double sine = hyperbolic(a * (v[i + k] + t * dv[i + k]), &cosine);
            sum[k] += (g[i + k] * factor * sine - (from[i + k] + t * (to[i + k] - from[i + k]))) *
                      dv[i + k];
        }
    }
    for (size_t k = 0; k < SUMS; k++)
        all += sum[k];
    return all;
}

const struct mqc_cells_kernels MQC_KERNEL(mqc_cells_kernels) = {sinh_cells, sinh_power};
