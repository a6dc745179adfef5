/* SPDX-License-Identifier: BSD-3-Clause */
/* Solving the linear circuit by preconditioned conjugate gradients on the outer lines (see
 * circuit.h). */
#include "circuit/iterate.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

/* Changes of the outputs above so many tolerances are not worth asking for the bound. */
static const double far_off = 10;

static const struct mqc_wires_lanes *lanes_of(size_t lanes) {
    return lanes == 1 ? &mqc_wires_kernels()->one : &mqc_wires_kernels()->many;
}

static void apply_group(struct mqc_circuit *c, size_t g, const double *p, double *q) {
    const struct mqc_wires_kernels *k = mqc_wires_kernels();
    const size_t first = g * MQC_LINES,
                 lines = c->mi - first < MQC_LINES ? c->mi - first : MQC_LINES, at = first * c->n;
    const int one_node = c->outer.rows == 1;
    k->pack(lines, c->n, one_node ? p : p + at, one_node ? 0 : c->n, c->group[0]);
    k->eliminate(&c->inner, c->d + at, c->t + at, c->group[0], c->group[1]);
    k->unpack(lines, c->n, c->group[0], one_node, one_node ? q : q + at, one_node ? 0 : c->n);
}

void mqc_circuit_apply_inner(struct mqc_circuit *c, size_t lanes, const double *p, double *q) {
    const int one_node = c->outer.rows == 1;
    if (one_node)
        memset(q, 0, c->n * lanes * sizeof *q);
    for (size_t g = 0; g < c->groups && lanes == 1; g++)
        apply_group(c, g, p, q);
    for (size_t i = 0; i < c->mi && lanes > 1; i++) {
        const size_t cell = mqc_circuit_place(c, i, 0), at = one_node ? 0 : i * c->n * lanes;
        mqc_wires_kernels()->eliminate_many(&c->inner, c->d + cell, c->t + cell, one_node, p + at,
                                            q + at, c->group[1]);
    }
}

void mqc_circuit_apply(struct mqc_circuit *c, size_t lanes, const double *p, double *q) {
    mqc_circuit_apply_inner(c, lanes, p, q);
    lanes_of(lanes)->couple(&c->outer, p, q);
}

void mqc_circuit_read(struct mqc_circuit *c, size_t lanes, int inner, const double *b,
                      double *amps) {
    const size_t n = c->n, width = n * lanes;
    if (!inner) {
        const double *end = b + (c->outer.rows - 1) * width;
        for (size_t k = 0; k < width; k++)
            amps[k] = (c->outer.first * b[k] + c->outer.last * end[k]) / c->unit;
        return;
    }
    for (size_t i = 0; i < c->mi; i++)
        lanes_of(lanes)->project(n, c->source + i * n, b + (c->outer.rows > 1 ? i * width : 0),
                                 amps + i * lanes);
    for (size_t k = 0; k < c->mi * lanes; k++)
        amps[k] /= c->unit;
}

void mqc_circuit_inner_line(const struct mqc_circuit *c, size_t i, double volts,
                            const double *current, double *w) {
    const struct mqc_inner *inner = &c->inner;
    const double *t = c->t + mqc_circuit_place(c, i, 0);
    const size_t n = c->n;
    double carry = 0;
    if (inner->line == MQC_LINE_WIRE) {
        for (size_t j = 0; j < n; j++) {
            w[j] = inner->ratio * current[j] + carry +
                   ((j == 0 ? inner->first : 0) + (j + 1 == n ? inner->last : 0)) * volts;
            carry = t[j * MQC_LINES] * w[j];
        }
        carry = 0;
        for (size_t j = n; j-- > 0;)
            carry = w[j] = t[j * MQC_LINES] * (w[j] + carry);
        return;
    }
    if (inner->line == MQC_LINE_NODE) {
        for (size_t j = 0; j < n; j++)
            carry += current[j];
        volts = (carry + inner->first * volts) * t[0];
    }
    for (size_t j = 0; j < n; j++)
        w[j] = volts;
}

/* --- conjugate gradients --- */

struct mqc_iteration mqc_iteration_begin(struct mqc_circuit *c, size_t lanes) {
    struct mqc_iteration it = {
        .circuit = c, .k = lanes_of(lanes), .v = lanes == 1 ? &c->one : &c->many, .lanes = lanes};
    it.k->precondition(&c->outer, c->factor, it.v->r, it.v->z);
    it.k->dot(c->nodes, it.v->r, it.v->z, it.energy);
    return it;
}

void mqc_iteration_step(struct mqc_iteration *it) {
    struct mqc_circuit *c = it->circuit;
    const struct mqc_vectors *v = it->v;
    double curvature[MQC_LANES], minus[MQC_LANES];
    it->k->direction(c->nodes, it->beta, v->z, v->p);
    mqc_circuit_apply(c, it->lanes, v->p, v->q);
    it->k->dot(c->nodes, v->p, v->q, curvature);
    for (size_t l = 0; l < it->lanes; l++) {
        it->alpha[l] = curvature[l] > 0 ? it->energy[l] / curvature[l] : 0;
        minus[l] = -it->alpha[l];
    }
    it->k->add(c->nodes, minus, v->q, v->r);
}

/* What the next step needs of the residual that this one has left. */
static void go_on(struct mqc_iteration *it) {
    double energy[MQC_LANES];
    it->k->precondition(&it->circuit->outer, it->circuit->factor, it->v->r, it->v->z);
    it->k->dot(it->circuit->nodes, it->v->r, it->v->z, energy);
    for (size_t l = 0; l < it->lanes; l++) {
        it->beta[l] = it->energy[l] > 0 ? energy[l] / it->energy[l] : 0;
        it->energy[l] = energy[l];
    }
}

memqc_status mqc_circuit_bound(struct mqc_circuit *c) {
    if (c->bounded || c->outer_line == MQC_LINE_SOURCE)
        return MEMQC_OK;
    double rest = 1;
    memset(c->x, 0, c->nodes * sizeof *c->x);
    for (size_t k = 0; k < c->nodes; k++)
        c->one.r[k] = c->weight[k] > 0 ? 1 / c->weight[k] : 0;
    struct mqc_iteration it = mqc_iteration_begin(c, 1);
    int32_t steps = 0;
    for (; steps < c->limit && rest > 0.5; steps++) {
        if (steps)
            go_on(&it);
        mqc_iteration_step(&it);
        it.k->add(c->nodes, it.alpha, c->one.p, c->x);
        it.k->largest(c->nodes, c->one.r, c->weight, &rest);
    }
    if (!(rest <= 0.5))
        return mqc_fail(MEMQC_ERROR_DIVERGED, "wires: no bound of the outputs after %d iterations",
                        (int)steps);
    mqc_circuit_read(c, 1, 0, c->x, c->most[0]); /* S x = y - r >= (1 - rest) y */
    mqc_circuit_read(c, 1, 1, c->x, c->most[1]);
    for (size_t k = 0; k < c->n; k++)
        c->most[0][k] /= 1 - rest;
    for (size_t k = 0; k < c->mi; k++)
        c->most[1][k] /= 1 - rest;
    c->bounded = 1;
    return MEMQC_OK;
}

/* Adds the changes to the outputs of lane l; how far off the largest change is, in units of what is
 * allowed. */
static double advance(const struct mqc_iteration *it, size_t outputs, size_t l) {
    const struct mqc_vectors *v = it->v;
    double worst = 0;
    for (size_t k = l; k < outputs * it->lanes; k += it->lanes) {
        const double change = it->alpha[l] * v->change[k];
        v->out[k] += change;
        const double size = fmax(fabs(v->out[k]), v->floor[k]);
        worst = fabs(change) > worst * size ? fabs(change) / size : worst;
    }
    return worst;
}

/* The largest of the bounds of what the outputs are off by, relative. */
static double bound(const struct mqc_iteration *it, const double *most, size_t outputs, size_t l,
                    double rest) {
    double worst = 0;
    for (size_t k = 0; k < outputs; k++) {
        const double size =
                         fmax(fabs(it->v->out[k * it->lanes + l]), it->v->floor[k * it->lanes + l]),
                     off = rest * most[k];
        worst = off > worst * size ? off / size : worst;
    }
    return worst;
}

memqc_status mqc_circuit_iterate(struct mqc_circuit *c, size_t lanes, int inner, double tolerance,
                                 double *x, size_t first) {
    const size_t outputs = inner ? c->mi : c->n;
    const double *most = c->most[inner ? 1 : 0];
    double off[MQC_LANES] = {0}, rest[MQC_LANES];
    int done[MQC_LANES];
    size_t left = lanes, worst = 0;
    struct mqc_iteration it = mqc_iteration_begin(c, lanes);
    for (size_t l = 0; l < lanes; l++)
        left -= (size_t)(done[l] = !(it.energy[l] > 0));
    for (c->iterations = 0; left > 0 && c->iterations < c->limit; c->iterations++) {
        int ask = 0;
        if (c->iterations)
            go_on(&it);
        mqc_iteration_step(&it);
        if (x)
            it.k->add(c->nodes, it.alpha, it.v->p, x);
        mqc_circuit_read(c, lanes, inner, it.v->p, it.v->change);
        for (size_t l = 0; l < lanes; l++)
            ask |= !done[l] && (off[l] = advance(&it, outputs, l)) <= far_off * tolerance;
        if (!ask)
            continue;
        it.k->largest(c->nodes, it.v->r, c->weight, rest);
        for (size_t l = 0; l < lanes; l++)
            if (!done[l] && off[l] <= far_off * tolerance &&
                (off[l] = bound(&it, most, outputs, l, rest[l])) <= tolerance)
                left -= (size_t)(done[l] = 1);
    }
    if (left == 0)
        return MEMQC_OK;
    while (done[worst])
        worst++;
    return mqc_fail(MEMQC_ERROR_DIVERGED,
                    "wires: vector %zu: outputs may be off by %g of themselves after %d "
                    "iterations; allowed is %g",
                    first + worst, off[worst], (int)c->iterations, tolerance);
}

/* Starts from the sources in v->in, at the inner or at the outer terminals: v->r, v->out, and x
 * unless NULL. */
static void start(struct mqc_circuit *c, size_t lanes, int inner_drive, double *x) {
    const struct mqc_wires_lanes *k = lanes_of(lanes);
    struct mqc_vectors *v = lanes == 1 ? &c->one : &c->many;
    const size_t n = c->n, width = n * lanes, ends = (c->mi > n ? c->mi : n) * lanes;
    memset(v->r, 0, c->nodes * lanes * sizeof *v->r);
    memset(v->out, 0, ends * sizeof *v->out);
    if (x)
        memset(x, 0, c->nodes * sizeof *x);
    if (inner_drive) {
        for (size_t i = 0; i < c->mi; i++)
            k->drive(n, c->source + i * n, v->in + i * lanes,
                     v->r + (c->outer.rows > 1 ? i * width : 0));
        return;
    }
    /* From M^-1 f on, whose residual (M - S) M^-1 f is the cells' alone: small, and without
     * cancellation. */
    double *end = v->r + (c->outer.rows - 1) * width;
    for (size_t j = 0; j < width; j++) {
        v->r[j] += c->outer.first * v->in[j];
        end[j] += c->outer.last * v->in[j];
    }
    k->precondition(&c->outer, c->factor, v->r, v->z);
    mqc_circuit_apply_inner(c, lanes, v->z, v->q);
    for (size_t i = 0; i < c->nodes; i++)
        for (size_t l = 0; l < lanes; l++)
            v->r[i * lanes + l] = c->diagonal[i] * v->z[i * lanes + l] - v->q[i * lanes + l];
    mqc_circuit_read(c, lanes, 1, v->z, v->out);
    if (x)
        memcpy(x, v->z, c->nodes * sizeof *x);
}

/* No resistance anywhere: Ohm's law. */
static void ohm(struct mqc_circuit *c, size_t lanes, int inner_drive) {
    const struct mqc_wires_lanes *k = lanes_of(lanes);
    struct mqc_vectors *v = lanes == 1 ? &c->one : &c->many;
    if (!inner_drive) {
        mqc_circuit_read(c, lanes, 1, v->in, v->out);
        return;
    }
    memset(v->out, 0, c->n * lanes * sizeof *v->out);
    for (size_t i = 0; i < c->mi; i++)
        k->drive(c->n, c->source + i * c->n, v->in + i * lanes, v->out);
}

memqc_status mqc_circuit_solve_lanes(struct mqc_circuit *c, size_t lanes, int inner_drive,
                                     double tolerance, double *x, size_t first) {
    c->iterations = 0;
    if (c->outer_line == MQC_LINE_SOURCE) {
        ohm(c, lanes, inner_drive);
        return MEMQC_OK;
    }
    start(c, lanes, inner_drive, x);
    return mqc_circuit_iterate(c, lanes, !inner_drive, tolerance, x, first);
}
