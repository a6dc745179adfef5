/* SPDX-License-Identifier: BSD-3-Clause */
/* Conditional quantiles of the change by one pulse, from pairs of conductances before and after.
 * Called by jumps.c and jump_draw.c. */
#ifndef MQC_FIT_JUMP_CLOUD_H
#define MQC_FIT_JUMP_CLOUD_H

#include <stddef.h>

/* Pairs of one direction, in the order of the conductance before. */
struct mqc_jump_cloud {
    size_t n;
    const float *before, *after; /* S */
    const float *weight;         /* how often each counts, 0 or more; NULL: once */
    double low, high;            /* where pulses end exactly; -1: nowhere */
    double near;                 /* how many pairs a node takes in */
    /* Room for n each. */
    size_t *order;
    double *change, *share;
};

/* Bandwidths of an estimate: as many nodes as lie half a neighbourhood apart. */
size_t mqc_jump_nodes(const struct mqc_jump_cloud *cloud, size_t most, float *g);

/* The n_q quantiles of the change by a pulse at g, evenly spaced from 0 to 1. */
void mqc_jump_quantiles(const struct mqc_jump_cloud *cloud, double g, size_t n_q, float *quantiles);

/* A table of jumps: n_g nodes and n_q quantiles at each. */
struct mqc_jump_curve {
    size_t n_g, n_q;
    float *g, *quantiles;
};

/* The quantiles at g, linear between the nodes as those of a device. */
void mqc_jump_curve_at(const struct mqc_jump_curve *curve, double g, double *quantiles);

#endif
