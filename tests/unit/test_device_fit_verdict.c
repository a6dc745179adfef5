/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether a fit says in its verdict what it is worth. */
#include "fits.h"

static int32_t verdict(const memqc_device *fitted) {
    return (int32_t)report(fitted, MEMQC_DEVICE_FIT_VERDICT, MEMQC_DEVICE_FIT_BEST);
}

static int32_t runner_up(const memqc_device *fitted) {
    return (int32_t)report(fitted, MEMQC_DEVICE_FIT_RUNNER_UP, MEMQC_DEVICE_FIT_BEST);
}

static memqc_device *fit_trains(int32_t model, size_t n) {
    memqc_device *fitted;
    OK(fit(model, n, NULL, cycle_of, pulse_of, direction_of, g, &fitted));
    return fitted;
}

/* K = 0.03 is within 1 % of the K at which noise and levels vanish together. */
START_TEST(linear_and_proportional_noise_are_alike) {
    memqc_device *d = staircases(MEMQC_G0, 0.03, 5),
                 *fitted = fit_staircases(MEMQC_DEVICE_QUANTIZED);
    ck_assert_int_eq(verdict(fitted), MEMQC_DEVICE_FIT_VERDICT_AMBIGUOUS);
    ck_assert_int_eq(runner_up(fitted), MEMQC_DEVICE_FIT_QUANTIZED_PROPORTIONAL);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
}
END_TEST

START_TEST(one_candidate_that_passes_describes) {
    memqc_device *d = pulsed(MEMQC_DEVICE_SOFT_BOUNDS, 1),
                 *fitted = fit_trains(MEMQC_DEVICE_SOFT_BOUNDS, trains(d, 1, 6));
    ck_assert_int_eq(verdict(fitted), MEMQC_DEVICE_FIT_VERDICT_DESCRIBED);
    ck_assert_int_eq(runner_up(fitted), 0);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
}
END_TEST

/* Steps that rise and fall twice along the window have no formula. */
START_TEST(table_describes_what_no_formula_does) {
    int tables = 0;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        memqc_device *d = pulsed(MEMQC_DEVICE_TABLE, seed),
                     *fitted = fit_trains(MEMQC_DEVICE_FIT_BEST, trains(d, 1, 24));
        tables += verdict(fitted) == MEMQC_DEVICE_FIT_VERDICT_TABLE;
        memqc_device_destroy(&d);
        memqc_device_destroy(&fitted);
    }
    ck_assert_int_ge(tables, 2);
}
END_TEST

/* Noise that takes two values is no law of any candidate. */
START_TEST(nothing_describes_noise_of_two_values) {
    for (int32_t i = 0; i < ROWS; i++) {
        cycle_of[i] = i / LEVELS;
        pulse_of[i] = i % LEVELS + 1;
        g[i] = 1e-3f - 2e-5f * (float)(i % LEVELS) +
               (((uint32_t)i * 2654435761u >> 16) & 1 ? 1e-4f : -1e-4f);
    }
    memqc_device *fitted = fit_staircases(MEMQC_DEVICE_QUANTIZED), *copy;
    ck_assert_int_eq(verdict(fitted), MEMQC_DEVICE_FIT_VERDICT_NOTHING);
    ck_assert_int_eq(runner_up(fitted), 0);
    OK(memqc_device_copy(fitted, &copy));
    ck_assert_int_eq(verdict(copy), MEMQC_DEVICE_FIT_VERDICT_NOTHING);
    memqc_device_destroy(&copy);
    memqc_device_destroy(&fitted);
}
END_TEST

/* Half of the points of these trains stand on a bound. */
START_TEST(points_on_bounds_do_not_reject_the_right_model) {
    static const int32_t models[] = {MEMQC_DEVICE_CONSTANT, MEMQC_DEVICE_LINEAR};
    enum { TRIALS = 20 };
    int passed = 0, on_bounds = 0;
    for (uint64_t seed = 1; seed <= TRIALS; seed++) {
        memqc_device *d = pulsed(models[_i], seed);
        OK(memqc_device_set(d, MEMQC_DEVICE_STATES, 9));
        memqc_device *fitted = fit_trains(models[_i], trains(d, 1, 12));
        passed += verdict(fitted) == MEMQC_DEVICE_FIT_VERDICT_DESCRIBED;
        on_bounds += report(fitted, MEMQC_DEVICE_FIT_AT_BOUNDS, MEMQC_DEVICE_FIT_BEST) > 100;
        memqc_device_destroy(&d);
        memqc_device_destroy(&fitted);
    }
    ck_assert_int_eq(on_bounds, TRIALS);
    ck_assert_int_ge(passed, TRIALS - 2);
}
END_TEST

START_TEST(verdicts_are_of_the_whole) {
    memqc_device *d = staircases(MEMQC_G0, 0.03, 5),
                 *fitted = fit_staircases(MEMQC_DEVICE_QUANTIZED);
    double value;
    FAILS(MEMQC_ERROR_ARGUMENT, "wh",
          memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_VERDICT, MEMQC_DEVICE_LINEAR, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "wh",
          memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_SET_RESET_CORRELATION + 1,
                                 MEMQC_DEVICE_FIT_BEST, &value));
    FAILS(MEMQC_ERROR_STATE, "memqc_device_fit()",
          memqc_device_fit_value(d, MEMQC_DEVICE_FIT_VERDICT, MEMQC_DEVICE_FIT_BEST, &value));
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("device_fit_verdict");
    TCase *tests = add_group(suite, "verdict", NULL);
    tcase_add_test(tests, linear_and_proportional_noise_are_alike);
    tcase_add_test(tests, one_candidate_that_passes_describes);
    tcase_add_test(tests, table_describes_what_no_formula_does);
    tcase_add_test(tests, nothing_describes_noise_of_two_values);
    tcase_add_loop_test(tests, points_on_bounds_do_not_reject_the_right_model, 0, 2);
    tcase_add_test(tests, verdicts_are_of_the_whole);
    return run_suite(suite);
}
