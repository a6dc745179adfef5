/* SPDX-License-Identifier: BSD-3-Clause */
/* The mean of rows in groups: see memqc_nested(). */
#ifndef MQC_CORE_NESTED_H
#define MQC_CORE_NESTED_H

#include <stddef.h>
#include <stdint.h>

/* A mean, the variance of its distance from the mean of one further group in three parts, and half
 * of the 95 % interval of that group's mean. */
struct mqc_nested {
    double mean;
    double groups;  /* variance from the choice of groups */
    double rows;    /* from the choice of rows in the groups */
    double columns; /* from the choice of columns */
    double half;
};

/* Of K groups of r rows: the mean squares of the rows' means between groups and within them. */
struct mqc_nested_squares {
    double groups; /* K */
    double rows;   /* r */
    double between;
    double within;
    double columns; /* variance from the choice of columns */
};

/* The variance of the mean, for other mean squares. */
double mqc_nested_variance(const struct mqc_nested_squares *s, double between, double within);

/* Half of the interval; infinite where it is wider than accuracies are apart. */
double mqc_nested_half(const struct mqc_nested_squares *s);

/* Of hits, rows of mqc_crossed_stride(columns) bytes, group after group; 1 or more of each. */
struct mqc_nested mqc_nested(size_t groups, size_t rows, size_t columns, const uint8_t *hits);

#endif
