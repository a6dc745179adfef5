/* SPDX-License-Identifier: BSD-3-Clause */
/* Cycle-to-cycle noise with a memory: correlations against those of a first-order
 * autoregression. */
#include "effects.h"

#include "device/cell/memory.h"
#include "rng/rng.h"

enum { WIDE = 20000, STATES = 32 };

static const double sigma = 0.05 * MEMQC_G0;

/* A device of little noise, which no bound cuts. */
static memqc_device *remembering(double cycle, double set_reset) {
    return MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_SIGMA, sigma}, {MEMQC_DEVICE_K, 0},
                {MEMQC_DEVICE_CYCLE_CORRELATION, cycle},
                {MEMQC_DEVICE_SET_RESET_CORRELATION, set_reset});
}

/* The noise of n neighbouring cells at a draw, in units of its sd. */
static void noise_of(const memqc_device *d, uint64_t draw, int32_t level, size_t n, float *z) {
    double nominal;
    int32_t *levels = malloc(n * sizeof *levels);
    ck_assert_ptr_nonnull(levels);
    for (size_t i = 0; i < n; i++)
        levels[i] = level;
    OK(memqc_device_level(d, level, &nominal, NULL, NULL));
    OK(memqc_device_draw(d, 0, draw, n, levels, z, NULL));
    for (size_t i = 0; i < n; i++)
        z[i] = (float)(((double)z[i] - nominal) / sigma);
    free(levels);
}

static double mean_product(size_t n, const float *a, const float *b) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)a[i] * (double)b[i];
    return sum / (double)n;
}

static void check_correlation(size_t n, const float *a, const float *b, double want) {
    const double found = mean_product(n, a, b);
    ck_assert_msg(fabs(found - want) < 5 * sqrt((1 + want * want) / (double)n) + 2e-4,
                  "correlation %g, not %g", found, want);
}

/* Neighbours within a block and across its ends, of which a block of c = 0.5 has 16, of 0.9 128. */
START_TEST(noise_is_autoregressive) {
    static const double all[] = {0.5, 0.9, 0.99, -0.7};
    static const uint64_t from[] = {0, 7, 15, 16, 63, 127, 1023, 1000003};
    static const uint64_t lags[] = {1, 2, 5};
    float *a = floats(WIDE, 0), *b = floats(WIDE, 0);
    for (size_t c = 0; c < COUNT(all); c++) {
        memqc_device *d = remembering(all[c], 0);
        for (size_t k = 0; k < COUNT(from); k++) {
            noise_of(d, from[k], 5, WIDE, a);
            check_moments(a, WIDE, 0, 1);
            for (size_t l = 0; l < COUNT(lags); l++) {
                noise_of(d, from[k] + lags[l], 20, WIDE, b);
                check_correlation(WIDE, a, b, pow(all[c], (double)lags[l]));
            }
        }
        memqc_device_destroy(&d);
    }
    free(a);
    free(b);
}
END_TEST

/* The same construction, by recursion, of the white numbers of one cell. */
static double white(uint64_t draw) {
    const struct mqc_rng rng = mqc_rng_make(4711, MQC_STREAM_PROGRAM);
    float z;
    mqc_rng_kernels()->normal(&rng, 3, draw, 1, &z);
    return (double)z;
}

static double halved(double c, uint64_t k, uint64_t left, uint64_t right, double a, double b) {
    if (k == left)
        return a;
    const uint64_t middle = (left + right) / 2;
    const double h = (double)(middle - left), near = pow(c, h), far = pow(c, 2 * h);
    const double x = near / (1 + far) * (a + b) + sqrt((1 - far) / (1 + far)) * white(middle);
    return k < middle ? halved(c, k, left, middle, a, x) : halved(c, k, middle, right, x, b);
}

START_TEST(noise_is_halved) {
    const uint64_t block = 128;
    memqc_device *d = remembering(0.9, 0);
    for (uint64_t draw = 0; draw < 300; draw++) {
        const uint64_t left = draw / block * block;
        float z[4];
        noise_of(d, draw, 5, 4, z);
        ck_assert_double_eq_tol(
            (double)z[3], halved(0.9, draw, left, left + block, white(left), white(left + block)),
            1e-3);
    }
    memqc_device_destroy(&d);
}
END_TEST

/* g of a staircase as noise; cell after cell, cycle after cycle. */
static void staircase(const memqc_device *d, uint64_t cell, size_t cycles, float *z) {
    OK(memqc_device_staircase(d, cell, 11, cycles, z, STATES, NULL));
    for (size_t i = 0; i < cycles * STATES; i++) {
        double nominal;
        OK(memqc_device_level(d, (int32_t)(i % STATES) + 1, &nominal, NULL, NULL));
        z[i] = (float)(((double)z[i] - nominal) / sigma);
    }
}

/* Of a staircase: the same level in the next cycle, SET and RESET, two levels of RESET. */
static void check_staircase(double cycle, double set_reset) {
    enum { EACH = 4000, CYCLES = 3 };
    memqc_device *d = remembering(cycle, set_reset);
    static float z[EACH][CYCLES * STATES], a[EACH], b[EACH];
    static const struct {
        size_t first, second;
        int sign; /* 0: of the magnitude */
        int later;
    } pairs[] = {{4, STATES + 4, 2, 1}, {4, 2 * STATES + 4, 2, 2},   {0, STATES, 2, 1},
                 {0, 7, 1, 0},          {STATES, STATES + 31, 1, 0}, {5, 21, 0, 0},
                 {0, STATES + 9, 1, 1}, {3, STATES + 9, 0, 1}};
    for (size_t i = 0; i < EACH; i++)
        staircase(d, i, CYCLES, z[i]);
    for (size_t p = 0; p < COUNT(pairs); p++) {
        const double shared[] = {fabs(set_reset), set_reset, 1};
        for (size_t i = 0; i < EACH; i++) {
            a[i] = z[i][pairs[p].first];
            b[i] = z[i][pairs[p].second];
        }
        check_correlation(EACH, a, b, shared[pairs[p].sign] * pow(cycle, pairs[p].later));
    }
    memqc_device_destroy(&d);
}

START_TEST(cycles_of_a_staircase_remember) {
    check_staircase(0.6, 0);
    check_staircase(0, 0.5);
    check_staircase(0.8, -0.4);
}
END_TEST

static void call(const memqc_device *d, uint64_t cell, uint64_t draw, size_t n, float *x) {
    int32_t levels[CELLS];
    for (size_t i = 0; i < n; i++)
        levels[i] = (int32_t)x[i];
    OK(memqc_device_draw(d, cell, draw, n, levels, x, NULL));
}

static void list(const memqc_device *d, const struct mqc_draws *where, size_t n, float *x) {
    for (size_t first = 0; first < n; first += MQC_DEVICE_CHUNK) {
        const struct mqc_draws part = mqc_draws_from(where, first);
        const size_t m = n - first < MQC_DEVICE_CHUNK ? n - first : MQC_DEVICE_CHUNK;
        float states[MQC_DEVICE_CHUNK];
        memcpy(states, x + first, m * sizeof *x);
        const struct mqc_cell_set set = {&part, NULL, m, NULL, x + first, NULL};
        d->ops->draw(d, NULL, &set, states);
    }
}

START_TEST(grouping_does_not_matter) {
    static const struct effect drawing = {call, list};
    memqc_device *d = remembering(0.8, 0.3);
    static float levels[CELLS];
    for (size_t i = 0; i < CELLS; i++)
        levels[i] = (float)(i * 7 % STATES + 1);
    check_bits(d, &drawing, levels);
    memqc_device_destroy(&d);
}
END_TEST

/* Quantiles of a law of their own: uniform between their ends, so that ranks have the correlation
 * 6 / pi asin(c / 2) of a normal copula. */
START_TEST(quantiles_remember) {
    static const float g[] = {8e-5f, 4e-5f}, quantiles[] = {6e-5f, 9e-5f, 3e-5f, 5e-5f};
    const double c = 0.7, pi = acos(-1);
    memqc_device *d = MAKE(MEMQC_DEVICE_QUANTIZED, {MEMQC_DEVICE_CYCLE_CORRELATION, c});
    float *a = floats(WIDE, 0), *b = floats(WIDE, 0);
    int32_t *levels = calloc(WIDE, sizeof *levels);
    ck_assert_ptr_nonnull(levels);
    for (size_t i = 0; i < WIDE; i++)
        levels[i] = 1;
    OK(memqc_device_set_levels(d, 2, g, NULL, 2, quantiles));
    OK(memqc_device_draw(d, 0, 40, WIDE, levels, a, NULL));
    OK(memqc_device_draw(d, 0, 41, WIDE, levels, b, NULL));
    for (size_t i = 0; i < WIDE; i++) {
        ck_assert(a[i] >= 6e-5f && a[i] <= 9e-5f);
        a[i] = (float)(((double)a[i] - 7.5e-5) / 3e-5 * sqrt(12));
        b[i] = (float)(((double)b[i] - 7.5e-5) / 3e-5 * sqrt(12));
    }
    check_moments(a, WIDE, 0, 1);
    check_correlation(WIDE, a, b, 6 / pi * asin(c / 2));
    memqc_device_destroy(&d);
    free(a);
    free(b);
    free(levels);
}
END_TEST

/* Both at 0 again: the bits of a device that never heard of them. */
START_TEST(nothing_is_remembered_by_default) {
    memqc_device *d = remembering(0, 0), *was = remembering(0.5, 0.5);
    float a[STATES], b[STATES];
    OK(memqc_device_staircase(d, 1, 2, 1, a, STATES, NULL));
    OK(memqc_device_staircase(was, 1, 2, 1, b, STATES, NULL));
    ck_assert_mem_ne(a, b, sizeof a);
    OK(memqc_device_set(was, MEMQC_DEVICE_CYCLE_CORRELATION, 0));
    OK(memqc_device_set(was, MEMQC_DEVICE_SET_RESET_CORRELATION, 0));
    OK(memqc_device_staircase(was, 1, 2, 1, b, STATES, NULL));
    ck_assert_mem_eq(a, b, sizeof a);
    FAILS(MEMQC_ERROR_ARGUMENT, "cycle_correlation = 1",
          memqc_device_set(d, MEMQC_DEVICE_CYCLE_CORRELATION, 1));
    memqc_device_destroy(&d);
    d = MAKE(MEMQC_DEVICE_LINEAR, {MEMQC_DEVICE_C2C_STEP, 0.1});
    FAILS(MEMQC_ERROR_ARGUMENT, "cycle_correlation",
          memqc_device_set(d, MEMQC_DEVICE_CYCLE_CORRELATION, 0.1));
    memqc_device_destroy(&d);
    memqc_device_destroy(&was);
}
END_TEST

/* An array programmed again and again: the cells remember, and a saved array goes on. */
START_TEST(arrays_remember) {
    enum { ROWS = 100, COLS = 100, AT = ROWS * COLS };
    static float w[AT], g[3][AT], again[AT];
    memqc_device *d = remembering(0.6, 0);
    memqc_crossbar *xb, *loaded;
    size_t size;
    OK(memqc_crossbar_create(d, ROWS, COLS, 9, &xb));
    for (size_t i = 0; i < AT; i++)
        w[i] = i ? 0.25f : 1;
    for (size_t k = 0; k < 3; k++) {
        double nominal;
        int32_t level;
        if (k == 2) {
            OK(memqc_crossbar_save_memory(xb, NULL, 0, &size));
            void *data = malloc(size);
            ck_assert_ptr_nonnull(data);
            OK(memqc_crossbar_save_memory(xb, data, size, &size));
            OK(memqc_crossbar_load_memory(data, size, &loaded));
            free(data);
        }
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_get_conductances(xb, 0, g[k], COLS));
        OK(memqc_device_nearest(d, 1, &g[k][1], &level));
        OK(memqc_device_level(d, level, &nominal, NULL, NULL));
        for (size_t i = 0; k < 2 && i < AT; i++)
            g[k][i] = (float)(((double)g[k][i] - nominal) / sigma);
    }
    g[0][0] = g[1][0] = 0; /* the one weight at another level */
    check_correlation(AT, g[0], g[1], 0.6);
    OK(memqc_crossbar_program(loaded, w, COLS));
    OK(memqc_crossbar_get_conductances(loaded, 0, again, COLS));
    ck_assert_mem_eq(again, g[2], sizeof again);
    memqc_crossbar_destroy(&loaded);
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&d);
}
END_TEST

RUN_TESTS("memory", noise_is_autoregressive, noise_is_halved, cycles_of_a_staircase_remember,
          grouping_does_not_matter, quantiles_remember, nothing_is_remembered_by_default,
          arrays_remember)
