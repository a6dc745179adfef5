/* SPDX-License-Identifier: BSD-3-Clause */
/* Wire resistance against a dense nodal solution (nodal.h), and properties of the circuit. */
#include "test.h"
#include "unit/nodal.h"

#include "rng/rng.h"

enum { MOST = 512 };

static const double ohms[] = {0, 1e-6, 0.1, 1, 30, 1000};

/* The numbers of one test, one after the other. */
struct dice {
    uint64_t seed, draw;
};

static double roll(struct dice *dice) {
    const struct mqc_rng rng = mqc_rng_make(dice->seed, MQC_STREAM_INIT);
    float x;
    mqc_rng_kernels()->uniform(&rng, 0, dice->draw++, 1, &x);
    return (double)x;
}

static size_t pick(struct dice *dice, size_t n) {
    return (size_t)(roll(dice) * (double)n);
}

static struct mqc_wires any_wires(struct dice *dice) {
    struct mqc_wires w = {0};
    w.word_segment = ohms[pick(dice, 6)];
    w.bit_segment = ohms[pick(dice, 6)];
    w.driver = ohms[pick(dice, 6)];
    w.sense = ohms[pick(dice, 6)];
    w.driven = (int32_t)(1 + pick(dice, 3));
    w.sensed = (int32_t)(1 + pick(dice, 3));
    return w;
}

/* Log-uniform 10 kohm .. 1 Mohm; bad: some of them open or shorted (1 ohm, 1 mohm). */
static void any_cells(struct dice *dice, size_t n, int bad, float *g) {
    for (size_t i = 0; i < n; i++) {
        const double kind = bad ? roll(dice) : 1;
        g[i] = (float)(kind < 0.15 ? 0 : kind < 0.2 ? 1 : kind < 0.25 ? 1e3 : pow(10, -6 + 2 * roll(dice)));
    }
}

static void any_volts(struct dice *dice, size_t n, int positive, double *volts) {
    for (size_t i = 0; i < n; i++)
        volts[i] = positive ? 0.2 * roll(dice) : 0.4 * roll(dice) - 0.2;
}

static struct mqc_circuit *circuit_of(const struct nodal *s) {
    struct mqc_circuit *c;
    OK(mqc_circuit_create(&s->wires, s->rows, s->cols, &c));
    OK(mqc_circuit_program(c, s->g, s->cols));
    return c;
}

/* Relative, each output of itself. */
static double worst_of(size_t n, const double *got, const double *want) {
    double worst = 0;
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, got[i] == want[i] ? 0 : fabs(got[i] - want[i]) / fabs(want[i]));
    return worst;
}

START_TEST(equals_the_dense_solution) {
    enum { CIRCUITS = 400, LARGEST = 9 };
    static float g[LARGEST * LARGEST];
    double volts[LARGEST], amps[LARGEST], want[LARGEST];
    struct dice dice = {1, 0};
    for (int n = 0; n < CIRCUITS; n++) {
        struct nodal s = {.wires = any_wires(&dice), .rows = 1 + pick(&dice, LARGEST), .cols = 1 + pick(&dice, LARGEST), .g = g};
        any_cells(&dice, s.rows * s.cols, n % 2, g);
        nodal_open(&s);
        struct mqc_circuit *c = circuit_of(&s);
        for (int way = 0; way < 4; way++) {
            const size_t inputs = way % 2 ? s.cols : s.rows, outputs = way % 2 ? s.rows : s.cols;
            any_volts(&dice, inputs, way < 2, volts);
            nodal_solve(&s, (enum mqc_way)(way % 2), volts, want);
            OK(mqc_circuit_solve_double(c, (enum mqc_way)(way % 2), 1, volts, inputs, amps, outputs));
            const double worst = worst_of(outputs, amps, want);
            ck_assert_msg(worst <= 1e-6,
                          "circuit %d, way %d: %zu x %zu, word %g, bit %g, driver %g, sense %g ohm, ends %d, %d: off by %g (%d iterations)",
                          n, way, s.rows, s.cols, s.wires.word_segment, s.wires.bit_segment, s.wires.driver, s.wires.sense,
                          (int)s.wires.driven, (int)s.wires.sensed, worst, (int)mqc_circuit_iterations(c));
        }
        mqc_circuit_destroy(&c);
        nodal_close(&s);
    }
}
END_TEST

RUN_TESTS("wires", equals_the_dense_solution)
