/* SPDX-License-Identifier: BSD-3-Clause */
/* Circuits of wires and cells against a dense nodal solution (nodal.h). */
#include "circuit.h"

#include "circuit/kernels.h"

static const double ohms[] = {0, 1e-6, 0.1, 1, 30, 1000};

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

static struct mqc_circuit *circuit_of(const struct nodal *s) {
    struct mqc_circuit *c;
    OK(mqc_circuit_create(&s->wires, s->rows, s->cols, &c));
    OK(mqc_circuit_program(c, s->g, s->cols));
    return c;
}

/* A description of a circuit for the text of a failure. */
#define CIRCUIT \
    "circuit %d, way %d: %zu x %zu, word %g, bit %g, driver %g, sense %g ohm, ends %d, %d"

#define DESCRIBED(n, way, s)                                                       \
    (n), (way), (s).rows, (s).cols, (s).wires.word_segment, (s).wires.bit_segment, \
        (s).wires.driver, (s).wires.sense, (int)(s).wires.driven, (int)(s).wires.sensed

START_TEST(equals_the_dense_solution) {
    enum { CIRCUITS = 400, LARGEST = 9 };
    static float g[LARGEST * LARGEST];
    double volts[LARGEST], amps[LARGEST], want[LARGEST];
    struct dice dice = {1, 0};
    for (int n = 0; n < CIRCUITS; n++) {
        struct nodal s = {.wires = any_wires(&dice),
                          .rows = 1 + pick(&dice, LARGEST),
                          .cols = 1 + pick(&dice, LARGEST),
                          .g = g};
        any_cells(&dice, s.rows * s.cols, n % 2, g);
        nodal_open(&s);
        struct mqc_circuit *c = circuit_of(&s);
        for (int way = 0; way < 4; way++) {
            const size_t inputs = way % 2 ? s.cols : s.rows, outputs = way % 2 ? s.rows : s.cols;
            any_volts(&dice, inputs, way < 2, volts);
            nodal_solve(&s, (enum mqc_direction)(way % 2), volts, want);
            OK(mqc_circuit_solve_double(c, (enum mqc_direction)(way % 2), 1, volts, inputs, amps,
                                        outputs));
            const double worst = worst_of(outputs, amps, want);
            ck_assert_msg(worst <= 1e-6, CIRCUIT ": off by %g", DESCRIBED(n, way, s), worst);
        }
        mqc_circuit_destroy(&c);
        nodal_close(&s);
    }
}
END_TEST

START_TEST(nonlinear_equals_the_dense_solution) {
    enum { CIRCUITS = 150, LARGEST = 6, LAWS = 5 };
    static const double laws[][2] = {{1e-3, 0.1}, {2, 0.5}, {5, 0.2}, {20, 0.3}, {100, 0.05}};
    static const int most_steps[] = {2, 4, 6, 20, 100};
    static float g[LARGEST * LARGEST];
    double volts[LARGEST], amps[LARGEST], want[LARGEST];
    struct dice dice = {2, 0};
    int steps[LAWS] = {0};
    for (int n = 0; n < CIRCUITS; n++) {
        const struct mqc_nonlinearity law = {laws[n % LAWS][0], laws[n % LAWS][1]};
        struct nodal s = {.wires = any_wires(&dice),
                          .rows = 1 + pick(&dice, LARGEST),
                          .cols = 1 + pick(&dice, LARGEST),
                          .g = g,
                          .a = law.a,
                          .v_ref = law.v_ref};
        any_cells(&dice, s.rows * s.cols, n % 3 == 2, g);
        nodal_open(&s);
        struct mqc_circuit *c = circuit_of(&s);
        for (int way = 0; way < 4; way++) {
            const size_t inputs = way % 2 ? s.cols : s.rows, outputs = way % 2 ? s.rows : s.cols;
            any_volts(&dice, inputs, way < 2, volts);
            for (size_t k = 0; k < inputs; k++)
                volts[k] *= 3;
            nodal_solve(&s, (enum mqc_direction)(way % 2), volts, want);
            OK(solve_nonlinear(c, &law, (enum mqc_direction)(way % 2), 1, volts, inputs, amps,
                               outputs));
            const double worst = worst_of(outputs, amps, want);
            ck_assert_msg(worst <= 1e-6, CIRCUIT ", a %g: off by %g", DESCRIBED(n, way, s), law.a,
                          worst);
            steps[n % LAWS] = mqc_circuit_iterations(c) > steps[n % LAWS]
                                  ? mqc_circuit_iterations(c)
                                  : steps[n % LAWS];
        }
        mqc_circuit_destroy(&c);
        nodal_close(&s);
    }
    for (size_t l = 0; l < LAWS; l++) /* Newton's: digits double, and the sources of the last two
                                         are raised in stages */
        ck_assert_int_le(steps[l], most_steps[l]);
}
END_TEST

/* What rounding leaves of the current of a conductance between voltages of less than a volt. */
static double rounding(double ohm) {
    return ohm > 0 ? 1e-15 / ohm : 1e-15;
}

/* Node voltages and currents of the inside, one below the other. */
struct inside {
    double word[64], bit[64], cell[64], along[64], down[64];
};

static void check_inside(const struct nodal *s, int n, int way, const struct inside *in) {
    const size_t cols = s->cols;
    for (size_t i = 0; i < s->rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            const size_t k = i * cols + j, at = i * (cols + 1) + j;
            const double word = (double)nodal_voltage(s, nodal_word(s, i, j)),
                         bit = (double)nodal_voltage(s, nodal_bit(s, i, j));
            ck_assert_msg(fabs(in->word[k] - word) <= 1e-9 && fabs(in->bit[k] - bit) <= 1e-9,
                          CIRCUIT ": cell (%zu, %zu): %g, not %g V, %g, not %g V",
                          DESCRIBED(n, way, *s), i, j, in->word[k], word, in->bit[k], bit);
            const double error = in->cell[k] - (double)s->cells[k];
            ck_assert_double_le(fabs(error),
                                1e-6 * fabs(in->cell[k]) + 1e-15 + 1e-13 * (double)s->g[k]);
            /* Kirchhoff's law at both nodes. The voltages say so much of the currents: */
            const double currents = fabs(in->along[at]) + fabs(in->down[k]) + fabs(in->cell[k]);
            const double fuzz = 1e-8 * currents + 1e-12 * (double)(1 + s->g[k]);
            ck_assert_double_le(fabs(in->along[at] - in->cell[k] - in->along[at + 1]),
                                fuzz + rounding(s->wires.word_segment));
            ck_assert_double_le(fabs(in->down[k] + in->cell[k] - in->down[k + cols]),
                                fuzz + rounding(s->wires.bit_segment));
        }
        ck_assert((s->wires.driven & MQC_END_FIRST) || in->along[i * (cols + 1)] == 0);
        ck_assert((s->wires.driven & MQC_END_LAST) || in->along[i * (cols + 1) + cols] == 0);
    }
}

START_TEST(the_inside_equals_the_dense_solution) {
    enum { CIRCUITS = 200, LARGEST = 6 };
    static float g[LARGEST * LARGEST];
    static struct inside in;
    const struct mqc_probe probe = {in.word, in.bit, in.cell, in.along, in.down};
    double volts[LARGEST], amps[LARGEST];
    struct dice dice = {3, 0};
    for (int n = 0; n < CIRCUITS; n++) {
        struct nodal s = {.wires = any_wires(&dice),
                          .rows = 1 + pick(&dice, LARGEST),
                          .cols = 1 + pick(&dice, LARGEST),
                          .g = g};
        any_cells(&dice, s.rows * s.cols, n % 2, g);
        nodal_open(&s);
        struct mqc_circuit *c = circuit_of(&s);
        for (int way = 0; way < 2; way++) {
            const size_t rows = s.rows, cols = s.cols;
            any_volts(&dice, way ? cols : rows, 1, volts);
            nodal_solve(&s, (enum mqc_direction)way, volts, amps);
            OK(mqc_circuit_probe(c, (enum mqc_direction)way, volts, &probe));
            check_inside(&s, n, way, &in);
            for (size_t o = 0; o < (way ? rows : cols); o++) { /* what leaves through the terminals
                                                                  is the output */
                const double *first = way ? in.along + o * (cols + 1) : in.down + o,
                             *last = first + (way ? cols : rows * cols);
                ck_assert_double_le(fabs(*last - *first - amps[o]),
                                    1e-6 * fabs(amps[o]) +
                                        rounding(way ? s.wires.word_segment : s.wires.bit_segment));
            }
        }
        mqc_circuit_destroy(&c);
        nodal_close(&s);
    }
}
END_TEST

START_TEST(sinh_is_sinh) {
    static const struct mqc_cells_kernels *const tables[] = MQC_KERNEL_TABLES(mqc_cells_kernels);
    enum { N = 4096 };
    static double v[N], g[N], current[N], slope[N];
    struct dice dice = {33, 0};
    for (size_t k = 0; k < N; k++) {
        v[k] = (k % 2 ? 1 : -1) * pow(10, -9 + 11.4 * roll(&dice));
        g[k] = 2;
    }
    v[0] = 0;
    tables[MQC_ISA_BASE]->sinh_cells(N, 1, 3, g, v, current, slope);
    for (size_t k = 0; k < N; k++) { /* a few roundings; and e^x doubles that of x x */
        ck_assert_double_le(fabs(current[k] - 6 * sinh(v[k])),
                            (8 + fabs(v[k])) * 1.2e-16 * fabs(current[k]));
        ck_assert_double_le(fabs(slope[k] - 6 * cosh(v[k])), (8 + fabs(v[k])) * 1.2e-16 * slope[k]);
    }
}
END_TEST

/* The matrix gives what the solver gives; that of one direction is the transpose of the other's,
 * and vectors superpose. */
START_TEST(matrix_superposition_and_reciprocity) {
    for (size_t n = 0; n < KINDS; n++) {
        static double m[ROWS * (COLS + 3)];
        double one[ROWS] = {0}, back[ROWS];
        struct array *a = open_array(40 + n, &kinds[n]);
        OK(mqc_circuit_matrix(a->circuit, mqc_circuit_matrix_tolerance(a->circuit), m, COLS + 3));
        for (size_t w = 0; w < 2; w++) {
            const size_t in = inputs_of(ways[w]), out = outputs_of(ways[w]);
            any_volts(&(struct dice){50 + n, 0}, in, 1, a->volts);
            OK(mqc_circuit_solve_double(a->circuit, ways[w], 1, a->volts, in, a->amps, out));
            for (size_t o = 0; o < out; o++) {
                double sum = 0;
                for (size_t i = 0; i < in; i++)
                    sum += a->volts[i] * (w ? m[o * (COLS + 3) + i] : m[i * (COLS + 3) + o]);
                ck_assert_double_le(fabs(sum - a->amps[o]), 1.1e-7 * fabs(a->amps[o]));
            }
        }
        for (size_t i = 0; i < ROWS; i += 5) {
            one[i] = 1;
            OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, 1, one, ROWS, a->amps, COLS));
            one[i] = 0;
            for (size_t j = 0; j < COLS; j++) {
                double single[COLS] = {0};
                single[j] = 1;
                OK(mqc_circuit_solve_double(a->circuit, MQC_BACKWARD, 1, single, COLS, back, ROWS));
                ck_assert_double_le(fabs(back[i] - a->amps[j]), 3e-7 * a->amps[j]);
            }
        }
        mqc_circuit_destroy(&a->circuit);
    }
}
END_TEST

RUN_TESTS("circuit", equals_the_dense_solution, nonlinear_equals_the_dense_solution,
          the_inside_equals_the_dense_solution, sinh_is_sinh, matrix_superposition_and_reciprocity)
