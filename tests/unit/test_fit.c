/* SPDX-License-Identifier: BSD-3-Clause */
/* Fits of curves that the library draws itself: what was put in must come out, within its standard
 * errors. */
#include "test.h"

#include <math.h>

enum { CYCLES = 12, LEVELS = 32, ROWS = CYCLES * LEVELS, SEEDS = 100, MOST = 8192, TRAIN = 32 };

static float g[MOST];
static int32_t device_of[MOST], cycle_of[MOST], pulse_of[MOST], direction_of[MOST];

static double get(const memqc_device *d, int32_t key) {
    double value;
    OK(memqc_device_get(d, key, &value));
    return value;
}

static double report(const memqc_device *d, int32_t what, int32_t which) {
    double value;
    OK(memqc_device_fit_value(d, what, which, &value));
    return value;
}

static double error_of(const memqc_device *d, int32_t key) {
    return report(d, MEMQC_DEVICE_FIT_STANDARD_ERROR, key);
}

/* How many standard errors lie between an estimate and the truth. */
static double off(const memqc_device *fitted, int32_t key, double truth) {
    return (get(fitted, key) - truth) / error_of(fitted, key);
}

static memqc_device *staircases(double sigma, double k, uint64_t seed) {
    memqc_device *d;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_SIGMA, sigma));
    OK(memqc_device_set(d, MEMQC_DEVICE_K, k));
    OK(memqc_device_seed(d, seed));
    OK(memqc_device_staircase(d, 0, 0, CYCLES, g, LEVELS, NULL));
    for (int32_t i = 0; i < ROWS; i++) {
        cycle_of[i] = i / LEVELS;
        pulse_of[i] = i % LEVELS + 1;
    }
    return d;
}

static memqc_device *fit_staircases(int32_t model) {
    memqc_device *fitted;
    OK(memqc_device_fit(model, ROWS, NULL, cycle_of, pulse_of, NULL, g, &fitted));
    return fitted;
}

struct tally {
    int k, sigma, law[3], pulsed;
};

static struct tally hundred_fits(int32_t model, double sigma, double k) {
    struct tally tally = {0, 0, {0, 0, 0}, 0};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        memqc_device *d = staircases(sigma, k, seed), *best = fit_staircases(model),
                     *linear = fit_staircases(MEMQC_DEVICE_FIT_QUANTIZED_LINEAR);
        const int32_t candidate = (int32_t)report(best, MEMQC_DEVICE_FIT_CANDIDATE, 0);
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
    const struct tally a = hundred_fits(0, MEMQC_G0, 0.03);
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

/* The fitted device is the drawn one: its levels' closed forms agree. */
START_TEST(fitted_device_draws_alike) {
    memqc_device *d = staircases(MEMQC_G0, 0.03, 5),
                 *fitted = fit_staircases(MEMQC_DEVICE_QUANTIZED);
    int32_t model;
    OK(memqc_device_model(fitted, &model));
    ck_assert_int_eq(model, MEMQC_DEVICE_QUANTIZED);
    ck_assert_double_eq(get(fitted, MEMQC_DEVICE_STATES), LEVELS);
    for (int32_t level = 1; level <= LEVELS; level++) {
        double nominal, mean, sd, fitted_nominal, fitted_mean, fitted_sd;
        OK(memqc_device_level(d, level, &nominal, &mean, &sd));
        OK(memqc_device_level(fitted, level, &fitted_nominal, &fitted_mean, &fitted_sd));
        ck_assert_double_eq_tol(
            fitted_nominal, nominal,
            5 * hypot(error_of(fitted, MEMQC_DEVICE_G_MAX), error_of(fitted, MEMQC_DEVICE_G_MIN)));
        ck_assert_double_eq_tol(fitted_sd, sd,
                                5 * hypot(error_of(fitted, MEMQC_DEVICE_SIGMA),
                                          LEVELS * MEMQC_G0 * error_of(fitted, MEMQC_DEVICE_K)));
    }
    ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_POINTS, 0), ROWS - CYCLES);
    ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_CYCLES, 0), CYCLES);
    ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_DEVICES, 0), 1);
    ck_assert_double_gt(report(fitted, MEMQC_DEVICE_FIT_KS_P, 0), 1e-3);
    ck_assert_double_eq_tol(report(fitted, MEMQC_DEVICE_FIT_AIC, 0),
                            2 * report(fitted, MEMQC_DEVICE_FIT_PARAMETERS, 0) -
                                2 * report(fitted, MEMQC_DEVICE_FIT_LOG_LIKELIHOOD, 0),
                            1e-9);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
}
END_TEST

static const int32_t pulsed_models[] = {MEMQC_DEVICE_CONSTANT,    MEMQC_DEVICE_LINEAR,
                                        MEMQC_DEVICE_SOFT_BOUNDS, MEMQC_DEVICE_EXPONENTIAL,
                                        MEMQC_DEVICE_POWER,       MEMQC_DEVICE_NEUROSIM,
                                        MEMQC_DEVICE_TABLE};

/* Devices whose trains of TRAIN pulses show what makes their model. */
static memqc_device *pulsed(int32_t model, uint64_t seed) {
    static const struct {
        int32_t model;
        struct setting set[6];
    } devices[] = {
        {MEMQC_DEVICE_CONSTANT, {{MEMQC_DEVICE_STATES, 25}}},
        {MEMQC_DEVICE_LINEAR,
         {{MEMQC_DEVICE_STATES, 17}, {MEMQC_DEVICE_SLOPE_UP, 0.7}, {MEMQC_DEVICE_SLOPE_DOWN, 0.3}}},
        {MEMQC_DEVICE_SOFT_BOUNDS, {{MEMQC_DEVICE_STATES, 9}}},
        {MEMQC_DEVICE_EXPONENTIAL,
         {{MEMQC_DEVICE_STATES, 15},
          {MEMQC_DEVICE_GAMMA_UP, 6},
          {MEMQC_DEVICE_GAMMA_DOWN, 6},
          {MEMQC_DEVICE_A_UP, 0.04},
          {MEMQC_DEVICE_A_DOWN, 0.04}}},
        {MEMQC_DEVICE_POWER,
         {{MEMQC_DEVICE_STATES, 9}, {MEMQC_DEVICE_POWER_UP, 2}, {MEMQC_DEVICE_POWER_DOWN, 1.6}}},
        {MEMQC_DEVICE_NEUROSIM,
         {{MEMQC_DEVICE_PULSES_UP, TRAIN},
          {MEMQC_DEVICE_PULSES_DOWN, TRAIN},
          {MEMQC_DEVICE_NL_DOWN, -3}}},
        {MEMQC_DEVICE_TABLE, {{0, 0}}},
    };
    static const float nodes[] = {10e-6f, 40e-6f, 60e-6f, 100e-6f},
                       steps[] = {6e-6f, 1.5e-6f, 6e-6f, 1e-6f};
    memqc_device *d;
    OK(memqc_device_create(model, &d));
    OK(memqc_device_seed(d, seed));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MAX, 100e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_G_MIN, 10e-6));
    OK(memqc_device_set(d, MEMQC_DEVICE_C2C_STEP, 0.3));
    for (size_t i = 0; i < 6 && devices[model - 2].set[i].key; i++)
        OK(memqc_device_set(d, devices[model - 2].set[i].key, devices[model - 2].set[i].value));
    for (int32_t way = -1; way < 2 && model == MEMQC_DEVICE_TABLE; way += 2)
        OK(memqc_device_set_table(d, way, 4, nodes, steps));
    return d;
}

/* Cycles of TRAIN pulses up and as many down. */
static size_t trains(const memqc_device *d, size_t devices, int32_t cycles) {
    size_t n = 0;
    for (size_t c = 0; c < devices; c++) {
        float state;
        uint64_t draw = 0;
        for (int32_t cycle = 0; cycle < cycles; cycle++) {
            OK(memqc_device_cells(d, MEMQC_DEVICE_G_MIN, c, 1, &state));
            for (int32_t p = 1; p <= 2 * TRAIN; p++, n++) {
                direction_of[n] = p <= TRAIN ? 1 : -1;
                OK(memqc_device_pulse(d, c, draw++, 1, direction_of[n], &state, NULL, NULL));
                g[n] = state;
                device_of[n] = (int32_t)c;
                cycle_of[n] = cycle;
                pulse_of[n] = p;
            }
        }
    }
    return n;
}

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
        OK(memqc_device_fit(0, n, NULL, cycle_of, pulse_of, direction_of, g, &fitted));
        int32_t got;
        OK(memqc_device_model(fitted, &got));
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

START_TEST(order_of_rows_does_not_matter) {
    static float shuffled[ROWS];
    static int32_t cycles[ROWS], pulses[ROWS];
    memqc_device *d = staircases(MEMQC_G0, 0.03, 3), *a = fit_staircases(MEMQC_DEVICE_QUANTIZED),
                 *b;
    for (size_t i = 0; i < ROWS; i++) {
        const size_t from = (i * 175) % ROWS; /* 175 and 384 have no common divisor */
        shuffled[i] = g[from];
        cycles[i] = cycle_of[from];
        pulses[i] = pulse_of[from];
    }
    OK(memqc_device_fit(MEMQC_DEVICE_QUANTIZED, ROWS, NULL, cycles, pulses, NULL, shuffled, &b));
    for (int32_t key = 1; key <= MEMQC_DEVICE_K; key++)
        ck_assert_double_eq(get(a, key), get(b, key));
    memqc_device_destroy(&d);
    memqc_device_destroy(&a);
    memqc_device_destroy(&b);
}
END_TEST

/* 5 % gross errors: the estimates stay within a few of the standard errors of clean data, and most
 * errors are found. */
START_TEST(outliers_do_not_ruin_it) {
    for (uint64_t seed = 1; seed <= 10; seed++) {
        memqc_device *d = staircases(MEMQC_G0, 0.03, seed);
        for (size_t i = 0; i < 19; i++)
            g[(i * 20 + seed) % ROWS] = (float)(60 * MEMQC_G0);
        memqc_device *fitted = fit_staircases(0);
        ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_CANDIDATE, 0),
                            MEMQC_DEVICE_FIT_QUANTIZED_LINEAR);
        ck_assert_double_ge(report(fitted, MEMQC_DEVICE_FIT_OUTLIERS, 0),
                            16); /* up to three are the first of their cycle */
        ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_K, 0.03)), 5);
        ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_SIGMA, MEMQC_G0)), 5);
        ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_G_MAX, 16 * MEMQC_G0)), 5);
        memqc_device_destroy(&d);
        memqc_device_destroy(&fitted);
    }
}
END_TEST

START_TEST(misread_pulses_are_bridged) {
    memqc_device *d = pulsed(MEMQC_DEVICE_SOFT_BOUNDS, 4), *fitted;
    const size_t n = trains(d, 1, 6);
    for (size_t i = 7; i < n; i += 40)
        g[i] = 300e-6f;
    OK(memqc_device_fit(MEMQC_DEVICE_SOFT_BOUNDS, n, NULL, cycle_of, pulse_of, direction_of, g,
                        &fitted));
    ck_assert_double_ge(report(fitted, MEMQC_DEVICE_FIT_OUTLIERS, 0), 9);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_STEP, get(d, MEMQC_DEVICE_STEP))), 5);
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_C2C_STEP, 0.3)), 5);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
}
END_TEST

/* Spreads over 12 devices: as far from the truth as their standard errors say, over the seeds. */
START_TEST(spread_of_devices_is_recovered) {
    static const struct setting spreads[] = {{MEMQC_DEVICE_D2D_G_MAX, 0.1},
                                             {MEMQC_DEVICE_D2D_G_MIN, 0.2},
                                             {MEMQC_DEVICE_D2D_STEP, 0.2},
                                             {MEMQC_DEVICE_D2D_NOISE, 0.3}};
    int within = 0, all = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        memqc_device *d = pulsed(MEMQC_DEVICE_SOFT_BOUNDS, seed), *fitted;
        for (size_t i = 0; i < 4; i++)
            OK(memqc_device_set(d, spreads[i].key, spreads[i].value));
        const size_t n = trains(d, 12, 6);
        OK(memqc_device_fit(MEMQC_DEVICE_SOFT_BOUNDS, n, device_of, cycle_of, pulse_of,
                            direction_of, g, &fitted));
        ck_assert_double_eq(report(fitted, MEMQC_DEVICE_FIT_DEVICES, 0), 12);
        for (size_t i = 0; i < 4; i++, all++) {
            ck_assert_double_gt(error_of(fitted, spreads[i].key), 0);
            ck_assert_double_lt(fabs(off(fitted, spreads[i].key, spreads[i].value)), 5);
            within += fabs(off(fitted, spreads[i].key, spreads[i].value)) <= 2;
        }
        memqc_device_destroy(&d);
        memqc_device_destroy(&fitted);
    }
    ck_assert_int_ge(within, all * 3 / 4);
}
END_TEST

START_TEST(copies_have_the_report_and_others_none) {
    memqc_device *d = staircases(MEMQC_G0, 0.03, 1),
                 *fitted = fit_staircases(MEMQC_DEVICE_QUANTIZED), *copy;
    double value;
    FAILS(MEMQC_ERROR_STATE, "memqc_device_fit()",
          memqc_device_fit_value(d, MEMQC_DEVICE_FIT_BIC, 0, &value));
    OK(memqc_device_copy(fitted, &copy));
    ck_assert_double_eq(report(copy, MEMQC_DEVICE_FIT_BIC, 0),
                        report(fitted, MEMQC_DEVICE_FIT_BIC, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "what = 14", memqc_device_fit_value(fitted, 14, 0, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "which = 77",
          memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_BIC, 77, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "which = 2",
          memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_POINTS, 2, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "key",
          memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_STANDARD_ERROR, 0, &value));
    FAILS(MEMQC_ERROR_STATE, "candidate",
          memqc_device_fit_value(fitted, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_POWER, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_device_fit_value(NULL, 1, 1, &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "NULL", memqc_device_fit_value(fitted, 1, 1, NULL));
    memqc_device_destroy(&d);
    memqc_device_destroy(&copy);
    memqc_device_destroy(&fitted);
}
END_TEST

static void refused(memqc_status status, const char *word, size_t n) {
    memqc_device *out = (memqc_device *)(void *)g;
    FAILS(status, word, memqc_device_fit(0, n, NULL, cycle_of, pulse_of, direction_of, g, &out));
    ck_assert_ptr_null(out);
}

START_TEST(what_cannot_be_fitted_is_refused) {
    memqc_device *d = staircases(MEMQC_G0, 0.03, 1), *out = NULL;
    for (size_t i = 0; i < ROWS; i++)
        direction_of[i] = -1;
    refused(MEMQC_ERROR_DATA, "n = 8 rows", 8);
    refused(MEMQC_ERROR_DATA, "n = 0 rows", 0);
    g[17] = -1e-9f;
    refused(MEMQC_ERROR_DATA, "g[17]", ROWS);
    g[17] = NAN;
    refused(MEMQC_ERROR_DATA, "g[17]", ROWS);
    g[17] = 1e-3f;
    pulse_of[17] = 17;
    refused(MEMQC_ERROR_DATA, "pulse 17 twice, in rows 16 and 17", ROWS);
    pulse_of[17] = -18;
    refused(MEMQC_ERROR_DATA, "pulse[17]", ROWS);
    pulse_of[17] = 18;
    direction_of[9] = 0;
    refused(MEMQC_ERROR_DATA, "direction[9]", ROWS);
    direction_of[9] = -1;
    for (size_t i = 0; i < ROWS; i++)
        cycle_of[i] = (int32_t)i;
    refused(MEMQC_ERROR_DATA, "has 0 points", ROWS);
    for (size_t i = 0; i < ROWS; i++)
        g[i] = 1e-4f, cycle_of[i] = (int32_t)(i / LEVELS);
    refused(MEMQC_ERROR_DATA, "constant", ROWS);
    FAILS(MEMQC_ERROR_ARGUMENT, "model = 9",
          memqc_device_fit(9, ROWS, NULL, cycle_of, pulse_of, NULL, g, &out));
    FAILS(MEMQC_ERROR_ARGUMENT, "pulse is NULL",
          memqc_device_fit(0, ROWS, NULL, cycle_of, NULL, NULL, g, &out));
    FAILS(MEMQC_ERROR_ARGUMENT, "g is NULL",
          memqc_device_fit(0, ROWS, NULL, cycle_of, pulse_of, NULL, NULL, &out));
    FAILS(MEMQC_ERROR_ARGUMENT, "out is NULL",
          memqc_device_fit(0, ROWS, NULL, cycle_of, pulse_of, NULL, g, NULL));
    memqc_device_destroy(&d);
    memqc_device *up = pulsed(MEMQC_DEVICE_CONSTANT, 1); /* potentiation alone: level 1 and no other
                                                            */
    trains(up, 1, 1);
    FAILS(MEMQC_ERROR_DATA, "3 .. 4096 levels",
          memqc_device_fit(MEMQC_DEVICE_QUANTIZED, TRAIN, NULL, cycle_of, pulse_of, direction_of, g,
                           &out));
    memqc_device_destroy(&up);
}
END_TEST

/* Curves without any noise, and curves with gaps. */
START_TEST(ideal_and_thinned_curves_are_fitted) {
    memqc_device *d = staircases(0, 0.03, 1), *fitted = fit_staircases(0);
    ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_G_MAX), 16 * MEMQC_G0, 1e-6 * MEMQC_G0);
    ck_assert_double_eq_tol(get(fitted, MEMQC_DEVICE_G_MIN), 0.5 * MEMQC_G0, 1e-6 * MEMQC_G0);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
    d = pulsed(MEMQC_DEVICE_SOFT_BOUNDS, 2);
    size_t n = trains(d, 1, 12), kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (i % 3 == 1)
            continue;
        g[kept] = g[i];
        cycle_of[kept] = cycle_of[i];
        pulse_of[kept] = pulse_of[i];
        direction_of[kept++] = direction_of[i];
    }
    OK(memqc_device_fit(MEMQC_DEVICE_SOFT_BOUNDS, kept, NULL, cycle_of, pulse_of, direction_of, g,
                        &fitted));
    ck_assert_double_lt(fabs(off(fitted, MEMQC_DEVICE_STEP, get(d, MEMQC_DEVICE_STEP))), 5);
    memqc_device_destroy(&d);
    memqc_device_destroy(&fitted);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("fit");
    TCase *tests = tcase_create("fit");
    tcase_set_timeout(tests, 0);
    tcase_add_test(tests, fitted_device_draws_alike);
    tcase_add_test(tests, order_of_rows_does_not_matter);
    tcase_add_test(tests, outliers_do_not_ruin_it);
    tcase_add_test(tests, misread_pulses_are_bridged);
    tcase_add_test(tests, spread_of_devices_is_recovered);
    tcase_add_test(tests, copies_have_the_report_and_others_none);
    tcase_add_test(tests, what_cannot_be_fitted_is_refused);
    tcase_add_test(tests, ideal_and_thinned_curves_are_fitted);
    suite_add_tcase(suite, tests);
    TCase *many = tcase_create("many"); /* fits by the hundred: a round of its own, not for valgrind
                                           */
    tcase_set_timeout(many, 0);
    tcase_add_test(many, paper_staircases_are_recovered);
    tcase_add_test(many, constant_noise_is_told_from_linear);
    tcase_add_loop_test(many, every_pulsed_model_is_found, 0, COUNT(pulsed_models));
    suite_add_tcase(suite, many);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
