/* SPDX-License-Identifier: BSD-3-Clause */
/* Repeated readings after one pulse: they tell the noise of the measurement from that of the pulses,
 * and the report says where nothing does. tests/long/fit_reads.c has the figures over many seeds. */
#include "readings.h"

static int32_t noise_of(const memqc_device *fitted) {
    return (int32_t)report(fitted, MEMQC_DEVICE_FIT_NOISE, MEMQC_DEVICE_FIT_BEST);
}

static void is_near(const memqc_device *fitted, int32_t key, double truth) {
    ck_assert_double_lt(fabs(off(fitted, key, truth)), 3.5);
}

static void are_same(const memqc_device *a, const memqc_device *b) {
    for (size_t i = 0; i < memqc_device_keys(); i++) {
        double values[2];
        const int32_t key = memqc_device_key_at(i);
        values[0] = get(a, key);
        values[1] = get(b, key);
        ck_assert_double_eq(values[0], values[1]);
        ck_assert_double_eq(error_of(a, key), error_of(b, key));
    }
    ck_assert_double_eq(report(a, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_BEST),
                        report(b, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_BEST));
}

START_TEST(noises_of_levels_are_told_apart) {
    memqc_device *fitted;
    OK(fit_readings(MEMQC_DEVICE_QUANTIZED, draw_levels(&sample_a, (uint64_t)_i + 1), &fitted));
    ck_assert_int_eq((int32_t)report(fitted, MEMQC_DEVICE_FIT_CANDIDATE, MEMQC_DEVICE_FIT_BEST),
                     MEMQC_DEVICE_FIT_QUANTIZED_LINEAR);
    is_near(fitted, MEMQC_DEVICE_G_MAX, sample_a.top);
    is_near(fitted, MEMQC_DEVICE_SIGMA, sample_a.sigma);
    is_near(fitted, MEMQC_DEVICE_K, sample_a.k);
    is_near(fitted, MEMQC_DEVICE_READ_NOISE, sample_a.noise);
    ck_assert_double_lt(error_of(fitted, MEMQC_DEVICE_READ_NOISE), 0.05 * sample_a.noise);
    ck_assert_int_eq(noise_of(fitted), MEMQC_DEVICE_FIT_NOISE_READS);
    ck_assert_double_ge(report(fitted, MEMQC_DEVICE_FIT_KS_P, MEMQC_DEVICE_FIT_BEST), 0.01);
    memqc_device_destroy(&fitted);
}
END_TEST

START_TEST(noises_of_pulses_are_told_apart) {
    memqc_device *fitted;
    OK(fit_readings(MEMQC_DEVICE_SOFT_BOUNDS, draw_soft_bounds(&soft_cell, 4, (uint64_t)_i + 1),
                    &fitted));
    is_near(fitted, MEMQC_DEVICE_G_MAX, soft_cell.high);
    is_near(fitted, MEMQC_DEVICE_STEP, soft_cell.part * (soft_cell.high - soft_cell.low));
    is_near(fitted, MEMQC_DEVICE_C2C_STEP, soft_cell.spread);
    is_near(fitted, MEMQC_DEVICE_READ_NOISE, soft_cell.noise);
    ck_assert_int_eq(noise_of(fitted), MEMQC_DEVICE_FIT_NOISE_READS);
    memqc_device_destroy(&fitted);
}
END_TEST

/* Readings in proportion to the conductance, and those with a memory over the readings. */
START_TEST(other_noises_of_readings_are_found) {
    const double phi = 0.9, slow = 20e-6, relative = 0.02;
    struct levels quiet = sample_a;
    quiet.noise = 5e-6;
    size_t n = draw_levels(&quiet, 1);
    uint64_t random = 11;
    double a = 0;
    memqc_device *fitted;
    for (size_t i = 0; i < n; i++) {
        a = i % (READS * LEVELS) ? phi * a + sqrt(1 - phi * phi) * slow * normal_number(&random)
                                 : slow * normal_number(&random);
        g[i] += (float)a;
    }
    OK(fit_readings(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR, n, &fitted));
    is_near(fitted, MEMQC_DEVICE_READ_NOISE, quiet.noise);
    is_near(fitted, MEMQC_DEVICE_READ_NOISE_SLOW, slow);
    is_near(fitted, MEMQC_DEVICE_READ_NOISE_CORRELATION, phi);
    is_near(fitted, MEMQC_DEVICE_SIGMA, sample_a.sigma);
    memqc_device_destroy(&fitted);
    quiet.noise = 0;
    n = draw_levels(&quiet, 1);
    for (size_t i = 0; i < n; i++)
        g[i] *= (float)(1 + relative * normal_number(&random));
    OK(fit_readings(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR, n, &fitted));
    is_near(fitted, MEMQC_DEVICE_READ_NOISE_RELATIVE, relative);
    ck_assert_double_eq(get(fitted, MEMQC_DEVICE_READ_NOISE), 0);
    is_near(fitted, MEMQC_DEVICE_K, sample_a.k);
    memqc_device_destroy(&fitted);
}
END_TEST

static void swap(int32_t *column, size_t i, size_t j) {
    const int32_t kept = column[i];
    column[i] = column[j];
    column[j] = kept;
}

START_TEST(rows_may_come_in_any_order) {
    const size_t n = draw_levels(&sample_a, 1);
    uint64_t random = 5;
    memqc_device *first, *second;
    OK(fit_readings(MEMQC_DEVICE_QUANTIZED, n, &first));
    for (size_t i = n - 1; i > 0; i--) {
        const size_t j = dirt_random(&random) % (i + 1);
        const float kept = g[i];
        g[i] = g[j];
        g[j] = kept;
        swap(cycle_of, i, j);
        swap(pulse_of, i, j);
        swap(read_of, i, j);
    }
    OK(fit_readings(MEMQC_DEVICE_QUANTIZED, n, &second));
    are_same(first, second);
    memqc_device_destroy(&first);
    memqc_device_destroy(&second);
}
END_TEST

/* One reading a pulse, whatever its number, is no news; nor are others that are equal to it. */
START_TEST(readings_that_add_nothing_change_nothing) {
    struct levels quiet = sample_a;
    quiet.noise = 0;
    size_t n = draw_levels(&quiet, 1), kept = 0;
    memqc_device *equal, *numbered, *plain;
    OK(fit_readings(MEMQC_DEVICE_QUANTIZED, n, &equal));
    for (size_t i = 0; i < n; i += READS, kept++) {
        g[kept] = g[i];
        cycle_of[kept] = cycle_of[i];
        pulse_of[kept] = pulse_of[i];
        read_of[kept] = (int32_t)(i % 5);
    }
    OK(fit_readings(MEMQC_DEVICE_QUANTIZED, kept, &numbered));
    OK(fit(MEMQC_DEVICE_QUANTIZED, kept, NULL, cycle_of, pulse_of, NULL, g, &plain));
    are_same(equal, plain);
    are_same(numbered, plain);
    ck_assert_double_eq(get(equal, MEMQC_DEVICE_READ_NOISE), 0);
    ck_assert_int_eq(noise_of(equal), MEMQC_DEVICE_FIT_NOISE_READS);
    ck_assert_int_eq(noise_of(numbered), MEMQC_DEVICE_FIT_NOISE_UNKNOWN);
    ck_assert_int_eq(noise_of(plain), MEMQC_DEVICE_FIT_NOISE_UNKNOWN);
    ck_assert_uint_eq(rows_left_out(equal), 0);
    memqc_device_destroy(&equal);
    memqc_device_destroy(&numbered);
    memqc_device_destroy(&plain);
}
END_TEST

START_TEST(the_course_of_pulses_tells_unless_it_is_short) {
    static const struct {
        int32_t cycles, code;
    } cases[] = {{8, MEMQC_DEVICE_FIT_NOISE_COURSE}, {1, MEMQC_DEVICE_FIT_NOISE_UNKNOWN}};
    for (size_t c = 0; c < COUNT(cases); c++) {
        struct soft_bounds quiet = soft_cell;
        quiet.noise = 0;
        const size_t n = draw_soft_bounds(&quiet, cases[c].cycles, 3);
        size_t kept = 0;
        memqc_device *fitted;
        for (size_t i = 0; i < n; i += READS, kept++) {
            g[kept] = g[i];
            cycle_of[kept] = cycle_of[i];
            pulse_of[kept] = pulse_of[i];
            direction_of[kept] = direction_of[i];
        }
        OK(fit(MEMQC_DEVICE_SOFT_BOUNDS, kept, NULL, cycle_of, pulse_of, direction_of, g, &fitted));
        ck_assert_int_eq(noise_of(fitted), cases[c].code);
        memqc_device_destroy(&fitted);
    }
}
END_TEST

START_TEST(wrong_numbers_are_refused_by_row) {
    const size_t n = draw_levels(&sample_a, 1);
    memqc_device *fitted;
    read_of[100] = read_of[101];
    FAILS(MEMQC_ERROR_DATA, "has read 2 twice, in rows 100 and 101",
          fit_readings(MEMQC_DEVICE_QUANTIZED, n, &fitted));
    ck_assert_ptr_null(fitted);
    read_of[100] = -1;
    FAILS(MEMQC_ERROR_DATA, "read[100] = -1", fit_readings(MEMQC_DEVICE_QUANTIZED, n, &fitted));
    read_of[100] = 1;
    direction_of[100] = 1;
    FAILS(MEMQC_ERROR_DATA, "direction -1 in row 99 and 1 in row 100",
          fit_readings(MEMQC_DEVICE_QUANTIZED, n, &fitted));
}
END_TEST

/* One of three readings is wrong: it is left out, the others stay. */
START_TEST(a_misread_is_left_out) {
    const size_t n = draw_levels(&sample_a, 1);
    memqc_device *fitted;
    g[301] = 4e-3f;
    g[400] = 9.9e37f;
    OK(fit_readings(MEMQC_DEVICE_QUANTIZED, n, &fitted));
    ck_assert_uint_eq(rows_left_out(fitted), 2);
    is_near(fitted, MEMQC_DEVICE_SIGMA, sample_a.sigma);
    is_near(fitted, MEMQC_DEVICE_READ_NOISE, sample_a.noise);
    memqc_device_destroy(&fitted);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("device_fit_reads");
    TCase *tests = add_group(suite, "reads", NULL);
    tcase_add_loop_test(tests, noises_of_levels_are_told_apart, 0, 3);
    tcase_add_loop_test(tests, noises_of_pulses_are_told_apart, 0, 2);
    tcase_add_test(tests, other_noises_of_readings_are_found);
    tcase_add_test(tests, rows_may_come_in_any_order);
    tcase_add_test(tests, readings_that_add_nothing_change_nothing);
    tcase_add_test(tests, the_course_of_pulses_tells_unless_it_is_short);
    tcase_add_test(tests, wrong_numbers_are_refused_by_row);
    tcase_add_test(tests, a_misread_is_left_out);
    return run_suite(suite);
}
