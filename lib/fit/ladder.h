/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels one by one from measured rows: what the candidate MEMQC_DEVICE_FIT_QUANTIZED_LEVELS works
 * with, and the means of its levels.
 *
 * A reading of level l of device d is N(shift_d + scale_d mean_l, noise_d sd_l). One device has
 * shift 0, scale 1 and noise 1; of several, the means over the devices are 0, 1 and 1. */
#ifndef MQC_FIT_LADDER_H
#define MQC_FIT_LADDER_H

#include "fit/data.h"

/* What the means of the levels have in common, x = level - 1: a polynomial in x of the degree 1 ..
 * 5, a geometric series a + b c^x, or nothing. */
enum {
    MQC_MEANS_EVEN = 1,
    MQC_MEANS_DEGREE_5 = 5,
    MQC_MEANS_GEOMETRIC,
    MQC_MEANS_EACH,
    MQC_MEANS_MOST_FREE = 6
};

/* What the standard deviations have in common: one for all, in proportion to the mean, linear in
 * the mean, or nothing. */
enum { MQC_SCATTER_CONSTANT, MQC_SCATTER_PROPORTIONAL, MQC_SCATTER_LINEAR, MQC_SCATTER_EACH };

/* What becomes of a row. Held rows are those that a fit is tested on. */
enum { MQC_LADDER_USED, MQC_LADDER_OUTLIER, MQC_LADDER_AT_ZERO, MQC_LADDER_HELD };

/* The law of a standard noise z that is not normal: z is a function, straight between knots, of a
 * normal number. The knots lie evenly from -end to end; beyond, the last pieces go on. */
enum { MQC_CURVE_NORMAL = 2, MQC_CURVE_MOST = 65 };
struct mqc_fit_curve {
    int own;   /* is it of one level alone? */
    int knots; /* two: the normal law itself */
    double end, z[MQC_CURVE_MOST];
};

/* How many kinds of curves are tried. */
enum { MQC_SHAPES = 9 };

/* Fewer readings of each level do not tell the shape of the noise: their own mean and sd, which are
 * taken off, move the distribution of 40 that are skewed, or come from two states, by 0.01 to 0.03
 * (Kolmogorov's distance), and of 20 by twice as much. */
enum { MQC_LADDER_SHAPED_FROM = 40 };

struct mqc_fit_ladder {
    const struct mqc_fit_data *data;
    size_t levels;
    size_t devices; /* 1 too where too few rows tell of each level of each device */
    int means, scatter;
    int spread;           /* do devices differ? */
    int best[3];          /* these three of the kind that was chosen */
    double bic, even_bic; /* of that kind, and the lowest of even levels with a law in common */
    int restricted;     /* sd by restricted likelihood, which does not count the fit of the means as
                       less noise */
    double dilution[2]; /* by how much the squared errors of means, and of deviations, are larger
                           than those of independent cycles */
    double memory;      /* the correlation that this stands for */
    double tail;        /* by what the limit of outliers is wider than that of normal noise */
    double floor;       /* S, least sd: rounding of floats and of the instrument */

    /* By device and level, sums over the rows in use, less the level's centre. */
    double *count, *sum, *squares, *zeros;
    /* By level. */
    double *centre, *points; /* a value amid the rows; how many points */
    double *weight, *target; /* of the mean: weight and mean of the rows */
    double *rows, *rest;     /* how many rows, and their squares about the mean, over noise_d^2 */
    double *mean, *sd;
    double *reference; /* weights of the means where each level has its own, or 0 */
    double *last;      /* the two of each level in the round before */
    double *leverage;  /* how many rows' worth of noise the fit of the means takes away */
    double *mean_error, *sd_error; /* standard errors; of the mean, of what root[] does not tell */
    double *root; /* levels x MOST_FREE: root root' is the covariance of means that have something
                     in common */
    /* By device. */
    double *shift, *scale, *noise;
    double *device_rows,
        *device_sq; /* how many rows, and their squares about the means, over sd^2 */

    int free_means;
    double bend;     /* GEOMETRIC: x log c over all levels */
    double slope[2]; /* parameters of the scatter, and their covariance */
    double slope_covariance[2][2];

    unsigned char *state; /* by row */
    size_t *order;        /* rows by level, then in the order of the data */
    double *values;       /* room for one a row */

    /* The shape of the noise; NULL where there are too few readings. */
    double *z, *price;           /* by row: residual, or NaN, and log-density of an outlier */
    struct mqc_fit_curve *curve; /* by level */
    double *gain;                /* by level and kind of curve, see levels_shape.c */
    int shaped, shared;          /* are there curves? Knots of the one that levels share */

    double log_likelihood, parameters, outliers, at_zero;
};

/* Room for the ladders of data of 3 .. 4096 levels. NOMEM; mqc_fit_ladder_free() is due then
 * too. */
memqc_status mqc_fit_ladder_make(const struct mqc_fit_data *data, struct mqc_fit_ladder **out);
void mqc_fit_ladder_free(struct mqc_fit_ladder **ladder);

/* Sums up the rows by their state. */
void mqc_fit_ladder_sum(struct mqc_fit_ladder *ladder);

/* Number, sum and sum of squares of the rows of a level of a device, less the level's centre. */
struct mqc_fit_sums {
    double n, first, second;
};

struct mqc_fit_sums mqc_fit_ladder_cell(const struct mqc_fit_ladder *ladder, size_t device,
                                        size_t level);

/* The mean of a level as a device has it. */
static inline double mqc_fit_ladder_mean(const struct mqc_fit_ladder *ladder, size_t device,
                                         size_t level) {
    return ladder->shift[device] + ladder->scale[device] * ladder->mean[level];
}

#endif
