/* SPDX-License-Identifier: BSD-3-Clause */
/* Any public constant handed to the wrong function is refused by a text that names it: all functions
 * that take a constant, with all constants of all enumerations. */
#include "public.h"

#include "core/constants.h"

enum { FIRST = 101, END = 4000, N_LEVELS = 32 };

/* --- functions that take a constant, each with one that is none of its own as all others --- */

static double value;
static int32_t whole;
static float numbers[64];
static double limits[16];

#define TEXT(call) ((call) ? MEMQC_OK : MEMQC_ERROR_ARGUMENT)
#define TAKER(name, call)                        \
    static memqc_status name(int32_t constant) { \
        return call;                             \
    }

TAKER(summary, memqc_summary(1, &(const double){1}, constant, &value))

static memqc_status create_device(int32_t model) {
    memqc_device *made = NULL;
    const memqc_status status = memqc_device_create(model, &made);
    memqc_device_destroy(&made);
    return status;
}

TAKER(device_set, memqc_device_set(device, constant, 1))
TAKER(device_get, memqc_device_get(device, constant, &value))
TAKER(device_set_many, memqc_device_set_many(device, 1, &constant, &(const double){1}))
TAKER(device_uses, memqc_device_uses(device, constant, &whole))
TAKER(device_text_of, TEXT(memqc_device_key_text(constant, MEMQC_KEY_NAME)))
TAKER(device_text, TEXT(memqc_device_key_text(MEMQC_DEVICE_LAW, constant)))
TAKER(device_value_of, memqc_device_key_value(constant, MEMQC_KEY_MIN, &value))
TAKER(device_value, memqc_device_key_value(MEMQC_DEVICE_LAW, constant, &value))
TAKER(device_choice_name_of, TEXT(memqc_device_choice_name(constant, MEMQC_DEVICE_LAW_LINEAR)))
TAKER(device_choice_name, TEXT(memqc_device_choice_name(MEMQC_DEVICE_LAW, constant)))
TAKER(device_choice_of, memqc_device_choice(constant, "linear", &whole))
TAKER(device_law, memqc_device_set(device, MEMQC_DEVICE_LAW, constant))
TAKER(device_cells, memqc_device_cells(device, constant, 0, 4, numbers))

TAKER(crossbar_set, memqc_crossbar_set(blank, constant, 1))
TAKER(crossbar_get, memqc_crossbar_get(blank, constant, &value))
TAKER(crossbar_set_many, memqc_crossbar_set_many(blank, 1, &constant, &(const double){1}))
TAKER(crossbar_uses, memqc_crossbar_uses(blank, constant, &whole))
TAKER(crossbar_text_of, TEXT(memqc_crossbar_key_text(constant, MEMQC_KEY_NAME)))
TAKER(crossbar_text, TEXT(memqc_crossbar_key_text(MEMQC_CROSSBAR_MAPPING, constant)))
TAKER(crossbar_value_of, memqc_crossbar_key_value(constant, MEMQC_KEY_MIN, &value))
TAKER(crossbar_value, memqc_crossbar_key_value(MEMQC_CROSSBAR_MAPPING, constant, &value))
TAKER(crossbar_choice_name_of,
      TEXT(memqc_crossbar_choice_name(constant, MEMQC_CROSSBAR_MAPPING_SINGLE)))
TAKER(crossbar_choice_name, TEXT(memqc_crossbar_choice_name(MEMQC_CROSSBAR_MAPPING, constant)))
TAKER(crossbar_choice_of, memqc_crossbar_choice(constant, "single", &whole))
TAKER(crossbar_mapping, memqc_crossbar_set(blank, MEMQC_CROSSBAR_MAPPING, constant))
TAKER(crossbar_rule, memqc_crossbar_set(blank, MEMQC_CROSSBAR_RULE, constant))
TAKER(crossbar_count, memqc_crossbar_get_count(array, constant, &(uint64_t){0}))
TAKER(crossbar_cost, memqc_crossbar_get_cost(array, constant, &value))
TAKER(crossbar_report, memqc_crossbar_get_report(array, constant, &value))

TAKER(mlp_set, memqc_mlp_set(analog, constant, 1))
TAKER(mlp_get, memqc_mlp_get(analog, constant, &value))
TAKER(mlp_set_many, memqc_mlp_set_many(analog, 1, &constant, &(const double){1}))
TAKER(mlp_uses, memqc_mlp_uses(analog, constant, &whole))
TAKER(mlp_text_of, TEXT(memqc_mlp_key_text(constant, MEMQC_KEY_NAME)))
TAKER(mlp_text, TEXT(memqc_mlp_key_text(MEMQC_MLP_LOSS, constant)))
TAKER(mlp_value_of, memqc_mlp_key_value(constant, MEMQC_KEY_MIN, &value))
TAKER(mlp_value, memqc_mlp_key_value(MEMQC_MLP_LOSS, constant, &value))
TAKER(mlp_choice_name_of, TEXT(memqc_mlp_choice_name(constant, MEMQC_MLP_CROSS_ENTROPY)))
TAKER(mlp_choice_name, TEXT(memqc_mlp_choice_name(MEMQC_MLP_LOSS, constant)))
TAKER(mlp_choice_of, memqc_mlp_choice(constant, "cross-entropy", &whole))
TAKER(mlp_loss, memqc_mlp_set(analog, MEMQC_MLP_LOSS, constant))
TAKER(mlp_set_layer, memqc_mlp_set_layer(analog, 0, constant, 1))
TAKER(mlp_get_layer, memqc_mlp_get_layer(analog, 0, constant, &value))
TAKER(mlp_set_crossbar, memqc_mlp_set_crossbar(analog, 0, constant, 1))
TAKER(mlp_get_crossbar, memqc_mlp_get_crossbar(analog, 0, constant, &value))
TAKER(mlp_history, memqc_mlp_get_history(digital, 1, constant, &value))
TAKER(mlp_sensitivity,
      memqc_mlp_sensitivity(digital, device, constant, 1, f, 2, &(const int32_t){0}, limits))

/* Each with the enumerations whose constants it may take. */
static const struct taker {
    const char *name;
    memqc_status (*call)(int32_t constant);
    const char *own[2];
} takers[] = {
    {"memqc_summary", summary, {"a statistic of memqc_summary()", NULL}},
    {"memqc_device_create", create_device, {"a model of a device", NULL}},
    {"memqc_device_set", device_set, {"a parameter of a device", NULL}},
    {"memqc_device_get", device_get, {"a parameter of a device", NULL}},
    {"memqc_device_set_many", device_set_many, {"a parameter of a device", NULL}},
    {"memqc_device_uses", device_uses, {"a parameter of a device", NULL}},
    {"memqc_device_key_text, key", device_text_of, {"a parameter of a device", NULL}},
    {"memqc_device_key_text, what", device_text, {"a text of a parameter", NULL}},
    {"memqc_device_key_value, key", device_value_of, {"a parameter of a device", NULL}},
    {"memqc_device_key_value, what", device_value, {"a number of a parameter", NULL}},
    {"memqc_device_choice_name, key", device_choice_name_of, {"a parameter of a device", NULL}},
    {"memqc_device_choice_name", device_choice_name, {"a law of noise of a device", NULL}},
    {"memqc_device_choice, key", device_choice_of, {"a parameter of a device", NULL}},
    {"law", device_law, {"a law of noise of a device", NULL}},
    {"memqc_device_cells", device_cells, {"a parameter of a device", NULL}},
    {"memqc_crossbar_set", crossbar_set, {"a parameter of a crossbar", NULL}},
    {"memqc_crossbar_get", crossbar_get, {"a parameter of a crossbar", NULL}},
    {"memqc_crossbar_set_many", crossbar_set_many, {"a parameter of a crossbar", NULL}},
    {"memqc_crossbar_uses", crossbar_uses, {"a parameter of a crossbar", NULL}},
    {"memqc_crossbar_key_text, key", crossbar_text_of, {"a parameter of a crossbar", NULL}},
    {"memqc_crossbar_key_text, what", crossbar_text, {"a text of a parameter", NULL}},
    {"memqc_crossbar_key_value, key", crossbar_value_of, {"a parameter of a crossbar", NULL}},
    {"memqc_crossbar_key_value, what", crossbar_value, {"a number of a parameter", NULL}},
    {"memqc_crossbar_choice_name, key",
     crossbar_choice_name_of,
     {"a parameter of a crossbar", NULL}},
    {"memqc_crossbar_choice_name", crossbar_choice_name, {"a mapping of a crossbar", NULL}},
    {"memqc_crossbar_choice, key", crossbar_choice_of, {"a parameter of a crossbar", NULL}},
    {"mapping", crossbar_mapping, {"a mapping of a crossbar", NULL}},
    {"rule of a crossbar", crossbar_rule, {"an update rule of a crossbar", NULL}},
    {"memqc_crossbar_get_count", crossbar_count, {"a counter of a crossbar", NULL}},
    {"memqc_crossbar_get_cost", crossbar_cost, {"a cost of a crossbar", NULL}},
    {"memqc_crossbar_get_report", crossbar_report, {"a value of a crossbar's report", NULL}},
    {"memqc_mlp_set", mlp_set, {"a parameter of an mlp", NULL}},
    {"memqc_mlp_get", mlp_get, {"a parameter of an mlp", NULL}},
    {"memqc_mlp_set_many", mlp_set_many, {"a parameter of an mlp", NULL}},
    {"memqc_mlp_uses", mlp_uses, {"a parameter of an mlp", NULL}},
    {"memqc_mlp_key_text, key", mlp_text_of, {"a parameter of an mlp", NULL}},
    {"memqc_mlp_key_text, what", mlp_text, {"a text of a parameter", NULL}},
    {"memqc_mlp_key_value, key", mlp_value_of, {"a parameter of an mlp", NULL}},
    {"memqc_mlp_key_value, what", mlp_value, {"a number of a parameter", NULL}},
    {"memqc_mlp_choice_name, key", mlp_choice_name_of, {"a parameter of an mlp", NULL}},
    {"memqc_mlp_choice_name", mlp_choice_name, {"a loss of an mlp", NULL}},
    {"memqc_mlp_choice, key", mlp_choice_of, {"a parameter of an mlp", NULL}},
    {"loss", mlp_loss, {"a loss of an mlp", NULL}},
    {"memqc_mlp_set_layer", mlp_set_layer, {"a parameter of an mlp", NULL}},
    {"memqc_mlp_get_layer", mlp_get_layer, {"a parameter of an mlp", NULL}},
    {"memqc_mlp_set_crossbar", mlp_set_crossbar, {"a parameter of a crossbar", NULL}},
    {"memqc_mlp_get_crossbar", mlp_get_crossbar, {"a parameter of a crossbar", NULL}},
    {"memqc_mlp_get_history", mlp_history, {"a value of an mlp's history", NULL}},
    {"memqc_mlp_sensitivity", mlp_sensitivity, {"a property of a sensitivity", NULL}},
};

START_TEST(foreign_constants_are_refused) {
    const struct taker *taker = &takers[_i];
    size_t foreign = 0, own = 0;
    for (int32_t constant = FIRST; constant < END; constant++) {
        const char *name = NULL, *what = NULL;
        if (!mqc_constant(constant, &name, &what))
            continue;
        if (strcmp(what, taker->own[0]) == 0) {
            own++;
            continue;
        }
        foreign++;
        prime_error();
        const memqc_status status = taker->call(constant);
        ck_assert_msg(status == MEMQC_ERROR_ARGUMENT, "%s took %s: %s", taker->name, name,
                      memqc_status_name(status));
        ck_assert_msg(strstr(memqc_last_error(), name), "%s does not name %s: %s", taker->name,
                      name, memqc_last_error());
    }
    ck_assert_msg(foreign > 250 && own > 0, "%s: %zu foreign constants, %zu of its own",
                  taker->name, foreign, own);
}
END_TEST

/* --- constants as values of choices: every choice of every noun --- */

struct chooser {
    const char *noun;
    size_t (*keys)(void);
    int32_t (*key_at)(size_t index);
    memqc_status (*key_value)(int32_t key, int32_t what, double *value);
    memqc_status (*set)(int32_t key, double value);
};

static memqc_status set_device(int32_t key, double number) {
    return memqc_device_set(device, key, number);
}
static memqc_status set_crossbar(int32_t key, double number) {
    return memqc_crossbar_set(blank, key, number);
}
static memqc_status set_mlp(int32_t key, double number) {
    return memqc_mlp_set(analog, key, number);
}

static const struct chooser choosers[] = {
    {"device", memqc_device_keys, memqc_device_key_at, memqc_device_key_value, set_device},
    {"crossbar", memqc_crossbar_keys, memqc_crossbar_key_at, memqc_crossbar_key_value,
     set_crossbar},
    {"mlp", memqc_mlp_keys, memqc_mlp_key_at, memqc_mlp_key_value, set_mlp},
};

START_TEST(choices_are_their_own) {
    const struct chooser *chooser = &choosers[_i];
    size_t choices = 0;
    for (size_t i = 0; i < chooser->keys(); i++) {
        const int32_t key = chooser->key_at(i);
        double kind = 0, min = 0, max = 0;
        OK(chooser->key_value(key, MEMQC_KEY_KIND, &kind));
        OK(chooser->key_value(key, MEMQC_KEY_MIN, &min));
        OK(chooser->key_value(key, MEMQC_KEY_MAX, &max));
        if (kind != MEMQC_KIND_CHOICE)
            continue;
        choices++;
        for (int32_t constant = FIRST; constant < END; constant++) {
            const char *name = NULL, *what = NULL;
            if ((constant < min || constant > max) && mqc_constant(constant, &name, &what))
                FAILS(MEMQC_ERROR_ARGUMENT, name, chooser->set(key, constant));
        }
    }
    ck_assert_uint_gt(choices, 1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("foreign_constants");
    TCase *tests = group(suite, "constants");
    tcase_add_loop_test(tests, foreign_constants_are_refused, 0, (int)COUNT(takers));
    tcase_add_loop_test(tests, choices_are_their_own, 0, (int)COUNT(choosers));
    return run_suite(suite);
}
