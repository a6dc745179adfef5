/* SPDX-License-Identifier: BSD-3-Clause */
/* The candidate MEMQC_DEVICE_JUMPS: tables of jumps. Called by judge.c and combine.c. */
#ifndef MQC_FIT_JUMPS_H
#define MQC_FIT_JUMPS_H

#include "device/models/jump_pairs.h"
#include "fit/data.h"
#include "fit/jump_cloud.h"

enum {
    MQC_JUMP_FEWEST_PAIRS = 100, /* of a direction, if it has pulses at all */
    MQC_JUMP_FEWEST_GROUPS = 5,  /* cycles of a device, or parts of a long one */
    MQC_JUMP_NEAREST = 40        /* least number of pairs that a node takes in */
};

struct mqc_fit_jumps {
    const struct mqc_fit_data *data;
    int pooled; /* one table for all devices? */
    struct mqc_jump_pairs *pairs;
    size_t *row;  /* of each pair: its second one */
    double score; /* sum over the pairs of the loss of held-out ones */
    double *place,
        *log_density;       /* of each pair among the held-out: its probability of being less */
    unsigned char *outlier; /* by row */
    signed char *side; /* by row: is the change to it far above, or below, what is predicted? */
    size_t outliers, at_bounds;
    double finest; /* S, steps of the readings, or what counts as equal if that is more */
    /* Room: the pairs without those held out, what a cloud wants, and a table. */
    float *before, *after;
    size_t *order;
    double *change, *share, *values;
    struct mqc_jump_curve curve;
};

/* How many quantiles a table has whose nodes take in so many pairs. */
size_t mqc_jump_levels(size_t near);

/* The pairs of direction k. */
struct mqc_jump_cloud mqc_jump_cloud_of(const struct mqc_fit_jumps *jumps, size_t k);

/* Finds the pairs, of one table for each device or of a pooled one. NOMEM; *enough: can they be
 * fitted? */
memqc_status mqc_jump_gather(struct mqc_fit_jumps *jumps, int *enough);

/* Chooses `near` for each direction by the loss of held-out groups; fills the score. */
void mqc_jump_choose(struct mqc_fit_jumps *jumps);

/* Fills place[] and log_density[] by tables of the other groups, and marks rows that are misread.
 * Returns how many. */
size_t mqc_jump_predict(struct mqc_fit_jumps *jumps);

/* Fits the tables of data, one for each device where that describes them better than one for all.
 * *out stays NULL where the data are too few. NOMEM. */
memqc_status mqc_fit_jumps_make(const struct mqc_fit_data *data, struct mqc_fit_jumps **out);
void mqc_fit_jumps_free(struct mqc_fit_jumps **jumps);

/* What they are worth, and the residuals of held-out pairs, which have room for the rows, as
 * standard normals; *n becomes how many. */
struct mqc_fit_quality mqc_fit_jumps_judge(const struct mqc_fit_jumps *jumps, double *residuals,
                                           size_t *n);

#endif
