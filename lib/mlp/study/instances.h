/* SPDX-License-Identifier: BSD-3-Clause */
/* A trained network on many arrays of a device. */
#ifndef MQC_MLP_STUDY_INSTANCES_H
#define MQC_MLP_STUDY_INSTANCES_H

#include "mlp/study/transfer.h"

struct mqc_instances {
    const memqc_mlp *mlp; /* whose weights are drawn */
    struct mqc_onto onto;
    double seconds; /* since programming */
    double ohm;     /* of each segment of the lines */
    size_t n;
    size_t threads;
    const struct mqc_samples *samples;
};

/* Accuracies of the n instances. Instance i is a function of the seed in onto and of i. */
memqc_status mqc_instances_run(const struct mqc_instances *instances, double *accuracies);

/* Bounds of n, threads and seconds, and a device for each layer. */
memqc_status mqc_instances_check(const struct mqc_instances *instances, size_t least);

#endif
