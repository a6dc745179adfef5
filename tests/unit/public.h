/* SPDX-License-Identifier: BSD-3-Clause */
/* For the tests of the public surface and nothing else: what a call must do, and handles to try it
 * on. */
#ifndef MEMQC_TESTS_PUBLIC_H
#define MEMQC_TESTS_PUBLIC_H

#include <memqc/memqc.h>

#include "quick_check.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Another text than any of the call that comes next. */
static const char *prime_error(void) {
    int32_t key;
    ck_assert_int_eq(memqc_device_key("@", &key), MEMQC_ERROR_ARGUMENT);
    return "@";
}

/* Is there a failure with this status and a text of its own, with each of two words in it? */
static void failed_with(int line, const char *call, memqc_status got, memqc_status expected,
                        const char *word) {
    const char *text = memqc_last_error();
    ck_assert_msg(got == expected, "line %d: %s gave %s, not %s", line, call,
                  memqc_status_name(got), memqc_status_name(expected));
    ck_assert_msg(*text && !strstr(text, "\"@\""), "line %d: %s set no error text", line, call);
    ck_assert_msg(!word || strstr(text, word), "line %d: %s: no \"%s\" in the text: %s", line, call,
                  word, text);
}

#define FAILS(status, word, call)                                      \
    do {                                                               \
        prime_error();                                                 \
        memqc_status fails_status_ = (call);                           \
        failed_with(__LINE__, #call, fails_status_, (status), (word)); \
    } while (0)
#define REFUSES(call) FAILS(MEMQC_ERROR_ARGUMENT, NULL, call)
#define REFUSES_NULL(call) FAILS(MEMQC_ERROR_ARGUMENT, "NULL", call)
#define WORKS(call)                                                          \
    do {                                                                     \
        memqc_status works_status_ = (call);                                 \
        ck_assert_msg(works_status_ == MEMQC_OK, "%s gave %s: %s", #call,    \
                      memqc_status_name(works_status_), memqc_last_error()); \
    } while (0)
enum { ROWS = 3, COLS = 2, STATES = 32, SAMPLES = 4 };

static memqc_device *device;
static memqc_crossbar *blank, *array; /* not programmed, programmed */
static memqc_mlp *digital, *analog;   /* without a device, with one */
static const size_t sizes[] = {2, 3, 2};
static float f[STATES * SAMPLES]; /* room for any array below */
static int32_t levels[STATES];

static void setup(void) {
    WORKS(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    WORKS(memqc_crossbar_create(device, ROWS, COLS, &blank));
    WORKS(memqc_crossbar_create(device, ROWS, COLS, &array));
    memset(f, 0, sizeof f);
    WORKS(memqc_crossbar_program(array, f, COLS));
    WORKS(memqc_mlp_create(sizes, COUNT(sizes), NULL, 0, &digital));
    WORKS(memqc_mlp_create(sizes, COUNT(sizes), device, 0, &analog));
    for (size_t i = 0; i < COUNT(levels); i++)
        levels[i] = 1;
}

static void teardown(void) {
    memqc_mlp_destroy(&analog);
    memqc_mlp_destroy(&digital);
    memqc_crossbar_destroy(&array);
    memqc_crossbar_destroy(&blank);
    memqc_device_destroy(&device);
}

static inline TCase *group(Suite *suite, const char *name) {
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120); /* valgrind */
    suite_add_tcase(suite, tcase);
    return tcase;
}

static inline int run(Suite *suite) {
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}

#endif
