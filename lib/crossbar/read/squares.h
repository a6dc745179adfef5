/* SPDX-License-Identifier: BSD-3-Clause */
/* Squares of the conductances behind the ADCs of a group, for the variance of noise in proportion
 * to them. */
#ifndef MQC_CROSSBAR_READ_SQUARES_H
#define MQC_CROSSBAR_READ_SQUARES_H

#include "crossbar/read/plan.h"

/* What the squares of a group's conductances depend on beside these: with flicker, relative noise,
 * which is in them; else -1. A change of READ_NOISE_RELATIVE is none of the conductances. */
float mqc_squares_inside(const struct mqc_readout_plan *plan);

/* The squares of the relative conductances of n cells of a group, from one on; with flicker, of the
 * whole relative noise. */
void mqc_squares_of(const memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t group,
                    size_t first, size_t n, float *squares);

/* Makes those of all groups, where they are not of the present conductances. NOMEM. */
memqc_status mqc_squares_make(memqc_crossbar *xb, const struct mqc_readout_plan *plan);

#endif
