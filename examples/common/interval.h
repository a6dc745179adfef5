/* SPDX-License-Identifier: BSD-3-Clause */
/* Accuracies of several seeds or arrays, in percent: their mean and its interval. */
#ifndef EXAMPLES_INTERVAL_H
#define EXAMPLES_INTERVAL_H

#include <stddef.h>

/* Student's interval lies evenly about the mean. Of a few accuracies it is wide, and can reach beyond
 * 0 or 100, where no mean accuracy lies: it is cut there, and covers the true mean as often as
 * before. */
struct interval {
    double mean, sd;
    double low, high; /* 95 % confidence of the mean */
    int known;        /* one accuracy tells nothing: 0; its interval is 0 .. 100, its sd 0 */
};

/* Of n accuracies, 1 or more, each in 0 .. 100. */
struct interval accuracy_interval(size_t n, const double *accuracies);

#endif
