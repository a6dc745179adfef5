/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside a crossbar. A weight stands on a rung of a ladder of evenly spaced weights; its position
 * says on which:
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
#ifndef MQC_CROSSBAR_CROSSBAR_H
#define MQC_CROSSBAR_CROSSBAR_H

#include <memqc/crossbar.h>

#include "core/params.h"
#include "crossbar/array/kernels.h"
#include "device/cell/inside.h"

enum {
    MQC_CROSSBAR_KEYS = MEMQC_CROSSBAR_WIRE_TOLERANCE,
    MQC_CROSSBAR_SETTLED = MEMQC_CROSSBAR_CLIP_PERCENTILE, /* keys up to here are settled by the
                                                              first programming */
    MQC_CROSSBAR_READING = MEMQC_CROSSBAR_INPUT_CODING,    /* keys from here on are of products */
    MQC_CROSSBAR_COUNTERS = MEMQC_CROSSBAR_COUNT_SATURATED_LAST,
    MQC_CROSSBAR_COSTS = MEMQC_CROSSBAR_COST_READ_TIME,
    MQC_SIDES = 2,
    MQC_SLICES = 8,
    MQC_PLANES = MQC_SIDES * MQC_SLICES,
    MQC_ARRAY_SHAPES = 4, /* of tiles: whole ones, and those that the last row, column and corner
                             leave */
    MQC_CHUNK = 1024
};

extern const struct mqc_params mqc_crossbar_params;

/* The cells of a plane, each array of rows x cols; or those of a slice's reference column, rows of
 * them. */
struct mqc_plane {
    size_t n;
    uint64_t number;  /* of the first cell */
    float *g;         /* S; the state of a pulsed cell */
    float *level;     /* which each was programmed to; the state of a quantized cell */
    uint32_t *count;  /* numbers its draws: how often each was programmed */
    float *own_block; /* what varies from device to device, where anything does; own points into it
                         */
    struct mqc_cell_arrays own;
    float *stuck; /* S, what a cell is stuck at; below 0: it works. NULL where none ever was */
    float *g0;    /* S, as programmed; and when, s. NULL until time passes */
    double *born;
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

/* What wires that resist keep; see wiring.h. */
struct mqc_wiring {
    struct mqc_circuit *circuit[MQC_ARRAY_SHAPES];
    size_t holds[MQC_ARRAY_SHAPES]; /* whose conductances: 1 + plane x arrays + array; 0: nobody's
                                       */
    float *effective;               /* S: sources x cells, of so many sources; 0: of other
                                       conductances */
    size_t effective_room, sources;
    uint64_t seen; /* vectors since the last change of a conductance */
    float *floats; /* scratch */
    double *doubles;
    size_t floats_room, doubles_room;
};

/* What reading keeps: by direction, [0] forward and [1] transposed. All made when it is needed. */
struct mqc_readout {
    float *range[2];  /* A, calibrated: sources x tiles x outputs */
    size_t ranges[2]; /* how many */
    double *total[2]; /* S, conductances behind each input, and as the kernels want them */
    float *sums[2];
    int summed[2];  /* are they of the present conductances? */
    float *squares; /* of G / G_MAX: sources x cells */
    size_t squares_room, squares_sources;
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
    float *scale; /* s: one value, or one a column */
    float *slope; /* d position / d weight: one value, or one a column */
    float *position;
    /* What a product multiplies with: G less the middle of the range, or G+ - G-, summed over the
     * slices. Kept beside G because the rank-one term of an offset, subtracted from a product with
     * G itself, would cancel most of the digits of a float. */
    float *matrix;
    float *slice[MQC_SLICES]; /* its parts, where there are several slices: matrix = sum of factor x
                                 slice */
};

/* The cells, from the first programming on. */
struct mqc_array_cells {
    uint64_t seed; /* that of the first programming: it draws what varies from device to device */
    size_t planes;
    struct mqc_plane plane[MQC_PLANES];
    struct mqc_plane reference[MQC_SLICES];
    struct mqc_reach reach; /* what programming looks up */
    double *set_energy;     /* quantized: J, of a SET from each level */
};

/* What happened to the array so far. */
struct mqc_account {
    uint64_t counter[MQC_CROSSBAR_COUNTERS + 1];
    double cost[MQC_CROSSBAR_COSTS]; /* those of the device first */
    uint64_t bursts;                 /* numbers the updates by pulse trains */
    uint64_t reads;                  /* of cells, to verify them */
    double clock;                    /* s */
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

struct memqc_crossbar {
    memqc_device *device;
    uint64_t seed;
    double value[MQC_CROSSBAR_KEYS + 1];
    struct mqc_shape shape;
    int programmed;
    struct mqc_weights weights;
    struct mqc_array_cells cells;
    struct mqc_account account;
    struct mqc_scratch scratch;
    struct mqc_readout readout;
};

static inline int mqc_crossbar_by_column(const memqc_crossbar *xb) {
    return xb->value[MEMQC_CROSSBAR_NORMALIZATION] == MEMQC_CROSSBAR_NORMALIZATION_COLUMN;
}

/* A weight is scale x unit x its element of the matrix. */
static inline double mqc_crossbar_unit(const memqc_crossbar *xb) {
    return xb->weights.map.unit;
}

/* The matrix of a slice. */
static inline const float *mqc_crossbar_slice(const memqc_crossbar *xb, size_t slice) {
    return xb->weights.map.slices == 1 ? xb->weights.matrix : xb->weights.slice[slice];
}

/* Fails with STATE before the first programming. */
memqc_status mqc_crossbar_ready(const memqc_crossbar *xb, const char *function);

/* --- mapping.c --- */

/* Refuses parameters that do not go together: a base above the levels of the device, too many
 * rungs. */
memqc_status mqc_mapping_check(const memqc_crossbar *xb);

/* How many planes the parameters ask for, and all else that the mapping makes of them. */
size_t mqc_mapping_planes(const memqc_crossbar *xb);
void mqc_mapping_make(memqc_crossbar *xb);

/* Levels of a plane's cells for n positions, and of the reference column's cells of a slice. */
void mqc_mapping_levels(const memqc_crossbar *xb, size_t plane, size_t n, const float *position,
                        float *levels);
float mqc_mapping_reference_level(const memqc_crossbar *xb, size_t slice);

/* --- scale.c --- */

/* The scale s and the slope of the ladder, from the weights that are about to be programmed; most:
 * the largest magnitude. NOMEM, and nothing is changed. */
memqc_status mqc_crossbar_scale(memqc_crossbar *xb, const float *w, size_t ldw, float most);

/* The rank-th smallest (from 0) of n values, which it reorders. */
float mqc_select_rank(float *x, size_t n, size_t rank);

/* --- state.c --- */

/* Allocates what the mapping needs and sets its ladder; what was had before a failure is kept for
 * the next try. */
memqc_status mqc_crossbar_settle(memqc_crossbar *xb);
void mqc_crossbar_free_state(memqc_crossbar *xb);

/* Room for what is stuck in a plane, and for what ages in all of them (which begins now, where it
 * is new). NOMEM. */
memqc_status mqc_plane_stuck_room(struct mqc_plane *plane);
memqc_status mqc_crossbar_age_room(memqc_crossbar *xb);
/* The planes of all kinds, reference columns last; NULL past the last one. */
struct mqc_plane *mqc_crossbar_any_plane(const memqc_crossbar *xb, size_t i);

/* Makes the matrix of n weights anew from the conductances; index as below. */
void mqc_crossbar_refresh(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index);

/* --- place.c; n at most MQC_CHUNK --- */

/* Puts n different weights to their positions and programs their cells: all of them, or only those
 * whose level changes. index may be NULL: first, first + 1, ... */
void mqc_crossbar_place(memqc_crossbar *xb, size_t n, size_t first, const uint32_t *index,
                        const float *position, int all);

/* Programs the cells of a plane whose level changes, and nothing else: not the positions, not the
 * matrix. */
void mqc_crossbar_place_levels(memqc_crossbar *xb, size_t plane, size_t n, const uint32_t *index,
                               const float *levels);

/* The door of every change of n conductances of a plane by programming or pulses (index as above),
 * before mqc_crossbar_refresh(): g are the new ones, which those of stuck cells replace; the time
 * is noted, and what reading keeps is corrected. */
void mqc_plane_store(memqc_crossbar *xb, struct mqc_plane *plane, size_t n, size_t first,
                     const uint32_t *index, float *g);

/* The same where the new ones are in the plane already; what reading keeps is made anew when it is
 * needed next. */
void mqc_plane_programmed(memqc_crossbar *xb, struct mqc_plane *plane, size_t n, size_t first,
                          const uint32_t *index);

/* The same for the reference column, where there is one. */
void mqc_crossbar_place_reference(memqc_crossbar *xb);

/* --- program.c --- */

/* The scratch of an update: next and changed. */
memqc_status mqc_crossbar_update_room(memqc_crossbar *xb);

/* Of n weights, the first-th of the array and on, those whose bits are set, from a block on: a
 * chunk of them, or what there is. Returns how many, 0 at the end. next, changed: of the n; index,
 * position: of MQC_CHUNK. */
size_t mqc_crossbar_collect(size_t *block, size_t first, size_t n, const float *next,
                            const uint64_t *changed, uint32_t *index, float *position);

/* --- report.c --- */

/* Room for the report on a list of n places. */
memqc_status mqc_report_room(memqc_crossbar *xb, size_t n);
/* A call that programs begins (after everything that may fail), and ends; places: those of
 * MQC_REPORT_LIST. */
void mqc_report_begin(memqc_crossbar *xb);
void mqc_report_end(memqc_crossbar *xb, int kind, size_t n, const size_t *places);
/* S, by how much a cell's conductance may be off. */
double mqc_crossbar_tolerance(const memqc_crossbar *xb);

/* --- copy.c --- */

/* A copy, and copying back into an array of the same shape that has been programmed like it. */
memqc_status mqc_crossbar_clone(const memqc_crossbar *xb, memqc_crossbar **out);
void mqc_crossbar_assign(memqc_crossbar *to, const memqc_crossbar *from);

#endif
