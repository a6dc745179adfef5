/* SPDX-License-Identifier: BSD-3-Clause */
/* Means of rows in groups: against the mean squares by hand, and against a population of devices,
 * networks and images that is known. */
#include "test.h"

#include "core/crossed.h"
#include "core/nested.h"
#include "rng/rng.h"

#include <memqc/memqc.h>

#include <math.h>
#include <string.h>

enum {
    GROUPS = 6,
    ROWS = 2,
    ALL = GROUPS * ROWS,
    COLUMNS = 400,
    BYTES = COLUMNS / 8,
    TRIALS = 200
};

/* Rows are right about columns where the group, the row, the column and a number of the two
 * together, all normal, are above 0 in sum. Returns the group's numbers. */
static void draw(uint64_t trial, double of_groups, double of_rows, uint8_t *bits, float *group) {
    const struct mqc_rng rng = mqc_rng_make(29, 200);
    float row[ALL], column[COLUMNS], both[COLUMNS];
    memset(bits, 0, (size_t)ALL * BYTES);
    mqc_rng_kernels()->normal(&rng, 0, trial, GROUPS + 1, group);
    mqc_rng_kernels()->normal(&rng, 100, trial, ALL, row);
    mqc_rng_kernels()->normal(&rng, 1000, trial, COLUMNS, column);
    for (size_t i = 0; i < ALL; i++) {
        const double level = of_groups * (double)group[i / ROWS] + of_rows * (double)row[i];
        mqc_rng_kernels()->normal(&rng, 2000 + 1000 * i, trial, COLUMNS, both);
        for (size_t j = 0; j < COLUMNS; j++)
            if (level + (double)column[j] + (double)both[j] > 0)
                bits[i * BYTES + j / 8] |= (uint8_t)(1u << j % 8);
    }
}

/* The probability of a normal number below x. */
static double normal(double x) {
    return 0.5 * erfc(-x / sqrt(2.0));
}

static double row_mean(const uint8_t *bits, size_t i) {
    double ones = 0;
    for (size_t j = 0; j < COLUMNS; j++)
        ones += bits[i * BYTES + j / 8] >> j % 8 & 1;
    return ones / COLUMNS;
}

/* Mean squares of the means of rows, from the definition. */
static void parts_of(const uint8_t *bits, double *between, double *within) {
    double mean = 0;
    *between = *within = 0;
    for (size_t i = 0; i < ALL; i++)
        mean += row_mean(bits, i) / ALL;
    for (size_t d = 0; d < GROUPS; d++) {
        const double a = row_mean(bits, 2 * d), b = row_mean(bits, 2 * d + 1);
        *between += 2 * pow((a + b) / 2 - mean, 2) / (GROUPS - 1);
        *within += (a - b) * (a - b) / 2 / GROUPS;
    }
}

START_TEST(parts_are_those_of_the_mean_squares) {
    uint8_t bits[ALL * BYTES];
    float group[GROUPS + 1];
    double values[MEMQC_NESTED_VALUES], between, within;
    draw((uint64_t)_i, _i % 2 ? 0.4 : 0, 0.2, bits, group);
    parts_of(bits, &between, &within);
    OK(memqc_nested(GROUPS, ROWS, COLUMNS, bits, values));
    const struct mqc_crossed crossed = mqc_crossed(ALL, COLUMNS, bits, NULL);
    const struct mqc_nested_squares squares = {GROUPS, ROWS, between, within, crossed.columns};
    const double tau2 = fmax((between - within) / 2, 0), half = mqc_nested_half(&squares);
    ck_assert_double_eq_tol(values[MEMQC_NESTED_MEAN], crossed.mean, 1e-12);
    ck_assert_double_eq_tol(values[MEMQC_NESTED_BY_GROUPS], tau2 * (1 + 1. / GROUPS), 1e-12);
    ck_assert_double_eq_tol(values[MEMQC_NESTED_BY_ROWS], within / ALL, 1e-12);
    ck_assert_double_eq_tol(values[MEMQC_NESTED_BY_COLUMNS], crossed.columns, 1e-12);
    ck_assert_double_gt(half, 1.96 * sqrt(tau2 + within / ALL + crossed.columns));
    ck_assert_double_eq_tol(values[MEMQC_NESTED_LOW], fmax(crossed.mean - half, 0), 1e-12);
    ck_assert_double_eq_tol(values[MEMQC_NESTED_HIGH], fmin(crossed.mean + half, 1), 1e-12);
}
END_TEST

/* Without one of the uncertainties, the interval is that of Student's t. */
START_TEST(it_is_students_at_its_ends) {
    static const double groups[] = {2, 3, 9, 40};
    const double k = groups[_i];
    const struct mqc_nested_squares still = {k, 2, 3e-4, 0, 0}, one = {1, k, 0, 3e-4, 0},
                                    alone = {k, 1, 1e-6, 0, 0}, images = {k, 2, 0, 0, 1e-4};
    ck_assert_double_eq_tol(
        mqc_nested_half(&still) / (mqc_student(k - 1) * sqrt(1.5e-4 * (1 + 1 / k))), 1, 1e-4);
    ck_assert_double_eq_tol(mqc_nested_half(&one) / (mqc_student(k - 1) * sqrt(3e-4 / k)), 1, 1e-4);
    ck_assert_double_eq_tol(
        mqc_nested_half(&alone) / (mqc_student(k - 1) * sqrt(1e-6 * (1 + 1 / k))), 1, 1e-4);
    ck_assert_double_eq_tol(mqc_nested_half(&images), 1.95996e-2, 1e-6);
}
END_TEST

/* The mean of one more group, which is the probability that its number and three others are above 0
 * in sum, is within the interval in 95 % of the cases. */
START_TEST(a_further_group_is_within_the_interval) {
    static const double spread[][2] = {{0.3, 0.1}, {0.1, 0.3}, {0, 0.3}};
    uint8_t bits[ALL * BYTES];
    float group[GROUPS + 1];
    int covered = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        const double *const of = spread[_i];
        draw(1000 + trial, of[0], of[1], bits, group);
        const struct mqc_nested found = mqc_nested(GROUPS, ROWS, COLUMNS, bits);
        const double further = normal(of[0] * (double)group[GROUPS] / sqrt(2 + of[1] * of[1]));
        covered += fabs(found.mean - further) <= found.half;
    }
    const double part = (double)covered / TRIALS;
    ck_assert_msg(part > 0.95 - 4 * sqrt(0.95 * 0.05 / TRIALS), "holds it in %g of the cases",
                  part);
}
END_TEST

START_TEST(one_of_a_kind_has_no_part) {
    uint8_t bits[ALL * BYTES];
    float group[GROUPS + 1];
    double values[MEMQC_NESTED_VALUES];
    draw(1, 0.4, 0.2, bits, group);
    OK(memqc_nested(1, ALL, COLUMNS, bits, values));
    ck_assert_double_eq(values[MEMQC_NESTED_BY_GROUPS], 0);
    ck_assert_double_gt(values[MEMQC_NESTED_BY_ROWS], 0);
    OK(memqc_nested(ALL, 1, COLUMNS, bits, values));
    ck_assert_double_gt(values[MEMQC_NESTED_BY_GROUPS], 0);
    ck_assert_double_eq(values[MEMQC_NESTED_BY_ROWS], 0);
    OK(memqc_nested(1, 1, COLUMNS, bits, values));
    ck_assert_double_gt(values[MEMQC_NESTED_HIGH], values[MEMQC_NESTED_LOW]);
    OK(memqc_nested(1, 1, 1, (const uint8_t[]){1}, values));
    ck_assert_double_eq(values[MEMQC_NESTED_LOW], 0); /* anything */
    ck_assert_double_eq(values[MEMQC_NESTED_HIGH], 1);
}
END_TEST

START_TEST(bad_arguments_are_refused) {
    uint8_t bits[] = {1, 0x20};
    double values[MEMQC_NESTED_VALUES];
    FAILS(MEMQC_ERROR_ARGUMENT, "hits is NULL", memqc_nested(1, 2, 5, NULL, values));
    FAILS(MEMQC_ERROR_ARGUMENT, "values is NULL", memqc_nested(1, 2, 5, bits, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "groups = 0", memqc_nested(0, 2, 5, bits, values));
    FAILS(MEMQC_ERROR_ARGUMENT, "rows = 0", memqc_nested(1, 0, 5, bits, values));
    FAILS(MEMQC_ERROR_ARGUMENT, "columns = 0", memqc_nested(1, 2, 0, bits, values));
    FAILS(MEMQC_ERROR_ARGUMENT, "product", memqc_nested(3, SIZE_MAX / 2, 5, bits, values));
    FAILS(MEMQC_ERROR_DATA, "memqc_nested: hits: bits of row 1 behind its last column 4",
          memqc_nested(1, 2, 5, bits, values));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("nested");
    TCase *group = add_group(suite, "nested", NULL);
    tcase_add_loop_test(group, parts_are_those_of_the_mean_squares, 0, 6);
    tcase_add_loop_test(group, it_is_students_at_its_ends, 0, 4);
    tcase_add_loop_test(group, a_further_group_is_within_the_interval, 0, 3);
    tcase_add_test(group, one_of_a_kind_has_no_part);
    tcase_add_test(group, bad_arguments_are_refused);
    return run_suite(suite);
}
