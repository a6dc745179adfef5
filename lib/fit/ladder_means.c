/* SPDX-License-Identifier: BSD-3-Clause */
/* Means of levels by weighted least squares: a curve along the levels, or one by one, then made to
 * fall (isotonic regression by pooling adjacent violators; Barlow et al., Statistical Inference
 * under Order Restrictions, 1972). */
#include "fit/ladder_means.h"

#include <math.h>

enum { MOST = MQC_MEANS_MOST_FREE };

/* Mean and weight of each level over the devices. */
static void pool(struct mqc_fit_ladder *ladder) {
    for (size_t level = 0; level < ladder->levels; level++) {
        const double centre = ladder->centre[level];
        double weight = 0, sum = 0, rows = 0;
        for (size_t d = 0; d < ladder->devices; d++) {
            const struct mqc_fit_sums cell = mqc_fit_ladder_cell(ladder, d, level);
            const double by = ladder->scale[d] / (ladder->noise[d] * ladder->noise[d]);
            weight += by * ladder->scale[d] * cell.n;
            sum += by * (cell.first + cell.n * (centre - ladder->shift[d]));
            rows += cell.n;
        }
        ladder->rows[level] = rows;
        ladder->target[level] = weight > 0 ? sum / weight : 0;
        ladder->weight[level] = weight / (ladder->sd[level] * ladder->sd[level]);
    }
}

/* --- one by one --- */

void mqc_fit_fall(size_t n, const double *weight, double *value) {
    const double none = 1e-300; /* of a level without rows */
    for (size_t i = 1; i < n; i++) {
        if (!(value[i] > value[i - 1]))
            continue;
        /* The block of i joins the blocks before it until its mean is none above theirs. */
        double weights = fmax(weight[i], none), sum = weights * value[i];
        size_t first = i;
        while (first > 0 && sum / weights > value[first - 1]) {
            first--;
            sum += fmax(weight[first], none) * value[first];
            weights += fmax(weight[first], none);
        }
        for (size_t k = first; k <= i; k++)
            value[k] = sum / weights;
    }
}

/* Levels without rows, from those beside them. */
static void fill_gaps(const struct mqc_fit_ladder *ladder, double *values) {
    size_t before = 0;
    for (size_t i = 1; i < ladder->levels; i++) {
        if (!(ladder->rows[i] > 0))
            continue;
        for (size_t k = before + 1; k < i; k++)
            values[k] = values[before] +
                        (values[i] - values[before]) * (double)(k - before) / (double)(i - before);
        before = i;
    }
}

static int means_each(struct mqc_fit_ladder *ladder) {
    const size_t last = ladder->levels - 1;
    if (!(ladder->rows[0] > 0) || !(ladder->rows[last] > 0))
        return 0;
    for (size_t i = 0; i <= last; i++)
        ladder->mean[i] = ladder->target[i];
    fill_gaps(ladder, ladder->mean);
    mqc_fit_fall(ladder->levels, ladder->weight, ladder->mean);
    ladder->free_means = 0;
    for (size_t i = 0; i <= last; i++) {
        const int has_rows = ladder->rows[i] > 0;
        ladder->free_means += ladder->points[i] > 0;
        ladder->leverage[i] = has_rows;
        ladder->mean_error[i] = has_rows ? 1 / sqrt(ladder->weight[i]) : 0;
        for (int k = 0; k < MOST; k++)
            ladder->root[i * MOST + (size_t)k] = 0;
    }
    fill_gaps(ladder, ladder->mean_error);
    return 1;
}

/* --- curves --- */

/* (c^x - 1) / (c - 1) along x = 0 .. 1 for log c = bend, and its derivative by the bend. */
static double geometric(double bend, double x, double *slope) {
    if (fabs(bend) < 1e-4) {
        *slope = 0.5 * x * (x - 1);
        return x + bend * *slope;
    }
    const double whole = expm1(bend), part = expm1(bend * x);
    *slope = (x * (part + 1) * whole - part * (whole + 1)) / (whole * whole);
    return part / whole;
}

/* Values of the functions of a curve at a level; how many there are. */
static int functions(const struct mqc_fit_ladder *ladder, size_t level, double *value) {
    const double x = (double)level / (double)(ladder->levels - 1);
    value[0] = 1;
    if (ladder->means == MQC_MEANS_GEOMETRIC) {
        value[1] = geometric(ladder->bend, x, &value[2]);
        return 3;
    }
    for (int k = 1; k <= ladder->means; k++)
        value[k] = value[k - 1] * (2 * x - 1);
    return ladder->means + 1;
}

/* Normal equations of the first n functions, and their factor of Cholesky. 0 where it has none. */
static int factorize(const struct mqc_fit_ladder *ladder, int n, double a[MOST][MOST], double *b) {
    double value[MOST];
    for (int j = 0; j < n; j++) {
        b[j] = 0;
        for (int k = 0; k < n; k++)
            a[j][k] = 0;
    }
    for (size_t level = 0; level < ladder->levels; level++) {
        functions(ladder, level, value);
        for (int j = 0; j < n; j++) {
            b[j] += ladder->weight[level] * value[j] * ladder->target[level];
            for (int k = 0; k <= j; k++)
                a[j][k] += ladder->weight[level] * value[j] * value[k];
        }
    }
    for (int j = 0; j < n; j++) {
        for (int k = 0; k <= j; k++) {
            double rest = a[j][k];
            for (int i = 0; i < k; i++)
                rest -= a[j][i] * a[k][i];
            if (k < j)
                a[j][k] = rest / a[k][k];
            else if (rest > 1e-12 * a[j][j])
                a[j][j] = sqrt(rest);
            else
                return 0;
        }
    }
    return 1;
}

static void forward(int n, double a[MOST][MOST], double *x) {
    for (int j = 0; j < n; j++) {
        for (int k = 0; k < j; k++)
            x[j] -= a[j][k] * x[k];
        x[j] /= a[j][j];
    }
}

static void backward(int n, double a[MOST][MOST], double *x) {
    for (int j = n; j-- > 0;) {
        for (int k = j + 1; k < n; k++)
            x[j] -= a[k][j] * x[k];
        x[j] /= a[j][j];
    }
}

/* Puts the curve of the first n functions into the means; the weighted squares that are left. */
static double draw_curve(struct mqc_fit_ladder *ladder, int n) {
    double a[MOST][MOST], b[MOST], value[MOST], squares = 0;
    if (!factorize(ladder, n, a, b))
        return INFINITY;
    forward(n, a, b);
    backward(n, a, b);
    for (size_t level = 0; level < ladder->levels; level++) {
        functions(ladder, level, value);
        double mean = 0;
        for (int k = 0; k < n; k++)
            mean += b[k] * value[k];
        const double off = ladder->target[level] - mean;
        ladder->mean[level] = mean;
        squares += ladder->weight[level] * off * off;
    }
    return squares;
}

static double squares_at(struct mqc_fit_ladder *ladder, double bend) {
    ladder->bend = bend;
    return draw_curve(ladder, 2);
}

/* The bend of the least squares, by golden section; beyond e^12 a curve is a step. */
static void find_bend(struct mqc_fit_ladder *ladder) {
    const double golden = 0.61803398874989485;
    double low = -12, high = 12;
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double at_left = squares_at(ladder, left), at_right = squares_at(ladder, right);
    while (high - low > 1e-7) {
        if (at_left < at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - golden * (high - low);
            at_left = squares_at(ladder, left);
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + golden * (high - low);
            at_right = squares_at(ladder, right);
        }
    }
    ladder->bend = 0.5 * (low + high);
}

static int means_curve(struct mqc_fit_ladder *ladder) {
    double a[MOST][MOST], b[MOST], unused[MOST];
    const int is_geometric = ladder->means == MQC_MEANS_GEOMETRIC;
    const int n = functions(ladder, 0, unused);
    if (is_geometric)
        find_bend(ladder);
    if (!(draw_curve(ladder, is_geometric ? 2 : n) < INFINITY) || !factorize(ladder, n, a, b))
        return 0;
    ladder->free_means = n;
    for (size_t level = 0; level < ladder->levels; level++) {
        double *const row = ladder->root + level * MOST;
        double sum = 0;
        for (int k = 0; k < MOST; k++)
            row[k] = 0;
        functions(ladder, level, row);
        forward(n, a, row);
        for (int k = 0; k < n; k++)
            sum += row[k] * row[k];
        ladder->mean_error[level] = 0;
        ladder->leverage[level] = ladder->weight[level] * sum;
    }
    return 1;
}

int mqc_fit_ladder_means(struct mqc_fit_ladder *ladder) {
    pool(ladder);
    return ladder->means == MQC_MEANS_EACH ? means_each(ladder) : means_curve(ladder);
}

/* --- devices --- */

/* A straight line through the readings of a device over the means. */
static int place_device(struct mqc_fit_ladder *ladder, size_t device) {
    double w = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t level = 0; level < ladder->levels; level++) {
        const struct mqc_fit_sums cell = mqc_fit_ladder_cell(ladder, device, level);
        const double per_variance = 1 / (ladder->sd[level] * ladder->sd[level]),
                     mean = ladder->mean[level];
        const double sum = cell.first + cell.n * ladder->centre[level];
        w += per_variance * cell.n;
        x += per_variance * cell.n * mean;
        y += per_variance * sum;
        xx += per_variance * cell.n * mean * mean;
        xy += per_variance * sum * mean;
    }
    const double spread = w * xx - x * x;
    if (!(spread > 1e-9 * w * xx))
        return 0;
    ladder->scale[device] = (w * xy - x * y) / spread;
    ladder->shift[device] = (y - ladder->scale[device] * x) / w;
    return ladder->scale[device] > 0;
}

void mqc_fit_ladder_place_devices(struct mqc_fit_ladder *ladder) {
    double shift = 0, scale = 0;
    for (size_t d = 0; d < ladder->devices; d++) {
        if (!place_device(ladder, d)) {
            ladder->shift[d] = 0;
            ladder->scale[d] = 1;
        }
        shift += ladder->shift[d] / (double)ladder->devices;
        scale += ladder->scale[d] / (double)ladder->devices;
    }
    for (size_t d = 0; d < ladder->devices; d++) {
        ladder->scale[d] /= scale;
        ladder->shift[d] -= ladder->scale[d] * shift;
    }
    for (size_t level = 0; level < ladder->levels; level++)
        ladder->mean[level] = shift + scale * ladder->mean[level];
}
