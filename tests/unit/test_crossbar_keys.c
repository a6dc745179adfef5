/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters of arrays: what the library says of them, several at once, and which have an effect. */
#include "public.h"

#include <math.h>

#define XB(name) MEMQC_CROSSBAR_##name

static double number(int32_t key, int32_t what) {
    double value = 0;
    OK(memqc_crossbar_key_value(key, what, &value));
    return value;
}

START_TEST(parameters_describe_themselves) {
    ck_assert_uint_eq(memqc_crossbar_keys(), XB(DRIFT_COMPENSATION) - XB(MAPPING) + 1);
    ck_assert_int_eq(memqc_crossbar_key_at(memqc_crossbar_keys()), 0);
    for (size_t i = 0; i < memqc_crossbar_keys(); i++) {
        const int32_t key = memqc_crossbar_key_at(i);
        int32_t found = 0;
        double value;
        OK(memqc_crossbar_key(memqc_crossbar_key_text(key, MEMQC_KEY_NAME), &found));
        ck_assert_int_eq(found, key);
        ck_assert_ptr_nonnull(memqc_crossbar_key_text(key, MEMQC_KEY_UNIT));
        ck_assert_ptr_nonnull(memqc_crossbar_key_text(key, MEMQC_KEY_GROUP));
        const char *text = memqc_crossbar_key_text(key, MEMQC_KEY_TEXT);
        ck_assert_int_eq(text[strlen(text) - 1], '.');
        ck_assert_double_le(number(key, MEMQC_KEY_MIN), number(key, MEMQC_KEY_INITIAL));
        ck_assert_double_le(number(key, MEMQC_KEY_INITIAL), number(key, MEMQC_KEY_MAX));
        ck_assert_double_eq(number(key, MEMQC_KEY_BY_LAYER), 0);
        ck_assert_double_eq(number(key, MEMQC_KEY_SETTLED), key <= XB(CLIP_PERCENTILE));
        OK(memqc_crossbar_get(blank, key, &value));
        if (key != XB(READ_VOLTAGE) && key != XB(READ_NOISE) && key != XB(READ_NOISE_RELATIVE))
            ck_assert_double_eq(value, number(key, MEMQC_KEY_INITIAL));
    }
}
END_TEST

START_TEST(choices_have_names) {
    for (size_t i = 0; i < memqc_crossbar_keys(); i++) {
        const int32_t key = memqc_crossbar_key_at(i);
        const int choice = number(key, MEMQC_KEY_KIND) == MEMQC_KIND_CHOICE;
        const int32_t first = (int32_t)number(key, MEMQC_KEY_MIN);
        if (!choice) {
            ck_assert_ptr_null(memqc_crossbar_choice_name(key, first));
            continue;
        }
        for (int32_t c = first; c <= number(key, MEMQC_KEY_MAX); c++) {
            int32_t found = 0;
            OK(memqc_crossbar_choice(key, memqc_crossbar_choice_name(key, c), &found));
            ck_assert_int_eq(found, c);
        }
        ck_assert_ptr_null(memqc_crossbar_choice_name(key, first - 1));
    }
    ck_assert_str_eq(memqc_crossbar_choice_name(XB(RULE), XB(RULE_TIKI_TAKA_2)), "tiki-taka-2");
}
END_TEST

START_TEST(keys_keep_their_bounds) {
    for (size_t i = 0; i < memqc_crossbar_keys(); i++) {
        const int32_t key = memqc_crossbar_key_at(i);
        const char *name = memqc_crossbar_key_text(key, MEMQC_KEY_NAME);
        const double low = number(key, MEMQC_KEY_MIN), high = number(key, MEMQC_KEY_MAX);
        REFUSES(memqc_crossbar_set(blank, key, nextafter(low, -INFINITY)));
        FAILS(MEMQC_ERROR_ARGUMENT, name,
              memqc_crossbar_set(blank, key, nextafter(high, INFINITY)));
        FAILS(MEMQC_ERROR_ARGUMENT, name, memqc_crossbar_set(blank, key, NAN));
        if (number(key, MEMQC_KEY_KIND) != MEMQC_KIND_REAL)
            FAILS(MEMQC_ERROR_ARGUMENT, name, memqc_crossbar_set(blank, key, low + 0.5));
    }
    FAILS(MEMQC_ERROR_ARGUMENT, "1e-6", memqc_crossbar_set(blank, XB(BIT_RESISTANCE), 1e-7));
}
END_TEST

/* A key that has no effect is refused, and by set_many unless it comes with what it needs. */
START_TEST(unused_keys_are_refused) {
    static const struct {
        int32_t key;
        double value;
        int32_t need;
        double of;
    } cases[] = {
        {XB(VERIFY_PULSES), 9, XB(SCHEME), XB(SCHEME_VERIFY)},
        {XB(ADC_RANGE), XB(RANGE_AMPERES), XB(ADC_BITS), 6},
        {XB(ADC_FRACTION), 0.5, XB(ADC_BITS), 6},
        {XB(ADC_SENSES), XB(SENSES_CURRENT), XB(ADC_BITS), 6},
        {XB(ADC_SENSES), XB(SENSES_CURRENT), XB(OUTPUT_NOISE), 1e-6},
        {XB(LINES_PER_ADC), 3, XB(ADC_BITS), 6},
        {XB(DAC_ENERGY), 1e-12, XB(DAC_BITS), 6},
        {XB(SLICE_BASE), 4, XB(SLICES), 2},
        {XB(CLIP_PERCENTILE), 99, XB(NORMALIZATION), XB(NORMALIZATION_ARRAY)},
        {XB(WIRE_METHOD), XB(METHOD_MATRIX), XB(SENSE_RESISTANCE), 1},
        {XB(WIRE_TOLERANCE), 1e-9, XB(WORD_RESISTANCE), 1},
        {XB(DRIVEN_ENDS), XB(ENDS_BOTH), XB(BIT_RESISTANCE), 1},
        {XB(SIGN_THRESHOLD), 1, XB(RULE), XB(RULE_SIGN)},
        {XB(REFRESH_LEVEL), 2, XB(RULE), XB(RULE_ONE_DIRECTIONAL)},
        {XB(TIKI_TAKA_EVERY), 2, XB(RULE), XB(RULE_TIKI_TAKA_2)},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const int32_t keys[] = {cases[i].key, cases[i].need};
        const double values[] = {cases[i].value, cases[i].of};
        double initial, value;
        int32_t used = -1;
        OK(memqc_crossbar_get(blank, cases[i].need, &initial));
        OK(memqc_crossbar_uses(blank, cases[i].key, &used));
        ck_assert_int_eq(used, 0);
        FAILS(MEMQC_ERROR_ARGUMENT, "without effect",
              memqc_crossbar_set(blank, cases[i].key, cases[i].value));
        FAILS(MEMQC_ERROR_ARGUMENT, "memqc_crossbar_set_many",
              memqc_crossbar_set_many(blank, 1, keys, values));
        OK(memqc_crossbar_set_many(blank, 2, keys, values));
        OK(memqc_crossbar_get(blank, cases[i].key, &value));
        ck_assert_double_eq(value, cases[i].value);
        OK(memqc_crossbar_uses(blank, cases[i].key, &used));
        ck_assert_int_eq(used, 1);
        OK(memqc_crossbar_set(blank, cases[i].need, initial));
        teardown(); /* settings that are out of use stay */
        setup();
    }
}
END_TEST

START_TEST(several_are_all_or_none) {
    const int32_t keys[] = {XB(ADC_BITS), XB(DAC_BITS), XB(ADC_BITS)};
    const double values[] = {6, 17, 7}, fine[] = {6, 5, 7};
    double value;
    FAILS(MEMQC_ERROR_ARGUMENT, "dac_bits", memqc_crossbar_set_many(blank, 2, keys, values));
    FAILS(MEMQC_ERROR_ARGUMENT, "twice", memqc_crossbar_set_many(blank, 3, keys, fine));
    OK(memqc_crossbar_get(blank, XB(ADC_BITS), &value));
    ck_assert_double_eq(value, 0);
    OK(memqc_crossbar_set_many(blank, 2, keys, fine));
    OK(memqc_crossbar_get(blank, XB(DAC_BITS), &value));
    ck_assert_double_eq(value, 5);
}
END_TEST

START_TEST(other_constants_are_named) {
    double value;
    uint64_t count;
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_CROSSBAR_COUNT_ADC",
          memqc_crossbar_set(blank, XB(COUNT_ADC), 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_CROSSBAR_RULE_SIGN",
          memqc_crossbar_set(blank, XB(MAPPING), XB(RULE_SIGN)));
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_CROSSBAR_ADC_BITS",
          memqc_crossbar_get_count(blank, XB(ADC_BITS), &count));
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_CROSSBAR_ADC_BITS",
          memqc_crossbar_get_cost(blank, XB(ADC_BITS), &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_CROSSBAR_ADC_BITS",
          memqc_crossbar_get_report(array, XB(ADC_BITS), &value));
    FAILS(MEMQC_ERROR_ARGUMENT, "MEMQC_CROSSBAR_ADC_BITS",
          memqc_crossbar_key_value(XB(MAPPING), XB(ADC_BITS), &value));
    ck_assert_ptr_null(memqc_crossbar_key_text(XB(COUNT_ADC), MEMQC_KEY_NAME));
    ck_assert_ptr_null(memqc_crossbar_key_text(XB(MAPPING), MEMQC_KEY_MIN));
}
END_TEST

START_TEST(programming_settles) {
    FAILS(MEMQC_ERROR_STATE, "settled", memqc_crossbar_set(array, XB(W_MAX), 2));
    FAILS(MEMQC_ERROR_STATE, "mapping = 2103 (reference)",
          memqc_crossbar_set(array, XB(MAPPING), XB(MAPPING_REFERENCE)));
    OK(memqc_crossbar_set(array, XB(VERIFY_TOLERANCE), 1));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("crossbar_keys");
    TCase *keys = group(suite, "keys");
    tcase_add_test(keys, parameters_describe_themselves);
    tcase_add_test(keys, choices_have_names);
    tcase_add_test(keys, keys_keep_their_bounds);
    tcase_add_test(keys, unused_keys_are_refused);
    tcase_add_test(keys, several_are_all_or_none);
    tcase_add_test(keys, other_constants_are_named);
    tcase_add_test(keys, programming_settles);
    return run_suite(suite);
}
