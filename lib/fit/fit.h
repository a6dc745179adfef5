/* SPDX-License-Identifier: BSD-3-Clause */
/* Fitting a device to measured curves: maximum likelihood in double precision.
 *
 * The *points* of a fit are the rows but the first of each (device, cycle): every candidate is
 * judged by the density that it gives the same points. Quantized candidates give a point N(mean,
 * sd) of its level; pulsed ones N(mean, sd) given the conductance before. What lies on a bound (0
 * S; the window of a pulsed device) is counted by the probability of going beyond, over the width
 * within which values count as equal, so that it compares with densities. An outlier counts as one
 * of 1 % of points spread evenly over the range of the data. */
#ifndef MQC_DEVICE_FIT_H
#define MQC_DEVICE_FIT_H

#include "device/cell/inside.h"

/* Parameters of a candidate, conductances in S. Quantized ones use the first four. */
enum {
    MQC_FIT_HIGH,
    MQC_FIT_LOW,
    MQC_FIT_SIGMA,
    MQC_FIT_K,
    MQC_FIT_STEP_UP = 2, /* f at y = 0 */
    MQC_FIT_STEP_DOWN,
    MQC_FIT_SHAPE_UP, /* SLOPE, POWER, GAMMA, or the curvature u of NEUROSIM */
    MQC_FIT_SHAPE_DOWN,
    MQC_FIT_A_UP,
    MQC_FIT_A_DOWN,
    MQC_FIT_ABSOLUTE, /* the three kinds of noise */
    MQC_FIT_RELATIVE,
    MQC_FIT_STEPWISE,
    MQC_FIT_NODES, /* TABLE: steps up, then down */
    MQC_FIT_TABLE_NODES = 8,
    MQC_FIT_THETA = MQC_FIT_NODES + 2 * MQC_FIT_TABLE_NODES
};

enum {
    MQC_FIT_LONGEST_GAP = 1000,
    MQC_FIT_LEAST = 8,
    MQC_FIT_MOST_FREE = 2 * MQC_FIT_TABLE_NODES + 3
};

#define MQC_FIT_SLACK 1e-6 /* of the range: closer values are equal */

/* What became of a row. */
enum mqc_fit_state {
    MQC_FIT_FIRST,
    MQC_FIT_USED,
    MQC_FIT_OUTLIER,
    MQC_FIT_AT_LOW,
    MQC_FIT_AT_HIGH
};

/* A row of the caller's, sorted by device, cycle and pulse. */
struct mqc_fit_row {
    int32_t device, cycle, pulse, direction, level;
    int32_t gap; /* pulses since the row before; 0 for the first of a cycle, and after a gap that is
                    too long */
    double g;
};

struct mqc_fit_data {
    size_t n, points, cycles, devices;
    struct mqc_fit_row *rows;
    size_t *start;     /* where each device begins; devices + 1 of them */
    int32_t levels;    /* of the quantized candidates */
    int32_t pulses[2]; /* longest train up and down, the row that it starts from included */
    double range, resolution;
};

/* One device (or, for TABLE, all of them) under one candidate. */
struct mqc_fit_problem {
    int32_t candidate;
    int down_only, up_only;
    const struct mqc_fit_data *data;
    const struct mqc_fit_row *rows;
    size_t n;
    double theta[MQC_FIT_THETA], least[MQC_FIT_THETA], most[MQC_FIT_THETA];
    int n_free, fitted[MQC_FIT_THETA];
    double node_g[2][MQC_FIT_TABLE_NODES];
    int n_nodes[2];
    int noise;          /* bits of the kinds of noise in use */
    int pinned[2];      /* is the upper, the lower bound seen in the data? */
    double top, bottom; /* range of the rows that are no outliers */
    double log_likelihood, covariance[MQC_FIT_THETA][MQC_FIT_THETA]; /* by place in fitted[] */
    size_t outliers, censored;
    int robust;     /* heavy tails: for starting values */
    int restricted; /* quantized: the noise by restricted likelihood, which does not count the
                       levels' fit to it as its own */

    /* Work space, n each: state and before what mqc_fit_classify() found. */
    unsigned char *state;
    int32_t *steps; /* pulses since before */
    double *before, *mean, *log_sd, *values;
    double *slopes; /* 2 MOST_FREE n, derivatives of mean and log sd */
};

/* fit_data.c: checks, sorts and counts. */
memqc_status mqc_fit_data_make(struct mqc_fit_data *data, size_t n, const int32_t *device,
                               const int32_t *cycle, const int32_t *pulse, const int32_t *direction,
                               const float *g);
void mqc_fit_data_free(struct mqc_fit_data *data);

/* fit_models.c */
int mqc_fit_is_quantized(int32_t candidate);
/* Bounds, free parameters and starting values, attempt 0 .. attempts - 1; 0 where the data are none
 * for the candidate. */
int mqc_fit_attempts(int32_t candidate);
int mqc_fit_start(struct mqc_fit_problem *problem, int attempt);
/* Mean and sd of a row from a conductance before, that many pulses ago. */
void mqc_fit_predict(const struct mqc_fit_problem *problem, const double *theta, size_t row,
                     double before, int32_t steps, double *mean, double *sd);
/* Values of keys from parameters; keys that the candidate does not have stay. */
void mqc_fit_keys(const struct mqc_fit_problem *problem, const double *theta, double *value);

/* fit_robust.c */
void mqc_fit_classify(struct mqc_fit_problem *problem);
/* Starts, classifies and solves until nothing changes. 0 where it cannot be fitted. */
int mqc_fit_run(struct mqc_fit_problem *problem);
/* Residuals of the points that are no outliers, as standard normals, to values; how many. */
size_t mqc_fit_residuals(struct mqc_fit_problem *problem, double *values);

/* fit_solve.c */
double mqc_fit_log_likelihood(struct mqc_fit_problem *problem, const double *theta);
void mqc_fit_solve(struct mqc_fit_problem *problem);
/* Covariance of the free parameters from the observed information. */
void mqc_fit_covariance(struct mqc_fit_problem *problem);

/* fit_spread.c: a quantity over devices, x[i] known to se[i]: mean and spread by restricted maximum
 * likelihood. */
struct mqc_fit_spread {
    double mean, mean_se, spread, spread_se;
};
struct mqc_fit_spread mqc_fit_spread(size_t n, const double *x, const double *se);
/* Largest distance of the distribution of n sorted values from N(0, 1), and its p-value where mean
 * and sd have been fitted. */
void mqc_fit_kolmogorov(size_t n, const double *sorted, double *distance, double *p);

#endif
