/* SPDX-License-Identifier: BSD-3-Clause */
/* Noise and drift that depend on the state. Those of published cells: test_presets.c. */
#include "effects.h"

#include "device/property.h"

static memqc_device *preset(const char *name) {
    memqc_device *device;
    OK(memqc_device_create_preset(name, &device));
    OK(memqc_device_set_seed(device, 20));
    return device;
}

/* A law that falls below 0 is 0 there, and cells with a window of their own have it too. */
START_TEST(sd_is_never_negative) {
    enum { N = 2000 };
    static float g[N], noise[N], hi[N];
    static int32_t levels[N];
    memqc_device *d =
        MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_POLYNOMIAL},
             {MEMQC_DEVICE_PROGRAM_NOISE_0, 10e-6}, {MEMQC_DEVICE_PROGRAM_NOISE_1, -20e-6});
    double nominal, mean, sd;
    OK(memqc_device_level(d, 1, &nominal, &mean, &sd));
    ck_assert(sd == 0 && mean == nominal);
    for (size_t i = 0; i < N; i++)
        levels[i] = 1;
    OK(memqc_device_draw(d, 0, 0, N, levels, g, NULL));
    for (size_t i = 0; i < N; i++)
        ck_assert_double_eq_tol((double)g[i], nominal, 2e-7 * nominal);
    OK(memqc_device_set(d, MEMQC_DEVICE_PROGRAM_NOISE_1, 0));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_G_MAX, 0.1));
    OK(memqc_device_set(d, MEMQC_DEVICE_D2D_NOISE, 0.3));
    OK(memqc_device_cells(d, MEMQC_DEVICE_G_MAX, 0, N, hi));
    OK(memqc_device_draw(d, 0, 0, N, levels, noise, NULL));
    for (size_t i = 0; i < N; i++)
        noise[i] -= hi[i];
    check_moments(noise, N, 0, 10e-6 * sqrt(1.09));
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(exponents_are_polynomials) {
    enum { N = 100 };
    static float in[N], out[N];
    memqc_device *d =
        MAKE(MEMQC_DEVICE_LINEAR, {MEMQC_DEVICE_DRIFT_NU, 0.1}, {MEMQC_DEVICE_DRIFT_NU_1, -0.2},
             {MEMQC_DEVICE_DRIFT_NU_2, 0.3}, {MEMQC_DEVICE_DRIFT_NU_3, 0.4},
             {MEMQC_DEVICE_DRIFT_NU_LOG, 0.02}, {MEMQC_DEVICE_DRIFT_NU_MAX, 0.5},
             {MEMQC_DEVICE_G_MAX, 1e-4}, {MEMQC_DEVICE_G_MIN, 0});
    for (int i = 0; i < N; i++)
        in[i] = (float)(1e-6 * (i + 1));
    OK(memqc_device_age(d, 0, 0, 1000, 0, N, in, out));
    for (int i = 0; i < N; i++) {
        const double x = (double)in[i] / 1e-4;
        const double nu = fmin(0.5, 0.1 + 0.02 * log(x) - 0.2 * x + 0.3 * x * x + 0.4 * x * x * x);
        ck_assert_double_eq_tol((double)out[i], (double)in[i] * pow(1000, -nu),
                                3e-6 * (double)in[i]);
    }
    memqc_device_destroy(&d);
}
END_TEST

/* Half of a property is half of its noise or its exponents; without it nothing happens. */
START_TEST(properties_are_scaled) {
    double nominal, mean, sd, half;
    float g = 10e-6f, out;
    memqc_device *d = preset("pcm"), *less = preset("pcm");
    OK(mqc_property_scale(less, MQC_PROPERTY_C2C, 0.5));
    OK(memqc_device_level(d, 20, &nominal, &mean, &sd));
    OK(memqc_device_level(less, 20, &nominal, &mean, &half));
    ck_assert_double_eq_tol(half, sd / 2, 1e-6 * sd);
    OK(mqc_property_scale(less, MQC_PROPERTY_DRIFT, 0));
    OK(memqc_device_age(less, 0, 0, 1e7, 0, 1, &g, &out));
    ck_assert(out == g);
    ck_assert(mqc_property_value(d, MQC_PROPERTY_DRIFT, 1e7) > 0);
    ck_assert(!mqc_device_is_deterministic(d) && !mqc_device_is_deterministic(less));
    OK(mqc_property_scale(less, MQC_PROPERTY_C2C, 0));
    ck_assert(mqc_device_is_deterministic(less));
    ck_assert(mqc_property_begin(less, MQC_PROPERTY_C2C));
    ck_assert_double_eq_tol(mqc_property_value(less, MQC_PROPERTY_C2C, 0), 0.25e-6, 0.01e-6);
    memqc_device_destroy(&d);
    memqc_device_destroy(&less);
}
END_TEST

static void call_age(const memqc_device *d, uint64_t cell, uint64_t draw, size_t n, float *x) {
    OK(memqc_device_age(d, cell, draw, 50, 1e6, n, x, x));
}

static void list_age(const memqc_device *d, const struct mqc_draws *where, size_t n, float *x) {
    mqc_device_age_cells(d, where, 50, 1e6, n, x, NULL);
}

START_TEST(grouping_does_not_matter) {
    static const struct effect effect = {call_age, list_age};
    float *start = floats(CELLS, 0);
    for (size_t i = 0; i < CELLS; i++)
        start[i] = (float)(25e-6 * (double)(i % 101) / 100);
    memqc_device *d = preset("pcm");
    check_bits(d, &effect, start);
    memqc_device_destroy(&d);
    free(start);
}
END_TEST

START_TEST(instruction_sets_agree) {
    enum { N = 777 };
    static const struct mqc_state_law law = {0.1f, -0.03f, {0.2f, -0.1f, 0.05f}, 0.01f, 0.3f};
    static const struct mqc_flicker flicker = {0.0088f, 0.65f, 0.2f, 4.2f, 1e4f};
    static float z[N], state[N], nu[MQC_ISA_COUNT][N], g[MQC_ISA_COUNT][N];
    const struct mqc_effect_kernels *table[MQC_ISA_COUNT];
    const size_t tables = effect_tables(table);
    for (size_t t = 0; t < tables; t++) {
        for (size_t i = 0; i < N; i++) {
            z[i] = (float)((double)(i * 37 % 101) / 10 - 5);
            state[i] = g[t][i] = (float)(1e-6 * (double)(i * 53 % 97));
        }
        table[t]->state_law(N, &law, 1e4f, g[t], nu[t]);
        table[t]->drift_by(N, 12.5f, nu[t], nu[t], z, g[t]);
        table[t]->flicker(N, &flicker, state, z, g[t]);
        ck_assert_mem_eq(nu[t], nu[0], sizeof nu[0]);
        ck_assert_mem_eq(g[t], g[0], sizeof g[0]);
    }
}
END_TEST

START_TEST(parameters_depend_on_each_other) {
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_DRIFT_NU, 0.1});
    FAILS(MEMQC_ERROR_ARGUMENT, "drift_nu_spread = -0.1; below 0",
          memqc_device_set(d, MEMQC_DEVICE_DRIFT_NU_SPREAD, -0.1));
    OK(memqc_device_set(d, MEMQC_DEVICE_DRIFT_SPREAD_1, 0.3));
    OK(memqc_device_set(d, MEMQC_DEVICE_DRIFT_NU_SPREAD, -0.1));
    FAILS(MEMQC_ERROR_ARGUMENT, "below 0", memqc_device_set(d, MEMQC_DEVICE_DRIFT_SPREAD_1, 0));
    OK(memqc_device_set(d, MEMQC_DEVICE_DRIFT_NU_MAX, 0.2));
    FAILS(MEMQC_ERROR_ARGUMENT, "drift_nu_min = 0.3 must be at most drift_nu_max = 0.2",
          memqc_device_set(d, MEMQC_DEVICE_DRIFT_NU_MIN, 0.3));
    FAILS(MEMQC_ERROR_ARGUMENT, "drift_spread_min = 11",
          memqc_device_set(d, MEMQC_DEVICE_DRIFT_SPREAD_MIN, 11));
    FAILS(MEMQC_ERROR_ARGUMENT, "polynomial",
          memqc_device_set(d, MEMQC_DEVICE_PROGRAM_NOISE_3, 1e-6));
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("age_states", sd_is_never_negative, exponents_are_polynomials, properties_are_scaled,
          grouping_does_not_matter, instruction_sets_agree, parameters_depend_on_each_other)
