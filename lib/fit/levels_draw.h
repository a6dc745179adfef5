/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels from the posterior of a fit. Called by draw.c. */
#ifndef MQC_FIT_LEVELS_DRAW_H
#define MQC_FIT_LEVELS_DRAW_H

#include "device/cell/levels.h"
#include "rng/rng.h"

struct mqc_levels_draw;

/* Room for draws of the levels of a device; *out stays NULL where the fit knows of none, or the
 * device does not follow them. NOMEM. */
memqc_status mqc_levels_draw_make(const memqc_device *device, struct mqc_levels_draw **out);
void mqc_levels_draw_free(struct mqc_levels_draw **room);

/* Gives `out` levels that are moved from those of `device` by share times what their errors allow.
 * Are they levels? */
int mqc_levels_draw(struct mqc_levels_draw *room, const memqc_device *device,
                    const struct mqc_rng *rng, uint64_t draw, double share, memqc_device *out);

#endif
