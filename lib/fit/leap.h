/* SPDX-License-Identifier: BSD-3-Clause */
/* Many pulses between two rows, without a step for each. */
#ifndef MQC_FIT_LEAP_H
#define MQC_FIT_LEAP_H

#include "fit/problem.h"

/* Gaps of so many pulses or fewer are stepped one by one. */
enum { MQC_FIT_SHORT_GAP = 16 };

/* The window that a cell does not leave, S. */
struct mqc_fit_window {
    double low, high;
};

/* What pulses make of a cell: where it is, the variance of that, and by how much a difference before
 * them has grown. */
struct mqc_fit_cell {
    double at, variance, gain;
};

/* Some of n pulses at once, of a cell that stays within the window meanwhile; returns how many. 0: the
 * next one must be a step. */
int32_t mqc_fit_leap(const struct mqc_fit_problem *problem, const double *theta, int down,
                     const struct mqc_fit_window *window, int32_t n, struct mqc_fit_cell *cell);

/* All of n pulses, as predicted: what leads out of the window stands there until the next pulse. */
void mqc_fit_send(const struct mqc_fit_problem *problem, const double *theta, int down,
                  const struct mqc_fit_window *window, int32_t n, struct mqc_fit_cell *cell);

#endif
