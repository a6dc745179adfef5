/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of circuits share: random wires, cells and voltages. */
#ifndef MEMQC_TESTS_CIRCUIT_H
#define MEMQC_TESTS_CIRCUIT_H

#include "test.h"
#include "unit/nodal.h"

#include "circuit/newton.h"
#include "circuit/probe.h"
#include "circuit/solve.h"
#include "rng/rng.h"

/* The numbers of one test, one after the other. */
struct dice {
    uint64_t seed, draw;
};

static inline double roll(struct dice *dice) {
    const struct mqc_rng rng = mqc_rng_make(dice->seed, MQC_STREAM_INIT);
    float x;
    mqc_rng_kernels()->uniform(&rng, 0, dice->draw++, 1, &x);
    return (double)x;
}

/* Log-uniform 10 kohm .. 1 Mohm; bad: some of them open or shorted (1 ohm, 1 mohm). */
static inline void any_cells(struct dice *dice, size_t n, int bad, float *g) {
    for (size_t i = 0; i < n; i++) {
        const double kind = bad ? roll(dice) : 1;
        g[i] = (float)(kind < 0.15   ? 0
                       : kind < 0.2  ? 1
                       : kind < 0.25 ? 1e3
                                     : pow(10, -6 + 2 * roll(dice)));
    }
}

static inline void any_volts(struct dice *dice, size_t n, int positive, double *volts) {
    for (size_t i = 0; i < n; i++)
        volts[i] = positive ? 0.2 * roll(dice) : 0.4 * roll(dice) - 0.2;
}

/* Relative, each output of itself. */
static inline double worst_of(size_t n, const double *got, const double *want) {
    double worst = 0;
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, got[i] == want[i] ? 0 : fabs(got[i] - want[i]) / fabs(want[i]));
    return worst;
}

/* As mqc_newton_solve(), with a solver of its own. */
static inline memqc_status solve_nonlinear(struct mqc_circuit *c,
                                           const struct mqc_nonlinearity *law,
                                           enum mqc_direction direction, size_t batch,
                                           const double *volts, size_t ldv, double *amps,
                                           size_t ldi) {
    struct mqc_newton *newton;
    memqc_status status = mqc_newton_create(c, &newton);
    if (status == MEMQC_OK)
        status = mqc_newton_solve(newton, c, law, direction, batch, volts, ldv, amps, ldi);
    mqc_newton_destroy(&newton);
    return status;
}

/* Arrays of a size at which several groups of lines, lanes and remainders of both are. */
enum { ROWS = 37, COLS = 21, BATCH = 19 };

struct array {
    float g[ROWS * COLS];
    double volts[BATCH * ROWS], amps[BATCH * ROWS], others[BATCH * ROWS];
    struct mqc_circuit *circuit;
};

static inline struct array *open_array(uint64_t seed, const struct mqc_wires *wires) {
    static struct array a;
    struct dice dice = {seed, 0};
    any_cells(&dice, ROWS * COLS, 1, a.g);
    any_volts(&dice, BATCH * ROWS, 0, a.volts);
    OK(mqc_circuit_create(wires, ROWS, COLS, &a.circuit));
    OK(mqc_circuit_program(a.circuit, a.g, COLS));
    return &a;
}

static const enum mqc_direction ways[] = {MQC_FORWARD, MQC_BACKWARD};

static inline size_t inputs_of(enum mqc_direction way) {
    return way == MQC_FORWARD ? ROWS : COLS;
}

static inline size_t outputs_of(enum mqc_direction way) {
    return way == MQC_FORWARD ? COLS : ROWS;
}

/* All kinds of lines, and lines that are iterated on being the bit lines and the word lines. */
static const struct mqc_wires kinds[] = {
    {1, 2, 10, 5, 1, 2},   {3, 0, 7, 0, 1, 2},    {0, 3, 0, 0, 1, 2},
    {0, 0, 100, 10, 3, 3}, {0, 0, 0, 10, 1, 2},   {0, 0, 0, 0, 1, 1},
    {1, 0, 0, 50, 3, 1},   {0, 1, 1000, 0, 2, 3}, {0.5, 1, 0, 0, 3, 3},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

#endif
