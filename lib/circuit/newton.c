/* SPDX-License-Identifier: BSD-3-Clause */
/* Nonlinear cells by Newton's method. Each step is a linear circuit of the cells' slopes D, with
 * sources J beside them: I(V) + D (V' - V) = D V' + J. The wires are linear, so the currents that
 * they ask of the cells at a solution of such a step are known (D V' + J), and on the way to it
 * from the last one they change evenly. That is all that the derivative of the energy along a step
 * takes: the sum over the cells of (I(V) - what the wires ask) dV. The energy is convex. */
#include "circuit/newton.h"

#include "core/alloc.h"
#include "core/error.h"
#include "circuit/floor.h"
#include "circuit/iterate.h"
#include "circuit/solve.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 1000, MOST_HALVINGS = 60 };

static const double most_exponent = 300;

/* Sources are raised by no more than this over a at once: from too far off, cells would look like
 * shorts of any size. A solution on the way is good enough when its outputs change by so much. */
static const double raise = 6, good_enough = 0.3;

/* A step may leave so much of the slope of the energy behind. */
static const double enough = 0.25;

/* Arrays of cells are laid out as d is. */
struct mqc_newton {
    struct mqc_circuit *tangent; /* of the slopes */
    size_t cells;
    double *v, *dv;          /* cell voltages, and what a step changes */
    double *current, *asked; /* of the cells; by the wires, at v */
    double *next, *source;   /* by the wires after the whole step; J */
    double *x;               /* outer nodes at v */
    double *volts, *amps;    /* sources on their way up; outputs at v */
};

void mqc_newton_destroy(struct mqc_newton **newton) {
    if (!newton || !*newton)
        return;
    struct mqc_newton *t = *newton;
    double *const pointers[] = {t->v,      t->dv, t->current, t->asked, t->next,
                                t->source, t->x,  t->volts,   t->amps};
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
        mqc_free(pointers[i]);
    mqc_circuit_destroy(&t->tangent);
    mqc_free(t);
    *newton = NULL;
}

memqc_status mqc_newton_create(const struct mqc_circuit *base, struct mqc_newton **out) {
    memqc_status status;
    *out = NULL;
    struct mqc_newton *t = mqc_alloc(1, sizeof *t);
    if (!t)
        return MEMQC_ERROR_NOMEM;
    t->cells = base->groups * base->n * MQC_LINES;
    const size_t n = t->cells, ends = base->mi > base->n ? base->mi : base->n;
    double **const pointers[] = {&t->v,      &t->dv, &t->current, &t->asked, &t->next,
                                 &t->source, &t->x,  &t->volts,   &t->amps};
    const size_t counts[] = {n, n, n, n, n, n, base->nodes, ends, ends};
    status = mqc_circuit_have(sizeof counts / sizeof *counts, pointers, counts);
    if (status == MEMQC_OK)
        status = mqc_circuit_create(&base->wires, base->rows, base->cols, &t->tangent);
    if (status != MEMQC_OK)
        mqc_newton_destroy(&t);
    *out = t;
    return status;
}

/* The voltages at the terminals that are driven. */
struct drive {
    int inner;
    const double *volts;
};

/* Cell voltages of the step's circuit at outer nodes x, and what its wires ask of the cells then.
 * */
static void voltages(struct mqc_newton *t, const struct drive *drive, const double *x, double *v,
                     double *asked) {
    struct mqc_circuit *c = t->tangent;
    double *current = c->group[0], *w = c->group[1];
    for (size_t i = 0; i < c->mi; i++) {
        const double *b = x + (c->outer.rows > 1 ? i * c->n : 0);
        const size_t at = mqc_circuit_place(c, i, 0);
        for (size_t j = 0; j < c->n; j++)
            current[j] = c->d[at + j * MQC_LINES] * b[j] - t->source[at + j * MQC_LINES];
        mqc_circuit_inner_line(c, i, drive->inner ? drive->volts[i] : 0, current, w);
        for (size_t j = 0; j < c->n; j++) {
            const size_t k = at + j * MQC_LINES;
            v[k] = w[j] - b[j];
            asked[k] = c->d[k] * v[k] + t->source[k];
        }
    }
}

/* The residual of the step's circuit at outer nodes x. */
static void residual(struct mqc_newton *t, const struct drive *drive, const double *x) {
    struct mqc_circuit *c = t->tangent;
    double *current = c->group[0], *w = c->group[1], *r = c->one.r;
    mqc_circuit_apply(c, 1, x, c->one.q);
    for (size_t k = 0; k < c->nodes; k++)
        r[k] = -c->one.q[k];
    for (size_t i = 0; i < c->mi; i++) {
        double *row = r + (c->outer.rows > 1 ? i * c->n : 0);
        const size_t at = mqc_circuit_place(c, i, 0);
        for (size_t j = 0; j < c->n; j++)
            current[j] = -t->source[at + j * MQC_LINES];
        mqc_circuit_inner_line(c, i, drive->inner ? drive->volts[i] : 0, current, w);
        for (size_t j = 0; j < c->n; j++)
            row[j] += c->d[at + j * MQC_LINES] * w[j] - current[j];
    }
    for (size_t j = 0; j < c->n && !drive->inner; j++) {
        r[j] += c->outer.first * drive->volts[j];
        r[(c->outer.rows - 1) * c->n + j] += c->outer.last * drive->volts[j];
    }
}

/* Currents of the terminals that are not driven: those of the inner lines are what their cells send
 * back. */
static void outputs(const struct mqc_newton *t, const struct drive *drive, const double *x,
                    const double *asked, double *amps) {
    struct mqc_circuit *c = t->tangent;
    if (drive->inner) {
        mqc_circuit_read(c, 1, 0, x, amps);
        return;
    }
    for (size_t i = 0; i < c->mi; i++) {
        amps[i] = 0;
        for (size_t j = 0; j < c->n; j++)
            amps[i] -= asked[mqc_circuit_place(c, i, j)] / c->unit;
    }
}

/* Solves the step's circuit from t->x on: c->x, t->dv (the new cell voltages, for now), t->next,
 * and the outputs in c->one.out. */
static memqc_status solve_step(struct mqc_newton *t, const struct drive *drive, double tolerance) {
    struct mqc_circuit *c = t->tangent;
    mqc_circuit_factor(c);
    MQC_TRY(mqc_circuit_bound(c));
    residual(t, drive, t->x);
    memcpy(c->x, t->x, c->nodes * sizeof *c->x);
    if (!drive->inner)
        voltages(t, drive, c->x, t->dv, t->next);
    outputs(t, drive, c->x, t->next, c->one.out);
    MQC_TRY(mqc_circuit_iterate(c, 1, !drive->inner, tolerance, c->x, 0));
    voltages(t, drive, c->x, t->dv, t->next);
    outputs(t, drive, c->x, t->next, c->one.out);
    return MEMQC_OK;
}

/* How much of a step may be taken. */
static double length_of(const struct mqc_newton *t, const double *g, double a, double factor) {
    const struct mqc_cells_kernels *k = mqc_cells_kernels();
    const double start = k->sinh_power(t->cells, a, factor, g, t->v, t->dv, 0, t->asked, t->next);
    double low = 0, high = 1, at = 1;
    for (int n = 0; n < MOST_HALVINGS; n++, at = 0.5 * (low + high)) {
        const double slope =
            k->sinh_power(t->cells, a, factor, g, t->v, t->dv, at, t->asked, t->next);
        if (slope > -enough * start)
            high = at;
        else if (at < 1 && slope < enough * start)
            low = at;
        else
            break;
    }
    return at;
}

static void advance_to(struct mqc_newton *t, double length, size_t out) {
    struct mqc_circuit *c = t->tangent;
    for (size_t k = 0; k < t->cells; k++) {
        t->v[k] += length * t->dv[k];
        t->asked[k] += length * (t->next[k] - t->asked[k]);
    }
    for (size_t k = 0; k < c->nodes; k++)
        t->x[k] += length * (c->x[k] - t->x[k]);
    memcpy(t->amps, c->one.out, out * sizeof *t->amps);
}

static double change(const double *now, const double *before, const double *floor, size_t n) {
    double worst = 0;
    for (size_t k = 0; k < n; k++) {
        const double size = fmax(fabs(now[k]), floor[k]), by = fabs(now[k] - before[k]);
        worst = by > worst * size ? by / size : worst;
    }
    return worst;
}

/* The linear circuit's solution, to start from. */
static memqc_status begin(struct mqc_newton *t, const struct mqc_circuit *base,
                          const struct drive *drive, double tolerance, size_t out) {
    struct mqc_circuit *c = t->tangent;
    memcpy(c->d, base->d, t->cells * sizeof *c->d);
    memset(t->source, 0, t->cells * sizeof *t->source);
    memset(t->x, 0, c->nodes * sizeof *t->x);
    MQC_TRY(solve_step(t, drive, tolerance));
    memcpy(t->x, c->x, c->nodes * sizeof *t->x);
    memcpy(t->v, t->dv, t->cells * sizeof *t->v);
    memcpy(t->asked, t->next, t->cells * sizeof *t->asked);
    memcpy(t->amps, c->one.out, out * sizeof *t->amps);
    return MEMQC_OK;
}

/* One step; how much it would change the outputs, were it taken whole. */
static memqc_status step(struct mqc_newton *t, const struct mqc_circuit *base, double a,
                         double factor, const struct drive *drive, double tolerance, size_t out,
                         double *off) {
    struct mqc_circuit *c = t->tangent;
    mqc_cells_kernels()->sinh_cells(t->cells, a, factor, base->d, t->v, t->current, c->d);
    for (size_t k = 0; k < t->cells; k++)
        t->source[k] = t->current[k] - c->d[k] * t->v[k];
    MQC_TRY(solve_step(t, drive, tolerance));
    for (size_t k = 0; k < t->cells; k++)
        t->dv[k] -= t->v[k];
    *off = change(c->one.out, t->amps, c->one.floor, out);
    advance_to(t, *off <= base->tolerance ? 1 : length_of(t, base->d, a, factor), out);
    return MEMQC_OK;
}

/* Everything in proportion: the wires are linear. */
static void raise_sources(struct mqc_newton *t, const double *volts, size_t in, size_t out,
                          double before, double now) {
    const double by = before > 0 ? now / before : 1;
    for (size_t k = 0; k < in; k++)
        t->volts[k] = now * volts[k];
    for (size_t k = 0; k < t->cells; k++) {
        t->v[k] *= by;
        t->asked[k] *= by;
    }
    for (size_t k = 0; k < t->tangent->nodes; k++)
        t->x[k] *= by;
    for (size_t k = 0; k < out; k++)
        t->amps[k] *= by;
}

/* Newton's steps while the sources are raised to what they are, by `stages`. The outputs are left
 * in t->amps. */
static memqc_status raise_and_solve(struct mqc_newton *t, struct mqc_circuit *base,
                                    const struct mqc_nonlinearity *law, const struct drive *drive,
                                    double stages, size_t vector) {
    const double factor = law->v_ref / sinh(law->a * law->v_ref),
                 tolerance = fmax(1e-12, 0.1 * base->tolerance);
    const size_t in = drive->inner ? base->mi : base->n, out = drive->inner ? base->n : base->mi;
    const struct drive raised = {drive->inner, t->volts};
    double off = INFINITY, stage = 1;
    t->tangent->limit = base->limit;
    raise_sources(t, drive->volts, in, out, 0, 1 / stages);
    MQC_TRY(begin(t, base, &raised, tolerance, out));
    for (base->iterations = 0; base->iterations < MOST_STEPS; base->iterations++) {
        MQC_TRY(step(t, base, law->a, factor, &raised, tolerance, out, &off));
        if (stage == stages && off <= base->tolerance)
            break;
        if (stage < stages && off <= good_enough) {
            raise_sources(t, drive->volts, in, out, stage / stages, (stage + 1) / stages);
            stage++;
        }
    }
    if (base->iterations++ < MOST_STEPS)
        return MEMQC_OK;
    return mqc_fail(
        MEMQC_ERROR_DIVERGED,
        "wires: vector %zu: outputs still change by %g of themselves after %d Newton steps", vector,
        off, (int)MOST_STEPS);
}

/* No resistance anywhere: the sum of the cells' currents. */
static void add_cells(struct mqc_newton *t, const struct mqc_circuit *base,
                      const struct mqc_nonlinearity *law, const struct drive *drive) {
    memset(t->v, 0, t->cells * sizeof *t->v);
    for (size_t i = 0; i < base->mi; i++)
        for (size_t j = 0; j < base->n; j++)
            t->v[mqc_circuit_place(base, i, j)] = drive->volts[drive->inner ? i : j];
    mqc_cells_kernels()->sinh_cells(t->cells, law->a, law->v_ref / sinh(law->a * law->v_ref),
                                    base->d, t->v, t->current, t->dv);
    memset(t->amps, 0, (drive->inner ? base->n : base->mi) * sizeof *t->amps);
    for (size_t i = 0; i < base->mi; i++)
        for (size_t j = 0; j < base->n; j++)
            t->amps[drive->inner ? j : i] += t->current[mqc_circuit_place(base, i, j)];
}

static memqc_status check_law(const struct mqc_nonlinearity *law) {
    if (!(law->a >= 0 && law->v_ref > 0 && law->a * law->v_ref <= most_exponent &&
          isfinite(law->v_ref)))
        return mqc_fail(
            MEMQC_ERROR_ARGUMENT,
            "wires: a = %g / V, v_ref = %g V; allowed is 0 or more, more than 0, a v_ref <= %g",
            law->a, law->v_ref, most_exponent);
    return MEMQC_OK;
}

/* The cells see no more than the range of the voltages, 0 included: a times that. */
static memqc_status check_volts(const double *volts, size_t n, double a, size_t vector,
                                double *exponent) {
    double low = 0, high = 0;
    for (size_t k = 0; k < n; k++) {
        if (!isfinite(volts[k]))
            return mqc_fail(MEMQC_ERROR_DATA, "wires: voltage %zu of vector %zu is %g V", k, vector,
                            volts[k]);
        low = fmin(low, volts[k]);
        high = fmax(high, volts[k]);
    }
    *exponent = a * (high - low);
    if (*exponent > most_exponent)
        return mqc_fail(MEMQC_ERROR_DATA,
                        "wires: voltages %g .. %g V of vector %zu, a = %g / V; a times the range "
                        "may be up to %g",
                        low, high, vector, a, most_exponent);
    return MEMQC_OK;
}

memqc_status mqc_newton_solve(struct mqc_newton *newton, struct mqc_circuit *circuit,
                              const struct mqc_nonlinearity *law, enum mqc_direction direction,
                              size_t batch, const double *volts, size_t ldv, double *amps,
                              size_t ldi) {
    struct mqc_circuit *c = circuit;
    MQC_TRY(check_law(law));
    if (law->a == 0)
        return mqc_circuit_solve_each(c, direction, batch, volts, ldv, amps, ldi);
    const int inner = mqc_circuit_inner_drive(c, direction);
    const size_t inputs = inner ? c->mi : c->n, out = inner ? c->n : c->mi;
    MQC_TRY(mqc_circuit_check_batch(c, direction, batch, ldv, ldi));
    for (size_t first = 0; first < batch; first++) {
        const struct drive drive = {inner, volts + first * ldv};
        double exponent = 0;
        MQC_TRY(check_volts(drive.volts, inputs, law->a, first, &exponent));
        if (c->outer_line == MQC_LINE_SOURCE) {
            add_cells(newton, c, law, &drive);
        } else {
            struct mqc_vectors *one = &newton->tangent->one;
            MQC_TRY(mqc_circuit_load(c, inner, drive.volts));
            memcpy(one->floor, c->one.floor, out * sizeof *one->floor);
            MQC_TRY(
                raise_and_solve(newton, c, law, &drive, fmax(1, ceil(exponent / raise)), first));
        }
        memcpy(amps + first * ldi, newton->amps, out * sizeof *amps);
    }
    return MEMQC_OK;
}
