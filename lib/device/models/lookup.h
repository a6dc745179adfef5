/* SPDX-License-Identifier: BSD-3-Clause */
/* The response curves that programming of pulsed cells looks up. */
#ifndef MQC_DEVICE_LOOKUP_H
#define MQC_DEVICE_LOOKUP_H

#include "device/cell/inside.h"

/* Pulses after which programming gives up. */
enum { MQC_MOST_PULSES = 16384 };

/* Conductances from which a look-up has a pulse, where pulses are coarse. */
enum { MQC_COARSE_NODES = 1025 };

/* Conductances of levels, for every model; and the courses of a pulsed device with them. NOMEM. */
memqc_status mqc_lookup_levels(const memqc_device *device, struct mqc_lookup *lookup);
memqc_status mqc_lookup_curves(const memqc_device *device, struct mqc_lookup *lookup);

/* Signed number of pulses that lead from one conductance nearest to another, to a thousandth of the
 * spacing of levels. */
int32_t mqc_lookup_pulses(const struct mqc_lookup *lookup, double from, double to);

/* Pulses are coarse where one crosses more than a quarter of the window, and than the spacing of
 * levels: then trains of one direction may come near no level, but those that go beyond it and back
 * by smaller pulses of the other direction do. */
int mqc_pulse_is_coarse(const memqc_device *device, double step);

/* Pulses that lead nearest, of either sign: there, and from beyond the target back. miss: how far
 * from it they end. A pulse more must bring a thousandth of the spacing of levels. */
struct mqc_pulse_plan {
    int32_t there, back;
    double miss;
};

/* By the look-up, for n cells that are to go from conductances to levels. Returns whether any has a
 * way back, as only coarse pulses have: `back` is not written else. */
int mqc_lookup_plans(const memqc_device *device, const struct mqc_lookup *lookup, size_t n,
                     const float *g, const float *levels, int32_t *there, int32_t *back);
/* Pulse by pulse of the nominal device. */
struct mqc_pulse_plan mqc_nominal_plan(const memqc_device *device, double from, double to);

/* For every model; what a look-up does not hold is NULL. */
void mqc_lookup_free(struct mqc_lookup *lookup);

#endif
