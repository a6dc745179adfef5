/* SPDX-License-Identifier: BSD-3-Clause */
/* Effective matrices by elimination: against a dense nodal solution (nodal.h), against iteration,
 * and what products with them promise. */
#include "circuit.h"

#include "circuit/mesh.h"
#include "circuit/mesh_kernels.h"
#include "core/alloc.h"

static const double ohms[] = {0, 1e-6, 0.1, 1, 30, 1000};

/* One of them, from `least` on. */
static double any_ohm(struct dice *dice, int least) {
    return ohms[least + (int)(roll(dice) * (6 - least))];
}

/* Both kinds of lines resist. */
static struct mqc_wires any_wires(struct dice *dice) {
    struct mqc_wires w = {
        any_ohm(dice, 1), any_ohm(dice, 1), any_ohm(dice, 0), any_ohm(dice, 0), 1, 1};
    w.driven = 1 + (int32_t)(3 * roll(dice));
    w.sensed = 1 + (int32_t)(3 * roll(dice));
    return w;
}

static struct mqc_circuit *circuit_of(const struct mqc_wires *wires, size_t rows, size_t cols,
                                      const float *g) {
    struct mqc_circuit *c;
    OK(mqc_circuit_create(wires, rows, cols, &c));
    OK(mqc_circuit_program(c, g, cols));
    ck_assert(mqc_mesh_suits(c));
    return c;
}

/* Conductances between any two nodes; those of a circuit are its word nodes, its bit nodes, the
 * terminals of the rows and those of the columns. */
enum { LARGEST = 10, NODES = 2 * LARGEST * LARGEST + 2 * LARGEST };

static long double joined[NODES][NODES];

static void join(size_t a, size_t b, double ohm) {
    joined[a][b] += 1 / (long double)ohm;
    joined[b][a] = joined[a][b];
}

static void join_line(int ends, size_t terminal, size_t first, size_t step, size_t count,
                      double segment, double outside) {
    for (size_t k = 1; k < count; k++)
        join(first + (k - 1) * step, first + k * step, segment);
    if (ends & MQC_END_FIRST)
        join(terminal, first, segment + outside);
    if (ends & MQC_END_LAST)
        join(terminal, first + (count - 1) * step, segment + outside);
}

/* Turns stars into meshes, one node after the other, in extended precision. */
static void eliminate_all(size_t inside, size_t nodes) {
    for (size_t k = 0; k < inside; k++) {
        long double sum = 0;
        for (size_t p = k + 1; p < nodes; p++)
            sum += joined[k][p];
        for (size_t p = k + 1; p < nodes; p++)
            for (size_t q = k + 1; q < nodes && joined[k][p] > 0; q++)
                joined[p][q] += joined[k][p] * joined[k][q] / sum;
    }
}

static void find_matrix(const struct mqc_wires *w, size_t rows, size_t cols, const float *g,
                        double *want) {
    const size_t cells = rows * cols, inside = 2 * cells;
    memset(joined, 0, sizeof joined);
    for (size_t k = 0; k < cells; k++)
        if (g[k] > 0)
            join(k, cells + k, 1 / (double)g[k]);
    for (size_t i = 0; i < rows; i++)
        join_line(w->driven, inside + i, i * cols, 1, cols, w->word_segment, w->driver);
    for (size_t j = 0; j < cols; j++)
        join_line(w->sensed, inside + rows + j, cells + j, cols, rows, w->bit_segment, w->sense);
    eliminate_all(inside, inside + rows + cols);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++)
            want[i * cols + j] = (double)joined[inside + i][inside + rows + j];
}

/* Whatever the resistances are: no digit is lost. */
START_TEST(is_exact_but_for_rounding) {
    enum { CIRCUITS = 300 };
    static float g[LARGEST * LARGEST];
    double matrix[LARGEST * LARGEST], want[LARGEST * LARGEST];
    struct dice dice = {1, 0};
    for (int n = 0; n < CIRCUITS; n++) {
        const struct mqc_wires wires = any_wires(&dice);
        const size_t rows = 1 + (size_t)(roll(&dice) * LARGEST),
                     cols = 1 + (size_t)(roll(&dice) * LARGEST);
        any_cells(&dice, rows * cols, n % 2, g);
        struct mqc_circuit *c = circuit_of(&wires, rows, cols, g);
        OK(mqc_circuit_matrix(c, 1e-12, matrix, cols));
        find_matrix(&wires, rows, cols, g, want);
        ck_assert_double_le(worst_of(rows * cols, matrix, want), 5e-14);
        mqc_circuit_destroy(&c);
    }
}
END_TEST

/* Every element of one row, relative. */
static double worst_of_row(struct nodal *s, size_t row, const double *matrix) {
    double volts[32] = {0}, want[32];
    volts[row] = 1;
    nodal_solve(s, MQC_FORWARD, volts, want);
    return worst_of(s->cols, matrix + row * s->cols, want);
}

/* Several pieces in both directions, the last ones not whole. */
START_TEST(pieces_equal_the_dense_solution) {
    static const size_t sizes[][2] = {{17, 9}, {9, 25}, {16, 8}};
    static float g[25 * 17];
    double matrix[25 * 17];
    struct dice dice = {2, 0};
    for (size_t n = 0; n < 3; n++) {
        struct nodal s = {
            .wires = kinds[n ? 0 : 8], .rows = sizes[n][0], .cols = sizes[n][1], .g = g};
        any_cells(&dice, s.rows * s.cols, n == 1, g);
        struct mqc_circuit *c = circuit_of(&s.wires, s.rows, s.cols, g);
        OK(mqc_circuit_matrix(c, 1e-12, matrix, s.cols));
        nodal_open(&s);
        /* what the dense solution loses to cells of 1 kS, in double precision */
        ck_assert_double_le(worst_of_row(&s, s.rows - 1, matrix), 1e-10);
        nodal_close(&s);
        mqc_circuit_destroy(&c);
    }
}
END_TEST

/* Larger arrays, against each line's solution by iteration. */
START_TEST(equals_iteration) {
    enum { MOST = 160 };
    static const size_t sizes[][2] = {{64, 64}, {130, 20}, {24, 160}, {75, 66}, {90, 113}};
    static float g[MOST * MOST];
    static double matrix[MOST * MOST], volts[MOST], amps[MOST];
    struct dice dice = {3, 0};
    for (size_t n = 0; n < 5; n++) {
        const size_t rows = sizes[n][0], cols = sizes[n][1];
        const struct mqc_wires wires = {
            n % 2 ? 1 : 3, 1, n % 3 ? 0 : 50, 2, 1 + (int32_t)n % 3, 1 + (int32_t)(n / 2) % 3};
        any_cells(&dice, rows * cols, n == 3, g);
        struct mqc_circuit *c = circuit_of(&wires, rows, cols, g);
        OK(mqc_circuit_limits(c, 1e-11, 10000));
        OK(mqc_circuit_matrix(c, 1e-12, matrix, cols));
        for (size_t row = 0; row < rows; row += rows / 4) {
            volts[row] = 1;
            OK(mqc_circuit_solve_each(c, MQC_FORWARD, 1, volts, rows, amps, cols));
            volts[row] = 0;
            ck_assert_double_le(worst_of(cols, matrix + row * cols, amps), 2e-11);
        }
        mqc_circuit_destroy(&c);
    }
}
END_TEST

/* Where it does not pay, or lines are perfect, there are iterations. */
START_TEST(suits_what_it_can_do) {
    static const size_t sizes[][2] = {{1, 3000}, {3000, 1}, {4, 2000}, {1, 1}, {784, 16}, {64, 64}};
    const struct mqc_wires wires = {1, 1, 0, 0, 1, 2};
    for (size_t n = 0; n < KINDS + 6; n++) {
        const int kind = n < KINDS;
        const struct mqc_wires *w = kind ? &kinds[n] : &wires;
        struct mqc_circuit *c;
        OK(mqc_circuit_create(w, kind ? ROWS : sizes[n - KINDS][0],
                              kind ? COLS : sizes[n - KINDS][1], &c));
        const int resist = w->word_segment > 0 && w->bit_segment > 0;
        ck_assert_int_eq(mqc_mesh_suits(c), resist && (kind || n >= KINDS + 3));
        mqc_circuit_destroy(&c);
    }
}
END_TEST

enum { MANY = 43 };

static double volts[MANY * ROWS], amps[MANY * ROWS], others[MANY * ROWS];

/* Products with the matrix keep the tolerance, as far as it is of each output itself, and do not
 * depend on what else is in the batch. */
START_TEST(many_vectors_together) {
    for (size_t n = 0; n < 4; n++) {
        const enum mqc_direction way = ways[n % 2];
        const size_t in = inputs_of(way), out = outputs_of(way);
        struct array *a = open_array(200 + n, &kinds[n < 2 ? 0 : 8]);
        any_volts(&(struct dice){210 + n, 0}, MANY * in, 1, volts);
        memset(volts + 5 * in, 0, in * sizeof *volts);
        ck_assert(mqc_circuit_prefers_matrix(a->circuit, 21));
        OK(mqc_circuit_solve_double(a->circuit, way, MANY, volts, in, amps, out));
        OK(mqc_circuit_solve_double(a->circuit, way, 21, volts + 3 * in, in, others, out));
        ck_assert_mem_eq(others, amps + 3 * out, 21 * out * sizeof *amps);
        for (size_t k = 0; k < out; k++)
            ck_assert(amps[5 * out + k] == 0);
        OK(mqc_circuit_solve_each(a->circuit, way, MANY, volts, in, others, out));
        ck_assert_double_le(worst_of(MANY * out, amps, others), 1e-7);
        for (size_t b = 0; b < MANY; b++) {
            OK(mqc_circuit_solve_double(a->circuit, way, 1, volts + b * in, in, amps, out));
            ck_assert_mem_eq(amps, others + b * out, out * sizeof *amps);
        }
        mqc_circuit_destroy(&a->circuit);
    }
}
END_TEST

START_TEST(floats_are_rounded_doubles) {
    static float from[MANY * ROWS], to[MANY * COLS];
    struct array *a = open_array(30, &kinds[0]);
    any_volts(&(struct dice){220, 0}, MANY * ROWS, 0, volts);
    for (size_t k = 0; k < MANY * ROWS; k++)
        volts[k] = from[k] = (float)volts[k];
    OK(mqc_circuit_solve(a->circuit, MQC_FORWARD, MANY, from, ROWS, to, COLS));
    OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, MANY, volts, ROWS, amps, COLS));
    for (size_t k = 0; k < MANY * COLS; k++)
        ck_assert(to[k] == (float)amps[k]);
    volts[40 * ROWS + 7] = INFINITY;
    FAILS(MEMQC_ERROR_DATA, "voltage 7 of vector 40 is inf",
          mqc_circuit_solve_double(a->circuit, MQC_FORWARD, MANY, volts, ROWS, amps, COLS));
    FAILS(MEMQC_ERROR_ARGUMENT, "leading dimensions",
          mqc_circuit_solve_double(a->circuit, MQC_FORWARD, MANY, volts, ROWS - 1, amps, COLS));
    mqc_circuit_destroy(&a->circuit);
}
END_TEST

/* The n-th allocation fails: NOMEM, and afterwards everything as if nothing had happened. */
START_TEST(any_allocation_may_fail) {
    struct array *a = open_array(95, &kinds[0]);
    any_volts(&(struct dice){230, 0}, MANY * ROWS, 0, volts);
    OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, MANY, volts, ROWS, amps, COLS));
    int n = 0;
    for (memqc_status status = MEMQC_ERROR_NOMEM; status != MEMQC_OK; n++) {
        mqc_alloc_fail_after(n);
        status = mqc_circuit_solve_double(a->circuit, MQC_FORWARD, MANY, volts, ROWS, others, COLS);
        mqc_alloc_fail_after(-1);
        ck_assert(status == MEMQC_OK || status == MEMQC_ERROR_NOMEM);
        OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, MANY, volts, ROWS, others, COLS));
        ck_assert_mem_eq(amps, others, MANY * COLS * sizeof *amps);
    }
    ck_assert_int_gt(n, 20);
    mqc_circuit_destroy(&a->circuit);
}
END_TEST

START_TEST(all_instruction_sets_give_the_same_bits) {
    static const struct mqc_mesh_kernels *const tables[] = MQC_KERNEL_TABLES(mqc_mesh_kernels);
    enum { N = 151, PIVOTS = 83, ENDS = 110, OTHERS = 131, LD = N + MQC_MESH_PAD + 2 };
    enum { SMALL = 29, FRONT = SMALL * (SMALL - 1) / 2 * MQC_MESHES };
    enum { DEPTH = 43, WIDTH = 51 };
    static double a[2][(N + MQC_MESH_PAD) * LD], small[2][FRONT],
        packed[2][DEPTH * (WIDTH + MQC_MESH_PAD)], out[2][WIDTH * MQC_MESHES],
        room[2 * MQC_MESH_BLOCK * (N + 2 * MQC_MESH_PAD)];
    static const struct mqc_mesh_runs runs = {3, {0, 5, 18, 29}, {0, 40, 100}},
                                      second = {3, {0, 5, 18, 29}, {0, 60, 120}};
    unsigned char map[9];
    for (int k = 0; k < 9; k++)
        map[k] = (unsigned char)((k * 5 + 3) % SMALL);
    for (int isa = MQC_ISA_AVX2; isa <= (int)mqc_isa(); isa++) {
        for (int k = 0; k < 2; k++) {
            const struct mqc_mesh_kernels *kernels = tables[k ? isa : MQC_ISA_BASE];
            struct dice dice = {240, 0};
            memset(a[k], 0, sizeof a[k]);
            for (size_t i = 0; i < FRONT; i++)
                small[k][i] = roll(&dice) < 0.3 ? 0 : pow(10, -6 + 7 * roll(&dice));
            for (size_t p = 0; p < N; p++)
                for (size_t q = p + 1; q < N; q++)
                    a[k][p * LD + q] = small[k][(p * 7 + q * 31) % FRONT];
            kernels->add_small(9, small[k] + 64, map, SMALL, small[k]);
            kernels->eliminate_small(11, SMALL, small[k]);
            kernels->add(&runs, 1, small[k], 29, N, LD, a[k]);
            kernels->add(&second, 0, small[k] + 40, 29, N, LD, a[k]);
            kernels->eliminate(PIVOTS, ENDS, OTHERS, N, LD, a[k], room);
            kernels->pack(DEPTH, WIDTH, small[k], 1, DEPTH, packed[k]);
            kernels->multiply(DEPTH, WIDTH, packed[k], small[k], out[k]);
        }
        ck_assert_mem_eq(small[0], small[1], sizeof small[0]);
        for (size_t p = 0; p < OTHERS; p++) {
            const size_t from = p < ENDS ? p + 1 : OTHERS;
            ck_assert_mem_eq(a[0] + p * LD + from, a[1] + p * LD + from, (N - from) * sizeof **a);
        }
        ck_assert_mem_eq(packed[0], packed[1], sizeof packed[0]);
        ck_assert_mem_eq(out[0], out[1], sizeof out[0]);
    }
}
END_TEST

RUN_TESTS("circuit mesh", is_exact_but_for_rounding, pieces_equal_the_dense_solution,
          equals_iteration, suits_what_it_can_do, many_vectors_together, floats_are_rounded_doubles,
          any_allocation_may_fail, all_instruction_sets_give_the_same_bits)
