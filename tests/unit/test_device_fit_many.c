/* SPDX-License-Identifier: BSD-3-Clause */
/* Fits by the hundred: what was put in must come out, within its standard errors. */
#include "fits.h"

#include <math.h>

struct tally {
    int k, sigma, law[3], pulsed;
};

static struct tally hundred_fits(int32_t model, double sigma, double k) {
    struct tally tally = {0, 0, {0, 0, 0}, 0};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        memqc_device *d = staircases(sigma, k, seed), *best = fit_staircases(model),
                     *linear = fit_staircases(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR);
        const int32_t candidate =
            (int32_t)report(best, MEMQC_DEVICE_FIT_CANDIDATE, MEMQC_DEVICE_FIT_BEST);
        if (candidate >= MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT)
            tally.law[candidate - MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT]++;
        else
            tally.pulsed++;
        tally.k += fabs(off(linear, MEMQC_DEVICE_K, k)) <= 2;
        tally.sigma += fabs(off(linear, MEMQC_DEVICE_SIGMA, sigma)) <= 2;
        memqc_device_destroy(&d);
        memqc_device_destroy(&best);
        memqc_device_destroy(&linear);
    }
    return tally;
}

START_TEST(paper_staircases_are_recovered) {
    const struct tally a = hundred_fits(MEMQC_DEVICE_FIT_BEST, MEMQC_G0, 0.03);
    ck_assert_int_ge(a.k, 90);
    ck_assert_int_ge(a.sigma, 90);
    ck_assert_int_ge(a.law[1], 90);
    ck_assert_int_eq(a.pulsed, 0);
}
END_TEST

START_TEST(constant_noise_is_told_from_linear) {
    const struct tally t = hundred_fits(MEMQC_DEVICE_QUANTIZED, MEMQC_G0, 0);
    ck_assert_int_ge(t.k, 90);
    ck_assert_int_ge(t.sigma, 90);
    ck_assert_int_ge(t.law[0], 90);
}
END_TEST

static const int32_t pulsed_models[] = {MEMQC_DEVICE_CONSTANT,    MEMQC_DEVICE_LINEAR,
                                        MEMQC_DEVICE_SOFT_BOUNDS, MEMQC_DEVICE_EXPONENTIAL,
                                        MEMQC_DEVICE_POWER,       MEMQC_DEVICE_NEUROSIM,
                                        MEMQC_DEVICE_TABLE};

START_TEST(every_pulsed_model_is_found) {
    const int32_t model = pulsed_models[_i];
    static const int32_t keys[] = {
        MEMQC_DEVICE_G_MAX,      MEMQC_DEVICE_G_MIN,    MEMQC_DEVICE_STEP,
        MEMQC_DEVICE_ASYMMETRY,  MEMQC_DEVICE_SLOPE_UP, MEMQC_DEVICE_A_DOWN,
        MEMQC_DEVICE_POWER_UP,   MEMQC_DEVICE_NL_UP,    MEMQC_DEVICE_NL_DOWN,
        MEMQC_DEVICE_SLOPE_DOWN, MEMQC_DEVICE_GAMMA_UP, MEMQC_DEVICE_C2C_STEP};
    int found = 0, known = 0, within = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        memqc_device *d = pulsed(model, seed), *fitted;
        const size_t n = trains(d, 1, 6);
        OK(fit(MEMQC_DEVICE_FIT_BEST, n, NULL, cycle_of, pulse_of, direction_of, g, &fitted));
        int32_t got;
        got = model_of(fitted);
        found += got == model;
        for (size_t i = 0; i < sizeof keys / sizeof *keys && got == model; i++) {
            if (keys[i] == MEMQC_DEVICE_C2C_STEP && model == MEMQC_DEVICE_CONSTANT)
                continue; /* the same as C2C_ABSOLUTE */
            if (!(error_of(fitted, keys[i]) > 0))
                continue;
            known++;
            within += fabs(off(fitted, keys[i], get(d, keys[i]))) <= 2.5;
        }
        memqc_device_destroy(&d);
        memqc_device_destroy(&fitted);
    }
    ck_assert_int_eq(found, 4);
    ck_assert_msg(model == MEMQC_DEVICE_TABLE || known >= 8, "%d parameters known", known);
    ck_assert_msg(within * 10 >= known * 9, "%d of %d within 2.5 standard errors", within, known);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("device_fit_many");
    TCase *many = add_group(suite, "many", NULL);
    tcase_add_test(many, paper_staircases_are_recovered);
    tcase_add_test(many, constant_noise_is_told_from_linear);
    tcase_add_loop_test(many, every_pulsed_model_is_found, 0, COUNT(pulsed_models));
    return run_suite(suite);
}
