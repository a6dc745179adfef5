/* SPDX-License-Identifier: BSD-3-Clause */
/* The mean of a crossed design: see memqc_crossed(). */
#ifndef MQC_CORE_CROSSED_H
#define MQC_CORE_CROSSED_H

#include <stddef.h>
#include <stdint.h>

/* A mean, its variance in three parts, and half of its 95 % confidence interval. */
struct mqc_crossed {
    double mean;
    double rows;    /* variance from the choice of rows */
    double columns; /* from the choice of columns */
    double both;    /* from how the two meet */
    double freedom; /* degrees of freedom of their sum */
    double half;
};

/* Bytes of a row of so many bits. */
size_t mqc_crossed_stride(size_t columns);

/* Of hits, less those of `less` where that is not NULL; 1 or more of rows and of columns. */
struct mqc_crossed mqc_crossed(size_t rows, size_t columns, const uint8_t *hits,
                               const uint8_t *less);

/* Of x[i * columns + j] * scale. */
struct mqc_crossed mqc_crossed_numbers(size_t rows, size_t columns, const int32_t *x, double scale);

/* How many rows, or columns, would halve the interval; infinite where no number does. */
double mqc_crossed_rows_to_halve(const struct mqc_crossed *of, size_t rows);
double mqc_crossed_columns_to_halve(const struct mqc_crossed *of, size_t columns);

/* The number that |t| stays below with a probability of 95 %; of broken degrees of freedom, for the
 * whole ones below. */
double mqc_student(double freedom);

#endif
