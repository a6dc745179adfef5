/* SPDX-License-Identifier: BSD-3-Clause */
/* Endurance, relaxation and drift against their equations. */
#include "effects.h"

static void age_million(const memqc_device *device, uint64_t draw, double seconds, double cycles,
                        float g0, float *out) {
    float *in = floats(MILLION, g0);
    OK(memqc_device_age(device, 0, draw, seconds, cycles, MILLION, in, out));
    free(in);
}

static float age_one(const memqc_device *device, double seconds, double cycles, float g0) {
    float g;
    OK(memqc_device_age(device, 12, 3, seconds, cycles, 1, &g0, &g));
    return g;
}

START_TEST(windows_close_about_their_centre) {
    static const double centres[] = {0, 0.3, 1}, cycles[] = {0, 1, 1e3, 1e5, 1e7};
    for (size_t c = 0; c < 3; c++) {
        memqc_device *d =
            MAKE(MEMQC_DEVICE_LINEAR, {MEMQC_DEVICE_G_MAX, 100e-6}, {MEMQC_DEVICE_G_MIN, 10e-6},
                 {MEMQC_DEVICE_ENDURANCE_CYCLES, 1e5}, {MEMQC_DEVICE_ENDURANCE_EXPONENT, 0.7},
                 {MEMQC_DEVICE_ENDURANCE_CENTRE, centres[c]});
        for (size_t i = 0; i < 5; i++) {
            for (int g = 10; g <= 100; g += 45) {
                const double centre = 10e-6 + centres[c] * 90e-6,
                             window = pow(1 + cycles[i] / 1e5, -0.7);
                const double want = centre + window * (g * 1e-6 - centre);
                ck_assert_double_eq_tol((double)age_one(d, 1e3, cycles[i], (float)(g * 1e-6)), want,
                                        3e-7 * 100e-6);
            }
        }
        memqc_device_destroy(&d);
    }
}
END_TEST

START_TEST(windows_are_those_of_the_cells) {
    enum { N = 500 };
    static float lo[N], hi[N], g[N];
    for (int32_t model = MEMQC_DEVICE_QUANTIZED; model <= MEMQC_DEVICE_CONSTANT; model++) {
        memqc_device *d =
            MAKE(model, {MEMQC_DEVICE_D2D_G_MAX, 0.2}, {MEMQC_DEVICE_D2D_G_MIN, 0.4},
                 {MEMQC_DEVICE_ENDURANCE_EXPONENT, 1}, {MEMQC_DEVICE_ENDURANCE_CENTRE, 1});
        OK(memqc_device_cells(d, MEMQC_DEVICE_G_MIN, 5, N, lo));
        OK(memqc_device_cells(d, MEMQC_DEVICE_G_MAX, 5, N, hi));
        OK(memqc_device_age(d, 5, 0, 0, 3e6, N, hi, g));
        for (size_t i = 0; i < N; i++)
            ck_assert_double_eq_tol((double)g[i], (double)hi[i],
                                    2e-7 * (double)hi[i]); /* the centre stays */
        OK(memqc_device_age(d, 5, 0, 0, 3e6, N, lo, g));
        for (size_t i = 0; i < N; i++) /* and the other end comes to a quarter of the way */
            ck_assert_double_eq_tol((double)g[i],
                                    (double)hi[i] - 0.25 * ((double)hi[i] - (double)lo[i]),
                                    3e-7 * (double)hi[i]);
        memqc_device_destroy(&d);
    }
}
END_TEST

START_TEST(relaxation_has_its_mean_and_sd) {
    static const double times[] = {0.5, 5, 50, 1e9};
    const double g0 = 80e-6, rest = 30e-6, fraction = 0.6, sd = 2e-6, tau = 10;
    float *out = floats(MILLION, 0);
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_RELAXATION, fraction},
                           {MEMQC_DEVICE_RELAXATION_TIME, tau}, {MEMQC_DEVICE_RELAXATION_G, rest},
                           {MEMQC_DEVICE_RELAXATION_SD, sd});
    for (size_t i = 0; i < 4; i++) {
        age_million(d, i, times[i], 0, (float)g0, out);
        const double s = times[i] / tau;
        check_moments(out, MILLION, g0 + fraction * (rest - g0) * (1 - exp(-s)),
                      sd * sqrt(1 - exp(-2 * s)));
    }
    ck_assert(age_one(d, 0, 0, 80e-6f) == 80e-6f); /* nothing has happened yet */
    memqc_device_destroy(&d);

    /* Cut at zero: the mean of max(s f, 0) is s / sqrt(2 pi), its square's s^2 / 2. */
    d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_RELAXATION_SD, sd});
    age_million(d, 9, 1e9, 0, 0, out);
    check_moments(out, MILLION, sd / sqrt(2 * 3.14159265358979323846),
                  sd * sqrt(0.5 - 0.5 / 3.14159265358979323846));
    memqc_device_destroy(&d);
    free(out);
}
END_TEST

/* A cell relaxes along one curve: what it is off by, in units of the sd at that time, does not
 * change. */
START_TEST(relaxation_is_one_curve) {
    enum { N = 1000 };
    static float start[N], early[N], late[N], other[N];
    for (size_t i = 0; i < N; i++)
        start[i] = 80e-6f;
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_RELAXATION_SD, 1e-6});
    OK(memqc_device_age(d, 0, 5, 0.2, 0, N, start, early));
    OK(memqc_device_age(d, 0, 5, 3, 0, N, start, late));
    OK(memqc_device_age(d, 0, 6, 3, 0, N, start, other));
    size_t same = 0;
    for (size_t i = 0; i < N; i++) {
        const double a = ((double)early[i] - 80e-6) / sqrt(1 - exp(-0.4)),
                     b = ((double)late[i] - 80e-6) / sqrt(1 - exp(-6));
        ck_assert_double_eq_tol(a, b, 3e-11); /* two roundings of 80e-6 */
        same += late[i] == other[i];
    }
    ck_assert_uint_lt(same, 10); /* another programming takes another one */
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(drift_is_a_power_of_time) {
    static const double times[] = {0, 0.1, 2, 2.1, 1e3, 1e8};
    memqc_device *d =
        MAKE(MEMQC_DEVICE_TABLE, {MEMQC_DEVICE_DRIFT_NU, 0.05}, {MEMQC_DEVICE_DRIFT_T0, 2});
    for (size_t i = 0; i < 6; i++) {
        const double want = times[i] <= 2 ? 1 : pow(times[i] / 2, -0.05);
        ck_assert_double_eq_tol((double)age_one(d, times[i], 0, 70e-6f) / 70e-6, want, 5e-7);
    }
    ck_assert(age_one(d, 2, 0, 70e-6f) == 70e-6f);
    OK(memqc_device_set(d, MEMQC_DEVICE_DRIFT_NU, -10)); /* the wrong way, as far as it goes */
    ck_assert(isfinite(age_one(d, 1e30, 0, 1e6f)));
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(drift_exponents_are_normal) {
    const double nu = 0.04, spread = 0.02, t = 1e6, log_time = log(t), s = spread * log_time;
    float *out = floats(MILLION, 0), *exponents = floats(MILLION, 0);
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_DRIFT_NU, nu},
                           {MEMQC_DEVICE_DRIFT_NU_SPREAD, spread});
    OK(memqc_device_cells(d, MEMQC_DEVICE_DRIFT_NU, 0, MILLION, exponents));
    check_moments(exponents, MILLION, nu, spread);
    for (uint64_t draw = 0; draw < 2; draw++) {
        age_million(d, draw, t, 0, 100e-6f, out); /* log-normal */
        const double mean = 100e-6 * exp(-nu * log_time + 0.5 * s * s);
        check_moments(out, MILLION, mean, mean * sqrt(expm1(s * s)));
        double worst = 0; /* each cell by its own exponent, whatever the draw */
        for (size_t i = 0; i < MILLION; i++)
            worst =
                fmax(worst, fabs((double)out[i] / (100e-6 * pow(t, -(double)exponents[i])) - 1));
        ck_assert_double_lt(worst, 2e-6);
    }
    memqc_device_destroy(&d);
    free(exponents);
    free(out);
}
END_TEST

/* Arrhenius: at T a time t does what t exp(E (1 / 300 K - 1 / T) / k) does at 300 K. */
START_TEST(temperature_speeds_time_up) {
    static const double kelvins[] = {250, 300, 358.15, 500};
    const double energy = 0.6, per_kelvin = 1.602176634e-19 / 1.380649e-23;
    memqc_device *cool =
        MAKE(MEMQC_DEVICE_POWER, {MEMQC_DEVICE_DRIFT_NU, 0.1}, {MEMQC_DEVICE_RELAXATION, 0.5},
             {MEMQC_DEVICE_RELAXATION_TIME, 1e4}, {MEMQC_DEVICE_ACTIVATION_ENERGY, energy});
    memqc_device *warm;
    OK(memqc_device_copy(cool, &warm));
    for (size_t i = 0; i < 4; i++) {
        const double factor = exp(energy * per_kelvin * (1 / 300.0 - 1 / kelvins[i]));
        OK(memqc_device_set(warm, MEMQC_DEVICE_TEMPERATURE, kelvins[i]));
        for (double t = 1e-3; t < 1e9; t *= 30) {
            const double want = (double)age_one(cool, t * factor, 0, 1e-3f),
                         got = (double)age_one(warm, t, 0, 1e-3f);
            ck_assert_double_eq_tol(got, want, 1e-6 * want);
        }
    }
    memqc_device_destroy(&warm);
    memqc_device_destroy(&cool);
}
END_TEST

/* All together are one after the other: endurance, relaxation, drift. */
START_TEST(the_order_is_as_documented) {
    enum { N = 300 };
    static const struct setting settings[] = {{MEMQC_DEVICE_ENDURANCE_EXPONENT, 0.5},
                                              {MEMQC_DEVICE_RELAXATION, 0.4},
                                              {MEMQC_DEVICE_RELAXATION_SD, 1e-6},
                                              {MEMQC_DEVICE_DRIFT_NU, 0.1},
                                              {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.05}};
    static const size_t begins[] = {0, 1, 3, 5};
    static float all[N], steps[N];
    for (size_t i = 0; i < N; i++)
        all[i] = steps[i] = (float)(1e-4 + 1e-6 * (double)i);
    memqc_device *d = make(MEMQC_DEVICE_QUANTIZED, 5, settings);
    OK(memqc_device_age(d, 7, 8, 100, 1e7, N, all, all));
    memqc_device_destroy(&d);
    for (size_t i = 0; i < 3; i++) {
        d = make(MEMQC_DEVICE_QUANTIZED, begins[i + 1] - begins[i], settings + begins[i]);
        OK(memqc_device_age(d, 7, 8, 100, 1e7, N, steps, steps));
        memqc_device_destroy(&d);
    }
    ck_assert_mem_eq(all, steps, sizeof all);
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
    float *start = floats(CELLS, 300e-6f);
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_ENDURANCE_EXPONENT, 0.5},
                           {MEMQC_DEVICE_D2D_G_MAX, 0.2}, {MEMQC_DEVICE_RELAXATION, 0.4},
                           {MEMQC_DEVICE_RELAXATION_SD, 1e-5}, {MEMQC_DEVICE_DRIFT_NU, 0.1},
                           {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.05});
    check_bits(d, &effect, start);
    memqc_device_destroy(&d);
    free(start);
}
END_TEST

START_TEST(instruction_sets_agree) {
    enum { N = 777 };
    static float z[N], lo[N], hi[N], g[MQC_ISA_COUNT][N];
    const struct mqc_effect_kernels *table[MQC_ISA_COUNT];
    const size_t tables = effect_tables(table);
    for (size_t t = 0; t < tables; t++) {
        for (size_t i = 0; i < N; i++) {
            z[i] = (float)((double)(i * 37 % 101) / 10 - 5);
            lo[i] = (float)(i % 7) * 1e-6f;
            hi[i] = lo[i] + 1e-4f;
            g[t][i] = (float)(1e-6 * (double)(i * 53 % 97));
        }
        table[t]->wear(N, 0.3f, 0.7f, lo, hi, g[t]);
        table[t]->relax(N, 0.8f, 3e-6f, 1e-6f, z, g[t]);
        table[t]->drift(N, 0.1f, 0.03f, 12.5f, z, g[t]);
        ck_assert_mem_eq(g[t], g[0], sizeof g[0]);
    }
}
END_TEST

START_TEST(off_is_nothing) {
    static const float g[] = {0, 1e-6f, 3.14159e-5f, 1e6f};
    float out[4];
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_TEMPERATURE, 600});
    OK(memqc_device_age(d, 9, 9, 1e9, 1e9, 4, g, out));
    ck_assert_mem_eq(out, g, sizeof out);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(bad_input_is_refused) {
    float g[2] = {1e-6f, INFINITY}, out[2] = {7, 7};
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_DRIFT_NU, 0.1});
    FAILS(MEMQC_ERROR_DATA, "memqc_device_age: g[1] = inf",
          memqc_device_age(d, 0, 0, 1, 0, 2, g, out));
    FAILS(MEMQC_ERROR_ARGUMENT, "seconds = -1 s is outside 0 .. 1e30 s",
          memqc_device_age(d, 0, 0, -1, 0, 1, g, out));
    FAILS(MEMQC_ERROR_ARGUMENT, "seconds = inf s",
          memqc_device_age(d, 0, 0, INFINITY, 0, 1, g, out));
    FAILS(MEMQC_ERROR_ARGUMENT, "cycles = nan", memqc_device_age(d, 0, 0, 1, NAN, 1, g, out));
    FAILS(MEMQC_ERROR_ARGUMENT, "2^34", memqc_device_age(d, (uint64_t)1 << 34, 0, 1, 0, 1, g, out));
    FAILS(MEMQC_ERROR_ARGUMENT, "device is NULL", memqc_device_age(NULL, 0, 0, 1, 0, 1, g, out));
    FAILS(MEMQC_ERROR_ARGUMENT, "g0 is NULL", memqc_device_age(d, 0, 0, 1, 0, 1, NULL, out));
    FAILS(MEMQC_ERROR_ARGUMENT, "g is NULL", memqc_device_age(d, 0, 0, 1, 0, 1, g, NULL));
    ck_assert(out[0] == 7 && out[1] == 7);
    OK(memqc_device_age(d, 0, 0, 1, 0, 0, g, out));
    ck_assert(out[0] == 7 && out[1] == 7);
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("age", windows_close_about_their_centre, windows_are_those_of_the_cells,
          relaxation_has_its_mean_and_sd, relaxation_is_one_curve, drift_is_a_power_of_time,
          drift_exponents_are_normal, temperature_speeds_time_up, the_order_is_as_documented,
          grouping_does_not_matter, instruction_sets_agree, off_is_nothing, bad_input_is_refused)
