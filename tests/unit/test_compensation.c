/* SPDX-License-Identifier: BSD-3-Clause */
/* Global drift compensation, against closed forms. */
#include "effects.h"

#include "normals.h"

enum { ROWS = 40, COLS = 24, AT = ROWS * COLS, BATCH = 5 };

static const double year = 3.15e7;

static memqc_crossbar *array_of(const memqc_device *device, int32_t mapping) {
    static float w[AT];
    memqc_crossbar *xb;
    normals(3, 0, AT, w);
    OK(memqc_crossbar_create(device, ROWS, COLS, 8, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_NORMALIZATION, MEMQC_CROSSBAR_NORMALIZATION_ARRAY));
    OK(memqc_crossbar_program(xb, w, COLS));
    return xb;
}

static memqc_device *drifting(double spread) {
    return MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_SIGMA, 2e-5}, {MEMQC_DEVICE_K, 0},
                {MEMQC_DEVICE_DRIFT_NU, 0.06}, {MEMQC_DEVICE_DRIFT_NU_SPREAD, spread});
}

static double factor_of(const memqc_crossbar *xb) {
    double factor;
    OK(memqc_crossbar_get_compensation(xb, &factor));
    return factor;
}

static void multiply(memqc_crossbar *xb, float *y) {
    static float x[BATCH * ROWS];
    normals(4, 0, BATCH * ROWS, x);
    OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y, COLS));
}

/* One exponent: products are what they were, with any calibration. */
START_TEST(equal_drift_is_undone) {
    static const double vectors[] = {1, 7, ROWS, 1000};
    static const int32_t mappings[] = {MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
                                       MEMQC_CROSSBAR_MAPPING_REFERENCE};
    memqc_device *d = drifting(0);
    float before[BATCH * COLS], after[BATCH * COLS];
    for (size_t m = 0; m < COUNT(mappings); m++)
        for (size_t v = 0; v < COUNT(vectors); v++) {
            memqc_crossbar *xb = array_of(d, mappings[m]);
            uint64_t vector;
            OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION, vectors[v]));
            ck_assert_double_eq(factor_of(xb), 1);
            multiply(xb, before);
            OK(memqc_crossbar_advance(xb, 1000));
            OK(memqc_crossbar_advance(xb, year));
            ck_assert_double_eq_tol(factor_of(xb), pow(year + 1000, 0.06), 1e-4);
            multiply(xb, after);
            for (size_t i = 0; i < BATCH * COLS; i++)
                ck_assert_double_eq_tol((double)after[i], (double)before[i], 1e-4);
            OK(memqc_crossbar_get_vector(xb, &vector));
            ck_assert_uint_eq(vector, 2 * BATCH + 3 * (uint64_t)fmin(vectors[v], ROWS));
            OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION, 0));
            ck_assert_double_eq(factor_of(xb), 1);
            multiply(xb, after);
            ck_assert_double_eq_tol((double)after[0], (double)before[0] * pow(year + 1000, -0.06),
                                    1e-4);
            memqc_crossbar_destroy(&xb);
        }
    memqc_device_destroy(&d);
}
END_TEST

/* The sum over vectors and columns of |sum over the vector's rows of G+ - G-|. */
static double outputs(const memqc_crossbar *xb, size_t vectors) {
    static float up[AT], down[AT];
    double sum = 0;
    OK(memqc_crossbar_get_conductances(xb, 0, up, COLS));
    OK(memqc_crossbar_get_conductances(xb, 1, down, COLS));
    for (size_t v = 0; v < vectors; v++)
        for (size_t j = 0; j < COLS; j++) {
            double y = 0;
            for (size_t i = v; i < ROWS; i += vectors)
                y += (double)up[i * COLS + j] - (double)down[i * COLS + j];
            sum += fabs(y);
        }
    return sum;
}

/* Exponents that differ: the mean is undone, not the scatter. */
START_TEST(scatter_of_exponents_stays) {
    static const size_t vectors[] = {1, 6, ROWS};
    memqc_device *d = drifting(0.01);
    for (size_t v = 0; v < COUNT(vectors); v++) {
        static float before[AT], after[AT];
        memqc_crossbar *xb = array_of(d, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
        double mixed = 0, squares = 0, apart = 0;
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION, (double)vectors[v]));
        OK(memqc_crossbar_get_weights(xb, before, COLS));
        const double young = outputs(xb, vectors[v]);
        OK(memqc_crossbar_advance(xb, year));
        ck_assert_double_eq_tol(factor_of(xb), young / outputs(xb, vectors[v]), 1e-4);
        OK(memqc_crossbar_get_weights(xb, after, COLS));
        for (size_t i = 0; i < AT; i++) {
            mixed += (double)before[i] * (double)after[i];
            squares += (double)before[i] * (double)before[i];
            apart +=
                ((double)after[i] - (double)before[i]) * ((double)after[i] - (double)before[i]);
        }
        ck_assert_double_eq_tol(mixed / squares, 1, 0.03);
        ck_assert_double_gt(sqrt(apart / squares), 0.1); /* 0.01 ln(year / s) = 0.17 and more */
        memqc_crossbar_destroy(&xb);
    }
    memqc_device_destroy(&d);
}
END_TEST

/* Through converters and noise the factor scatters about that of ideal reads. */
START_TEST(converters_see_the_calibration) {
    memqc_device *d = drifting(0);
    double sum = 0;
    enum { ARRAYS = 20 };
    for (uint64_t seed = 0; seed < ARRAYS; seed++) {
        memqc_crossbar *xb = array_of(d, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
        OK(memqc_crossbar_set_seed(xb, seed));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION, 8));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_BITS, 9));
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.05));
        OK(memqc_crossbar_advance(xb, year));
        const double off = factor_of(xb) / pow(year, 0.06) - 1;
        ck_assert_double_eq_tol(off, 0, 0.05);
        ck_assert(off != 0);
        sum += off / ARRAYS;
        memqc_crossbar_destroy(&xb);
    }
    ck_assert_double_eq_tol(sum, 0, 0.015);
    memqc_device_destroy(&d);
}
END_TEST

/* Cells that are written later do not change the factor, programming all does. */
START_TEST(written_cells_are_no_drift) {
    memqc_device *d = drifting(0);
    memqc_crossbar *xb = array_of(d, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    float w[AT];
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION, ROWS));
    OK(memqc_crossbar_advance(xb, year));
    const double once = factor_of(xb);
    for (size_t j = 0; j < COLS; j++)
        OK(memqc_crossbar_program_cell(xb, 0, j, 1));
    ck_assert_double_eq(factor_of(xb), once);
    OK(memqc_crossbar_advance(xb, 1e-6));
    ck_assert_double_eq_tol(factor_of(xb), once, 1e-5 * once);
    OK(memqc_crossbar_get_weights(xb, w, COLS));
    OK(memqc_crossbar_program(xb, w, COLS));
    ck_assert_double_eq(factor_of(xb), 1);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
}
END_TEST

static memqc_crossbar *reloaded(const memqc_crossbar *xb) {
    memqc_crossbar *loaded;
    size_t size;
    OK(memqc_crossbar_save_memory(xb, NULL, 0, &size));
    void *data = malloc(size);
    ck_assert_ptr_nonnull(data);
    OK(memqc_crossbar_save_memory(xb, data, size, &size));
    OK(memqc_crossbar_load_memory(data, size, &loaded));
    free(data);
    return loaded;
}

START_TEST(copies_and_files_go_on) {
    memqc_device *d = drifting(0.01);
    memqc_crossbar *all[3] = {array_of(d, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL), NULL, NULL};
    float y[3][BATCH * COLS];
    OK(memqc_crossbar_set(all[0], MEMQC_CROSSBAR_DRIFT_COMPENSATION, 3));
    OK(memqc_crossbar_set(all[0], MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.02));
    OK(memqc_crossbar_advance(all[0], 50));
    OK(memqc_crossbar_copy(all[0], &all[1]));
    all[2] = reloaded(all[0]);
    for (size_t i = 0; i < COUNT(all); i++) {
        OK(memqc_crossbar_advance(all[i], year));
        multiply(all[i], y[i]);
        ck_assert_double_eq(factor_of(all[i]), factor_of(all[0]));
        ck_assert_mem_eq(y[i], y[0], sizeof y[0]);
    }
    for (size_t i = 0; i < COUNT(all); i++)
        memqc_crossbar_destroy(&all[i]);
    memqc_device_destroy(&d);
}
END_TEST

/* No time passes where the calibration cannot be read. */
START_TEST(failures_change_nothing) {
    memqc_device *d = drifting(0.01);
    memqc_crossbar *xb = array_of(d, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    float before[BATCH * COLS], after[BATCH * COLS], zero[AT] = {0};
    double clock;
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION, 2));
    multiply(xb, before);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_BITS, 8));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_RANGE, MEMQC_CROSSBAR_RANGE_CALIBRATED));
    FAILS(MEMQC_ERROR_STATE, "memqc_crossbar_advance: adc_range", memqc_crossbar_advance(xb, year));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_RANGE, MEMQC_CROSSBAR_RANGE_WORST_CASE));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_ADC_BITS, 0));
    OK(memqc_crossbar_get_clock(xb, &clock));
    ck_assert_double_eq(clock, 0);
    multiply(xb, after);
    ck_assert_mem_eq(before, after, sizeof before);
    OK(memqc_crossbar_program(xb, zero, COLS));
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
    OK(memqc_device_create_preset("ideal", &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_DRIFT_NU, 0.05));
    xb = array_of(d, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    OK(memqc_crossbar_program(xb, zero, COLS));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_DRIFT_COMPENSATION, 2));
    FAILS(MEMQC_ERROR_DATA, "drift_compensation = 2: all outputs", memqc_crossbar_advance(xb, 10));
    OK(memqc_crossbar_get_clock(xb, &clock));
    ck_assert_double_eq(clock, 0);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("compensation", equal_drift_is_undone, scatter_of_exponents_stays,
          converters_see_the_calibration, written_cells_are_no_drift, copies_and_files_go_on,
          failures_change_nothing)
