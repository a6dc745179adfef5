/* SPDX-License-Identifier: BSD-3-Clause */
/* Small symmetric systems of equations, some of whose rows may be lost. */
#ifndef MQC_FIT_CHOLESKY_H
#define MQC_FIT_CHOLESKY_H

#include "fit/problem.h"

/* Cholesky factor in place (lower half). Rows whose pivot is lost are left out: 1 on the diagonal,
 * 0 elsewhere, and 0 in kept. */
void mqc_fit_factorize(int m, double a[MQC_FIT_THETA][MQC_FIT_THETA], unsigned char *kept);

/* Solves for x with a factor; 0 for what is not kept. */
void mqc_fit_substitute(int m, double a[MQC_FIT_THETA][MQC_FIT_THETA], const unsigned char *kept,
                        double *x);

/* Inverse of the lower half of a, which is lost; 0 for what is not kept. */
void mqc_fit_invert(int m, double a[MQC_FIT_THETA][MQC_FIT_THETA], unsigned char *kept,
                    double out[MQC_FIT_THETA][MQC_FIT_THETA]);

#endif
