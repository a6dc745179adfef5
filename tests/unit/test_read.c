/* SPDX-License-Identifier: BSD-3-Clause */
/* Read noise against its moments, its correlations and its spectrum; the I-V curve against its
 * equation. */
#include "effects.h"

static const double pi = 3.14159265358979323846;

/* Moments of max(X, 0), X normal. */
static void clamped(double mu, double s, double *mean, double *sd) {
    const double a = mu / s, density = exp(-0.5 * a * a) / sqrt(2 * pi),
                 above = 0.5 * erfc(-a / sqrt(2));
    const double first = mu * above + s * density,
                 second = (mu * mu + s * s) * above + mu * s * density;
    *mean = first;
    *sd = sqrt(second - first * first);
}

static void read_million(const memqc_device *device, uint64_t draw, float g, float *out) {
    float *in = floats(MILLION, g);
    OK(memqc_device_read(device, 0, draw, MILLION, in, out));
    free(in);
}

START_TEST(moments_of_a_million_reads) {
    static const struct {
        double absolute, relative, octaves, g;
    } cases[] = {{1e-6, 0, 0, 100e-6},  {0, 0.02, 0, 100e-6}, {1e-6, 0.02, 0, 50e-6},
                 {3e-6, 0.01, 0, 2e-6}, {1e-6, 0, 0, 0},      {1e-6, 0.02, 3, 50e-6},
                 {0, 0.05, 10, 1e-3}};
    float *out = floats(MILLION, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double mean, sd;
        memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_READ_NOISE, cases[i].absolute},
                               {MEMQC_DEVICE_READ_NOISE_RELATIVE, cases[i].relative},
                               {MEMQC_DEVICE_READ_NOISE_OCTAVES, cases[i].octaves});
        read_million(d, i, (float)cases[i].g, out);
        clamped((double)(float)cases[i].g, hypot(cases[i].absolute, cases[i].relative * cases[i].g),
                &mean, &sd);
        check_moments(out, MILLION, mean, sd);
        size_t below = 0;
        for (size_t j = 0; j < MILLION; j++)
            below += !(out[j] >= 0);
        ck_assert_uint_eq(below, 0);
        memqc_device_destroy(&d);
    }
    free(out);
}
END_TEST

/* Two reads of the same cells have as much in common as parts that are not drawn anew between them.
 * */
START_TEST(correlation_of_two_reads) {
    enum { OCTAVES = 6 };
    static const uint64_t draws[][2] = {{0, 1},   {1, 2},       {0, 5}, {31, 32},
                                        {63, 64}, {1000, 1016}, {0, 64}};
    float *a = floats(MILLION, 0), *b = floats(MILLION, 0);
    memqc_device *d = MAKE(MEMQC_DEVICE_LINEAR, {MEMQC_DEVICE_READ_NOISE, 1e-6},
                           {MEMQC_DEVICE_READ_NOISE_OCTAVES, OCTAVES});
    for (size_t i = 0; i < sizeof draws / sizeof *draws; i++) {
        double expected = 0, sum = 0;
        for (int j = 0; j <= OCTAVES; j++)
            expected += (draws[i][0] >> j == draws[i][1] >> j) / (OCTAVES + 1.0);
        read_million(d, draws[i][0], 100e-6f, a);
        read_million(d, draws[i][1], 100e-6f, b);
        for (size_t j = 0; j < MILLION; j++)
            sum += ((double)a[j] - 100e-6) * ((double)b[j] - 100e-6) / 1e-12 / MILLION;
        ck_assert_double_eq_tol(sum, expected, 5 * sqrt((1 + expected * expected) / MILLION));
    }
    memqc_device_destroy(&d);
    free(a);
    free(b);
}
END_TEST

/* Periodogram of the reads 0 .. LENGTH - 1 of many cells at a frequency k / LENGTH. */
enum { LENGTH = 1024, TRACES = 1024, OCTAVES = 8, BANDS = 6, IN_BAND = 4 };

static void periodogram(const float *reads, size_t k, double *mean, double *error) {
    static double cosine[LENGTH], sine[LENGTH];
    double squares = 0;
    *mean = 0;
    for (size_t t = 0; t < LENGTH; t++) {
        cosine[t] = cos(2 * pi * (double)(k * t % LENGTH) / LENGTH);
        sine[t] = sin(2 * pi * (double)(k * t % LENGTH) / LENGTH);
    }
    for (size_t c = 0; c < TRACES; c++) {
        double re = 0, im = 0;
        for (size_t t = 0; t < LENGTH; t++) {
            const double x = ((double)reads[t * TRACES + c] - 100e-6) / 1e-6;
            re += x * cosine[t];
            im += x * sine[t];
        }
        const double power = (re * re + im * im) / LENGTH;
        *mean += power / TRACES;
        squares += power * power / TRACES;
    }
    *error = sqrt((squares - *mean * *mean) / TRACES);
}

/* A part that is constant over 2^j reads contributes (sin(pi f 2^j) / sin(pi f))^2 / 2^j of its
 * variance. */
static double spectrum(double f) {
    double sum = 0;
    for (int j = 0; j <= OCTAVES; j++) {
        const double length = ldexp(1, j), ratio = sin(pi * f * length) / sin(pi * f);
        sum += ratio * ratio / length / (OCTAVES + 1);
    }
    return sum;
}

START_TEST(spectrum_falls_as_one_over_f) {
    float *reads = floats(LENGTH * TRACES, 100e-6f);
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_READ_NOISE, 1e-6},
                           {MEMQC_DEVICE_READ_NOISE_OCTAVES, OCTAVES});
    for (size_t t = 0; t < LENGTH; t++)
        OK(memqc_device_read(d, 0, t, TRACES, reads + t * TRACES, reads + t * TRACES));
    double sxy = 0, sxx = 0, expected_sxy = 0, variance = 0;
    for (size_t band = 0; band < BANDS; band++) {
        const size_t low = (size_t)LENGTH >> (band + 2);
        double power = 0, expected = 0, error = 0;
        for (size_t i = 0; i < IN_BAND; i++) {
            double mean, e;
            const size_t k = low * (9 + 2 * i) / 8;
            periodogram(reads, k, &mean, &e);
            ck_assert_double_eq_tol(mean, spectrum((double)k / LENGTH), 5 * e);
            power += mean / IN_BAND;
            expected += spectrum((double)k / LENGTH) / IN_BAND;
            error += e * e / IN_BAND / IN_BAND;
        }
        const double x = -(double)band + (BANDS - 1) / 2.0; /* log2 of the band's frequency, but for
                                                               a constant */
        sxy += x * log2(power);
        expected_sxy += x * log2(expected);
        sxx += x * x;
        variance += x * x * error / (expected * expected * log(2) * log(2));
    }
    ck_assert_double_eq_tol(expected_sxy / sxx, -1, 0.1); /* the equation: 1/f */
    ck_assert_double_eq_tol(sxy / sxx, expected_sxy / sxx, 5 * sqrt(variance) / sxx);
    memqc_device_destroy(&d);
    free(reads);
}
END_TEST

/* --- I-V --- */

START_TEST(currents_follow_the_sinh) {
    enum { N = 4001 };
    static float g[N], volts[N], amps[N], ohmic[N];
    static const double slopes[] = {0.01, 1, 5, 20};
    for (size_t s = 0; s < 4; s++) {
        const double a = slopes[s], v_r = 0.3;
        memqc_device *d = MAKE(MEMQC_DEVICE_POWER, {MEMQC_DEVICE_IV_NONLINEARITY, a},
                               {MEMQC_DEVICE_READ_VOLTAGE, v_r});
        for (size_t i = 0; i < N; i++) {
            g[i] = (float)(1e-6 * (double)(i + 1));
            volts[i] = (float)(((double)i - N / 2) * 1e-3);
        }
        volts[0] = (float)v_r;
        OK(memqc_device_current(d, N, g, volts, amps));
        double worst = 0;
        for (size_t i = 0; i < N; i++) {
            const double v = (double)volts[i],
                         want = (double)g[i] * v_r * sinh(a * v) / sinh(a * v_r);
            worst = fmax(worst,
                         fabs((double)amps[i] - want) / (fabs(want) * (1 + fabs(a * v)) + 1e-300));
        }
        ck_assert_double_lt(worst, 4e-7); /* of a float; the exponential enlarges the rounding of
                                             its argument */
        ck_assert_double_eq_tol((double)amps[0], (double)g[0] * v_r, 1e-6 * (double)g[0] * v_r);
        OK(memqc_device_set(d, MEMQC_DEVICE_IV_NONLINEARITY, 0));
        OK(memqc_device_current(d, N, g, volts, ohmic));
        size_t other = 0;
        for (size_t i = 0; i < N; i++)
            other += ohmic[i] != g[i] * volts[i];
        ck_assert_uint_eq(other, 0);
        memqc_device_destroy(&d);
    }
}
END_TEST

/* --- bits, off, refusals --- */

static void call_read(const memqc_device *d, uint64_t cell, uint64_t draw, size_t n, float *x) {
    OK(memqc_device_read(d, cell, draw, n, x, x));
}

static void list_read(const memqc_device *d, const struct mqc_draws *where, size_t n, float *x) {
    mqc_device_read_cells(d, where, n, x);
}

START_TEST(grouping_does_not_matter) {
    static const struct effect effect = {call_read, list_read};
    float *start = floats(CELLS, 40e-6f);
    for (int octaves = 0; octaves < 10; octaves += 9) {
        memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_READ_NOISE, 1e-6},
                               {MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.1},
                               {MEMQC_DEVICE_READ_NOISE_OCTAVES, octaves});
        check_bits(d, &effect, start);
        memqc_device_destroy(&d);
    }
    free(start);
}
END_TEST

START_TEST(instruction_sets_agree) {
    enum { N = 777 };
    static float z[N], g[MQC_ISA_COUNT][N], volts[MQC_ISA_COUNT][N];
    const struct mqc_effect_kernels *table[MQC_ISA_COUNT];
    const size_t tables = effect_tables(table);
    for (size_t t = 0; t < tables; t++) {
        for (size_t i = 0; i < N; i++) {
            z[i] = (float)((double)(i * 37 % 101) / 10 - 5);
            g[t][i] = (float)(1e-6 * (double)(i * 53 % 97));
            volts[t][i] = (float)((double)(i * 29 % 89) / 22 - 2);
        }
        table[t]->add(N, z, g[t]);
        table[t]->noise(N, 1e-12f, 0.01f, z, g[t]);
        table[t]->sinh(N, 3, 0.2f, volts[t]);
        ck_assert_mem_eq(g[t], g[0], sizeof g[0]);
        ck_assert_mem_eq(volts[t], volts[0], sizeof volts[0]);
    }
}
END_TEST

START_TEST(off_is_nothing) {
    static const float g[] = {0, 1e-6f, 3.14159e-5f, 1e6f};
    float out[4];
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_READ_NOISE_OCTAVES, 5});
    OK(memqc_device_read(d, 9, 9, 4, g, out));
    ck_assert_mem_eq(out, g, sizeof out);
    memqc_device_destroy(&d);
}
END_TEST

START_TEST(bad_input_is_refused) {
    float g[2] = {1e-6f, NAN}, out[2] = {7, 7}, volts[2] = {0, 1};
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_READ_NOISE, 1e-6});
    FAILS(MEMQC_ERROR_DATA, "memqc_device_read: g[1] = nan", memqc_device_read(d, 0, 0, 2, g, out));
    g[1] = -1e-9f;
    FAILS(MEMQC_ERROR_DATA, "0 .. 1e6 S", memqc_device_read(d, 0, 0, 2, g, out));
    FAILS(MEMQC_ERROR_DATA, "memqc_device_current: g[1]",
          memqc_device_current(d, 2, g, volts, out));
    ck_assert(out[0] == 7 && out[1] == 7);
    g[1] = 1;
    FAILS(MEMQC_ERROR_ARGUMENT, "2^34", memqc_device_read(d, (uint64_t)1 << 34, 0, 1, g, out));
    FAILS(MEMQC_ERROR_ARGUMENT, "device is NULL", memqc_device_read(NULL, 0, 0, 1, g, out));
    FAILS(MEMQC_ERROR_ARGUMENT, "g is NULL", memqc_device_read(d, 0, 0, 1, NULL, out));
    FAILS(MEMQC_ERROR_ARGUMENT, "out is NULL", memqc_device_read(d, 0, 0, 1, g, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "volts is NULL", memqc_device_current(d, 1, g, NULL, out));
    volts[0] = INFINITY;
    FAILS(MEMQC_ERROR_DATA, "volts[0] = inf", memqc_device_current(d, 2, g, volts, out));
    OK(memqc_device_set(d, MEMQC_DEVICE_IV_NONLINEARITY, 20));
    volts[0] = 4;
    volts[1] = -4.01f;
    FAILS(MEMQC_ERROR_DATA, "-4 .. 4 V", memqc_device_current(d, 2, g, volts, out));
    ck_assert(out[0] == 7 && out[1] == 7);
    OK(memqc_device_current(d, 1, g, volts, out));
    ck_assert(isfinite(out[0]));
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("read", moments_of_a_million_reads, correlation_of_two_reads,
          spectrum_falls_as_one_over_f, currents_follow_the_sinh, grouping_does_not_matter,
          instruction_sets_agree, off_is_nothing, bad_input_is_refused)
