/* SPDX-License-Identifier: BSD-3-Clause */
/* With n = 0 or batch = 0, functions do nothing and succeed, and their arrays may be NULL. */
#include "public.h"

START_TEST(networks) {
    OK(memqc_mlp_set_many(digital, 0, NULL, NULL));
    OK(memqc_mlp_predict(digital, 0, NULL, 2, NULL, 2, NULL));
    OK(memqc_mlp_predict(analog, 0, NULL, 2, NULL, 2, NULL));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("empty");
    TCase *tests = group(suite, "empty");
    tcase_add_test(tests, networks);
    return run_suite(suite);
}
