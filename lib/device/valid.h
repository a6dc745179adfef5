/* SPDX-License-Identifier: BSD-3-Clause */
/* What a device may be. Every loader asks, and every fit; builds for debugging ask after every
 * public call (lib/checked.py). */
#ifndef MQC_DEVICE_VALID_H
#define MQC_DEVICE_VALID_H

#include "device/cell/inside.h"

/* NULL for a device that the library can have made; else what none has, for a text. Reads nothing
 * that the device's own sizes do not vouch for, whatever the values are. */
const char *mqc_device_flaw(const memqc_device *device);

/* Are two devices one, to the last bit of what is saved of them, reports of fits apart? Devices of a
 * function are if they share it. */
int mqc_device_equal(const memqc_device *a, const memqc_device *b);

#endif
