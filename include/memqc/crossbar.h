/* SPDX-License-Identifier: BSD-3-Clause */
/** @file crossbar.h
 *  Crossbar arrays: weights on word lines (rows) x bit lines (columns) of memristor cells, and the analog
 *  multiply-accumulate over them.
 *
 *  Inputs drive the word lines, outputs are collected on the bit lines: y = x W, W of rows x cols. What holds a weight depends on
 *  the mapping. With one slice (#MEMQC_CROSSBAR_SLICES), a weight is one cell, or a pair:
 *
 *      single        w = s (G - (G_MAX + G_MIN) / 2) / ((G_MAX - G_MIN) / 2), the offset taken off digitally
 *      reference     w = s (G - Gref) / ((G_MAX - G_MIN) / 2), Gref a cell of a reference column, one for each row, at the level next
 *                    below the middle: 0 is exact without noise
 *      differential  w = s (G+ - G-) / (G_MAX - G_MIN); 0 is exact without noise. One-sided: one of the two cells stays at G_MIN.
 *                    Two-sided: both move, in opposite directions, about the middle of the range
 *
 *  With more slices each of these cells becomes a group of cells, its number of levels written with one digit a cell to a base B:
 *  in place of G stands the sum over the slices of G_slice / B^slice, slice 0 being the most significant.
 *
 *  s, the scale, is the largest weight that the array (or the column) can hold; see #MEMQC_CROSSBAR_NORMALIZATION.
 *  Weights beyond s go to the nearest end and are counted. Cells are numbered by *planes* of rows x cols: plane = slice x sides +
 *  side, with sides 2 for pairs (0 is G+, 1 is G-) and 1 for the others.
 */
#ifndef MEMQC_CROSSBAR_H
#define MEMQC_CROSSBAR_H

#include "device.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An array of cells of one device. @since 0.1 */
typedef struct memqc_crossbar memqc_crossbar;

/** Keys of memqc_crossbar_set() and memqc_crossbar_get(). MAPPING to CLIP_PERCENTILE are settled by the first programming:
 *  afterwards setting them is refused with MEMQC_ERROR_STATE. @since 0.1 */
enum {
    MEMQC_CROSSBAR_MAPPING = 1,       /**< MEMQC_CROSSBAR_MAPPING_...; default SINGLE */
    MEMQC_CROSSBAR_NORMALIZATION = 2, /**< MEMQC_CROSSBAR_NORMALIZATION_...; default FIXED */
    MEMQC_CROSSBAR_W_MAX = 3,         /**< the scale s of NORMALIZATION_FIXED: 1e-6 .. 1e6; default 1. Under the other
                                           normalizations it reads the largest scale in use (0 before programming),
                                           and setting it is refused */
    /* @since 0.2 */
    MEMQC_CROSSBAR_SLICES = 4,         /**< cells that share the digits of a weight (of each side of a pair): 1 .. 8, whole; default 1 */
    MEMQC_CROSSBAR_SLICE_BASE = 5,     /**< B, the base of the digits: 2 .. STATES of the device, whole, or 0, the default: STATES. A
                                            cell uses every floor((STATES - 1) / (B - 1))-th of its levels, from G_MIN up. B to the power
                                            SLICES is at most 2^20. With one slice B is STATES */
    MEMQC_CROSSBAR_CLIP_PERCENTILE = 6, /**< %, 50 .. 100; default 100. The scales of NORMALIZATION_ARRAY and _COLUMN come from this
                                             percentile of the magnitudes (nearest rank; their largest where it is 0) */
    /* These may change at any time. @since 0.2 */
    MEMQC_CROSSBAR_SCHEME = 7,           /**< MEMQC_CROSSBAR_SCHEME_...; default BLIND */
    MEMQC_CROSSBAR_VERIFY_TOLERANCE = 8, /**< tolerance of a cell's conductance, in levels (of STEP): 0 .. 4096; default 0.5 */
    MEMQC_CROSSBAR_VERIFY_WINDOW = 9,    /**< S, the same as a conductance: 0 .. 1e3; the larger of the two counts; default 0 */
    MEMQC_CROSSBAR_VERIFY_PULSES = 10,   /**< pulses that a cell may get in a call, the first approach included (which is always made): 1
                                              .. 1e6, whole; default 1000 */
    MEMQC_CROSSBAR_WRITE_PARALLEL = 11,  /**< cells that are programmed at the same time: 1 .. 2^30, whole; default 1 */
    MEMQC_CROSSBAR_CELL_AREA = 12,       /**< F^2, of a cell: 1e-3 .. 1e9; default 4, a cross point without a transistor */
    MEMQC_CROSSBAR_FEATURE = 13          /**< m, the feature size F: 1e-10 .. 1; default 45e-9 */
};

/** Values of #MEMQC_CROSSBAR_SCHEME. @since 0.2 */
enum {
    MEMQC_CROSSBAR_SCHEME_BLIND = 1, /**< open loop, as memqc_device_program(): quantized cells are set and depressed to their level, or
                                          depressed alone where that leads there; pulsed ones get the pulses of the nominal model */
    MEMQC_CROSSBAR_SCHEME_VERIFY = 2 /**< then each cell is read (with the device's READ_NOISE_...), and as long as it is not within the tolerance of its level's nominal
                                          conductance and its pulses last, corrected: quantized cells are set and depressed to the level
                                          again, pulsed ones get the pulses that the nominal model needs from what was read, one at least */
};

/** Values of #MEMQC_CROSSBAR_MAPPING. @since 0.1 */
enum {
    MEMQC_CROSSBAR_MAPPING_SINGLE = 1,      /**< one cell a weight, affine over the G range (the paper's) */
    MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL = 2, /**< a pair G+ - G-, one of them at G_MIN; 0 is exact without noise */
    MEMQC_CROSSBAR_MAPPING_REFERENCE = 3,    /**< one cell a weight and a reference column. @since 0.2 */
    MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED = 4 /**< a pair G+ - G- about the middle of the range. @since 0.2 */
};

/** Values of #MEMQC_CROSSBAR_NORMALIZATION: where the scale s comes from. @since 0.1 */
enum {
    MEMQC_CROSSBAR_NORMALIZATION_FIXED = 1,  /**< W_MAX */
    MEMQC_CROSSBAR_NORMALIZATION_ARRAY = 2,  /**< the largest magnitude given to memqc_crossbar_program() */
    MEMQC_CROSSBAR_NORMALIZATION_COLUMN = 3  /**< the same for each column; 1 where all weights are 0 */
};

/** Counters for memqc_crossbar_count(), all since the array was created. @since 0.1 */
enum {
    MEMQC_CROSSBAR_COUNT_PROGRAMMED = 1, /**< cells programmed (two for a changed pair) */
    MEMQC_CROSSBAR_COUNT_NEGATIVE = 2,   /**< draws below zero, clamped or drawn again */
    MEMQC_CROSSBAR_COUNT_CLIPPED = 3,    /**< programmed weights beyond the scale by half a level or more, put to the end */
    MEMQC_CROSSBAR_COUNT_REFRESHED = 4   /**< pairs refreshed under MEMQC_MLP_RULE_ONE_DIRECTIONAL. @since 0.2 */
};

/** What programming has cost, for memqc_crossbar_cost(), all since the array was created; see MEMQC_DEVICE_COST_... for what counts.
 *  @since 0.2 */
enum {
    MEMQC_CROSSBAR_COST_SET = 1,   /**< SET or potentiation pulses */
    MEMQC_CROSSBAR_COST_RESET = 2, /**< RESET or depression pulses */
    MEMQC_CROSSBAR_COST_TIME = 3,  /**< s, one cell after the other */
    MEMQC_CROSSBAR_COST_ENERGY = 4, /**< J, in the cells */
    MEMQC_CROSSBAR_COST_LATENCY = 5, /**< s, TIME / WRITE_PARALLEL */
    MEMQC_CROSSBAR_COST_AREA = 6     /**< m^2: cells of all planes and of the reference column, times CELL_AREA FEATURE^2 */
};

/** What memqc_crossbar_report() says of the last call that programmed. @since 0.2 */
enum {
    MEMQC_CROSSBAR_REPORT_CELLS = 1,  /**< cells programmed, the reference column's too */
    MEMQC_CROSSBAR_REPORT_SET = 2,    /**< SET or potentiation pulses */
    MEMQC_CROSSBAR_REPORT_RESET = 3,  /**< RESET or depression pulses */
    MEMQC_CROSSBAR_REPORT_TIME = 4,   /**< s, one cell after the other */
    MEMQC_CROSSBAR_REPORT_ENERGY = 5, /**< J */
    MEMQC_CROSSBAR_REPORT_READS = 6,  /**< reads of cells under SCHEME_VERIFY */
    /* Of the cells that the call named (not of the reference column), as they are now: conductance less that of the level. Not after
     * memqc_crossbar_update(), which names none. */
    MEMQC_CROSSBAR_REPORT_FAILED = 7,      /**< cells out of the tolerance, under either scheme */
    MEMQC_CROSSBAR_REPORT_ERROR_MEAN = 8,  /**< S */
    MEMQC_CROSSBAR_REPORT_ERROR_SD = 9,    /**< S, root of the mean square about the mean */
    MEMQC_CROSSBAR_REPORT_ERROR_MAX = 10,  /**< S, largest magnitude */
    MEMQC_CROSSBAR_REPORT_ERROR_Q01 = 11,  /**< S, quantile 1 % of the signed errors, by nearest rank */
    MEMQC_CROSSBAR_REPORT_ERROR_Q05 = 12,  /**< S, 5 % */
    MEMQC_CROSSBAR_REPORT_ERROR_Q25 = 13,  /**< S, 25 % */
    MEMQC_CROSSBAR_REPORT_ERROR_Q50 = 14,  /**< S, the median */
    MEMQC_CROSSBAR_REPORT_ERROR_Q75 = 15,  /**< S, 75 % */
    MEMQC_CROSSBAR_REPORT_ERROR_Q95 = 16,  /**< S, 95 % */
    MEMQC_CROSSBAR_REPORT_ERROR_Q99 = 17   /**< S, 99 % */
};

/** New array, not yet programmed: every function that reads it fails with STATE until memqc_crossbar_program().
 *  @param device  of any model (0.1: quantized alone); copied: the caller may change or destroy it afterwards
 *  @param rows    word lines, 1 or more   @param cols  bit lines, 1 or more; rows x cols <= 2^30
 *  @return ARGUMENT, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_create(const memqc_device *device, size_t rows, size_t cols,
                                             memqc_crossbar **out);

/** Frees an array and sets the pointer to NULL. NULL and a pointer to NULL are fine. @since 0.1 */
MEMQC_API void memqc_crossbar_destroy(memqc_crossbar **crossbar);

/** Sets a parameter. @return ARGUMENT (key, value), STATE (already programmed)  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_set(memqc_crossbar *crossbar, int32_t key, double value);
/** Reads a parameter. @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get(const memqc_crossbar *crossbar, int32_t key, double *value);
/** Finds a key by its name, such as "mapping". @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_key(const char *name, int32_t *key);
/** Name, unit, bounds and default of a key; see memqc_device_describe(). @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_describe(int32_t key, const char **name, const char **unit, double *min,
                                               double *max, double *initial);

/** Sets the seed of every later draw; the seed of the device that the array was made of does not matter. A new array
 *  has seed 0. A cell's noise depends on (seed, its place, how often it was programmed) and nothing else. What varies from
 *  device to device is drawn from the seed at the first programming and stays.
 *  @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_seed(memqc_crossbar *crossbar, uint64_t seed);

/** Rows, columns and planes (slices x sides) of an array; any pointer may be NULL. @return ARGUMENT
 *  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_shape(const memqc_crossbar *crossbar, size_t *rows, size_t *cols,
                                            size_t *planes);

/** Programs the whole array: each weight to its nearest level, the reference column too. Quantized cells are set and depressed to it and draw their
 *  conductance, whatever they were at. Pulsed cells get as many pulses as the nominal model needs from where they are; new ones are at
 *  G_MIN (their own, where that varies). See memqc_device_program().
 *  @param w    rows x cols, leading dimension ldw >= cols
 *  @return ARGUMENT, DATA (NaN or infinity, with its place; nothing is programmed), NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_program(memqc_crossbar *crossbar, const float *w, size_t ldw);

/** Programs one weight of a programmed array, at the scale in use. The cell (or, of a pair, each cell) draws a new
 *  conductance even where its level stays; pulsed cells may be near enough to need no pulse. @return ARGUMENT, DATA, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_program_cell(memqc_crossbar *crossbar, size_t row, size_t col, double w);

/** Programs a list of weights as memqc_crossbar_program_cell() does; the others keep their conductances bit for bit.
 *  A place that is named twice is programmed twice, in the order of the list.
 *  @param n       how many
 *  @param places  row * cols + col of each
 *  @param w       n weights
 *  @return ARGUMENT, DATA (nothing is programmed then), STATE, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_program_list(memqc_crossbar *crossbar, size_t n, const size_t *places,
                                                   const float *w);

/** One nearest-level update: every weight moves to the level nearest to (its level's nominal weight + alpha dw), and
 *  only cells whose level changes are programmed and draw noise. The noisy conductance never feeds back into the level.
 *  @param alpha    factor, finite
 *  @param dw       rows x cols, leading dimension ldd >= cols
 *  @param changed  how many weights moved; may be NULL
 *  @return ARGUMENT, DATA (NaN in alpha dw), STATE, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_update(memqc_crossbar *crossbar, double alpha, const float *dw, size_t ldd,
                                             size_t *changed);

/** y = x W, as the conductances hold W: one GEMM. The offset of a single cell's mapping is taken off each conductance when it
 *  is programmed, not off the product, where it would cost most of the digits.
 *  @param batch  rows of x and y, 1 or more
 *  @param x      batch x rows, leading dimension ldx >= rows
 *  @param y      batch x cols, leading dimension ldy >= cols; must not overlap x
 *  @return ARGUMENT, STATE, NOMEM (scratch, the first time a batch of this size comes)  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_mac(memqc_crossbar *crossbar, size_t batch, const float *x, size_t ldx, float *y,
                                          size_t ldy);

/** y = x W^T: the same cells driven from the bit lines, as back propagation needs it.
 *  @param x  batch x cols, ldx >= cols   @param y  batch x rows, ldy >= rows; must not overlap x
 *  @return ARGUMENT, STATE, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_mac_transposed(memqc_crossbar *crossbar, size_t batch, const float *x,
                                                     size_t ldx, float *y, size_t ldy);

/** Bit-line currents of one plane for word-line voltages: I = V G, in SI units, without mapping or scale.
 *  @param plane  slice x sides + side
 *  @param volts  V, batch x rows   @param amps  A, batch x cols; must not overlap volts
 *  @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_currents(const memqc_crossbar *crossbar, size_t plane, size_t batch,
                                               const float *volts, size_t ldv, float *amps, size_t ldi);

/** Weights as the drawn conductances hold them. @param w  rows x cols, ldw >= cols  @return ARGUMENT, STATE
 *  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_weights(const memqc_crossbar *crossbar, float *w, size_t ldw);
/** Weights as the levels mean them, without noise. @param w  rows x cols  @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_nominal_weights(const memqc_crossbar *crossbar, float *w, size_t ldw);
/** Levels of one plane: those that its cells were last programmed to. @param levels  rows x cols, ld >= cols  @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_levels(const memqc_crossbar *crossbar, size_t plane, int32_t *levels,
                                                 size_t ld);
/** Drawn conductances of one plane, S. @param g  rows x cols, ldg >= cols  @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_conductances(const memqc_crossbar *crossbar, size_t plane, float *g,
                                                       size_t ldg);

/** Drawn conductances of the reference column. @param slice  0 .. SLICES - 1  @param g  S, rows values
 *  @return ARGUMENT (a mapping without one), STATE  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_get_reference(const memqc_crossbar *crossbar, size_t slice, float *g);

/* In service. Cells may be stuck for life, by the device's STUCK_... (what memqc_device_faults() says of the seed at the first
 * programming), or later: programming sends them pulses, counts and pays, and their conductance stays. */

/** From now on cells are stuck.
 *  @param plane   slice x sides + side   @param n  how many
 *  @param places  row * cols + col of each
 *  @param g       S, what they are stuck at, 0 .. 1e6; NULL: at their present conductances
 *  @return ARGUMENT, DATA (a conductance), STATE, NOMEM; nothing is stuck then  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_stick(memqc_crossbar *crossbar, size_t plane, size_t n, const size_t *places, const float *g);

/** Which cells of a plane are stuck. @param stuck  1 or 0, rows x cols, ld >= cols  @return ARGUMENT, STATE  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_get_stuck(const memqc_crossbar *crossbar, size_t plane, int32_t *stuck, size_t ld);

/** Remaps weights around stuck cells: of each pair of which one cell is stuck, the other one is programmed to the level that brings
 *  their difference nearest to that of the weight's level. (Where its level is that already, it is left alone.) Programming such a
 *  weight again undoes that. Which cells are stuck is taken as known; mappings without pairs have nothing to remap.
 *  @param remapped  cells programmed; may be NULL
 *  @param lost      pairs with a stuck cell whose difference is nevertheless off by more than half a level, by the nominal
 *                   conductance of the other one; may be NULL
 *  @return ARGUMENT, STATE  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_remap(memqc_crossbar *crossbar, size_t *remapped, size_t *lost);

/** Lets time pass: each cell becomes what memqc_device_age() makes of it, as programmed, after the time since its own programming,
 *  that being number 0, 1, 2 ... of its programmings, so many cycles before it. Times add up: two steps are one of their sum. Wear
 *  by cycles shows after this call, which may be of 0 s. Pulsed cells are then programmed from what they have become.
 *  @param seconds  s, 0 .. 1e30
 *  @return ARGUMENT, STATE, NOMEM; no time has passed then  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_advance(memqc_crossbar *crossbar, double seconds);

/** The sum of all times that have passed, s. @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_clock(const memqc_crossbar *crossbar, double *seconds);

/** A counter, one of MEMQC_CROSSBAR_COUNT_... @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_count(const memqc_crossbar *crossbar, int32_t counter, uint64_t *value);

/** A number of the report on the last call of memqc_crossbar_program(), _program_cell(), _program_list() or _update() that succeeded.
 *  @param what  one of MEMQC_CROSSBAR_REPORT_...
 *  @return ARGUMENT, STATE (no such call yet, also after loading; or one that named no cells), NOMEM  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_report(const memqc_crossbar *crossbar, int32_t what, double *value);

/** A cost, one of MEMQC_CROSSBAR_COST_..., in its unit. @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_cost(const memqc_crossbar *crossbar, int32_t cost, double *value);

/** Saves device, parameters, seed, counters, costs and all cells: everything but the report of the last call. The file is the old one
 *  or the new one whatever happens. @return ARGUMENT, NOMEM, IO  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_save(const memqc_crossbar *crossbar, const char *path);

/** New array from a file, which goes on as the saved one would have, to the last bit. @return ARGUMENT, NOMEM, IO, FORMAT
 *  (truncated, altered, foreign, or of a newer version)  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_load(const char *path, memqc_crossbar **out);

/** The bytes of memqc_crossbar_save() to memory.
 *  @param data  room for so many bytes; NULL with room 0, to ask for the size
 *  @param size  becomes the number of bytes, also where the room is too small
 *  @return ARGUMENT, NOMEM  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_save_memory(const memqc_crossbar *crossbar, void *data, size_t room, size_t *size);

/** New array from such bytes. @return ARGUMENT, NOMEM, FORMAT  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_load_memory(const void *data, size_t size, memqc_crossbar **out);

#ifdef __cplusplus
}
#endif

#endif
