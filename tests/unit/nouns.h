/* SPDX-License-Identifier: BSD-3-Clause */
/* The three nouns as their parameters are concerned, and each noun in the forms in which it uses
 * other parameters. */
#ifndef MEMQC_TESTS_NOUNS_H
#define MEMQC_TESTS_NOUNS_H

#include "public.h"

#include <math.h>

struct noun {
    const char *name;
    size_t (*keys)(void);
    int32_t (*key_at)(size_t index);
    memqc_status (*key)(const char *name, int32_t *key);
    const char *(*key_text)(int32_t key, int32_t what);
    memqc_status (*key_value)(int32_t key, int32_t what, double *value);
    const char *(*choice_name)(int32_t key, int32_t value);
    memqc_status (*choice)(int32_t key, const char *name, int32_t *value);
};

static const struct noun device_noun = {
    "device",
    memqc_device_keys,
    memqc_device_key_at,
    memqc_device_key,
    memqc_device_key_text,
    memqc_device_key_value,
    memqc_device_choice_name,
    memqc_device_choice,
};
static const struct noun crossbar_noun = {
    "crossbar",
    memqc_crossbar_keys,
    memqc_crossbar_key_at,
    memqc_crossbar_key,
    memqc_crossbar_key_text,
    memqc_crossbar_key_value,
    memqc_crossbar_choice_name,
    memqc_crossbar_choice,
};
static const struct noun mlp_noun = {
    "mlp",
    memqc_mlp_keys,
    memqc_mlp_key_at,
    memqc_mlp_key,
    memqc_mlp_key_text,
    memqc_mlp_key_value,
    memqc_mlp_choice_name,
    memqc_mlp_choice,
};
static const struct noun *const nouns[] = {&device_noun, &crossbar_noun, &mlp_noun};

/* --- the parameters of the handles of public.h --- */

struct access {
    const struct noun *noun;
    memqc_status (*set)(int32_t key, double value);
    memqc_status (*get)(int32_t key, double *value);
    memqc_status (*uses)(int32_t key, int32_t *flag);
    memqc_status (*set_many)(size_t n, const int32_t *keys, const double *values);
};

#define ACCESS(prefix, noun, handle)                                                             \
    static memqc_status prefix##_set(int32_t key, double value) {                                \
        return memqc_##noun##_set(handle, key, value);                                           \
    }                                                                                            \
    static memqc_status prefix##_get(int32_t key, double *value) {                               \
        return memqc_##noun##_get(handle, key, value);                                           \
    }                                                                                            \
    static memqc_status prefix##_uses(int32_t key, int32_t *flag) {                              \
        return memqc_##noun##_uses(handle, key, flag);                                           \
    }                                                                                            \
    static memqc_status prefix##_set_many(size_t n, const int32_t *keys, const double *values) { \
        return memqc_##noun##_set_many(handle, n, keys, values);                                 \
    }                                                                                            \
    static const struct access prefix##_access = {&noun##_noun, prefix##_set, prefix##_get,      \
                                                  prefix##_uses, prefix##_set_many}

ACCESS(device, device, device);
ACCESS(blank, crossbar, blank);
ACCESS(digital, mlp, digital);
ACCESS(analog, mlp, analog);

/* --- forms --- */

struct form {
    const char *label;
    const struct access *access;
    int32_t model; /* of the device; 0: as it is */
    struct setting settings[8];
};

static const struct form forms[] = {
    {"quantized", &device_access, 0, {{0, 0}}},
    {"quantized, measured", &device_access, 0, {{MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_MEASURED}}},
    {"constant", &device_access, MEMQC_DEVICE_CONSTANT, {{0, 0}}},
    {"linear", &device_access, MEMQC_DEVICE_LINEAR, {{0, 0}}},
    {"soft bounds", &device_access, MEMQC_DEVICE_SOFT_BOUNDS, {{0, 0}}},
    {"exponential", &device_access, MEMQC_DEVICE_EXPONENTIAL, {{0, 0}}},
    {"power", &device_access, MEMQC_DEVICE_POWER, {{0, 0}}},
    {"neurosim", &device_access, MEMQC_DEVICE_NEUROSIM, {{0, 0}}},
    {"table", &device_access, MEMQC_DEVICE_TABLE, {{0, 0}}},
    {"crossbar", &blank_access, 0, {{0, 0}}},
    {"crossbar with converters",
     &blank_access,
     0,
     {{MEMQC_CROSSBAR_DAC_BITS, 6},
      {MEMQC_CROSSBAR_ADC_BITS, 8},
      {MEMQC_CROSSBAR_ADC_RANGE, MEMQC_CROSSBAR_RANGE_AMPERES},
      {MEMQC_CROSSBAR_SLICES, 2},
      {MEMQC_CROSSBAR_NORMALIZATION, MEMQC_CROSSBAR_NORMALIZATION_COLUMN}}},
    {"crossbar with wires",
     &blank_access,
     0,
     {{MEMQC_CROSSBAR_WORD_RESISTANCE, 1},
      {MEMQC_CROSSBAR_BIT_RESISTANCE, 1},
      {MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY}}},
    {"crossbar, Tiki-Taka",
     &blank_access,
     0,
     {{MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_TIKI_TAKA}}},
    {"mlp without a device", &digital_access, 0, {{0, 0}}},
    {"mlp on a device", &analog_access, 0, {{0, 0}}},
    {"mlp, momentum, steps",
     &digital_access,
     0,
     {{MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD_MOMENTUM},
      {MEMQC_MLP_ACTIVATION, MEMQC_MLP_LEAKY_RELU},
      {MEMQC_MLP_INPUT_BITS, 4},
      {MEMQC_MLP_VALIDATION, 0.5},
      {MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_STEP}}},
    {"mlp, Adam, cosine",
     &digital_access,
     0,
     {{MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM}, {MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_COSINE}}},
    {"mlp, noise-aware", &analog_access, 0, {{MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE}}},
};

/* The handles as new, and one of them in a form. */
static inline void take_form(const struct form *form) {
    teardown();
    setup();
    if (form->model) {
        memqc_device_destroy(&device);
        OK(memqc_device_create(form->model, &device));
    }
    for (const struct setting *s = form->settings; s->key; s++)
        OK(form->access->set(s->key, s->value));
}

static inline double number_of(const struct noun *noun, int32_t key, int32_t what) {
    double value = NAN;
    OK(noun->key_value(key, what, &value));
    return value;
}

static inline int is_used(const struct access *access, int32_t key) {
    int32_t flag = -1;
    OK(access->uses(key, &flag));
    ck_assert(flag == 0 || flag == 1);
    return flag;
}

/* --- the values of all parameters --- */

enum { MAX_KEYS = 200 };

struct snapshot {
    size_t n;
    double value[MAX_KEYS];
};

static inline void take(const struct access *access, struct snapshot *all) {
    memset(all, 0, sizeof *all);
    all->n = access->noun->keys();
    ck_assert_uint_le(all->n, MAX_KEYS);
    for (size_t i = 0; i < all->n; i++)
        OK(access->get(access->noun->key_at(i), &all->value[i]));
}

static inline void check_unchanged(const struct access *access, const struct snapshot *before,
                                   const char *what) {
    struct snapshot after;
    take(access, &after);
    for (size_t i = 0; i < before->n; i++)
        ck_assert_msg(memcmp(&before->value[i], &after.value[i], sizeof(double)) == 0,
                      "%s: %s was refused, and %s went from %.17g to %.17g", access->noun->name,
                      what, access->noun->key_text(access->noun->key_at(i), MEMQC_KEY_NAME),
                      before->value[i], after.value[i]);
}

#endif
