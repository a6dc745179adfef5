/* SPDX-License-Identifier: BSD-3-Clause */
/** @file crossbar.h
 *  Crossbar arrays: weights on word lines (rows) x bit lines (columns) of memristor cells, and the
 *  analog multiply-accumulate over them. crossbar_keys.h has the constants, crossbar_read.h the
 *  products.
 *
 *  Inputs drive the word lines, and outputs are collected on the bit lines: y = x W, W of rows x
 *  cols. With one slice, a weight is one cell or a pair, as #MEMQC_CROSSBAR_MAPPING says:
 *
 *      SINGLE        w = s (G - (G_MAX + G_MIN) / 2) / ((G_MAX - G_MIN) / 2)
 *      REFERENCE     w = s (G - Gref) / ((G_MAX - G_MIN) / 2)
 *      DIFFERENTIAL  w = s (G+ - G-) / (G_MAX - G_MIN)
 *
 *  SINGLE: the offset is subtracted digitally. REFERENCE: Gref is a cell of a reference column, one
 *  for each row, at the level next below the middle. DIFFERENTIAL: one of the two cells stays at
 *  G_MIN. DIFFERENTIAL_TWO_SIDED has the equation of DIFFERENTIAL; both cells move, in opposite
 *  directions, about the middle of the range. Without noise, a weight of 0 is exact in all mappings
 *  but SINGLE.
 *
 *  With more slices (#MEMQC_CROSSBAR_SLICES) each of these cells becomes a group of cells. Its
 *  number of levels is written to a base B, with one digit a cell. The sum of G_slice / B^slice
 *  over the slices takes the place of G. Slice 0 is the most significant.
 *
 *  s, the scale, is the largest weight that the array or the column can hold; see
 *  #MEMQC_CROSSBAR_NORMALIZATION. Weights beyond s go to the nearest end and are counted.
 *
 *  A *plane* is an array of rows x cols cells: plane = slice x sides + side. Pairs have two sides,
 *  0 for G+ and 1 for G-; other mappings have one. The `cell` of device.h is (plane x rows + row) x
 *  cols + col. A *tile* is a physical array: the part of a plane that #MEMQC_CROSSBAR_TILE_ROWS and
 *  #MEMQC_CROSSBAR_TILE_COLS allow.
 */
#ifndef MEMQC_CROSSBAR_H
#define MEMQC_CROSSBAR_H

#include "crossbar_keys.h"
#include "crossbar_read.h"
#include "device.h"

#ifdef __cplusplus
extern "C" {
#endif

/** New array, not yet programmed: every function that reads it fails with STATE until
 *  memqc_crossbar_program() or memqc_crossbar_set_conductances().
 *  @param device  of any model; copied: the caller may change or destroy it afterwards. Its own
 *                 seed does not matter
 *  @param rows    word lines, 1 or more
 *  @param cols    bit lines, 1 or more; rows x cols <= 2^30
 *  @param seed    of all draws; see memqc_crossbar_set_seed(). Arrays that are to differ need
 *                 different seeds
 *  @return ARGUMENT, NOMEM  @since 0.1, seed 0.3 */
MEMQC_API memqc_status memqc_crossbar_create(const memqc_device *device, size_t rows, size_t cols,
                                             uint64_t seed, memqc_crossbar **out);

/** New array that goes on as the original would, to the last bit. The report on the last call and
 *  the progress function are not copied. @return ARGUMENT, NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_copy(const memqc_crossbar *crossbar, memqc_crossbar **out);

/** Frees an array and sets the pointer to NULL. NULL and a pointer to NULL are fine. @since 0.1 */
MEMQC_API void memqc_crossbar_destroy(memqc_crossbar **crossbar);

/** Sets a parameter.
 *  @param key  MEMQC_CROSSBAR_MAPPING to MEMQC_CROSSBAR_DRIFT_COMPENSATION
 *  @return ARGUMENT (key; value; the parameter would have no effect), STATE (the first programming
 *  settled it)  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_set(memqc_crossbar *crossbar, int32_t key, double value);

/** Sets several parameters, all or none. They are checked together: their order does not matter.
 *  @param n       how many; no key may come twice
 *  @param keys    n keys
 *  @param values  n values
 *  @return as memqc_crossbar_set()  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_set_many(memqc_crossbar *crossbar, size_t n,
                                               const int32_t *keys, const double *values);

/** Reads a parameter. @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get(const memqc_crossbar *crossbar, int32_t key,
                                          double *value);

/** Whether a parameter has an effect now. memqc_crossbar_set() refuses those that have none.
 *  @param flag  1 or 0
 *  @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_uses(const memqc_crossbar *crossbar, int32_t key,
                                           int32_t *flag);

/** How many parameters an array has. @since 0.3 */
MEMQC_API size_t memqc_crossbar_keys(void);

/** The key of a parameter, by its index from 0; 0 past the last one. @since 0.3 */
MEMQC_API int32_t memqc_crossbar_key_at(size_t index);

/** Finds a key by its name, such as "mapping". @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_key(const char *name, int32_t *key);

/** A text of a parameter.
 *  @param what  MEMQC_KEY_NAME, _UNIT, _GROUP or _TEXT
 *  @return a constant string; NULL for a key or a what that does not exist  @since 0.3 */
MEMQC_API const char *memqc_crossbar_key_text(int32_t key, int32_t what);

/** A number of a parameter.
 *  @param what  MEMQC_KEY_KIND, _MIN, _MAX, _INITIAL, _BY_LAYER or _SETTLED
 *  @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_key_value(int32_t key, int32_t what, double *value);

/** The name of a choice, such as "differential".
 *  @param value  of the key, such as #MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL
 *  @return a constant string; NULL where the key has no such choice  @since 0.3 */
MEMQC_API const char *memqc_crossbar_choice_name(int32_t key, int32_t value);

/** Finds a choice by its name. @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_choice(int32_t key, const char *name, int32_t *value);

/** Sets the seed of every later draw. The noise of a cell depends on the seed, the place of the
 *  cell, and how often it was programmed. The first programming draws the spread from device to
 *  device, which stays. @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_set_seed(memqc_crossbar *crossbar, uint64_t seed);

/** The seed in use. @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_get_seed(const memqc_crossbar *crossbar, uint64_t *seed);

/** Copy of the device that the array is made of, with the device's own seed; with the seed of the
 *  array, memqc_device_cells() gives the spread of its cells. The caller destroys the copy.
 *  @return ARGUMENT, NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_get_device(const memqc_crossbar *crossbar,
                                                 memqc_device **out);

/** Gives the array another device, of the same model and number of levels: another temperature,
 *  other noise of programming. Products do not change: the array keeps its own READ_VOLTAGE,
 *  IV_NONLINEARITY and READ_NOISE. In a programmed array, these keys of the device must be as they
 *  were: MEMQC_DEVICE_STATES to _STEP (window), _ASYMMETRY to _PULSES_DOWN (pulses), _D2D_G_MAX to
 *  _D2D_NOISE (spread), _STUCK_ON to _STUCK_ANYWHERE (faults).
 *  @param device  copied
 *  @return ARGUMENT (another model, another number of levels), STATE (the first programming settled
 *  a value that differs), NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_set_device(memqc_crossbar *crossbar,
                                                 const memqc_device *device);

/** Installs the progress function. memqc_crossbar_program() and _program_list() call it under
 *  SCHEME_VERIFY (#MEMQC_PHASE_PROGRAMMING). While they run, calls that would change the
 *  array, and products, fail with STATE. The array must not be destroyed then. A stop keeps the
 *  weights that were programmed so far. NULL: no function. @return ARGUMENT, STATE  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_set_progress(memqc_crossbar *crossbar,
                                                   memqc_progress progress, void *user);

/** Rows, columns and planes (slices x sides) of an array. Any pointer may be NULL.
 *  @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_shape(const memqc_crossbar *crossbar, size_t *rows,
                                                size_t *cols, size_t *planes);

/** Programs the whole array, the reference column included: each weight to its nearest level. A
 *  quantized cell is set and depressed to its level and draws a conductance. A pulsed cell gets as
 *  many pulses as the nominal model needs from its present conductance; a new one is at G_MIN, or
 *  at its own G_MIN where that varies. See memqc_device_program() and #MEMQC_CROSSBAR_SCHEME. The
 *  first programming settles the parameters that say so.
 *  @param w    rows x cols
 *  @param ldw  leading dimension, cols or more
 *  @return ARGUMENT, DATA (NaN or infinity, with its place), STATE, NOMEM: nothing is programmed
 *  then; #MEMQC_STOPPED (by the progress function)  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_program(memqc_crossbar *crossbar, const float *w, size_t ldw);

/** Programs one weight of a programmed array, at the scale in use. Each of its cells is programmed
 *  even where its level stays: a quantized cell draws a new conductance; a pulsed cell may be near
 *  enough to need no pulse.
 *  @return ARGUMENT, DATA, STATE, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_program_cell(memqc_crossbar *crossbar, size_t row, size_t col,
                                                   double w);

/** Programs a list of weights as memqc_crossbar_program_cell() does. The other weights keep their
 *  conductances to the last bit. A place that is named twice is programmed twice, in the order of
 *  the list.
 *  @param n       how many
 *  @param places  row * cols + col of each
 *  @param w       n weights
 *  @return ARGUMENT, DATA, STATE, NOMEM: nothing is programmed then; #MEMQC_STOPPED  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_program_list(memqc_crossbar *crossbar, size_t n,
                                                   const size_t *places, const float *w);

/** Sends pulses to cells of a plane. They are counted among the costs. The level of each cell
 *  becomes the nearest one. A cell that is named twice gets its pulses in the order of the list.
 *  @param plane   slice x sides + side
 *  @param n       how many cells
 *  @param places  row * cols + col of each
 *  @param pulses  of each cell, -(2^20 - 1) .. 2^20 - 1: above 0 potentiation (SET), below 0
 *                 depression (RESET)
 *  @return ARGUMENT, STATE; nothing is sent then  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_pulse(memqc_crossbar *crossbar, size_t plane, size_t n,
                                            const size_t *places, const int32_t *pulses);

/** Fills a plane with conductances from anywhere. They age and are programmed afterwards like any
 *  others. The level of each cell becomes the nearest one. Stuck cells stay. Nothing is counted as
 *  programming. In a new array, the call settles what the first programming settles: the scale is
 *  W_MAX, or 1 with the other normalizations. Cells of its other planes are then at their lowest
 *  conductance.
 *  @param plane  slice x sides + side
 *  @param g      S, rows x cols, 0 (an open cell) .. 1e4
 *  @param ldg    leading dimension, cols or more
 *  @return ARGUMENT, DATA (a conductance), STATE, NOMEM; nothing has changed then  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_set_conductances(memqc_crossbar *crossbar, size_t plane,
                                                       const float *g, size_t ldg);

/** Fills the reference column of a slice, as memqc_crossbar_set_conductances() fills a plane.
 *  @param slice  0 .. SLICES - 1
 *  @param g      S, rows values, 0 .. 1e4
 *  @return ARGUMENT (a mapping without one), DATA, STATE, NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_set_reference(memqc_crossbar *crossbar, size_t slice,
                                                    const float *g);

/* --- updates --- */

/** Moves the weights by a step, w <- w + alpha dw, as #MEMQC_CROSSBAR_RULE says. For gradient
 *  descent, dw is the gradient and alpha is less than 0.
 *
 *  Rules compute with levels. The noise of a conductance never feeds back into a level. Only cells
 *  whose level changes are programmed. #MEMQC_CROSSBAR_REPORT_MOVED is the number of weights that
 *  moved.
 *
 *  The state of a rule belongs to the array: the accumulators, and the fast array of Tiki-Taka,
 *  which the first update makes. Copies and saved files include it. Programming leaves it as it is.
 *  Setting another rule drops it. The costs of the array do not include those of the fast array.
 *
 *  Random numbers depend only on the seed of the array and on the number of updates before: of
 *  those by pulse trains; under RULE_STOCHASTIC, of all.
 *
 *  RULE_PULSE_TRAIN, _TIKI_TAKA and _TIKI_TAKA_2 work on single samples and need
 *  memqc_crossbar_update_outer(). RULE_ONE_DIRECTIONAL needs MAPPING_DIFFERENTIAL, SCHEME_BLIND and
 *  one slice. All rules except RULE_NEAREST_LEVEL need NORMALIZATION_FIXED or _ARRAY.
 *  @param crossbar  a programmed array. After a failure it is as it was
 *  @param alpha     the factor, of either sign, finite in single precision
 *  @param dw        rows x cols
 *  @param ldd       leading dimension of dw, at least cols
 *  @return ARGUMENT (a NULL pointer, ldd, alpha, an array that the rule cannot work on); DATA
 *  (alpha dw is NaN, or an accumulator becomes infinite); STATE (not programmed, or a rule that
 *  takes outer products); NOMEM
 *  @since 0.1; 0.3: rules, and no count of changes */
MEMQC_API memqc_status memqc_crossbar_update(memqc_crossbar *crossbar, double alpha,
                                             const float *dw, size_t ldd);

/** Moves the weights by outer products, w <- w + alpha x^T d, as #MEMQC_CROSSBAR_RULE says: row b
 *  of x and row b of d are the two vectors of sample b. In a network, x holds the inputs of a layer
 *  and d its errors; alpha is minus the learning rate over the size of the minibatch.
 *
 *  RULE_PULSE_TRAIN, _TIKI_TAKA and _TIKI_TAKA_2 take sample after sample; they need one slice. A
 *  weight that several samples move counts several times in #MEMQC_CROSSBAR_REPORT_MOVED. The other
 *  rules take the sum over the samples as memqc_crossbar_update() takes dw.
 *  @param crossbar  a programmed array. After a failure it is as it was
 *  @param alpha     the factor, of either sign, finite in single precision
 *  @param batch     number of samples. 0: nothing happens, and x and d may be NULL
 *  @param x         batch x rows
 *  @param ldx       leading dimension of x, at least rows
 *  @param d         batch x cols
 *  @param ldd       leading dimension of d, at least cols
 *  @return ARGUMENT (a NULL pointer, ldx, ldd, alpha, an array that the rule cannot work on); DATA
 *  (x or d is NaN or infinite, or the step is too large for pulses or accumulators); STATE (not
 *  programmed); NOMEM
 *  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_update_outer(memqc_crossbar *crossbar, double alpha,
                                                   size_t batch, const float *x, size_t ldx,
                                                   const float *d, size_t ldd);

/** Follows weights that an optimizer of the host has moved: moves the weights of the cells by the
 *  difference between w and them, as memqc_crossbar_update() does with alpha = 1. Then w becomes
 *  what memqc_crossbar_get_weights() gets. A host that keeps its weights in w thus calls this after
 *  each step. w must hold what the cells hold, and the step: after memqc_crossbar_advance(), or any
 *  other change of the cells, get the weights first.
 *  @param w    rows x cols. After a failure it is as it was, and so is the array
 *  @param ldw  leading dimension, cols or more
 *  @return as memqc_crossbar_update()  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_follow(memqc_crossbar *crossbar, float *w, size_t ldw);

/* --- in service --- */

/** Makes cells stuck: their conductance stays. Programming still sends them pulses, which are
 *  counted among the costs. The first programming makes cells stuck as the STUCK_... parameters of
 *  the device say; see memqc_device_faults().
 *  @param plane   slice x sides + side
 *  @param n       how many
 *  @param places  row * cols + col of each
 *  @param g       S, n conductances at which the cells are stuck, 0 .. 1e6; NULL: their present
 *                 ones
 *  @return ARGUMENT, DATA (a conductance), STATE, NOMEM: nothing is stuck then  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_stick(memqc_crossbar *crossbar, size_t plane, size_t n,
                                            const size_t *places, const float *g);

/** Frees stuck cells. They work again, from the conductances at which they were stuck. Cells that
 *  are not stuck are left alone.
 *  @param plane   slice x sides + side
 *  @param n       how many
 *  @param places  row * cols + col of each
 *  @return ARGUMENT, STATE  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_unstick(memqc_crossbar *crossbar, size_t plane, size_t n,
                                              const size_t *places);

/** Which cells of a plane are stuck.
 *  @param plane  slice x sides + side
 *  @param stuck  rows x cols: 1 for a stuck cell, else 0
 *  @param ld     leading dimension, cols or more
 *  @return ARGUMENT, STATE  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_get_stuck(const memqc_crossbar *crossbar, size_t plane,
                                                int32_t *stuck, size_t ld);

/** Remaps weights around stuck cells. Where one cell of a pair is stuck, the other one is
 *  programmed to the level that brings their difference nearest to that of the weight. A cell that
 *  is at this level already is left alone. Programming such a weight again undoes the remapping.
 *  Mappings without pairs have nothing to remap.
 *  @param remapped  cells programmed; may be NULL
 *  @param lost      pairs with a stuck cell whose difference is still off by more than half a
 *                   level, by the nominal conductance of the other cell; may be NULL
 *  @return ARGUMENT, STATE  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_remap(memqc_crossbar *crossbar, size_t *remapped,
                                            size_t *lost);

/** Lets time pass. Each cell becomes what memqc_device_age() makes of its programmed conductance
 *  after the time since its own programming. A cell that was programmed n times has n - 1 cycles
 *  of wear. Two calls are one of the sum of their times. Wear shows after this call, which may be
 *  of 0 s. Pulsed cells are then programmed from their aged conductances. With DRIFT_COMPENSATION,
 *  calibration vectors are read before or after, or both: memqc_crossbar_get_compensation().
 *  @param seconds  s, 0 .. 1e30
 *  @return ARGUMENT, STATE, NOMEM, DATA (all outputs of the calibration are 0); of the calibration
 *          also what memqc_crossbar_mac() returns: no time has passed then  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_advance(memqc_crossbar *crossbar, double seconds);

/** Gets the time that has passed: the sum over memqc_crossbar_advance(), s. @return ARGUMENT
 *  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_get_clock(const memqc_crossbar *crossbar, double *seconds);

/** A counter.
 *  @param counter  one of MEMQC_CROSSBAR_COUNT_...
 *  @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_count(const memqc_crossbar *crossbar, int32_t counter,
                                                uint64_t *value);

/** A number of the report on the last call that succeeded or was stopped, of
 *  memqc_crossbar_program(), _program_cell(), _program_list(), _update(), _update_outer() and
 *  _remap().
 *  @param what  one of MEMQC_CROSSBAR_REPORT_...
 *  @return ARGUMENT, STATE (there was no such call, also after loading; or the call named no
 *  cells), NOMEM  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_get_report(const memqc_crossbar *crossbar, int32_t what,
                                                 double *value);

/** A cost, in its unit.
 *  @param cost  one of MEMQC_CROSSBAR_COST_...
 *  @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_get_cost(const memqc_crossbar *crossbar, int32_t cost,
                                               double *value);

/** Saves an array: its device, parameters, seed, counters, costs, cells and what its update rule
 *  keeps. The report on the last call and the progress function are not saved. If saving
 *  fails or is interrupted, the old file stays whole.
 *  @return ARGUMENT, NOMEM, IO  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_save(const memqc_crossbar *crossbar, const char *path);

/** New array from a file. It goes on as the saved one would have, to the last bit.
 *  @return ARGUMENT, NOMEM, IO, FORMAT (truncated, altered, foreign, of a newer version, or of
 *  0.2)  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_load(const char *path, memqc_crossbar **out);

/** Saves the bytes of memqc_crossbar_save() to memory.
 *  @param data  room bytes; NULL with room 0, to ask for the size
 *  @param size  becomes the number of bytes, also where the room is too small
 *  @return ARGUMENT, NOMEM  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_save_memory(const memqc_crossbar *crossbar, void *data,
                                                  size_t room, size_t *size);

/** New array from the bytes of memqc_crossbar_save_memory().
 *  @return ARGUMENT, NOMEM, FORMAT  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_load_memory(const void *data, size_t size,
                                                  memqc_crossbar **out);

#ifdef __cplusplus
}
#endif

#endif
