/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels one by one: a table of them that a device owns. A table never changes once a device has
 * it, so that a plain copy of a device may point to the table of the original while that lives. */
#ifndef MQC_DEVICE_LEVELS_H
#define MQC_DEVICE_LEVELS_H

#include "device/cell/inside.h"

enum { MQC_LEVELS_MOST = 4096, MQC_LEVELS_QUANTILES = 1024 };

/* Level 1, the highest conductance, comes first. The arrays lie in one block. */
struct mqc_levels {
    size_t n, quantiles;          /* quantiles of each level: 0 for the normal law */
    int even;                     /* evenly spaced, but for the rounding of single precision */
    float *g, *sd;                /* S, n each; sd is 0 where there are quantiles */
    float *quantile;              /* S, n x quantiles */
    struct mqc_level_table table; /* the same, as the kernels want it */
};

/* What a caller gives. sd: NULL for 0; quantile: NULL for the normal law. */
struct mqc_levels_given {
    size_t n;
    const float *g, *sd;
    size_t quantiles;
    const float *quantile;
};

/* A table of what was given, in either order. ARGUMENT, DATA, NOMEM. */
memqc_status mqc_levels_make(const char *function, const struct mqc_levels_given *given,
                             struct mqc_levels **out);
memqc_status mqc_levels_copy(const struct mqc_levels *levels, struct mqc_levels **out);
void mqc_levels_free(struct mqc_levels **levels);

/* A device lets go of its table, which is freed unless it is another device's. */
void mqc_levels_leave(memqc_device *device);

/* Mean and sd of the draws of a level with quantiles: the law is uniform between neighbours. */
void mqc_levels_moments(const struct mqc_levels *levels, size_t level, double *mean, double *sd);

/* Root mean square over the levels of the sd of what is drawn, S. */
double mqc_levels_sigma(const struct mqc_levels *levels);

/* Other tables for a device whose properties are scaled; see device/property.c. NOMEM. */
memqc_status mqc_levels_scale_noise(memqc_device *device, double factor);
memqc_status mqc_levels_scale_unevenness(memqc_device *device, double factor);
memqc_status mqc_levels_resample(memqc_device *device, size_t n);

#endif
