/* SPDX-License-Identifier: BSD-3-Clause */
/* Trains of pulses on pulsed cells. */
#ifndef MQC_DEVICE_PULSED_TRAIN_H
#define MQC_DEVICE_PULSED_TRAIN_H

#include "device/cell/inside.h"

/* Pulses and their voltages. */
struct mqc_train {
    struct mqc_pulse pulse;
    double volts_up, volts_down;
    const struct mqc_jumps *jumps; /* NULL but for JUMPS */
};

struct mqc_train mqc_train_of(const memqc_device *device);

/* Have pulses any noise? */
int mqc_pulses_are_noisy(const memqc_device *device);

/* What a pulse draws of n cells, `later` draws after their own: N(0, 1), for JUMPS uniform in
 * [0, 1). */
void mqc_train_noise(const memqc_device *device, const struct mqc_draws *where, uint32_t stream,
                     size_t n, uint64_t later, float *z);

/* `all` pulses on each cell, or counts[i] where counts is not NULL; of either sign. The k-th pulse
 * of a cell, from 0, is draw number k after the cell's own. */
void mqc_train_send(const memqc_device *device, const struct mqc_train *train,
                    const struct mqc_cell_set *set, uint32_t stream, int32_t all,
                    const int32_t *counts);

#endif
