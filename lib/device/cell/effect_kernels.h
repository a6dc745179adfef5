/* SPDX-License-Identifier: BSD-3-Clause */
/* The hot loops of the effects: read noise, telegraph noise, ageing, the I-V curve. */
#ifndef MQC_DEVICE_EFFECT_KERNELS_H
#define MQC_DEVICE_EFFECT_KERNELS_H

#include "core/isa.h"

#include <stddef.h>
#include <stdint.h>

/* Rates of a two-state process: those of all cells, 1/s, times a factor of each. */
struct mqc_rates {
    float fill, empty;
    const float *fills, *empties;
};

/* constant + log ln x + slope[0] x + slope[1] x^2 + slope[2] x^3, kept within low .. high. */
struct mqc_state_law {
    float constant, log, slope[3], low, high;
};

struct mqc_flicker {
    float size, power, most, grown, share;
};

/* All in place. */
struct mqc_effect_kernels {
    /* g[i] += sqrt(absolute + relative g[i]^2) z[i]; what falls below zero becomes 0. */
    void (*noise)(size_t n, float absolute, float relative, const float *z, float *g);
    /* The same, and slow[i] beside it. */
    void (*slow_noise)(size_t n, float absolute, float relative, const float *z, const float *slow,
                       float *g);
    /* sum[i] += x[i] */
    void (*add)(size_t n, const float *x, float *sum);
    /* sum[i] += factor x[i] */
    void (*add_times)(size_t n, float factor, const float *x, float *sum);
    /* Lets traps (0 or 1) change within seconds, by a uniform number u in [0, 1) with 24 bits.
     * Where these bits do not decide, the trap stays and open[i], else 0, becomes the probability
     * that it changes; returns how many those are. */
    uint64_t (*flip)(size_t n, const struct mqc_rates *rates, float seconds, const float *u,
                     float *open, int32_t *traps);
    /* g[i] *= 1 - amplitude traps[i] */
    void (*trapped)(size_t n, float amplitude, const int32_t *traps, float *g);
    /* g[i] = c + window (g[i] - c), c = lo[i] + centre (hi[i] - lo[i]) */
    void (*wear)(size_t n, float centre, float window, const float *lo, const float *hi, float *g);
    /* g[i] = keep g[i] + pull + sd z[i]; what falls below zero becomes 0. */
    void (*relax)(size_t n, float keep, float pull, float sd, const float *z, float *g);
    /* g[i] *= exp(-(nu + spread z[i]) log_time), at most e^69 = 9e29 times as much */
    void (*drift)(size_t n, float nu, float spread, float log_time, const float *z, float *g);
    /* out[i] = law(share g[i]), x at least 1e-7 */
    void (*state_law)(size_t n, const struct mqc_state_law *law, float share, const float *g,
                      float *out);
    /* g[i] *= exp(-(nu[i] + spread[i] z[i]) log_time), bounded as drift */
    void (*drift_by)(size_t n, float log_time, const float *nu, const float *spread, const float *z,
                     float *g);
    /* g[i] *= 1 + min(size / x^power, most) grown z[i], x = share state[i] and at least 1e-7; what
     * falls below zero becomes 0. */
    void (*flicker)(size_t n, const struct mqc_flicker *flicker, const float *state, const float *z,
                    float *g);
    /* out[i] = min(size / x^power, most) grown, x likewise */
    void (*flicker_sd)(size_t n, const struct mqc_flicker *flicker, const float *state, float *out);
    /* x[i] = scale sinh(slope x[i]) */
    void (*sinh)(size_t n, float slope, float scale, float *x);
};

const struct mqc_effect_kernels *mqc_effect_kernels(void);

MQC_DECLARE_KERNELS(mqc_effect_kernels, mqc_effect_kernels);

#endif
