/* SPDX-License-Identifier: BSD-3-Clause */
/* What happens to a programmed cell: reading, telegraph noise, ageing, faults, the I-V curve. All
 * of it a pure function of (seed, cell, draw or time), and off by default. */
#ifndef MQC_DEVICE_EFFECTS_H
#define MQC_DEVICE_EFFECTS_H

#include "device/cell/inside.h"

/* Rates of a two-state process: those of all cells, 1/s, times a factor of each. */
struct mqc_rates {
    float fill, empty;
    const float *fills, *empties;
};

/* All in place. */
struct mqc_effect_kernels {
    /* g[i] += sqrt(absolute + relative g[i]^2) z[i]; what falls below zero becomes 0. */
    void (*noise)(size_t n, float absolute, float relative, const float *z, float *g);
    /* sum[i] += x[i] */
    void (*add)(size_t n, const float *x, float *sum);
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
    /* x[i] = scale sinh(slope x[i]) */
    void (*sinh)(size_t n, float slope, float scale, float *x);
};

const struct mqc_effect_kernels *mqc_effect_kernels(void);

MQC_DECLARE_KERNELS(mqc_effect_kernels, mqc_effect_kernels);

/* --- random numbers (effects.c); as mqc_draws_normals(), at draw >> shift --- */

enum { MQC_FOR_LIFE = 64 }; /* a shift: draw 0, what a cell keeps */

void mqc_draws_shifted_normals(const struct mqc_draws *where, uint32_t stream, int shift,
                               size_t first, size_t n, float *z);
void mqc_draws_uniforms(const struct mqc_draws *where, uint32_t stream, int shift, size_t first,
                        size_t n, float *u);

/* The cells of a range from the first-th on. */
struct mqc_draws mqc_draws_from(const struct mqc_draws *where, size_t first);

/* Bounds between the parameters of the effects. */
memqc_status mqc_device_check_effects(const memqc_device *device);

/* Conductances that the effects take: DATA where one is NaN, negative, or above 1e6 S. */
memqc_status mqc_device_check_conductances(const char *function, size_t n, const float *g);

/* A time that passes: ARGUMENT where it is not 0 .. 1e30 s. */
memqc_status mqc_device_check_duration(const char *function, double seconds);

/* Effect keys that a cell has its own value of: 0 where key is none of these. */
int mqc_device_effect_varies(int32_t key);
void mqc_device_effect_values(const memqc_device *device, int32_t key,
                              const struct mqc_draws *where, size_t n, float *values);

/* --- for cells of any number, in place, unchecked --- */

/* read.c */
void mqc_device_read_cells(const memqc_device *device, const struct mqc_draws *where, size_t n,
                           float *g);
/* From volts to those that drive the same current through an ohmic cell: I = G volts. */
void mqc_device_effective_volts(const memqc_device *device, size_t n, float *volts);
memqc_status mqc_device_check_volts(const memqc_device *device, const char *function, size_t n,
                                    const float *volts);

/* telegraph.c */
void mqc_device_begin_traps(const memqc_device *device, const struct mqc_draws *where, size_t n,
                            int32_t *traps);
void mqc_device_advance_traps(const memqc_device *device, const struct mqc_draws *where,
                              double seconds, size_t n, int32_t *traps);
void mqc_device_trapped_cells(const memqc_device *device, size_t n, const int32_t *traps, float *g);
/* Mean times of n cells, at most MQC_DEVICE_CHUNK, in the state of high or low conductance. */
void mqc_device_trap_times(const memqc_device *device, const struct mqc_draws *where, int low,
                           size_t n, float *seconds);

/* age.c */
void mqc_device_age_cells(const memqc_device *device, const struct mqc_draws *where, double seconds,
                          double cycles, size_t n, float *g);
void mqc_device_drift_exponents(const memqc_device *device, const struct mqc_draws *where, size_t n,
                                float *nu);

/* faults.c: kinds and g may be NULL; g is changed where the cell is stuck. */
void mqc_device_fault_cells(const memqc_device *device, const struct mqc_draws *where, size_t n,
                            int32_t *kinds, float *g);

#endif
