/* SPDX-License-Identifier: BSD-3-Clause */
/* Means of crossed designs: against sums by hand, and against a population whose parts of variance
 * have a closed form. */
#include "test.h"

#include "core/crossed.h"
#include "rng/rng.h"

#include <memqc/memqc.h>

#include <math.h>
#include <string.h>

enum { ROWS = 6, COLUMNS = 45, STRIDE = 6, TRIALS = 600 };

static const double pi = 3.14159265358979324;

static void set_bit(uint8_t *bits, size_t i, size_t j, int value) {
    if (value)
        bits[i * STRIDE + j / 8] |= (uint8_t)(1u << j % 8);
}

static int bit(const uint8_t *bits, size_t i, size_t j) {
    return bits[i * STRIDE + j / 8] >> j % 8 & 1;
}

/* Rows are right about columns where a of the row and b of the column, both standard normal, and
 * one more of the two together, are above 0 in sum. Half of them are, and two elements of one row
 * are correlated by 1 / 3: both are right with the probability 1 / 4 + asin(1 / 3) / (2 pi). */
static void draw(uint64_t trial, uint8_t *bits) {
    const struct mqc_rng rng = mqc_rng_make(17, 200);
    float a[ROWS], b[COLUMNS], both[COLUMNS];
    memset(bits, 0, (size_t)ROWS * STRIDE);
    mqc_rng_kernels()->normal(&rng, 0, trial, ROWS, a);
    mqc_rng_kernels()->normal(&rng, 1000, trial, COLUMNS, b);
    for (size_t i = 0; i < ROWS; i++) {
        mqc_rng_kernels()->normal(&rng, 2000 + 1000 * i, trial, COLUMNS, both);
        for (size_t j = 0; j < COLUMNS; j++)
            set_bit(bits, i, j, a[i] + b[j] + both[j] > 0);
    }
}

/* --- by hand --- */

/* Mean squares from the definition. */
static void mean_squares(const uint8_t *x, const uint8_t *y, double *mean, double square[3]) {
    double d[ROWS][COLUMNS], row[ROWS] = {0}, column[COLUMNS] = {0};
    *mean = square[0] = square[1] = square[2] = 0;
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS; j++) {
            d[i][j] = bit(x, i, j) - (y ? bit(y, i, j) : 0);
            row[i] += d[i][j] / COLUMNS;
            column[j] += d[i][j] / ROWS;
            *mean += d[i][j] / (ROWS * COLUMNS);
        }
    for (size_t i = 0; i < ROWS; i++)
        square[0] += COLUMNS * pow(row[i] - *mean, 2) / (ROWS - 1);
    for (size_t j = 0; j < COLUMNS; j++)
        square[1] += ROWS * pow(column[j] - *mean, 2) / (COLUMNS - 1);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS; j++)
            square[2] +=
                pow(d[i][j] - row[i] - column[j] + *mean, 2) / ((ROWS - 1.) * (COLUMNS - 1));
}

START_TEST(parts_are_those_of_the_mean_squares) {
    uint8_t x[ROWS * STRIDE], y[ROWS * STRIDE];
    double values[MEMQC_CROSSED_VALUES], mean, m[3];
    const double n = (double)ROWS * COLUMNS;
    draw(2 * (uint64_t)_i, x);
    draw(2 * (uint64_t)_i + 1, y);
    for (int paired = 0; paired < 2; paired++) {
        OK(memqc_crossed(ROWS, COLUMNS, x, paired ? y : NULL, values));
        mean_squares(x, paired ? y : NULL, &mean, m);
        const double rows = fmax(m[0] - m[2], 0) / n, both = m[2] / n,
                     columns = fmax(m[1] - m[2], 0) / n + 1. / (COLUMNS * COLUMNS);
        ck_assert_double_eq_tol(values[MEMQC_CROSSED_MEAN], mean, 1e-12);
        ck_assert_double_eq_tol(values[MEMQC_CROSSED_BY_ROWS], rows, 1e-12);
        ck_assert_double_eq_tol(values[MEMQC_CROSSED_BY_COLUMNS], columns, 1e-12);
        ck_assert_double_eq_tol(values[MEMQC_CROSSED_BY_BOTH], both, 1e-12);
        const double freedom = values[MEMQC_CROSSED_FREEDOM],
                     half = mqc_student(freedom) * sqrt(rows + columns + both);
        ck_assert_double_ge(freedom, ROWS - 1);
        ck_assert_double_eq_tol(values[MEMQC_CROSSED_LOW], mean - half, 1e-12);
        ck_assert_double_eq_tol(values[MEMQC_CROSSED_HIGH], mean + half, 1e-12);
    }
}
END_TEST

/* So many columns would halve it, when the parts are divided by that. */
START_TEST(what_would_halve_it) {
    const struct mqc_crossed mostly = {.rows = 1e-6, .columns = 2e-4, .both = 1e-5};
    const double all = 2.11e-4, columns = mqc_crossed_columns_to_halve(&mostly, 1000);
    const double left = 1e-6 + 2.1e-4 * 1000 / columns,
                 fewer = 1e-6 + 2.1e-4 * 1000 / (columns - 1);
    ck_assert_double_le(left, all / 4);
    ck_assert_double_gt(fewer, all / 4);
    ck_assert(isinf(mqc_crossed_rows_to_halve(&mostly, 10)));
}
END_TEST

/* Two images of a thousand: the interval is about them too. */
START_TEST(a_loss_on_two_images_is_uncertain) {
    enum { N = 1000, BYTES = 125, ARRAYS = 10 };
    static uint8_t ideal[ARRAYS * BYTES], now[ARRAYS * BYTES];
    double values[MEMQC_CROSSED_VALUES];
    for (size_t i = 0; i < ARRAYS; i++)
        now[i * BYTES] = 3;
    OK(memqc_crossed(ARRAYS, N, ideal, now, values));
    ck_assert_double_eq_tol(values[MEMQC_CROSSED_MEAN], -0.002, 1e-12);
    ck_assert_double_eq(values[MEMQC_CROSSED_BY_ROWS], 0);
    /* (2 / 1000 - (2 / 1000)^2) / 999, and half an image on either side. */
    ck_assert_double_eq_tol(values[MEMQC_CROSSED_BY_COLUMNS], (2e-3 - 4e-6) / 999 + 1e-6, 1e-12);
    ck_assert_double_lt(values[MEMQC_CROSSED_LOW], -0.005);
    ck_assert_double_gt(values[MEMQC_CROSSED_HIGH], 0.001);
    OK(memqc_crossed(ARRAYS, N, ideal, ideal, values)); /* none seen is not none */
    ck_assert_double_eq_tol(values[MEMQC_CROSSED_HIGH], 0.00196, 1e-5);
    ck_assert_double_eq(values[MEMQC_CROSSED_ROWS_TO_HALVE], INFINITY);
}
END_TEST

/* --- a known population --- */

START_TEST(intervals_cover_and_parts_are_unbiased) {
    const double one = asin(1. / 3) / (2 * pi),
                 wanted[] = {one / ROWS, one / COLUMNS, (0.25 - 2 * one) / (ROWS * COLUMNS)};
    uint8_t bits[ROWS * STRIDE];
    double sum[3] = {0}, squares[3] = {0};
    int covered = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        draw(1000 + trial, bits);
        const struct mqc_crossed found = mqc_crossed(ROWS, COLUMNS, bits, NULL);
        const double part[] = {found.rows, found.columns - 1. / (COLUMNS * COLUMNS), found.both};
        for (int k = 0; k < 3; k++) {
            sum[k] += part[k] / TRIALS;
            squares[k] += part[k] * part[k] / TRIALS;
        }
        covered += fabs(found.mean - 0.5) <= found.half;
    }
    for (int k = 0; k < 3; k++) {
        const double error = sqrt((squares[k] - sum[k] * sum[k]) / TRIALS);
        ck_assert_msg(fabs(sum[k] - wanted[k]) < 4 * error, "part %d: %g, not %g +- %g", k, sum[k],
                      wanted[k], error);
    }
    const double part = (double)covered / TRIALS;
    ck_assert_msg(fabs(part - 0.95) < 4 * sqrt(0.95 * 0.05 / TRIALS), "covers in %g of the cases",
                  part);
}
END_TEST

START_TEST(parts_are_combined) {
    const double variances[] = {4e-4, 1e-4, 0}, freedoms[] = {9, INFINITY, 3};
    double half = -1;
    OK(memqc_combine(3, variances, freedoms, &half)); /* 5e-4^2 / (4e-4^2 / 9) = 14.06: t of 14 */
    ck_assert_double_eq_tol(half, 2.1447866879 * sqrt(5e-4), 1e-9);
    OK(memqc_combine(0, variances, freedoms, &half));
    ck_assert_double_eq(half, 0);
    OK(memqc_combine(1, &variances[1], &freedoms[1], &half));
    ck_assert_double_eq_tol(half, 1.9599639845 * 0.01, 1e-8);
}
END_TEST

START_TEST(bad_arguments_are_refused) {
    const double below[] = {-1}, none[] = {0};
    uint8_t bits[ROWS * STRIDE] = {0};
    double values[MEMQC_CROSSED_VALUES];
    FAILS(MEMQC_ERROR_ARGUMENT, "hits is NULL", memqc_crossed(2, 5, NULL, NULL, values));
    FAILS(MEMQC_ERROR_ARGUMENT, "values is NULL", memqc_crossed(2, 5, bits, NULL, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "rows = 0", memqc_crossed(0, 5, bits, NULL, values));
    bits[1] = 0x20;
    FAILS(MEMQC_ERROR_DATA, "less: bits of row 1 behind its last column 4",
          memqc_crossed(2, 5, &bits[2], bits, values));
    FAILS(MEMQC_ERROR_DATA, "variances[0] = -1", memqc_combine(1, below, below, values));
    FAILS(MEMQC_ERROR_DATA, "freedoms[0] = 0", memqc_combine(1, none, none, values));
    FAILS(MEMQC_ERROR_ARGUMENT, "half is NULL", memqc_combine(1, none, none, NULL));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("crossed");
    TCase *group = add_group(suite, "crossed", NULL);
    tcase_add_loop_test(group, parts_are_those_of_the_mean_squares, 0, 5);
    tcase_add_test(group, what_would_halve_it);
    tcase_add_test(group, a_loss_on_two_images_is_uncertain);
    tcase_add_test(group, intervals_cover_and_parts_are_unbiased);
    tcase_add_test(group, parts_are_combined);
    tcase_add_test(group, bad_arguments_are_refused);
    return run_suite(suite);
}
