/* SPDX-License-Identifier: BSD-3-Clause */
/* Standard deviations of levels, s_l = sum over k of theta_k phi_k(l), by Fisher scoring: with n
 * rows whose squares about the mean are Q, the score of a level is phi (Q / s^3 - n / s) and its
 * information 2 n phi phi' / s^2. Restricted likelihood takes off n what the fit of the means takes
 * of the noise. */
#include "fit/ladder_noise.h"

#include <math.h>

/* Squares of the rows about the means: of each level, over the devices' noise; of each device, over
 * the levels' sd. A deviation of its own is that about the mean of its rows, also where the means
 * lie on a curve: about the curve, levels that came near it by chance would draw it to them. */
static void sum_squares(struct mqc_fit_ladder *ladder) {
    for (size_t d = 0; d < ladder->devices; d++)
        ladder->device_rows[d] = ladder->device_sq[d] = 0;
    for (size_t level = 0; level < ladder->levels; level++) {
        const double per_variance = 1 / (ladder->sd[level] * ladder->sd[level]);
        ladder->rest[level] = 0;
        for (size_t d = 0; d < ladder->devices; d++) {
            const struct mqc_fit_sums cell = mqc_fit_ladder_cell(ladder, d, level);
            const double mean =
                ladder->scatter == MQC_SCATTER_EACH ? ladder->target[level] : ladder->mean[level];
            const double off = ladder->shift[d] + ladder->scale[d] * mean - ladder->centre[level];
            const double squares = fmax(cell.second - 2 * off * cell.first + cell.n * off * off, 0);
            ladder->rest[level] += squares / (ladder->noise[d] * ladder->noise[d]);
            ladder->device_rows[d] += cell.n;
            ladder->device_sq[d] += squares * per_variance;
        }
    }
}

/* Rows of a level that tell of the noise. */
static double effective(const struct mqc_fit_ladder *ladder, size_t level) {
    const double rows = ladder->rows[level];
    if (!ladder->restricted)
        return rows;
    double taken = ladder->scatter == MQC_SCATTER_EACH ? 1 : ladder->leverage[level];
    if (ladder->spread) { /* the places of the devices take two rows of each but one */
        double all = 0;
        for (size_t d = 0; d < ladder->devices; d++)
            all += ladder->device_rows[d];
        taken += 2 * (double)(ladder->devices - 1) * rows / fmax(all, 1);
    }
    return fmax(rows - taken, 1e-3 * rows);
}

int mqc_fit_ladder_noise_functions(const struct mqc_fit_ladder *ladder, size_t level,
                                   double phi[2]) {
    const double top = ladder->mean[0], bottom = ladder->mean[ladder->levels - 1],
                 mean = ladder->mean[level];
    switch (ladder->scatter) {
    case MQC_SCATTER_CONSTANT:
        phi[0] = 1;
        return 1;
    case MQC_SCATTER_PROPORTIONAL:
        phi[0] = fmax(mean / top, 1e-6);
        return 1;
    default:
        phi[0] = fmin(fmax((mean - bottom) / (top - bottom), 0), 1);
        phi[1] = 1 - phi[0];
        return 2;
    }
}

static void noise_each(struct mqc_fit_ladder *ladder) {
    size_t before = 0;
    for (size_t i = 0; i < ladder->levels; i++) {
        if (!(ladder->rows[i] > 0))
            continue;
        const double n = effective(ladder, i), sd = fmax(sqrt(ladder->rest[i] / n), ladder->floor);
        ladder->sd[i] = sd;
        ladder->sd_error[i] = sd / sqrt(2 * n);
        for (size_t k = before + 1; k < i; k++) { /* levels without rows */
            const double part = (double)(k - before) / (double)(i - before);
            ladder->sd[k] = ladder->sd[before] + part * (sd - ladder->sd[before]);
            ladder->sd_error[k] = fmax(ladder->sd_error[before], ladder->sd_error[i]);
        }
        before = i;
    }
}

/* Score and information of theta. */
static int derive(const struct mqc_fit_ladder *ladder, double score[2], double information[2][2]) {
    double phi[2] = {0, 0};
    int m = 1;
    score[0] = score[1] = 0;
    information[0][0] = information[0][1] = information[1][1] = 0;
    for (size_t level = 0; level < ladder->levels; level++) {
        const double n = effective(ladder, level);
        m = mqc_fit_ladder_noise_functions(ladder, level, phi);
        double sd = ladder->floor;
        for (int k = 0; k < m; k++)
            sd += ladder->slope[k] * phi[k];
        for (int j = 0; j < m; j++) {
            score[j] += phi[j] * (ladder->rest[level] / (sd * sd) - n) / sd;
            for (int k = j; k < m; k++)
                information[j][k] += 2 * n * phi[j] * phi[k] / (sd * sd);
        }
    }
    information[1][0] = information[0][1];
    if (m == 1)
        information[1][1] = 1;
    return m;
}

static void invert(double a[2][2], double out[2][2]) {
    const double determinant = a[0][0] * a[1][1] - a[0][1] * a[1][0];
    out[0][0] = a[1][1] / determinant;
    out[1][1] = a[0][0] / determinant;
    out[0][1] = out[1][0] = -a[0][1] / determinant;
}

static void noise_law(struct mqc_fit_ladder *ladder) {
    enum { STEPS = 4 };
    double score[2], information[2][2], phi[2] = {0, 0};
    int m = 1;
    for (int step = 0; step < STEPS; step++) {
        m = derive(ladder, score, information);
        invert(information, ladder->slope_covariance);
        for (int j = 0; j < m; j++) {
            double change = 0;
            for (int k = 0; k < m; k++)
                change += ladder->slope_covariance[j][k] * score[k];
            /* Less than half at a time: from too large a value a step would go below 0. */
            ladder->slope[j] = fmax(ladder->slope[j] + change, 0.4 * ladder->slope[j]);
        }
    }
    m = derive(ladder, score, information);
    invert(information, ladder->slope_covariance);
    for (size_t level = 0; level < ladder->levels; level++) {
        double sd = ladder->floor, variance = 0;
        mqc_fit_ladder_noise_functions(ladder, level, phi);
        for (int j = 0; j < m; j++) {
            sd += ladder->slope[j] * phi[j];
            for (int k = 0; k < m; k++)
                variance += phi[j] * ladder->slope_covariance[j][k] * phi[k];
        }
        ladder->sd[level] = sd;
        ladder->sd_error[level] = sqrt(variance);
    }
}

void mqc_fit_ladder_noise(struct mqc_fit_ladder *ladder) {
    sum_squares(ladder);
    if (ladder->scatter == MQC_SCATTER_EACH)
        noise_each(ladder);
    else
        noise_law(ladder);
}

void mqc_fit_ladder_compare_noise(struct mqc_fit_ladder *ladder) {
    double sum = 0;
    for (size_t d = 0; d < ladder->devices; d++) {
        const double n = ladder->device_rows[d];
        ladder->noise[d] = n > 0 ? fmax(sqrt(ladder->device_sq[d] / n), 1e-3) : 1;
        sum += log(ladder->noise[d]) / (double)ladder->devices;
    }
    for (size_t d = 0; d < ladder->devices; d++)
        ladder->noise[d] *= exp(-sum);
}

double mqc_fit_ladder_noise_parameters(const struct mqc_fit_ladder *ladder) {
    double levels = 0;
    if (ladder->scatter != MQC_SCATTER_EACH)
        return ladder->scatter == MQC_SCATTER_LINEAR ? 2 : 1;
    for (size_t level = 0; level < ladder->levels; level++)
        levels += ladder->points[level] > 0;
    return levels;
}

double mqc_fit_ladder_freedom(const struct mqc_fit_ladder *ladder, size_t level) {
    const double part = ladder->sd[level] / ladder->sd_error[level];
    return 0.5 * part * part;
}
