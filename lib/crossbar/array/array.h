/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside a crossbar. A weight stands on a rung of a ladder of weights, evenly spaced if the levels of
 * the device are; its position says on which:
 *
 *     single, reference         position = last - up, 0 .. last, falling with the weight
 *     differential, one-sided   position = up - down, -last .. last, rising; one of up and down
 *                               is 0
 *     differential, two-sided   position = up - down, -last .. last; up + down is last, or one less
 *
 * up and down are whole numbers 0 .. last, each written with one digit a slice to the base of the
 * mapping; digit d is level N - stride d of a cell. With one slice last is N - 1, the base N and
 * the stride 1.
 *
 * A weight has planes of cells: plane = slice x sides + side, slice 0 the most significant, side 0
 * that of up. What a product multiplies with is, for each slice, a matrix of rows x cols (G less
 * the middle of the range, less the reference, or G+ - G-):
 *
 *     w = scale (of the array or the column) x mqc_crossbar_unit() x sum over slices of
 *         factor[slice] matrix[slice] */
#ifndef MQC_CROSSBAR_ARRAY_ARRAY_H
#define MQC_CROSSBAR_ARRAY_ARRAY_H

#include <memqc/crossbar.h>

#include "crossbar/array/kernels.h"
#include "device/cell/inside.h"
#include "device/cell/spread.h"

enum {
    MQC_CROSSBAR_FIRST = MEMQC_CROSSBAR_MAPPING, /* value[key - FIRST] is that of a key */
    MQC_CROSSBAR_KEYS = MEMQC_CROSSBAR_DRIFT_COMPENSATION - MEMQC_CROSSBAR_MAPPING + 1,
    MQC_COUNTER_FIRST = MEMQC_CROSSBAR_COUNT_PROGRAMMED,
    MQC_CROSSBAR_COUNTERS =
        MEMQC_CROSSBAR_COUNT_SATURATED_LAST - MEMQC_CROSSBAR_COUNT_PROGRAMMED + 1,
    MQC_COST_FIRST = MEMQC_CROSSBAR_COST_SET,
    MQC_CROSSBAR_COSTS = MEMQC_CROSSBAR_COST_READ_TIME - MEMQC_CROSSBAR_COST_SET + 1,
    MQC_SIDES = 2,
    MQC_SLICES = 8,
    MQC_PLANES = MQC_SIDES * MQC_SLICES,
    MQC_TILE_SHAPES = 4, /* of tiles: whole ones, and those that the last row, column and corner
                             leave */
    MQC_CHUNK = 1024
};

/* How often each cell of a plane was programmed: base, and so many times more. Where all cells were
 * programmed equally often, both arrays are NULL; else one of them is there. See cells/counts.h. */
struct mqc_counts {
    uint32_t base;
    uint64_t most; /* no value of `few` is above it */
    uint16_t *few;
    uint32_t *many;
};

/* The cells of a plane, each array of rows x cols; or those of a slice's reference column, rows of
 * them. */
struct mqc_plane {
    size_t n;
    uint64_t number;         /* of the first cell */
    float *g;                /* S; the state of a pulsed cell */
    uint16_t *level;         /* which each was programmed to; the state of a quantized cell */
    struct mqc_counts count; /* number the draws of cells: how often each was programmed */
    float *own_block; /* what varies from device to device, if anything does; see cells/own.h */
    struct mqc_cell_arrays own;
    unsigned own_varies; /* bit a: array a of own has a value for each cell, else for a chunk */
    float *stuck; /* S, what a cell is stuck at; below 0: it works. NULL where none ever was */
    float *g0;    /* S, as programmed; and when, s. NULL until time passes */
    double *born;
    float *flicker; /* S, sd of the flicker of a read; NULL where reads have none */
};

/* What the mapping makes of the parameters. */
struct mqc_mapping {
    size_t sides, slices;
    int kind;                 /* MEMQC_CROSSBAR_MAPPING_... */
    double last;              /* largest number that the slices of a side hold */
    double base, stride;      /* of a digit; levels from one digit to the next */
    double unit;              /* weight of 1 S of the matrix, at a scale of 1 */
    double zero;              /* up of a weight of 0 in a reference column */
    float middle;             /* S, what a single cell's matrix is less */
    float factor[MQC_SLICES]; /* significance of a slice: 1, 1 / base, 1 / base^2 ... */
};

/* What wires that resist keep; see read/tile.h. */
struct mqc_wiring {
    struct mqc_circuit *circuit[MQC_TILE_SHAPES];
    struct mqc_newton *newton[MQC_TILE_SHAPES]; /* made by the first read of nonlinear cells */
    size_t holds[MQC_TILE_SHAPES]; /* whose conductances: 1 + plane x tiles + tile; 0: none */
    double *effective;             /* S: groups x cells, of so many ADC groups; 0: none */
    size_t effective_room, groups;
    double *plane; /* S: the effective cells of a plane; 1 + its number, or 0 */
    size_t plane_room, plane_holds;
    int hopeless;        /* rounding keeps matrices from being accurate */
    uint64_t seen;       /* vectors since the last change of a conductance */
    uint64_t generation; /* of the conductances that all this is of */
    float *floats;       /* scratch */
    double *doubles;
    size_t floats_room, doubles_room;
};

/* Rounded squares for the variances of a direction; see read/variance.h. */
struct mqc_variances {
    int16_t *panels;       /* of the conductances: ADC groups x tiles x panels */
    float *outputs;        /* how they were rounded: groups x tiles x 3 x outputs */
    uint32_t *uneven;      /* outputs whose squares are better not rounded */
    float *uneven_squares; /* theirs: groups x inputs x so many */
    size_t unevens;
    size_t groups, depth; /* whose all this is; inputs of a tile; 0: nobody's */
    uint64_t generation;  /* of the conductances */
    float relative;       /* with flicker, noise that is in them */
    /* Scratch. */
    int16_t *x; /* squares of the inputs: vectors x tiles */
    struct mqc_rounding *of;
    size_t *doubtful; /* vectors that are to be multiplied in floats */
    float *again;     /* they and their results */
    size_t panels_room, outputs_room, uneven_room, uneven_squares_room;
    size_t x_room, of_room, doubtful_room, again_room;
};

/* What reading keeps: by direction, [0] forward and [1] transposed. All made when it is needed. */
struct mqc_readout {
    float *range[2];  /* A, calibrated: ADC groups x tiles x outputs */
    size_t ranges[2]; /* how many */
    float *squares;   /* of G / G_MAX: groups x cells, of so many ADC groups and a generation; with
                         flicker, variances of the noise, of such a relative one */
    size_t squares_room, squares_groups;
    uint64_t squares_generation;
    float squares_relative;
    struct mqc_variances variances[2];
    float *scratch;
    size_t scratch_room;
    struct mqc_wiring wiring;
};

/* The last call that programmed. */
struct mqc_report {
    enum { MQC_REPORT_NONE, MQC_REPORT_ALL, MQC_REPORT_LIST, MQC_REPORT_UPDATE } kind;
    double cost[MEMQC_DEVICE_COSTS]; /* before it, and after it what it cost */
    uint64_t cells, reads;
    uint32_t *places; /* of a list: n, and room for so many */
    size_t n, room;
    uint64_t moved; /* weights, by an update */
};

/* How large a plane is. */
struct mqc_shape {
    size_t rows, cols;
    size_t cells; /* rows x cols */
};

/* What the weights are, from the first programming on. */
struct mqc_weights {
    struct mqc_mapping map;
    struct mqc_ladder ladder;
    float *rungs;    /* memory of the heights of an uneven ladder, or NULL */
    float *scale;    /* s: one value, or one a column */
    float *slope;    /* d position / d weight: one value, or one a column */
    float *position; /* NULL where the levels of the cells tell it: see mapping/position.h */
    /* What a product multiplies with: G less the middle of the range, or G+ - G-, summed over the
     * slices. Kept beside G because the rank-one term of an offset, subtracted from a product with
     * G itself, would cancel most of the digits of a float. */
    float *matrix;
    float *slice[MQC_SLICES]; /* its parts, where there are several slices: matrix = sum of factor x
                                 slice */
};

/* The sums of the conductances behind each input of a direction; see cells/sums.h. */
struct mqc_sums {
    double *total;  /* S */
    float *rounded; /* as the kernels want them */
    uint64_t generation;
};

/* The cells, from the first programming on. */
struct mqc_array_cells {
    uint64_t generation; /* of the conductances: what is computed from them notes it */
    uint64_t seed; /* that of the first programming: it draws what varies from device to device */
    size_t planes;
    struct mqc_plane plane[MQC_PLANES];
    struct mqc_plane reference[MQC_SLICES];
    struct mqc_lookup lookup; /* what programming looks up, once it is looked_up */
    int looked_up;
    struct mqc_sums sums[2]; /* forward, transposed */
};

/* What compensates the drift of the array as a whole; see read/compensate.c. */
struct mqc_compensation {
    double factor;    /* on outputs */
    double reference; /* sum of the outputs of the calibration when the array was young; 0: none */
    double vectors;   /* of that calibration */
    uint64_t generation; /* of the conductances when the factor was made */
};

/* What happened to the array so far. */
struct mqc_account {
    struct mqc_compensation compensation;
    uint64_t counter[MQC_CROSSBAR_COUNTERS]; /* by counter less the first one */
    double cost[MQC_CROSSBAR_COSTS];         /* those of the device first */
    uint64_t vector;                         /* number of the next vector of a product */
    uint64_t bursts;                         /* numbers the updates by pulse trains */
    uint64_t reads;                          /* of cells, to verify them */
    double clock;                            /* s */
    struct mqc_report report;
};

/* Memory of one call, kept for the next. */
struct mqc_scratch {
    float *next;       /* positions of an update */
    uint64_t *changed; /* and which of them are new */
    float *scaled;     /* inputs times the scales of their columns */
    size_t scaled_room;
    uint32_t *train_bits; /* of update/trains.c */
    float *train_signs;
};

/* What the update rule keeps; see crossbar/update/. Made when it is needed. */
struct mqc_update {
    uint64_t steps;       /* numbers the updates */
    float *gathered;      /* what each weight is still to be moved by; the buffer of Tiki-Taka 2 */
    float *zero;          /* S, what the fast array of Tiki-Taka is read against */
    memqc_crossbar *fast; /* that array */
    float *dw;            /* scratch: a step of the weights */
    float *spare;         /* scratch: the next `gathered`, while an update may still fail */
};

struct memqc_crossbar {
    memqc_device *device;
    uint64_t seed;
    double value[MQC_CROSSBAR_KEYS]; /* by key less the first one */
    struct mqc_shape shape;
    int programmed;
    struct mqc_weights weights;
    struct mqc_array_cells cells;
    struct mqc_account account;
    struct mqc_scratch scratch;
    struct mqc_readout readout;
    struct mqc_update update;
    memqc_progress progress; /* NULL: nobody is told */
    void *user;
    int busy; /* within a call that tells its progress */
};

/* The value of a parameter. */
static inline double mqc_crossbar_value(const memqc_crossbar *xb, int32_t key) {
    return xb->value[key - MQC_CROSSBAR_FIRST];
}

/* A counter, MEMQC_CROSSBAR_COUNT_...: its value; raises it; sets it. */
static inline uint64_t mqc_crossbar_counter(const memqc_crossbar *xb, int32_t counter) {
    return xb->account.counter[counter - MQC_COUNTER_FIRST];
}

static inline void mqc_crossbar_count_up(memqc_crossbar *xb, int32_t counter, uint64_t by) {
    xb->account.counter[counter - MQC_COUNTER_FIRST] += by;
}

static inline void mqc_crossbar_count_set(memqc_crossbar *xb, int32_t counter, uint64_t value) {
    xb->account.counter[counter - MQC_COUNTER_FIRST] = value;
}

static inline int mqc_crossbar_by_column(const memqc_crossbar *xb) {
    return mqc_crossbar_value(xb, MEMQC_CROSSBAR_NORMALIZATION) ==
           MEMQC_CROSSBAR_NORMALIZATION_COLUMN;
}

/* A weight is scale x unit x its element of the matrix. */
static inline double mqc_crossbar_unit(const memqc_crossbar *xb) {
    return xb->weights.map.unit;
}

/* The same, of what is read: outputs follow the drift of the array. */
static inline double mqc_crossbar_read_unit(const memqc_crossbar *xb) {
    const int compensated = mqc_crossbar_value(xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION) > 0;
    return xb->weights.map.unit * (compensated ? xb->account.compensation.factor : 1);
}

/* The matrix of a slice. */
static inline const float *mqc_crossbar_slice(const memqc_crossbar *xb, size_t slice) {
    return xb->weights.map.slices == 1 ? xb->weights.matrix : xb->weights.slice[slice];
}

#endif
