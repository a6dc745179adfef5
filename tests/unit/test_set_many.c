/* SPDX-License-Identifier: BSD-3-Clause */
/* Several parameters at once: all or nothing, in any order, each at most once; and the presets, whose
 * parameters make the same device when they are read and set into a new one. */
#include "nouns.h"

/* Settings that hold together only, some of them in no order one by one. */
static const struct sets {
    const struct access *access;
    struct setting good[4];
    struct setting bad; /* beside them */
} sets[] = {
    {&blank_access,
     {{MEMQC_CROSSBAR_ADC_CURRENT, 1e-3},
      {MEMQC_CROSSBAR_ADC_RANGE, MEMQC_CROSSBAR_RANGE_AMPERES},
      {MEMQC_CROSSBAR_ADC_BITS, 6}},
     {MEMQC_CROSSBAR_ADC_FRACTION, 0.5}},
    {&blank_access,
     {{MEMQC_CROSSBAR_WIRE_TOLERANCE, 1e-4}, {MEMQC_CROSSBAR_WORD_RESISTANCE, 2}},
     {MEMQC_CROSSBAR_VERIFY_PULSES, 100}},
    {&digital_access,
     {{MEMQC_MLP_SCHEDULE_PERIOD, 3},
      {MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_STEP},
      {MEMQC_MLP_MOMENTUM, 0.5},
      {MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD_MOMENTUM}},
     {MEMQC_MLP_BETA1, 0.5}},
};

static size_t unpack(const struct setting *settings, size_t room, int32_t *keys, double *values) {
    size_t n = 0;
    for (; n < room && settings[n].key; n++) {
        keys[n] = settings[n].key;
        values[n] = settings[n].value;
    }
    return n;
}

START_TEST(any_order_does) {
    const struct sets *set = &sets[_i];
    int32_t keys[8];
    double values[8], got = 0;
    const size_t n = unpack(set->good, COUNT(set->good), keys, values);
    for (size_t turn = 0; turn < 2 * n; turn++) {
        int32_t turned[8];
        double turned_values[8];
        teardown();
        setup();
        for (size_t i = 0; i < n; i++) { /* rotations, forwards and backwards */
            const size_t from = turn < n ? (i + turn) % n : (n - 1 - i + turn) % n;
            turned[i] = keys[from];
            turned_values[i] = values[from];
        }
        OK(set->access->set_many(n, turned, turned_values));
        for (size_t i = 0; i < n; i++) {
            OK(set->access->get(keys[i], &got));
            ck_assert_msg(fabs(got - values[i]) <= 1e-12 * fabs(values[i]), "key %d is %g, not %g",
                          (int)keys[i], got, values[i]);
        }
    }
}
END_TEST

START_TEST(all_or_nothing) {
    const struct sets *set = &sets[_i];
    struct snapshot before;
    int32_t keys[8];
    double values[8];
    const size_t n = unpack(set->good, COUNT(set->good), keys, values);
    take(set->access, &before);
    for (size_t place = 0; place <= n; place++) {
        int32_t mixed[8];
        double mixed_values[8];
        for (size_t i = 0; i <= n; i++) {
            const size_t from = i < place ? i : i - 1;
            mixed[i] = i == place ? set->bad.key : keys[from];
            mixed_values[i] = i == place ? set->bad.value : values[from];
        }
        REFUSES(set->access->set_many(n + 1, mixed, mixed_values));
        check_unchanged(set->access, &before, "a set with a bad one");
    }
    const int32_t twice[] = {keys[0], keys[1], keys[0]};
    const double of_twice[] = {values[0], values[1], values[0]};
    REFUSES(set->access->set_many(3, twice, of_twice));
    REFUSES_NULL(set->access->set_many(1, NULL, values));
    REFUSES_NULL(set->access->set_many(1, keys, NULL));
    check_unchanged(set->access, &before, "a key twice, or NULL");
    OK(set->access->set_many(0, NULL, NULL));
    check_unchanged(set->access, &before, "nothing");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("set_many");
    TCase *tests = group(suite, "set_many");
    tcase_add_loop_test(tests, any_order_does, 0, (int)COUNT(sets));
    tcase_add_loop_test(tests, all_or_nothing, 0, (int)COUNT(sets));
    return run_suite(suite);
}
