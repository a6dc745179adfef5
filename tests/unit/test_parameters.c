/* SPDX-License-Identifier: BSD-3-Clause */
/* What every parameter does with every kind of bad value, and whose error text it is. */
#include "public.h"

#include <ctype.h>
#include <math.h>

static memqc_status device_set(int32_t key, double value) {
    return memqc_device_set(device, key, value);
}
static memqc_status device_get(int32_t key, double *value) {
    return memqc_device_get(device, key, value);
}
static void measured(void) {
    OK(memqc_device_set(device, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_MEASURED));
}
static void as_made(void) {
}
static void of_model(int32_t model) {
    memqc_device_destroy(&device);
    OK(memqc_device_create(model, &device));
}
static void constant(void) {
    of_model(MEMQC_DEVICE_CONSTANT);
}
static void linear(void) {
    of_model(MEMQC_DEVICE_LINEAR);
}
static void soft_bounds(void) {
    of_model(MEMQC_DEVICE_SOFT_BOUNDS);
}
static void exponential(void) {
    of_model(MEMQC_DEVICE_EXPONENTIAL);
}
static void power(void) {
    of_model(MEMQC_DEVICE_POWER);
}
static void neurosim(void) {
    of_model(MEMQC_DEVICE_NEUROSIM);
}
static void table(void) {
    of_model(MEMQC_DEVICE_TABLE);
}
static memqc_status digital_set(int32_t key, double value) {
    return memqc_mlp_set(digital, key, value);
}
static memqc_status digital_get(int32_t key, double *value) {
    return memqc_mlp_get(digital, key, value);
}
static memqc_status analog_set(int32_t key, double value) {
    return memqc_mlp_set(analog, key, value);
}
static memqc_status analog_get(int32_t key, double *value) {
    return memqc_mlp_get(analog, key, value);
}

/* What the library says of a parameter; any pointer may be NULL. */
static memqc_status mlp_describe(int32_t key, const char **name, const char **unit, double *min,
                                 double *max, double *initial) {
    const int32_t what[] = {MEMQC_KEY_MIN, MEMQC_KEY_MAX, MEMQC_KEY_INITIAL};
    double *const number[] = {min, max, initial};
    const char *text = memqc_mlp_key_text(key, MEMQC_KEY_NAME);
    if (!text)
        return MEMQC_ERROR_ARGUMENT;
    if (name)
        *name = text;
    if (unit)
        *unit = memqc_mlp_key_text(key, MEMQC_KEY_UNIT);
    for (size_t i = 0; i < COUNT(what); i++)
        if (number[i])
            OK(memqc_mlp_key_value(key, what[i], number[i]));
    return MEMQC_OK;
}

static memqc_status device_describe(int32_t key, const char **name, const char **unit, double *min,
                                    double *max, double *initial) {
    const int32_t what[] = {MEMQC_KEY_MIN, MEMQC_KEY_MAX, MEMQC_KEY_INITIAL};
    double *const number[] = {min, max, initial};
    const char *text = memqc_device_key_text(key, MEMQC_KEY_NAME);
    if (!text)
        return MEMQC_ERROR_ARGUMENT;
    if (name)
        *name = text;
    if (unit)
        *unit = memqc_device_key_text(key, MEMQC_KEY_UNIT);
    for (size_t i = 0; i < COUNT(what); i++)
        if (number[i])
            OK(memqc_device_key_value(key, what[i], number[i]));
    return MEMQC_OK;
}

/* Keys that only some models use. */
#define PULSED_ONLY                                                              \
    MEMQC_DEVICE_C2C_ABSOLUTE, MEMQC_DEVICE_C2C_RELATIVE, MEMQC_DEVICE_C2C_STEP, \
        MEMQC_DEVICE_D2D_STEP, MEMQC_DEVICE_RESET_VOLTAGE
#define QUANTIZED_ONLY                                                             \
    MEMQC_DEVICE_LAW, MEMQC_DEVICE_SIGMA, MEMQC_DEVICE_K, MEMQC_DEVICE_PULSES,     \
        MEMQC_DEVICE_FWHM_EARLY, MEMQC_DEVICE_FWHM_LATE, MEMQC_DEVICE_PULSE_EARLY, \
        MEMQC_DEVICE_PULSE_LATE, MEMQC_DEVICE_BELOW_ZERO, MEMQC_DEVICE_RAMP_START, \
        MEMQC_DEVICE_RAMP_KNEE, MEMQC_DEVICE_RAMP_END, MEMQC_DEVICE_RAMP_KNEE_PULSE
#define ASYMMETRIES MEMQC_DEVICE_ASYMMETRY, MEMQC_DEVICE_D2D_ASYMMETRY
#define SLOPES MEMQC_DEVICE_SLOPE_UP, MEMQC_DEVICE_SLOPE_DOWN
#define EXPONENTIALS                                                                        \
    MEMQC_DEVICE_A_UP, MEMQC_DEVICE_A_DOWN, MEMQC_DEVICE_GAMMA_UP, MEMQC_DEVICE_GAMMA_DOWN, \
        MEMQC_DEVICE_EXP_SCALE, MEMQC_DEVICE_EXP_OFFSET
#define POWERS MEMQC_DEVICE_POWER_UP, MEMQC_DEVICE_POWER_DOWN
#define LABELS \
    MEMQC_DEVICE_NL_UP, MEMQC_DEVICE_NL_DOWN, MEMQC_DEVICE_PULSES_UP, MEMQC_DEVICE_PULSES_DOWN
#define SHAPES MEMQC_DEVICE_D2D_SHAPE

#define OF_OTHERS                                                                       \
    MEMQC_MLP_MOMENTUM, MEMQC_MLP_BETA1, MEMQC_MLP_BETA2, MEMQC_MLP_EPSILON,            \
        MEMQC_MLP_SCHEDULE_PERIOD, MEMQC_MLP_SCHEDULE_FACTOR, MEMQC_MLP_SCHEDULE_FLOOR, \
        MEMQC_MLP_LEAK, MEMQC_MLP_INPUT_MIN, MEMQC_MLP_INPUT_MAX, MEMQC_MLP_MONITOR,    \
        MEMQC_MLP_PATIENCE, MEMQC_MLP_MIN_DELTA, MEMQC_MLP_RESTORE_BEST

#define DEVICE(label, prepare, ...)                                                             \
    {                                                                                           \
        label, prepare, MEMQC_DEVICE_STATES, MEMQC_DEVICE_READ_VOLTAGE, device_set, device_get, \
            memqc_device_key, device_describe,                                                  \
            {MEMQC_DEVICE_STATES,                                                               \
             MEMQC_DEVICE_LAW,                                                                  \
             MEMQC_DEVICE_PULSES,                                                               \
             MEMQC_DEVICE_BELOW_ZERO,                                                           \
             MEMQC_DEVICE_PULSES_UP,                                                            \
             MEMQC_DEVICE_PULSES_DOWN,                                                          \
             MEMQC_DEVICE_READ_NOISE_OCTAVES},                                                  \
        {                                                                                       \
            __VA_ARGS__                                                                         \
        }                                                                                       \
    }
/* Everything that another parameter must say to be used is used. */
static void all_in_use(void) {
    OK(memqc_mlp_set_layer(digital, 0, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD_MOMENTUM));
    OK(memqc_mlp_set_layer(digital, 1, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM));
    OK(memqc_mlp_set_layer(digital, 0, MEMQC_MLP_ACTIVATION, MEMQC_MLP_LEAKY_RELU));
    OK(memqc_mlp_set(digital, MEMQC_MLP_INPUT_BITS, 4));
    OK(memqc_mlp_set(digital, MEMQC_MLP_VALIDATION, 0.5));
    OK(memqc_mlp_set(digital, MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_STEP));
}
static void all_in_use_cosine(void) {
    all_in_use();
    OK(memqc_mlp_set(digital, MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_COSINE));
}

static void noise_aware(void) {
    OK(memqc_mlp_set_layer(analog, 1, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE));
}

/* Each noun, in each form in which it takes other parameters. */
static const struct noun {
    const char *label;
    void (*prepare)(void);
    int32_t first; /* key; the others follow without a gap */
    int32_t known; /* keys that these headers have; later ones are tested too */
    memqc_status (*set)(int32_t key, double value);
    memqc_status (*get)(int32_t key, double *value);
    memqc_status (*key)(const char *name, int32_t *key);
    memqc_status (*describe)(int32_t key, const char **name, const char **unit, double *min,
                             double *max, double *initial);
    int32_t whole[16];   /* keys of whole numbers; 0 ends the list */
    int32_t refused[64]; /* keys that cannot be set in this form, whatever the value */
} nouns[] = {
    DEVICE("device", as_made, MEMQC_DEVICE_FWHM_EARLY, MEMQC_DEVICE_FWHM_LATE, PULSED_ONLY,
           ASYMMETRIES, SLOPES, EXPONENTIALS, POWERS, LABELS, SHAPES),
    DEVICE("device, measured", measured, MEMQC_DEVICE_SIGMA, MEMQC_DEVICE_K, PULSED_ONLY,
           ASYMMETRIES, SLOPES, EXPONENTIALS, POWERS, LABELS, SHAPES),
    DEVICE("constant", constant, QUANTIZED_ONLY, SLOPES, EXPONENTIALS, POWERS, LABELS, SHAPES),
    DEVICE("linear", linear, QUANTIZED_ONLY, EXPONENTIALS, POWERS, LABELS),
    DEVICE("soft-bounds", soft_bounds, QUANTIZED_ONLY, SLOPES, EXPONENTIALS, POWERS, LABELS,
           SHAPES),
    DEVICE("exponential", exponential, QUANTIZED_ONLY, SLOPES, POWERS, LABELS),
    DEVICE("power", power, QUANTIZED_ONLY, SLOPES, EXPONENTIALS, LABELS),
    DEVICE("neurosim", neurosim, QUANTIZED_ONLY, ASYMMETRIES, SLOPES, EXPONENTIALS, POWERS,
           MEMQC_DEVICE_STEP),
    DEVICE("table", table, QUANTIZED_ONLY, SLOPES, EXPONENTIALS, POWERS, LABELS, SHAPES,
           MEMQC_DEVICE_STEP),
    {"mlp without a device",
     as_made,
     MEMQC_MLP_RULE,
     MEMQC_MLP_TARGET,
     digital_set,
     digital_get,
     memqc_mlp_key,
     mlp_describe,
     {MEMQC_MLP_RULE, MEMQC_MLP_ACTIVATION, MEMQC_MLP_LOSS, MEMQC_MLP_BATCH, MEMQC_MLP_INPUT_BITS,
      MEMQC_MLP_BIAS, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SCHEDULE},
     {OF_OTHERS, MEMQC_MLP_NOISE_FACTOR}},
    {"mlp on a device",
     as_made,
     MEMQC_MLP_RULE,
     MEMQC_MLP_TARGET,
     analog_set,
     analog_get,
     memqc_mlp_key,
     mlp_describe,
     {MEMQC_MLP_RULE, MEMQC_MLP_ACTIVATION, MEMQC_MLP_LOSS, MEMQC_MLP_BATCH, MEMQC_MLP_INPUT_BITS,
      MEMQC_MLP_BIAS, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SCHEDULE},
     {OF_OTHERS, MEMQC_MLP_NOISE_FACTOR, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_TRANSFER_RANGE}},
    {"mlp, all in use, schedule by steps",
     all_in_use,
     MEMQC_MLP_RULE,
     MEMQC_MLP_TARGET,
     digital_set,
     digital_get,
     memqc_mlp_key,
     mlp_describe,
     {MEMQC_MLP_INPUT_BITS, MEMQC_MLP_MONITOR, MEMQC_MLP_PATIENCE, MEMQC_MLP_RESTORE_BEST},
     {MEMQC_MLP_SCHEDULE_FLOOR, MEMQC_MLP_NOISE_FACTOR, MEMQC_MLP_INPUT_THRESHOLD}},
    {"mlp, all in use, schedule by cosine",
     all_in_use_cosine,
     MEMQC_MLP_RULE,
     MEMQC_MLP_TARGET,
     digital_set,
     digital_get,
     memqc_mlp_key,
     mlp_describe,
     {MEMQC_MLP_INPUT_BITS, MEMQC_MLP_MONITOR, MEMQC_MLP_PATIENCE, MEMQC_MLP_RESTORE_BEST},
     {MEMQC_MLP_SCHEDULE_FACTOR, MEMQC_MLP_NOISE_FACTOR, MEMQC_MLP_INPUT_THRESHOLD}},
    {"mlp, noise-aware",
     noise_aware,
     MEMQC_MLP_RULE,
     MEMQC_MLP_TARGET,
     analog_set,
     analog_get,
     memqc_mlp_key,
     mlp_describe,
     {MEMQC_MLP_BATCH, MEMQC_MLP_INSTANCES, MEMQC_MLP_THREADS},
     {OF_OTHERS, MEMQC_MLP_TRANSFER_RANGE}},
};

enum { MAX_KEYS = 200 };

static int listed(const int32_t *list, size_t n, int32_t key) {
    for (size_t i = 0; i < n && list[i]; i++)
        if (list[i] == key)
            return 1;
    return 0;
}

/* Number of keys. */
static int32_t count_keys(const struct noun *noun) {
    int32_t n = 0;
    while (n < MAX_KEYS &&
           noun->describe(noun->first + n, NULL, NULL, NULL, NULL, NULL) == MEMQC_OK)
        n++;
    return n;
}

struct snapshot {
    int32_t n;
    double value[MAX_KEYS + 1];
};

static void take(const struct noun *noun, struct snapshot *all) {
    memset(all, 0, sizeof *all);
    all->n = count_keys(noun);
    for (int32_t i = 0; i < all->n; i++)
        OK(noun->get(noun->first + i, &all->value[i]));
}

/* Does the text hold this number, to the digits that it may print? */
static int holds(const char *text, double number) {
    for (const char *at = text; *at; at++) {
        if (at > text && (isalnum((unsigned char)at[-1]) || strchr("_.", at[-1])))
            continue;
        char *end;
        const double found = strtod(at, &end);
        if (end == at || isalpha((unsigned char)*end))
            continue;
        if (found == number || fabs(found - number) <= 1e-8 * fabs(number))
            return 1;
    }
    return 0;
}

/* A value that must not be taken: refused with a text of its own, and nothing is changed. The text
 * stays valid until the next call of this. */
static const char *check_refused(const struct noun *noun, int32_t key, double value) {
    static struct snapshot before, after;
    static char text[1024];
    take(noun, &before);
    prime_error();
    const memqc_status status = noun->set(key, value);
    snprintf(text, sizeof text, "%s", memqc_last_error());
    ck_assert_msg(status == MEMQC_ERROR_ARGUMENT, "%s: key %d = %.17g gave %s", noun->label,
                  (int)key, value, memqc_status_name(status));
    ck_assert_msg(*text && !strstr(text, "\"@\""), "%s: key %d = %.17g set no error text",
                  noun->label, (int)key, value);
    take(noun, &after);
    for (int32_t other = 0; other < before.n; other++)
        ck_assert_msg(memcmp(&before.value[other], &after.value[other], sizeof(double)) == 0,
                      "%s: key %d = %.17g was refused, and key %d went from %.17g to %.17g",
                      noun->label, (int)key, value, (int)(noun->first + other), before.value[other],
                      after.value[other]);
    return text;
}

/* The same, with the name of the parameter in the text. */
static const char *check_refused_by_name(const struct noun *noun, int32_t key, double value) {
    const char *name = "", *text = check_refused(noun, key, value);
    OK(noun->describe(key, &name, NULL, NULL, NULL, NULL));
    ck_assert_msg(strstr(text, name) != NULL, "%s: %s = %.17g: the text does not name it: %s",
                  noun->label, name, value, text);
    return text;
}

START_TEST(keys_describe_themselves) {
    const struct noun *noun = &nouns[_i];
    noun->prepare();
    const int32_t n = count_keys(noun);
    ck_assert_msg(noun->first + n > noun->known && n < MAX_KEYS, "%s has %d keys", noun->label,
                  (int)n);
    for (int32_t key = noun->first; key < noun->first + n; key++) {
        const char *name = NULL, *unit = NULL;
        double min = NAN, max = NAN, initial = NAN;
        int32_t found = 0;
        OK(noun->describe(key, &name, &unit, &min, &max, &initial));
        ck_assert_msg(name && *name, "%s: key %d has no name", noun->label, (int)key);
        ck_assert_msg(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name),
                      "%s: name \"%s\"", noun->label, name);
        ck_assert_msg(unit != NULL, "%s: %s has NULL for a unit", noun->label, name);
        ck_assert_msg(min <= initial && initial <= max, "%s: %s is %g by default, bounds %g .. %g",
                      noun->label, name, initial, min, max);
        OK(noun->key(name, &found));
        ck_assert_msg(found == key, "%s: \"%s\" is key %d, not %d", noun->label, name, (int)found,
                      (int)key);

        /* Each result by itself. */
        const char *name_alone = NULL, *unit_alone = NULL;
        double min_alone = NAN, max_alone = NAN, initial_alone = NAN;
        OK(noun->describe(key, &name_alone, NULL, NULL, NULL, NULL));
        OK(noun->describe(key, NULL, &unit_alone, NULL, NULL, NULL));
        OK(noun->describe(key, NULL, NULL, &min_alone, NULL, NULL));
        OK(noun->describe(key, NULL, NULL, NULL, &max_alone, NULL));
        OK(noun->describe(key, NULL, NULL, NULL, NULL, &initial_alone));
        ck_assert_str_eq(name_alone, name);
        ck_assert_str_eq(unit_alone, unit);
        ck_assert(min_alone == min && max_alone == max && initial_alone == initial);
    }
}
END_TEST

START_TEST(keys_take_their_default) {
    const struct noun *noun = &nouns[_i];
    const int32_t n = count_keys(noun);
    for (int32_t key = noun->first; key < noun->first + n; key++) {
        const char *name = NULL;
        double initial = NAN, value = NAN;
        teardown();
        setup();
        noun->prepare();
        OK(noun->describe(key, &name, NULL, NULL, NULL, &initial));
        const memqc_status status = noun->set(key, initial);
        if (status == MEMQC_OK) {
            ck_assert_msg(!listed(noun->refused, COUNT(noun->refused), key), "%s: %s could be set",
                          noun->label, name);
            OK(noun->get(key, &value));
            ck_assert_msg(fabs(value - initial) <= 1e-12 * fabs(initial),
                          "%s: %s set to %.17g, read as %.17g", noun->label, name, initial, value);
        } else {
            const int needs_device = noun->set == digital_set && key == MEMQC_MLP_RULE;
            ck_assert_msg(needs_device || listed(noun->refused, COUNT(noun->refused), key),
                          "%s: %s does not take its default %g: %s", noun->label, name, initial,
                          memqc_last_error());
            check_refused_by_name(noun, key, initial);
        }
    }
}
END_TEST

START_TEST(keys_keep_their_bounds) {
    const struct noun *noun = &nouns[_i];
    noun->prepare();
    const int32_t n = count_keys(noun);
    for (int32_t key = noun->first; key < noun->first + n; key++) {
        const char *name = NULL;
        double min = NAN, max = NAN;
        OK(noun->describe(key, &name, NULL, &min, &max, NULL));
        const double bad[] = {nextafter(min, -INFINITY),
                              min - 1,
                              min - fabs(min),
                              nextafter(max, INFINITY),
                              max + 1,
                              max + fabs(max),
                              -INFINITY,
                              INFINITY,
                              NAN};
        for (size_t i = 0; i < COUNT(bad); i++) {
            if (bad[i] >= min && bad[i] <= max)
                continue; /* a bound of zero, a far one, or none */
            const char *text = check_refused_by_name(noun, key, bad[i]);
            if (!listed(noun->refused, COUNT(noun->refused), key))
                ck_assert_msg(holds(text, min) && holds(text, max),
                              "%s: %s = %.17g: the text lacks the bounds %.17g .. %.17g: %s",
                              noun->label, name, bad[i], min, max, text);
        }
        if (listed(noun->whole, COUNT(noun->whole), key))
            check_refused_by_name(noun, key, min + 0.5);
    }
}
END_TEST

/* A bound is taken, or refused because of another parameter: then in words, and without a change.
 * */
START_TEST(keys_take_their_bounds_or_say_why_not) {
    const struct noun *noun = &nouns[_i];
    const int32_t n = count_keys(noun);
    for (int32_t key = noun->first; key < noun->first + n; key++) {
        double bound[2] = {NAN, NAN};
        OK(noun->describe(key, NULL, NULL, &bound[0], &bound[1], NULL));
        for (size_t i = 0; i < COUNT(bound); i++) {
            double value = NAN;
            teardown();
            setup();
            noun->prepare();
            if (noun->set(key, bound[i]) == MEMQC_OK) {
                OK(noun->get(key, &value));
                ck_assert_msg(fabs(value - bound[i]) <= 1e-12 * fabs(bound[i]),
                              "%s: key %d set to %.17g, read as %.17g", noun->label, (int)key,
                              bound[i], value);
            } else {
                check_refused(noun, key, bound[i]);
            }
        }
    }
}
END_TEST

START_TEST(unknown_keys) {
    const struct noun *noun = &nouns[_i];
    noun->prepare();
    const int32_t bad[] = {0, -1, 1000, INT32_MIN, INT32_MAX, noun->first + count_keys(noun)};
    static const char *const names[] = {"", " ", "no_such_parameter", "1"};
    struct snapshot before, after;
    double value = 0;
    int32_t key = 0;
    take(noun, &before);
    for (size_t i = 0; i < COUNT(bad); i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", (int)bad[i]);
        FAILS(MEMQC_ERROR_ARGUMENT, number, noun->set(bad[i], 1));
        FAILS(MEMQC_ERROR_ARGUMENT, number, noun->get(bad[i], &value));
        FAILS(MEMQC_ERROR_ARGUMENT, number, noun->describe(bad[i], NULL, NULL, NULL, NULL, NULL));
    }
    for (size_t i = 0; i < COUNT(names); i++)
        FAILS(MEMQC_ERROR_ARGUMENT, names[i], noun->key(names[i], &key));
    take(noun, &after);
    ck_assert_mem_eq(&before, &after, sizeof before);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("parameters");
    TCase *parameters = group(suite, "parameters");
    tcase_add_loop_test(parameters, keys_describe_themselves, 0, (int)COUNT(nouns));
    tcase_add_loop_test(parameters, keys_take_their_default, 0, (int)COUNT(nouns));
    tcase_add_loop_test(parameters, keys_keep_their_bounds, 0, (int)COUNT(nouns));
    tcase_add_loop_test(parameters, keys_take_their_bounds_or_say_why_not, 0, (int)COUNT(nouns));
    tcase_add_loop_test(parameters, unknown_keys, 0, (int)COUNT(nouns));
    return run_suite(suite);
}
