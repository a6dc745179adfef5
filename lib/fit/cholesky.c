/* SPDX-License-Identifier: BSD-3-Clause */
/* Cholesky's factor of an information matrix. A parameter of which the data tell nothing has a pivot of
 * 0 and is left out. */
#include "fit/cholesky.h"

#include <math.h>

enum { THETA = MQC_FIT_THETA };

void mqc_fit_factorize(int m, double a[THETA][THETA], unsigned char *kept) {
    for (int j = 0; j < m; j++) {
        const double diagonal = a[j][j];
        double pivot = diagonal;
        for (int k = 0; k < j; k++)
            pivot -= a[j][k] * a[j][k];
        kept[j] = kept[j] && pivot > 1e-11 * diagonal && diagonal > 0;
        a[j][j] = kept[j] ? sqrt(pivot) : 1;
        for (int k = 0; !kept[j] && k < j; k++)
            a[j][k] = 0;
        for (int i = j + 1; i < m; i++) {
            double sum = a[i][j];
            for (int k = 0; k < j; k++)
                sum -= a[i][k] * a[j][k];
            a[i][j] = kept[j] ? sum / a[j][j] : 0;
        }
    }
}

void mqc_fit_substitute(int m, double a[THETA][THETA], const unsigned char *kept, double *x) {
    for (int i = 0; i < m; i++) {
        x[i] = kept[i] ? x[i] : 0;
        for (int k = 0; k < i; k++)
            x[i] -= a[i][k] * x[k];
        x[i] = kept[i] ? x[i] / a[i][i] : 0;
    }
    for (int i = m; i-- > 0;) {
        for (int k = i + 1; k < m; k++)
            x[i] -= a[k][i] * x[k];
        x[i] = kept[i] ? x[i] / a[i][i] : 0;
    }
}

void mqc_fit_invert(int m, double a[THETA][THETA], unsigned char *kept, double out[THETA][THETA]) {
    double column[THETA];
    mqc_fit_factorize(m, a, kept);
    for (int j = 0; j < m; j++) {
        for (int k = 0; k < m; k++)
            column[k] = j == k;
        mqc_fit_substitute(m, a, kept, column);
        for (int k = 0; k < m; k++)
            out[k][j] = kept[k] && kept[j] ? column[k] : 0;
    }
}
