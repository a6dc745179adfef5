/* SPDX-License-Identifier: BSD-3-Clause */
/* Variances of outputs by noise in proportion to the conductances: sums over the inputs of their
 * squares times the squares of G / G_MAX; with flicker, times the variances of the whole relative
 * noise.
 *
 * In wide arrays both squares are rounded (array/variance_kernels.h), and a bound of what that did
 * is known for each variance. Every variance is within 1 % of that of floats:
 * - an output is multiplied in floats where most of its squares are so far below the largest that
 *   rounding would cost too much for most inputs; many such outputs make all of them so;
 * - a vector is multiplied in floats where the bound of one of its outputs is beyond 1 %. */
#ifndef MQC_CROSSBAR_READ_VARIANCE_H
#define MQC_CROSSBAR_READ_VARIANCE_H

#include "crossbar/read/plan.h"

/* Is there such noise, of outputs? */
static inline int mqc_variance_needed(const struct mqc_readout_plan *plan) {
    return plan->relative > 0 && !plan->per_cell;
}

/* From the variances of a vector to those of the next: a multiple of the panels' width. */
size_t mqc_variance_stride(const struct mqc_readout_plan *plan);

/* Squares the conductances where they have changed, and makes room for n vectors. NOMEM. */
memqc_status mqc_variance_prepare(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                                  size_t n);

/* Rounds the squares of the inputs of a read, n x inputs. */
void mqc_variance_inputs(memqc_crossbar *xb, const struct mqc_readout_plan *plan, size_t n,
                         const float *squares);

/* The variances of a group and tile, of inputs that were rounded. NOMEM. */
memqc_status mqc_variance_make(memqc_crossbar *xb, const struct mqc_readout_plan *plan,
                               size_t group, size_t tile, size_t n, const float *squares,
                               float *var);

void mqc_variance_free(struct mqc_variances *variances);

#endif
