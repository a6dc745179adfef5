/* SPDX-License-Identifier: BSD-3-Clause */
/* Intervals of the examples: Student's where it fits between 0 and 100, and never beyond. */
#include "test.h"

#include "interval.h"

#include <math.h>

/* The interval of a few accuracies by hand: t = 12.7062 of two, 4.3027 of three, 2.7764 of five. */
START_TEST(students_interval) {
    static const struct {
        size_t n;
        double accuracies[5], t;
    } known[] = {
        {2, {60.0, 61.0}, 12.7062},
        {3, {50.0, 52.0, 57.0}, 4.3027},
        {5, {84.71, 85.56, 87.42, 79.25, 87.08}, 2.7764},
    };
    for (size_t k = 0; k < COUNT(known); k++) {
        const size_t n = known[k].n;
        const struct interval all = accuracy_interval(n, known[k].accuracies);
        double sum = 0, squares = 0;
        for (size_t i = 0; i < n; i++)
            sum += known[k].accuracies[i] / (double)n;
        for (size_t i = 0; i < n; i++)
            squares += pow(known[k].accuracies[i] - sum, 2);
        const double sd = sqrt(squares / (double)(n - 1)), half = known[k].t * sd / sqrt((double)n);
        ck_assert_int_eq(all.known, 1);
        ck_assert_double_eq_tol(all.mean, sum, 1e-10);
        ck_assert_double_eq_tol(all.sd, sd, 1e-10);
        ck_assert_double_eq_tol(all.low, sum - half, 2e-5 * half);
        ck_assert_double_eq_tol(all.high, sum + half, 2e-5 * half);
    }
}
END_TEST

/* Two seeds that were printed as 80.64 +- 37.99, and others. */
START_TEST(never_beyond_what_is_possible) {
    static const double accuracies[][2] = {
        {77.65, 83.63}, {0.0, 100.0}, {99.9, 100.0}, {0.0, 0.2}, {100.0, 100.0}, {8.0, 11.5},
    };
    for (size_t k = 0; k < COUNT(accuracies); k++) {
        const struct interval all = accuracy_interval(2, accuracies[k]);
        ck_assert_double_ge(all.low, 0.0);
        ck_assert_double_le(all.high, 100.0);
        ck_assert_double_le(all.low, all.mean);
        ck_assert_double_ge(all.high, all.mean);
    }
    const struct interval cut = accuracy_interval(2, accuracies[0]);
    ck_assert_double_eq(cut.high, 100.0);
    ck_assert_double_eq_tol(cut.low, 80.64 - 37.99, 0.005);
}
END_TEST

START_TEST(one_accuracy_tells_nothing) {
    const double accuracy = 97.5;
    const struct interval all = accuracy_interval(1, &accuracy);
    ck_assert_int_eq(all.known, 0);
    ck_assert_double_eq(all.mean, 97.5);
    ck_assert_double_eq(all.sd, 0.0);
    ck_assert_double_eq(all.low, 0.0);
    ck_assert_double_eq(all.high, 100.0);
}
END_TEST

RUN_TESTS("interval", students_interval, never_beyond_what_is_possible, one_accuracy_tells_nothing)
