/* SPDX-License-Identifier: BSD-3-Clause */
/* Products through wires that resist, against a dense nodal solution of every physical array
 * (nodal.h); and what any linear circuit must do, through the public functions. */
#include "crossbar_wires.h"

static const double ohms[] = {0, 0.1, 1, 10, 100, 1000};
static uint64_t draws;

static double roll(void) {
    const struct mqc_rng rng = mqc_rng_make(77, MQC_STREAM_INIT);
    float x;
    mqc_rng_kernels()->uniform(&rng, 0, draws++, 1, &x);
    return (double)x;
}

static size_t pick(size_t n) {
    return (size_t)(roll() * (double)n);
}

static void any_wires(memqc_crossbar *xb) {
    do
        set_wires(xb, ohms[pick(6)], ohms[pick(6)], ohms[pick(6)], ohms[pick(6)]);
    while (!(value_of(xb, XB(WORD_RESISTANCE)) + value_of(xb, XB(BIT_RESISTANCE)) +
                 value_of(xb, XB(DRIVER_RESISTANCE)) + value_of(xb, XB(SENSE_RESISTANCE)) >
             0));
    set(xb, XB(DRIVEN_ENDS), XB(ENDS_FIRST) + (double)pick(3));
    set(xb, XB(SENSED_ENDS), XB(ENDS_FIRST) + (double)pick(3));
}

static struct mqc_wires wires_of(const memqc_crossbar *xb) {
    const struct mqc_wires w = {
        value_of(xb, XB(WORD_RESISTANCE)),
        value_of(xb, XB(BIT_RESISTANCE)),
        value_of(xb, XB(DRIVER_RESISTANCE)),
        value_of(xb, XB(SENSE_RESISTANCE)),
        (int32_t)value_of(xb, XB(DRIVEN_ENDS)) - XB(ENDS_FIRST) + MQC_END_FIRST,
        (int32_t)value_of(xb, XB(SENSED_ENDS)) - XB(ENDS_FIRST) + MQC_END_FIRST};
    return w;
}

/* Adds weight times the currents of one array of a plane for inputs v (fractions of READ_VOLTAGE),
 * less what is subtracted from them, to y; size: the same of magnitudes. */
static void expect_part(const memqc_crossbar *xb, const struct expected *e, size_t plane,
                        size_t number, const float *v, double weight, double *y, double *size) {
    static float g[(LARGEST + 1) * LARGEST];
    double volts[2][LARGEST + 1] = {{0}}, amps[2][LARGEST + 1];
    size_t row, col, rows, lines;
    OK(memqc_crossbar_tile(xb, number, &row, &col, &rows, &lines));
    const int reference = e->mapping == XB(MAPPING_REFERENCE);
    const size_t cols = lines - (size_t)reference, first = e->transposed ? col : row,
                 in = e->transposed ? cols : rows;
    const size_t start = e->transposed ? row : col, out = e->transposed ? rows : cols;
    const double v_r = value_of(xb, XB(READ_VOLTAGE)), a = value_of(xb, XB(IV_NONLINEARITY));
    double sum[2] = {0, 0};
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < lines; j++)
            g[i * lines + j] = (float)(j < cols ? e->g[plane][(row + i) * e->cols + col + j]
                                                : e->reference[plane][row + i]);
    for (size_t i = 0; i < in; i++) {
        const double u = (double)v[first + i];
        volts[0][i] = u * v_r;
        volts[1][i] = fabs(u) * v_r;
        const double f = a > 0 ? sinh(a * u * v_r) / sinh(a * v_r) : u;
        sum[0] += f;
        sum[1] += fabs(f);
    }
    volts[0][in] = e->transposed && reference ? -sum[0] * v_r : 0;
    volts[1][in] = e->transposed && reference ? sum[1] * v_r : 0;
    struct nodal s = {
        .wires = wires_of(xb), .rows = rows, .cols = lines, .g = g, .a = a, .v_ref = v_r};
    nodal_open(&s);
    for (int k = 0; k < 2; k++)
        nodal_solve(&s, e->transposed ? MQC_BACKWARD : MQC_FORWARD, volts[k], amps[k]);
    nodal_close(&s);
    const double middle = e->mapping == XB(MAPPING_SINGLE) ? e->middle : 0;
    for (size_t j = 0; j < out; j++) {
        const double last = reference && !e->transposed ? amps[0][cols] / v_r : middle * sum[0];
        const double most = reference && !e->transposed ? amps[1][cols] / v_r : middle * sum[1];
        y[start + j] += weight * (amps[0][j] / v_r - last);
        size[start + j] += fabs(weight) * (amps[1][j] / v_r + most);
    }
}

/* Is y what the circuits give for one vector, to 1e-6 of the currents that are subtracted from each
 * other? */
static void check_vector(const memqc_crossbar *xb, struct expected *e, const float *v,
                         const float *y, int what) {
    double want[LARGEST] = {0}, size[LARGEST] = {0};
    size_t arrays = 0;
    while (memqc_crossbar_tile(xb, arrays, NULL, NULL, NULL, NULL) == MEMQC_OK)
        arrays++;
    for (size_t p = 0; p < e->planes; p++) {
        const double digit = pow(e->base, (double)(e->slices - 1 - p / e->sides)) /
                             (pow(e->base, (double)e->slices) - 1) / e->digit;
        const double weight = e->scale[0] * digit * (e->sides == 2 ? (p % 2 ? -1 : 1) : 2);
        for (size_t n = 0; n < arrays; n++)
            expect_part(xb, e, p, n, v, weight, want, size);
    }
    for (size_t j = 0; j < e->out; j++)
        ck_assert_msg(fabs((double)y[j] - want[j]) <= 1e-6 * size[j],
                      "circuit %d, mapping %d, output %zu: %.9g instead of %.9g +- %g", what,
                      e->mapping, j, (double)y[j], want[j], 1e-6 * size[j]);
}

START_TEST(products_are_those_of_the_circuits) {
    static struct expected e;
    float x[BATCH * LARGEST], y[BATCH * LARGEST];
    for (int n = 0; n < 160; n++) {
        const size_t rows = 1 + pick(LARGEST), cols = 1 + pick(LARGEST - 1);
        const int32_t mapping = mappings[n % 4];
        memqc_crossbar *xb =
            make_sliced(rows, cols, mapping, XB(NORMALIZATION_FIXED), n % 3 ? 1 : 2, 4);
        any_wires(xb);
        set(xb, XB(WIRE_METHOD), XB(METHOD_AUTO) + (double)(n / 4 % 3));
        if (n % 5 > 2) {
            set(xb, XB(TILE_ROWS), (double)(1 + pick(rows)));
            set(xb, XB(TILE_COLS), (double)(1 + pick(cols)));
        }
        normals(99, (uint64_t)(1000 + n), BATCH * LARGEST, x);
        for (int transposed = 0; transposed < 2; transposed++) {
            expect_array(xb, transposed, &e);
            product(xb, transposed, BATCH, x, e.in, y, e.out);
            for (size_t s = 0; s < BATCH; s++)
                check_vector(xb, &e, x + s * e.in, y + s * e.out, n);
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(nonlinear_cells_too) {
    static struct expected e;
    float x[BATCH * LARGEST], y[BATCH * LARGEST];
    for (int n = 0; n < 60; n++) {
        const int32_t mapping = mappings[n % 4];
        memqc_crossbar *xb =
            make_sliced(1 + pick(6), 1 + pick(6), mapping, XB(NORMALIZATION_FIXED), 1, 0);
        any_wires(xb);
        set(xb, XB(IV_NONLINEARITY), n % 2 ? 2 : 15);
        set(xb, XB(READ_VOLTAGE), n % 3 ? 0.3 : 0.1);
        normals(99, (uint64_t)(2000 + n), BATCH * LARGEST, x);
        for (int transposed = 0; transposed < (mapping == XB(MAPPING_REFERENCE) ? 1 : 2);
             transposed++) {
            expect_array(xb, transposed, &e);
            product(xb, transposed, BATCH, x, e.in, y, e.out);
            for (size_t s = 0; s < BATCH; s++)
                check_vector(xb, &e, x + s * e.in, y + s * e.out, n);
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(the_methods_agree_and_auto_changes_over) {
    enum { MANY = 32 }; /* vectors; from 1.25 x 13 on the matrix pays */
    static float x[MANY * ROWS], y[3][MANY * COLS], all[MANY * COLS];
    normals(99, 5, MANY * ROWS, x);
    for (size_t m = 0; m < 4; m++) {
        for (int method = 0; method < 3; method++) {
            memqc_crossbar *xb = make_array(ROWS, COLS, mappings[m], XB(NORMALIZATION_FIXED));
            set_wires(xb, 2, 1, 50, 20);
            set(xb, XB(WIRE_METHOD), XB(METHOD_AUTO) + method);
            product(xb, 0, 16, x, ROWS, y[method], COLS);
            product(xb, 0, MANY - 16, x + 16 * ROWS, ROWS, y[method] + 16 * COLS, COLS);
            product(xb, 0, MANY, x, ROWS, all, COLS);
            /* by iteration no bit depends on how many vectors a call has */
            ck_assert(method != 2 || memcmp(all, y[method], sizeof all) == 0);
            memqc_crossbar_destroy(&xb);
        }
        ck_assert_double_le(worst_of(MANY * COLS, y[1], y[2]), 1e-6);
        ck_assert_mem_eq(y[0], y[2], 16 * COLS * sizeof(float));
        ck_assert_mem_eq(y[0] + 16 * COLS, y[1] + 16 * COLS, (MANY - 16) * COLS * sizeof(float));
    }
}
END_TEST

/* W as products with unit vectors show it. */
static void units(memqc_crossbar *xb, int transposed, float *w) {
    static float one[ROWS * ROWS], y[ROWS * ROWS];
    const size_t in = transposed ? COLS : ROWS, out = transposed ? ROWS : COLS;
    memset(one, 0, sizeof one);
    for (size_t i = 0; i < in; i++)
        one[i * in + i] = 1;
    product(xb, transposed, in, one, in, y, out);
    for (size_t i = 0; i < in; i++)
        for (size_t j = 0; j < out; j++)
            w[transposed ? j * COLS + i : i * COLS + j] = y[i * out + j];
}

START_TEST(superposition_and_reciprocity) {
    static float forward[ROWS * COLS], backward[ROWS * COLS], x[ROWS], y[COLS], sum[COLS];
    normals(99, 6, ROWS, x);
    for (size_t m = 0; m < 4; m++) {
        memqc_crossbar *xb = make_array(ROWS, COLS, mappings[m], XB(NORMALIZATION_FIXED));
        set_wires(xb, 3, 1, 100, 30);
        set(xb, XB(SENSED_ENDS), XB(ENDS_BOTH));
        set(xb, XB(WIRE_METHOD), XB(METHOD_ITERATE));
        units(xb, 0, forward);
        units(xb, 1, backward);
        ck_assert_double_le(worst_of(ROWS * COLS, forward, backward), 2e-6);
        product(xb, 0, 1, x, ROWS, y, COLS);
        for (size_t j = 0; j < COLS; j++) {
            double all = 0;
            for (size_t i = 0; i < ROWS; i++)
                all += (double)x[i] * (double)forward[i * COLS + j];
            sum[j] = (float)all;
        }
        ck_assert_double_le(worst_of(COLS, sum, y), 2e-6);
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(small_resistances_tend_to_the_ideal_product) {
    static float x[BATCH * ROWS], ideal[BATCH * COLS], y[BATCH * COLS];
    normals(99, 7, BATCH * ROWS, x);
    memqc_crossbar *xb = make_array(ROWS, COLS, XB(MAPPING_DIFFERENTIAL), XB(NORMALIZATION_COLUMN));
    product(xb, 0, BATCH, x, ROWS, ideal, COLS);
    double last = 1;
    for (double ohm = 10; ohm > 5e-6; ohm *= 0.1) { /* in proportion, down to rounding */
        set_wires(xb, ohm, ohm, ohm, ohm);
        product(xb, 0, BATCH, x, ROWS, y, COLS);
        const double off = worst_of(BATCH * COLS, y, ideal);
        ck_assert_msg(off < 0.6 * last || off < 1e-6, "%g ohm: off by %g, %g before", ohm, off,
                      last);
        last = off;
    }
    ck_assert_double_le(last, 1e-6);
    set_wires(xb, 0, 0, 0, 0);
    set(xb, XB(SENSED_ENDS), XB(ENDS_BOTH));
    product(xb, 0, BATCH, x, ROWS, y, COLS);
    ck_assert_mem_eq(y, ideal, sizeof y);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Kirchhoff and Ohm, in every node and branch that the functions show; outputs are what the product
 * has. */
START_TEST(nodes_and_branches_are_a_circuit) {
    static float g[ROWS * COLS], volts[ROWS], word[ROWS * COLS], bit[ROWS * COLS],
        cell[ROWS * COLS], along[ROWS * (COLS + 1)], down[(ROWS + 1) * COLS];
    memqc_crossbar *xb = make_array(ROWS, COLS, XB(MAPPING_DIFFERENTIAL), XB(NORMALIZATION_FIXED));
    set_wires(xb, 3, 2, 100, 30);
    OK(memqc_crossbar_get_conductances(xb, 1, g, COLS));
    normals(99, 12, ROWS, volts);
    OK(memqc_crossbar_nodes(xb, 1, 0, volts, word, bit));
    OK(memqc_crossbar_branches(xb, 1, 0, volts, cell, along, down));
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < COLS; j++) {
            const size_t k = i * COLS + j;
            const double tiny = 1e-6 * 0.1;
            ck_assert_double_eq_tol((double)cell[k],
                                    (double)g[k] * ((double)word[k] - (double)bit[k]), tiny);
            ck_assert_double_eq_tol((double)along[i * (COLS + 1) + j],
                                    (double)along[i * (COLS + 1) + j + 1] + (double)cell[k], tiny);
            ck_assert_double_eq_tol((double)down[(i + 1) * COLS + j],
                                    (double)down[k] + (double)cell[k], tiny);
            ck_assert_double_eq_tol((double)along[i * (COLS + 1) + j] * (j ? 3 : 103),
                                    (j ? (double)word[k - 1] : (double)volts[i]) - (double)word[k],
                                    1e-5);
            if (i + 1 == ROWS)
                ck_assert_double_eq_tol((double)down[ROWS * COLS + j] * 32, (double)bit[k], 1e-5);
        }
        ck_assert_float_eq(along[i * (COLS + 1) + COLS], 0);
    }
    memqc_crossbar_destroy(&xb);
}
END_TEST

RUN_TESTS("crossbar wires", products_are_those_of_the_circuits, nonlinear_cells_too,
          the_methods_agree_and_auto_changes_over, superposition_and_reciprocity,
          small_resistances_tend_to_the_ideal_product, nodes_and_branches_are_a_circuit)
