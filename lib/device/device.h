/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside a device: parameters, and the table of operations through which a model answers. */
#ifndef MQC_DEVICE_DEVICE_H
#define MQC_DEVICE_DEVICE_H

#include <memqc/device.h>

#include "core/params.h"
#include "device/kernels.h"

enum { MQC_DEVICE_KEYS = MEMQC_DEVICE_RAMP_KNEE_PULSE };

extern const struct mqc_params mqc_device_params;

/* Which cells a draw is for: n neighbours from cell on, all at the same draw; or, where cells is not NULL, cells[i] at
 * draws[i]. Only the seed of this struct counts, not that of the device. */
struct mqc_cells {
    uint64_t seed, cell, draw;
    const uint64_t *cells, *draws;
};

/* A model, one file each. A state is the level of a cell as a float, 1 .. STATES. */
struct mqc_device_ops {
    const char *name;
    /* Checks what the table of parameters cannot (bounds between parameters) and derives what the draws need. */
    memqc_status (*prepare)(memqc_device *device);
    /* The value of a parameter in force, where that is not the one set. */
    double (*get)(const memqc_device *device, int32_t key);
    /* Refuses a key that would be without effect; changes others that a key is only a view of. */
    memqc_status (*set)(memqc_device *device, int32_t key, double value);
    /* Mean and sd of a draw at a level. */
    void (*level)(const memqc_device *device, double level, double *nominal, double *mean, double *sd);
    /* Programs n cells to their states; returns how many draws were below zero. */
    uint64_t (*draw)(const memqc_device *device, const struct mqc_cells *where, size_t n, const float *states, float *g);
};

extern const struct mqc_device_ops mqc_device_quantized;

struct memqc_device {
    const struct mqc_device_ops *ops;
    uint64_t seed;
    double value[MQC_DEVICE_KEYS + 1]; /* as set, by key */
    double sigma, k;                   /* in force */
    struct mqc_staircase stairs;       /* the same, as the kernels want it */
};

/* Nominal conductance of level 1 and the step down to the next: levels are evenly spaced. */
static inline double mqc_device_g_max(const memqc_device *device) {
    return device->value[MEMQC_DEVICE_G_MAX];
}

static inline double mqc_device_g_min(const memqc_device *device) {
    return device->value[MEMQC_DEVICE_G_MIN];
}

static inline double mqc_device_states(const memqc_device *device) {
    return device->value[MEMQC_DEVICE_STATES];
}

static inline double mqc_device_step(const memqc_device *device) {
    return (mqc_device_g_max(device) - mqc_device_g_min(device)) / (mqc_device_states(device) - 1);
}

#endif
