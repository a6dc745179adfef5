/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables of a jumps device: owned by it, copied and freed with it. */
#ifndef MQC_DEVICE_JUMPS_H
#define MQC_DEVICE_JUMPS_H

#include "core/archive.h"
#include "device/cell/inside.h"

/* Where mean' + deviation' are wanted instead of the mean and the deviation from it of each row of
 * quantiles: mean' = common + mean_factor (mean - common), deviation' = noise_factor deviation.
 * `common` counts in the direction of the pulse. */
struct mqc_jump_scale {
    double common, mean_factor, noise_factor;
};
void mqc_jumps_scale(memqc_device *device, const struct mqc_jump_scale *scale);

/* The mean of the mean jumps of all nodes, in the direction of the pulses, S. */
double mqc_jumps_common(const memqc_device *device);

/* An independent copy in place of the one that `device` shares. NOMEM: it has none then. */
memqc_status mqc_jumps_own(memqc_device *device);
/* Makes a copy what `from` is, of which it was made. */
void mqc_jumps_assign(struct mqc_jumps *to, const struct mqc_jumps *from);
void mqc_jumps_free(struct mqc_jumps **jumps);

void mqc_jumps_write(const memqc_device *device, struct mqc_writer *writer);
memqc_status mqc_jumps_read(struct mqc_reader *reader, memqc_device *device);

#endif
