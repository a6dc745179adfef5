/* SPDX-License-Identifier: BSD-3-Clause */
/* A trained network on many arrays of a device. */
#ifndef MQC_MLP_STUDY_INSTANCES_H
#define MQC_MLP_STUDY_INSTANCES_H

#include "mlp/study/transfer.h"

struct mqc_instances {
    const memqc_mlp *mlp; /* whose weights are drawn */
    struct mqc_onto onto;
    double seconds; /* since programming */
    size_t n;
    size_t threads;
    const struct mqc_samples *samples;
    /* For the progress function: MEMQC_PHASE_..., and the instances of the whole study and those
     * that were run before. */
    int32_t phase;
    size_t before;
    size_t total;
};

/* The parameters of studies, on samples; the devices are those of the network, or `device` where
 * that is not NULL. */
struct mqc_instances mqc_instances_make(const memqc_mlp *mlp, const memqc_device *device,
                                        const struct mqc_samples *samples);

/* Accuracies of the n instances; NaN for those that were not evaluated. hits, or NULL, is a row of
 * bits for each, of mqc_crossed_stride(samples) bytes. Instance i is a function of
 * the seed in onto and of i. STOPPED where the progress function says so. */
memqc_status mqc_instances_run(const struct mqc_instances *instances, double *accuracies,
                               uint8_t *hits);

/* Are there a device for each layer, and at least so many instances? */
memqc_status mqc_instances_check(const struct mqc_instances *instances, size_t least);

#endif
