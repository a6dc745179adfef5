/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside a device: its values, and the table of operations through which its model answers.
 *
 * A *state* is a float: the level of a quantized cell, 1 .. STATES, or the conductance of a pulsed
 * one. */
#ifndef MQC_DEVICE_INSIDE_H
#define MQC_DEVICE_INSIDE_H

#include <memqc/device_custom.h>
#include <memqc/device_effects.h>
#include <memqc/device_measured.h>

#include "device/cell/course_kernels.h"
#include "device/cell/draws.h"
#include "device/cell/jump_kernels.h"
#include "device/cell/kernels.h"
#include "device/cell/memory.h"
#include "device/cell/params.h"

/* Cells that an operation takes at once. */
enum { MQC_DEVICE_CHUNK = 1024 };

/* Cells and what they are at: n of them, at most MQC_DEVICE_CHUNK. Operations use what they need. */
struct mqc_cell_set {
    const struct mqc_draws *where;
    const struct mqc_cell_arrays *own; /* NULL where nothing varies from cell to cell */
    size_t n;
    float *state;
    float *g;     /* conductances; NULL where they are not wanted */
    double *cost; /* MEMQC_DEVICE_COSTS sums to add to; NULL where they are not wanted */
};

/* What programming looks up; a model makes what it needs. */
struct mqc_lookup {
    /* Conductance of each level from 1 on, and from there to its nearer neighbour, S. */
    double *target, *spacing;
    struct mqc_courses courses;
    /* Energy of the RESET pulses from level 1 to each level; and, to be added to it, what a cell saves
     * that is at a level already, and then for each level its SET. */
    double *reset_energy, *leave_energy;
    /* Where pulses are coarse: conductances after a pulse up and down from each of MQC_COARSE_NODES
     * conductances, evenly spaced over the window; else NULL. */
    float *after[2];
};

/* One direction of a pulsed model, in double precision: f(y) = step shape(y). */
struct mqc_step_law {
    double step, shape;
};

/* A model, one file each. */
struct mqc_device_ops {
    const char *name;
    int32_t model;
    int pulsed; /* the state is the conductance */

    /* --- parameters --- */

    /* Checks bounds between parameters, which the table of parameters cannot, and derives what the
     * draws need. `function` is the public function that was called. */
    memqc_status (*prepare)(memqc_device *device, const char *function);
    /* STEP has been set, to a value of its own: changes what it is a view of. `agree`: STATES was set
     * at the same time. NULL where STEP stands for itself. */
    memqc_status (*set_step)(memqc_device *device, const char *function, double step, int agree);
    /* Mean and sd of a draw at a level. */
    void (*level)(const memqc_device *device, double level, double *nominal, double *mean,
                  double *sd);

    /* --- programming --- */

    /* Makes what the operations below take as `lookup`. NOMEM. */
    memqc_status (*look_up)(const memqc_device *device, struct mqc_lookup *lookup);
    /* Programs cells from nothing to states: sets g. Like the next two and correct(), returns how
     * many draws were below zero. The quantized model needs no look-up here. */
    uint64_t (*draw)(const memqc_device *device, const struct mqc_lookup *lookup,
                     const struct mqc_cell_set *set, const float *states);
    /* As draw(), for draws of which `stride` make a cycle; NULL where cycles are nothing special. */
    uint64_t (*draw_in_cycles)(const memqc_device *device, const struct mqc_cell_set *set,
                               uint64_t stride, const float *states);
    /* Programs cells from their states to levels. Where `force` is set, a quantized cell at its
     * level is set and depressed again. */
    uint64_t (*program)(const memqc_device *device, const struct mqc_lookup *lookup,
                        const struct mqc_cell_set *set, const float *levels, int force);
    /* The same, forced, for cells that are known by their level and g: `from`, changed to `to`. Tells
     * how many pulses each cell got, where `pulses` is not NULL. */
    uint64_t (*write)(const memqc_device *device, const struct mqc_lookup *lookup,
                      const struct mqc_cell_set *set, const float *from, const float *to,
                      float *pulses);
    /* Pulses, of either sign and at most most[i], that correct cells which were programmed to levels
     * and are at g; 0 where these are too few. */
    void (*correction)(const memqc_device *device, const struct mqc_lookup *lookup, size_t n,
                       const float *g, const float *levels, const double *most, int32_t *pulses);
    /* How far from a level's conductance a cell at g ends by the nominal pulses that lead nearest;
     * NULL: every level is reached. */
    double (*miss)(const memqc_device *device, double g, double level);
    /* Sends those pulses; as write(). */
    uint64_t (*correct)(const memqc_device *device, const struct mqc_lookup *lookup,
                        const struct mqc_cell_set *set, const float *levels, const int32_t *pulses);

    /* --- pulses --- */

    /* counts: pulses of each cell, or NULL: `all` for each. */
    void (*pulse)(const memqc_device *device, const struct mqc_cell_set *set, uint32_t stream,
                  int32_t all, const int32_t *counts);
    /* One pulse of a voltage. */
    void (*apply)(const memqc_device *device, const struct mqc_cell_set *set, double volts);
    /* The coincidences of pulse trains, which come in one operation: counts[i] pulses, whole numbers
     * of either sign, with one noise of MQC_STREAM_PULSE, attempt 2, at the cell's draw. Steps are
     * taken at the middle of the burst; jumps follow one another, with attempts from 2 on. NULL:
     * pulses of this model do not add up. */
    void (*burst)(const memqc_device *device, const struct mqc_cell_set *set, const float *counts);
    /* A pulse in the middle of the window, S: the mean of both directions. */
    double (*middle_step)(const memqc_device *device);

    /* --- laws of pulsed models --- */

    enum mqc_pulse_kind kind;
    /* Step and shape of a direction (0 up, 1 down) from the parameters, without asymmetry; NULL:
     * STEP and no shape. */
    struct mqc_step_law (*law)(const memqc_device *device, int down);
    /* f(y) / step at the nominal parameters, the equation in double precision; g is the conductance
     * before the pulse. */
    double (*shape)(const memqc_device *device, int down, double y, double g);
    /* Steps, without asymmetry, and shapes of n cells with the windows lo .. hi: shape[i] is what the
     * cell's shape is multiplied by, and becomes its shape. NULL: the step of all cells, and that
     * product. */
    void (*vary)(const memqc_device *device, int down, size_t n, const float *lo, const float *hi,
                 float *shape, double *step);
    /* Do the window and the factor of a cell change its step? (No window changes a shape.) */
    int by_window;
    /* Standard deviation that a pulse from g has besides C2C_..., to first order; NULL: none. */
    double (*scatter)(const memqc_device *device, int down, double g);
};

/* CUSTOM: what the caller's model is to the library. Copies of a device share the function. */
struct mqc_custom {
    struct mqc_host *host; /* the function: lib/device/models/custom_host.h */
    size_t n;              /* parameters of cells */
    double mean[MEMQC_DEVICE_CUSTOM_PARAMETERS], lognormal[MEMQC_DEVICE_CUSTOM_PARAMETERS],
        normal[MEMQC_DEVICE_CUSTOM_PARAMETERS];
    /* Of a device whose properties are scaled: factors on what a pulse moves and on its normal
     * numbers; and the part of the step that differs from its mean. */
    double move, noise, uneven, mean_step;
};

/* What the likelihood of a fit says of its parameters: normal around their values, with the
 * covariance root root'. */
enum { MQC_FIT_DRAWN = 32, MQC_FIT_PLACE_STEP = 4096, MQC_FIT_PLACE_STEPS = 16 };
struct mqc_fit_posterior {
    int32_t n;
    int32_t what[MQC_FIT_DRAWN]; /* place in value[] of the device; from MQC_FIT_PLACE_STEP on, the
                                    steps of the table, 8 up, then down */
    double value[MQC_FIT_DRAWN];
    double states;                                        /* of the device as it was fitted */
    double root[MQC_FIT_DRAWN * (MQC_FIT_DRAWN + 1) / 2]; /* lower triangle, row by row */
};

/* What tells noises apart. lib/fit/report.c compares the numbers with those of fit.h. */
enum { MQC_FIT_NOISE_FIRST = 1186, MQC_FIT_NOISE_LAST = 1188 };

/* What a fit found out; nothing for other devices. The order of the
 * candidates is that of lib/fit/report.c. */
enum { MQC_FIT_CANDIDATES = 12 };
struct mqc_fit_report {
    int32_t taken; /* place in of[] of the candidate that was taken, from 1; 0: not fitted */
    double points, cycles, devices;
    double drift, drift_error; /* part of the conductance, a cycle */
    double memory[2];          /* correlations of the noise: from cycle to cycle, within a cycle */
    int32_t noise;             /* MEMQC_DEVICE_FIT_NOISE_... */
    double standard_error[MQC_DEVICE_KEYS];
    struct mqc_fit_quality {
        int fitted;
        double log_likelihood, parameters, ks, ks_p, outliers, at_bounds;
    } of[MQC_FIT_CANDIDATES];
    struct mqc_fit_posterior posterior;
};

struct mqc_levels;
struct mqc_jump_pairs;

/* A row that the fit left out. The reasons are those of fit.h, which lib/fit/report.c compares. */
enum { MQC_LEFT_OUT_FIRST = 1191, MQC_LEFT_OUT_LAST = 1198 };
struct mqc_left_out {
    uint64_t row;
    uint32_t reason;
    float value;
};

struct memqc_device {
    const struct mqc_device_ops *ops;
    uint64_t seed;
    double value[MQC_DEVICE_KEYS]; /* as set, at MQC_DEVICE_AT() */
    /* Quantized: */
    double sigma, k;             /* of the draws: as set, or solved from the measured widths */
    struct mqc_staircase stairs; /* the same, as the kernels want it */
    struct mqc_memory memory;    /* of the noise, from cycle to cycle */
    struct mqc_levels *levels;   /* given one by one, or NULL: cell/levels.h */
    const float *ladder; /* S, their conductances from level 1 on, where they are in force */
    int uneven;          /* is the ladder in force unevenly spaced? */
    /* Pulsed: */
    struct mqc_step_law law[2]; /* up, down; with asymmetry */
    double curvature[2];        /* NEUROSIM: P / A of each direction */
    struct mqc_pulse pulse;     /* its tables are set where it is used: a device may move */
    struct mqc_table table[2];
    struct mqc_custom custom;
    struct mqc_jumps *jumps;      /* JUMPS: its tables; else NULL */
    struct mqc_jump_pairs *pairs; /* what they were fitted to, or NULL: models/jump_pairs.h */
    struct mqc_fit_report fit;
    size_t n_left_out;
    struct mqc_left_out *left_out; /* its own memory */
    size_t n_residuals;
    float *residuals; /* of the fit, in ascending order; its own memory */
};

/* Makes a device like another one; the rows that its own fit left out, and its residuals, stay. */
void mqc_device_assign(memqc_device *to, const memqc_device *from);

/* The value of a parameter as it was set. */
static inline double mqc_device_value(const memqc_device *device, int32_t key) {
    return device->value[key - MEMQC_DEVICE_MODEL];
}

static inline double mqc_device_g_max(const memqc_device *device) {
    return device->value[MQC_DEVICE_AT(G_MAX)];
}

static inline double mqc_device_g_min(const memqc_device *device) {
    return device->value[MQC_DEVICE_AT(G_MIN)];
}

static inline double mqc_device_states(const memqc_device *device) {
    return device->value[MQC_DEVICE_AT(STATES)];
}

/* Spacing of the levels; the mean one of an uneven ladder. */
static inline double mqc_device_step(const memqc_device *device) {
    return (mqc_device_g_max(device) - mqc_device_g_min(device)) / (mqc_device_states(device) - 1);
}

static inline double mqc_device_level_g(const memqc_device *device, double level) {
    if (device->ladder)
        return (double)device->ladder[(size_t)level - 1];
    return mqc_device_g_max(device) - (level - 1) * mqc_device_step(device);
}

/* From a level to its nearer neighbour, S. */
double mqc_device_spacing(const memqc_device *device, double level);

/* The level of an uneven ladder whose conductance is nearest to g; of two, the higher one. */
double mqc_device_uneven_level(const memqc_device *device, double g);

/* Is the state of a cell its conductance? Otherwise it is its level. */
static inline int mqc_device_state_is_g(const memqc_device *device) {
    return device->ops->pulsed;
}

/* Do pulses add up, so that those of a train can be sent as a burst? */
static inline int mqc_device_takes_bursts(const memqc_device *device) {
    return device->ops->burst != NULL;
}

#endif
