/* SPDX-License-Identifier: BSD-3-Clause */
/* How much of a property a target accuracy allows. */
#ifndef MQC_MLP_STUDY_REQUIRED_H
#define MQC_MLP_STUDY_REQUIRED_H

#include "mlp/study/scaled.h"

enum { MQC_REQUIRED_POINTS = 96 };

struct mqc_required {
    struct mqc_scaled *scaled;
    int32_t property; /* all others are ideal */
    double target;
    double most;        /* of the factor */
    double *accuracies; /* of the instances; to work in, as are hits */
    uint8_t *hits;
    size_t n_points;
    /* A factor, and what was measured at it: */
    struct mqc_point {
        double factor;
        double mean;
        double half; /* of the interval of the mean, over instances and samples */
    } point[MQC_REQUIRED_POINTS];
};

/* Takes down what was measured at a factor that is not known yet. */
void mqc_required_take(struct mqc_required *s, double factor, const uint8_t *hits);

/* The limits FACTOR... and REQUIRED... */
memqc_status mqc_required_note(struct mqc_required *s, double *limit);

#endif
