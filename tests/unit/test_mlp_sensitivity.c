/* SPDX-License-Identifier: BSD-3-Clause */
/* What limits a trained network: losses and limits against Monte-Carlo runs on devices made by hand.
 */
#include "sensitivity.h"

#include "core/crossed.h"

/* --- a trained network --- */

enum { INSTANCES = 10 };

static void ask(memqc_mlp *mlp, const memqc_device *device, int32_t property, double target,
                size_t threads) {
    OK(set_study(mlp, 1e3, INSTANCES, threads, target));
    OK(memqc_mlp_sensitivity(mlp, device, property, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels,
                             limits_of(property)));
}

static double mean_of(memqc_mlp *mlp, const memqc_device *device) {
    double accuracies[INSTANCES], mean, sd;
    run(mlp, device, 1e3, INSTANCES, 1, accuracies);
    mqc_mean_sd(INSTANCES, accuracies, &mean, &sd);
    return mean;
}

enum { HITS = (TASK_SAMPLES + 7) / 8 };

/* The mean accuracy, and which samples the instances are right about. */
static double hits_of(memqc_mlp *mlp, const memqc_device *device, uint8_t *hits) {
    double accuracies[INSTANCES];
    OK(set_study(mlp, 1e3, INSTANCES, 1, 0));
    OK(memqc_mlp_monte_carlo_hits(mlp, device, TASK_SAMPLES, task_x, TASK_INPUTS, task_labels,
                                  accuracies, hits));
    return mqc_crossed(INSTANCES, TASK_SAMPLES, hits, NULL).mean;
}

/* Is a limit, LOSS or GAIN, the difference between what two devices are right about? */
static void expect_difference(int32_t property, int32_t what, const uint8_t *better,
                              const uint8_t *worse) {
    double values[MEMQC_CROSSED_VALUES];
    const double high = 1 - mqc_crossed(INSTANCES, TASK_SAMPLES, worse, NULL).mean;
    const int32_t parts = what == MEMQC_MLP_LIMIT_LOSS ? MEMQC_MLP_LIMIT_LOSS_BY_INSTANCES
                                                       : MEMQC_MLP_LIMIT_GAIN_BY_INSTANCES;
    OK(memqc_crossed(INSTANCES, TASK_SAMPLES, better, worse, values));
    ck_assert_double_eq(limit(property, what), values[MEMQC_CROSSED_MEAN]);
    ck_assert_double_le(limit(property, what + 1), limit(property, what));
    if (what == MEMQC_MLP_LIMIT_GAIN)
        ck_assert_double_eq_tol(limit(property, what + 2), fmin(values[MEMQC_CROSSED_HIGH], high),
                                1e-12);
    for (int k = 0; k < 3; k++)
        ck_assert_double_eq(limit(property, parts + k), values[MEMQC_CROSSED_BY_ROWS + k]);
    ck_assert_double_eq(limit(property, parts + 3), values[MEMQC_CROSSED_ROWS_TO_HALVE]);
    ck_assert_double_eq(limit(property, parts + 4), values[MEMQC_CROSSED_COLUMNS_TO_HALVE]);
}

/* What stays of the device when a property is alone, by hand. */
static const struct {
    int32_t property;
    size_t n;
    struct setting kept[3];
} alone[] = {
    {MEMQC_MLP_PROPERTY_LEVELS, 1, {{MEMQC_DEVICE_STATES, 32}}},
    {MEMQC_MLP_PROPERTY_C2C, 1, {{MEMQC_DEVICE_SIGMA, 4 * MEMQC_G0}}},
    {MEMQC_MLP_PROPERTY_D2D, 1, {{MEMQC_DEVICE_D2D_G_MAX, 0.1}}},
    {MEMQC_MLP_PROPERTY_READ_NOISE,
     2,
     {{MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.05}, {MEMQC_DEVICE_RTN_AMPLITUDE, 0.2}}},
    {MEMQC_MLP_PROPERTY_FAULTS, 2, {{MEMQC_DEVICE_STUCK_ON, 0.01}, {MEMQC_DEVICE_STUCK_OFF, 0.02}}},
    {MEMQC_MLP_PROPERTY_DRIFT,
     2,
     {{MEMQC_DEVICE_DRIFT_NU, 0.02}, {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0.02}}}};

START_TEST(a_property_alone_is_that_device) {
    const struct setting fine = {MEMQC_DEVICE_STATES, 4096};
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    memqc_device *device = make_device("hfox-b", bad, COUNT(bad)),
                 *one = make_device("ideal", &fine, 1);
    uint8_t ideal[INSTANCES * HITS], by_hand[INSTANCES * HITS];
    hits_of(mlp, one, ideal);
    for (size_t i = 0; i < alone[_i].n; i++)
        OK(memqc_device_set(one, alone[_i].kept[i].key, alone[_i].kept[i].value));
    const double mean = hits_of(mlp, one, by_hand);
    ask(mlp, device, alone[_i].property, 0, 1);
    ck_assert_msg(limit(alone[_i].property, MEMQC_MLP_LIMIT_ACCURACY) == mean,
                  "accuracy %g, by hand %g", limit(alone[_i].property, MEMQC_MLP_LIMIT_ACCURACY),
                  mean);
    expect_difference(alone[_i].property, MEMQC_MLP_LIMIT_LOSS, ideal, by_hand);
    ck_assert(isnan(limit(alone[_i].property, MEMQC_MLP_LIMIT_FACTOR)));
    ck_assert(isnan(limit(alone[_i].property, MEMQC_MLP_LIMIT_REQUIRED)));
    memqc_device_destroy(&device);
    memqc_device_destroy(&one);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* The keys that a property has, as `alone`, and their ideals. */
static const struct {
    int32_t property;
    size_t n;
    struct setting without[4];
} company[] = {
    {MEMQC_MLP_PROPERTY_LEVELS, 1, {{MEMQC_DEVICE_STATES, 4096}}},
    {MEMQC_MLP_PROPERTY_C2C, 1, {{MEMQC_DEVICE_SIGMA, 0}}},
    {MEMQC_MLP_PROPERTY_D2D, 1, {{MEMQC_DEVICE_D2D_G_MAX, 0}}},
    {MEMQC_MLP_PROPERTY_READ_NOISE,
     2,
     {{MEMQC_DEVICE_READ_NOISE_RELATIVE, 0}, {MEMQC_DEVICE_RTN_AMPLITUDE, 0}}},
    {MEMQC_MLP_PROPERTY_FAULTS, 2, {{MEMQC_DEVICE_STUCK_ON, 0}, {MEMQC_DEVICE_STUCK_OFF, 0}}},
    {MEMQC_MLP_PROPERTY_DRIFT, 2, {{MEMQC_DEVICE_DRIFT_NU, 0}, {MEMQC_DEVICE_DRIFT_NU_SPREAD, 0}}}};

/* The gain is what a device by hand reaches that lacks this property alone. */
START_TEST(a_gain_is_that_of_the_device_without_it) {
    const int32_t property = company[_i].property;
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    memqc_device *device = make_device("hfox-b", bad, COUNT(bad)),
                 *without = make_device("hfox-b", bad, COUNT(bad));
    uint8_t better[INSTANCES * HITS], worse[INSTANCES * HITS];
    for (size_t i = 0; i < company[_i].n; i++)
        OK(memqc_device_set(without, company[_i].without[i].key, company[_i].without[i].value));
    hits_of(mlp, without, better);
    const double now = hits_of(mlp, device, worse);
    ask(mlp, device, property, 0, 2);
    ck_assert_double_eq(limit(property, MEMQC_MLP_LIMIT_DEVICE), now);
    expect_difference(property, MEMQC_MLP_LIMIT_GAIN, better, worse);
    memqc_device_destroy(&device);
    memqc_device_destroy(&without);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(all_together_are_the_device) {
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    memqc_device *device = make_device(presets[_i], bad, COUNT(bad));
    OK(set_wires(mlp, 0.5));
    ask(mlp, device, MEMQC_MLP_PROPERTY_ALL, 0, 2);
    const double mean = mean_of(mlp, device),
                 loss = limit(MEMQC_MLP_PROPERTY_ALL, MEMQC_MLP_LIMIT_LOSS);
    ck_assert_double_eq_tol(limit(MEMQC_MLP_PROPERTY_ALL, MEMQC_MLP_LIMIT_ACCURACY), mean, 1e-14);
    ck_assert_double_eq(limit(MEMQC_MLP_PROPERTY_ALL, MEMQC_MLP_LIMIT_GAIN), loss);
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(wires_alone) {
    const struct setting fine = {MEMQC_DEVICE_STATES, 4096};
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    memqc_device *device = make_device("hfox-b", NULL, 0), *ideal = make_device("ideal", &fine, 1);
    const int32_t wires = MEMQC_MLP_PROPERTY_WIRES;
    uint8_t hits[INSTANCES * HITS];
    ask(mlp, device, wires, 0.8, 1); /* the network has none: as much as there may be */
    ck_assert(limit(wires, MEMQC_MLP_LIMIT_VALUE) == 0 && limit(wires, MEMQC_MLP_LIMIT_LOSS) == 0);
    ck_assert(isnan(limit(wires, MEMQC_MLP_LIMIT_FACTOR)));
    const double ohm = limit(wires, MEMQC_MLP_LIMIT_REQUIRED);
    ck_assert_msg(ohm > 0.1 && ohm < 1e4, "%g ohm", ohm);
    const double low = limit(wires, MEMQC_MLP_LIMIT_REQUIRED_LOW);
    for (int more = 0; more < 2; more++) {
        OK(set_wires(mlp, ohm * (more ? 1.02 : 1)));
        const double mean = mean_of(mlp, ideal);
        ck_assert_msg((mean >= 0.8) == !more, "%g ohm: accuracy %g", ohm, mean);
        /* No instance differs, yet other samples might. */
        OK(set_wires(mlp, low * (more ? 1.02 : 1)));
        hits_of(mlp, ideal, hits);
        const struct mqc_crossed there = mqc_crossed(INSTANCES, TASK_SAMPLES, hits, NULL);
        ck_assert_double_gt(there.half, 0);
        ck_assert_msg((there.mean - there.half >= 0.8) == !more, "%g ohm: accuracy %g +- %g", low,
                      there.mean, there.half);
    }
    OK(set_wires(mlp, 2 * ohm));
    ask(mlp, device, wires, 0.8, 1);
    ck_assert(limit(wires, MEMQC_MLP_LIMIT_VALUE) == 2 * ohm &&
              limit(wires, MEMQC_MLP_LIMIT_ACCURACY) < 0.8);
    ck_assert(fabs(limit(wires, MEMQC_MLP_LIMIT_REQUIRED) / ohm - 1) < 0.05);
    ck_assert(fabs(limit(wires, MEMQC_MLP_LIMIT_FACTOR) * 2 - 1) < 0.05);
    memqc_device_destroy(&device);
    memqc_device_destroy(&ideal);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* A network of random weights, and what it says itself as labels: which finer weights reproduce
 * better. */
static memqc_mlp *make_teacher(void) {
    memqc_mlp *mlp = make(task_sizes, COUNT(task_sizes), NULL);
    OK(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
    OK(memqc_mlp_set(mlp, MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH));
    randomize(mlp, task_sizes, COUNT(task_sizes), 1);
    fill(COUNT(task_x), task_x, -1, 1);
    OK(memqc_mlp_predict(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, NULL, 0, task_labels));
    return mlp;
}

/* So many levels do, and one less does not. */
START_TEST(fewest_levels) {
    memqc_mlp *mlp = make_teacher();
    memqc_device *device = make_device("hfox-b", NULL, 0), *ideal = make_device("ideal", NULL, 0);
    const int32_t levels = MEMQC_MLP_PROPERTY_LEVELS;
    ask(mlp, device, levels, 0.93, 1);
    const double fewest = limit(levels, MEMQC_MLP_LIMIT_REQUIRED);
    ck_assert_msg(fewest > 3 && fewest < 40, "%g levels", fewest);
    ck_assert(limit(levels, MEMQC_MLP_LIMIT_VALUE) == 32);
    OK(memqc_device_set(ideal, MEMQC_DEVICE_STATES, fewest));
    ck_assert(mean_of(mlp, ideal) >= 0.93);
    OK(memqc_device_set(ideal, MEMQC_DEVICE_STATES, fewest - 1));
    ck_assert(mean_of(mlp, ideal) < 0.93);
    ask(mlp, device, levels, 0.01, 1); /* which two levels reach */
    ck_assert(limit(levels, MEMQC_MLP_LIMIT_REQUIRED) == 2 &&
              isinf(limit(levels, MEMQC_MLP_LIMIT_FACTOR)));
    memqc_device_destroy(&device);
    memqc_device_destroy(&ideal);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* The factor on everything: a device whose parameters are multiplied by hand reaches the target,
 * and with 2 % more does not. */
START_TEST(room_for_noise) {
    const struct setting fine = {MEMQC_DEVICE_STATES, 4096};
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    memqc_device *device = make_device("hfox-b", NULL, 0), *one = make_device("ideal", &fine, 1);
    ask(mlp, device, MEMQC_MLP_PROPERTY_C2C, 0.9, 1);
    const double factor = limit(MEMQC_MLP_PROPERTY_C2C, MEMQC_MLP_LIMIT_FACTOR);
    ck_assert_msg(factor > 0.01 && factor < 10, "factor %g", factor);
    for (int more = 0; more < 2; more++) {
        OK(memqc_device_set(one, MEMQC_DEVICE_SIGMA, 4 * MEMQC_G0 * factor * (more ? 1.021 : 1)));
        const double mean = mean_of(mlp, one);
        ck_assert_msg(more ? mean < 0.9 + 0.01 : mean >= 0.9, "%g times the noise, %d: accuracy %g",
                      factor, more, mean);
    }
    ask(mlp, device, MEMQC_MLP_PROPERTY_C2C, 1, 1); /* more than the best of instances has */
    const double none = limit(MEMQC_MLP_PROPERTY_C2C, MEMQC_MLP_LIMIT_FACTOR);
    ck_assert(isnan(none) || none < factor);
    memqc_device_destroy(&device);
    memqc_device_destroy(&one);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* Every property of every preset, good or bad: numbers that make sense, and the same on any number
 * of threads. */
START_TEST(every_property_of_every_device) {
    const int worse = _i % 2;
    memqc_device *device = make_device(presets[_i], bad, worse ? COUNT(bad) : 0);
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL),
              *threaded = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    for (int32_t p = MEMQC_MLP_PROPERTY_ALL; p <= MEMQC_MLP_PROPERTY_DRIFT; p++) {
        if (p == MEMQC_MLP_PROPERTY_WIRES && _i > 0)
            continue; /* the device has no part in them */
        ask(mlp, device, p, 0.9, 1);
        const double *const v = limits_of(p);
        if (_i % 3 == 0) {
            double before[MEMQC_MLP_LIMITS];
            memcpy(before, v, sizeof before);
            ask(threaded, device, p, 0.9, 3);
            ck_assert(memcmp(before, v, sizeof before) == 0);
        }
        ck_assert(v[MEMQC_MLP_LIMIT_IDEAL] > 0.95);
        ck_assert(v[MEMQC_MLP_LIMIT_LOSS_LOW] <= v[MEMQC_MLP_LIMIT_LOSS] &&
                  v[MEMQC_MLP_LIMIT_LOSS] <= v[MEMQC_MLP_LIMIT_LOSS_HIGH]);
        ck_assert(fabs(v[MEMQC_MLP_LIMIT_IDEAL] - v[MEMQC_MLP_LIMIT_ACCURACY] -
                       v[MEMQC_MLP_LIMIT_LOSS]) < 1e-12);
        ck_assert(v[MEMQC_MLP_LIMIT_VALUE] >= 0);
        const double required = v[MEMQC_MLP_LIMIT_REQUIRED], factor = v[MEMQC_MLP_LIMIT_FACTOR];
        if (isnan(required)) {
            ck_assert_msg(p == MEMQC_MLP_PROPERTY_ASYMMETRY && v[MEMQC_MLP_LIMIT_VALUE] == 0,
                          "%s, property %d", presets[_i], (int)p);
            continue;
        }
        ck_assert_msg(v[MEMQC_MLP_LIMIT_REQUIRED_LOW] <= required &&
                          required <= v[MEMQC_MLP_LIMIT_REQUIRED_HIGH],
                      "%s, property %d: %g .. %g .. %g", presets[_i], (int)p,
                      v[MEMQC_MLP_LIMIT_REQUIRED_LOW], required, v[MEMQC_MLP_LIMIT_REQUIRED_HIGH]);
        ck_assert(isnan(factor) == (v[MEMQC_MLP_LIMIT_VALUE] == 0));
        ck_assert_msg(isnan(factor) || (factor >= 1) == (v[MEMQC_MLP_LIMIT_ACCURACY] >= 0.9) ||
                          factor == 0,
                      "%s, property %d: a factor of %g at an accuracy of %g", presets[_i], (int)p,
                      factor, v[MEMQC_MLP_LIMIT_ACCURACY]);
    }
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
    memqc_mlp_destroy(&threaded);
}
END_TEST

/* The tolerance of write and verify is in levels, and stays the same in siemens: noise that is
 * verified away costs nothing. */
START_TEST(verified_noise_stays_verified) {
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    const struct setting noisy = {MEMQC_DEVICE_SIGMA, 16 * MEMQC_G0};
    memqc_device *device = make_device("hfox-b", &noisy, 1);
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_SCHEME,
                              MEMQC_CROSSBAR_SCHEME_BLIND));
    ask(mlp, device, MEMQC_MLP_PROPERTY_C2C, 0, 1);
    const double blind = limit(MEMQC_MLP_PROPERTY_C2C, MEMQC_MLP_LIMIT_LOSS);
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_SCHEME,
                              MEMQC_CROSSBAR_SCHEME_VERIFY));
    OK(memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, MEMQC_CROSSBAR_VERIFY_PULSES, 1e6));
    ask(mlp, device, MEMQC_MLP_PROPERTY_C2C, 0, 1);
    const double verified = limit(MEMQC_MLP_PROPERTY_C2C, MEMQC_MLP_LIMIT_LOSS);
    ck_assert_msg(blind > 0.05 && verified < 0.2 * blind, "blind: %g lost, verified: %g", blind,
                  verified);
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(bad_questions_are_refused) {
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    memqc_device *device = make_device("hfox-a", NULL, 0);
    const size_t n = TASK_SAMPLES, ld = TASK_INPUTS;
    const int32_t all = MEMQC_MLP_PROPERTY_ALL;
    double limits[MEMQC_MLP_LIMITS];
    OK(set_study(mlp, 0, 2, 1, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "mlp is NULL",
          memqc_mlp_sensitivity(NULL, device, all, n, task_x, ld, task_labels, limits));
    FAILS(MEMQC_ERROR_ARGUMENT, "x is NULL",
          memqc_mlp_sensitivity(mlp, device, all, n, NULL, ld, task_labels, limits));
    FAILS(MEMQC_ERROR_ARGUMENT, "labels is NULL",
          memqc_mlp_sensitivity(mlp, device, all, n, task_x, ld, NULL, limits));
    FAILS(MEMQC_ERROR_ARGUMENT, "limits is NULL",
          memqc_mlp_sensitivity(mlp, device, all, n, task_x, ld, task_labels, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "layer 0 has none",
          memqc_mlp_sensitivity(mlp, NULL, all, n, task_x, ld, task_labels, limits));
    FAILS(MEMQC_ERROR_ARGUMENT, "property = 0",
          memqc_mlp_sensitivity(mlp, device, 0, n, task_x, ld, task_labels, limits));
    FAILS(MEMQC_ERROR_ARGUMENT, "property = 3201 is MEMQC_MLP_HISTORY_LOSS",
          memqc_mlp_sensitivity(mlp, device, MEMQC_MLP_HISTORY_LOSS, n, task_x, ld, task_labels,
                                limits));
    OK(memqc_mlp_sensitivity(mlp, device, all, 0, NULL, ld, NULL, NULL)); /* nothing to do */
    OK(set_study(mlp, 0, 1, 1, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "instances = 1",
          memqc_mlp_sensitivity(mlp, device, all, n, task_x, ld, task_labels, limits));
    OK(set_study(mlp, 0, 3, 2, 0));
    task_x[100] = INFINITY;
    FAILS(MEMQC_ERROR_DATA, "x[12, 4]",
          memqc_mlp_sensitivity(mlp, device, all, n, task_x, ld, task_labels, limits));
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_sensitivity");
    TCase *group = add_group(suite, "trained", make_task);
    tcase_add_loop_test(group, a_property_alone_is_that_device, 0, COUNT(alone));
    tcase_add_loop_test(group, a_gain_is_that_of_the_device_without_it, 0, COUNT(company));
    tcase_add_loop_test(group, all_together_are_the_device, 0, PRESETS);
    tcase_add_test(group, wires_alone);
    tcase_add_test(group, fewest_levels);
    tcase_add_test(group, room_for_noise);
    tcase_add_loop_test(group, every_property_of_every_device, 0, PRESETS);
    tcase_add_test(group, verified_noise_stays_verified);
    tcase_add_test(group, bad_questions_are_refused);
    return run_suite(suite);
}
