/* SPDX-License-Identifier: BSD-3-Clause */
/* Arguments that only few calls can be given wrong: what is refused, in which words, and that the
 * call with the argument mended works. */
#include "circuit.h"

#include "core/error.h"

#include <limits.h>
#include <stdio.h>

/* --- circuits --- */

START_TEST(voltages_of_circuits) {
    const struct mqc_nonlinearity ohmic = {0, 0.1}, bent = {2, 0.1};
    struct array *a = open_array(3, &kinds[0]);
    a->volts[ROWS + 2] = NAN;
    FAILS(MEMQC_ERROR_DATA, "voltage 2",
          mqc_circuit_solve_double(a->circuit, MQC_FORWARD, 2, a->volts, ROWS, a->amps, COLS));
    FAILS(MEMQC_ERROR_DATA, "voltage 2 of vector 1 is nan",
          solve_nonlinear(a->circuit, &bent, MQC_FORWARD, 2, a->volts, ROWS, a->amps, COLS));
    a->volts[ROWS + 2] = 400;
    FAILS(MEMQC_ERROR_DATA, "a times the range",
          solve_nonlinear(a->circuit, &bent, MQC_FORWARD, 2, a->volts, ROWS, a->amps, COLS));
    a->volts[ROWS + 2] = 0.1;
    OK(solve_nonlinear(a->circuit, &ohmic, MQC_FORWARD, 2, a->volts, ROWS, a->amps, COLS));
    OK(mqc_circuit_solve_double(a->circuit, MQC_FORWARD, 2, a->volts, ROWS, a->others, COLS));
    ck_assert_mem_eq(a->amps, a->others, 2 * COLS * sizeof *a->amps);
    FAILS(MEMQC_ERROR_ARGUMENT, "leading dimension 20 is less than cols = 21",
          mqc_circuit_matrix(a->circuit, 1e-3, a->others, COLS - 1));
    mqc_circuit_destroy(&a->circuit);
}
END_TEST

/* --- error texts --- */

START_TEST(texts_take_numbers_of_all_kinds) {
    mqc_fail(MEMQC_ERROR_DATA, "%d %ld %lld %u %lu %llu %zu %s %g%%", INT_MIN, LONG_MAX, LLONG_MIN,
             UINT_MAX, 7ul, ULLONG_MAX, (size_t)8, "text", 0.5);
    char wanted[256];
    snprintf(wanted, sizeof wanted, "%d %ld %lld %u %lu %llu %zu text 0.5%%", INT_MIN, LONG_MAX,
             LLONG_MIN, UINT_MAX, 7ul, ULLONG_MAX, (size_t)8);
    ck_assert_str_eq(memqc_last_error(), wanted);
}
END_TEST

/* --- devices --- */

START_TEST(devices) {
    static const float g[] = {5e-6f, 3e-6f, 1e-6f};
    static const float q[] = {4e-6f, 6e-6f, 2e-6f, 4e-6f, 0, 2e-6f};
    static int32_t keys[1000];
    static double values[1000];
    const int32_t level = 2;
    float got[6];
    size_t n, m;
    memqc_device *d;
    OK(memqc_device_create_preset("soft-bounds", &d));
    FAILS(MEMQC_ERROR_ARGUMENT, "n = 1000 keys; there are",
          memqc_device_set_many(d, 1000, keys, values));
    FAILS(MEMQC_ERROR_ARGUMENT, "draw = 1099511627776; for pulsed models",
          memqc_device_draw(d, 0, (uint64_t)1 << 40, 1, &level, got, NULL));
    OK(memqc_device_draw(d, 0, ((uint64_t)1 << 40) - 1, 1, &level, got, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "only \"quantized\" has levels",
          memqc_device_set_levels(d, 3, g, NULL, 0, NULL));
    memqc_device_destroy(&d);

    OK(memqc_device_create_preset("hfox-a", &d));
    OK(memqc_device_set_levels(d, 3, g, NULL, 2, q));
    FAILS(MEMQC_ERROR_ARGUMENT, "room = 2; the device has 3 levels",
          memqc_device_get_levels(d, 2, got, NULL, &n, 0, NULL, &m));
    FAILS(MEMQC_ERROR_ARGUMENT, "room_quantiles = 5; 3 levels of 2 quantiles are 6",
          memqc_device_get_levels(d, 3, NULL, NULL, &n, 5, got, &m));
    OK(memqc_device_get_levels(d, 0, NULL, NULL, &n, 6, got, &m));
    ck_assert_mem_eq(got, q, sizeof q);
    memqc_device_destroy(&d);
}
END_TEST

/* --- fits --- */

enum { READINGS = 60 };

START_TEST(fits) {
    int32_t pulse[READINGS], direction[READINGS], reading[READINGS];
    const int32_t *columns[] = {NULL, NULL, pulse, direction, reading};
    float g[READINGS];
    memqc_device *d;
    size_t n;
    for (int i = 0; i < READINGS; i++) {
        pulse[i] = i / 2 + 1;
        direction[i] = 1;
        reading[i] = i % 2;
        g[i] = (float)((10 + pulse[i] + 0.1 * (i * 7 % 5)) * 1e-6);
    }
    direction[11] = -1;
    FAILS(MEMQC_ERROR_DATA, "pulse 6 has the direction 1 in row 10 and -1 in row 11",
          memqc_device_fit(MEMQC_DEVICE_CONSTANT, READINGS, 5, columns, g, NULL, NULL, &d));
    direction[11] = 1;
    reading[11] = 0;
    FAILS(MEMQC_ERROR_DATA, "pulse 6 has read 0 twice, in rows 10 and 11",
          memqc_device_fit(MEMQC_DEVICE_CONSTANT, READINGS, 5, columns, g, NULL, NULL, &d));
    reading[11] = 1;
    OK(memqc_device_fit(MEMQC_DEVICE_CONSTANT, READINGS, 5, columns, g, NULL, NULL, &d));
    OK(memqc_device_fit_residuals(d, 0, NULL, &n));
    ck_assert_uint_gt(n, 1);
    FAILS(MEMQC_ERROR_ARGUMENT, "room = 1; the fit has", memqc_device_fit_residuals(d, 1, g, &n));
    memqc_device_destroy(&d);
}
END_TEST

/* --- arrays --- */

START_TEST(arrays) {
    static const float w[6] = {1, -1, 0.5f, 0, 0.25f, -0.5f}, volts[3] = {0.1f, 0.2f, 0};
    float amps[2];
    memqc_device *d;
    memqc_crossbar *xb;
    OK(memqc_device_create_preset("hfox-a", &d));
    OK(memqc_crossbar_create(d, 3, 2, 0, &xb));
    OK(memqc_crossbar_program(xb, w, 2));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_WORD_RESISTANCE, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "volts is NULL", memqc_crossbar_nodes(xb, 0, 0, NULL, amps, NULL));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_WIRE_METHOD, MEMQC_CROSSBAR_METHOD_MATRIX));
    OK(memqc_crossbar_currents(xb, 0, 1, volts, 3, amps, 2));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_IV_NONLINEARITY, 2));
    FAILS(MEMQC_ERROR_STATE, "which no matrix has",
          memqc_crossbar_currents(xb, 0, 1, volts, 3, amps, 2));
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
}
END_TEST

/* --- networks --- */

START_TEST(networks) {
    static const size_t shape[] = {4, 3, 2};
    static const float x[8];
    float y[4];
    memqc_device *d;
    memqc_mlp *mlp;
    OK(memqc_device_create_preset("hfox-a", &d));
    OK(memqc_mlp_create(shape, 3, d, 0, &mlp));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE));
    FAILS(MEMQC_ERROR_ARGUMENT, "needs an array with normalization = fixed",
          memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_NORMALIZATION,
                                 MEMQC_CROSSBAR_NORMALIZATION_ARRAY));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_NORMALIZATION,
                              MEMQC_CROSSBAR_NORMALIZATION_FIXED));
    OK(memqc_mlp_predict(mlp, 2, x, 4, y, 2, NULL));
    if (SIZE_MAX > UINT32_MAX)
        FAILS(MEMQC_ERROR_ARGUMENT, "allowed is 0 .. 2^32 - 1 samples",
              memqc_mlp_predict(mlp, (size_t)UINT32_MAX + 1, x, 4, y, 2, NULL));
    memqc_mlp_destroy(&mlp);
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("refusals", voltages_of_circuits, texts_take_numbers_of_all_kinds, devices, fits, arrays,
          networks)
