/* SPDX-License-Identifier: BSD-3-Clause */
/** @file crossbar.h
 *  Crossbar arrays: weights on word lines (rows) x bit lines (columns) of memristor cells, and the analog
 *  multiply-accumulate over them.
 *
 *  Inputs drive the word lines, outputs are collected on the bit lines: y = x W, W of rows x cols. A weight is held by
 *  one *plane* of cells (MAPPING_SINGLE) or by two (MAPPING_DIFFERENTIAL):
 *
 *      single        w = s (G - (G_MAX + G_MIN) / 2) / ((G_MAX - G_MIN) / 2)
 *      differential  w = s (G+ - G-) / (G_MAX - G_MIN); one of the two cells stays at G_MIN
 *
 *  s, the scale, is the largest weight that the array (or the column) can hold; see #MEMQC_CROSSBAR_NORMALIZATION.
 *  Weights beyond s go to the nearest end and are counted.
 */
#ifndef MEMQC_CROSSBAR_H
#define MEMQC_CROSSBAR_H

#include "device.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An array of cells of one device. @since 0.1 */
typedef struct memqc_crossbar memqc_crossbar;

/** Keys of memqc_crossbar_set() and memqc_crossbar_get(). MAPPING, NORMALIZATION and W_MAX are settled by the first
 *  programming: afterwards setting them is refused with MEMQC_ERROR_STATE. @since 0.1 */
enum {
    MEMQC_CROSSBAR_MAPPING = 1,       /**< MEMQC_CROSSBAR_MAPPING_...; default SINGLE */
    MEMQC_CROSSBAR_NORMALIZATION = 2, /**< MEMQC_CROSSBAR_NORMALIZATION_...; default FIXED */
    MEMQC_CROSSBAR_W_MAX = 3,         /**< the scale s of NORMALIZATION_FIXED: 1e-6 .. 1e6; default 1. Under the other
                                           normalizations it reads the largest scale in use (0 before programming),
                                           and setting it is refused */

    /* Reading, @since 0.2. These can be changed at any time; see "How an array is read" below. */
    MEMQC_CROSSBAR_INPUT_CODING = 4,         /**< MEMQC_CROSSBAR_CODING_...; default ANALOG */
    MEMQC_CROSSBAR_INPUT_FORMAT = 5,         /**< MEMQC_CROSSBAR_FORMAT_...; default BIPOLAR */
    MEMQC_CROSSBAR_INPUT_RANGE = 6,          /**< the input that READ_VOLTAGE stands for: 1e-6 .. 1e6; default 1 */
    MEMQC_CROSSBAR_DAC_BITS = 7,             /**< 1 .. 16, the sign included where there is one; 0 (default): ideal, neither
                                                  steps nor an upper end */
    MEMQC_CROSSBAR_ADC_BITS = 8,             /**< 1 .. 16; 0 (default): ideal, neither steps nor ends */
    MEMQC_CROSSBAR_ADC_RANGE = 9,            /**< MEMQC_CROSSBAR_RANGE_...; default WORST_CASE */
    MEMQC_CROSSBAR_ADC_FRACTION = 10,        /**< of the worst case, for RANGE_WORST_CASE alone: 1e-6 .. 1; default 1 */
    MEMQC_CROSSBAR_ADC_CURRENT = 11,         /**< A, for RANGE_AMPERES alone: 1e-18 .. 1e6; default 1e-3 */
    MEMQC_CROSSBAR_ADC_SENSES = 12,          /**< MEMQC_CROSSBAR_SENSES_...; default MAPPED */
    MEMQC_CROSSBAR_READ_VOLTAGE = 13,        /**< V of a full-scale input: 1e-3 .. 5; default 0.1 */
    MEMQC_CROSSBAR_IV_NONLINEARITY = 14,     /**< a, 1/V, of I = G Vr sinh(a V) / sinh(a Vr), Vr = READ_VOLTAGE: 0 (default,
                                                  ohmic) .. 20 */
    MEMQC_CROSSBAR_INPUT_NOISE = 15,         /**< V, sd on each driven line in each read: 0 (default) .. 10 */
    MEMQC_CROSSBAR_OUTPUT_NOISE = 16,        /**< A, sd at the input of each ADC in each read: 0 (default) .. 1e3 */
    MEMQC_CROSSBAR_READ_NOISE = 17,          /**< S, sd of a cell in each read: 0 (default) .. 1e3 */
    MEMQC_CROSSBAR_READ_NOISE_RELATIVE = 18, /**< the same as a fraction of its G, added in squares: 0 (default) .. 10 */
    MEMQC_CROSSBAR_READ_NOISE_PATH = 19,     /**< MEMQC_CROSSBAR_NOISE_PER_...; default PER_OUTPUT */
    MEMQC_CROSSBAR_TILE_ROWS = 20,           /**< most rows of a physical array: 1 .. 2^30; 0 (default): no limit */
    MEMQC_CROSSBAR_TILE_COLS = 21,           /**< most columns of a physical array, likewise */
    MEMQC_CROSSBAR_READ_TIME = 22,           /**< s a read, at full pulse width: 1e-15 .. 1e3; default 100 ns [1] */
    MEMQC_CROSSBAR_ADC_TIME = 23,            /**< s a conversion: 0 .. 1e3; default 1 / 1.2 GHz [1] */
    MEMQC_CROSSBAR_LINES_PER_ADC = 24,       /**< outputs that share an ADC: 1 .. 2^20; default 128 [1] */
    MEMQC_CROSSBAR_DAC_ENERGY = 25,          /**< J a conversion with its driver: 0 .. 1; default 0.39 pJ [1] */
    MEMQC_CROSSBAR_ADC_ENERGY = 26           /**< J a conversion and step (2^ADC_BITS of them): 0 .. 1; default 6.5 fJ [1] */
};

/** Values of #MEMQC_CROSSBAR_INPUT_CODING. @since 0.2 */
enum {
    MEMQC_CROSSBAR_CODING_ANALOG = 1,       /**< one read, each line at the voltage that its input means */
    MEMQC_CROSSBAR_CODING_BIT_SERIAL = 2,   /**< a read at READ_VOLTAGE for each bit, results shifted and added digitally */
    MEMQC_CROSSBAR_CODING_BIT_PARALLEL = 3, /**< one read; each bit b of m drives a group of rows of its own, holding the same
                                                 conductances, at READ_VOLTAGE 2^b / (2^m - 1) */
    MEMQC_CROSSBAR_CODING_PULSE_WIDTH = 4   /**< one read at READ_VOLTAGE for a time in proportion to the input; the charge is
                                                 converted */
};

/** Values of #MEMQC_CROSSBAR_INPUT_FORMAT. @since 0.2 */
enum {
    MEMQC_CROSSBAR_FORMAT_BIPOLAR = 1,   /**< sign and magnitude, drivers of both polarities */
    MEMQC_CROSSBAR_FORMAT_TWO_PHASE = 2, /**< sign and magnitude; positive inputs are read first, then negative ones, and the
                                              results subtracted digitally */
    MEMQC_CROSSBAR_FORMAT_UNSIGNED = 3   /**< no sign: negative inputs become 0 */
};

/** Values of #MEMQC_CROSSBAR_ADC_RANGE. @since 0.2 */
enum {
    MEMQC_CROSSBAR_RANGE_WORST_CASE = 1, /**< ADC_FRACTION of what all inputs at full scale give on cells at their nominal ends */
    MEMQC_CROSSBAR_RANGE_AMPERES = 2,    /**< ADC_CURRENT */
    MEMQC_CROSSBAR_RANGE_CALIBRATED = 3, /**< one a physical array, by memqc_crossbar_calibrate() */
    MEMQC_CROSSBAR_RANGE_PER_COLUMN = 4  /**< one an ADC input, likewise */
};

/** Values of #MEMQC_CROSSBAR_ADC_SENSES. @since 0.2 */
enum {
    MEMQC_CROSSBAR_SENSES_MAPPED = 0,    /**< CURRENT of single cells, DIFFERENCE of pairs */
    MEMQC_CROSSBAR_SENSES_CURRENT = 1,   /**< the current of each line of cells; what is subtracted is so digitally: (G_MAX +
                                              G_MIN) / 2 times the sum of the inputs, or the other line of the pairs */
    MEMQC_CROSSBAR_SENSES_DIFFERENCE = 2 /**< of the two lines of a pair, or of a line and a noiseless reference line of cells at
                                              (G_MAX + G_MIN) / 2 */
};

/** Values of #MEMQC_CROSSBAR_READ_NOISE_PATH. @since 0.2 */
enum {
    MEMQC_CROSSBAR_NOISE_PER_OUTPUT = 1, /**< one normal an output, of the variance that its cells' noise has in sum */
    MEMQC_CROSSBAR_NOISE_PER_CELL = 2    /**< one a cell: the same distribution, much slower */
};

/** Values of #MEMQC_CROSSBAR_MAPPING. @since 0.1 */
enum {
    MEMQC_CROSSBAR_MAPPING_SINGLE = 1,      /**< one cell a weight, affine over the G range (the paper's) */
    MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL = 2 /**< a pair G+ - G-; 0 is exact without noise */
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

    /* Of products, @since 0.2 */
    MEMQC_CROSSBAR_COUNT_SAMPLES = 4,       /**< input vectors; numbers the draws of read noise */
    MEMQC_CROSSBAR_COUNT_READS = 5,         /**< reads of the array: phases times serial bits for each vector */
    MEMQC_CROSSBAR_COUNT_DAC = 6,           /**< conversions of an input (one for each group of columns that it drives) */
    MEMQC_CROSSBAR_COUNT_ADC = 7,           /**< conversions of an output */
    MEMQC_CROSSBAR_COUNT_INPUT_CLIPPED = 8, /**< inputs beyond what the DAC has by half a step or more, put to the end */
    MEMQC_CROSSBAR_COUNT_SATURATED = 9,     /**< ADC inputs beyond the last code by half a step or more */
    MEMQC_CROSSBAR_COUNT_SATURATED_LAST = 10 /**< the same, in the last product alone */
};

/** Costs for memqc_crossbar_cost(), all since the array was created; that of one call is the difference of two readings.
 *  @since 0.2 */
enum {
    MEMQC_CROSSBAR_COST_READ_CELLS = 5, /**< J, in the cells: the sum of V I t */
    MEMQC_CROSSBAR_COST_READ_DAC = 6,   /**< J, DAC_ENERGY a conversion; none with an ideal DAC */
    MEMQC_CROSSBAR_COST_READ_ADC = 7,   /**< J, ADC_ENERGY 2^ADC_BITS a conversion; none with an ideal ADC */
    MEMQC_CROSSBAR_COST_READ_TIME = 8   /**< s, one read after the other: READ_TIME, and ADC_TIME for each output that shares an
                                             ADC (none with an ideal one); all arrays work at once */
};

/** New array, not yet programmed: every function that reads it fails with STATE until memqc_crossbar_program().
 *  @param device  copied: the caller may change or destroy it afterwards
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
 *  has seed 0. A cell's noise depends on (seed, its place, how often it was programmed) and nothing else.
 *  @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_seed(memqc_crossbar *crossbar, uint64_t seed);

/** Rows, columns and planes (1 single, 2 differential) of an array; any pointer may be NULL. @return ARGUMENT
 *  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_shape(const memqc_crossbar *crossbar, size_t *rows, size_t *cols,
                                            size_t *planes);

/** Programs the whole array: each weight to its nearest level, each cell drawing its conductance.
 *  @param w    rows x cols, leading dimension ldw >= cols
 *  @return ARGUMENT, DATA (NaN or infinity, with its place; nothing is programmed), NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_program(memqc_crossbar *crossbar, const float *w, size_t ldw);

/** Programs one weight of a programmed array, at the scale in use. The cell (or, of a pair, each cell) draws a new
 *  conductance even where its level stays. @return ARGUMENT, DATA, STATE  @since 0.1 */
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

/* How an array is read (since 0.2; as created, all of this is ideal, and a product one GEMM).
 *
 * Input. The DAC makes x / INPUT_RANGE a fraction u of READ_VOLTAGE, to the nearest of its steps: k / (2^m - 1), m bits of
 * magnitude: DAC_BITS less one for the sign, or all of them where there is none; 0 .. 1 and -1 .. 0 by the format. One unsigned bit
 * is a threshold at half the range. Transposed, where the scale goes by column, INPUT_RANGE is taken times the largest of them, and
 * each input times its own.
 *
 * Cell. A line carries the sum of G f(u) READ_VOLTAGE over its cells, f(u) = sinh(a V) / sinh(a READ_VOLTAGE) at V = u
 * READ_VOLTAGE plus the input noise; with PULSE_WIDTH f is u itself, and the noise a part of it. G has its read noise: normal, of
 * variance READ_NOISE^2 + (READ_NOISE_RELATIVE G)^2, one draw a cell a read, not clamped at 0.
 *
 * Output. The ADC makes I / range a whole number of steps 1 / (2^(ADC_BITS - 1) - 1) between -1 and 1, or, where neither the
 * inputs (TWO_PHASE, UNSIGNED) nor what is sensed (CURRENT) can be negative, 1 / (2^ADC_BITS - 1) between 0 and 1; beyond, it
 * saturates and is counted. A product that needs more rows than TILE_ROWS (transposed: columns than TILE_COLS) is the digital sum
 * of several arrays, each with ADCs of its own.
 *
 * Draws depend on (seed, number of the vector since the array was created, line, array, phase and bit) and nothing else: not on how
 * vectors are put into batches. A split of the columns changes nothing, one of the rows only what the ADCs do and see.
 *
 * [1] A. Shafiee et al., "ISAAC", ISCA 2016: 100 ns a read, 128 columns an ADC of 8 bits and 1.2 GS/s that takes 2 mW (1.67 pJ or
 * 256 x 6.5 fJ a conversion: the better ones of B. Murmann's ADC Performance Survey), 1024 one-bit DACs of 4 mW together. */

/** y = x W, as the conductances hold W: with ideal converters one GEMM. The offset of a single cell's mapping is taken off each
 *  conductance when it is programmed, not off the product, where it would cost most of the digits.
 *  @param batch  rows of x and y, 1 or more
 *  @param x      batch x rows, leading dimension ldx >= rows
 *  @param y      batch x cols, leading dimension ldy >= cols; must not overlap x
 *  @return ARGUMENT, STATE (not programmed; settings that contradict each other; a range that is not calibrated), NOMEM
 *  (scratch, the first time a batch of this size comes)  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_mac(memqc_crossbar *crossbar, size_t batch, const float *x, size_t ldx, float *y,
                                          size_t ldy);

/** y = x W^T: the same cells driven from the bit lines, as back propagation needs it; converters and noise as forward.
 *  @param x  batch x cols, ldx >= cols   @param y  batch x rows, ldy >= rows; must not overlap x
 *  @return as memqc_crossbar_mac()  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_mac_transposed(memqc_crossbar *crossbar, size_t batch, const float *x,
                                                     size_t ldx, float *y, size_t ldy);

/** Sets the ranges of RANGE_CALIBRATED and RANGE_PER_COLUMN from data: each the smallest that holds a percentage of the
 *  magnitudes that reach the ADC (of one array, or of one line) in all reads of the vectors, without noise; where that is 0, the
 *  largest, and where there is none, the worst case. Ranges stay when the array is programmed anew (calibrate again after drift);
 *  setting a parameter that changes what the ADC sees drops them, which is everything above up to IV_NONLINEARITY but ADC_BITS,
 *  ADC_FRACTION and ADC_CURRENT, and the tiles. Counts and costs nothing.
 *  @param n           vectors, 1 or more
 *  @param x           n x rows, leading dimension ldx >= rows
 *  @param percentile  50 .. 100; 100 is the largest
 *  @return ARGUMENT, STATE (not programmed; ADC_RANGE is not one of the two; settings that contradict each other), DATA (NaN or
 *  infinity), NOMEM; on failure the old ranges stay  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_calibrate(memqc_crossbar *crossbar, size_t n, const float *x, size_t ldx,
                                                double percentile);

/** The same for transposed products, whose ADCs are others. @param x  n x cols, ldx >= cols
 *  @return as memqc_crossbar_calibrate()  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_calibrate_transposed(memqc_crossbar *crossbar, size_t n, const float *x,
                                                           size_t ldx, double percentile);

/** Bit-line currents of one plane for word-line voltages: I = V G, in SI units, without mapping or scale. A look from
 *  outside: ideal whatever the converters are, and neither counted nor charged.
 *  @param plane  0, or 1 for G- of a differential pair
 *  @param volts  V, batch x rows   @param amps  A, batch x cols; must not overlap volts
 *  @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_currents(const memqc_crossbar *crossbar, size_t plane, size_t batch,
                                               const float *volts, size_t ldv, float *amps, size_t ldi);

/** Weights as the drawn conductances hold them. @param w  rows x cols, ldw >= cols  @return ARGUMENT, STATE
 *  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_weights(const memqc_crossbar *crossbar, float *w, size_t ldw);
/** Weights as the levels mean them, without noise. @param w  rows x cols  @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_nominal_weights(const memqc_crossbar *crossbar, float *w, size_t ldw);
/** Levels of one plane. @param levels  rows x cols, ld >= cols  @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_levels(const memqc_crossbar *crossbar, size_t plane, int32_t *levels,
                                                 size_t ld);
/** Drawn conductances of one plane, S. @param g  rows x cols, ldg >= cols  @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_conductances(const memqc_crossbar *crossbar, size_t plane, float *g,
                                                       size_t ldg);

/** A counter, one of MEMQC_CROSSBAR_COUNT_... @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_count(const memqc_crossbar *crossbar, int32_t counter, uint64_t *value);

/** A cost, one of MEMQC_CROSSBAR_COST_..., in its unit. @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_cost(const memqc_crossbar *crossbar, int32_t cost, double *value);

#ifdef __cplusplus
}
#endif

#endif
