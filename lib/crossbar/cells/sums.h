/* SPDX-License-Identifier: BSD-3-Clause */
/* The generation of the conductances, and their sums behind each input of a product.
 *
 * Every write to a conductance of an array makes a new generation. What was computed from
 * conductances notes their generation, and is computed again where that is no longer the present
 * one. Generations begin with 1, before the first programming: 0 is that of nothing. */
#ifndef MQC_CROSSBAR_CELLS_SUMS_H
#define MQC_CROSSBAR_CELLS_SUMS_H

#include "crossbar/array/array.h"

/* Conductances have changed, or are about to. */
void mqc_cells_changed(memqc_crossbar *xb);

/* Sets the conductances g of n different cells of a plane: cells index[i], or, where index is NULL,
 * the n from the first-th on. Sums that are of the present conductances are corrected. */
void mqc_cells_store(memqc_crossbar *xb, struct mqc_plane *plane, size_t n, size_t first,
                     const uint32_t *index, const float *g);

/* The sums of the conductances behind each row, or, transposed, behind each column; allocated and
 * made where they are not there. The energy in the cells needs them. NOMEM. */
memqc_status mqc_cells_sums(memqc_crossbar *xb, int transposed, const float **sums);

/* Sums that programming corrected differ in their last bits from sums made anew, and the energy of
 * reads with them. So copies and files keep them. */

/* The sums in double precision where they are of the present conductances, else NULL. */
const double *mqc_cells_kept_sums(const memqc_crossbar *xb, int transposed);
/* Room for the sums. NOMEM. */
memqc_status mqc_cells_sums_room(memqc_crossbar *xb, int transposed);
/* Takes sums, for which there is room, as those of the present conductances; NULL: there are none. */
void mqc_cells_take_sums(memqc_crossbar *xb, int transposed, const double *total);

void mqc_cells_free_sums(memqc_crossbar *xb);

#endif
