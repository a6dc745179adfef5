/* SPDX-License-Identifier: BSD-3-Clause */
/* How small an output may be before its tolerance is no longer of itself (see circuit.h). */
#ifndef MQC_CIRCUIT_FLOOR_H
#define MQC_CIRCUIT_FLOOR_H

#include "circuit/inside.h"

/* An output whose parts cancel to less than this share of what inputs of the mean magnitude give is
 * as accurate as that share. */
#define MQC_LEAST_SHARE 1e-4

/* Makes v->floor for the sources in v->in from c->most. Returns 0 where sources of both signs need
 * c->typical, which is not there: mqc_circuit_know_typical() makes it, and overwrites the vectors
 * of one lane. */
int mqc_circuit_set_floor(struct mqc_circuit *c, size_t lanes, int inner_drive);
memqc_status mqc_circuit_know_typical(struct mqc_circuit *c, int inner_drive);

/* Puts one vector of sources into c->one.in, and its floor into c->one.floor. DATA, DIVERGED. */
memqc_status mqc_circuit_load(struct mqc_circuit *c, int inner_drive, const double *volts);

#endif
