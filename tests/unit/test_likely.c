/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices that curves allow, for the program fit: draws of the posterior, the bootstrap, and of two
 * models that describe the data alike. */
#include "fits.h"

#include "likely.h"

#include <math.h>

static struct curves curves = {
    .device = device_of, .cycle = cycle_of, .pulse = pulse_of, .direction = direction_of, .g = g};

/* Staircases of sample A: 12 cycles of one device, or of three with 4 each. */
static memqc_device *fit_levels(int32_t devices) {
    memqc_device *device = staircases(MEMQC_G0, 0.03, 7),
                 *fitted = fit_staircases(MEMQC_DEVICE_QUANTIZED);
    curves.n = ROWS;
    for (int32_t i = 0; i < ROWS; i++) {
        device_of[i] = cycle_of[i] % devices;
        direction_of[i] = -1;
    }
    memqc_device_destroy(&device);
    return fitted;
}

/* The sd of a parameter over 60 draws. */
static double spread_of(const struct likely *likely, int32_t key) {
    enum { DRAWS = 60 };
    double sum = 0, squares = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        memqc_device *drawn = NULL;
        OK(likely_draw(likely, i, &drawn));
        const double value = get(drawn, key);
        sum += value / DRAWS;
        squares += value * value / DRAWS;
        memqc_device_destroy(&drawn);
    }
    return sqrt(fmax(squares - sum * sum, 0) * DRAWS / (DRAWS - 1));
}

START_TEST(draws_scatter_as_the_errors_of_the_fit) {
    memqc_device *fitted = fit_levels(1);
    struct likely likely;
    OK(likely_make(&likely, &curves, fitted, 3));
    ck_assert_int_eq(likely.way, LIKELY_POSTERIOR);
    ck_assert_ptr_null(likely.other); /* proportional noise is of the same model */
    ck_assert_uint_eq(likely.n_cycles, CYCLES);
    for (int way = 0; way < 2; way++) {
        likely.way = way ? LIKELY_BOOTSTRAP : LIKELY_POSTERIOR;
        const double part =
            spread_of(&likely, MEMQC_DEVICE_SIGMA) / error_of(fitted, MEMQC_DEVICE_SIGMA);
        ck_assert_msg(part > 0.6 && part < 1.6, "way %d: %g of the standard error", way, part);
    }
    likely.way = LIKELY_UNKNOWN;
    ck_assert_double_eq(spread_of(&likely, MEMQC_DEVICE_SIGMA), 0);
    likely_free(&likely);
    memqc_device_destroy(&fitted);
}
END_TEST

/* A table's noise has standard errors, its entries have none: draws of the noise alone would say too
 * little. */
START_TEST(tables_are_fitted_to_drawn_cycles) {
    memqc_device *quantized = fit_levels(1), *fitted = NULL;
    struct likely likely;
    const int32_t *const columns[] = {curves.device, curves.cycle, curves.pulse, curves.direction};
    OK(memqc_device_fit(MEMQC_DEVICE_TABLE, curves.n, 4, columns, curves.g, NULL, NULL, &fitted));
    OK(likely_make(&likely, &curves, fitted, 3));
    ck_assert_int_eq(likely.way, LIKELY_BOOTSTRAP);
    likely_free(&likely);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&quantized);
}
END_TEST

/* Devices stay devices: fits of their cycles in one are the same. */
START_TEST(a_bootstrap_draws_devices_too) {
    memqc_device *fitted = fit_levels(3), *a = NULL, *b = NULL;
    struct likely likely;
    OK(likely_make(&likely, &curves, fitted, 3));
    likely.way = LIKELY_BOOTSTRAP;
    OK(likely_draw(&likely, 5, &a));
    OK(likely_draw(&likely, 5, &b));
    ck_assert_double_eq(get(a, MEMQC_DEVICE_SIGMA), get(b, MEMQC_DEVICE_SIGMA));
    ck_assert_double_eq(report(a, MEMQC_DEVICE_FIT_DEVICES, MEMQC_DEVICE_FIT_BEST), 3);
    ck_assert_double_eq(report(a, MEMQC_DEVICE_FIT_CYCLES, MEMQC_DEVICE_FIT_BEST), CYCLES);
    memqc_device_destroy(&a);
    memqc_device_destroy(&b);
    likely_free(&likely);
    memqc_device_destroy(&fitted);
}
END_TEST

/* Where each pulse is read twice, draws of cycles keep both. */
START_TEST(a_bootstrap_keeps_repeated_reads) {
    static int32_t read_of[2 * ROWS];
    memqc_device *fitted = fit_levels(1), *drawn = NULL;
    struct likely likely;
    for (size_t i = 0; i < ROWS; i++) {
        read_of[ROWS + i] = 1;
        device_of[ROWS + i] = device_of[i];
        cycle_of[ROWS + i] = cycle_of[i];
        pulse_of[ROWS + i] = pulse_of[i];
        direction_of[ROWS + i] = -1;
        g[ROWS + i] = g[i] * (i % 2 ? 1.001F : 0.999F);
    }
    curves.n = 2 * ROWS;
    curves.read = read_of;
    OK(likely_make(&likely, &curves, fitted, 3));
    likely.way = LIKELY_BOOTSTRAP;
    OK(likely_draw(&likely, 0, &drawn));
    ck_assert_double_eq(report(drawn, MEMQC_DEVICE_FIT_CYCLES, MEMQC_DEVICE_FIT_BEST), CYCLES);
    curves.read = NULL;
    memqc_device_destroy(&drawn);
    likely_free(&likely);
    memqc_device_destroy(&fitted);
}
END_TEST

/* Two cycles of pulses whose noise is as large as they are. */
START_TEST(half_the_devices_are_of_the_other_model) {
    memqc_device *device = pulsed(MEMQC_DEVICE_SOFT_BOUNDS, 2), *fitted = NULL;
    struct likely likely;
    OK(memqc_device_set(device, MEMQC_DEVICE_C2C_STEP, 1));
    curves.n = trains(device, 1, 2);
    OK(fit(MEMQC_DEVICE_FIT_BEST, curves.n, device_of, cycle_of, pulse_of, direction_of, g,
           &fitted));
    ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_VERDICT, MEMQC_DEVICE_FIT_BEST),
                        MEMQC_DEVICE_FIT_VERDICT_AMBIGUOUS);
    OK(likely_make(&likely, &curves, fitted, 3));
    ck_assert_ptr_nonnull(likely.other);
    for (uint64_t i = 0; i < 4; i++) {
        memqc_device *drawn = NULL;
        OK(likely_draw(&likely, i, &drawn));
        ck_assert_double_eq(get(drawn, MEMQC_DEVICE_MODEL),
                            get(i % 2 ? likely.other : fitted, MEMQC_DEVICE_MODEL));
        memqc_device_destroy(&drawn);
    }
    likely_free(&likely);
    memqc_device_destroy(&fitted);
    memqc_device_destroy(&device);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("likely");
    TCase *group = add_group(suite, "likely", NULL);
    tcase_add_test(group, draws_scatter_as_the_errors_of_the_fit);
    tcase_add_test(group, tables_are_fitted_to_drawn_cycles);
    tcase_add_test(group, a_bootstrap_draws_devices_too);
    tcase_add_test(group, a_bootstrap_keeps_repeated_reads);
    tcase_add_test(group, half_the_devices_are_of_the_other_model);
    return run_suite(suite);
}
