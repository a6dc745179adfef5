/* SPDX-License-Identifier: BSD-3-Clause */
/* What the test programs share: Check, and a few lines that it leaves to each program. */
#ifndef MEMQC_TESTS_TEST_H
#define MEMQC_TESTS_TEST_H

#include <memqc/memqc.h>

#include "quick_check.h"
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A parameter and its value. */
struct setting {
    int32_t key;
    double value;
};

/* The call succeeds. */
#define OK(call)                                                                                  \
    do {                                                                                          \
        const memqc_status ok_status_ = (call);                                                   \
        ck_assert_msg(ok_status_ == MEMQC_OK, "%s: %s: %s", #call, memqc_status_name(ok_status_), \
                      memqc_last_error());                                                        \
    } while (0)

/* An error text that no other call leaves. */
static inline void prime_error(void) {
    int32_t key;
    ck_assert_int_eq(memqc_device_key("@", &key), MEMQC_ERROR_ARGUMENT);
}

/* Is there a failure with this status, and a text of its own with a word in it? */
static inline void failed_with(int line, const char *call, memqc_status got, memqc_status expected,
                               const char *word) {
    const char *text = memqc_last_error();
    ck_assert_msg(got == expected, "line %d: %s gave %s, not %s", line, call,
                  memqc_status_name(got), memqc_status_name(expected));
    ck_assert_msg(*text && !strstr(text, "\"@\""), "line %d: %s set no error text", line, call);
    ck_assert_msg(!word || strstr(text, word), "line %d: %s: no \"%s\" in the text: %s", line, call,
                  word, text);
}

/* The call fails with a status, and its error text contains a word (NULL: any text will do). */
#define FAILS(status, word, call)                                      \
    do {                                                               \
        prime_error();                                                 \
        const memqc_status fails_status_ = (call);                     \
        failed_with(__LINE__, #call, fails_status_, (status), (word)); \
    } while (0)
#define REFUSES(call) FAILS(MEMQC_ERROR_ARGUMENT, NULL, call)
#define REFUSES_NULL(call) FAILS(MEMQC_ERROR_ARGUMENT, "NULL", call)

/* --- saved objects --- */

/* Saves a device, a crossbar or an mlp (the noun) into new bytes of malloc(). */
#define SAVE(noun, object, bytes, size)                                     \
    do {                                                                    \
        (size) = 0;                                                         \
        OK(memqc_##noun##_save_memory((object), NULL, 0, &(size)));         \
        (bytes) = malloc(size);                                             \
        ck_assert_ptr_nonnull(bytes);                                       \
        OK(memqc_##noun##_save_memory((object), (bytes), (size), &(size))); \
    } while (0)

/* The object can be saved, and what is saved can be loaded. */
#define CAN_BE_LOADED(noun, object)                                            \
    do {                                                                       \
        unsigned char *loaded_bytes_;                                          \
        size_t loaded_size_;                                                   \
        memqc_##noun *loaded_ = NULL;                                          \
        SAVE(noun, object, loaded_bytes_, loaded_size_);                       \
        OK(memqc_##noun##_load_memory(loaded_bytes_, loaded_size_, &loaded_)); \
        free(loaded_bytes_);                                                   \
        memqc_##noun##_destroy(&loaded_);                                      \
    } while (0)

/* --- programs --- */

static inline int run_suite(Suite *suite) {
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* A group of tests, each of which begins with a call of the fixture (or NULL). Time limits are the
 * test runner's business. */
static inline TCase *add_group(Suite *suite, const char *name, void (*fixture)(void)) {
    TCase *group = tcase_create(name);
    if (fixture)
        tcase_add_checked_fixture(group, fixture, NULL);
    tcase_set_timeout(group, 0);
    suite_add_tcase(suite, group);
    return group;
}

/* Runs test functions (made by START_TEST) as a program. */
static inline int run_tests(const char *name, const TTest *const *tests, size_t count) {
    Suite *suite = suite_create(name);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(add_group(suite, tests[i]->name, NULL), tests[i]);
    return run_suite(suite);
}

#define RUN_TESTS(name, ...)                         \
    int main(void) {                                 \
        const TTest *const tests[] = {__VA_ARGS__};  \
        return run_tests(name, tests, COUNT(tests)); \
    }

static inline int32_t model_of(const memqc_device *device) {
    double model;
    OK(memqc_device_get(device, MEMQC_DEVICE_MODEL, &model));
    return (int32_t)model;
}

/* Makes the step of a pulsed device what leads from one of its levels to the next. */
static inline void step_by_levels(memqc_device *device) {
    double low, high, states;
    int32_t used;
    OK(memqc_device_uses(device, MEMQC_DEVICE_STEP, &used));
    OK(memqc_device_get(device, MEMQC_DEVICE_G_MIN, &low));
    OK(memqc_device_get(device, MEMQC_DEVICE_G_MAX, &high));
    OK(memqc_device_get(device, MEMQC_DEVICE_STATES, &states));
    if (used)
        OK(memqc_device_set(device, MEMQC_DEVICE_STEP, (high - low) / (states - 1)));
}

/* A train of voltage pulses on n cells; trace: what each conducts after each pulse, or NULL. */
static inline void apply_train(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n,
                               size_t n_pulses, const float *volts, float *state, float *g,
                               float *trace, size_t ldt, double *cost) {
    for (size_t p = 0; p < n_pulses; p++) {
        OK(memqc_device_apply(device, cell, draw + p, n, (double)volts[p], state, g, cost));
        for (size_t i = 0; trace && i < n; i++)
            trace[i * ldt + p] = g ? g[i] : state[i];
    }
}

/* A device by its preset. The steps of soft-bounds are so small that a cell takes hundreds of pulses to
 * its level, and tests of many cells minutes under valgrind; steps 16 times as large do as well. */
static inline memqc_device *coarse_device(const char *preset) {
    memqc_device *device;
    OK(memqc_device_create_preset(preset, &device));
    if (strcmp(preset, "soft-bounds") == 0) {
        double step;
        OK(memqc_device_get(device, MEMQC_DEVICE_STEP, &step));
        OK(memqc_device_set(device, MEMQC_DEVICE_STEP, 16 * step));
    }
    return device;
}

#endif
