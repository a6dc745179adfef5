/* SPDX-License-Identifier: BSD-3-Clause */
/* Noise of a read, cell by cell. */
#ifndef MQC_CROSSBAR_READ_NOISE_H
#define MQC_CROSSBAR_READ_NOISE_H

#include "crossbar/read/plan.h"

/* The attempt of draws of a read. group: MQC_ADC_GROUPS and more for the reference lines. */
uint32_t mqc_readout_attempt(const struct mqc_readout_plan *plan, size_t group, int phase, int bit);

/* Adds the noise of each cell of a group and tile to n outputs of a vector whose effective inputs
 * are v; z and more are scratch, of a line of cells each. */
void mqc_readout_cells(const memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t group,
                       size_t tile, uint32_t attempt, uint64_t draw, const float *v, float *z,
                       float *more, float *acc);

/* What the noise of a reference line's cells takes from all outputs of a vector whose effective
 * inputs are v. */
float mqc_readout_reference(const memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                            size_t group, size_t tile, uint32_t attempt, uint64_t draw,
                            const float *v, float *z, float *more);

#endif
