/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_DEVICE_KERNELS_H
#define MQC_DEVICE_KERNELS_H

#include "core/isa.h"

#include <stddef.h>
#include <stdint.h>

/* Mean and sd of the levels as polynomials in y = last - level: a table of 4096 levels would be
 * gathered one by one. Counted from the lowest level no coefficient is negative (for k >= 0), so
 * that rounding cannot make a conductance so. */
struct mqc_staircase {
    float last, mean[3], sd[4], least; /* of the sd */
};

/* What cells have of their own. Quantized: lo, hi, noise. The pointers are NULL where a device does
 * not vary at all; else each points to one value a cell. */
struct mqc_cell_arrays {
    float *lo, *hi;               /* S, bounds */
    float *up, *down;             /* S, STEP_UP and STEP_DOWN; TABLE: factors */
    float *shape_up, *shape_down; /* SLOPE, POWER or GAMMA */
    float *noise;                 /* factor on the noise */
};

enum mqc_pulse_kind {
    MQC_PULSE_AFFINE,
    MQC_PULSE_POWER,
    MQC_PULSE_EXPONENTIAL,
    MQC_PULSE_TABLE,
    MQC_PULSE_JUMPS, /* drawn by the kernels of jump_kernels.h */
    MQC_PULSE_GRID   /* constant steps, by their number: see struct mqc_pulse */
};

enum { MQC_TABLE_NODES = 512 };

struct mqc_table {
    int32_t n;
    float g[MQC_TABLE_NODES], step[MQC_TABLE_NODES];
};

/* One direction of a pulsed model: f = step shape(y). */
struct mqc_pulse_law {
    float step, shape;
    float a, scale, offset; /* EXPONENTIAL: 1 - a exp(shape (scale (2 y - 1) + offset)) */
    const struct mqc_table *table;
};

/* A pulsed model as the kernels want it; variances of the noise: absolute, of G squared, of the
 * step squared. */
struct mqc_pulse {
    enum mqc_pulse_kind kind;
    float lo, hi;
    struct mqc_pulse_law up, down;
    float absolute, relative, step;
    /* MQC_PULSE_GRID: a state is told by its distance from where the train starts, in parts of a step
     * of which this many make one, so that errors of rounding do not add up. */
    float grid;
};

/* Levels one by one, level 1 first: mean and sd of each, or so many quantiles of each at equally
 * spaced probabilities from 0 to 1. */
struct mqc_level_table {
    int32_t quantiles;
    const float *mean, *sd, *quantile;
};

struct mqc_device_kernels {
    /* g[i] = mean + sd z[i] at states[i]; returns how many are below zero. */
    uint64_t (*staircase)(const struct mqc_staircase *stairs, size_t n, const float *states,
                          const float *z, float *g);
    /* The same, each value below zero becoming 0. */
    uint64_t (*staircase_clamped)(const struct mqc_staircase *stairs, size_t n, const float *states,
                                  const float *z, float *g);
    /* states[i] = levels[i]; returns whether any is outside 1 .. last. */
    int (*states)(size_t n, const int32_t *levels, int32_t last, float *states);
    /* The staircase of cells with bounds and noise of their own: the mean moved from lo .. hi to
     * theirs. Not clamped. */
    uint64_t (*staircase_cells)(const struct mqc_staircase *stairs, float lo, float hi,
                                const struct mqc_cell_arrays *cells, size_t n, const float *states,
                                const float *z, float *g);
    /* As the two above, of levels one by one; cells: NULL for nominal ones. z: N(0, 1), or uniform
     * in [0, 1) where there are quantiles. */
    uint64_t (*levels)(const struct mqc_level_table *table, float lo, float hi,
                       const struct mqc_cell_arrays *cells, size_t n, const float *states,
                       const float *z, float *g);
    /* One pulse. direction: 1 or -1 for all cells; 0: directions[i], which is 1, -1 or 0 for each.
     * cells: NULL for nominal ones; z: N(0, 1), NULL for no noise. */
    void (*pulse)(const struct mqc_pulse *pulse, const struct mqc_cell_arrays *cells, size_t n,
                  int direction, const float *directions, const float *z, float *g);
    /* counts[i] pulses at once, whole numbers of either sign: one noise for all, its variance
     * |counts[i]| times as large. */
    void (*burst)(const struct mqc_pulse *pulse, const struct mqc_cell_arrays *cells, size_t n,
                  const float *counts, const float *z, float *g);
    /* out[i] = exp(s z[i] - s^2 / 2), log-normal of mean 1. */
    void (*lognormal)(size_t n, float s, const float *z, float *out);
    /* Steps of cells with the asymmetries asymmetry + spread z[i], z: NULL for none, cut at +-0.99:
     * out[i] = step[i] factor[i] (1 + or, for sign = -1, - the asymmetry). */
    void (*own_steps)(size_t n, double asymmetry, double spread, const float *z, double sign,
                      const double *step, const float *factor, float *out);
    /* Any of n values NaN or outside lo .. hi? */
    int (*outside)(size_t n, const float *x, float lo, float hi);
    /* Over the cells of a positive direction, the sum of |direction| up (before + after); over the
     * others, of |direction| down (before + after). */
    double (*energy)(size_t n, const float *directions, double up, double down, const float *before,
                     const float *after);
};

const struct mqc_device_kernels *mqc_device_kernels(void);

MQC_DECLARE_KERNELS(mqc_device_kernels, mqc_device_kernels);

#endif
