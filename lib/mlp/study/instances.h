/* SPDX-License-Identifier: BSD-3-Clause */
/* A trained network on many arrays of a device. */
#ifndef MQC_MLP_INSTANCES_H
#define MQC_MLP_INSTANCES_H

#include "mlp/inside.h"

struct mqc_instances {
    const memqc_mlp *mlp; /* whose weights are drawn */
    struct mqc_onto onto;
    double seconds; /* since programming */
    double ohm;     /* of each segment of the lines */
    size_t n, threads;
    const struct mqc_samples *samples;
};

/* Accuracies of the n instances. Instance i is a function of the seed in onto and of i. */
memqc_status mqc_instances_run(const struct mqc_instances *instances, double *accuracies);

/* Bounds of n, threads and seconds, and a device for each layer. */
memqc_status mqc_instances_check(const struct mqc_instances *instances, size_t least);

/* Half of the 95 % confidence interval of the mean of n normal numbers, in standard deviations of
 * them. */
double mqc_mean_interval(size_t n);

/* Mean and standard deviation (of the population that they come from; 0 for one). */
void mqc_mean_sd(size_t n, const double *x, double *mean, double *sd);

#endif
