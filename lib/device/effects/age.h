/* SPDX-License-Identifier: BSD-3-Clause */
/* Ageing: endurance, relaxation, drift, flicker. */
#ifndef MQC_DEVICE_AGE_H
#define MQC_DEVICE_AGE_H

#include "device/cell/inside.h"

/* For any number of cells, in place, unchecked. sd: S, of the flicker of each read, where that is
 * drawn there; NULL: not wanted. */
void mqc_device_age_cells(const memqc_device *device, const struct mqc_draws *where, double seconds,
                          double cycles, size_t n, float *g, float *sd);
/* Is flicker drawn in reads? */
int mqc_device_flickers_in_reads(const memqc_device *device);
enum { MQC_FLICKER_ATTEMPT = 64 }; /* of MQC_STREAM_READ */
/* Does the drift exponent differ from cell to cell? */
int mqc_device_drift_scatters(const memqc_device *device);

void mqc_device_drift_exponents(const memqc_device *device, const struct mqc_draws *where, size_t n,
                                float *nu);

#endif
