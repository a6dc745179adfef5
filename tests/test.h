/* SPDX-License-Identifier: BSD-3-Clause */
/* What the test programs share: Check, and a few lines that it leaves to each program. */
#ifndef MEMQC_TESTS_TEST_H
#define MEMQC_TESTS_TEST_H

#include <memqc/memqc.h>

#include "quick_check.h"
#include <stdlib.h>
#include <string.h>

/* The call succeeds. */
#define OK(call)                                                                                  \
    do {                                                                                          \
        const memqc_status ok_status_ = (call);                                                   \
        ck_assert_msg(ok_status_ == MEMQC_OK, "%s: %s: %s", #call, memqc_status_name(ok_status_), \
                      memqc_last_error());                                                        \
    } while (0)

/* The call fails with a status, and the error text contains a word. */
#define FAILS(expected, word, call)                                                         \
    do {                                                                                    \
        const memqc_status fails_status_ = (call);                                          \
        ck_assert_msg(fails_status_ == (expected), "%s: %s instead of %s", #call,           \
                      memqc_status_name(fails_status_), #expected);                         \
        ck_assert_msg(strstr(memqc_last_error(), (word)), "%s: no \"%s\" in \"%s\"", #call, \
                      (word), memqc_last_error());                                          \
    } while (0)

/* Runs test functions (made by START_TEST) as a program. Time limits are the test runner's
 * business. */
static inline int run_tests(const char *name, const TTest *const *tests, size_t count) {
    Suite *suite = suite_create(name);
    for (size_t i = 0; i < count; i++) {
        TCase *one = tcase_create(tests[i]->name);
        tcase_set_timeout(one, 0);
        tcase_add_test(one, tests[i]);
        suite_add_tcase(suite, one);
    }
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define RUN_TESTS(name, ...)                                         \
    int main(void) {                                                 \
        const TTest *const tests[] = {__VA_ARGS__};                  \
        return run_tests(name, tests, sizeof tests / sizeof *tests); \
    }

#endif
