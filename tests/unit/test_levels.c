/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels one by one: draws against what was given, nearest levels against brute force, an even
 * ladder against the law it is a table of, files, and what is refused. */
#include "levels.h"

#include "core/alloc.h"

enum { DRAWS = 20000 };

static int by_value(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void draw_level(const memqc_device *device, int32_t level, float *g) {
    static int32_t levels[DRAWS];
    for (size_t i = 0; i < DRAWS; i++)
        levels[i] = level;
    OK(memqc_device_draw(device, 0, 7, DRAWS, levels, g, NULL));
    qsort(g, DRAWS, sizeof *g, by_value);
}

/* Kolmogorov: 1.95 / sqrt(n) is exceeded once in a thousand. */
static void follows(const float *sorted, double (*below)(const void *, double), const void *law) {
    double most = 0;
    for (size_t i = 0; i < DRAWS; i++) {
        const double f = below(law, (double)sorted[i]);
        most = fmax(most, fmax(f - (double)i / DRAWS, (double)(i + 1) / DRAWS - f));
    }
    ck_assert_msg(most < 1.95 / sqrt(DRAWS), "distance %g", most);
}

static double normal_below(const void *law, double g) {
    const double *mu_sd = law;
    return 0.5 * erfc((mu_sd[0] - g) / (mu_sd[1] * sqrt(2)));
}

enum { QUANTILES = 6 };

static double quantiles_below(const void *law, double g) {
    const float *q = law;
    size_t j = 0;
    while (j < QUANTILES - 2 && g > (double)q[j + 1])
        j++;
    return ((double)j + (g - (double)q[j]) / ((double)q[j + 1] - (double)q[j])) / (QUANTILES - 1);
}

START_TEST(draws_follow_mean_and_sd) {
    memqc_device *device = log_device(5);
    static float g[DRAWS];
    float given[LADDER];
    log_ladder(given);
    for (int32_t level = 1; level <= LADDER; level += 7) {
        const double law[] = {(double)given[level - 1], 0.05 * (double)given[level - 1]};
        double nominal, mean, sd;
        draw_level(device, level, g);
        follows(g, normal_below, law);
        OK(memqc_device_level(device, level, &nominal, &mean, &sd));
        ck_assert(nominal == law[0] && fabs(mean - law[0]) < 1e-6 * law[0] &&
                  fabs(sd - law[1]) < 1e-6 * law[0]);
    }
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(draws_follow_quantiles) {
    static const float nominal[] = {5e-6f, 20e-6f};
    static const float quantiles[2][QUANTILES] = {
        {1e-6f, 2e-6f, 5e-6f, 6e-6f, 6.5e-6f, 12e-6f},
        {11e-6f, 19e-6f, 20e-6f, 20.5e-6f, 24e-6f, 40e-6f}};
    static float g[DRAWS];
    memqc_device *device = NULL;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set_levels(device, 2, nominal, NULL, QUANTILES, quantiles[0]));
    for (int32_t level = 1; level <= 2; level++) {
        double mean, sd, sum = 0, square = 0;
        draw_level(device, level, g);
        follows(g, quantiles_below, quantiles[2 - level]); /* level 1 is the one given last */
        for (size_t i = 0; i < DRAWS; i++)
            sum += (double)g[i] / DRAWS;
        for (size_t i = 0; i < DRAWS; i++)
            square += ((double)g[i] - sum) * ((double)g[i] - sum) / DRAWS;
        OK(memqc_device_level(device, level, NULL, &mean, &sd));
        ck_assert_msg(fabs(sum - mean) < 4 * sd / sqrt(DRAWS), "mean %g, %g", sum, mean);
        ck_assert_msg(fabs(sqrt(square) / sd - 1) < 0.03, "sd %g, %g", sqrt(square), sd);
    }
    memqc_device_destroy(&device);
}
END_TEST

/* Cells of their own bounds have the ladder stretched to them. */
START_TEST(a_ladder_is_stretched_to_the_bounds_of_a_cell) {
    memqc_device *device = log_device(0);
    float lo[50], hi[50], g[50], given[LADDER];
    int32_t levels[50];
    log_ladder(given);
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MAX, 0.2));
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_G_MIN, 0.2));
    OK(memqc_device_cells(device, MEMQC_DEVICE_G_MIN, 0, 50, lo));
    OK(memqc_device_cells(device, MEMQC_DEVICE_G_MAX, 0, 50, hi));
    for (int32_t i = 0; i < 50; i++)
        levels[i] = 1 + i % LADDER;
    OK(memqc_device_draw(device, 0, 0, 50, levels, g, NULL));
    for (size_t i = 0; i < 50; i++) {
        const double part = ((double)given[levels[i] - 1] - (double)given[LADDER - 1]) /
                            ((double)given[0] - (double)given[LADDER - 1]);
        const double expected = (double)lo[i] + part * ((double)hi[i] - (double)lo[i]);
        ck_assert_msg(fabs((double)g[i] - expected) < 1e-5 * expected, "cell %zu: %g, %g", i,
                      (double)g[i], expected);
    }
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(nearest_is_that_of_brute_force) {
    memqc_device *device = log_device(0);
    enum { N = 5000 };
    static float g[N];
    static int32_t levels[N];
    float given[LADDER];
    log_ladder(given);
    for (size_t i = 0; i < N; i++)
        g[i] = 110e-6f * (float)i / N;
    OK(memqc_device_nearest(device, N, g, levels));
    for (size_t i = 0; i < N; i++) {
        size_t best = 0;
        for (size_t k = 1; k < LADDER; k++)
            if (fabs((double)given[k] - (double)g[i]) < fabs((double)given[best] - (double)g[i]))
                best = k;
        ck_assert_int_eq(levels[i], (int32_t)best + 1);
    }
    memqc_device_destroy(&device);
}
END_TEST

/* The law "linear" with k = 0 has evenly spaced levels of one sd: as a table it draws the same, but
 * for the rounding of single precision. */
START_TEST(an_even_ladder_is_the_linear_law) {
    memqc_device *law = NULL, *table = NULL;
    float g[64], sd[64], a[640], b[640];
    int32_t levels[640], near[2][640];
    size_t n = 0;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &law));
    OK(memqc_device_set(law, MEMQC_DEVICE_K, 0));
    OK(memqc_device_get_levels(law, 64, g, NULL, &n, 0, NULL, NULL));
    ck_assert_uint_eq(n, 32);
    for (size_t i = 0; i < n; i++)
        sd[i] = (float)MEMQC_G0;
    OK(memqc_device_copy(law, &table));
    OK(memqc_device_set_levels(table, n, g, sd, 0, NULL));
    for (int32_t i = 0; i < 640; i++)
        levels[i] = 1 + i % 32;
    OK(memqc_device_draw(law, 3, 5, 640, levels, a, NULL));
    OK(memqc_device_draw(table, 3, 5, 640, levels, b, NULL));
    OK(memqc_device_nearest(law, 640, a, near[0]));
    OK(memqc_device_nearest(table, 640, a, near[1]));
    for (size_t i = 0; i < 640; i++) {
        ck_assert(fabs((double)a[i] - (double)b[i]) < 1e-6 * 16 * MEMQC_G0);
        ck_assert_int_eq(near[0][i], near[1][i]);
    }
    memqc_device_destroy(&law);
    memqc_device_destroy(&table);
}
END_TEST

static void are_alike(const memqc_device *one, const memqc_device *other) {
    float a[100], b[100];
    int32_t levels[100];
    size_t n[2];
    OK(memqc_device_levels(one, &n[0]));
    OK(memqc_device_levels(other, &n[1]));
    ck_assert_uint_eq(n[0], n[1]);
    for (size_t i = 0; i < 100; i++)
        levels[i] = 1 + (int32_t)(i % n[0]);
    OK(memqc_device_draw(one, 1, 2, 100, levels, a, NULL));
    OK(memqc_device_draw(other, 1, 2, 100, levels, b, NULL));
    ck_assert_mem_eq(a, b, sizeof a);
}

/* Also where a number of the file is wrong, which its checksum tells. */
START_TEST(files_and_copies_draw_the_same) {
    static const float nominal[] = {1e-6f, 2e-6f, 5e-6f};
    static const float quantiles[] = {0, 1e-6f, 2e-6f, 2e-6f, 3e-6f, 4e-6f};
    for (int round = 0; round < 2; round++) {
        memqc_device *device = log_device(10), *other = NULL;
        if (round)
            OK(memqc_device_set_levels(device, 3, nominal, NULL, 2, quantiles));
        OK(memqc_device_copy(device, &other));
        are_alike(device, other);
        memqc_device_destroy(&other);
        size_t size = 0;
        OK(memqc_device_save_memory(device, NULL, 0, &size));
        unsigned char *bytes = malloc(size);
        OK(memqc_device_save_memory(device, bytes, size, &size));
        OK(memqc_device_load_memory(bytes, size, &other));
        are_alike(device, other);
        memqc_device_destroy(&other);
        for (size_t at = 0; at < size; at += 97) {
            bytes[at] ^= 0x11;
            FAILS(MEMQC_ERROR_FORMAT, NULL, memqc_device_load_memory(bytes, size, &other));
            bytes[at] ^= 0x11;
        }
        free(bytes);
        memqc_device_destroy(&device);
    }
}
END_TEST

START_TEST(levels_come_back) {
    static const float rising[] = {1e-6f, 4e-6f, 5e-6f}, sd[] = {1e-7f, 2e-7f, 3e-7f};
    memqc_device *device = NULL, *pulsed = NULL;
    float g[3], spread[3];
    size_t n = 0, each = 7;
    double value;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set_levels(device, 3, rising, sd, 0, NULL));
    OK(memqc_device_get_levels(device, 3, g, spread, &n, 0, NULL, &each));
    ck_assert(n == 3 && each == 0 && g[0] == 5e-6f && g[2] == 1e-6f && spread[0] == 3e-7f);
    OK(memqc_device_get(device, MEMQC_DEVICE_STATES, &value));
    ck_assert(value == 3);
    OK(memqc_device_get(device, MEMQC_DEVICE_G_MAX, &value));
    ck_assert((float)value == 5e-6f);
    OK(memqc_device_get(device, MEMQC_DEVICE_LAW, &value));
    ck_assert(value == MEMQC_DEVICE_LAW_LEVELS);
    REFUSES(memqc_device_get_levels(device, 2, g, NULL, &n, 0, NULL, NULL));
    OK(memqc_device_create(MEMQC_DEVICE_LINEAR, &pulsed));
    OK(memqc_device_get_levels(pulsed, 0, NULL, NULL, &n, 0, NULL, &each));
    ck_assert(n == 32 && each == 0);
    memqc_device_destroy(&device);
    memqc_device_destroy(&pulsed);
}
END_TEST

START_TEST(what_cannot_be_is_refused) {
    static const float even[] = {3e-6f, 2e-6f, 1e-6f}, equal[] = {3e-6f, 2e-6f, 2e-6f},
                       bad[] = {3e-6f, 2e-6f, -1e-6f}, tiny[] = {1e-34f, 0},
                       falling[] = {1e-6f, 0, 1e-6f, 0, 1e-6f, 0};
    memqc_device *device = log_device(5), *before = NULL, *pulsed = NULL;
    OK(memqc_device_copy(device, &before));
    OK(memqc_device_create(MEMQC_DEVICE_TABLE, &pulsed));
    FAILS(MEMQC_ERROR_ARGUMENT, "n = 1", memqc_device_set_levels(device, 1, even, NULL, 0, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "g[2]", memqc_device_set_levels(device, 3, equal, NULL, 0, NULL));
    FAILS(MEMQC_ERROR_DATA, "g[2]", memqc_device_set_levels(device, 3, bad, NULL, 0, NULL));
    FAILS(MEMQC_ERROR_DATA, "sd[2]", memqc_device_set_levels(device, 3, even, bad, 0, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "quantiles[1]",
          memqc_device_set_levels(device, 3, even, NULL, 2, falling));
    FAILS(MEMQC_ERROR_DATA, "g[0]", memqc_device_set_levels(device, 2, tiny, NULL, 0, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "n_quantiles",
          memqc_device_set_levels(device, 3, even, NULL, 2, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "table", memqc_device_set_levels(pulsed, 3, even, NULL, 0, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "states", memqc_device_set(device, MEMQC_DEVICE_STATES, 8));
    FAILS(MEMQC_ERROR_ARGUMENT, "window", memqc_device_set(device, MEMQC_DEVICE_G_MAX, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "sigma", memqc_device_set(device, MEMQC_DEVICE_SIGMA, 1e-6));
    are_alike(device, before);
    memqc_device_destroy(&device);
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    FAILS(MEMQC_ERROR_ARGUMENT, "memqc_device_set_levels",
          memqc_device_set(device, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_LEVELS));
    memqc_device_destroy(&device);
    memqc_device_destroy(&before);
    memqc_device_destroy(&pulsed);
}
END_TEST

START_TEST(memory_may_be_missing) {
    static const float even[] = {3e-6f, 2e-6f, 1e-6f};
    memqc_device *device = log_device(5), *copy = NULL;
    for (long n = 0; n < 2; n++) {
        mqc_alloc_fail_after(n);
        const memqc_status status = memqc_device_set_levels(device, 3, even, NULL, 0, NULL);
        mqc_alloc_fail_after(-1);
        ck_assert_int_eq(status, MEMQC_ERROR_NOMEM);
    }
    mqc_alloc_fail_after(0);
    const memqc_status status = memqc_device_copy(device, &copy);
    mqc_alloc_fail_after(-1);
    ck_assert(status == MEMQC_ERROR_NOMEM && !copy);
    memqc_device_destroy(&device);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {draws_follow_mean_and_sd,
                                  draws_follow_quantiles,
                                  a_ladder_is_stretched_to_the_bounds_of_a_cell,
                                  nearest_is_that_of_brute_force,
                                  an_even_ladder_is_the_linear_law,
                                  files_and_copies_draw_the_same,
                                  levels_come_back,
                                  what_cannot_be_is_refused,
                                  memory_may_be_missing};
    Suite *suite = suite_create("levels");
    for (size_t i = 0; i < COUNT(tests); i++)
        tcase_add_test(add_group(suite, tests[i]->name, NULL), tests[i]);
    return run_suite(suite);
}
