/* SPDX-License-Identifier: BSD-3-Clause */
/* Currents and products through wires, each within WIRE_TOLERANCE of itself by the dense nodal
 * solution (nodal.h): also where inputs cancel, and also when arrays are filled, age, are
 * reprogrammed, saved and loaded. */
#include "crossbar_wires.h"

enum { SIDE = 9, VECTORS = 12 }; /* more than 1.25 SIDE: METHOD_AUTO makes matrices */

static uint64_t draws;

static double roll(void) {
    const struct mqc_rng rng = mqc_rng_make(78, MQC_STREAM_INIT);
    float x;
    mqc_rng_kernels()->uniform(&rng, 0, draws++, 1, &x);
    return (double)x;
}

static size_t pick(size_t n) {
    return (size_t)(roll() * (double)n);
}

static int32_t ends_of(const memqc_crossbar *xb, int32_t key) {
    return (int32_t)value_of(xb, key) - XB(ENDS_FIRST) + MQC_END_FIRST;
}

static memqc_crossbar *any_array(int n) {
    static const double ohms[] = {0, 0.5, 3, 40, 1000};
    memqc_crossbar *xb = make_array(2 + pick(SIDE - 2), 2 + pick(SIDE - 2), mappings[n % 4],
                                    XB(NORMALIZATION_FIXED));
    set_wires(xb, ohms[1 + pick(4)], ohms[pick(5)], ohms[pick(5)], ohms[pick(5)]);
    set(xb, XB(DRIVEN_ENDS), XB(ENDS_FIRST) + (double)pick(3));
    set(xb, XB(SENSED_ENDS), XB(ENDS_FIRST) + (double)pick(3));
    if (n % 3 == 2) {
        set(xb, XB(TILE_ROWS), 4);
        set(xb, XB(TILE_COLS), 3);
    }
    return xb;
}

/* A tile of a plane and its circuit. */
struct circuit {
    size_t row, col, cols; /* cols: without a reference column */
    float g[SIDE * (SIDE + 1)];
    struct nodal nodal;
};

static void open_circuit(const memqc_crossbar *xb, size_t plane, size_t tile, struct circuit *c) {
    static float g[SIDE * SIDE], reference[SIDE];
    const int referenced = value_of(xb, XB(MAPPING)) == XB(MAPPING_REFERENCE);
    size_t all, rows, lines;
    OK(memqc_crossbar_tile(xb, tile, &c->row, &c->col, &rows, &lines));
    OK(memqc_crossbar_get_shape(xb, NULL, &all, NULL));
    OK(memqc_crossbar_get_conductances(xb, plane, g, all));
    if (referenced)
        OK(memqc_crossbar_get_reference(xb, plane, reference));
    c->cols = lines - (size_t)referenced;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < lines; j++)
            c->g[i * lines + j] =
                j < c->cols ? g[(c->row + i) * all + c->col + j] : reference[c->row + i];
    c->nodal = (struct nodal){
        .wires = {value_of(xb, XB(WORD_RESISTANCE)), value_of(xb, XB(BIT_RESISTANCE)),
                  value_of(xb, XB(DRIVER_RESISTANCE)), value_of(xb, XB(SENSE_RESISTANCE)),
                  ends_of(xb, XB(DRIVEN_ENDS)), ends_of(xb, XB(SENSED_ENDS))},
        .rows = rows,
        .cols = lines,
        .g = c->g,
        .a = value_of(xb, XB(IV_NONLINEARITY)),
        .v_ref = value_of(xb, XB(READ_VOLTAGE))};
    nodal_open(&c->nodal);
}

/* Adds the currents of a tile, and by how much they may be off in units of the tolerance. */
static void add_circuit(struct circuit *c, int transposed, const float *volts, double *amps,
                        double *size) {
    const size_t in = transposed ? c->cols : c->nodal.rows,
                 out = transposed ? c->nodal.rows : c->cols, first = transposed ? c->col : c->row,
                 start = transposed ? c->row : c->col;
    double v[2][SIDE + 1] = {{0}}, i[2][SIDE + 1], mean = 0;
    for (size_t k = 0; k < in; k++) {
        v[0][k] = (double)volts[first + k];
        v[1][k] = 1;
        mean += fabs(v[0][k]) / (double)in;
    }
    for (int k = 0; k < 2; k++)
        nodal_solve(&c->nodal, transposed ? MQC_BACKWARD : MQC_FORWARD, v[k], i[k]);
    for (size_t k = 0; k < out; k++) {
        amps[start + k] += i[0][k];
        size[start + k] += fmax(fabs(i[0][k]), 1e-4 * mean * i[1][k]);
    }
}

static void expect(const memqc_crossbar *xb, size_t plane, int transposed, const float *volts,
                   double *amps, double *size) {
    static struct circuit c;
    memset(amps, 0, SIDE * sizeof *amps);
    memset(size, 0, SIDE * sizeof *size);
    for (size_t t = 0; memqc_crossbar_tile(xb, t, NULL, NULL, NULL, NULL) == MEMQC_OK; t++) {
        open_circuit(xb, plane, t, &c);
        add_circuit(&c, transposed, volts, amps, size);
        nodal_close(&c.nodal);
    }
}

/* Vectors of both signs. Of ohmic cells, the last voltage of every other one all but cancels the
 * first current. */
static void any_volts(const memqc_crossbar *xb, size_t plane, int transposed, size_t in,
                      float *volts) {
    double rest[SIDE], last[SIDE], size[SIDE];
    normals(97, draws++, VECTORS * in, volts);
    for (size_t s = 0; s < VECTORS && !(value_of(xb, XB(IV_NONLINEARITY)) > 0); s += 2) {
        float *const v = volts + s * in, one[SIDE] = {0};
        one[in - 1] = 1;
        v[in - 1] = 0;
        expect(xb, plane, transposed, v, rest, size);
        expect(xb, plane, transposed, one, last, size);
        v[in - 1] = last[0] > 0 ? (float)(-0.999 * rest[0] / last[0]) : 0;
    }
}

/* The largest error of all currents of a plane in one direction, in units of the tolerance; floats
 * round by 6e-8. */
static double worst_current(memqc_crossbar *xb, size_t plane, int transposed, double tolerance) {
    static float volts[VECTORS * SIDE], amps[VECTORS * SIDE];
    double want[SIDE], size[SIDE], worst = 0;
    size_t rows, cols;
    OK(memqc_crossbar_get_shape(xb, &rows, &cols, NULL));
    const size_t in = transposed ? cols : rows, out = transposed ? rows : cols;
    any_volts(xb, plane, transposed, in, volts);
    OK((transposed ? memqc_crossbar_currents_transposed
                   : memqc_crossbar_currents)(xb, plane, VECTORS, volts, in, amps, out));
    for (size_t s = 0; s < VECTORS; s++) {
        expect(xb, plane, transposed, volts + s * in, want, size);
        for (size_t k = 0; k < out; k++) {
            const double off = fabs((double)amps[s * out + k] - want[k]) - 6e-8 * fabs(want[k]);
            worst = off > worst * tolerance * size[k] ? off / (tolerance * size[k]) : worst;
        }
    }
    return worst;
}

static void check_currents(memqc_crossbar *xb, double tolerance, const char *when) {
    size_t planes;
    set(xb, XB(WIRE_TOLERANCE), tolerance);
    OK(memqc_crossbar_get_shape(xb, NULL, NULL, &planes));
    for (int32_t method = XB(METHOD_AUTO); method <= XB(METHOD_ITERATE); method++) {
        set(xb, XB(WIRE_METHOD), method);
        for (size_t k = 0; k < 2 * planes; k++) {
            const double worst = worst_current(xb, k / 2, (int)(k % 2), tolerance);
            ck_assert_msg(worst <= 1, "%s, method %d, plane %zu, transposed %zu: off by %g", when,
                          (int)method, k / 2, k % 2, worst * tolerance);
        }
    }
}

START_TEST(currents_are_within_the_tolerance) {
    for (int n = 0; n < 48; n++) {
        memqc_crossbar *xb = any_array(n);
        check_currents(xb, n % 2 ? 1e-7 : 1e-9, "programmed");
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

/* Conductances from anywhere, some of them 0. */
static void any_conductances(size_t n, float *g) {
    for (size_t i = 0; i < n; i++)
        g[i] = pick(4) ? (float)(1e-6 * pow(10, 2 * roll())) : 0;
}

static memqc_crossbar *filled_array(int n) {
    static float g[SIDE * SIDE];
    size_t planes;
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create_preset("hfox-a", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_DRIFT_NU, 0.1));
    OK(memqc_device_set(device, MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.02));
    OK(memqc_crossbar_create(device, SIDE, SIDE - 1, (uint64_t)n, &xb));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_set(xb, XB(MAPPING), mappings[n % 4]));
    OK(memqc_crossbar_get_shape(xb, NULL, NULL, &planes));
    for (size_t p = 0; p < planes; p++) {
        any_conductances(sizeof g / sizeof *g, g);
        OK(memqc_crossbar_set_conductances(xb, p, g, SIDE));
    }
    if (mappings[n % 4] == XB(MAPPING_REFERENCE))
        OK(memqc_crossbar_set_reference(xb, 0, g));
    set_wires(xb, 3, 2, 100, 30);
    set(xb, XB(SENSED_ENDS), XB(ENDS_BOTH));
    set(xb, XB(TILE_ROWS), n / 4 ? 5 : 0);
    return xb;
}

static memqc_crossbar *saved_and_loaded(memqc_crossbar *xb) {
    static unsigned char bytes[1 << 16];
    memqc_crossbar *loaded;
    size_t size;
    OK(memqc_crossbar_save_memory(xb, bytes, sizeof bytes, &size));
    memqc_crossbar_destroy(&xb);
    OK(memqc_crossbar_load_memory(bytes, size, &loaded));
    return loaded;
}

START_TEST(arrays_filled_from_anywhere_live_on) {
    static float w[SIDE * SIDE], before[SIDE * SIDE], after[SIDE * SIDE];
    for (int n = 0; n < 8; n++) {
        memqc_crossbar *xb = filled_array(n);
        check_currents(xb, 1e-8, "filled");
        OK(memqc_crossbar_get_conductances(xb, 0, before, SIDE));
        OK(memqc_crossbar_advance(xb, 1e4));
        OK(memqc_crossbar_get_conductances(xb, 0, after, SIDE));
        ck_assert_mem_ne(before, after, sizeof before);
        check_currents(xb, 1e-8, "aged");
        xb = saved_and_loaded(xb);
        check_currents(xb, 1e-8, "aged and loaded");
        normals(95, (uint64_t)n, SIDE * SIDE, w);
        OK(memqc_crossbar_program(xb, w, SIDE));
        check_currents(xb, 1e-8, "reprogrammed");
        xb = saved_and_loaded(xb);
        check_currents(xb, 1e-8, "reprogrammed and loaded");
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(nonlinear_currents_too) {
    for (int n = 0; n < 12; n++) {
        memqc_crossbar *xb = any_array(n);
        set(xb, XB(IV_NONLINEARITY), 2);
        if (n % 2)
            set_wires(xb, 0, 0, 0, 0);
        for (int transposed = 0; transposed < 2; transposed++) {
            const double worst = worst_current(xb, 0, transposed, 1e-6);
            ck_assert_msg(worst <= 1, "array %d, transposed %d: off by %g", n, transposed,
                          worst * 1e-6);
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

/* Without wires currents are ideal ones, which never see wires. */
START_TEST(ideal_currents_ignore_wires) {
    static float volts[2 * SIDE], g[SIDE * SIDE], amps[2][2 * SIDE];
    normals(96, 1, 2 * SIDE, volts);
    memqc_crossbar *xb = make_array(SIDE, 5, XB(MAPPING_DIFFERENTIAL), XB(NORMALIZATION_FIXED));
    OK(memqc_crossbar_get_conductances(xb, 1, g, 5));
    OK(memqc_crossbar_currents(xb, 1, 2, volts, SIDE, amps[0], 5));
    set_wires(xb, 10, 10, 10, 10);
    OK(memqc_crossbar_ideal_currents(xb, 1, 2, volts, SIDE, amps[1], 5));
    ck_assert_mem_eq(amps[0], amps[1], 2 * 5 * sizeof(float));
    OK(memqc_crossbar_currents(xb, 1, 2, volts, SIDE, amps[1], 5));
    ck_assert_mem_ne(amps[0], amps[1], 2 * 5 * sizeof(float));
    OK(memqc_crossbar_ideal_currents_transposed(xb, 1, 2, volts, 5, amps[0], SIDE));
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; i < SIDE; i++) {
            double want = 0, size = 0;
            for (size_t j = 0; j < 5; j++) {
                want += (double)volts[s * 5 + j] * (double)g[i * 5 + j];
                size += fabs((double)volts[s * 5 + j] * (double)g[i * 5 + j]);
            }
            ck_assert_double_le(fabs((double)amps[0][s * SIDE + i] - want), 1e-6 * size);
        }
    }
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Rows of vectors and of products may lie side by side in one matrix, but not in each other. */
START_TEST(arrays_may_touch_but_not_overlap) {
    enum { LD = SIDE + 5 };
    static float both[2 * LD], x[2 * SIDE], y[2 * 5];
    memqc_crossbar *xb = make_array(SIDE, 5, XB(MAPPING_DIFFERENTIAL), XB(NORMALIZATION_FIXED));
    normals(96, 2, 2 * SIDE, x);
    OK(memqc_crossbar_mac(xb, 2, x, SIDE, y, 5));
    for (size_t s = 0; s < 2; s++)
        memcpy(both + s * LD, x + s * SIDE, SIDE * sizeof *x);
    OK(memqc_crossbar_mac(xb, 2, both, LD, both + SIDE, LD));
    for (size_t s = 0; s < 2; s++)
        ck_assert_mem_eq(both + s * LD + SIDE, y + s * 5, 5 * sizeof *y);
    FAILS(MEMQC_ERROR_ARGUMENT, "x and y overlap",
          memqc_crossbar_mac(xb, 2, both, LD, both + SIDE - 1, LD));
    FAILS(MEMQC_ERROR_ARGUMENT, "x and y overlap",
          memqc_crossbar_mac(xb, 2, both + 4, LD, both, LD));
    FAILS(MEMQC_ERROR_ARGUMENT, "volts and amps overlap",
          memqc_crossbar_currents_transposed(xb, 0, 1, x, 5, x + 4, SIDE));
    FAILS(MEMQC_ERROR_DATA, "volts[1, 3] = inf",
          (x[SIDE + 3] = INFINITY, memqc_crossbar_currents(xb, 0, 2, x, SIDE, y, 5)));
    set_wires(xb, 0, 1, 0, 0);
    set(xb, XB(IV_NONLINEARITY), 2);
    x[0] = 1000;
    FAILS(MEMQC_ERROR_DATA, "memqc_crossbar_currents: wires: voltages",
          memqc_crossbar_currents(xb, 0, 1, x, SIDE, y, 5));
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* The same numbers of vectors, the same noise; a copy of the position is saved with the array. */
START_TEST(noise_is_replayed) {
    static float x[3 * SIDE], y[4][3 * 5];
    uint64_t vector, samples;
    memqc_crossbar *xb = make_array(SIDE, 5, XB(MAPPING_DIFFERENTIAL), XB(NORMALIZATION_FIXED));
    normals(96, 3, 3 * SIDE, x);
    set(xb, XB(READ_NOISE), 1e-6);
    set(xb, XB(OUTPUT_NOISE), 1e-7);
    OK(memqc_crossbar_mac(xb, 3, x, SIDE, y[0], 5));
    OK(memqc_crossbar_mac(xb, 3, x, SIDE, y[1], 5));
    ck_assert_mem_ne(y[0], y[1], sizeof *y);
    OK(memqc_crossbar_get_vector(xb, &vector));
    ck_assert_uint_eq(vector, 6);
    OK(memqc_crossbar_rewind(xb, 3));
    OK(memqc_crossbar_mac(xb, 3, x, SIDE, y[2], 5));
    ck_assert_mem_eq(y[1], y[2], sizeof *y);
    OK(memqc_crossbar_rewind(xb, 1));
    OK(memqc_crossbar_mac(xb, 1, x + SIDE, SIDE, y[3], 5));
    ck_assert_mem_eq(y[0] + 5, y[3], 5 * sizeof(float));
    OK(memqc_crossbar_get_vector(xb, &vector));
    OK(memqc_crossbar_get_count(xb, XB(COUNT_SAMPLES), &samples));
    ck_assert_uint_eq(vector, 2);
    ck_assert_uint_eq(samples, 10);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* All weights and inputs 1, four levels: the worst case itself, 8 (2/3) / (1/2), is in the
 * range. */
START_TEST(the_worst_case_of_a_reference_is_in_range) {
    static const size_t rows = 8, cols = 2;
    float w[16], x[8], y[2];
    uint64_t saturated;
    memqc_device *device;
    memqc_crossbar *xb;
    for (size_t i = 0; i < rows * cols; i++)
        w[i] = x[i % rows] = 1;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 4));
    OK(memqc_device_set(device, MEMQC_DEVICE_SIGMA, 0));
    OK(memqc_crossbar_create(device, rows, cols, 0, &xb));
    OK(memqc_crossbar_set(xb, XB(MAPPING), XB(MAPPING_REFERENCE)));
    OK(memqc_crossbar_set(xb, XB(NORMALIZATION), XB(NORMALIZATION_FIXED)));
    OK(memqc_crossbar_set(xb, XB(W_MAX), 1));
    OK(memqc_crossbar_set(xb, XB(ADC_BITS), 12));
    OK(memqc_crossbar_program(xb, w, cols));
    OK(memqc_crossbar_get_weights(xb, w, cols));
    OK(memqc_crossbar_mac(xb, 1, x, rows, y, cols));
    OK(memqc_crossbar_get_count(xb, XB(COUNT_SATURATED), &saturated));
    ck_assert_uint_eq(saturated, 0);
    for (size_t j = 0; j < cols; j++)
        ck_assert_double_le(fabs((double)y[j] - 8 * (double)w[j]), 0.01);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

RUN_TESTS("currents", currents_are_within_the_tolerance, arrays_filled_from_anywhere_live_on,
          nonlinear_currents_too, ideal_currents_ignore_wires, arrays_may_touch_but_not_overlap,
          noise_is_replayed, the_worst_case_of_a_reference_is_in_range)
