/* SPDX-License-Identifier: BSD-3-Clause */
/* Courses of noisy readings: starting values where the noise of the measurement hides single
 * steps. */
#ifndef MQC_FIT_TREND_H
#define MQC_FIT_TREND_H

#include "fit/problem.h"

struct mqc_fit_trend {
    size_t rows[2];           /* of each direction, up and down */
    double first[2], last[2]; /* f where a direction starts from, and where it leads to */
    double top, bottom;       /* of the courses */
    double noise;             /* sd of the readings around them */
    double lag_one, lag_two;  /* correlation of readings one and two rows apart */
};

/* 0 where no train is long enough to show a course. */
int mqc_fit_trend(const struct mqc_fit_problem *problem, struct mqc_fit_trend *trend);

#endif
