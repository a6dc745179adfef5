/* SPDX-License-Identifier: BSD-3-Clause */
/* A product through the converters. */
#ifndef MQC_CROSSBAR_READ_RUN_H
#define MQC_CROSSBAR_READ_RUN_H

#include "crossbar/read/plan.h"

/* For calibration: the magnitudes that the ADCs of a group see in one tile, reads x samples x
 * outputs; no noise, no result. */
struct mqc_collect {
    size_t group, tile;
    float *to;
};

/* Computes y, or, where collect is not NULL, what it asks for; y is then NULL. Nothing changes
 * where it fails. NOMEM, DIVERGED. */
memqc_status mqc_readout_run(memqc_crossbar *xb, struct mqc_readout_plan *plan, size_t batch,
                             const float *x, size_t ldx, float *y, size_t ldy,
                             struct mqc_collect *collect);

#endif
