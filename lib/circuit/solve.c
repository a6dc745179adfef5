/* SPDX-License-Identifier: BSD-3-Clause */
/* Batches of vectors through a circuit, and the matrix that does the same. */
#include "circuit/solve.h"

#include "core/alloc.h"
#include "core/error.h"
#include "circuit/floor.h"
#include "circuit/iterate.h"
#include "circuit/mesh.h"
#include "circuit/mesh_kernels.h"

#include <math.h>
#include <string.h>

/* Where the vectors of a batch come from and go to: either the floats or the doubles. */
struct batch {
    int doubles;
    const float *volts;
    float *amps;
    const double *volts_double;
    double *amps_double;
    size_t ldv, ldi;
};

static double voltage(const struct batch *b, size_t at) {
    return b->doubles ? b->volts_double[at] : (double)b->volts[at];
}

static memqc_status fetch(const struct batch *b, size_t first, size_t count, size_t inputs,
                          size_t lanes, double *in) {
    for (size_t l = 0; l < lanes; l++) {
        for (size_t k = 0; k < inputs; k++) {
            const double volts = l < count ? voltage(b, (first + l) * b->ldv + k) : 0;
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
            if (b->doubles)
                b->amps_double[(first + l) * b->ldi + k] = out[k * lanes + l];
            else
                b->amps[(first + l) * b->ldi + k] = (float)out[k * lanes + l];
        }
    }
}

static memqc_status solve_each(struct mqc_circuit *c, enum mqc_direction direction, size_t batch,
                               const struct batch *b) {
    const int inner_drive = mqc_circuit_inner_drive(c, direction);
    const size_t inputs = inner_drive ? c->mi : c->n, outputs = inner_drive ? c->n : c->mi;
    MQC_TRY(mqc_circuit_check_batch(c, direction, batch, b->ldv, b->ldi));
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

/* Multiplies with the effective matrix, which is made in the memory behind it. */
static memqc_status multiply(struct mqc_circuit *c, enum mqc_direction direction, size_t batch,
                             const struct batch *b, double *g) {
    const struct mqc_mesh_kernels *const k = mqc_mesh_kernels();
    const int forward = direction == MQC_FORWARD;
    const size_t inputs = forward ? c->rows : c->cols, outputs = forward ? c->cols : c->rows;
    double *const in = g + c->rows * c->cols, *const out = in + inputs * MQC_MESHES,
                  *const packed = out + outputs * MQC_MESHES;
    MQC_TRY(mqc_mesh_matrix(c, g, c->cols));
    k->pack(inputs, outputs, g, forward ? c->cols : 1, forward ? 1 : c->cols, packed);
    for (size_t first = 0; first < batch; first += MQC_MESHES) {
        const size_t count = batch - first < MQC_MESHES ? batch - first : MQC_MESHES;
        MQC_TRY(fetch(b, first, count, inputs, MQC_MESHES, in));
        k->multiply(inputs, outputs, packed, in, out);
        deliver(b, first, count, outputs, MQC_MESHES, out);
    }
    c->iterations = 0;
    return MEMQC_OK;
}

static memqc_status solve(struct mqc_circuit *c, enum mqc_direction direction, size_t batch,
                          const struct batch *b) {
    const size_t inputs = direction == MQC_FORWARD ? c->rows : c->cols,
                 outputs = direction == MQC_FORWARD ? c->cols : c->rows;
    if (!c->meshes || !mqc_circuit_prefers_matrix(c, batch))
        return solve_each(c, direction, batch, b);
    MQC_TRY(mqc_circuit_check_batch(c, direction, batch, b->ldv, b->ldi));
    double *const g = mqc_alloc(c->rows * c->cols + inputs * (outputs + MQC_MESH_PAD) +
                                    (inputs + outputs) * MQC_MESHES,
                                sizeof *g);
    if (!g)
        return MEMQC_ERROR_NOMEM;
    const memqc_status status = multiply(c, direction, batch, b, g);
    mqc_free(g);
    return status;
}

memqc_status mqc_circuit_solve(struct mqc_circuit *circuit, enum mqc_direction direction,
                               size_t batch, const float *volts, size_t ldv, float *amps,
                               size_t ldi) {
    const struct batch b = {.volts = volts, .amps = amps, .ldv = ldv, .ldi = ldi};
    return solve(circuit, direction, batch, &b);
}

memqc_status mqc_circuit_solve_double(struct mqc_circuit *circuit, enum mqc_direction direction,
                                      size_t batch, const double *volts, size_t ldv, double *amps,
                                      size_t ldi) {
    const struct batch b = {
        .doubles = 1, .volts_double = volts, .amps_double = amps, .ldv = ldv, .ldi = ldi};
    return solve(circuit, direction, batch, &b);
}

memqc_status mqc_circuit_solve_each(struct mqc_circuit *circuit, enum mqc_direction direction,
                                    size_t batch, const double *volts, size_t ldv, double *amps,
                                    size_t ldi) {
    const struct batch b = {
        .doubles = 1, .volts_double = volts, .amps_double = amps, .ldv = ldv, .ldi = ldi};
    return solve_each(circuit, direction, batch, &b);
}

/* --- the effective conductances --- */

double mqc_circuit_matrix_tolerance(const struct mqc_circuit *circuit) {
    return fmax(1e-12, MQC_LEAST_SHARE * circuit->tolerance);
}

/* A solution for each line of the shorter side. */
static memqc_status iterate_matrix(struct mqc_circuit *c, double tolerance, double *g, size_t ldg) {
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
        MQC_TRY(mqc_circuit_solve_lanes(c, lanes, inner_drive, tolerance, NULL, first));
        for (size_t l = 0; l < lanes && first + l < inputs; l++)
            for (size_t k = 0; k < outputs; k++)
                g[by_row ? (first + l) * ldg + k : k * ldg + first + l] = v->out[k * lanes + l];
    }
    return MEMQC_OK;
}

memqc_status mqc_circuit_matrix(struct mqc_circuit *circuit, double tolerance, double *g,
                                size_t ldg) {
    if (ldg < circuit->cols)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "wires: leading dimension %zu is less than cols = %zu", ldg, circuit->cols);
    return circuit->meshes ? mqc_mesh_matrix(circuit, g, ldg)
                           : iterate_matrix(circuit, tolerance, g, ldg);
}

int mqc_circuit_prefers_matrix(const struct mqc_circuit *circuit, size_t batch) {
    const size_t lines = circuit->rows < circuit->cols ? circuit->rows : circuit->cols;
    const double least = 1.25 * (double)lines, eliminated = 20;
    return (double)batch >= (circuit->meshes && eliminated < least ? eliminated : least);
}
