/* SPDX-License-Identifier: BSD-3-Clause */
/* The mean of x[g, i, j], where groups g (devices that data allow) have rows i of their own
 * (networks that were trained on them), and all rows share the columns j (images). What is wanted
 * is the mean of a further group, over all rows and columns that it might have: the true device is
 * one more of those that the data allow. With K groups of r rows, and the mean squares of the row
 * means, B between groups and W within them,
 *
 *     tau^2 = max(B - W, 0) / r,
 *     var = tau^2 (1 + 1 / K) + W / (K r) + columns,
 *
 * where columns is the part that core/crossed.c finds for all K r rows. The three terms are the
 * parts of groups, rows and columns. The degrees of freedom are those of Satterthwaite (1946) for
 * the mean squares, and at least K - 1.
 *
 * Of a single group, there is no part of groups; of a single row in each, its part cannot be told
 * from that of the groups and counts there. */
#include "core/nested.h"
#include "core/crossed.h"

#include <math.h>

/* Mean squares of the means of rows, with their degrees of freedom. */
struct squares {
    double between;
    double within;
    double free_between;
    double free_within;
};

static double mean_of(size_t columns, const uint8_t *row) {
    uint64_t ones = 0;
    for (size_t k = 0; k < mqc_crossed_stride(columns); k++)
        for (unsigned byte = row[k]; byte; byte &= byte - 1)
            ones++;
    return (double)ones / (double)columns;
}

static struct squares squares_of(size_t groups, size_t rows, size_t columns, const uint8_t *hits,
                                 double mean) {
    const size_t stride = mqc_crossed_stride(columns);
    struct squares found = {0, 0, (double)groups - 1, (double)groups * ((double)rows - 1)};
    for (size_t g = 0; g < groups; g++) {
        const uint8_t *const first = hits + g * rows * stride;
        double group = 0;
        for (size_t i = 0; i < rows; i++)
            group += mean_of(columns, first + i * stride) / (double)rows;
        for (size_t i = 0; i < rows; i++) {
            const double apart = mean_of(columns, first + i * stride) - group;
            found.within += apart * apart;
        }
        found.between += (double)rows * (group - mean) * (group - mean);
    }
    if (found.free_between > 0)
        found.between /= found.free_between;
    if (found.free_within > 0)
        found.within /= found.free_within;
    return found;
}

static double over(double value, double freedom) {
    return freedom > 0 ? value * value / freedom : 0;
}

struct mqc_nested mqc_nested(size_t groups, size_t rows, size_t columns, const uint8_t *hits) {
    const struct mqc_crossed all = mqc_crossed(groups * rows, columns, hits, NULL);
    const struct squares s = squares_of(groups, rows, columns, hits, all.mean);
    const double k = (double)groups, r = (double)rows, free_columns = (double)columns - 1;
    struct mqc_nested found = {.mean = all.mean, .columns = all.columns};
    double spread = over(s.within / (k * r), s.free_within), least = s.free_within;
    found.rows = s.within / (k * r);
    if (groups > 1 && s.between > s.within) {
        found.groups = (s.between - s.within) / r * (1 + 1 / k);
        spread =
            over(s.between / r * (1 + 1 / k), s.free_between) + over(s.within / r, s.free_within);
    }
    if (groups > 1)
        least = s.free_between;
    const double variance = found.groups + found.rows + found.columns;
    spread += over(found.columns, free_columns);
    if (least <= 0) /* a single row */
        least = free_columns;
    found.freedom = fmax(spread > 0 ? variance * variance / spread : least, least);
    found.half = found.freedom >= 1 ? mqc_student(found.freedom) * sqrt(variance) : INFINITY;
    return found;
}
