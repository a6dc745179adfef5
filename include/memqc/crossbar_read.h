/* SPDX-License-Identifier: BSD-3-Clause */
/** @file crossbar_read.h
 *  Reading crossbar arrays: products through converters, currents through wires, the inside of
 *  tiles, and what the cells hold. crossbar.h includes it.
 */
#ifndef MEMQC_CROSSBAR_READ_H
#define MEMQC_CROSSBAR_READ_H

#include "base.h"
#include "crossbar_keys.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How an array is read. A new array reads ideally: a product is then one GEMM.
 *
 * Input. The DAC rounds x / INPUT_RANGE to a fraction u = k / (2^m - 1) of READ_VOLTAGE. m is
 * DAC_BITS - 1, or DAC_BITS where INPUT_FORMAT has no sign. u is limited to 0 .. 1 without a sign
 * and to -1 .. 1 with one. One unsigned bit is a threshold at half the range. In a transposed
 * product with NORMALIZATION_COLUMN, INPUT_RANGE is multiplied by the largest scale, and each input
 * by the scale of its column.
 *
 * Cell. A line carries the sum of G f(u) READ_VOLTAGE over its cells. With V = u READ_VOLTAGE plus
 * the input noise,
 *
 *     f(u) = sinh(a V) / sinh(a READ_VOLTAGE)      a: IV_NONLINEARITY; a = 0: V / READ_VOLTAGE
 *
 * With CODING_PULSE_WIDTH f(u) is u, and the input noise is a fraction of u. The read noise of G is
 * normal, of variance READ_NOISE^2 + (READ_NOISE_RELATIVE G)^2, with one draw for each cell and
 * read, not limited at 0. All outputs share the noise of a reference column. In transposed products
 * a reference column has neither noise nor energy.
 *
 * A new array takes READ_VOLTAGE, IV_NONLINEARITY and the READ_NOISE parameters from its device.
 * Setting them on the array changes its products alone: SCHEME_VERIFY reads with the parameters of
 * the device. Where the device has READ_NOISE_OCTAVES, the noise is that of memqc_device_read(),
 * and the number of a vector is the number of the read: part j changes every 2^j vectors. All reads
 * of a vector share it, in both directions. READ_NOISE_SLOW^2 adds to the variance. With
 * NOISE_PER_CELL this part is correlated from vector to vector, as in memqc_device_read().
 *
 * Output. The ADC rounds I / range to whole steps: 1 / (2^(ADC_BITS - 1) - 1) between -1 and 1.
 * Where no current can be negative (FORMAT_TWO_PHASE or FORMAT_UNSIGNED, and SENSES_CURRENT), the
 * steps are 1 / (2^ADC_BITS - 1) between 0 and 1. Currents beyond the range saturate and are
 * counted. Each slice has its own ADCs, and so has each tile. A product over more rows than
 * TILE_ROWS (transposed: more columns than TILE_COLS) is the digital sum over tiles.
 *
 * Wires. Each tile of a plane is a circuit. A segment of resistance lies between neighbouring cells
 * of a line, and between a terminal and the cell next to it. The driver resistance is at each
 * driven end of a word line, the sense resistance at each sensed end of a bit line, which is a
 * virtual ground. Other ends are open. In a transposed product, bit lines are driven at their
 * sensed ends, and word lines are sensed at their driven ends. A reference column is the last bit
 * line of each tile. In a transposed product it is driven with the negative sum of the inputs of
 * its tile, so that W is equal in both directions. With CODING_BIT_PARALLEL each group of rows is
 * its own circuit, and the currents are added. Read noise and the energy of the cells are computed
 * for ideal wires: an approximation of the noise, an upper bound of the energy. Nonlinear cells
 * behind wires need CODING_ANALOG or CODING_BIT_SERIAL; with MAPPING_REFERENCE their transposed
 * product is refused.
 *
 * The relative error of each current is at most WIRE_TOLERANCE, with either WIRE_METHOD. Let I1 be
 * the current for inputs of one sign and of the mean magnitude. Where inputs of both signs cancel
 * to less than 1e-4 I1, the error is at most WIRE_TOLERANCE 1e-4 I1. Currents of two lines are
 * subtracted before they are rounded to float. METHOD_AUTO chooses by the number of vectors since
 * the last change of a conductance. Choose a method where the last bit must not depend on how
 * vectors are grouped into batches.
 *
 * Draws depend on the seed, the number of the vector (memqc_crossbar_get_vector()), line, tile,
 * phase and bit, and on nothing else. Splitting the columns into tiles changes no draw; splitting
 * the rows changes the inputs of the ADCs. */

/** y = x W, with W as the conductances hold it. With ideal converters and wires it is one GEMM. The
 *  offset of MAPPING_SINGLE is subtracted from each conductance, not from the product, which would
 *  lose most of its digits.
 *  @param batch  rows of x and y
 *  @param x      batch x rows, leading dimension ldx >= rows; finite
 *  @param y      batch x cols, leading dimension ldy >= cols; no element of x
 *  @return ARGUMENT (also: x and y overlap), DATA (an input is not finite, and the text has its
 *  index; through wires also a conductance above 1e4 S), STATE (not programmed; settings that
 *  contradict each other; a range that is not calibrated), NOMEM, DIVERGED (wires). After DIVERGED
 *  y is undefined; nothing else has changed  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_mac(memqc_crossbar *crossbar, size_t batch, const float *x,
                                          size_t ldx, float *y, size_t ldy);

/** y = x W^T: the cells are driven from the bit lines, as back-propagation needs it. Converters and
 *  noise are those of memqc_crossbar_mac().
 *  @param x  batch x cols, ldx >= cols; finite
 *  @param y  batch x rows, ldy >= rows; no element of x
 *  @return as memqc_crossbar_mac()  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_mac_transposed(memqc_crossbar *crossbar, size_t batch,
                                                     const float *x, size_t ldx, float *y,
                                                     size_t ldy);

/** The number of the next vector. It numbers the draws of read noise. A new array begins with 0,
 *  and each vector of memqc_crossbar_mac() and memqc_crossbar_mac_transposed() adds 1.
 *  @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_get_vector(const memqc_crossbar *crossbar, uint64_t *vector);

/** Sets the number of the next vector. Vectors of equal numbers have equal noise: a product is
 *  replayed to the last bit unless something else has changed. Counters and costs go on.
 *  @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_rewind(memqc_crossbar *crossbar, uint64_t vector);

/** Sets the ranges of RANGE_CALIBRATED and RANGE_PER_COLUMN from data. The vectors are read without
 *  noise. A range is a percentile of the magnitudes that reach an ADC: of one tile, or, with
 *  RANGE_PER_COLUMN, of one line. Where the percentile is 0, the range is the largest magnitude;
 *  where all magnitudes are 0, it is a millionth of the worst case. Nothing is counted or charged.
 *
 *  Ranges stay when conductances change: calibrate again after programming or drift. Setting one of
 *  these parameters drops the ranges: INPUT_CODING, INPUT_FORMAT,
 *  INPUT_RANGE, DAC_BITS, ADC_RANGE, ADC_SENSES, READ_VOLTAGE, IV_NONLINEARITY, TILE_ROWS,
 *  TILE_COLS, the four resistances, DRIVEN_ENDS, SENSED_ENDS.
 *  @param n           vectors
 *  @param x           n x rows, leading dimension ldx >= rows; finite
 *  @param percentile  50 .. 100; 100 is the largest magnitude
 *  @return ARGUMENT, STATE (not programmed; ADC_RANGE is neither of the two; settings that
 *  contradict each other), DATA, NOMEM, DIVERGED; on failure the old ranges stay  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_calibrate(memqc_crossbar *crossbar, size_t n, const float *x,
                                                size_t ldx, double percentile);

/** Calibrates transposed products, which have their own ADCs and ranges.
 *  @param x  n x cols, ldx >= cols; finite
 *  @return as memqc_crossbar_calibrate()  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_calibrate_transposed(memqc_crossbar *crossbar, size_t n,
                                                           const float *x, size_t ldx,
                                                           double percentile);

/** The factor by which DRIFT_COMPENSATION multiplies the outputs of products and the weights of
 *  memqc_crossbar_get_weights(); 1 where it is off.
 *
 *  Global drift compensation (Joshi et al., Nat. Commun. 11 (2020) 2473): one digital factor undoes
 *  the mean drift of the array. DRIFT_COMPENSATION = n reads n calibration vectors. Vector v drives
 *  the rows v, v + n, v + 2 n, ... at INPUT_RANGE, so that n = 1 drives all rows at once and n =
 *  rows each row alone. The factor is the sum of the magnitudes of all their outputs before the
 *  array aged, over the same sum now. They pass the converters, the wires and the noise of reads as
 *  any vectors do; they are counted and charged, and take the numbers of the next vectors.
 *
 *  The first memqc_crossbar_advance() after cells were written reads them before and after time
 *  passes; each further one reads them after it. memqc_crossbar_program() makes the factor 1. Other
 *  changes of cells leave it: the sum is then that of the changed array. Where all outputs became
 *  0, the factor stays as it was.
 *  @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_get_compensation(const memqc_crossbar *crossbar,
                                                       double *factor);

/* Currents. These functions are for a host with its own converters and mapping. They work in SI
 * units, without noise and converters. Nothing is counted or charged. */

/** Bit-line currents of a plane for word-line voltages, through the wires, with IV_NONLINEARITY.
 *  Currents of the tiles of a column are added. A reference column is not among the outputs. Where
 *  all resistances are 0 and cells are ohmic, the results are those of
 *  memqc_crossbar_ideal_currents(). METHOD_AUTO chooses by batch.
 *  @param plane  slice x sides + side
 *  @param batch  rows of volts and amps
 *  @param volts  V, batch x rows, ldv >= rows; finite
 *  @param amps   A, batch x cols, ldi >= cols; no element of volts
 *  @return ARGUMENT, STATE (not programmed; METHOD_MATRIX with nonlinear cells), DATA (a voltage; a
 *  conductance above 1e4 S), NOMEM, DIVERGED  @since 0.3 (0.1 ignored wires) */
MEMQC_API memqc_status memqc_crossbar_currents(memqc_crossbar *crossbar, size_t plane, size_t batch,
                                               const float *volts, size_t ldv, float *amps,
                                               size_t ldi);

/** Word-line currents of a plane for bit-line voltages. A reference column is at 0 V.
 *  @param volts  V, batch x cols, ldv >= cols; finite
 *  @param amps   A, batch x rows, ldi >= rows; no element of volts
 *  @return as memqc_crossbar_currents()  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_currents_transposed(memqc_crossbar *crossbar, size_t plane,
                                                          size_t batch, const float *volts,
                                                          size_t ldv, float *amps, size_t ldi);

/** Bit-line currents of a plane without wires and with ohmic cells: I = V G.
 *  @param volts  V, batch x rows, ldv >= rows; finite
 *  @param amps   A, batch x cols, ldi >= cols; no element of volts
 *  @return ARGUMENT, STATE, DATA  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_ideal_currents(const memqc_crossbar *crossbar, size_t plane,
                                                     size_t batch, const float *volts, size_t ldv,
                                                     float *amps, size_t ldi);

/** Word-line currents of a plane without wires and with ohmic cells: I = V G^T.
 *  @param volts  V, batch x cols, ldv >= cols; finite
 *  @param amps   A, batch x rows, ldi >= rows; no element of volts
 *  @return ARGUMENT, STATE, DATA  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_ideal_currents_transposed(const memqc_crossbar *crossbar,
                                                                size_t plane, size_t batch,
                                                                const float *volts, size_t ldv,
                                                                float *amps, size_t ldi);

/* Inside the tiles. A plane is cut into tiles of at most TILE_ROWS x TILE_COLS cells, numbered row
 * by row. Without these parameters it is one tile. */

/** Where a tile lies in its plane, and the shape of its circuit. Each pointer may be NULL.
 *  @param tile  number of the tile
 *  @param row   its first row
 *  @param col   its first column
 *  @param rows  its word lines
 *  @param cols  its bit lines, including a reference column, which is the last
 *  @return ARGUMENT, STATE  @since 0.3 (0.2: memqc_crossbar_tile) */
MEMQC_API memqc_status memqc_crossbar_tile(const memqc_crossbar *crossbar, size_t tile, size_t *row,
                                           size_t *col, size_t *rows, size_t *cols);

/** Voltages of the two nodes of each cell of a tile, for one vector on its word lines. rows and
 *  cols are those of memqc_crossbar_tile(). No converters, no noise; nothing is counted or charged.
 *  @param plane       slice x sides + side
 *  @param tile        number of the tile
 *  @param volts       V, rows; finite
 *  @param word_volts  V, rows x cols: on the word line of each cell; may be NULL
 *  @param bit_volts   V, rows x cols: on the bit line of each cell; may be NULL
 *  @return ARGUMENT, STATE (not programmed; IV_NONLINEARITY is not 0), DATA (a voltage; a
 *  conductance above 1e4 S), NOMEM, DIVERGED  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_nodes(memqc_crossbar *crossbar, size_t plane, size_t tile,
                                            const float *volts, float *word_volts,
                                            float *bit_volts);

/** Voltages of the nodes of a tile for one vector on its bit lines. @param volts  V, cols; finite
 *  @return as memqc_crossbar_nodes()  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_nodes_transposed(memqc_crossbar *crossbar, size_t plane,
                                                       size_t tile, const float *volts,
                                                       float *word_volts, float *bit_volts);

/** Currents of all branches of a tile, for one vector on its word lines. Between two perfect
 *  terminals of a line without resistance, currents divide as they would for equal and vanishing
 *  segments.
 *  @param plane      slice x sides + side
 *  @param tile       number of the tile
 *  @param volts      V, rows; finite
 *  @param cell_amps  A, rows x cols: through each cell, from word line to bit line; may be NULL
 *  @param word_amps  A, rows x (cols + 1): along the word lines towards higher columns. First the
 *                    terminal before the first cell, then between neighbours, last the terminal
 *                    after the last cell; 0 where there is no terminal. May be NULL
 *  @param bit_amps   A, (rows + 1) x cols: along the bit lines towards higher rows, with terminals
 *                    as above; may be NULL
 *  @return as memqc_crossbar_nodes()  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_branches(memqc_crossbar *crossbar, size_t plane, size_t tile,
                                               const float *volts, float *cell_amps,
                                               float *word_amps, float *bit_amps);

/** Currents of the branches of a tile for one vector on its bit lines. @param volts  V, cols;
 *  finite
 *  @return as memqc_crossbar_nodes()  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_branches_transposed(memqc_crossbar *crossbar, size_t plane,
                                                          size_t tile, const float *volts,
                                                          float *cell_amps, float *word_amps,
                                                          float *bit_amps);

/* --- what the cells hold --- */

/** Gets the weights that the present conductances represent.
 *  @param w    rows x cols
 *  @param ldw  leading dimension, cols or more
 *  @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_weights(const memqc_crossbar *crossbar, float *w,
                                                  size_t ldw);

/** Gets the weights that the levels represent, without noise.
 *  @param w    rows x cols
 *  @param ldw  leading dimension, cols or more
 *  @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_nominal_weights(const memqc_crossbar *crossbar, float *w,
                                                          size_t ldw);

/** Gets the levels to which the cells of a plane were last programmed.
 *  @param plane   slice x sides + side
 *  @param levels  rows x cols
 *  @param ld      leading dimension, cols or more
 *  @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_levels(const memqc_crossbar *crossbar, size_t plane,
                                                 int32_t *levels, size_t ld);

/** Gets the present conductances of a plane.
 *  @param plane  slice x sides + side
 *  @param g      S, rows x cols
 *  @param ldg    leading dimension, cols or more
 *  @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_conductances(const memqc_crossbar *crossbar, size_t plane,
                                                       float *g, size_t ldg);

/** Gets the present conductances of the reference column.
 *  @param slice  0 .. SLICES - 1
 *  @param g      S, rows values
 *  @return ARGUMENT (a mapping without one), STATE  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_get_reference(const memqc_crossbar *crossbar, size_t slice,
                                                    float *g);

#ifdef __cplusplus
}
#endif

#endif
