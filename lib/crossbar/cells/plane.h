/* SPDX-License-Identifier: BSD-3-Clause */
/* Planes of cells: their optional parts, and the door through which conductances change. */
#ifndef MQC_CROSSBAR_CELLS_PLANE_H
#define MQC_CROSSBAR_CELLS_PLANE_H

#include "crossbar/array/array.h"

/* The planes of all kinds, reference columns last; NULL past the last one. */
struct mqc_plane *mqc_crossbar_any_plane(const memqc_crossbar *xb, size_t i);

/* Room for what is stuck in a plane. NOMEM. */
memqc_status mqc_plane_stuck_room(struct mqc_plane *plane);

/* Room for the flicker of the reads of a plane, 0 where it is new. NOMEM. */
memqc_status mqc_plane_flicker_room(struct mqc_plane *plane);

/* Room for what ages, in all planes. Where it is new, the cells were programmed now. A failure leaves
 * none that was not there before. NOMEM. */
memqc_status mqc_crossbar_age_room(memqc_crossbar *xb);
/* Which of it there is, and back to that. */
enum { MQC_AGES = 1, MQC_FLICKERS = 2 };
int mqc_crossbar_ages(const memqc_crossbar *xb);
void mqc_crossbar_drop_ages(memqc_crossbar *xb, int kept);

void mqc_plane_free(struct mqc_plane *plane);

/* The door of every change of n conductances of a plane by programming or pulses, before
 * mqc_crossbar_refresh(): cells index[i], or, where index is NULL, the n from the first-th on. g are
 * the new conductances, which those of stuck cells replace. The time is noted. */
void mqc_plane_store(memqc_crossbar *xb, struct mqc_plane *plane, size_t n, size_t first,
                     const uint32_t *index, float *g);

/* As mqc_plane_store(), where the new conductances are in the plane already. */
void mqc_plane_programmed(memqc_crossbar *xb, struct mqc_plane *plane, size_t n, size_t first,
                          const uint32_t *index);

#endif
