/* SPDX-License-Identifier: BSD-3-Clause */
/* Fitting a device to measured curves: maximum likelihood in double precision.
 *
 * The *points* of a fit are the rows but the first of each (device, cycle): every candidate is
 * judged by the density that it gives the same points. Quantized candidates give a point N(mean,
 * sd) of its level; pulsed ones N(mean, sd) given the conductance before. What lies on a bound (0
 * S; the window of a pulsed device) is counted by the probability of going beyond, over the width
 * within which values count as equal, so that it compares with densities. An outlier counts as one
 * of 1 % of points spread evenly over the range of the data. */
#ifndef MQC_FIT_PROBLEM_H
#define MQC_FIT_PROBLEM_H

#include <memqc/fit.h>

#include "device/cell/inside.h"
#include "fit/data.h"

/* Parameters of a candidate, conductances in S. Quantized ones use the first four, and the noise of
 * the measurement. */
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
    MQC_FIT_READ, /* noise of the measurement: white, in S and as a part of the conductance */
    MQC_FIT_READ_RELATIVE,
    MQC_FIT_SLOW, /* sd of its slow part, and correlation from pulse to pulse */
    MQC_FIT_CORRELATION,
    MQC_FIT_CLIP_HIGH, /* where pulses end, of candidates whose window is read off the data */
    MQC_FIT_CLIP_LOW,
    MQC_FIT_DRIFT,     /* of all conductances, from one cycle to the next */
    MQC_FIT_CENTRE_UP, /* steps at the start of a straight line: see solve.c; 0 for none */
    MQC_FIT_CENTRE_DOWN,
    MQC_FIT_NODES, /* TABLE: steps up, then down */
    MQC_FIT_TABLE_NODES = 8,
    MQC_FIT_FEWER_NODES = 5,
    MQC_FIT_THETA = MQC_FIT_NODES + 2 * MQC_FIT_TABLE_NODES
};

/* The kinds of noise that a candidate may have: bits. */
enum {
    MQC_FIT_WITH_ABSOLUTE = 1,
    MQC_FIT_WITH_RELATIVE = 2,
    MQC_FIT_WITH_STEPWISE = 4,
    MQC_FIT_WITH_READ = 8,
    MQC_FIT_WITH_READ_RELATIVE = 16,
    MQC_FIT_WITH_SLOW = 32,
    MQC_FIT_WITH_DRIFT = 64, /* no noise: what is left of the drift is a parameter */
    MQC_FIT_FEW_NODES = 128, /* nor this: a TABLE of noisy readings has FEWER_NODES at most */
    MQC_FIT_MEASURED = MQC_FIT_WITH_READ | MQC_FIT_WITH_READ_RELATIVE | MQC_FIT_WITH_SLOW
};

/* A direction of fewer rows has no law of its own: it is taken to be like the other. */
enum { MQC_FIT_LEAST_MOVES = 4 };

enum { MQC_FIT_REALS = 4, MQC_FIT_MOST_FREE = 2 * MQC_FIT_TABLE_NODES + 10 };

/* What the likelihood may tell of: keys, in the order of lib/fit/posterior.c, and the steps of a
 * table, up and down. */
enum { MQC_FIT_TOLD_KEYS = 23, MQC_FIT_TOLD = MQC_FIT_TOLD_KEYS + 2 * MQC_FIT_TABLE_NODES };

/* What became of a row. */
enum mqc_fit_state {
    MQC_FIT_FIRST,
    MQC_FIT_USED,
    MQC_FIT_OUTLIER,
    MQC_FIT_AT_LOW,
    MQC_FIT_AT_HIGH
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
    int robust;         /* heavy tails: for starting values */
    int rough;          /* the maximum to some thousandths of the log-likelihood will do */
    const double *from; /* parameters of another fit of the rows by the candidate, or NULL */
    int from_noise;     /* its kinds of noise */
    /* The noise by restricted likelihood, which does not count the fit of the course, or of the levels, to
     * it as its own: of quantized candidates without noise of the measurement, and of pulsed ones with
     * it. */
    int restricted;
    /* In its stead, what it is near a maximum: the derivatives by the noises there, which fall off as those
     * of a logarithm do over a width. That costs nothing. */
    int tilted;
    double tilt[MQC_FIT_THETA], tilt_from[MQC_FIT_THETA], tilt_width[MQC_FIT_THETA];
    const double *line; /* parameters of the linear candidate with the same noise, or NULL */
    double line_found[MQC_FIT_THETA];

    /* Work space, n each, of reals REALS arrays beside the slopes. What classify() of robust.c finds is
     * in state and before. */
    unsigned char *state;
    int32_t *steps; /* pulses since before */
    double *before, *mean, *log_sd, *values;
    double *slopes; /* 2 MOST_FREE n, derivatives of mean and log sd */
};

static inline int mqc_fit_is_quantized(int32_t candidate) {
    return candidate >= MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT &&
           candidate <= MEMQC_DEVICE_FIT_QUANTIZED_PROPORTIONAL;
}

/* What a drift has made of the conductances of a row. */
static inline double mqc_fit_drifted(const struct mqc_fit_problem *problem, const double *theta,
                                     size_t row) {
    return 1 + theta[MQC_FIT_DRIFT] * problem->rows[row].place;
}

/* The reading of a row without the drift. */
static inline double mqc_fit_steady(const struct mqc_fit_problem *problem, size_t row) {
    return problem->rows[row].g / mqc_fit_drifted(problem, problem->theta, row);
}

/* Is the window of a candidate read off the data, since its law does not depend on it? */
static inline int mqc_fit_is_clipped(const struct mqc_fit_problem *problem) {
    return problem->candidate == MEMQC_DEVICE_CONSTANT ||
           problem->candidate == MEMQC_DEVICE_LINEAR ||
           problem->candidate == MEMQC_DEVICE_EXPONENTIAL ||
           problem->candidate == MEMQC_DEVICE_TABLE;
}

#endif
