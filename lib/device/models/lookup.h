/* SPDX-License-Identifier: BSD-3-Clause */
/* The response curves that programming of pulsed cells looks up. */
#ifndef MQC_DEVICE_LOOKUP_H
#define MQC_DEVICE_LOOKUP_H

#include "device/cell/inside.h"

/* Pulses after which programming gives up. */
enum { MQC_MOST_PULSES = 16384 };

/* The curves of a pulsed device. NOMEM. */
memqc_status mqc_lookup_curves(const memqc_device *device, struct mqc_lookup *lookup);

/* Signed number of pulses that lead from one conductance nearest to another, to a thousandth of the
 * spacing of levels. */
int32_t mqc_lookup_pulses(const struct mqc_lookup *lookup, double from, double to);

/* For every model; what a look-up does not hold is NULL. */
void mqc_lookup_free(struct mqc_lookup *lookup);

#endif
