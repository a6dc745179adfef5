/* SPDX-License-Identifier: BSD-3-Clause */
/* What limits a network: scaled devices against their parameters, losses and limits against
 * Monte-Carlo runs on devices made by hand, and against a network whose accuracy has a closed form.
 * */
#include "instances.h"

#include "device/property.h"

static const char *const presets[] = {"hfox-a",    "hfox-b", "ideal", "ag-asi",
                                      "taox-hfox", "epiram", "rpu",   "soft-bounds"};
enum { PRESETS = COUNT(presets) };

static double scaled_value(const memqc_device *device, enum mqc_property property, double factor) {
    memqc_device copy = *device;
    WORKS(mqc_property_scale(&copy, property, factor));
    return mqc_property_value(&copy, property, 1e3);
}

/* --- devices between ideal and as they are --- */

START_TEST(a_factor_of_one_changes_nothing) {
    memqc_device *device = make_device(presets[_i], bad, COUNT(bad));
    memqc_device copy = *device;
    for (int p = 0; p < MQC_PROPERTIES; p++)
        WORKS(mqc_property_scale(&copy, (enum mqc_property)p, 1));
    ck_assert(memcmp(&copy, device, sizeof copy) == 0);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(a_factor_of_zero_takes_a_property_away) {
    memqc_device *device = make_device(presets[_i], bad, COUNT(bad));
    memqc_device copy = *device;
    for (int p = 0; p < MQC_PROPERTIES; p++) {
        const double left = scaled_value(device, (enum mqc_property)p, 0);
        if (p == MQC_PROPERTY_LEVELS)
            ck_assert(left == fmax(device->states, device->ops->pulsed ? 1024 : 4096));
        else
            ck_assert_msg(left == 0, "%s: property %d leaves %g", presets[_i], p, left);
        WORKS(mqc_property_scale(&copy, (enum mqc_property)p, 0));
    }
    ck_assert(mqc_device_is_deterministic(&copy));
    ck_assert(!mqc_device_is_deterministic(device));
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(amounts_go_with_the_factor) {
    static const double factors[] = {0.25, 0.5, 2};
    memqc_device *device = make_device(presets[_i], bad, COUNT(bad));
    for (size_t f = 0; f < COUNT(factors); f++) {
        static const enum mqc_property linear[] = {MQC_PROPERTY_D2D, MQC_PROPERTY_READ_NOISE,
                                                   MQC_PROPERTY_FAULTS};
        for (size_t i = 0; i < COUNT(linear); i++) {
            const double one = mqc_property_value(device, linear[i], 0),
                         value = scaled_value(device, linear[i], factors[f]);
            ck_assert_msg(fabs(value - factors[f] * one) < 1e-9 * one, "property %d: %g, not %g",
                          linear[i], value, factors[f] * one);
        }
        const double steps = rint((device->states - 1) / factors[f]),
                     most = device->ops->pulsed ? 1023 : 4095;
        ck_assert(scaled_value(device, MQC_PROPERTY_LEVELS, factors[f]) ==
                  fmin(steps, fmax(most, device->states - 1)) + 1);
    }
    memqc_device_destroy(&device);
}
END_TEST

/* With finer steps each pulse has less noise, so that a way in conductance has as much as before
 * (to first order in what a step is of the range: states 97 and 1024). */
START_TEST(noise_stays_when_levels_become_finer) {
    static const struct setting noises[] = {{MEMQC_DEVICE_C2C_ABSOLUTE, 2e-7},
                                            {MEMQC_DEVICE_C2C_RELATIVE, 0.01},
                                            {MEMQC_DEVICE_C2C_STEP, 1.5}};
    static const char *const pulsed[] = {"rpu", "taox-hfox"};
    memqc_device *device = make_device(pulsed[_i / 3], NULL, 0);
    WORKS(memqc_device_set(device, MEMQC_DEVICE_STATES, 97));
    for (size_t i = 0; i < COUNT(noises); i++)
        WORKS(memqc_device_set(device, noises[i].key, (int)i == _i % 3 ? noises[i].value : 0));
    memqc_device fine = *device;
    WORKS(mqc_property_scale(&fine, MQC_PROPERTY_LEVELS, 0));
    ck_assert(fine.states == 1024);
    const double before = mqc_property_value(device, MQC_PROPERTY_C2C, 0),
                 after = mqc_property_value(&fine, MQC_PROPERTY_C2C, 0);
    ck_assert_msg(fabs(after / before - 1) < 0.03, "noise of %g S became %g S", before, after);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(asymmetry_of_known_shapes) {
    const struct setting up[] = {{MEMQC_DEVICE_ASYMMETRY, 0.2}},
                         printed[] = {{MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_PRINTED}};
    memqc_device *constant = make_device("rpu", up, 1), *soft = make_device("soft-bounds", NULL, 0);
    memqc_device *law = make_device("ideal", printed, 1), *straight = make_device("ideal", NULL, 0);
    double value = mqc_property_value(constant, MQC_PROPERTY_ASYMMETRY, 0);
    ck_assert_msg(fabs(value - 0.2) < 1e-9, "%g", value);
    value = mqc_property_value(soft, MQC_PROPERTY_ASYMMETRY, 0); /* from 0 to twice the mean */
    ck_assert_msg(fabs(value - 1) < 1e-9, "%g", value);
    value = scaled_value(soft, MQC_PROPERTY_ASYMMETRY, 0.5); /* from 1/2 to 1 about 3/4 */
    ck_assert_msg(fabs(value - 1.0 / 3) < 1e-9, "%g", value);
    /* (1 - k n) mu: steps of k G0 (mu + ...) between 0.76 and 0.51 of a G0 ... */
    ck_assert(mqc_property_value(law, MQC_PROPERTY_ASYMMETRY, 0) > 0.1);
    ck_assert(scaled_value(law, MQC_PROPERTY_ASYMMETRY, 0) == 0);
    ck_assert(mqc_property_value(straight, MQC_PROPERTY_ASYMMETRY, 0) == 0);
    memqc_device_destroy(&constant);
    memqc_device_destroy(&soft);
    memqc_device_destroy(&law);
    memqc_device_destroy(&straight);
}
END_TEST

/* --- a network whose accuracy is known: one input, which is 1, two units, and the label of the
 * larger weight --- */

enum { MANY = 600 };
static const size_t tiny_sizes[] = {1, 2};
static const float tiny_x[] = {1};
static const int32_t tiny_labels[] = {0};

/* Weights of 0.25 and -0.25; conductances, and differences of two, are far from 0. */
static memqc_mlp *make_tiny(double mapping) {
    static const float w[] = {0.25f, -0.25f}, none[] = {0, 0};
    memqc_mlp *mlp = make(tiny_sizes, 2, NULL);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_MAPPING, mapping));
    WORKS(memqc_mlp_set_seed(mlp, 3));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_TRANSFER_RANGE, 4)); /* the range is 1, four root mean
                                                               squares */
    WORKS(memqc_mlp_set_weights(mlp, 0, w, 2, none));
    return mlp;
}

static memqc_device *make_tiny_device(int32_t key, double sd) {
    const struct setting settings[] = {{MEMQC_DEVICE_G_MAX, 110e-6},
                                       {MEMQC_DEVICE_G_MIN, 100e-6},
                                       {MEMQC_DEVICE_K, 0},
                                       {MEMQC_DEVICE_SIGMA, 0},
                                       {key, sd}};
    return make_device("ideal", settings, COUNT(settings));
}

/* What was found out last about each property. */
static double found[MEMQC_MLP_PROPERTY_DRIFT - MEMQC_MLP_PROPERTY_ALL + 1][MEMQC_MLP_LIMITS];

static double *limits_of(int32_t property) {
    return found[property - MEMQC_MLP_PROPERTY_ALL];
}

static double limit(int32_t property, int32_t what) {
    return limits_of(property)[what];
}

/* A difference of 2.5 uS (of pairs 2 x 2.5 uS) with noise of sd on each cell is right with the
 * probability Phi(difference / (sqrt(cells) sd)). */
static double tiny_accuracy(double sd) {
    return 0.5 * erfc(-2.5e-6 / (sqrt(2) * sd) / sqrt(2));
}

static const int32_t noise_keys[] = {MEMQC_DEVICE_SIGMA, MEMQC_DEVICE_READ_NOISE};
static const int32_t noise_properties[] = {MEMQC_MLP_PROPERTY_C2C, MEMQC_MLP_PROPERTY_READ_NOISE};

START_TEST(limits_of_a_known_network) {
    const double sd = 1.5e-6 * (1 + _i / 2), target = 0.9,
                 room = 2.5e-6 / (sqrt(2) * 1.2815515655446004); /* Phi^-1(0.9) */
    const int32_t property = noise_properties[_i % 2];
    memqc_mlp *mlp = make_tiny(MEMQC_CROSSBAR_MAPPING_SINGLE);
    memqc_device *device = make_tiny_device(noise_keys[_i % 2], sd);
    WORKS(set_study(mlp, 0, MANY, 2, target));
    WORKS(memqc_mlp_sensitivity(mlp, device, property, 1, tiny_x, 1, tiny_labels,
                                limits_of(property)));
    const double right = tiny_accuracy(sd), se = sqrt(right * (1 - right) / MANY);
    ck_assert(limit(property, MEMQC_MLP_LIMIT_IDEAL) == 1);
    ck_assert(fabs(limit(property, MEMQC_MLP_LIMIT_VALUE) / sd - 1) < 1e-6);
    const double accuracy = limit(property, MEMQC_MLP_LIMIT_ACCURACY),
                 loss = limit(property, MEMQC_MLP_LIMIT_LOSS);
    ck_assert_msg(fabs(accuracy - right) < 5 * se, "accuracy %g, expected %g +- %g", accuracy,
                  right, se);
    ck_assert(fabs(loss - (1 - accuracy)) < 1e-12);
    const double half = mqc_mean_interval(MANY) * sqrt(accuracy * (1 - accuracy) * MANY /
                                                       (MANY - 1)); /* of what is right or wrong */
    ck_assert(fabs(limit(property, MEMQC_MLP_LIMIT_LOSS_HIGH) - loss - half) < 1e-9);
    ck_assert(fabs(loss - limit(property, MEMQC_MLP_LIMIT_LOSS_LOW) - half) < 1e-9);
    /* The factor: accuracy falls there by z phi(z) a relative change of sd, z = 1.28. */
    const double required = limit(property, MEMQC_MLP_LIMIT_REQUIRED),
                 slope = 1.2815515655 * 0.1754983319 / room;
    const double error = sqrt(0.9 * 0.1 / MANY) / slope;
    ck_assert_msg(fabs(required - room) < 5 * error + 0.02 * room,
                  "required %g S, expected %g +- %g", required, room, error);
    ck_assert(fabs(limit(property, MEMQC_MLP_LIMIT_FACTOR) * sd / required - 1) < 1e-6);
    /* Its interval: as wide as that of the mean over the slope, known to 10 %, and 2 % of the
     * factor at each end: 20 % of it. */
    const double low = limit(property, MEMQC_MLP_LIMIT_REQUIRED_LOW),
                 high = limit(property, MEMQC_MLP_LIMIT_REQUIRED_HIGH);
    ck_assert_msg(fabs((high - low) / (2 * 1.96 * error) - 1) < 0.35,
                  "an interval of %g S, expected %g", high - low, 2 * 1.96 * error);
    ck_assert(low <= required && required <= high);
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

/* Over many seeds, 95 % of the intervals hold the truth (few instances each, so that the interval
 * is wider than the 2 % of the search). */
START_TEST(intervals_of_factors_cover) {
    enum { TRIALS = 60, FEW = 40 };
    const double room = 2.5e-6 / (sqrt(2) * 1.2815515655446004);
    memqc_device *device = make_tiny_device(MEMQC_DEVICE_SIGMA, 1e-6);
    size_t covered = 0;
    for (uint64_t seed = 0; seed < TRIALS; seed++) {
        memqc_mlp *mlp = make_tiny(MEMQC_CROSSBAR_MAPPING_SINGLE);
        mlp->seed = seed;
        WORKS(set_study(mlp, 0, FEW, 1, 0.9));
        WORKS(memqc_mlp_sensitivity(mlp, device, MEMQC_MLP_PROPERTY_C2C, 1, tiny_x, 1, tiny_labels,
                                    limits_of(MEMQC_MLP_PROPERTY_C2C)));
        covered += limit(MEMQC_MLP_PROPERTY_C2C, MEMQC_MLP_LIMIT_REQUIRED_LOW) <= room &&
                   room <= limit(MEMQC_MLP_PROPERTY_C2C, MEMQC_MLP_LIMIT_REQUIRED_HIGH);
        memqc_mlp_destroy(&mlp);
    }
    const double part = (double)covered / TRIALS; /* what is right or wrong is no normal number,
                                                     hence 2 % more */
    ck_assert_msg(fabs(part - 0.95) < 5 * sqrt(0.95 * 0.05 / TRIALS) + 0.02,
                  "holds it in %g of the cases", part);
    memqc_device_destroy(&device);
}
END_TEST

/* --- a trained network --- */

enum { INSTANCES = 10 };

static void ask(memqc_mlp *mlp, const memqc_device *device, int32_t property, double target,
                size_t threads) {
    WORKS(set_study(mlp, 1e3, INSTANCES, threads, target));
    WORKS(memqc_mlp_sensitivity(mlp, device, property, TASK_SAMPLES, task_x, TASK_INPUTS,
                                task_labels, limits_of(property)));
}

static double mean_of(memqc_mlp *mlp, const memqc_device *device) {
    double accuracies[INSTANCES], mean, sd;
    run(mlp, device, 1e3, INSTANCES, 1, accuracies);
    mqc_mean_sd(INSTANCES, accuracies, &mean, &sd);
    return mean;
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
    double ideal[INSTANCES], by_hand[INSTANCES], mean, sd;
    run(mlp, one, 1e3, INSTANCES, 1, ideal);
    for (size_t i = 0; i < alone[_i].n; i++)
        WORKS(memqc_device_set(one, alone[_i].kept[i].key, alone[_i].kept[i].value));
    run(mlp, one, 1e3, INSTANCES, 1, by_hand);
    ask(mlp, device, alone[_i].property, 0, 1);
    mqc_mean_sd(INSTANCES, by_hand, &mean, &sd);
    ck_assert_msg(limit(alone[_i].property, MEMQC_MLP_LIMIT_ACCURACY) == mean,
                  "accuracy %g, by hand %g", limit(alone[_i].property, MEMQC_MLP_LIMIT_ACCURACY),
                  mean);
    for (size_t i = 0; i < INSTANCES; i++)
        by_hand[i] = ideal[i] - by_hand[i];
    mqc_mean_sd(INSTANCES, by_hand, &mean, &sd);
    const double half = sd * mqc_mean_interval(INSTANCES);
    ck_assert(limit(alone[_i].property, MEMQC_MLP_LIMIT_LOSS) == mean);
    ck_assert(limit(alone[_i].property, MEMQC_MLP_LIMIT_LOSS_LOW) == mean - half);
    ck_assert(limit(alone[_i].property, MEMQC_MLP_LIMIT_LOSS_HIGH) == mean + half);
    ck_assert(isnan(limit(alone[_i].property, MEMQC_MLP_LIMIT_FACTOR)));
    ck_assert(isnan(limit(alone[_i].property, MEMQC_MLP_LIMIT_REQUIRED)));
    memqc_device_destroy(&device);
    memqc_device_destroy(&one);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(all_together_are_the_device) {
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    memqc_device *device = make_device(presets[_i], bad, COUNT(bad));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_WIRE_RESISTANCE, 0.5));
    ask(mlp, device, MEMQC_MLP_PROPERTY_ALL, 0, 2);
    ck_assert(limit(MEMQC_MLP_PROPERTY_ALL, MEMQC_MLP_LIMIT_ACCURACY) == mean_of(mlp, device));
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

START_TEST(wires_alone) {
    const struct setting fine = {MEMQC_DEVICE_STATES, 4096};
    memqc_mlp *mlp = make_trained(MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL);
    memqc_device *device = make_device("hfox-b", NULL, 0), *ideal = make_device("ideal", &fine, 1);
    const int32_t wires = MEMQC_MLP_PROPERTY_WIRES;
    ask(mlp, device, wires, 0.8, 1); /* the network has none: as much as there may be */
    ck_assert(limit(wires, MEMQC_MLP_LIMIT_VALUE) == 0 && limit(wires, MEMQC_MLP_LIMIT_LOSS) == 0);
    ck_assert(isnan(limit(wires, MEMQC_MLP_LIMIT_FACTOR)));
    const double ohm = limit(wires, MEMQC_MLP_LIMIT_REQUIRED);
    ck_assert_msg(ohm > 0.1 && ohm < 1e4, "%g ohm", ohm);
    ck_assert(limit(wires, MEMQC_MLP_LIMIT_REQUIRED_LOW) == ohm); /* nothing is random */
    for (int more = 0; more < 2; more++) {
        WORKS(memqc_mlp_set(mlp, MEMQC_MLP_WIRE_RESISTANCE, ohm * (more ? 1.02 : 1)));
        const double mean = mean_of(mlp, ideal);
        ck_assert_msg((mean >= 0.8) == !more, "%g ohm: accuracy %g", ohm, mean);
    }
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_WIRE_RESISTANCE, 2 * ohm));
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
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_INPUT_BITS, 0));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_ACTIVATION, MEMQC_MLP_TANH));
    randomize(mlp, task_sizes, COUNT(task_sizes), 1);
    fill(COUNT(task_x), task_x, -1, 1);
    WORKS(memqc_mlp_predict(mlp, TASK_SAMPLES, task_x, TASK_INPUTS, NULL, 0, task_labels));
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
    WORKS(memqc_device_set(ideal, MEMQC_DEVICE_STATES, fewest));
    ck_assert(mean_of(mlp, ideal) >= 0.93);
    WORKS(memqc_device_set(ideal, MEMQC_DEVICE_STATES, fewest - 1));
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
        WORKS(
            memqc_device_set(one, MEMQC_DEVICE_SIGMA, 4 * MEMQC_G0 * factor * (more ? 1.021 : 1)));
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
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_SCHEME, MEMQC_CROSSBAR_SCHEME_BLIND));
    ask(mlp, device, MEMQC_MLP_PROPERTY_C2C, 0, 1);
    const double blind = limit(MEMQC_MLP_PROPERTY_C2C, MEMQC_MLP_LIMIT_LOSS);
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
    WORKS(memqc_mlp_set(mlp, MEMQC_MLP_VERIFY_PULSES, 1e6));
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
    WORKS(set_study(mlp, 0, 2, 1, 0));
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
    WORKS(memqc_mlp_sensitivity(mlp, device, all, 0, NULL, ld, NULL, NULL)); /* nothing to do */
    WORKS(set_study(mlp, 0, 1, 1, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "instances = 1",
          memqc_mlp_sensitivity(mlp, device, all, n, task_x, ld, task_labels, limits));
    WORKS(set_study(mlp, 0, 3, 2, 0));
    task_x[100] = INFINITY;
    FAILS(MEMQC_ERROR_DATA, "x[12, 4]",
          memqc_mlp_sensitivity(mlp, device, all, n, task_x, ld, task_labels, limits));
    memqc_device_destroy(&device);
    memqc_mlp_destroy(&mlp);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mlp_sensitivity");
    TCase *group = add_group(suite, "devices", setup);
    tcase_add_loop_test(group, a_factor_of_one_changes_nothing, 0, PRESETS);
    tcase_add_loop_test(group, a_factor_of_zero_takes_a_property_away, 0, PRESETS);
    tcase_add_loop_test(group, amounts_go_with_the_factor, 0, PRESETS);
    tcase_add_loop_test(group, noise_stays_when_levels_become_finer, 0, 6);
    tcase_add_test(group, asymmetry_of_known_shapes);
    group = add_group(suite, "known", setup);
    tcase_add_loop_test(group, limits_of_a_known_network, 0, 4);
    tcase_add_test(group, intervals_of_factors_cover);
    group = add_group(suite, "trained", make_task);
    tcase_add_loop_test(group, a_property_alone_is_that_device, 0, COUNT(alone));
    tcase_add_loop_test(group, all_together_are_the_device, 0, PRESETS);
    tcase_add_test(group, wires_alone);
    tcase_add_test(group, fewest_levels);
    tcase_add_test(group, room_for_noise);
    tcase_add_loop_test(group, every_property_of_every_device, 0, PRESETS);
    tcase_add_test(group, verified_noise_stays_verified);
    tcase_add_test(group, bad_questions_are_refused);
    return run_suite(suite);
}
