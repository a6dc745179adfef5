/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels one by one as a candidate of a fit. */
#include "core/alloc.h"
#include "ladders.h"

struct found {
    float g[LEVELS], sd[LEVELS], g_error[LEVELS], sd_error[LEVELS];
};

static struct found levels_of(const memqc_device *fitted) {
    struct found found;
    size_t n = 0;
    OK(memqc_device_get_levels(fitted, LEVELS, found.g, found.sd, &n, 0, NULL, NULL));
    ck_assert_uint_eq(n, LEVELS);
    OK(memqc_device_fit_level_errors(fitted, LEVELS, found.g_error, found.sd_error, &n));
    ck_assert_uint_eq(n, LEVELS);
    return found;
}

/* How many means and deviations are within 2 errors of the truth. */
static void count_near(const struct found *found, const struct ladder *ladder, int *means,
                       int *deviations) {
    for (int i = 0; i < LEVELS; i++) {
        *means += fabs((double)found->g[i] - ladder->g[i]) <= 2 * (double)found->g_error[i];
        *deviations += fabs((double)found->sd[i] - ladder->sd[i]) <= 2 * (double)found->sd_error[i];
    }
}

/* --- what is found --- */

static const struct {
    enum shape shape;
    double parameters;
} shapes[] = {{LOG, 4}, {QUADRATIC, 4}, {RANDOM, LEVELS}};

/* A curve has three parameters. The first row of a cycle is no point, so that 31 levels are told by
 * points where each is of its own. One number says the deviation of all. */
START_TEST(uneven_levels_are_found) {
    enum { TRIALS = 6 };
    int means = 0, deviations = 0, right = 0, described = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        seed_of_numbers = 100 * trial;
        const struct ladder ladder = ladder_of(shapes[_i].shape);
        memqc_device *fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, read_out(&ladder, 0, CYCLES, 0));
        ck_assert_int_eq(taken(fitted), MEMQC_DEVICE_FIT_QUANTIZED_LEVELS);
        ck_assert(get(fitted, MEMQC_DEVICE_LAW) == MEMQC_DEVICE_LAW_LEVELS);
        right += report(fitted, MEMQC_DEVICE_FIT_PARAMETERS, MEMQC_DEVICE_FIT_BEST) ==
                 shapes[_i].parameters;
        described += report(fitted, MEMQC_DEVICE_FIT_KS_P, MEMQC_DEVICE_FIT_BEST) >= 0.01;
        const struct found found = levels_of(fitted);
        count_near(&found, &ladder, &means, &deviations);
        memqc_device_destroy(&fitted);
    }
    ck_assert_int_ge(right, TRIALS - 1);
    ck_assert_int_ge(described, TRIALS - 1);
    /* Of a curve the errors of all levels go together. */
    ck_assert_int_ge(means, TRIALS * LEVELS * 8 / 10);
    ck_assert_int_ge(deviations, TRIALS * LEVELS * 8 / 10);
}
END_TEST

/* Deviations between a fifth and five times of what is typical have no law in common. */
START_TEST(deviations_of_their_own_are_found) {
    enum { TRIALS = 8 };
    int means = 0, deviations = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        seed_of_numbers = 1000 + 100 * trial;
        struct ladder ladder = ladder_of(_i ? EVEN : RANDOM);
        for (int i = 0; i < LEVELS; i++)
            ladder.sd[i] *= exp(3.2 * (uniform_number() - 0.5));
        memqc_device *fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, read_out(&ladder, 0, CYCLES, 0));
        ck_assert_int_eq(taken(fitted), MEMQC_DEVICE_FIT_QUANTIZED_LEVELS);
        const struct found found = levels_of(fitted);
        count_near(&found, &ladder, &means, &deviations);
        memqc_device_destroy(&fitted);
    }
    /* 95 of 100 of them, less three standard errors of the count. */
    const double least = TRIALS * LEVELS * (0.9545 - 3 * sqrt(0.9545 * 0.0455 / TRIALS / LEVELS));
    ck_assert_double_ge(deviations, least);
    ck_assert_double_ge(means, _i ? 0.8 * TRIALS * LEVELS : least);
}
END_TEST

START_TEST(even_levels_are_no_news) {
    int levels = 0;
    for (uint64_t trial = 0; trial < 10; trial++) {
        seed_of_numbers = 2000 + 100 * trial;
        const struct ladder ladder = ladder_of(EVEN);
        size_t n = 0; /* of one to five devices, which are alike */
        for (int32_t d = 0; d <= (int32_t)trial % 5; d++)
            n = read_out(&ladder, d, CYCLES, n);
        memqc_device *fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, n);
        levels += taken(fitted) == MEMQC_DEVICE_FIT_QUANTIZED_LEVELS;
        ck_assert(report(fitted, MEMQC_DEVICE_FIT_RUNNER_UP, MEMQC_DEVICE_FIT_BEST) !=
                  MEMQC_DEVICE_FIT_QUANTIZED_LEVELS);
        memqc_device_destroy(&fitted);
    }
    ck_assert_int_eq(levels, 0);
}
END_TEST

/* Among all candidates; pulsed ones see what is left of an uneven course too. */
START_TEST(levels_are_the_best_of_all) {
    seed_of_numbers = 7;
    const struct ladder ladder = ladder_of(RANDOM);
    memqc_device *fitted = fit_rows(MEMQC_DEVICE_FIT_BEST, read_out(&ladder, 0, CYCLES, 0));
    ck_assert_int_eq(taken(fitted), MEMQC_DEVICE_FIT_QUANTIZED_LEVELS);
    memqc_device_destroy(&fitted);
}
END_TEST

/* --- data that are not clean --- */

/* Three rows far out do not count; what stands at 0 S would have been below. */
START_TEST(outliers_and_zeros) {
    seed_of_numbers = 11;
    struct ladder ladder = ladder_of(LOG);
    for (int i = 0; i < LEVELS; i++)
        ladder.sd[i] = 3e-6;
    const size_t n = read_out(&ladder, 0, 40, 0);
    double zeros = 0;
    for (size_t i = 0; i < n; i++)
        zeros += g[i] == 0;
    for (size_t i = 100; i < 103; i++)
        g[i * 11] += 18e-6f;
    memqc_device *fitted = fit_rows(MEMQC_DEVICE_FIT_QUANTIZED_LEVELS, n);
    ck_assert_uint_eq(rows_left_out(fitted), 3);
    ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_AT_BOUNDS, MEMQC_DEVICE_FIT_BEST), zeros);
    ck_assert_double_ge(zeros, 40);
    const struct found found = levels_of(fitted);
    ck_assert_double_eq_tol((double)found.g[LEVELS - 1], ladder.g[LEVELS - 1],
                            3 * (double)found.g_error[LEVELS - 1]);
    ck_assert_double_eq_tol((double)found.sd[LEVELS - 1], 3e-6,
                            3 * (double)found.sd_error[LEVELS - 1]);
    memqc_device_destroy(&fitted);
}
END_TEST

/* Two cycles show no levels; four, no deviations of single levels; a level that was never read lies
 * between its neighbours. */
START_TEST(few_readings) {
    memqc_device *fitted = NULL;
    seed_of_numbers = 13;
    struct ladder ladder = ladder_of(RANDOM);
    FAILS(MEMQC_ERROR_DATA, "describes these data",
          fit(MEMQC_DEVICE_FIT_QUANTIZED_LEVELS, read_out(&ladder, 0, 2, 0), NULL, cycle_of,
              pulse_of, NULL, g, &fitted));
    for (int i = 0; i < LEVELS; i++)
        ladder.sd[i] *= exp(3.2 * (uniform_number() - 0.5));
    fitted = fit_rows(MEMQC_DEVICE_FIT_QUANTIZED_LEVELS, read_out(&ladder, 0, 4, 0));
    ck_assert_double_le(report(fitted, MEMQC_DEVICE_FIT_PARAMETERS, MEMQC_DEVICE_FIT_BEST),
                        LEVELS + 1);
    memqc_device_destroy(&fitted);
    const size_t n = read_out(&ladder, 0, CYCLES, 0);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (pulse_of[i] == 10)
            continue;
        g[kept] = g[i];
        cycle_of[kept] = cycle_of[i];
        pulse_of[kept++] = pulse_of[i];
    }
    fitted = fit_rows(MEMQC_DEVICE_FIT_QUANTIZED_LEVELS, kept);
    const struct found found = levels_of(fitted);
    ck_assert_float_eq_tol(found.g[9], 0.5f * (found.g[8] + found.g[10]), 1e-3f * found.g[9]);
    memqc_device_destroy(&fitted);
}
END_TEST

/* Ends and noise of eight devices differ by 10, 20 and 30 %. */
START_TEST(devices_have_ends_of_their_own) {
    enum { DEVICES = 8 };
    size_t n = 0;
    seed_of_numbers = 17;
    const struct ladder ladder = ladder_of(RANDOM);
    for (int32_t d = 0; d < DEVICES; d++) {
        struct ladder own = ladder;
        const double high = exp(0.1 * normal_number()), low = exp(0.2 * normal_number()),
                     noise = exp(0.3 * normal_number());
        for (int i = 0; i < LEVELS; i++) {
            const double part = (ladder.g[i] - 2e-6) / 98e-6;
            own.g[i] = 2e-6 * low + part * (100e-6 * high - 2e-6 * low);
            own.sd[i] *= noise;
        }
        n = read_out(&own, d, CYCLES, n);
    }
    memqc_device *fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, n);
    ck_assert_int_eq(taken(fitted), MEMQC_DEVICE_FIT_QUANTIZED_LEVELS);
    ck_assert_double_le(fabs(off(fitted, MEMQC_DEVICE_D2D_G_MAX, 0.1)), 3);
    ck_assert_double_le(fabs(off(fitted, MEMQC_DEVICE_D2D_G_MIN, 0.2)), 3);
    ck_assert_double_le(fabs(off(fitted, MEMQC_DEVICE_D2D_NOISE, 0.3)), 3);
    const struct found found = levels_of(fitted);
    for (int i = 0; i < LEVELS; i++)
        ck_assert_double_eq_tol((double)found.g[i], ladder.g[i], 3 * (double)found.g_error[i]);
    memqc_device_destroy(&fitted);
}
END_TEST

/* --- draws and files --- */

enum { DRAWS = 2000 };

/* By their errors, levels that have room; and they fall, all of them. */
START_TEST(draws_scatter_by_the_errors) {
    double g_sum[LEVELS] = {0}, g_sq[LEVELS] = {0}, sd_sum[LEVELS] = {0}, sd_sq[LEVELS] = {0};
    seed_of_numbers = 19;
    struct ladder ladder = ladder_of(EVEN);
    for (int i = 0; i < LEVELS; i++) {
        ladder.g[i] += i % 2 ? 1e-6 : 0;
        ladder.sd[i] *= 0.4 * exp(_i ? 3.2 * (uniform_number() - 0.5) : 0);
    }
    memqc_device *fitted = fit_rows(MEMQC_DEVICE_FIT_QUANTIZED_LEVELS, read_out(&ladder, 0, 40, 0));
    const struct found found = levels_of(fitted);
    for (uint64_t i = 0; i < DRAWS; i++) {
        memqc_device *drawn;
        float high = 1, level[LEVELS], sd[LEVELS];
        size_t n;
        OK(memqc_device_fit_draw(fitted, 3, i, &drawn));
        OK(memqc_device_get_levels(drawn, LEVELS, level, sd, &n, 0, NULL, NULL));
        for (int k = 0; k < LEVELS; k++) {
            const double z = (double)(level[k] - found.g[k]) / (double)found.g_error[k],
                         s = (double)(sd[k] - found.sd[k]) / (double)found.sd_error[k];
            ck_assert(level[k] < high);
            high = level[k];
            g_sum[k] += z / DRAWS;
            g_sq[k] += z * z / DRAWS;
            sd_sum[k] += s / DRAWS;
            sd_sq[k] += s * s / DRAWS;
        }
        memqc_device_destroy(&drawn);
    }
    for (int k = 0; k < LEVELS; k++) {
        ck_assert_double_eq_tol(g_sum[k], 0, 0.15);
        ck_assert_double_eq_tol(g_sq[k], 1, 0.25);
        ck_assert_double_eq_tol(sd_sum[k], 0, 0.25); /* the chi-squared law is skewed */
        ck_assert_double_eq_tol(sd_sq[k], 1, 0.35);
    }
    memqc_device_destroy(&fitted);
}
END_TEST

static int equal_levels(const memqc_device *a, const memqc_device *b) {
    float g_a[LEVELS], g_b[LEVELS], sd_a[LEVELS], sd_b[LEVELS];
    size_t n;
    OK(memqc_device_get_levels(a, LEVELS, g_a, sd_a, &n, 0, NULL, NULL));
    OK(memqc_device_get_levels(b, LEVELS, g_b, sd_b, &n, 0, NULL, NULL));
    return memcmp(g_a, g_b, sizeof g_a) == 0 && memcmp(sd_a, sd_b, sizeof sd_a) == 0;
}

/* A draw outlives the device that it was drawn from, a file keeps the errors, and levels that were
 * set end them. */
START_TEST(what_is_known_stays_with_the_device) {
    static unsigned char file[1 << 16];
    float room[3];
    size_t size, n;
    seed_of_numbers = 23;
    const struct ladder ladder = ladder_of(RANDOM);
    memqc_device *loaded, *drawn, *again,
        *fitted = fit_rows(MEMQC_DEVICE_FIT_QUANTIZED_LEVELS, read_out(&ladder, 0, CYCLES, 0));
    const struct found found = levels_of(fitted);
    OK(memqc_device_fit_draw(fitted, 1, 2, &drawn));
    ck_assert(!equal_levels(fitted, drawn));
    OK(memqc_device_save_memory(fitted, file, sizeof file, &size));
    memqc_device_destroy(&fitted);
    OK(memqc_device_load_memory(file, size, &loaded));
    const struct found kept = levels_of(loaded);
    ck_assert(memcmp(&found, &kept, sizeof found) == 0);
    OK(memqc_device_fit_draw(loaded, 1, 2, &again));
    ck_assert(equal_levels(again, drawn));
    OK(memqc_device_set_levels(loaded, LEVELS, found.g, found.sd, 0, NULL));
    FAILS(MEMQC_ERROR_STATE, "memqc_device_fit()",
          memqc_device_fit_level_errors(loaded, 0, NULL, NULL, &n));
    FAILS(MEMQC_ERROR_STATE, "standard error", memqc_device_fit_draw(loaded, 1, 2, &fitted));
    FAILS(MEMQC_ERROR_ARGUMENT, "room = 3",
          memqc_device_fit_level_errors(drawn, 3, room, NULL, &n));
    memqc_device_destroy(&loaded);
    memqc_device_destroy(&drawn);
    memqc_device_destroy(&again);
}
END_TEST

START_TEST(memory_may_be_missing) {
    memqc_device *fitted = NULL, *drawn = NULL;
    seed_of_numbers = 29;
    const struct ladder ladder = ladder_of(RANDOM);
    const size_t n = read_out(&ladder, 0, 5, 0);
    memqc_status status = MEMQC_ERROR_NOMEM;
    for (long k = 0; status != MEMQC_OK; k++) {
        mqc_alloc_fail_after(k);
        status =
            fit(MEMQC_DEVICE_FIT_QUANTIZED_LEVELS, n, NULL, cycle_of, pulse_of, NULL, g, &fitted);
        mqc_alloc_fail_after(-1);
        ck_assert(status == MEMQC_OK || (status == MEMQC_ERROR_NOMEM && !fitted));
    }
    status = MEMQC_ERROR_NOMEM;
    for (long k = 0; status != MEMQC_OK; k++) {
        mqc_alloc_fail_after(k);
        status = memqc_device_fit_draw(fitted, 1, 2, &drawn);
        mqc_alloc_fail_after(-1);
        ck_assert(status == MEMQC_OK || (status == MEMQC_ERROR_NOMEM && !drawn));
    }
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&drawn);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("fit_levels");
    TCase *tests = add_group(suite, "levels", NULL);
    tcase_add_loop_test(tests, uneven_levels_are_found, 0, COUNT(shapes));
    tcase_add_loop_test(tests, deviations_of_their_own_are_found, 0, 2);
    tcase_add_test(tests, even_levels_are_no_news);
    tcase_add_test(tests, levels_are_the_best_of_all);
    tcase_add_test(tests, outliers_and_zeros);
    tcase_add_test(tests, few_readings);
    tcase_add_test(tests, devices_have_ends_of_their_own);
    tcase_add_loop_test(tests, draws_scatter_by_the_errors, 0, 2);
    tcase_add_test(tests, what_is_known_stays_with_the_device);
    tcase_add_test(tests, memory_may_be_missing);
    return run_suite(suite);
}
