/* SPDX-License-Identifier: BSD-3-Clause */
/* Every candidate on every device, and the choice among them. */
#ifndef MQC_FIT_JUDGE_H
#define MQC_FIT_JUDGE_H

#include "fit/ladder.h"
#include "fit/problem.h"

enum { MQC_FIT_KEYS = MQC_DEVICE_KEYS };

/* Sums over pairs of residuals, and the correlations that are made of them: memory.c. */
struct mqc_fit_correlation {
    double products, left, right;
    size_t n;
    double among, pairs; /* products of the right ones with each other, and how many */
};

enum { MQC_FIT_BETWEEN, MQC_FIT_WITHIN, MQC_FIT_MEMORIES };
struct mqc_fit_memory {
    struct mqc_fit_correlation *of[MQC_FIT_MEMORIES]; /* an observation each; room for all cycles */
    size_t n[MQC_FIT_MEMORIES];
};

struct mqc_fit_jumps;

/* All that one call of memqc_device_fit() works with. */
struct mqc_fit_work {
    struct mqc_fit_data data;
    struct mqc_fit_problem *problem;
    struct mqc_fit_ladder *ladder; /* of data with 3 .. 4096 levels; else NULL */
    struct mqc_fit_jumps *jumps;   /* where they could be fitted; else NULL */
    double *reals;                 /* work space of the problem */
    double *residuals;             /* one a point at most */
    size_t n_residuals;            /* how many those of the last fit were */
    float *kept; /* residuals of the best fit of each candidate, in order; n each */
    size_t n_kept[MQC_FIT_CANDIDATES];
    int32_t *steps;        /* work space of the problem */
    unsigned char *states; /* the same */
    double *value, *error; /* fitted values and standard errors, by device and key */
    double *covariance;    /* of what mqc_fit_posterior() tells of, by device */
    double *influence;     /* of a device's value on that of the model, by device and key */
    struct mqc_fit_memory memory;
    int noise[MQC_FIT_CANDIDATES];
    /* Parameters of the last fit to each part, and of the best with noise of the measurement of each
     * candidate: parts.c. */
    double *trial, *found;
    int found_noise[MQC_FIT_CANDIDATES];
    /* mqc_fit_alternation() of the last fit, and of the best so far of a candidate. */
    double alternation, best_alternation;
    /* The lowest BIC of each candidate without noise of the measurement, and with it; and how its
     * residuals alternate without. */
    double bic[MQC_FIT_CANDIDATES][2], alternations[MQC_FIT_CANDIDATES];
    memqc_progress progress; /* the caller's, or NULL */
    void *user;
    int32_t model; /* what was asked for */
    struct mqc_fit_report report;
};

/* Memory for the data of a work whose other pointers are NULL. NOMEM; then too, the work is to be
 * freed. */
memqc_status mqc_fit_work_make(struct mqc_fit_work *work);
/* Frees the data too. */
void mqc_fit_work_free(struct mqc_fit_work *work);

/* Fills report.of[] and noise[] for the candidates of a model. STOPPED. */
memqc_status mqc_fit_judge(struct mqc_fit_work *work, int32_t model);

/* What tells the noise of the pulses of the candidate in a place from that of the measurement:
 * MEMQC_DEVICE_FIT_NOISE_... */
int32_t mqc_fit_noise(const struct mqc_fit_work *work, int index);

/* Place of the best of those that could be fitted; -1 for none. */
int mqc_fit_choose(const struct mqc_fit_work *work);

#endif
