/* SPDX-License-Identifier: BSD-3-Clause */
/* The caller's function behind a custom device: who holds it, and what it did wrong. */
#ifndef MQC_DEVICE_CUSTOM_HOST_H
#define MQC_DEVICE_CUSTOM_HOST_H

#include "device/cell/inside.h"

enum { MQC_HOST_NAME = 64 };

/* Gives a device a function, NOMEM; or a copy of a device a share of the one that its bytes name. */
memqc_status mqc_host_make(memqc_device *device, const char *name, memqc_device_step step,
                           void *user, memqc_device_release release);
void mqc_host_share(memqc_device *copy);
/* Gives the share back; nothing for a device without a function. */
void mqc_host_leave(memqc_device *device);

/* Calls the function for n cells. What it makes of them is in g; where it fails, the fault is noted
 * for this thread and the result is not 0. A device with a fault calls it no more in this thread. */
int mqc_host_call(const memqc_device *device, size_t n, const float *volts,
                  const float *const *cells, const float *normals, const float *uniforms, float *g);
/* Has a call failed, or made NaN? */
int mqc_host_has_fault(const memqc_device *device);
/* Notes that it made NaN of a cell at g. */
void mqc_host_note_nan(const memqc_device *device, float volts, float g);

/* The fault of a device in this thread, since the last time that it asked: DATA, with its text.
 * Devices of other models have none. */
memqc_status mqc_host_check(const memqc_device *device, const char *function);

/* STATE, where a device has a function, which no file can hold. */
memqc_status mqc_host_check_saved(const memqc_device *device);

#endif
