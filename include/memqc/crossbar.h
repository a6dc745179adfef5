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

#include "crossbar_keys.h"
#include "crossbar_read.h"
#include "device.h"

#ifdef __cplusplus
extern "C" {
#endif

/** New array, not yet programmed: every function that reads it fails with STATE until
 *  memqc_crossbar_program() or memqc_crossbar_set_conductances().
 *  @param device  of any model; copied: the caller may change or destroy it afterwards. Its own seed
 *                 does not matter
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
 *  @param key  MEMQC_CROSSBAR_MAPPING to MEMQC_CROSSBAR_TIKI_TAKA_PAIRS
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

/** Does a parameter have an effect now? memqc_crossbar_set() refuses those that have none.
 *  @param flag  becomes 1 or 0
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
 *  cell, and how often it was programmed. The first programming draws from the seed what varies from
 *  device to device; that stays. @return ARGUMENT, STATE  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_set_seed(memqc_crossbar *crossbar, uint64_t seed);

/** The seed in use. @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_get_seed(const memqc_crossbar *crossbar, uint64_t *seed);

/** A copy of the device that the array is made of. The caller destroys it.
 *  @return ARGUMENT, NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_get_device(const memqc_crossbar *crossbar,
                                                 memqc_device **out);

/** Gives the array another device, of the same model and number of levels: another temperature, other
 *  noise. The array keeps its parameters READ_VOLTAGE, IV_NONLINEARITY and READ_NOISE, which it took
 *  from its device when it was made. Cells of a programmed array are made: keys from
 *  MEMQC_DEVICE_STATES to _STEP (window), from _ASYMMETRY to _PULSES_DOWN (pulses), from _D2D_G_MAX
 *  to _D2D_NOISE (spread) and from _STUCK_ON to _STUCK_ANYWHERE (faults) must be as they were.
 *  @param device  copied
 *  @return ARGUMENT (another model, another number of levels), STATE (the first programming settled
 *  a value that differs), NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_set_device(memqc_crossbar *crossbar,
                                                 const memqc_device *device);

/** Installs a function that long calls tell their progress: programming of many weights under
 *  SCHEME_VERIFY (#MEMQC_PHASE_PROGRAMMING, counted in weights). NULL: nobody is told. While such a
 *  call runs, calls that would change the array fail with STATE; the array must not be destroyed.
 *  Where the function asks to stop, the weights that were programmed so far are kept.
 *  @return ARGUMENT, STATE  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_set_progress(memqc_crossbar *crossbar,
                                                   memqc_progress progress, void *user);

/** Rows, columns and planes (slices x sides) of an array; any pointer may be NULL. @return ARGUMENT
 *  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_shape(const memqc_crossbar *crossbar, size_t *rows, size_t *cols,
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

/** Sends pulses to cells of a plane. They are counted among the costs. Levels become the nearest
 *  ones; the weights are what the conductances say. A cell that is named twice gets its pulses in the
 *  order of the list.
 *  @param plane   slice x sides + side
 *  @param n       how many cells
 *  @param places  row * cols + col of each
 *  @param pulses  of each cell, -(2^20 - 1) .. 2^20 - 1: above 0 potentiation (SET), below 0
 *                 depression (RESET)
 *  @return ARGUMENT, STATE; nothing is sent then  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_pulse(memqc_crossbar *crossbar, size_t plane, size_t n,
                                            const size_t *places, const int32_t *pulses);

/** Fills a plane with conductances from anywhere. They age and are programmed afterwards like any
 *  others. Levels become the nearest ones; the weights are what the conductances say. Stuck cells
 *  stay. Nothing is counted as programming. The first call settles what a first programming settles,
 *  with the scale W_MAX, or 1 with the other normalizations; cells that it does not fill are at their
 *  lowest conductance.
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
 *  Levels are what rules reckon with. The noise of a conductance never feeds back into a level. Only
 *  cells whose level changes are programmed. #MEMQC_CROSSBAR_REPORT_MOVED says how many weights
 *  moved.
 *
 *  What a rule keeps belongs to the array: the accumulators, and the fast array of Tiki-Taka, which
 *  is made by the first update. Copies and saved files have it. Programming leaves it as it is.
 *  Another rule drops it. The costs of the fast array are not among those of the array.
 *
 *  Random numbers depend on the seed of the array and on how many updates by pulse trains (of
 *  RULE_STOCHASTIC: by any rule) it has had, and on nothing else.
 *
 *  Not for RULE_PULSE_TRAIN, _TIKI_TAKA and _TIKI_TAKA_2, which see single samples: see
 *  memqc_crossbar_update_outer(). RULE_ONE_DIRECTIONAL needs MAPPING_DIFFERENTIAL, SCHEME_BLIND and
 *  one slice. All rules but RULE_NEAREST_LEVEL need one scale for the array:
 *  NORMALIZATION_FIXED or _ARRAY.
 *  @param crossbar  a programmed array. After a failure it is as it was
 *  @param alpha     the factor, of either sign, finite in single precision
 *  @param dw        rows x cols
 *  @param ldd       leading dimension of dw, at least cols
 *  @return ARGUMENT (a NULL pointer, ldd, alpha, an array that the rule cannot work on); DATA (alpha
 *          dw is NaN, or an accumulator becomes infinite); STATE (not programmed, or a rule that
 *          takes outer products); NOMEM
 *  @since 0.1; 0.3: rules, and no count of changes */
MEMQC_API memqc_status memqc_crossbar_update(memqc_crossbar *crossbar, double alpha,
                                             const float *dw, size_t ldd);

/** Moves the weights by outer products, w <- w + alpha x^T d, as #MEMQC_CROSSBAR_RULE says: row b of
 *  x and row b of d are the two vectors of sample b. In a network x holds what a layer got, d its
 *  errors, and alpha is minus the learning rate, over the size of the minibatch.
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
 *  @return ARGUMENT (a NULL pointer, ldx, ldd, alpha, an array that the rule cannot work on); DATA (x
 *          or d is NaN or infinite, or the step is too large for pulses or accumulators); STATE (not
 *          programmed); NOMEM
 *  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_update_outer(memqc_crossbar *crossbar, double alpha,
                                                   size_t batch, const float *x, size_t ldx,
                                                   const float *d, size_t ldd);

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

/** Cells work again, from the conductances at which they were stuck; n = 0 does nothing. Cells that
 *  work already are left alone.
 *  @param plane   slice x sides + side
 *  @param n       how many
 *  @param places  row * cols + col of each
 *  @return ARGUMENT, STATE  @since 0.3 */
MEMQC_API memqc_status memqc_crossbar_unstick(memqc_crossbar *crossbar, size_t plane, size_t n,
                                              const size_t *places);

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
MEMQC_API memqc_status memqc_crossbar_get_clock(const memqc_crossbar *crossbar, double *seconds);

/** A counter, one of MEMQC_CROSSBAR_COUNT_... @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_crossbar_get_count(const memqc_crossbar *crossbar, int32_t counter, uint64_t *value);

/** A number of the report on the last call of memqc_crossbar_program(), _program_cell(), _program_list(), _update() or _update_outer() that succeeded.
 *  @param what  one of MEMQC_CROSSBAR_REPORT_...
 *  @return ARGUMENT, STATE (no such call yet, also after loading; or one that named no cells), NOMEM  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_get_report(const memqc_crossbar *crossbar, int32_t what, double *value);

/** A cost, one of MEMQC_CROSSBAR_COST_..., in its unit. @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_crossbar_get_cost(const memqc_crossbar *crossbar, int32_t cost, double *value);

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
