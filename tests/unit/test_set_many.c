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
    {&device_access,
     {{MEMQC_DEVICE_G_MIN, 2e-3}, {MEMQC_DEVICE_G_MAX, 5e-3}, {MEMQC_DEVICE_STATES, 16}},
     {MEMQC_DEVICE_STATES, 1.5}},
    {&device_access,
     {{MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_MEASURED},
      {MEMQC_DEVICE_FWHM_EARLY, 1.5e-4},
      {MEMQC_DEVICE_PULSE_LATE, 31},
      {MEMQC_DEVICE_PULSE_EARLY, 30}},
     {MEMQC_DEVICE_SIGMA, 1e-6}},
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

/* --- presets --- */

/* Draws and pulses of both, bit for bit. */
static void check_alike(const memqc_device *one, const memqc_device *other, const char *name) {
    enum { N = 64 };
    int32_t level[N];
    float g[2][N];
    size_t n = 0;
    OK(memqc_device_levels(one, &n));
    for (size_t i = 0; i < N; i++)
        level[i] = 1 + (int32_t)(i * (n - 1) / (N - 1));
    OK(memqc_device_draw(one, 3, 5, N, level, g[0], NULL));
    OK(memqc_device_draw(other, 3, 5, N, level, g[1], NULL));
    ck_assert_msg(memcmp(g[0], g[1], sizeof g[0]) == 0, "%s: draws differ", name);
    for (int32_t direction = -1; direction <= 1; direction += 2) {
        const memqc_status status = memqc_device_pulse(one, 3, 5, N, direction, g[0], NULL, NULL);
        ck_assert_int_eq(memqc_device_pulse(other, 3, 5, N, direction, g[1], NULL, NULL), status);
        ck_assert_msg(memcmp(g[0], g[1], sizeof g[0]) == 0, "%s: pulses differ", name);
    }
    float seen[2][N];
    OK(memqc_device_read(one, 3, 5, N, g[0], seen[0]));
    OK(memqc_device_read(other, 3, 5, N, g[1], seen[1]));
    ck_assert_msg(memcmp(seen[0], seen[1], sizeof seen[0]) == 0, "%s: reads differ", name);
}

/* The bytes of a device as it is saved. */
static size_t saved(const memqc_device *source, unsigned char *bytes, size_t room) {
    size_t size = 0;
    OK(memqc_device_save_memory(source, bytes, room, &size));
    return size;
}

/* Every parameter is the same, with an effect now or without; and so are draws and saved bytes. */
static void check_same(const memqc_device *one, const memqc_device *other, const char *name) {
    unsigned char bytes[2][8192];
    for (size_t i = 0; i < memqc_device_keys(); i++) {
        const int32_t key = memqc_device_key_at(i);
        double values[2] = {0, 0};
        OK(memqc_device_get(one, key, &values[0]));
        OK(memqc_device_get(other, key, &values[1]));
        ck_assert_msg(memcmp(&values[0], &values[1], sizeof values[0]) == 0,
                      "%s: %s is %.17g, not %.17g", name,
                      memqc_device_key_text(key, MEMQC_KEY_NAME), values[1], values[0]);
    }
    const size_t size = saved(one, bytes[0], sizeof bytes[0]);
    ck_assert_uint_eq(saved(other, bytes[1], sizeof bytes[1]), size);
    ck_assert_msg(memcmp(bytes[0], bytes[1], size) == 0, "%s: saved bytes differ", name);
    check_alike(one, other, name);
}

/* All parameters of a source, but for the model where it is left out. */
static size_t parameters_of(const memqc_device *source, int with_model, int32_t *keys,
                            double *values) {
    size_t n = 0;
    for (size_t i = 0; i < memqc_device_keys(); i++) {
        keys[n] = memqc_device_key_at(i);
        if (!with_model && keys[n] == MEMQC_DEVICE_MODEL)
            continue;
        OK(memqc_device_get(source, keys[n], &values[n]));
        n++;
    }
    return n;
}

/* A new device of the same model with those parameters. */
static memqc_device *remake(const memqc_device *source, int with_model) {
    memqc_device *made = NULL;
    int32_t keys[MAX_KEYS];
    double values[MAX_KEYS], model = 0;
    const size_t n = parameters_of(source, with_model, keys, values);
    OK(memqc_device_get(source, MEMQC_DEVICE_MODEL, &model));
    OK(memqc_device_create((int32_t)model, &made));
    OK(memqc_device_set_many(made, n, keys, values));
    return made;
}

/* The parameters of a preset, read and set into a new device of its model, make the preset, also
 * for what is set later. */
START_TEST(presets_are_their_parameters) {
    size_t presets = 0;
    for (const char *name; (name = memqc_device_preset_name(presets)) != NULL; presets++) {
        memqc_device *preset = NULL;
        int32_t quantized = 0;
        OK(memqc_device_create_preset(name, &preset));
        OK(memqc_device_uses(preset, MEMQC_DEVICE_LAW, &quantized));
        for (int with_model = 0; with_model < 2; with_model++) {
            memqc_device *made = remake(preset, with_model);
            check_same(preset, made, name);
            for (int32_t law = MEMQC_DEVICE_LAW_PRINTED;
                 quantized && law <= MEMQC_DEVICE_LAW_MEASURED; law++) {
                OK(memqc_device_set(preset, MEMQC_DEVICE_LAW, law));
                OK(memqc_device_set(made, MEMQC_DEVICE_LAW, law));
                check_same(preset, made, name);
            }
            memqc_device_destroy(&made);
        }
        memqc_device_destroy(&preset);
    }
    ck_assert_uint_ge(presets, 10);
}
END_TEST

/* What the preset becomes under another law is made again too: the noise of the linear law waits
 * where the measured one is in force. */
START_TEST(what_waits_is_kept) {
    memqc_device *source = NULL;
    double sigma = 0;
    OK(memqc_device_create_preset("hfox-b", &source));
    OK(memqc_device_set(source, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_MEASURED));
    OK(memqc_device_get(source, MEMQC_DEVICE_SIGMA, &sigma));
    ck_assert_double_eq(sigma, 4 * MEMQC_G0);
    memqc_device *made = remake(source, 1);
    check_same(source, made, "hfox-b, measured");
    OK(memqc_device_set(source, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_LINEAR));
    OK(memqc_device_set(made, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_LINEAR));
    check_same(source, made, "hfox-b, linear again");
    memqc_device_destroy(&source);
    memqc_device_destroy(&made);
}
END_TEST

/* One parameter less, and what has no effect is a mistake again. A set of all is one of all checks. */
START_TEST(all_parameters_or_those_with_an_effect) {
    memqc_device *source = NULL, *made = NULL;
    int32_t keys[MAX_KEYS];
    double values[MAX_KEYS];
    OK(memqc_device_create_preset("hfox-b", &source));
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &made));
    const size_t n = parameters_of(source, 1, keys, values);
    ck_assert_int_eq(keys[n - 1], MEMQC_DEVICE_FLICKER_DRAWN);
    FAILS(MEMQC_ERROR_ARGUMENT, "fwhm_early = ", memqc_device_set_many(made, n - 1, keys, values));
    memqc_device_destroy(&made);
    OK(memqc_device_create(MEMQC_DEVICE_CONSTANT, &made));
    FAILS(MEMQC_ERROR_STATE, "model", memqc_device_set_many(made, n, keys, values));
    memqc_device_destroy(&made);
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &made));
    values[n - 1] = -1;
    FAILS(MEMQC_ERROR_ARGUMENT, "flicker_drawn", memqc_device_set_many(made, n, keys, values));
    memqc_device_destroy(&made);
    memqc_device_destroy(&source);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("set_many");
    TCase *tests = group(suite, "set_many");
    tcase_add_loop_test(tests, any_order_does, 0, (int)COUNT(sets));
    tcase_add_loop_test(tests, all_or_nothing, 0, (int)COUNT(sets));
    tcase_add_test(tests, presets_are_their_parameters);
    tcase_add_test(tests, what_waits_is_kept);
    tcase_add_test(tests, all_parameters_or_those_with_an_effect);
    return run_suite(suite);
}
