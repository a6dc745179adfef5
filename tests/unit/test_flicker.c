/* SPDX-License-Identifier: BSD-3-Clause */
/* Flicker, drawn once for each programming or anew in each read. */
#include "effects.h"

#include "normals.h"

enum { WIDE = 20000, ROWS = 6, COLS = 4, AT = ROWS * COLS, READS = 20000 };

static const double seconds = 1e4, read_time = 250e-9;

/* 0.02 / x^0.5, at most 0.1, of levels without other noise. */
static memqc_device *flickering(int32_t drawn) {
    return MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_SIGMA, 0}, {MEMQC_DEVICE_DRIFT_NU, 0.05},
                {MEMQC_DEVICE_FLICKER, 0.02}, {MEMQC_DEVICE_FLICKER_POWER, 0.5},
                {MEMQC_DEVICE_FLICKER_MAX, 0.1}, {MEMQC_DEVICE_FLICKER_DRAWN, drawn});
}

static double relative_sd(double g) {
    const double grown = sqrt(log((seconds + read_time) / (2 * read_time)));
    return fmin(0.02 / sqrt(g / (16 * MEMQC_G0)), 0.1) * grown;
}

START_TEST(cells_flicker_when_they_are_read) {
    memqc_device *d = flickering(MEMQC_DEVICE_FLICKER_PER_READ),
                 *once = flickering(MEMQC_DEVICE_FLICKER_PER_PROGRAMMING);
    const double start = 3e-4, drifted = start * pow(seconds, -0.05);
    float *g0 = floats(WIDE, (float)start), *g = floats(WIDE, 0), *other = floats(WIDE, 0);
    OK(memqc_device_age(d, 0, 0, seconds, 0, WIDE, g0, g));
    for (size_t i = 0; i < WIDE; i++)
        ck_assert_double_eq_tol((double)g[i], drifted, 1e-6 * drifted);
    memcpy(other, g, WIDE * sizeof *g);
    OK(memqc_device_flicker(d, 0, 7, seconds, WIDE, g0, g));
    check_moments(g, WIDE, drifted, drifted * relative_sd(start));
    OK(memqc_device_flicker(d, 0, 8, seconds, WIDE, g0, other));
    double mixed = 0;
    for (size_t i = 0; i < WIDE; i++)
        mixed += ((double)g[i] / drifted - 1) * ((double)other[i] / drifted - 1) / WIDE;
    ck_assert_double_eq_tol(mixed / pow(relative_sd(start), 2), 0, 5 / sqrt(WIDE));
    OK(memqc_device_age(once, 0, 7, seconds, 0, WIDE, g0, g));
    check_moments(g, WIDE, drifted, drifted * relative_sd(start));
    FAILS(MEMQC_ERROR_STATE, "per-programming",
          memqc_device_flicker(once, 0, 7, seconds, WIDE, g0, g));
    memqc_device_destroy(&d);
    memqc_device_destroy(&once);
    free(g0);
    free(g);
    free(other);
}
END_TEST

static memqc_crossbar *aged(int32_t drawn, int32_t mapping, int32_t path, double relative) {
    float w[AT];
    memqc_crossbar *xb;
    memqc_device *d = flickering(drawn);
    normals(2, 0, AT, w);
    OK(memqc_device_set(d, MEMQC_DEVICE_READ_NOISE_RELATIVE, relative));
    OK(memqc_crossbar_create(d, ROWS, COLS, 6, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_PATH, path));
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_advance(xb, seconds));
    memqc_device_destroy(&d);
    return xb;
}

/* Variance of an output: (v G)^2 (relative^2 + flicker^2) over the cells behind it, in weights. */
static void check_outputs(int32_t mapping, int32_t path, double relative) {
    static const float x[ROWS] = {0.5f, -1, 0.25f, 0.75f, 1, -0.5f};
    static float rows[READS * ROWS], y[READS * COLS], column[READS];
    const size_t planes = mapping == MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL ? 2 : 1;
    memqc_crossbar *xb = aged(MEMQC_DEVICE_FLICKER_PER_READ, mapping, path, relative);
    float g[2][AT], w[AT];
    double s;
    for (size_t p = 0; p < planes; p++)
        OK(memqc_crossbar_get_conductances(xb, p, g[p], COLS));
    OK(memqc_crossbar_get_weights(xb, w, COLS));
    OK(memqc_crossbar_get(xb, MEMQC_CROSSBAR_W_MAX, &s));
    const double range = 15.5 * MEMQC_G0, unit = (planes == 2 ? 1 : 2) * s / range;
    for (size_t i = 0; i < READS * ROWS; i++)
        rows[i] = x[i % ROWS];
    OK(memqc_crossbar_mac(xb, READS, rows, ROWS, y, COLS));
    for (size_t j = 0; j < COLS; j++) {
        double mean = 0, variance = 0;
        for (size_t i = 0; i < ROWS; i++) {
            mean += (double)x[i] * (double)w[i * COLS + j];
            for (size_t p = 0; p < planes; p++) {
                const double now = (double)g[p][i * COLS + j],
                             sd = hypot(relative, relative_sd(now * pow(seconds, 0.05)));
                variance += pow((double)x[i] * now * unit * sd, 2);
            }
        }
        for (size_t k = 0; k < READS; k++)
            column[k] = y[k * COLS + j];
        check_moments(column, READS, mean, sqrt(variance));
    }
    memqc_crossbar_destroy(&xb);
}

START_TEST(products_flicker) {
    check_outputs(MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_NOISE_PER_OUTPUT, 0.03);
    check_outputs(MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_NOISE_PER_CELL, 0.03);
    check_outputs(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, MEMQC_CROSSBAR_NOISE_PER_OUTPUT, 0.03);
    check_outputs(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, MEMQC_CROSSBAR_NOISE_PER_CELL, 0.03);
}
END_TEST

/* Both ways, both directions: what changes from read to read, what a copy and a file keep, and what
 * programming ends. */
START_TEST(arrays_keep_their_flicker) {
    float x[ROWS] = {1, 1, 1, 1, 1, 1}, y[4][COLS], w[AT] = {0};
    memqc_crossbar *xb = aged(MEMQC_DEVICE_FLICKER_PER_READ, MEMQC_CROSSBAR_MAPPING_REFERENCE,
                              MEMQC_CROSSBAR_NOISE_PER_OUTPUT, 0.03),
                   *copy, *loaded;
    size_t size;
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0));
    OK(memqc_crossbar_mac(xb, 1, x, ROWS, y[0], COLS));
    OK(memqc_crossbar_copy(xb, &copy));
    OK(memqc_crossbar_save_memory(xb, NULL, 0, &size));
    void *data = malloc(size);
    ck_assert_ptr_nonnull(data);
    OK(memqc_crossbar_save_memory(xb, data, size, &size));
    OK(memqc_crossbar_load_memory(data, size, &loaded));
    free(data);
    OK(memqc_crossbar_mac(xb, 1, x, ROWS, y[1], COLS));
    OK(memqc_crossbar_mac(copy, 1, x, ROWS, y[2], COLS));
    OK(memqc_crossbar_mac(loaded, 1, x, ROWS, y[3], COLS));
    ck_assert_mem_ne(y[0], y[1], sizeof y[0]);
    ck_assert_mem_eq(y[1], y[2], sizeof y[0]);
    ck_assert_mem_eq(y[1], y[3], sizeof y[0]);
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_mac(xb, 1, x, ROWS, y[0], COLS));
    OK(memqc_crossbar_mac(xb, 1, x, ROWS, y[1], COLS));
    ck_assert_mem_eq(y[0], y[1], sizeof y[0]);
    memqc_crossbar_destroy(&xb);
    memqc_crossbar_destroy(&copy);
    memqc_crossbar_destroy(&loaded);
    xb = aged(MEMQC_DEVICE_FLICKER_PER_PROGRAMMING, MEMQC_CROSSBAR_MAPPING_SINGLE,
              MEMQC_CROSSBAR_NOISE_PER_OUTPUT, 0.03);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0));
    OK(memqc_crossbar_mac(xb, 1, x, ROWS, y[0], COLS));
    OK(memqc_crossbar_mac(xb, 1, x, ROWS, y[1], COLS));
    ck_assert_mem_eq(y[0], y[1], sizeof y[0]);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* A new relative noise is not taken for the one that was squared with the flicker before. */
START_TEST(variances_follow_the_parameters) {
    static float rows[READS * ROWS], y[READS * COLS], column[READS];
    memqc_crossbar *xb = aged(MEMQC_DEVICE_FLICKER_PER_READ, MEMQC_CROSSBAR_MAPPING_SINGLE,
                              MEMQC_CROSSBAR_NOISE_PER_OUTPUT, 0.03);
    double sd[2];
    for (size_t i = 0; i < READS * ROWS; i++)
        rows[i] = 1;
    for (int big = 0; big < 2; big++) {
        double mean = 0, squares = 0;
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, big ? 1 : 0.03));
        OK(memqc_crossbar_mac(xb, READS, rows, ROWS, y, COLS));
        for (size_t k = 0; k < READS; k++) {
            column[k] = y[k * COLS];
            mean += (double)column[k] / READS;
        }
        for (size_t k = 0; k < READS; k++)
            squares += pow((double)column[k] - mean, 2) / READS;
        sd[big] = sqrt(squares);
    }
    ck_assert_double_gt(sd[1], 3 * sd[0]);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Flicker that is drawn in reads takes a path where there is no other noise of reading. */
START_TEST(flicker_alone_has_a_path) {
    static const int32_t drawn[] = {MEMQC_DEVICE_FLICKER_PER_PROGRAMMING,
                                    MEMQC_DEVICE_FLICKER_PER_READ};
    for (size_t i = 0; i < COUNT(drawn); i++) {
        memqc_device *d = flickering(drawn[i]);
        memqc_crossbar *xb;
        int32_t used;
        OK(memqc_crossbar_create(d, ROWS, COLS, 6, &xb));
        OK(memqc_crossbar_uses(xb, MEMQC_CROSSBAR_READ_NOISE_PATH, &used));
        ck_assert_int_eq(used, drawn[i] == MEMQC_DEVICE_FLICKER_PER_READ);
        if (used)
            OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_PATH,
                                  MEMQC_CROSSBAR_NOISE_PER_CELL));
        else
            FAILS(MEMQC_ERROR_ARGUMENT, "no read noise",
                  memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_PATH,
                                     MEMQC_CROSSBAR_NOISE_PER_CELL));
        memqc_crossbar_destroy(&xb);
        memqc_device_destroy(&d);
    }
    check_outputs(MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_NOISE_PER_CELL, 0);
    check_outputs(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, MEMQC_CROSSBAR_NOISE_PER_OUTPUT, 0);
}
END_TEST

RUN_TESTS("flicker", cells_flicker_when_they_are_read, products_flicker, arrays_keep_their_flicker,
          variances_follow_the_parameters, flicker_alone_has_a_path)
