/* SPDX-License-Identifier: BSD-3-Clause */
/* Products through wires that resist, against a dense nodal solution of every physical array
 * (nodal.h); and what any linear circuit must do, through the public functions. */
#include "converters.h"
#include "nodal.h"

enum { LARGEST = 9, BATCH = 3 };

static const double ohms[] = {0, 0.1, 1, 10, 100, 1000};
static const int32_t mappings[] = {XB(MAPPING_SINGLE), XB(MAPPING_DIFFERENTIAL),
                                   XB(MAPPING_REFERENCE), XB(MAPPING_DIFFERENTIAL_TWO_SIDED)};

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

static void set(memqc_crossbar *xb, int32_t key, double value) {
    OK(memqc_crossbar_set(xb, key, value));
}

static void set_wires(memqc_crossbar *xb, double word, double bit, double driver, double sense) {
    set(xb, XB(WORD_RESISTANCE), word);
    set(xb, XB(BIT_RESISTANCE), bit);
    set(xb, XB(DRIVER_RESISTANCE), driver);
    set(xb, XB(SENSE_RESISTANCE), sense);
}

static void any_wires(memqc_crossbar *xb) {
    do
        set_wires(xb, ohms[pick(6)], ohms[pick(6)], ohms[pick(6)], ohms[pick(6)]);
    while (!(value_of(xb, XB(WORD_RESISTANCE)) + value_of(xb, XB(BIT_RESISTANCE)) +
                 value_of(xb, XB(DRIVER_RESISTANCE)) + value_of(xb, XB(SENSE_RESISTANCE)) >
             0));
    set(xb, XB(DRIVEN_ENDS), (double)(1 + pick(3)));
    set(xb, XB(SENSED_ENDS), (double)(1 + pick(3)));
}

static struct mqc_wires wires_of(const memqc_crossbar *xb) {
    const struct mqc_wires w = {
        value_of(xb, XB(WORD_RESISTANCE)),      value_of(xb, XB(BIT_RESISTANCE)),
        value_of(xb, XB(DRIVER_RESISTANCE)),    value_of(xb, XB(SENSE_RESISTANCE)),
        (int32_t)value_of(xb, XB(DRIVEN_ENDS)), (int32_t)value_of(xb, XB(SENSED_ENDS))};
    return w;
}

/* Adds weight times the currents of one array of a plane for inputs v (fractions of READ_VOLTAGE),
 * less what is subtracted from them, to y; size: the same of magnitudes. */
static void expect_part(const memqc_crossbar *xb, const struct expected *e, size_t plane,
                        size_t number, const float *v, double weight, double *y, double *size) {
    static float g[(LARGEST + 1) * LARGEST];
    double volts[2][LARGEST + 1] = {{0}}, amps[2][LARGEST + 1];
    size_t row, col, rows, lines;
    OK(memqc_crossbar_array(xb, number, &row, &col, &rows, &lines));
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
    while (memqc_crossbar_array(xb, arrays, NULL, NULL, NULL, NULL) == MEMQC_OK)
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
        set(xb, XB(WIRE_METHOD), (double)(n / 4 % 3));
        if (n % 5 > 2) {
            set(xb, XB(TILE_ROWS), (double)(1 + pick(rows)));
            set(xb, XB(TILE_COLS), (double)(1 + pick(cols)));
        }
        fill((uint64_t)(1000 + n), BATCH * LARGEST, x);
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
        fill((uint64_t)(2000 + n), BATCH * LARGEST, x);
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

enum { ROWS = 20, COLS = 13 };

static double worst_of(size_t n, const float *a, const float *b) {
    double worst = 0, most = 0;
    for (size_t i = 0; i < n; i++) {
        worst = fmax(worst, fabs((double)a[i] - (double)b[i]));
        most = fmax(most, fabs((double)b[i]));
    }
    return worst / most;
}

START_TEST(the_methods_agree_and_auto_changes_over) {
    enum { MANY = 32 }; /* vectors; from 1.25 x 13 on the matrix pays */
    static float x[MANY * ROWS], y[3][MANY * COLS];
    fill(5, MANY * ROWS, x);
    for (size_t m = 0; m < 4; m++) {
        for (int method = 0; method < 3; method++) {
            memqc_crossbar *xb = make_array(ROWS, COLS, mappings[m], XB(NORMALIZATION_FIXED));
            set_wires(xb, 2, 1, 50, 20);
            set(xb, XB(WIRE_METHOD), method);
            product(xb, 0, 16, x, ROWS, y[method], COLS);
            product(xb, 0, MANY - 16, x + 16 * ROWS, ROWS, y[method] + 16 * COLS, COLS);
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
    fill(6, ROWS, x);
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
    fill(7, BATCH * ROWS, x);
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

/* What changes a conductance shows at once, whatever was kept. */
START_TEST(every_change_is_seen) {
    static float x[ROWS], y[2][COLS], w[ROWS * COLS];
    static unsigned char bytes[1 << 20];
    static const size_t places[] = {5, 77};
    fill(8, ROWS, x);
    fill(9, ROWS * COLS, w);
    for (int change = 0; change < 6; change++) {
        memqc_crossbar *xb = make_array(ROWS, COLS, XB(MAPPING_DIFFERENTIAL),
                                        XB(NORMALIZATION_FIXED)),
                       *fresh;
        set_wires(xb, 3, 1, 100, 30);
        set(xb, XB(WIRE_METHOD), change % 2 ? XB(METHOD_MATRIX) : XB(METHOD_ITERATE));
        product(xb, 0, 1, x, ROWS, y[0], COLS);
        if (change == 0)
            OK(memqc_crossbar_program(xb, w, COLS));
        else if (change == 1)
            OK(memqc_crossbar_program_cell(xb, 3, 4, -0.9));
        else if (change == 2)
            OK(memqc_crossbar_update(xb, 0.1, w, COLS, NULL));
        else if (change == 3)
            OK(memqc_crossbar_stick(xb, 0, 2, places, (const float[]){1e-3f, 0}));
        else if (change == 4)
            set(xb, XB(BIT_RESISTANCE), 2);
        else
            set(xb, XB(TILE_COLS), 7);
        product(xb, 0, 1, x, ROWS, y[0], COLS);
        size_t size; /* one that has kept nothing */
        OK(memqc_crossbar_save_memory(xb, bytes, sizeof bytes, &size));
        OK(memqc_crossbar_load_memory(bytes, size, &fresh));
        product(fresh, 0, 1, x, ROWS, y[1], COLS);
        ck_assert_msg(memcmp(y[0], y[1], sizeof *y) == 0, "change %d", change);
        memqc_crossbar_destroy(&xb);
        memqc_crossbar_destroy(&fresh);
    }
}
END_TEST

START_TEST(a_saved_array_changes_over_at_the_same_vector) {
    static float x[ROWS * ROWS], y[2][ROWS * COLS];
    static unsigned char bytes[1 << 20];
    size_t size;
    fill(10, ROWS * ROWS, x);
    memqc_crossbar *xb = make_array(ROWS, COLS, XB(MAPPING_SINGLE), XB(NORMALIZATION_FIXED)), *copy;
    set_wires(xb, 3, 1, 100, 30);
    product(xb, 0, 10, x, ROWS, y[0], COLS);
    OK(memqc_crossbar_save_memory(xb, bytes, sizeof bytes, &size));
    OK(memqc_crossbar_load_memory(bytes, size, &copy));
    for (size_t s = 0; s < ROWS; s++) {
        product(xb, 0, 1, x + s * ROWS, ROWS, y[0] + s * COLS, COLS);
        product(copy, 0, 1, x + s * ROWS, ROWS, y[1] + s * COLS, COLS);
    }
    ck_assert_mem_eq(y[0], y[1], sizeof *y);
    memqc_crossbar_destroy(&xb);
    memqc_crossbar_destroy(&copy);
}
END_TEST

/* Converters see what the circuit gives: with many bits, the product; calibrated ranges hold it. */
START_TEST(converters_come_after_the_wires) {
    static float x[BATCH * ROWS], y[2][BATCH * COLS];
    fill(11, BATCH * ROWS, x);
    for (size_t i = 0; i < BATCH * ROWS; i++)
        x[i] = 0.25f * x[i];
    for (size_t m = 0; m < 4; m++) {
        for (int coding = 1; coding <= 4; coding++) {
            memqc_crossbar *xb = make_array(ROWS, COLS, mappings[m], XB(NORMALIZATION_FIXED));
            set_wires(xb, 3, 1, 100, 30);
            set(xb, XB(WIRE_METHOD), coding % 2 ? XB(METHOD_MATRIX) : XB(METHOD_ITERATE));
            product(xb, 0, BATCH, x, ROWS, y[0], COLS);
            set(xb, XB(DAC_BITS), 16);
            set(xb, XB(ADC_BITS), 16);
            set(xb, XB(TILE_COLS), 13);
            set(xb, XB(INPUT_CODING), coding);
            set(xb, XB(ADC_RANGE), XB(RANGE_PER_COLUMN));
            OK(memqc_crossbar_calibrate(xb, BATCH, x, ROWS, 100));
            product(xb, 0, BATCH, x, ROWS, y[1], COLS);
            ck_assert_uint_eq(count_of(xb, XB(COUNT_SATURATED)), 0);
            /* bits of a serial input are converted one by one, in ranges of their own sums: half a
             * step each */
            ck_assert_double_le(worst_of(BATCH * COLS, y[1], y[0]), 1e-3);
            ck_assert_double_gt(worst_of(BATCH * COLS, y[1], y[0]), 0);
            memqc_crossbar_destroy(&xb);
        }
    }
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
    fill(12, ROWS, volts);
    OK(memqc_crossbar_nodes(xb, 1, 0, 0, volts, word, bit));
    OK(memqc_crossbar_branches(xb, 1, 0, 0, volts, cell, along, down));
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

START_TEST(bad_calls_are_refused) {
    static float volts[ROWS], y[ROWS * COLS];
    memqc_crossbar *xb = make_array(ROWS, COLS, XB(MAPPING_REFERENCE), XB(NORMALIZATION_FIXED));
    FAILS(MEMQC_ERROR_ARGUMENT, "1e-6 .. 1e6 ohm",
          memqc_crossbar_set(xb, XB(WORD_RESISTANCE), 1e-7));
    FAILS(MEMQC_ERROR_ARGUMENT, "arrays 0 .. 0",
          memqc_crossbar_array(xb, 1, NULL, NULL, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "plane = 1", memqc_crossbar_nodes(xb, 1, 0, 0, volts, y, NULL));
    volts[2] = NAN;
    FAILS(MEMQC_ERROR_DATA, "volts[2]", memqc_crossbar_branches(xb, 0, 0, 0, volts, y, NULL, NULL));
    volts[2] = 0;
    set(xb, XB(IV_NONLINEARITY), 2);
    FAILS(MEMQC_ERROR_STATE, "ohmic", memqc_crossbar_nodes(xb, 0, 0, 0, volts, y, NULL));
    set(xb, XB(BIT_RESISTANCE), 1);
    FAILS(MEMQC_ERROR_STATE, "reference column",
          memqc_crossbar_mac_transposed(xb, 1, volts, COLS, y, ROWS));
    set(xb, XB(WIRE_METHOD), XB(METHOD_MATRIX));
    FAILS(MEMQC_ERROR_STATE, "matrix", memqc_crossbar_mac(xb, 1, volts, ROWS, y, COLS));
    set(xb, XB(INPUT_CODING), XB(CODING_PULSE_WIDTH));
    FAILS(MEMQC_ERROR_STATE, "input_coding", memqc_crossbar_mac(xb, 1, volts, ROWS, y, COLS));
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* A new array reads as its device does. */
START_TEST(the_device_gives_the_first_values) {
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_READ_NOISE, 1e-6));
    OK(memqc_device_set(device, MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.03));
    OK(memqc_device_set(device, MEMQC_DEVICE_IV_NONLINEARITY, 4));
    OK(memqc_device_set(device, MEMQC_DEVICE_READ_VOLTAGE, 0.2));
    OK(memqc_crossbar_create(device, 4, 3, &xb));
    memqc_device_destroy(&device);
    ck_assert_double_eq(value_of(xb, XB(READ_NOISE)), 1e-6);
    ck_assert_double_eq(value_of(xb, XB(READ_NOISE_RELATIVE)), 0.03);
    ck_assert_double_eq(value_of(xb, XB(IV_NONLINEARITY)), 4);
    ck_assert_double_eq(value_of(xb, XB(READ_VOLTAGE)), 0.2);
    set(xb, XB(READ_NOISE), 0);
    ck_assert_double_eq(value_of(xb, XB(READ_NOISE)), 0);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* With k octaves, noise has the same variance, and that of vectors 2^k - 1 apart, from a multiple
 * of 2^k on, shares the last part: correlation 1 / (k + 1). */
START_TEST(octaves_correlate_vectors) {
    enum { VECTORS = 4, WIDE = 4096, OCTAVES = 2 };
    static float w[WIDE], x[VECTORS] = {1, 1, 1, 1}, clean[WIDE], y[VECTORS * WIDE];
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_READ_NOISE_OCTAVES, OCTAVES));
    OK(memqc_crossbar_create(device, 1, WIDE, &xb));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_program(xb, w, WIDE));
    OK(memqc_crossbar_mac(xb, VECTORS, x, 1, y, WIDE)); /* numbers 0 .. 3 */
    memcpy(clean, y, sizeof clean);
    set(xb, XB(READ_NOISE), 1e-6);
    OK(memqc_crossbar_mac(xb, VECTORS, x, 1, y, WIDE)); /* 4 .. 7 */
    double squares[2] = {0, 0}, both = 0;
    for (size_t j = 0; j < WIDE; j++) {
        const double first = (double)y[j] - (double)clean[j],
                     last = (double)y[3 * WIDE + j] - (double)clean[j];
        squares[0] += first * first;
        squares[1] += last * last;
        both += first * last;
    }
    const double correlation = both / sqrt(squares[0] * squares[1]), r = 1.0 / (OCTAVES + 1);
    const double unit = 2 / (15.5 * MEMQC_G0), sd = sqrt(squares[0] / WIDE) / unit; /* of G, in S */
    ck_assert_double_eq_tol(sd, 1e-6, 5 * 1e-6 / sqrt(2.0 * WIDE));
    ck_assert_double_eq_tol(correlation, r, 5 * (1 - r * r) / sqrt(WIDE));
    memqc_crossbar_destroy(&xb);
}
END_TEST

RUN_TESTS("crossbar wires", products_are_those_of_the_circuits, nonlinear_cells_too,
          the_methods_agree_and_auto_changes_over, superposition_and_reciprocity,
          small_resistances_tend_to_the_ideal_product, every_change_is_seen,
          a_saved_array_changes_over_at_the_same_vector, converters_come_after_the_wires,
          nodes_and_branches_are_a_circuit, bad_calls_are_refused,
          the_device_gives_the_first_values, octaves_correlate_vectors)
