/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads: noise, and what a voltage drives. */
#ifndef MQC_DEVICE_READ_H
#define MQC_DEVICE_READ_H

#include "device/cell/inside.h"

/* Slow noise of unit variance as a sum of parts, of which part j changes every 2^j reads. */
enum { MQC_SLOW_PARTS = 25, MQC_SLOW_ATTEMPT = 32 }; /* attempts of part j: MQC_SLOW_ATTEMPT + j */
struct mqc_slow {
    int parts;
    float share[MQC_SLOW_PARTS]; /* standard deviation of each */
};

struct mqc_slow mqc_slow_make(double correlation);

/* For any number of cells, in place, unchecked. */

void mqc_device_read_cells(const memqc_device *device, const struct mqc_draws *where, size_t n,
                           float *g);
/* From volts to those that drive the same current through an ohmic cell: I = G volts. */
void mqc_device_effective_volts(const memqc_device *device, size_t n, float *volts);
memqc_status mqc_device_check_volts(const memqc_device *device, const char *function, size_t n,
                                    const float *volts);

#endif
