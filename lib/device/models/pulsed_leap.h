/* SPDX-License-Identifier: BSD-3-Clause */
/* Trains of pulses of which only the end counts, as in programming: in leaps. */
#ifndef MQC_DEVICE_PULSED_LEAP_H
#define MQC_DEVICE_PULSED_LEAP_H

#include "device/cell/inside.h"

/* Does the law of the device know several pulses at once? */
int mqc_device_leaps(const memqc_device *device);

/* counts[i] pulses of either sign on each cell. The k-th leap of a cell, from 0, is draw number k
 * after the cell's own. */
void mqc_leap_send(const memqc_device *device, const struct mqc_cell_set *set, uint32_t stream,
                   const int32_t *counts);

#endif
