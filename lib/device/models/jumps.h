/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables of a jumps device. Copies of it share them, in several threads at once; the last of their
 * holders frees them. */
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
/* Of a device that has its tables alone. */
void mqc_jumps_scale(memqc_device *device, const struct mqc_jump_scale *scale);

/* The mean of the mean jumps of all nodes, in the direction of the pulses, S. */
double mqc_jumps_common(const memqc_device *device);

/* Tables of its own in place of those that `device` shares. NOMEM: it shares them still. */
memqc_status mqc_jumps_own(memqc_device *device);
/* One holder more, or one less, of tables that may be NULL. */
void mqc_jumps_hold(struct mqc_jumps *jumps);
void mqc_jumps_free(struct mqc_jumps **jumps);

void mqc_jumps_write(const memqc_device *device, struct mqc_writer *writer);
memqc_status mqc_jumps_read(struct mqc_reader *reader, memqc_device *device);

#endif
