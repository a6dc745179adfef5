/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading an array through its converters. A product is cut up three ways: into reads (phases of a
 * signed input, serial bits), into sources (what an ADC sees: a matrix, one a slice or one a
 * plane), and into tiles of the inputs (arrays whose results are added digitally). Each (read,
 * source, tile) is one GEMM, or two with relative read noise, whose results pass the ADC one by
 * one.
 *
 * Internally a full-scale input is 1, so that a line's signal is in siemens: amperes over
 * READ_VOLTAGE.
 *
 * Draws: stream OUTPUT, cell = tile x outputs + output; DRIVER, cell = input; CELL_READ, cell =
 * plane x cells + place; draw is always the number of the vector. The attempt is
 * mqc_readout_attempt(). */
#ifndef MQC_CROSSBAR_READOUT_H
#define MQC_CROSSBAR_READOUT_H

#include "crossbar/array/array.h"
#include "crossbar/array/read_kernels.h"
#include "la/blas.h"

enum { MQC_SOURCES = MQC_PLANES, MQC_READ_BITS = 16, MQC_READ_CHUNK = 256 };

/* What one set of ADCs sees. */
struct mqc_source {
    const float *matrix, *squares; /* squares: of the relative conductances, where relative noise
                                      needs them */
    size_t plane, planes;          /* the cells behind it */
    const float *reference;        /* those of a reference line, forward; NULL: none, or noiseless
                                      */
    float factor;                  /* of its result in the sum: significance and sign */
    float offset;                  /* S a unit input that the matrix is less than what the ADC sees,
                                      subtracted digitally */
    float worst;                   /* S, worst case of an input */
    int one_sided;                 /* never negative */
};

/* What the parameters make of a product in one direction. */
struct mqc_readout_plan {
    int transposed, ideal;
    int wired, newton;        /* through wires that resist; by Newton's method */
    int effective;            /* by effective matrices: what the sources then have */
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
    size_t sources;
    struct mqc_source source[MQC_SOURCES];
    int adc_bits;
    /* Noise, in units of G_MAX (the input's: of full scale). */
    int per_cell, noisy, octaves;
    double unit;
    float input_noise, absolute, relative, output; /* variances, but the first */
};

memqc_status mqc_readout_plan_make(const memqc_crossbar *xb, const char *function, int transposed,
                                   struct mqc_readout_plan *plan);

/* Checks a parameter of reading beyond its table, and drops what it makes obsolete. */
memqc_status mqc_readout_set(memqc_crossbar *xb, int32_t key, double value);
/* What the table of parameters cannot say of a value. */
memqc_status mqc_readout_check(int32_t key, double value);

/* Frees; copies ranges to an array that has none. */
void mqc_readout_free(struct mqc_readout *read);
memqc_status mqc_readout_clone(memqc_crossbar *to, const memqc_crossbar *from);

/* How many calibrated ranges a direction has. */
size_t mqc_readout_ranges(const memqc_crossbar *xb, int transposed);

/* The squares that a plan's sources need, made where they are not there. */
memqc_status mqc_readout_squares(memqc_crossbar *xb, struct mqc_readout_plan *plan);

/* --- convert_run.c --- */

/* For calibration: the magnitudes that a source's ADCs see in one tile, reads x samples x outputs;
 * no noise, no result. */
struct mqc_collect {
    size_t source, tile;
    float *to;
};

/* A product through the converters; y is NULL with collect. Nothing changes where it fails. */
memqc_status mqc_readout_run(memqc_crossbar *xb, struct mqc_readout_plan *plan, size_t batch,
                             const float *x, size_t ldx, float *y, size_t ldy,
                             struct mqc_collect *collect);

/* --- readout_noise.c --- */

/* source: MQC_SOURCES and more for the reference lines. */
uint32_t mqc_readout_attempt(const struct mqc_readout_plan *plan, size_t source, int phase,
                             int bit);

/* Adds the noise of each cell of a source and tile to n outputs of a vector whose effective inputs
 * are v; z and more are scratch, of a line of cells each. */
void mqc_readout_cells(const memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t source,
                       size_t tile, uint32_t attempt, uint64_t draw, const float *v, float *z,
                       float *more, float *acc);

/* What the noise of a reference line's cells takes from all outputs of a vector whose effective
 * inputs are v. */
float mqc_readout_reference(const memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                            size_t source, size_t tile, uint32_t attempt, uint64_t draw,
                            const float *v, float *z, float *more);

/* --- readout_cost.c --- */

/* Counts and charges a product; energy: of the cells, in units of READ_VOLTAGE^2 S READ_TIME. */
void mqc_readout_charge(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t batch,
                        double energy);

/* --- helpers --- */

memqc_status mqc_product_check(const memqc_crossbar *xb, const char *function, size_t batch,
                               size_t in, size_t ldx, size_t out, size_t ldy);

#endif
