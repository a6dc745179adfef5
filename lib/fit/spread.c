/* SPDX-License-Identifier: BSD-3-Clause */
/* What lies beyond one curve: the spread of a quantity from device to device, and the distribution
 * of residuals. */
#include "fit/spread.h"

#include <math.h>

static const double PI = 3.14159265358979324;

/* Restricted log-likelihood of x[i] = N(mean, variance + se[i]^2), Patterson and Thompson,
 * Biometrika 58 (1971) 545; the mean is the weighted one, and weight the sum of the weights. */
static double restricted(size_t n, const double *x, const double *se, double variance, double *mean,
                         double *weight) {
    double sum = 0, weights = 0, value = 0;
    for (size_t i = 0; i < n; i++) {
        const double w = 1 / (variance + se[i] * se[i]);
        weights += w;
        sum += w * x[i];
    }
    *mean = sum / weights;
    *weight = weights;
    for (size_t i = 0; i < n; i++) {
        const double w = 1 / (variance + se[i] * se[i]), r = x[i] - *mean;
        value += 0.5 * log(w) - 0.5 * w * r * r;
    }
    return value - 0.5 * log(weights);
}

/* Probability of Student's t with so many degrees of freedom being t or less, t > 0: the integral
 * of cos(a)^(freedom - 1) over a = atan(t / sqrt(freedom)). */
static double student_below(double t, double freedom) {
    enum { PARTS = 200 }; /* of Simpson's rule */
    const double end = atan(t / sqrt(freedom)), width = end / PARTS;
    double sum = 0;
    for (int i = 0; i <= PARTS; i++) {
        const double weight = i == 0 || i == PARTS ? 1 : 2 + 2 * (i % 2);
        sum += weight * pow(cos(i * width), freedom - 1);
    }
    const double scale = exp(lgamma(0.5 * (freedom + 1)) - lgamma(0.5 * freedom)) / sqrt(PI);
    return 0.5 + scale * sum * width / 3;
}

/* Probabilities of the normal law below 2, and within 2. */
static const double below_two = 0.97724986805182079, within_two = 0.95449973610364158;

double mqc_fit_student_factor(double freedom) {
    double low = 2, high = 20;
    if (freedom > 1000)
        return 1;
    for (int i = 0; i < 40; i++) {
        const double middle = 0.5 * (low + high);
        if (student_below(middle, freedom) < below_two)
            low = middle;
        else
            high = middle;
    }
    return 0.25 * (low + high);
}

double mqc_fit_exceeded(double probability) {
    double low = -40, high = 40;
    for (int i = 0; i < 60; i++) {
        const double middle = 0.5 * (low + high);
        if (0.5 * erfc(middle * 0.70710678118654752) > probability)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

/* Wilson and Hilferty, Proc. Natl. Acad. Sci. 17 (1931) 684. */
double mqc_fit_chi_below(double part, double freedom) {
    const double ninth = 2 / (9 * freedom);
    return 0.5 * erfc(-(cbrt(part) - 1 + ninth) / sqrt(2 * ninth));
}

/* The standard error is s / sqrt(2 freedom). */
double mqc_fit_chi_factor(double freedom) {
    double low = 1, high = 10;
    if (freedom > 1000)
        return 1;
    for (int i = 0; i < 40; i++) {
        const double middle = 0.5 * (low + high), off = 2 * middle / sqrt(2 * freedom);
        const double above = off < 1 ? mqc_fit_chi_below(1 / ((1 - off) * (1 - off)), freedom)
                                     : 1; /* the truth is lower */
        if (above - mqc_fit_chi_below(1 / ((1 + off) * (1 + off)), freedom) < within_two)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

/* The variance over devices is estimated with n - 1 degrees of freedom; the errors of the single
 * fits are known. By Satterthwaite, Biometrics Bull. 2 (1946) 110, those of their sum. */
static double freedom_of(size_t n, const double *se, double variance) {
    double known = 0;
    for (size_t i = 0; i < n; i++)
        known += se[i] * se[i] / (double)n;
    const double part = variance / (variance + known);
    return part > 0 ? (double)(n - 1) / (part * part) : INFINITY;
}

struct mqc_fit_spread mqc_fit_spread(size_t n, const double *x, const double *se) {
    struct mqc_fit_spread s = {0, 0, 0, 0};
    double plain = 0, squares = 0, largest = 0, weight = 0;
    for (size_t i = 0; i < n; i++) {
        plain += x[i] / (double)n;
        largest = fmax(largest, se[i]);
    }
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - plain) * (x[i] - plain);
    s.mean = plain;
    if (n < 2) {
        s.mean_se = n ? se[0] : 0;
        return s;
    }
    if (!(squares > 0) && !(largest > 0))
        return s;
    const double most = fmax(3 * squares / (double)(n - 1), largest * largest),
                 tiny = 1e-12 * most + 1e-300;
    double low = log(tiny), high = log(most);
    for (int i = 0; i < 200 && high > low; i++) { /* golden section over log variance */
        const double a = high - 0.618033988749895 * (high - low),
                     b = low + 0.618033988749895 * (high - low);
        if (restricted(n, x, se, exp(a), &s.mean, &weight) >
            restricted(n, x, se, exp(b), &s.mean, &weight))
            high = b;
        else
            low = a;
        if (high - low < 1e-9)
            break;
    }
    double variance = exp(0.5 * (low + high)), information = 0;
    if (variance < 1e-6 * largest * largest)
        variance = 0;
    restricted(n, x, se, variance > 0 ? variance : tiny, &s.mean, &weight);
    for (size_t i = 0; i < n; i++) {
        const double w = 1 / (variance + se[i] * se[i] + tiny);
        information += 0.5 * w * w;
    }
    information *= (double)(n - 1) / (double)n;
    s.mean_se = mqc_fit_student_factor(freedom_of(n, se, variance)) / sqrt(weight);
    s.spread = sqrt(variance);
    s.spread_se = variance > 0
                      ? fmin(1 / (2 * s.spread * sqrt(information)), pow(information, -0.25))
                      : pow(information, -0.25);
    return s;
}

/* Quantiles of (sqrt(n) - 0.01 + 0.85 / sqrt(n)) D for normal values whose mean and sd have been
 * estimated (the scaling of Stephens, J. Am. Stat. Assoc. 69 (1974) 730), from 200 000 simulated
 * samples of 300. */
static const struct {
    double p, scaled;
} quantiles[] = {
    {0.99, 0.369}, {0.95, 0.422},  {0.9, 0.456},  {0.8, 0.503},   {0.7, 0.540},   {0.6, 0.576},
    {0.5, 0.611},  {0.4, 0.649},   {0.3, 0.692},  {0.2, 0.746},   {0.15, 0.781},  {0.1, 0.828},
    {0.05, 0.900}, {0.025, 0.966}, {0.01, 1.048}, {0.005, 1.105}, {0.002, 1.176}, {0.001, 1.223},
};

enum { QUANTILES = sizeof quantiles / sizeof *quantiles };

double mqc_fit_distance(size_t n, const double *sorted) {
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        const double expected = 0.5 * erfc(-sorted[i] * 0.70710678118654752);
        largest = fmax(largest, fmax((double)(i + 1) / (double)n - expected,
                                     expected - (double)i / (double)n));
    }
    return largest;
}

double mqc_fit_lilliefors(double distance, double n) {
    const double scaled = (sqrt(n) - 0.01 + 0.85 / sqrt(n)) * distance;
    double p = 1;
    for (int i = 0; i < QUANTILES; i++) {
        const double from_p = i ? quantiles[i - 1].p : 1, from = i ? quantiles[i - 1].scaled : 0;
        if (scaled < from)
            break;
        const double part = (scaled - from) / (quantiles[i].scaled - from);
        p = exp(log(from_p) + part * (log(quantiles[i].p) -
                                      log(from_p))); /* beyond the last one: along the same line */
    }
    return p;
}

/* Kolmogorov's series, scaled as by Stephens. */
double mqc_fit_kolmogorov(double distance, double n) {
    const double scaled = (sqrt(n) + 0.12 + 0.11 / sqrt(n)) * distance;
    double sum = 0;
    if (scaled < 0.2) /* the series does not end */
        return 1;
    for (int k = 1; k <= 20; k++)
        sum += (k % 2 ? 2 : -2) * exp(-2 * k * k * scaled * scaled);
    return fmin(fmax(sum, 0), 1);
}

double mqc_fit_alternation(size_t n, const double *residuals) {
    enum { LAGS = 10 };
    double squares = 0, next = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        squares += residuals[i] * residuals[i];
        for (size_t lag = 1; lag <= LAGS && lag <= i; lag++) {
            const double product = residuals[i] * residuals[i - lag];
            next += lag == 1 ? product : 0;
            all += product;
        }
    }
    if (!(squares > 0))
        return 0;
    return -fmin(next, all / sqrt(LAGS)) / squares * sqrt((double)n);
}
