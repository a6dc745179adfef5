/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices between ideal and as they are: scaled properties against parameters. */
#include "sensitivity.h"

#include "device/property.h"

static double scaled_value(const memqc_device *device, enum mqc_property property, double factor) {
    memqc_device copy = *device;
    OK(mqc_property_scale(&copy, property, factor));
    return mqc_property_value(&copy, property, 1e3);
}

/* --- devices between ideal and as they are --- */

START_TEST(a_factor_of_one_changes_nothing) {
    memqc_device *device = make_device(presets[_i], bad, COUNT(bad));
    memqc_device copy = *device;
    for (int p = 0; p < MQC_PROPERTIES; p++)
        OK(mqc_property_scale(&copy, (enum mqc_property)p, 1));
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
            ck_assert(left == fmax(mqc_device_states(device), device->ops->pulsed ? 1024 : 4096));
        else
            ck_assert_msg(left == 0, "%s: property %d leaves %g", presets[_i], p, left);
        OK(mqc_property_scale(&copy, (enum mqc_property)p, 0));
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
        const double steps = rint((mqc_device_states(device) - 1) / factors[f]),
                     most = device->ops->pulsed ? 1023 : 4095;
        ck_assert(scaled_value(device, MQC_PROPERTY_LEVELS, factors[f]) ==
                  fmin(steps, fmax(most, mqc_device_states(device) - 1)) + 1);
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
    OK(memqc_device_set(device, MEMQC_DEVICE_STATES, 97));
    step_by_levels(device);
    for (size_t i = 0; i < COUNT(noises); i++)
        OK(memqc_device_set(device, noises[i].key, (int)i == _i % 3 ? noises[i].value : 0));
    memqc_device fine = *device;
    OK(mqc_property_scale(&fine, MQC_PROPERTY_LEVELS, 0));
    ck_assert(mqc_device_states(&fine) == 1024);
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

int main(void) {
    Suite *suite = suite_create("mlp_properties");
    TCase *group = add_group(suite, "devices", setup);
    tcase_add_loop_test(group, a_factor_of_one_changes_nothing, 0, PRESETS);
    tcase_add_loop_test(group, a_factor_of_zero_takes_a_property_away, 0, PRESETS);
    tcase_add_loop_test(group, amounts_go_with_the_factor, 0, PRESETS);
    tcase_add_loop_test(group, noise_stays_when_levels_become_finer, 0, 6);
    tcase_add_test(group, asymmetry_of_known_shapes);
    return run_suite(suite);
}
