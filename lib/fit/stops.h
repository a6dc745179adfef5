/* SPDX-License-Identifier: BSD-3-Clause */
/* The drift of a device whose cycles end on its bounds. Called by drift.c. */
#ifndef MQC_FIT_STOPS_H
#define MQC_FIT_STOPS_H

#include "fit/peers.h"

/* The rows first .. end - 1 of a device, and the middle of the places of its cycles. */
struct mqc_fit_stops {
    size_t first, end;
    double centre;
    double slope, error; /* what is found: relative change from one cycle to the next */
};

/* Do readings that stand on a bound tell the drift, which is then that of the readings to the digit? It
 * lies within low .. high. at[], off[] and values[] of the bench are work space. */
int mqc_fit_find_stops(struct mqc_fit_bench *bench, struct mqc_fit_stops *stops, double low,
                       double high);

#endif
