/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels one by one as a candidate, where the noise has a memory from cycle to cycle. */
#include "ladders.h"

static const struct {
    int32_t devices;
    double c;
} memories[] = {{1, 0.5}, {1, 0.9}, {3, 0.5}, {3, 0.9}};

/* Levels of cycles that are alike are uneven in all of them by the same chance. */
START_TEST(memory_is_no_ladder) {
    for (uint64_t trial = 0; trial < 5; trial++) {
        seed_of_numbers = 3000 + 100 * trial;
        const struct ladder ladder = ladder_of(EVEN);
        size_t n = 0;
        for (int32_t d = 0; d < memories[_i].devices; d++)
            n = read_with_memory(&ladder, memories[_i].c, d, CYCLES, n);
        memqc_device *fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, n);
        ck_assert_int_ne(taken(fitted), MEMQC_DEVICE_FIT_QUANTIZED_LEVELS);
        memqc_device_destroy(&fitted);
    }
}
END_TEST

/* Log-spaced levels are found all the same. */
START_TEST(ladders_with_a_memory_are_found) {
    for (uint64_t trial = 0; trial < 5; trial++) {
        seed_of_numbers = 4000 + 100 * trial;
        const struct ladder ladder = ladder_of(LOG);
        const size_t n = read_with_memory(&ladder, 0.9, 0, CYCLES, 0);
        memqc_device *fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, n);
        ck_assert_int_eq(taken(fitted), MEMQC_DEVICE_FIT_QUANTIZED_LEVELS);
        memqc_device_destroy(&fitted);
    }
}
END_TEST

/* Noise that falls to a thirtieth along the levels does so whatever its memory. */
START_TEST(a_law_is_found_with_a_memory) {
    for (uint64_t trial = 0; trial < 6; trial++) {
        seed_of_numbers = 4900 + 100 * trial;
        struct ladder ladder = ladder_of(EVEN);
        for (int i = 0; i < LEVELS; i++) {
            ladder.g[i] = (16.5 - 0.5 * (i + 1)) * MEMQC_G0;
            ladder.sd[i] = (1 - 0.03 * (i + 1)) * MEMQC_G0;
        }
        const size_t n = read_with_memory(&ladder, 0.9, 0, CYCLES, 0);
        memqc_device *fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, n);
        ck_assert_int_eq(taken(fitted), MEMQC_DEVICE_FIT_QUANTIZED_LINEAR);
        memqc_device_destroy(&fitted);
    }
}
END_TEST

/* Cycles that are alike show noise that is constant along the levels as if it changed, by chance, in
 * all of them; and noise that is linear as if it were in proportion to the conductance: K 0.03 of
 * 32 levels, where 1 / 33 is in proportion. */
START_TEST(memory_is_no_law) {
    enum { TRIALS = 12 };
    int right = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        seed_of_numbers = 4500 + 100 * trial;
        struct ladder ladder = ladder_of(EVEN);
        for (int i = 0; i < LEVELS && _i; i++) {
            ladder.g[i] = (16.5 - 0.5 * (i + 1)) * MEMQC_G0;
            ladder.sd[i] = (1 - 0.03 * (i + 1)) * MEMQC_G0;
        }
        const size_t n = read_with_memory(&ladder, 0.9, 0, _i ? 60 : CYCLES, 0);
        memqc_device *fitted = fit_rows(MEMQC_DEVICE_QUANTIZED, n);
        right += taken(fitted) ==
                 (_i ? MEMQC_DEVICE_FIT_QUANTIZED_LINEAR : MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT);
        memqc_device_destroy(&fitted);
    }
    ck_assert_int_ge(right, TRIALS - 1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("fit_levels_memory");
    TCase *tests = add_group(suite, "memory", NULL);
    tcase_add_loop_test(tests, memory_is_no_ladder, 0, COUNT(memories));
    tcase_add_test(tests, ladders_with_a_memory_are_found);
    tcase_add_test(tests, a_law_is_found_with_a_memory);
    tcase_add_loop_test(tests, memory_is_no_law, 0, 2);
    return run_suite(suite);
}
