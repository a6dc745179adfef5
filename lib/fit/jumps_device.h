/* SPDX-License-Identifier: BSD-3-Clause */
/* From fitted tables of jumps to a device, and from the device to others that the data allow.
 * Called by combine.c, build.c and draw.c. */
#ifndef MQC_FIT_JUMPS_DEVICE_H
#define MQC_FIT_JUMPS_DEVICE_H

#include "fit/jump_cloud.h"
#include "fit/judge.h"

/* The window as values of keys. */
void mqc_fit_jumps_tell(struct mqc_fit_work *work);

/* Gives the device the tables, its number of levels, and the pulses that they were fitted to.
 * NOMEM. */
memqc_status mqc_fit_jumps_put(const struct mqc_fit_work *work, memqc_device *device);

/* Gives a table of the device, in one direction, the mirror image of the other one; `room` has room
 * for it. NOMEM. */
memqc_status mqc_jumps_mirror(size_t table, int down, struct mqc_jump_curve *room,
                              memqc_device *device);

/* Gives `out`, a copy of a device with pairs, tables of cycles drawn with replacement. NOMEM. */
memqc_status mqc_jumps_draw(const memqc_device *device, uint64_t seed, uint64_t draw,
                            memqc_device *out);

#endif
