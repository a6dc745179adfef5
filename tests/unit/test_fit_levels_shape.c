/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels one by one whose noise is not normal. */
#include "core/alloc.h"
#include "ladders.h"

enum { READ = 100, FURTHER = 20, Q = 257 };

/* --- noise of mean 0 and variance 1 --- */

typedef double number(void);

/* The gamma law of shape 2. */
static double skewed(void) {
    return (-log(uniform_number()) - log(uniform_number()) - 2) / sqrt(2);
}

static double two_states(void) {
    const double state = uniform_number() < 0.4;
    return (state + 0.15 * normal_number() - 0.4) / sqrt(0.24 + 0.0225);
}

static double normal(void) {
    return normal_number();
}

static number *const laws[] = {skewed, two_states};

/* From 100 uS down to 20 uS, log-spaced, with deviations of 3 %. */
static struct ladder narrow(void) {
    struct ladder ladder;
    for (int i = 0; i < LEVELS; i++) {
        ladder.g[i] = 100e-6 * pow(0.2, (double)i / (LEVELS - 1));
        ladder.sd[i] = 0.03 * ladder.g[i];
    }
    return ladder;
}

/* odd: the noise of the second level, of the fourth, and so on. */
static size_t read_noise(const struct ladder *ladder, number *law, number *odd, int32_t device,
                         int32_t cycles, size_t n) {
    for (int32_t cycle = 0; cycle < cycles; cycle++)
        for (int32_t i = 0; i < LEVELS; i++, n++) {
            const double z = i % 2 ? odd() : law();
            g[n] = (float)fmax(ladder->g[i] + ladder->sd[i] * z, 0);
            device_of[n] = device;
            cycle_of[n] = cycle;
            pulse_of[n] = i + 1;
        }
    return n;
}

struct found {
    float g[LEVELS], sd[LEVELS], sd_error[LEVELS], quantile[LEVELS * Q];
    size_t quantiles;
};

static struct found levels_of(const memqc_device *device) {
    struct found found;
    size_t n;
    OK(memqc_device_get_levels(device, LEVELS, found.g, found.sd, &n, LEVELS * Q, found.quantile,
                               &found.quantiles));
    OK(memqc_device_fit_level_errors(device, LEVELS, NULL, found.sd_error, &n));
    return found;
}

/* Probability of less than a reading of a level. */
static double below(const struct found *found, int level, double reading) {
    const float *q = found->quantile + level * Q;
    int j = 0;
    if (reading <= (double)q[0] || reading >= (double)q[Q - 1])
        return reading >= (double)q[Q - 1];
    while (reading > (double)q[j + 1])
        j++;
    return (j + (reading - (double)q[j]) / ((double)q[j + 1] - (double)q[j])) / (Q - 1);
}

/* Kolmogorov's distance of further readings from the quantiles, over all levels, times the root of
 * their number. */
static double distance_of_further(const struct found *found, const struct ladder *ladder,
                                  number *law, number *odd) {
    enum { BINS = 400, READINGS = FURTHER * LEVELS };
    double count[BINS] = {0}, sum = 0, largest = 0;
    for (int k = 0; k < READINGS; k++) {
        const int i = k % LEVELS;
        const double z = i % 2 ? odd() : law();
        const double u = below(found, i, ladder->g[i] + ladder->sd[i] * z);
        count[(int)fmin(u * BINS, BINS - 1)]++;
    }
    for (int b = 0; b < BINS; b++) {
        sum += count[b] / READINGS;
        largest = fmax(largest, fabs(sum - (b + 1.0) / BINS));
    }
    return largest * sqrt(READINGS);
}

/* --- what is found --- */

static int count_near(const struct found *found, const struct ladder *ladder) {
    int near = 0;
    for (int i = 0; i < LEVELS; i++)
        near += fabs((double)found->sd[i] - ladder->sd[i]) <= 2 * (double)found->sd_error[i];
    return near;
}

/* Those of the later half of the cycles: sorted, and KS is their distance from the normal law. */
static void check_residuals(const memqc_device *fitted) {
    enum { HALF = READ / 2 * LEVELS };
    static float residuals[HALF];
    double distance = 0;
    size_t n;
    OK(memqc_device_fit_residuals(fitted, HALF, residuals, &n));
    ck_assert_uint_eq(n, HALF);
    for (size_t i = 0; i < n; i++) {
        const double below = 0.5 * erfc((double)residuals[i] * -0.70710678118654752);
        ck_assert(i == 0 || residuals[i] >= residuals[i - 1]);
        distance = fmax(distance, fmax(below - (double)i / HALF, (double)(i + 1) / HALF - below));
    }
    ck_assert_double_eq_tol(distance, report(fitted, MEMQC_DEVICE_FIT_KS, MEMQC_DEVICE_FIT_BEST),
                            1e-6);
}

/* Deviations have a law in common, so that those of one fit are near or far together. */
START_TEST(quantiles_are_found) {
    enum { TRIALS = 6 };
    number *const law = laws[_i];
    int described = 0, foretold = 0, near = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        seed_of_numbers = 5000 + 100 * trial;
        const struct ladder ladder = narrow();
        memqc_device *fitted =
            fit_rows(MEMQC_DEVICE_QUANTIZED, read_noise(&ladder, law, law, 0, READ, 0));
        ck_assert_int_eq(taken(fitted), MEMQC_DEVICE_FIT_QUANTIZED_LEVELS);
        ck_assert(report(fitted, MEMQC_DEVICE_FIT_VERDICT, MEMQC_DEVICE_FIT_BEST) !=
                  MEMQC_DEVICE_FIT_VERDICT_AMBIGUOUS);
        const struct found found = levels_of(fitted);
        ck_assert_uint_eq(found.quantiles, Q);
        described += report(fitted, MEMQC_DEVICE_FIT_KS_P, MEMQC_DEVICE_FIT_BEST) >= 0.01;
        foretold += distance_of_further(&found, &ladder, law, law) < 1.628; /* p > 0.01 */
        near += count_near(&found, &ladder);
        ck_assert_uint_eq(rows_left_out(fitted), 0);
        check_residuals(fitted);
        memqc_device_destroy(&fitted);
    }
    ck_assert_int_ge(described, TRIALS - 1);
    ck_assert_int_ge(foretold, TRIALS - 1);
    ck_assert_int_ge(near, (TRIALS - 2) * LEVELS);
}
END_TEST

START_TEST(normal_noise_has_none) {
    for (uint64_t trial = 0; trial < 6; trial++) {
        seed_of_numbers = 6000 + 100 * trial;
        const struct ladder ladder = narrow(), even = ladder_of(EVEN);
        memqc_device *fitted =
            fit_rows(MEMQC_DEVICE_QUANTIZED, read_noise(&ladder, normal, normal, 0, READ, 0));
        ck_assert_uint_eq(levels_of(fitted).quantiles, 0);
        memqc_device_destroy(&fitted);
        const size_t n = read_with_memory(&even, trial % 2 ? 0.9 : 0, 0, READ, 0);
        fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, n);
        ck_assert_int_ne(taken(fitted), MEMQC_DEVICE_FIT_QUANTIZED_LEVELS);
        memqc_device_destroy(&fitted);
    }
}
END_TEST

/* Even levels have quantiles too, and three devices of their own ends tell of one shape. */
START_TEST(even_levels_and_devices) {
    for (int32_t devices = 1; devices <= 3; devices += 2) {
        seed_of_numbers = 7000 + (uint64_t)devices;
        struct ladder even = ladder_of(EVEN);
        size_t n = 0;
        for (int i = 0; i < LEVELS; i++)
            even.g[i] += 20e-6;
        for (int32_t d = 0; d < devices; d++) {
            struct ladder own = even;
            for (int i = 0; i < LEVELS; i++)
                own.g[i] *= 1 + 0.2 * d;
            n = read_noise(&own, skewed, skewed, d, 60, n);
        }
        memqc_device *fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, n);
        ck_assert_int_eq(taken(fitted), MEMQC_DEVICE_FIT_QUANTIZED_LEVELS);
        ck_assert(report(fitted, MEMQC_DEVICE_FIT_KS_P, MEMQC_DEVICE_FIT_BEST) >= 0.01);
        const struct found found = levels_of(fitted);
        ck_assert_uint_eq(found.quantiles, Q);
        /* The median of the law is below its mean by 0.228 deviations. */
        for (int i = 0; i < LEVELS; i++) {
            const float *q = found.quantile + i * Q;
            ck_assert_double_eq_tol((double)(q[Q / 2] - found.g[i]) / (double)found.sd[i], -0.228,
                                    0.06);
        }
        memqc_device_destroy(&fitted);
    }
}
END_TEST

/* Two states lie 2 deviations apart, around 60 % of the readings: those between 55 and 65 % are
 * further apart than normal ones, by 0.26 deviations. */
START_TEST(levels_of_two_shapes) {
    seed_of_numbers = 8000;
    const struct ladder ladder = narrow();
    memqc_device *fitted =
        fit_rows(MEMQC_DEVICE_QUANTIZED, read_noise(&ladder, normal, two_states, 0, READ, 0));
    const struct found found = levels_of(fitted);
    ck_assert_uint_eq(found.quantiles, Q);
    double wide[2] = {0, 0};
    for (int i = 0; i < LEVELS; i++) {
        const float *q = found.quantile + i * Q;
        wide[i % 2] += (double)(q[166] - q[141]) / (double)found.sd[i] / (LEVELS / 2);
    }
    ck_assert_double_eq_tol(wide[0], 0.26, 0.1);
    ck_assert_double_gt(wide[1], 0.45);
    memqc_device_destroy(&fitted);
}
END_TEST

/* --- readings that are few, rounded, or cut --- */

START_TEST(forty_readings_of_each_are_the_least) {
    for (int32_t cycles = 39; cycles <= 40; cycles++) {
        seed_of_numbers = 9000;
        const struct ladder ladder = narrow();
        const size_t n = read_noise(&ladder, two_states, two_states, 0, cycles, 0);
        memqc_device *fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, n);
        ck_assert_uint_eq(levels_of(fitted).quantiles, cycles < 40 ? 0 : Q);
        memqc_device_destroy(&fitted);
    }
}
END_TEST

/* An instrument of 0.2 uS steps, some tenths of a deviation; and levels near 0 S, where 0 is read
 * for what would be below. */
START_TEST(rounded_and_cut) {
    for (int cut = 0; cut < 2; cut++) {
        seed_of_numbers = 9100;
        struct ladder ladder = narrow();
        for (int i = 0; cut && i < LEVELS; i++) {
            ladder.g[i] -= 19.5e-6;
            ladder.sd[i] = 0.8e-6;
        }
        const size_t n = read_noise(&ladder, skewed, skewed, 0, READ, 0);
        for (size_t i = 0; i < n && !cut; i++)
            g[i] = (float)(0.2e-6 * rint((double)g[i] / 0.2e-6));
        memqc_device *fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, n);
        const struct found found = levels_of(fitted);
        ck_assert_uint_eq(found.quantiles, Q);
        ck_assert(report(fitted, MEMQC_DEVICE_FIT_KS_P, MEMQC_DEVICE_FIT_BEST) >= 0.01);
        for (int i = 0; i < LEVELS * Q; i++)
            ck_assert(found.quantile[i] >= 0 && found.quantile[i] < 200e-6f);
        ck_assert((found.quantile[LEVELS * Q - Q] > 0) == !cut);
        memqc_device_destroy(&fitted);
    }
}
END_TEST

/* --- draws, files, memory --- */

START_TEST(quantiles_stay_with_the_device) {
    static unsigned char file[1 << 17];
    size_t size;
    seed_of_numbers = 9200;
    const struct ladder ladder = narrow();
    memqc_device *loaded, *drawn,
        *fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, read_noise(&ladder, skewed, skewed, 0, 60, 0));
    OK(memqc_device_save_memory(fitted, file, sizeof file, &size));
    OK(memqc_device_load_memory(file, size, &loaded));
    const struct found found = levels_of(fitted), kept = levels_of(loaded);
    ck_assert_uint_eq(found.quantiles, Q);
    ck_assert(memcmp(found.quantile, kept.quantile, sizeof found.quantile) == 0);
    ck_assert(memcmp(found.sd_error, kept.sd_error, sizeof found.sd_error) == 0);
    OK(memqc_device_fit_draw(loaded, 1, 2, &drawn));
    const struct found other = levels_of(drawn);
    ck_assert_uint_eq(other.quantiles, Q);
    for (int i = 0; i < LEVELS; i++) {
        const float *q = other.quantile + i * Q, *from = found.quantile + i * Q;
        ck_assert_double_eq_tol((double)((q[Q / 2] - other.g[i]) / other.sd[i]),
                                (double)((from[Q / 2] - found.g[i]) / found.sd[i]), 1e-3);
        ck_assert(other.sd[i] != found.sd[i]);
        ck_assert_double_eq_tol((double)other.sd[i], (double)found.sd[i],
                                5 * (double)found.sd_error[i]);
    }
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&loaded);
    memqc_device_destroy(&drawn);
}
END_TEST

START_TEST(memory_may_be_missing) {
    memqc_device *fitted = NULL;
    seed_of_numbers = 9300;
    const struct ladder ladder = narrow();
    const size_t n = read_noise(&ladder, two_states, two_states, 0, 40, 0);
    memqc_status status = MEMQC_ERROR_NOMEM;
    for (long k = 0; status != MEMQC_OK; k++) {
        mqc_alloc_fail_after(k);
        status =
            fit(MEMQC_DEVICE_FIT_QUANTIZED_LEVELS, n, NULL, cycle_of, pulse_of, NULL, g, &fitted);
        mqc_alloc_fail_after(-1);
        ck_assert(status == MEMQC_OK || (status == MEMQC_ERROR_NOMEM && !fitted));
    }
    ck_assert_uint_eq(levels_of(fitted).quantiles, Q);
    memqc_device_destroy(&fitted);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("fit_levels_shape");
    TCase *tests = add_group(suite, "shape", NULL);
    tcase_add_loop_test(tests, quantiles_are_found, 0, COUNT(laws));
    tcase_add_test(tests, normal_noise_has_none);
    tcase_add_test(tests, even_levels_and_devices);
    tcase_add_test(tests, levels_of_two_shapes);
    tcase_add_test(tests, forty_readings_of_each_are_the_least);
    tcase_add_test(tests, rounded_and_cut);
    tcase_add_test(tests, quantiles_stay_with_the_device);
    tcase_add_test(tests, memory_may_be_missing);
    return run_suite(suite);
}
