/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiled once for each instruction set; see core/isa.h. */
#include "device/cell/effect_kernels.h"
#include "core/math.h"

#include <math.h>

static void noise(size_t n, float absolute, float relative, const float *restrict z,
                  float *restrict g) {
    for (size_t i = 0; i < n; i++) {
        const float value = g[i] + sqrtf(absolute + relative * (g[i] * g[i])) * z[i];
        g[i] = value > 0.0f ? value : 0.0f;
    }
}

static void slow_noise(size_t n, float absolute, float relative, const float *restrict z,
                       const float *restrict slow, float *restrict g) {
    for (size_t i = 0; i < n; i++) {
        const float value = g[i] + sqrtf(absolute + relative * (g[i] * g[i])) * z[i] + slow[i];
        g[i] = value > 0.0f ? value : 0.0f;
    }
}

static void add_times(size_t n, float factor, const float *restrict x, float *restrict sum) {
    for (size_t i = 0; i < n; i++)
        sum[i] += factor * x[i];
}

static void add(size_t n, const float *restrict x, float *restrict sum) {
    for (size_t i = 0; i < n; i++)
        sum[i] += x[i];
}

/* 1 - e^-x for x >= 0, without cancellation: the series up to a quarter, where its next term is
 * below 1e-7. */
static inline float decayed(float x) {
    float y = -1.0f / 720.0f;
    y = y * x + 1.0f / 120.0f;
    y = y * x - 1.0f / 24.0f;
    y = y * x + 1.0f / 6.0f;
    y = y * x - 0.5f;
    y = (y * x + 1.0f) * x;
    return x < 0.25f ? y : 1.0f - mqc_exp(-x);
}

/* The probability that a trap changes: with the rates a and b of filling and emptying, a / (a + b)
 * (1 - e^(-(a + b) t)) for an empty one, b / (a + b) (...) for a full one. Twenty-four bits of it
 * decide here. */
static uint64_t flip(size_t n, const struct mqc_rates *rates, float seconds,
                     const float *restrict u, float *restrict open, int32_t *restrict traps) {
    const float *restrict fills = rates->fills, *restrict empties = rates->empties;
    const float fill = rates->fill, empty = rates->empty;
    uint32_t undecided = 0; /* callers give fewer than 2^32 at once */
    for (size_t i = 0; i < n; i++) {
        const float a = fill * fills[i], b = empty * empties[i], sum = a + b,
                    full = (float)traps[i];
        const float leave = full * b + (1.0f - full) * a,
                    share = leave / (sum > 1e-37f ? sum : 1e-37f);
        const float scaled = share * decayed(sum * seconds) * 0x1p24f, drawn = u[i] * 0x1p24f;
        const float whole = (float)(int32_t)scaled, rest = drawn == whole ? scaled - whole : 0.0f;
        undecided += rest > 0.0f;
        open[i] = rest;
        traps[i] = (int32_t)(full + (drawn < whole ? 1.0f - 2.0f * full : 0.0f));
    }
    return undecided;
}

static void trapped(size_t n, float amplitude, const int32_t *restrict traps, float *restrict g) {
    for (size_t i = 0; i < n; i++)
        g[i] *= 1.0f - amplitude * (float)traps[i];
}

static void wear(size_t n, float centre, float window, const float *restrict lo,
                 const float *restrict hi, float *restrict g) {
    for (size_t i = 0; i < n; i++) {
        const float c = lo[i] + centre * (hi[i] - lo[i]), value = c + window * (g[i] - c);
        g[i] = value > 0.0f ? value : 0.0f;
    }
}

static void relax(size_t n, float keep, float pull, float sd, const float *restrict z,
                  float *restrict g) {
    for (size_t i = 0; i < n; i++) {
        const float value = keep * g[i] + pull + sd * z[i];
        g[i] = value > 0.0f ? value : 0.0f;
    }
}

static void drift(size_t n, float nu, float spread, float log_time, const float *restrict z,
                  float *restrict g) {
    for (size_t i = 0; i < n; i++) {
        const float exponent = -((nu + spread * z[i]) * log_time);
        g[i] *= mqc_exp(exponent < 69.0f ? exponent : 69.0f);
    }
}

/* Where ln x of a law stops. */
static const float least_share = 1e-7f;

static void state_law(size_t n, const struct mqc_state_law *law, float share,
                      const float *restrict g, float *restrict out) {
    const struct mqc_state_law p = *law;
    for (size_t i = 0; i < n; i++) {
        const float x = share * g[i],
                    y = p.constant + x * (p.slope[0] + x * (p.slope[1] + x * p.slope[2]));
        out[i] = mqc_clamp(y + p.log * mqc_log(x > least_share ? x : least_share), p.low, p.high);
    }
}

static void drift_by(size_t n, float log_time, const float *restrict nu,
                     const float *restrict spread, const float *restrict z, float *restrict g) {
    for (size_t i = 0; i < n; i++) {
        const float exponent = -((nu[i] + spread[i] * z[i]) * log_time);
        g[i] *= mqc_exp(exponent < 69.0f ? exponent : 69.0f);
    }
}

static inline float flicker_of(const struct mqc_flicker *law, float state) {
    const float x = law->share * state,
                q = law->size * mqc_exp(-law->power * mqc_log(x > least_share ? x : least_share));
    return (q < law->most ? q : law->most) * law->grown;
}

static void flicker_sd(size_t n, const struct mqc_flicker *law, const float *restrict state,
                       float *restrict out) {
    const struct mqc_flicker p = *law;
    for (size_t i = 0; i < n; i++)
        out[i] = flicker_of(&p, state[i]);
}

static void flicker(size_t n, const struct mqc_flicker *law, const float *restrict state,
                    const float *restrict z, float *restrict g) {
    const struct mqc_flicker p = *law;
    for (size_t i = 0; i < n; i++) {
        const float value = g[i] * (1.0f + flicker_of(&p, state[i]) * z[i]);
        g[i] = value > 0.0f ? value : 0.0f;
    }
}

/* Cephes sinhf: a series below 1, where the difference of the exponentials would cancel. */
static void sinh_of(size_t n, float slope, float scale, float *restrict x) {
    for (size_t i = 0; i < n; i++) {
        const float t = slope * x[i], square = t * t, e = mqc_exp(t);
        float series = 2.03721912945e-4f;
        series = series * square + 8.33028376239e-3f;
        series = series * square + 1.66667160211e-1f;
        series = series * square * t + t;
        x[i] = scale * (square < 1.0f ? series : 0.5f * (e - 1.0f / e));
    }
}

const struct mqc_effect_kernels MQC_KERNEL(mqc_effect_kernels) = {
    noise, slow_noise, add,       add_times, flip,    trapped,    wear,
    relax, drift,      state_law, drift_by,  flicker, flicker_sd, sinh_of};
