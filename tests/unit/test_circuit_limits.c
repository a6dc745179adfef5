/* SPDX-License-Identifier: BSD-3-Clause */
/* What any circuit must do: closed forms, limits, tolerances, and bad input. */
#include "circuit.h"

#include "core/alloc.h"

static struct mqc_wires wires_of(double word, double bit, double driver, double sense) {
    struct mqc_wires w = mqc_wires_default();
    w.word_segment = word;
    w.bit_segment = bit;
    w.driver = driver;
    w.sense = sense;
    return w;
}

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
    static const float open_cells[ROWS * COLS];
    static double m[ROWS * COLS];
    const struct mqc_nonlinearity law = {4, 0.2};
    double first[COLS];
    OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, 1, a->volts, ROWS, first, COLS));
    OK(mqc_circuit_solve_double(a->circuit, MQC_BACKWARD, BATCH, a->volts, COLS, a->amps, ROWS));
    OK(mqc_circuit_matrix(a->circuit, 1e-7, m, COLS));
    OK(solve_nonlinear(a->circuit, &law, MQC_FORWARD, 1, a->volts, ROWS, a->amps, COLS));
    OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, 1, a->volts, ROWS, a->amps, COLS));
    ck_assert_mem_eq(first, a->amps, sizeof first);
    OK(mqc_circuit_program(a->circuit, open_cells, COLS));
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

RUN_TESTS("circuit limits", scales_as_circuits_do, vanishing_resistance_is_none,
          one_cell_is_a_series, a_ladder_has_its_closed_form, tolerances_are_kept,
          history_is_forgotten, all_shorted_is_solved, bad_input_is_named, any_allocation_may_fail)
