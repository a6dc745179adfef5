/* SPDX-License-Identifier: BSD-3-Clause */
/* How small an output may be before its tolerance is no longer of itself (see circuit.h). */
#include "circuit/floor.h"

#include "core/error.h"
#include "circuit/iterate.h"

#include <math.h>
#include <string.h>

/* Nor has an output to be more accurate than what this share of the most that it can be is: some
 * are zero for want of a path. */
static const double no_path = 1e-12;

memqc_status mqc_circuit_know_typical(struct mqc_circuit *c, int inner_drive) {
    const size_t inputs = inner_drive ? c->mi : c->n, outputs = inner_drive ? c->n : c->mi;
    const int which = inner_drive ? 0 : 1;
    if (c->known[which])
        return MEMQC_OK;
    for (size_t k = 0; k < inputs; k++)
        c->one.in[k] = 1;
    mqc_circuit_set_floor(c, 1, inner_drive);
    MQC_TRY(mqc_circuit_solve_lanes(c, 1, inner_drive, c->tolerance, NULL, 0));
    memcpy(c->typical[which], c->one.out, outputs * sizeof *c->one.out);
    c->known[which] = 1;
    return MEMQC_OK;
}

/* The mean magnitude of lane l; returns whether its inputs have both signs. */
static int mixture(const double *in, size_t inputs, size_t lanes, size_t l, double *mean) {
    double sum = 0;
    int up = 0, down = 0;
    for (size_t k = l; k < inputs * lanes; k += lanes) {
        sum += fabs(in[k]);
        up |= in[k] > 0;
        down |= in[k] < 0;
    }
    *mean = sum / (double)inputs;
    return up && down;
}

int mqc_circuit_set_floor(struct mqc_circuit *c, size_t lanes, int inner_drive) {
    const size_t inputs = inner_drive ? c->mi : c->n, outputs = inner_drive ? c->n : c->mi;
    const int which = inner_drive ? 0 : 1;
    struct mqc_vectors *v = lanes == 1 ? &c->one : &c->many;
    double mean[MQC_LANES];
    int mixed[MQC_LANES], any = 0;
    for (size_t l = 0; l < lanes; l++)
        any |= mixed[l] = mixture(v->in, inputs, lanes, l, &mean[l]);
    if (any && !c->known[which])
        return 0;
    for (size_t k = 0; k < outputs * lanes; k++) {
        const size_t l = k % lanes;
        v->floor[k] = mean[l] * (mixed[l] ? MQC_LEAST_SHARE * c->typical[which][k / lanes]
                                          : no_path * c->most[which][k / lanes]);
    }
    return 1;
}

memqc_status mqc_circuit_load(struct mqc_circuit *c, int inner_drive, const double *volts) {
    const size_t inputs = inner_drive ? c->mi : c->n;
    for (size_t k = 0; k < inputs; k++)
        if (!isfinite(volts[k]))
            return mqc_fail(MEMQC_ERROR_DATA, "wires: voltage %zu is %g V", k, volts[k]);
    MQC_TRY(mqc_circuit_bound(c));
    memcpy(c->one.in, volts, inputs * sizeof *volts);
    if (mqc_circuit_set_floor(c, 1, inner_drive))
        return MEMQC_OK;
    MQC_TRY(mqc_circuit_know_typical(c, inner_drive));
    memcpy(c->one.in, volts, inputs * sizeof *volts);
    mqc_circuit_set_floor(c, 1, inner_drive);
    return MEMQC_OK;
}
