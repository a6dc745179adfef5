/* SPDX-License-Identifier: BSD-3-Clause */
/** @file device_measured.h
 *  Devices told by tables of what was measured, instead of by an equation.
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
 *  @param g            S, n nominal conductances that fall or rise from each to the next, 0 .. 1e3
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

#ifdef __cplusplus
}
#endif

#endif
