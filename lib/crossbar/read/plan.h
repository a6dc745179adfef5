/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading an array through its converters. A product is cut up three ways: into reads (phases of a
 * signed input, serial bits), into ADC groups (all ADCs that see one matrix: that of a slice, or of
 * a plane), and into tiles of the inputs (whose results are added digitally). Each (read, group,
 * tile) is one GEMM, with relative read noise another product of squares (read/variance.h). Its
 * results pass the ADC one by one.
 *
 * Internally a full-scale input is 1, so that a line's signal is in siemens: amperes over
 * READ_VOLTAGE.
 *
 * Draws: stream OUTPUT, cell = tile x outputs + output; DRIVER, cell = input; CELL_READ, cell =
 * plane x cells + place; draw is always the number of the vector. The attempt is
 * mqc_readout_attempt(). */
#ifndef MQC_CROSSBAR_READ_PLAN_H
#define MQC_CROSSBAR_READ_PLAN_H

#include "crossbar/array/array.h"
#include "device/effects/read.h"

enum { MQC_ADC_GROUPS = MQC_PLANES, MQC_READ_BITS = 16, MQC_READ_CHUNK = 256 };

/* The ADCs of one matrix. */
struct mqc_adc_group {
    const double *effective; /* the matrix behind wires, where the plan is by effective matrices */
    const float *matrix;
    size_t plane, planes;   /* the cells behind it */
    const float *reference; /* a reference line, forward; NULL: none, or noiseless */
    float factor;           /* of its result in the sum: significance and sign */
    float offset;           /* S a unit input that the matrix is less than what the ADC sees,
                                      subtracted digitally */
    float worst;            /* S, worst case of an input */
    int one_sided;          /* never negative */
};

/* What the parameters make of a product in one direction. */
struct mqc_readout_plan {
    int transposed, ideal;
    int wired, newton;        /* through wires that resist; by Newton's method */
    int effective;            /* by effective matrices: what the groups then have */
    size_t in, out;           /* logical */
    size_t in_tile, in_tiles; /* inputs of an array; arrays behind one output */
    size_t out_tile, out_tiles;
    int coding, phases, bits; /* bits of magnitude, 0: ideal */
    int reads;                /* a phase */
    float levels;             /* 2^bits - 1 */
    float lowest;             /* input that is as low as it can be driven, in units of full scale;
                                 -INFINITY: no end */
    double gain, factor;      /* input to full scale; signal to result */
    float curve;              /* a READ_VOLTAGE */
    size_t value_tiles;       /* arrays whose results differ from what one large array would give: 1
                                 with ideal ADCs */
    size_t groups;
    struct mqc_adc_group group[MQC_ADC_GROUPS];
    int adc_bits;
    /* Noise, in units of G_MAX (the input's: of full scale). */
    int per_cell, noisy, octaves;
    double unit;
    float input_noise, absolute, relative, output; /* variances, but the first */
    float own_relative;                            /* of a cell; `relative` is of its square */
    int flicker;                                   /* do cells flicker in each read? */
    float slow;                                    /* S^2, variance of the slow part, or 0 */
    struct mqc_slow parts;                         /* what it consists of */
};

/* Do the cells behind an output have noise? */
static inline int mqc_plan_cells_are_noisy(const struct mqc_readout_plan *plan) {
    return plan->absolute > 0 || plan->relative > 0 || plan->slow > 0 || plan->flicker;
}

/* How many inputs a tile has, or what stands for all tiles. */
static inline size_t mqc_plan_depth(const struct mqc_readout_plan *plan, size_t tile) {
    const size_t rest = plan->in - tile * plan->in_tile;
    return plan->value_tiles == 1 || rest < plan->in_tile ? rest : plan->in_tile;
}

/* Makes the plan of a product. STATE where parameters do not go together; function: the public one
 * that was called. */
memqc_status mqc_readout_plan_make(const memqc_crossbar *xb, const char *function, int transposed,
                                   struct mqc_readout_plan *plan);

/* How many calibrated ranges a direction has. */
size_t mqc_readout_ranges(const memqc_crossbar *xb, int transposed);

#endif
