/* SPDX-License-Identifier: BSD-3-Clause */
/* Wire resistance against a dense nodal solution (nodal.h), and properties of the circuit. */
#include "test.h"
#include "unit/nodal.h"

#include "core/alloc.h"
#include "circuit/kernels.h"
#include "circuit/newton.h"
#include "circuit/probe.h"
#include "circuit/solve.h"
#include "rng/rng.h"

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
        g[i] = (float)(kind < 0.15   ? 0
                       : kind < 0.2  ? 1
                       : kind < 0.25 ? 1e3
                                     : pow(10, -6 + 2 * roll(dice)));
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

/* A description of a circuit for the text of a failure. */
#define CIRCUIT \
    "circuit %d, way %d: %zu x %zu, word %g, bit %g, driver %g, sense %g ohm, ends %d, %d"
#define DESCRIBED(n, way, s)                                                       \
    (n), (way), (s).rows, (s).cols, (s).wires.word_segment, (s).wires.bit_segment, \
        (s).wires.driver, (s).wires.sense, (int)(s).wires.driven, (int)(s).wires.sensed

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

static struct mqc_wires wires_of(double word, double bit, double driver, double sense) {
    struct mqc_wires w = mqc_wires_default();
    w.word_segment = word;
    w.bit_segment = bit;
    w.driver = driver;
    w.sense = sense;
    return w;
}

/* As mqc_newton_solve(), with a solver of its own. */
static memqc_status solve_nonlinear(struct mqc_circuit *c, const struct mqc_nonlinearity *law,
                                    enum mqc_direction direction, size_t batch, const double *volts,
                                    size_t ldv, double *amps, size_t ldi) {
    struct mqc_newton *newton;
    memqc_status status = mqc_newton_create(c, &newton);
    if (status == MEMQC_OK)
        status = mqc_newton_solve(newton, c, law, direction, batch, volts, ldv, amps, ldi);
    mqc_newton_destroy(&newton);
    return status;
}

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

/* Arrays of a size at which several groups of lines, lanes and remainders of both are. */
enum { ROWS = 37, COLS = 21, BATCH = 19 };

struct array {
    float g[ROWS * COLS];
    double volts[BATCH * ROWS], amps[BATCH * ROWS], others[BATCH * ROWS];
    struct mqc_circuit *circuit;
};

static struct array *open_array(uint64_t seed, const struct mqc_wires *wires) {
    static struct array a;
    struct dice dice = {seed, 0};
    any_cells(&dice, ROWS * COLS, 1, a.g);
    any_volts(&dice, BATCH * ROWS, 0, a.volts);
    OK(mqc_circuit_create(wires, ROWS, COLS, &a.circuit));
    OK(mqc_circuit_program(a.circuit, a.g, COLS));
    return &a;
}

static const enum mqc_direction ways[] = {MQC_FORWARD, MQC_BACKWARD};

static size_t inputs_of(enum mqc_direction way) {
    return way == MQC_FORWARD ? ROWS : COLS;
}

static size_t outputs_of(enum mqc_direction way) {
    return way == MQC_FORWARD ? COLS : ROWS;
}

/* All kinds of lines, and lines that are iterated on being the bit lines and the word lines. */
static const struct mqc_wires kinds[] = {
    {1, 2, 10, 5, 1, 2},   {3, 0, 7, 0, 1, 2},    {0, 3, 0, 0, 1, 2},
    {0, 0, 100, 10, 3, 3}, {0, 0, 0, 10, 1, 2},   {0, 0, 0, 0, 1, 1},
    {1, 0, 0, 50, 3, 1},   {0, 1, 1000, 0, 2, 3}, {0.5, 1, 0, 0, 3, 3},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

START_TEST(a_batch_changes_no_bit) {
    for (size_t n = 0; n < 2 * KINDS; n++) {
        const enum mqc_direction way = ways[n % 2];
        const size_t in = inputs_of(way), out = outputs_of(way);
        struct array *a = open_array(10 + n, &kinds[n / 2]);
        for (size_t k = 0; k < in; k++)
            a->volts[4 * in + k] = 0;
        OK(mqc_circuit_solve_double(a->circuit, way, BATCH, a->volts, in, a->amps, out));
        OK(mqc_circuit_solve_double(a->circuit, way, 2, a->volts + 3 * in, in, a->others, out));
        ck_assert_mem_eq(a->others, a->amps + 3 * out, 2 * out * sizeof *a->amps);
        for (size_t b = 0; b < BATCH; b++) {
            OK(mqc_circuit_solve_double(a->circuit, way, 1, a->volts + b * in, in, a->others, out));
            ck_assert_mem_eq(a->others, a->amps + b * out, out * sizeof *a->amps);
        }
        for (size_t k = 0; k < out; k++)
            ck_assert(a->amps[4 * out + k] == 0);
        mqc_circuit_destroy(&a->circuit);
    }
}
END_TEST

START_TEST(floats_are_rounded_doubles) {
    struct array *a = open_array(30, &kinds[0]);
    float volts[3 * (ROWS + 2)], amps[3 * (COLS + 1)];
    double exact[3 * ROWS];
    for (size_t k = 0; k < 3 * ROWS; k++) {
        volts[k / ROWS * (ROWS + 2) + k % ROWS] = (float)a->volts[k];
        exact[k] = (double)(float)a->volts[k];
    }
    OK(mqc_circuit_solve(a->circuit, MQC_FORWARD, 3, volts, ROWS + 2, amps, COLS + 1));
    OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, 3, exact, ROWS, a->amps, COLS));
    for (size_t k = 0; k < 3 * COLS; k++)
        ck_assert(amps[k / COLS * (COLS + 1) + k % COLS] == (float)a->amps[k]);
    mqc_circuit_destroy(&a->circuit);
}
END_TEST

START_TEST(all_instruction_sets_give_the_same_bits) {
    static const struct mqc_wires_kernels *const tables[] = MQC_KERNEL_TABLES(mqc_wires_kernels);
    static const struct mqc_cells_kernels *const cells[] = MQC_KERNEL_TABLES(mqc_cells_kernels);
    enum { N = 37, CELLS = N * MQC_LINES, ALL = CELLS * MQC_LANES };
    static double d[CELLS], x[2][ALL], t[2][3 * CELLS], y[CELLS], z[2][ALL], sums[2][3 * MQC_LANES];
    struct dice dice = {31, 0};
    for (size_t k = 0; k < CELLS; k++)
        d[k] = roll(&dice) < 0.1 ? 0 : pow(10, -6 + 7 * roll(&dice));
    for (int isa = MQC_ISA_AVX2; isa <= (int)mqc_isa(); isa++) {
        for (int line = MQC_LINE_WIRE; line <= MQC_LINE_SOURCE; line++) {
            const struct mqc_inner inner = {(enum mqc_line)line, N, 0.7, 0.3, 0.2};
            const struct mqc_outer outer = {MQC_LINES, N, 0.1, 0.9};
            for (int k = 0; k < 2; k++) {
                const struct mqc_wires_kernels *kernels = tables[k ? isa : MQC_ISA_BASE];
                const struct mqc_cells_kernels *cell = cells[k ? isa : MQC_ISA_BASE];
                double *out = sums[k];
                struct dice same = {32, 0};
                for (size_t i = 0; i < ALL; i++)
                    x[k][i] = z[k][i] = roll(&same) - 0.5;
                kernels->factor(&inner, d, t[k], t[k] + CELLS, t[k] + 2 * CELLS);
                kernels->eliminate(&inner, d, t[k], x[k], y);
                kernels->eliminate_many(&inner, d + 3, t[k] + 3, 1, x[k] + CELLS, z[k], y);
                kernels->unpack(MQC_LINES, N, x[k], 1, z[k], N);
                kernels->pack(MQC_LINES - 3, N, z[k], N, x[k]);
                kernels->factor_outer(&outer, t[k] + CELLS, t[k]);
                kernels->many.precondition(&outer, t[k], z[k], x[k]);
                kernels->many.couple(&outer, x[k], z[k]);
                kernels->one.couple(&outer, x[k], z[k]);
                kernels->one.precondition(&outer, t[k], z[k], x[k]);
                kernels->many.dot(CELLS, x[k], z[k], out);
                kernels->many.direction(CELLS, out, x[k], z[k]);
                kernels->many.add(CELLS, out, z[k], x[k]);
                kernels->many.project(CELLS, d, x[k], out + MQC_LANES);
                kernels->many.drive(CELLS, d, out + MQC_LANES, x[k]);
                kernels->many.largest(CELLS, x[k], d, out + 2 * MQC_LANES);
                for (size_t i = 0; i < CELLS; i++)
                    z[k][i] = 3 * z[k][i] / out[2 * MQC_LANES];
                cell->sinh_cells(CELLS, 5, 0.1, d, z[k], t[k], t[k] + CELLS);
                out[0] = cell->sinh_power(CELLS, 5, 0.1, d, z[k], t[k], 1e-3, t[k], z[k]);
            }
            ck_assert_mem_eq(t[0], t[1], sizeof t[0]);
            ck_assert_mem_eq(x[0], x[1], sizeof x[0]);
            ck_assert_mem_eq(z[0], z[1], sizeof z[0]);
            ck_assert_mem_eq(sums[0], sums[1], sizeof sums[0]);
        }
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
        static float m[ROWS * (COLS + 3)];
        double one[ROWS] = {0}, back[ROWS];
        struct array *a = open_array(40 + n, &kinds[n]);
        OK(mqc_circuit_matrix(a->circuit, m, COLS + 3));
        for (size_t w = 0; w < 2; w++) {
            const size_t in = inputs_of(ways[w]), out = outputs_of(ways[w]);
            any_volts(&(struct dice){50 + n, 0}, in, 1, a->volts);
            OK(mqc_circuit_solve_double(a->circuit, ways[w], 1, a->volts, in, a->amps, out));
            for (size_t o = 0; o < out; o++) { /* to the rounding of floats */
                double sum = 0;
                for (size_t i = 0; i < in; i++)
                    sum +=
                        a->volts[i] * (double)(w ? m[o * (COLS + 3) + i] : m[i * (COLS + 3) + o]);
                ck_assert_double_le(fabs(sum - a->amps[o]), 4e-7 * fabs(a->amps[o]));
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

/* Volts times s: amps times s. Conductances times s, resistances over s: amps times s. Powers of
 * two change no bit of the first, whatever their size. */
START_TEST(scales_as_circuits_do) {
    static const double tiny = 0x1p-100;
    for (size_t n = 0; n < 2 * KINDS; n++) {
        const enum mqc_direction way = ways[n % 2];
        const size_t in = inputs_of(way), out = outputs_of(way);
        struct mqc_wires w = kinds[n / 2];
        struct array *a = open_array(60 + n, &w);
        OK(mqc_circuit_solve_double(a->circuit, way, 1, a->volts, in, a->amps, out));
        for (size_t k = 0; k < in; k++)
            a->volts[k] *= tiny;
        OK(mqc_circuit_solve_double(a->circuit, way, 1, a->volts, in, a->others, out));
        for (size_t k = 0; k < out; k++)
            ck_assert(a->others[k] == tiny * a->amps[k]);
        mqc_circuit_destroy(&a->circuit);
        w.word_segment /= 8;
        w.bit_segment /= 8;
        w.driver /= 8;
        w.sense /= 8;
        for (size_t k = 0; k < ROWS * COLS; k++)
            a->g[k] *= 8;
        OK(mqc_circuit_create(&w, ROWS, COLS, &a->circuit));
        OK(mqc_circuit_program(a->circuit, a->g, COLS));
        OK(mqc_circuit_solve_double(a->circuit, way, 1, a->volts, in, a->others, out));
        for (size_t k = 0; k < out; k++)
            ck_assert_double_le(fabs(a->others[k] - 8 * tiny * a->amps[k]),
                                1e-14 * fabs(a->others[k]));
        mqc_circuit_destroy(&a->circuit);
    }
}
END_TEST

/* As resistances vanish, outputs go to those without, in proportion, down to the least that there
 * may be. */
START_TEST(vanishing_resistance_is_none) {
    static const struct mqc_wires last[] = {
        {0, 0, 0, 0, 1, 2}, {0, 1, 10, 10, 1, 2}, {1, 0, 10, 10, 3, 2}, {0, 0, 20, 30, 1, 3}};
    for (size_t n = 0; n < sizeof last / sizeof *last; n++) {
        struct array *a = open_array(80, &last[n]); /* the same cells and volts */
        struct dice dice = {81, 0};
        any_cells(&dice, ROWS * COLS, 0, a->g);
        any_volts(&dice, ROWS, 1, a->volts);
        OK(mqc_circuit_program(a->circuit, a->g, COLS));
        OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, 1, a->volts, ROWS, a->amps, COLS));
        mqc_circuit_destroy(&a->circuit);
        for (double r = 1e-2; r > 0.9e-6; r /= 10) {
            const struct mqc_wires w = {last[n].word_segment + r, last[n].bit_segment + r,
                                        last[n].driver + r,       last[n].sense + r,
                                        last[n].driven,           last[n].sensed};
            OK(mqc_circuit_create(&w, ROWS, COLS, &a->circuit));
            OK(mqc_circuit_program(a->circuit, a->g, COLS));
            OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, 1, a->volts, ROWS, a->others,
                                        COLS));
            /* 59 segments and terminals carry at most all of 777 cells of 1e-4 S: a bound of the
             * relative loss */
            ck_assert_double_le(worst_of(COLS, a->others, a->amps), 2 * 60 * 777e-4 * r + 2e-7);
            mqc_circuit_destroy(&a->circuit);
        }
    }
}
END_TEST

/* One cell: resistors in series. */
START_TEST(one_cell_is_a_series) {
    const struct mqc_wires w = wires_of(2, 3, 5, 7);
    const float g = 1e-3f;
    const double volts = 0.3;
    double amps;
    struct mqc_circuit *c;
    OK(mqc_circuit_create(&w, 1, 1, &c));
    OK(mqc_circuit_program(c, &g, 1));
    OK(mqc_circuit_solve_double(c, MQC_FORWARD, 1, &volts, 1, &amps, 1));
    ck_assert_double_eq_tol(amps, volts / (2 + 3 + 5 + 7 + 1 / (double)g), 1e-14);
    mqc_circuit_destroy(&c);
}
END_TEST

/* A uniform ladder: one word line, bit lines grounded through nothing. With 2 cosh u = 2 + r g the
 * voltages are proportional to cosh u (n - 1/2 - j), and the source is one segment away from cell
 * 0. */
START_TEST(a_ladder_has_its_closed_form) {
    enum { N = 300 };
    static float g[N];
    static double amps[N];
    const struct mqc_wires w = wires_of(2, 0, 0, 0);
    const double one = 1;
    struct mqc_circuit *c;
    for (size_t j = 0; j < N; j++)
        g[j] = 0x1p-10f;
    OK(mqc_circuit_create(&w, 1, N, &c));
    OK(mqc_circuit_program(c, g, N));
    OK(mqc_circuit_solve_double(c, MQC_FORWARD, 1, &one, 1, amps, N));
    const double u = acosh(1 + 0x1p-10);
    for (size_t j = 0; j < N; j++) {
        const double want = 0x1p-10 * cosh(u * (N - 0.5 - (double)j)) / cosh(u * (N + 0.5));
        ck_assert_double_eq_tol(amps[j], want, 1e-7 * want);
    }
    mqc_circuit_destroy(&c);
}
END_TEST

/* The tolerance is kept by every output, also by small ones; and no more is done for it than has to
 * be. */
START_TEST(tolerances_are_kept) {
    enum { LARGE = 64 };
    static float g[LARGE * LARGE];
    static double volts[LARGE], amps[LARGE], exact[LARGE];
    static const double tolerances[] = {1e-2, 1e-4, 1e-6, 1e-9};
    for (int n = 0; n < 12; n++) {
        const struct mqc_wires w = wires_of(n % 2 ? 1 : 50, n % 3 ? 1 : 200, n % 4 ? 0 : 500, 0);
        struct dice dice = {100 + (uint64_t)n, 0};
        struct mqc_circuit *c;
        any_cells(&dice, LARGE * LARGE, n >= 6, g);
        for (size_t k = 0; k < LARGE; k++)
            g[k * LARGE + 5] *= 1e-9f; /* a line that hardly conducts */
        OK(mqc_circuit_create(&w, LARGE, LARGE, &c));
        OK(mqc_circuit_program(c, g, LARGE));
        any_volts(&dice, LARGE, n % 2, volts);
        OK(mqc_circuit_limits(c, 1e-12, 10000));
        OK(mqc_circuit_solve_double(c, MQC_FORWARD, 1, volts, LARGE, exact, LARGE));
        for (size_t t = 0; t < sizeof tolerances / sizeof *tolerances; t++) {
            OK(mqc_circuit_limits(c, tolerances[t], 10000));
            OK(mqc_circuit_solve_double(c, MQC_FORWARD, 1, volts, LARGE, amps, LARGE));
            ck_assert_double_le(worst_of(LARGE, amps, exact), tolerances[t]);
        }
        OK(mqc_circuit_limits(c, 1e-7, 10000));
        OK(mqc_circuit_solve_double(c, MQC_FORWARD, 1, volts, LARGE, amps, LARGE));
        ck_assert(n % 12 != 1 || mqc_circuit_iterations(c) <= 8);
        mqc_circuit_destroy(&c);
    }
}
END_TEST

/* Solving anything in between, or programming the same cells again, changes nothing. */
START_TEST(history_is_forgotten) {
    struct array *a = open_array(90, &kinds[0]);
    static float m[ROWS * COLS];
    const struct mqc_nonlinearity law = {4, 0.2};
    double first[COLS];
    OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, 1, a->volts, ROWS, first, COLS));
    OK(mqc_circuit_solve_double(a->circuit, MQC_BACKWARD, BATCH, a->volts, COLS, a->amps, ROWS));
    OK(mqc_circuit_matrix(a->circuit, m, COLS));
    OK(solve_nonlinear(a->circuit, &law, MQC_FORWARD, 1, a->volts, ROWS, a->amps, COLS));
    OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, 1, a->volts, ROWS, a->amps, COLS));
    ck_assert_mem_eq(first, a->amps, sizeof first);
    OK(mqc_circuit_program(a->circuit, m, COLS));
    OK(mqc_circuit_program(a->circuit, a->g, COLS));
    OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, 1, a->volts, ROWS, a->amps, COLS));
    ck_assert_mem_eq(first, a->amps, sizeof first);
    mqc_circuit_destroy(&a->circuit);
}
END_TEST

/* All cells shorted, as hard as it gets: 64 x 64 of 1 kS behind 1 ohm segments. Currents are
 * conserved. */
START_TEST(all_shorted_is_solved) {
    enum { N = 64 };
    static float g[N * N];
    static double volts[N], amps[N], word[N * N], bit[N * N], cell[N * N], along[N * (N + 1)],
        down[N * (N + 1)];
    const struct mqc_wires w = wires_of(1, 1, 0, 0);
    const struct mqc_probe probe = {word, bit, cell, along, down};
    struct mqc_circuit *c;
    double in = 0, out = 0;
    for (size_t k = 0; k < N * N; k++)
        g[k] = 1e3f;
    OK(mqc_circuit_create(&w, N, N, &c));
    OK(mqc_circuit_program(c, g, N));
    any_volts(&(struct dice){91, 0}, N, 1, volts);
    OK(mqc_circuit_solve_double(c, MQC_FORWARD, 1, volts, N, amps, N));
    OK(mqc_circuit_probe(c, MQC_FORWARD, volts, &probe));
    for (size_t k = 0; k < N; k++) {
        in += along[k * (N + 1)];
        out += amps[k];
    }
    ck_assert_double_eq_tol(in, out, 1e-6 * out);
    mqc_circuit_destroy(&c);
}
END_TEST

START_TEST(bad_input_is_named) {
    struct mqc_wires w = mqc_wires_default();
    struct mqc_circuit *c;
    static float g[6] = {1, 1, 1, 1, 1, 1};
    double volts[3] = {1, INFINITY, 1}, amps[3];
    const struct mqc_nonlinearity steep = {2000, 1}, law = {200, 0.1};
    w.driver = -1;
    FAILS(MEMQC_ERROR_ARGUMENT, "driver resistance = -1 ohm", mqc_circuit_create(&w, 2, 3, &c));
    ck_assert_ptr_null(c);
    w.driver = 1e-12;
    FAILS(MEMQC_ERROR_ARGUMENT, "ohm; allowed is 0, or", mqc_circuit_create(&w, 2, 3, &c));
    w = wires_of(1, (double)NAN, 0, 0);
    FAILS(MEMQC_ERROR_ARGUMENT, "bit-line segment resistance = nan",
          mqc_circuit_create(&w, 2, 3, &c));
    w = wires_of(1, 1, 0, 0);
    w.sensed = 4;
    FAILS(MEMQC_ERROR_ARGUMENT, "sensed ends = 4", mqc_circuit_create(&w, 2, 3, &c));
    w.sensed = 1;
    FAILS(MEMQC_ERROR_ARGUMENT, "0 rows", mqc_circuit_create(&w, 0, 3, &c));
    FAILS(MEMQC_ERROR_ARGUMENT, "2^30", mqc_circuit_create(&w, (size_t)-1 / 2, 3, &c));
    OK(mqc_circuit_create(&w, 2, 3, &c));
    OK(mqc_circuit_program(c, g, 3));
    g[4] = -1;
    FAILS(MEMQC_ERROR_DATA, "cell (1, 1) is -1 S", mqc_circuit_program(c, g, 3));
    FAILS(MEMQC_ERROR_ARGUMENT, "leading dimension 2", mqc_circuit_program(c, g, 2));
    FAILS(MEMQC_ERROR_DATA, "voltage 1 of vector 0 is inf",
          mqc_circuit_solve_double(c, MQC_FORWARD, 1, volts, 2, amps, 3));
    FAILS(MEMQC_ERROR_ARGUMENT, "batch = 0",
          mqc_circuit_solve_double(c, MQC_FORWARD, 0, volts, 2, amps, 3));
    FAILS(MEMQC_ERROR_ARGUMENT, "leading dimensions 3 and 2",
          mqc_circuit_solve_double(c, MQC_FORWARD, 1, volts, 3, amps, 2));
    FAILS(MEMQC_ERROR_ARGUMENT, "tolerance = 0", mqc_circuit_limits(c, 0, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "iterations = 0", mqc_circuit_limits(c, 1e-6, 0));
    volts[1] = 2;
    FAILS(MEMQC_ERROR_ARGUMENT, "a = 2000",
          solve_nonlinear(c, &steep, MQC_FORWARD, 1, volts, 2, amps, 3));
    FAILS(MEMQC_ERROR_DATA, "range", solve_nonlinear(c, &law, MQC_FORWARD, 1, volts, 2, amps, 3));
    OK(mqc_circuit_limits(c, 1e-12, 1));
    FAILS(MEMQC_ERROR_DIVERGED, "after 1 iterations",
          mqc_circuit_solve_double(c, MQC_FORWARD, 1, volts, 2, amps, 3));
    OK(mqc_circuit_limits(c, 1e-7, 100));
    OK(mqc_circuit_solve_double(c, MQC_FORWARD, 1, volts, 2, amps,
                                3)); /* with the old conductances */
    ck_assert(amps[0] > 0);
    mqc_circuit_destroy(&c);
    mqc_circuit_destroy(&c);
    mqc_circuit_destroy(NULL);
}
END_TEST

/* The n-th allocation fails: NOMEM, and afterwards everything as if nothing had happened. */
START_TEST(any_allocation_may_fail) {
    const struct mqc_nonlinearity law = {4, 0.2};
    struct array *a = open_array(95, &kinds[0]);
    double linear[BATCH * COLS], nonlinear[COLS];
    OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, BATCH, a->volts, ROWS, linear, COLS));
    OK(solve_nonlinear(a->circuit, &law, MQC_FORWARD, 1, a->volts, ROWS, nonlinear, COLS));
    mqc_circuit_destroy(&a->circuit);
    int n = 0;
    for (memqc_status status = MEMQC_ERROR_NOMEM; status != MEMQC_OK; n++) {
        struct mqc_circuit *c = (struct mqc_circuit *)a;
        mqc_alloc_fail_after(n);
        status = mqc_circuit_create(&kinds[0], ROWS, COLS, &c);
        const int created = status == MEMQC_OK;
        if (created) {
            OK(mqc_circuit_program(c, a->g, COLS));
            status = mqc_circuit_solve_double(c, MQC_FORWARD, BATCH, a->volts, ROWS, a->amps, COLS);
        }
        if (status == MEMQC_OK)
            status = solve_nonlinear(c, &law, MQC_FORWARD, 1, a->volts, ROWS, a->others, COLS);
        mqc_alloc_fail_after(-1);
        ck_assert(status == MEMQC_OK || status == MEMQC_ERROR_NOMEM);
        ck_assert(created || !c);
        if (created) {
            OK(mqc_circuit_solve_double(c, MQC_FORWARD, BATCH, a->volts, ROWS, a->amps, COLS));
            ck_assert_mem_eq(a->amps, linear, sizeof linear);
            OK(solve_nonlinear(c, &law, MQC_FORWARD, 1, a->volts, ROWS, a->others, COLS));
            ck_assert_mem_eq(a->others, nonlinear, sizeof nonlinear);
        }
        mqc_circuit_destroy(&c);
    }
    ck_assert_int_gt(n, 40);
}
END_TEST

RUN_TESTS("wires", equals_the_dense_solution, nonlinear_equals_the_dense_solution,
          the_inside_equals_the_dense_solution, a_batch_changes_no_bit, floats_are_rounded_doubles,
          all_instruction_sets_give_the_same_bits, sinh_is_sinh,
          matrix_superposition_and_reciprocity, scales_as_circuits_do, vanishing_resistance_is_none,
          one_cell_is_a_series, a_ladder_has_its_closed_form, tolerances_are_kept,
          history_is_forgotten, all_shorted_is_solved, bad_input_is_named, any_allocation_may_fail)
