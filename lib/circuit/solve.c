/* SPDX-License-Identifier: BSD-3-Clause */
/* Batches of vectors through a circuit, and the matrix that does the same. */
#include "core/error.h"
#include "circuit/inside.h"

#include <math.h>
#include <string.h>

/* An output whose parts cancel to less than this share of what inputs of the mean magnitude give is
 * as accurate as that. */
static const double least_share = 1e-4;

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
        v->floor[k] = mean[l] * (mixed[l] ? least_share * c->typical[which][k / lanes]
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

/* Where the vectors of a batch come from and go to: either the floats or the doubles. */
struct batch {
    const float *volts;
    float *amps;
    const double *volts_double;
    double *amps_double;
    size_t ldv, ldi;
};

static memqc_status fetch(const struct batch *b, size_t first, size_t count, size_t inputs,
                          size_t lanes, double *in) {
    for (size_t l = 0; l < lanes; l++) {
        for (size_t k = 0; k < inputs; k++) {
            const size_t at = (first + l) * b->ldv + k;
            const double volts = l >= count ? 0
                                 : b->volts ? (double)b->volts[at]
                                            : b->volts_double[at];
            if (!isfinite(volts))
                return mqc_fail(MEMQC_ERROR_DATA, "wires: voltage %zu of vector %zu is %g V", k,
                                first + l, volts);
            in[k * lanes + l] = volts;
        }
    }
    return MEMQC_OK;
}

static void deliver(const struct batch *b, size_t first, size_t count, size_t outputs, size_t lanes,
                    const double *out) {
    for (size_t l = 0; l < count; l++) {
        for (size_t k = 0; k < outputs; k++) {
            if (b->amps)
                b->amps[(first + l) * b->ldi + k] = (float)out[k * lanes + l];
            else
                b->amps_double[(first + l) * b->ldi + k] = out[k * lanes + l];
        }
    }
}

memqc_status mqc_circuit_check_batch(const struct mqc_circuit *c, enum mqc_wires_way way,
                                     size_t batch, size_t ldv, size_t ldi) {
    const size_t inputs = way == MQC_FORWARD ? c->rows : c->cols,
                 outputs = way == MQC_FORWARD ? c->cols : c->rows;
    if (batch >= 1 && ldv >= inputs && ldi >= outputs)
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_ARGUMENT,
                    "wires: batch = %zu, leading dimensions %zu and %zu; allowed is 1 or more, and "
                    "no less than a row of %zu "
                    "and %zu values",
                    batch, ldv, ldi, inputs, outputs);
}

static memqc_status solve(struct mqc_circuit *c, enum mqc_wires_way way, size_t batch,
                          const struct batch *b) {
    const int inner_drive = mqc_circuit_inner_drive(c, way);
    const size_t inputs = inner_drive ? c->mi : c->n, outputs = inner_drive ? c->n : c->mi;
    MQC_TRY(mqc_circuit_check_batch(c, way, batch, b->ldv, b->ldi));
    MQC_TRY(mqc_circuit_bound(c));
    for (size_t first = 0; first < batch;) {
        const size_t left = batch - first, lanes = mqc_circuit_lanes(c, left),
                     count = left < lanes ? left : lanes;
        struct mqc_vectors *v;
        MQC_TRY(mqc_circuit_vectors(c, lanes, &v));
        MQC_TRY(fetch(b, first, count, inputs, lanes, v->in));
        if (!mqc_circuit_set_floor(c, lanes, inner_drive)) {
            MQC_TRY(mqc_circuit_know_typical(c, inner_drive));
            continue; /* with the same vectors */
        }
        MQC_TRY(mqc_circuit_solve_lanes(c, lanes, inner_drive, c->tolerance, NULL, first));
        deliver(b, first, count, outputs, lanes, v->out);
        first += count;
    }
    return MEMQC_OK;
}

memqc_status mqc_circuit_solve(struct mqc_circuit *circuit, enum mqc_wires_way way, size_t batch,
                               const float *volts, size_t ldv, float *amps, size_t ldi) {
    MQC_NOT_NULL(circuit);
    MQC_NOT_NULL(volts);
    MQC_NOT_NULL(amps);
    const struct batch b = {.volts = volts, .amps = amps, .ldv = ldv, .ldi = ldi};
    return solve(circuit, way, batch, &b);
}

memqc_status mqc_circuit_solve_double(struct mqc_circuit *circuit, enum mqc_wires_way way,
                                      size_t batch, const double *volts, size_t ldv, double *amps,
                                      size_t ldi) {
    MQC_NOT_NULL(circuit);
    MQC_NOT_NULL(volts);
    MQC_NOT_NULL(amps);
    const struct batch b = {.volts_double = volts, .amps_double = amps, .ldv = ldv, .ldi = ldi};
    return solve(circuit, way, batch, &b);
}

/* --- the effective conductances --- */

memqc_status mqc_circuit_matrix(struct mqc_circuit *circuit, float *g, size_t ldg) {
    MQC_NOT_NULL(circuit);
    MQC_NOT_NULL(g);
    struct mqc_circuit *c = circuit;
    if (ldg < c->cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "wires: leading dimension %zu is less than cols = %zu", ldg, c->cols);
    const int inner_drive = c->mi <= c->n; /* the side with fewer lines */
    const size_t inputs = inner_drive ? c->mi : c->n, outputs = inner_drive ? c->n : c->mi,
                 lanes = mqc_circuit_lanes(c, inputs);
    const int by_row = inner_drive != c->swapped; /* an input is a row */
    struct mqc_vectors *v;
    MQC_TRY(mqc_circuit_vectors(c, lanes, &v));
    MQC_TRY(mqc_circuit_bound(c));
    for (size_t first = 0; first < inputs; first += lanes) {
        memset(v->in, 0, inputs * lanes * sizeof *v->in);
        for (size_t l = 0; l < lanes && first + l < inputs; l++)
            v->in[(first + l) * lanes + l] = 1;
        mqc_circuit_set_floor(c, lanes, inner_drive);
        MQC_TRY(mqc_circuit_solve_lanes(c, lanes, inner_drive, c->tolerance, NULL, first));
        for (size_t l = 0; l < lanes && first + l < inputs; l++)
            for (size_t k = 0; k < outputs; k++)
                g[by_row ? (first + l) * ldg + k : k * ldg + first + l] =
                    (float)v->out[k * lanes + l];
    }
    return MEMQC_OK;
}

int mqc_circuit_prefers_matrix(const struct mqc_circuit *circuit, size_t batch) {
    const double lines = (double)(circuit->rows < circuit->cols ? circuit->rows : circuit->cols);
    return (double)batch >= 1.25 * lines;
}
