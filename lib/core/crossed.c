/* SPDX-License-Identifier: BSD-3-Clause */
/* The mean of x[i, j], where rows i (arrays) and columns j (images) are both drawn at random: the
 * two-way random effects model without repetition. With the mean squares of the analysis of
 * variance, A of rows, B of columns and E of what is left,
 *
 *     var(mean) = (max(A - E, 0) + max(B - E, 0) + E) / (rows columns),
 *
 * see Searle, Casella and McCulloch, Variance Components (1992), 4.7. The three terms are the parts
 * of rows, columns, and both. The degrees of freedom are those of Satterthwaite (1946) for
 * A + B - E, and at least the fewer of rows - 1 and columns - 1.
 *
 * x is a bit, the difference of two, or a weighted sum of such. Such means have no variance where
 * all columns are equal, however few they are. Half a column is thought to be added on either side,
 * as by Agresti and Min (2005): the part of columns grows by 1 / columns^2. A single row, or
 * column, has no part.
 *
 * All sums of bits are of whole numbers, so that nothing depends on their order. */
#include "core/crossed.h"
#include "core/summary.h"

#include <math.h>

/* Sums over a matrix. */
struct sums {
    double all;
    double ones; /* squares of the elements: of bits, how many are not 0 */
    double rows; /* squares of the sums of rows */
    double columns;
};

size_t mqc_crossed_stride(size_t columns) {
    return (columns + 7) / 8;
}

static unsigned bits_of(unsigned byte) {
    byte -= (byte >> 1) & 0x55;
    byte = (byte & 0x33) + ((byte >> 2) & 0x33);
    return (byte + (byte >> 4)) & 0x0f;
}

static void sum_rows(size_t rows, size_t stride, const uint8_t *hits, const uint8_t *less,
                     struct sums *sums) {
    for (size_t i = 0; i < rows; i++) {
        int64_t sum = 0, ones = 0;
        for (size_t k = i * stride; k < (i + 1) * stride; k++) {
            const unsigned a = hits[k], b = less ? less[k] : 0;
            sum += (int64_t)bits_of(a) - (int64_t)bits_of(b);
            ones += bits_of(a ^ b);
        }
        sums->all += (double)sum;
        sums->ones += (double)ones;
        sums->rows += (double)sum * (double)sum;
    }
}

static void sum_columns(size_t rows, size_t stride, const uint8_t *hits, const uint8_t *less,
                        struct sums *sums) {
    for (size_t k = 0; k < stride; k++) {
        int64_t sum[8] = {0};
        for (size_t i = 0; i < rows; i++) {
            const int a = hits[i * stride + k], b = less ? less[i * stride + k] : 0;
            for (int bit = 0; bit < 8; bit++)
                sum[bit] += (a >> bit & 1) - (b >> bit & 1);
        }
        for (int bit = 0; bit < 8; bit++)
            sums->columns += (double)sum[bit] * (double)sum[bit];
    }
}

double mqc_student(double freedom) {
    const double n = fmin(fmax(floor(freedom), 1), 1e9) + 1;
    return mqc_mean_interval((size_t)n) * sqrt(n);
}

static double over(double value, double freedom) {
    return freedom > 0 ? value * value / freedom : 0;
}

static struct mqc_crossed judge(size_t rows, size_t columns, const struct sums *sums) {
    const double r = (double)rows, c = (double)columns, n = r * c, free_rows = r - 1,
                 free_columns = c - 1;
    struct mqc_crossed found = {0};
    const double a = fmax(r * sums->rows - sums->all * sums->all, 0) / n,
                 b = fmax(c * sums->columns - sums->all * sums->all, 0) / n,
                 all = fmax(sums->ones - sums->all * sums->all / n, 0);
    const double rest = fmax(all - a - b, 0), free_rest = free_rows * free_columns;
    /* Mean squares, over n. */
    const double of_rows = free_rows > 0 ? a / free_rows / n : 0,
                 of_columns = free_columns > 0 ? b / free_columns / n : 0,
                 of_both = free_rest > 0 ? rest / free_rest / n : 0;
    found.mean = sums->all / n;
    found.both = of_both;
    found.rows = fmax(of_rows - of_both, 0);
    found.columns = fmax(of_columns - of_both, 0);
    const double variance = found.rows + found.columns + found.both;
    const double spread =
        over(of_rows, free_rows) + over(of_columns, free_columns) + over(of_both, free_rest);
    double least = fmin(free_rows, free_columns);
    if (rows == 1 || columns == 1)
        least = fmax(free_rows, free_columns);
    found.freedom = fmax(spread > 0 ? variance * variance / spread : free_columns, least);
    if (columns > 1)
        found.columns += 1 / (c * c);
    found.half = INFINITY;
    if (found.freedom >= 1)
        found.half = mqc_student(found.freedom) * sqrt(found.rows + found.columns + found.both);
    return found;
}

struct mqc_crossed mqc_crossed(size_t rows, size_t columns, const uint8_t *hits,
                               const uint8_t *less) {
    struct sums sums = {0};
    sum_rows(rows, mqc_crossed_stride(columns), hits, less, &sums);
    sum_columns(rows, mqc_crossed_stride(columns), hits, less, &sums);
    return judge(rows, columns, &sums);
}

struct mqc_crossed mqc_crossed_numbers(size_t rows, size_t columns, const int32_t *x,
                                       double scale) {
    struct sums sums = {0};
    for (size_t i = 0; i < rows; i++) {
        double sum = 0;
        for (size_t j = 0; j < columns; j++) {
            const double one = x[i * columns + j];
            sum += one;
            sums.ones += scale * one * (scale * one);
        }
        sums.all += scale * sum;
        sums.rows += scale * sum * (scale * sum);
    }
    for (size_t j = 0; j < columns; j++) {
        double sum = 0;
        for (size_t i = 0; i < rows; i++)
            sum += x[i * columns + j];
        sums.columns += scale * sum * (scale * sum);
    }
    return judge(rows, columns, &sums);
}

/* How many times as many would halve the interval, when `fixed` is the variance that does not
 * shrink. */
static double times_to_halve(const struct mqc_crossed *of, double fixed) {
    const double all = of->rows + of->columns + of->both, room = all / 4 - fixed;
    if (all == 0)
        return 1;
    return room > 0 ? (all - fixed) / room : INFINITY;
}

double mqc_crossed_rows_to_halve(const struct mqc_crossed *of, size_t rows) {
    return ceil(times_to_halve(of, of->columns) * (double)rows);
}

double mqc_crossed_columns_to_halve(const struct mqc_crossed *of, size_t columns) {
    return ceil(times_to_halve(of, of->rows) * (double)columns);
}
