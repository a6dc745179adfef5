/* SPDX-License-Identifier: BSD-3-Clause */
/** @file device_measured.h
 *  Devices given by what was measured instead of by an equation.
 */
#ifndef MEMQC_DEVICE_MEASURED_H
#define MEMQC_DEVICE_MEASURED_H

#include "device.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- levels one by one: #MEMQC_DEVICE_LAW_LEVELS of the quantized model --- */

/** Sets the levels of a quantized device one by one, evenly spaced or not.
 *
 *  LAW becomes LAW_LEVELS, STATES becomes n, and G_MAX and G_MIN become the highest and the lowest
 *  of the levels. These three follow the table as long as the law is LAW_LEVELS: memqc_device_set()
 *  refuses to change them. Level 1 is the highest conductance, as always.
 *
 *  A draw of level l is g_l + sd_l f, f = N(0, 1), and BELOW_ZERO says what becomes of one below 0.
 *  Where quantiles are given, draws follow them instead: quantile j of a level, j = 0 ..
 *  n_quantiles - 1, is the conductance that a fraction j / (n_quantiles - 1) of its draws stays
 *  below, from the least to the largest. Between neighbours the draws are uniform. g_l is still
 *  what programming aims at.
 *
 *  Arrays put a weight on the level whose nominal conductance is nearest. Pairs, write-verify and
 *  all update rules work on uneven levels. Slices do not: digits need equal steps.
 *  @param n            levels, 2 .. 4096
 *  @param g            S, n nominal conductances that fall or rise from each to the next, 0 .. 1e3,
 *                      the highest 1e-15 or more
 *  @param sd           S, n standard deviations, 0 .. 1e3, or NULL for 0; of no effect where
 *                      quantiles are given
 *  @param n_quantiles  quantiles of each level, 2 .. 1024; 0 for the normal law
 *  @param quantiles    S, n x n_quantiles, row-major, 0 .. 1e3, none below the one before it; or
 *                      NULL
 *  @return ARGUMENT (another model; a size; an order), DATA (a value out of its range), NOMEM
 *          @since 0.3 */
MEMQC_API memqc_status memqc_device_set_levels(memqc_device *device, size_t n, const float *g,
                                               const float *sd, size_t n_quantiles,
                                               const float *quantiles);

/** Reads the levels of any device, from level 1 down.
 *  @param room            how many values g and sd have room for each
 *  @param g               S, nominal conductances; may be NULL
 *  @param sd              S, standard deviations: as set, or, for quantiles and for other laws and
 *                         models, as memqc_device_level() has them; may be NULL
 *  @param n               becomes the number of levels
 *  @param room_quantiles  how many values `quantiles` has room for
 *  @param quantiles       S, n x n_quantiles, row-major, where the levels have some; may be NULL
 *  @param n_quantiles     becomes the number of quantiles of each level, 0 for none; may be NULL
 *  @return ARGUMENT (too little room)  @since 0.3 */
MEMQC_API memqc_status memqc_device_get_levels(const memqc_device *device, size_t room, float *g,
                                               float *sd, size_t *n, size_t room_quantiles,
                                               float *quantiles, size_t *n_quantiles);

/* --- tables of jumps --- */

/** Largest number of quantiles of a table of jumps at one conductance. @since 0.3 */
#define MEMQC_DEVICE_JUMP_QUANTILES 1024

/** Largest number of tables of jumps of a device. @since 0.3 */
#define MEMQC_DEVICE_JUMP_TABLES 256

/** Sets one direction of a table of a #MEMQC_DEVICE_JUMPS device: the distribution of the change of
 *  conductance by one pulse, given the conductance before it.
 *
 *  The quantile quantiles[i * n_q + j] is the change that a pulse at the conductance g[i] does not
 *  exceed with probability p[j] = j / (n_q - 1): the first is the least change, the last the
 *  largest. A change counts with its sign, also of depression. A pulse draws a uniform number u and
 *  changes the conductance by the quantile at u. Quantiles are interpolated linearly in p, then in
 *  g; beyond the first and the last conductance they are constant. The result is cut to the bounds
 *  of the cell. Evenly spaced conductances (to a thousandth of their spacing) are the fastest.
 *
 *  Several tables are a spread from device to device: each cell keeps one, drawn with equal
 *  probability by (seed, cell). A new device has one table, whose changes are +0.5 G0 and -0.5 G0.
 *  A table one beyond the last is added; until its other direction is set too, that is a copy of
 *  the one of table 0.
 *  @param table      0 .. number of tables, at most #MEMQC_DEVICE_JUMP_TABLES - 1
 *  @param direction  1 potentiation, -1 depression
 *  @param n_g        conductances, 1 .. #MEMQC_DEVICE_TABLE_NODES
 *  @param g          S, n_g conductances, 0 or more, rising
 *  @param n_q        quantiles at each, 2 .. #MEMQC_DEVICE_JUMP_QUANTILES
 *  @param quantiles  S, n_g x n_q, none falling along a row, each -1000 .. 1000 S
 *  @return ARGUMENT (another model; table, direction, n_g, n_q; order of g), DATA (NaN, infinity, a
 *          quantile below the one before it), NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_device_set_jumps(memqc_device *device, size_t table, int32_t direction,
                                              size_t n_g, const float *g, size_t n_q,
                                              const float *quantiles);

/** Number of tables of a #MEMQC_DEVICE_JUMPS device, and size of one direction of a table.
 *  @param tables  how many tables; may be NULL
 *  @param n_g     conductances of this one; may be NULL
 *  @param n_q     quantiles at each; may be NULL
 *  @return ARGUMENT (another model; table; direction)  @since 0.3 */
MEMQC_API memqc_status memqc_device_jumps_size(const memqc_device *device, size_t table,
                                               int32_t direction, size_t *tables, size_t *n_g,
                                               size_t *n_q);

/** Gets one direction of a table of a #MEMQC_DEVICE_JUMPS device.
 *  @param room_g          elements of g, n_g or more
 *  @param g               S, n_g conductances; may be NULL
 *  @param room_quantiles  elements of quantiles, n_g n_q or more
 *  @param quantiles       S, n_g x n_q; may be NULL
 *  @return ARGUMENT (another model; table; direction; room)  @since 0.3 */
MEMQC_API memqc_status memqc_device_get_jumps(const memqc_device *device, size_t table,
                                              int32_t direction, size_t room_g, float *g,
                                              size_t room_quantiles, float *quantiles);

#ifdef __cplusplus
}
#endif

#endif
