/* SPDX-License-Identifier: BSD-3-Clause */
/* A noise z that is not normal as a function of a normal number, z = T(x): straight lines between
 * knots that lie evenly in x, each at the quantile of the data that belongs to it. The normal law
 * is a straight line, so that few knots do for noise that is not far from it, and the tails are
 * those of the normal law. The density of z is that of x over the slope of T. Called by
 * levels_shape.c and levels_device.c. */
#include "fit/curve.h"
#include "fit/spread.h"

#include <math.h>

static const double root_half = 0.70710678118654752, root_2pi = 2.5066282746310002;
static const double beyond = 5;  /* values beyond the last knot, of many */
static const double flat = 1e-3; /* least slope */

static double part_below(double x) {
    return 0.5 * erfc(-x * root_half);
}

static double spacing(const struct mqc_fit_curve *curve) {
    return 2 * curve->end / (curve->knots - 1);
}

/* The value that a part of the law lies below. */
static double quantile(size_t n, const double *sorted, double part) {
    const double rank = fmin(fmax(part * ((double)n + 1) - 1, 0), (double)n - 1);
    const size_t low = rank < (double)n - 2 ? (size_t)rank : n - 2;
    return sorted[low] + (rank - (double)low) * (sorted[low + 1] - sorted[low]);
}

void mqc_fit_curve_make(size_t n, const double *sorted, struct mqc_fit_curve *curve) {
    if (curve->knots == MQC_CURVE_NORMAL) {
        curve->z[1] = curve->end = 1;
        curve->z[0] = -1;
        return;
    }
    curve->end = mqc_fit_exceeded(fmin(beyond / (double)n, 0.25));
    const double step = spacing(curve);
    for (int k = 0; k < curve->knots; k++) {
        const double z = quantile(n, sorted, part_below(k * step - curve->end));
        curve->z[k] = k > 0 ? fmax(z, curve->z[k - 1] + flat * step) : z;
    }
}

double mqc_fit_curve_score(const struct mqc_fit_curve *curve, double z, double *slope) {
    const double step = spacing(curve);
    int k = 0;
    while (k < curve->knots - 2 && z > curve->z[k + 1])
        k++;
    *slope = (curve->z[k + 1] - curve->z[k]) / step;
    return k * step - curve->end + (z - curve->z[k]) / *slope;
}

double mqc_fit_curve_density(const struct mqc_fit_curve *curve, double z) {
    double slope;
    const double x = mqc_fit_curve_score(curve, z, &slope);
    return -0.5 * x * x - log(root_2pi * slope);
}

static double value_at(const struct mqc_fit_curve *curve, double x) {
    const double step = spacing(curve), at = (x + curve->end) / step;
    const int k = at > 0 ? (int)fmin(floor(at), curve->knots - 2) : 0;
    return curve->z[k] + (at - k) * (curve->z[k + 1] - curve->z[k]);
}

double mqc_fit_curve_table(const struct mqc_fit_curve *curve, double quantiles[]) {
    const int last = MQC_CURVE_QUANTILES - 1;
    const double part = 1.0 / last, inner = -mqc_fit_exceeded(part);
    /* The end of the last piece is where the mean of a normal number in it is that of its ends. */
    const double outer = 2 * exp(-0.5 * inner * inner) / (root_2pi * part) + inner;
    double mean = 0, square = 0, fourth = 0;
    for (int j = 0; j <= last; j++) {
        const double x = j % last > 0 ? -mqc_fit_exceeded(j * part) : copysign(outer, j - 0.5);
        quantiles[j] = value_at(curve, x);
    }
    for (int j = 0; j < last; j++)
        mean += 0.5 * part * (quantiles[j] + quantiles[j + 1]);
    for (int j = 0; j < last; j++) {
        const double a = quantiles[j] - mean, b = quantiles[j + 1] - mean;
        square += part * (a * a + a * b + b * b) / 3;
        fourth += part *
                  (a * a * a * a + a * a * a * b + a * a * b * b + a * b * b * b + b * b * b * b) /
                  5;
    }
    for (int j = 0; j <= last; j++)
        quantiles[j] = (quantiles[j] - mean) / sqrt(square);
    return fourth / (square * square) - 3;
}
