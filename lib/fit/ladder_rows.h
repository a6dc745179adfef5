/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows of a ladder. Called by levels.c and levels_shape.c. */
#ifndef MQC_FIT_LADDER_ROWS_H
#define MQC_FIT_LADDER_ROWS_H

#include "fit/ladder.h"

/* Mean and standard deviation of a row of a device. */
void mqc_fit_ladder_predict(const struct mqc_fit_ladder *ladder, size_t device, size_t i,
                            double *mean, double *sd);

/* The residual of a row as a standard normal, by restricted deviations. */
double mqc_fit_ladder_residual(const struct mqc_fit_ladder *ladder, size_t device, size_t i);

/* Marks the rows that are outliers; returns how many. */
size_t mqc_fit_ladder_classify(struct mqc_fit_ladder *ladder);

/* Log-density of an outlier: one of 1 % of points, spread evenly over the range. */
double mqc_fit_ladder_price(const struct mqc_fit_ladder *ladder);

/* The same of a row at 0 S, r standard deviations from its mean, that would have been below. */
double mqc_fit_ladder_below(const struct mqc_fit_ladder *ladder, double r);

/* Log-likelihood of the points, and how many of them stand at zero or apart. */
void mqc_fit_ladder_measure(struct mqc_fit_ladder *ladder);

/* Residuals of the points that are no outliers, of mean 0 and variance 1; how many. */
size_t mqc_fit_ladder_residuals(const struct mqc_fit_ladder *ladder, double *residuals);

#endif
