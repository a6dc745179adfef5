/* SPDX-License-Identifier: BSD-3-Clause */
/* Squares of the conductances of a direction, rounded and packed for products in whole numbers. */
#ifndef MQC_CROSSBAR_READ_PACKED_H
#define MQC_CROSSBAR_READ_PACKED_H

#include "crossbar/array/variance_kernels.h"
#include "crossbar/read/plan.h"

/* Are squares rounded? Not in thin arrays, whose products are the library's own, nor in flat ones,
 * where it would not pay. */
int mqc_packed_pays(const struct mqc_readout_plan *plan);

/* How many panels the outputs fill; from one to the next. */
size_t mqc_packed_panels(const struct mqc_readout_plan *plan);
size_t mqc_packed_size(const struct mqc_readout_plan *plan);

/* Inputs of a tile, in whole groups. */
size_t mqc_packed_depth(const struct mqc_readout_plan *plan);

/* The panels of a group and tile, and how their outputs were rounded. */
int16_t *mqc_packed_at(const struct mqc_variances *v, const struct mqc_readout_plan *plan,
                       size_t group, size_t tile);
struct mqc_roundings mqc_packed_outputs(const struct mqc_variances *v,
                                        const struct mqc_readout_plan *plan, size_t group,
                                        size_t tile);

/* Packs what is not of the present conductances. NOMEM. */
memqc_status mqc_packed_make(memqc_crossbar *xb, const struct mqc_readout_plan *plan);

/* Are so many outputs uneven that none is worth rounding? */
int mqc_packed_is_uneven(const struct mqc_variances *v, const struct mqc_readout_plan *plan);

#endif
