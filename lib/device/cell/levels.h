/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels one by one: a table of them, which never changes once a device has it. So copies of a
 * device share one, in several threads at once, and the last of its holders frees it. */
#ifndef MQC_DEVICE_LEVELS_H
#define MQC_DEVICE_LEVELS_H

#include "device/cell/inside.h"

#include <stdatomic.h>

enum { MQC_LEVELS_MOST = 4096, MQC_LEVELS_QUANTILES = 1024, MQC_LEVEL_ERRORS_COLUMNS = 8 };

/* What a fit knows of levels that it found, in S. Known together: the means by the columns of root,
 * n x columns, and mean[] apart from them; the deviations by the two columns of sd_root, or, where
 * each is of its own, by sd[] alone. The arrays lie in one block. */
struct mqc_level_errors {
    size_t columns;
    int each; /* does each level have a deviation of its own? */
    float *mean, *sd, *sd_root, *root;
};

/* Level 1, the highest conductance, comes first. The arrays lie in one block. */
struct mqc_levels {
    atomic_size_t holders;
    size_t n, quantiles;             /* quantiles of each level: 0 for the normal law */
    int even;                        /* evenly spaced, but for the rounding of single precision */
    float *g, *sd;                   /* S, n each; sd is 0 where there are quantiles */
    float *quantile;                 /* S, n x quantiles */
    struct mqc_level_table table;    /* the same, as the kernels want it */
    struct mqc_level_errors *errors; /* of levels that were fitted; or NULL */
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
/* A table of its own, with the same values. NOMEM. */
memqc_status mqc_levels_copy(const struct mqc_levels *levels, struct mqc_levels **out);
/* What follows from values that were changed, before any device has the table. */
void mqc_levels_finish(struct mqc_levels *levels);
/* One holder more, or one less, of a table that may be NULL. */
void mqc_levels_hold(struct mqc_levels *levels);
void mqc_levels_free(struct mqc_levels **levels);

/* Errors of 0 for n levels. NOMEM. */
memqc_status mqc_level_errors_make(size_t n, size_t columns, struct mqc_level_errors **out);
void mqc_level_errors_free(struct mqc_level_errors **errors);

/* How many values the block of errors has, which begins at mean[]. */
static inline size_t mqc_level_errors_size(size_t n, size_t columns) {
    return n * (4 + columns);
}

/* A device lets go of its table. */
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
