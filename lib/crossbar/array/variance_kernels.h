/* SPDX-License-Identifier: BSD-3-Clause */
/* Variances of outputs in whole numbers. The variance of an output is a sum over its inputs of
 * squares x^2 times squares g^2. Both are rounded to whole numbers of 14 bits, those of a vector in
 * units of their largest one, those of an output likewise. They are multiplied 16 bits at a time,
 * a group of inputs is summed exactly in 32 bits, and groups are added as floats, in their order.
 * All instruction sets give the same bits.
 *
 * With x^2 = a (X + e), g^2 = b (G + f) and |e|, |f| <= 1/2, the sum is off by at most
 *     sum |e| G + sum X |f| + sum |e f|,
 * and each of the three has bounds that are known without another look at the cells. */
#ifndef MQC_CROSSBAR_VARIANCE_KERNELS_H
#define MQC_CROSSBAR_VARIANCE_KERNELS_H

#include "core/isa.h"

#include <stddef.h>
#include <stdint.h>

/* Squares of conductances are kept in panels of so many outputs. A panel holds, for every two
 * inputs, the pairs of all its outputs. */
enum { MQC_PANEL = 16, MQC_PANEL_PAIR = 2 * MQC_PANEL };

enum {
    MQC_VARIANCE_TOP = 16383,   /* the largest whole number */
    MQC_VARIANCE_GROUP = 8,     /* so many products are added as 32 bits; inputs come in groups */
    MQC_VARIANCE_DEPTH = 65536, /* most inputs: the sum of their whole numbers fits 32 bits */
};

/* n inputs in whole groups. */
static inline size_t mqc_variance_padded(size_t n) {
    return (n + MQC_VARIANCE_GROUP - 1) / MQC_VARIANCE_GROUP * MQC_VARIANCE_GROUP;
}

/* Numbers that were rounded to multiples of a unit. */
struct mqc_rounding {
    float unit, sum, error; /* sum of the multiples; of the errors' magnitudes, in units */
};

/* Outputs side by side: one number for each. */
struct mqc_roundings {
    float *unit, *sum, *error;
};

struct mqc_variance_kernels {
    /* largest[j] = the larger one of it and squares[j]; NaN is the largest. */
    void (*enlarge)(size_t n, const float *squares, float *largest);
    /* From the largest numbers of outputs to what they are multiplied with to be rounded. */
    void (*scale)(size_t n, float *largest, struct mqc_roundings of);
    /* Rounds the squares of two inputs, of n outputs in whole panels, and puts them into `panel` and
     * those behind it, from one to the next `size`. */
    void (*pack)(size_t n, const float *even, const float *odd, const float *inverse,
                 int16_t *panel, size_t size, struct mqc_roundings of);
    /* Puts the rounded squares of one output's inputs into its place of a panel. */
    void (*place)(size_t pairs, const int16_t *squares, int16_t *panel);
    /* Rounds n squares of a vector, or of an output; those that fill the last group are 0. */
    struct mqc_rounding (*round)(size_t n, const float *squares, int16_t *out);
    /* out = the sums for n vectors and panels, in units; pairs in whole groups. `size` is from one
     * panel to the next. */
    void (*multiply)(size_t n, size_t pairs, const int16_t *x, size_t ldx, size_t panels,
                     const int16_t *panel, size_t size, float *out, size_t ldo);
    /* From sums in units to variances. Are all of them within 1 %? */
    int (*finish)(size_t n, struct mqc_rounding of, struct mqc_roundings by, float *var);
};

const struct mqc_variance_kernels *mqc_variance_kernels(void);

MQC_DECLARE_KERNELS(mqc_variance_kernels, mqc_variance_kernels);

#endif
