/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef MQC_CROSSBAR_READOUT_KERNELS_H
#define MQC_CROSSBAR_READOUT_KERNELS_H

#include "core/isa.h"

#include <stddef.h>
#include <stdint.h>

/* f(u) = sinh(z u) / sinh(z), f(1) = 1. */
struct mqc_curve {
    float z, small; /* 1 / sinh(z) */
    float norm;     /* 1 / (1 - exp(-2 z)) */
};

/* What happens to a signal s on its way into the result: s + offset + noise, to the ADC, less back,
 * times weight. */
struct mqc_output {
    float offset, back, weight;
    float unit, fixed, relative; /* sd of the noise: unit sqrt(fixed + relative var) */
    float lo, hi;                /* codes of the ADC */
    const float *inverse, *step; /* of each output; NULL: ideal */
};

/* All pass NaN on. */
struct mqc_readout_kernels {
    /* u[i] = the whole number nearest to x[i] gain within lo .. hi, times step; returns how many
     * were beyond by half or more. */
    uint32_t (*encode)(size_t n, const float *x, float gain, float lo, float hi, float step,
                       float *u);
    /* u[i] = max(x[i] gain, lo); returns how many were below. */
    uint32_t (*scale)(size_t n, const float *x, float gain, float lo, float *u);
    void (*multiply)(size_t n, const float *a, const float *b, float *out);
    /* One phase: v[i] = max(sign v[i], 0). */
    void (*phase)(size_t n, float sign, float *v);
    /* One bit of the magnitude of whole numbers: v[i] = value where it is set, else 0, with the
     * sign of code[i]. */
    void (*bit)(size_t n, const float *code, int number, float value, float *v);
    /* Noise: v[i] += sd z[i], or, times what it stands for, v[i] += sd z[i] v[i]. */
    void (*add_noise)(size_t n, float sd, const float *z, int proportional, float *v);
    /* e[i] = v[i] f(v[i]), v[i] = f(v[i]). */
    void (*bend)(const struct mqc_curve *curve, size_t n, float *v, float *e);
    /* out[i] = (scale v[i])^2, or is raised by it. */
    void (*square)(size_t n, float scale, const float *v, int add, float *out);
    void (*magnitude)(size_t n, const float *v, float *out);
    /* out[i] += v[i]. */
    void (*add)(size_t n, const float *v, float *out);
    void (*root)(size_t n, const float *v, float *out);
    double (*sum)(size_t n, const float *a);
    double (*dot)(size_t n, const float *a, const float *b);
    /* The sum of x[i]^2 g[i]. */
    double (*energy)(size_t n, const float *x, const float *g);
    /* Noise of n cells: acc[j] += v sd(g[j]) z[j]; or the sum of v[j] sd(g[j]) z[j]; sd^2 =
     * absolute + relative g^2. */
    void (*cells)(size_t n, float v, float absolute, float relative, const float *g, const float *z,
                  float *acc);
    double (*cells_sum)(size_t n, const float *v, float absolute, float relative, const float *g,
                        const float *z);
    /* y[j] += what becomes of acc[j]; var and z may be NULL. Returns how many saturated. */
    uint32_t (*convert)(const struct mqc_output *out, size_t n, const float *acc, const float *var,
                        const float *z, float *y);
    /* Are all n finite? */
    int (*finite)(size_t n, const float *x);
};

const struct mqc_readout_kernels *mqc_readout_kernels(void);

MQC_DECLARE_KERNELS(mqc_readout_kernels, mqc_readout_kernels);

#endif
