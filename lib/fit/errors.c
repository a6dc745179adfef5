/* SPDX-License-Identifier: BSD-3-Clause */
/* Standard errors of a fit, from the observed information. */
#include "fit/errors.h"
#include "fit/cholesky.h"
#include "fit/filter.h"
#include "fit/solve.h"

#include <math.h>
#include <string.h>

enum { THETA = MQC_FIT_THETA };

/* Second derivative of minus the log-likelihood by central differences. */
static double second(struct mqc_fit_problem *problem, int j, int k, const double *h) {
    double sum = 0;
    for (int corner = 0; corner < 4; corner++) {
        double moved[THETA];
        for (int t = 0; t < THETA; t++)
            moved[t] = problem->theta[t];
        const double a = corner & 1 ? 1 : -1, b = corner & 2 ? 1 : -1;
        moved[problem->fitted[j]] += a * h[j];
        moved[problem->fitted[k]] += b * h[k];
        sum += a * b * mqc_fit_log_likelihood(problem, moved);
    }
    return -sum / (4 * h[j] * h[k]);
}

/* Derivative of the coordinate of a free parameter by the parameter. */
static double scale_of(const struct mqc_fit_problem *problem, int j) {
    const int which = problem->fitted[j];
    return mqc_fit_is_squared(problem, which) ? 2 * problem->theta[which] : 1;
}

void mqc_fit_covariance(struct mqc_fit_problem *problem) {
    const int m = problem->n_free;
    double gradient[THETA], information[THETA][THETA], h[THETA];
    unsigned char kept[THETA], expected[THETA];
    mqc_fit_derive(problem, gradient, information);
    for (int j = 0; j < m; j++) /* by the parameters themselves */
        for (int k = 0; k <= j; k++)
            information[j][k] *= scale_of(problem, j) * scale_of(problem, k);
    for (int j = 0; j < m; j++) { /* on a bound there is no information to speak of */
        const int which = problem->fitted[j];
        h[j] = information[j][j] > 0 ? 0.02 / sqrt(information[j][j]) : 0;
        expected[j] = h[j] > 0 && problem->theta[which] - 2 * h[j] > problem->least[which] &&
                      problem->theta[which] + 2 * h[j] < problem->most[which];
        kept[j] = expected[j];
    }
    double a[THETA][THETA];
    for (int j = 0; j < m; j++)
        for (int k = 0; k <= j; k++)
            a[j][k] = kept[j] && kept[k] ? second(problem, j, k, h) : 0;
    mqc_fit_invert(problem->n_free, a, kept, problem->covariance);
    int lost = 0;
    for (int j = 0; j < m; j++)
        lost |= kept[j] != expected[j];
    if (!lost)
        return;
    for (int j = 0; j < m; j++) /* the observed information is not positive: the expected one is */
        for (int k = 0; k < j; k++)
            information[j][k] = expected[j] && expected[k] ? information[j][k] : 0;
    mqc_fit_invert(problem->n_free, information, expected, problem->covariance);
}
