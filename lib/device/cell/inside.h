/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside a device: parameters, and the table of operations through which a model answers.
 *
 * A *state* is a float: the level of a quantized cell, 1 .. STATES, or the conductance of a pulsed
 * one. */
#ifndef MQC_DEVICE_DEVICE_H
#define MQC_DEVICE_DEVICE_H

#include <memqc/device.h>

#include "core/params.h"
#include "device/cell/kernels.h"
#include "rng/streams.h"

enum { MQC_DEVICE_KEYS = MEMQC_DEVICE_READ_VOLTAGE, MQC_DEVICE_CHUNK = 1024 };

extern const struct mqc_params mqc_device_params;

/* Does a model use a key? */
int mqc_device_uses(int32_t model, int32_t key);

/* Which cells a draw is for: n neighbours from cell on, all at the same draw; or, where cells is
 * not NULL, cells[i] at draws[i]. Only the seed of this struct counts, not that of the device. */
struct mqc_draws {
    uint64_t seed, cell, draw;
    const uint64_t *cells, *draws;
};

/* N(0, 1) for n of those cells from the first-th on, draw counted on by later. */
void mqc_draws_normals(const struct mqc_draws *where, uint32_t stream, size_t first, size_t n,
                       uint64_t later, float *z);

/* One direction of a pulsed model, in double precision: f(y) = step shape(y). */
struct mqc_step_law {
    double step, shape;
};

/* A model, one file each. */
struct mqc_device_ops {
    const char *name;
    int32_t model;
    int pulsed; /* the state is the conductance */
    /* Checks what the table of parameters cannot (bounds between parameters) and derives what the
     * draws need. */
    memqc_status (*prepare)(memqc_device *device);
    /* The value of a parameter in force, where that is not the one set. */
    double (*get)(const memqc_device *device, int32_t key);
    /* Refuses a key that would be without effect; changes others that a key is only a view of. */
    memqc_status (*set)(memqc_device *device, int32_t key, double value);
    /* Mean and sd of a draw at a level. */
    void (*level)(const memqc_device *device, double level, double *nominal, double *mean,
                  double *sd);
    /* Programs n cells to their states; returns how many draws were below zero. Quantized only.
     * cells: NULL where nothing varies. */
    uint64_t (*draw)(const memqc_device *device, const struct mqc_draws *where,
                     const struct mqc_cell_arrays *cells, size_t n, const float *states, float *g);

    /* Pulsed models. */
    enum mqc_pulse_kind kind;
    /* Step and shape of a direction (0 up, 1 down) from the parameters, without asymmetry; NULL:
     * STEP and no shape. */
    struct mqc_step_law (*way)(const memqc_device *device, int down);
    /* f(y) / step at the nominal parameters, the equation in double precision; g is the conductance
     * before the pulse. */
    double (*shape)(const memqc_device *device, int down, double y, double g);
    /* Step and shape of a cell whose window is range and whose shape is stretched by factor; NULL:
     * shape factor times as large. */
    struct mqc_step_law (*vary)(const memqc_device *device, int down, double range, double factor);
};

/* What a fit found out; nothing for other devices. Candidates in the order of
 * mqc_fit_candidate_index(). */
enum { MQC_FIT_CANDIDATES = 10 };
struct mqc_fit_report {
    int32_t candidate; /* 0: not fitted */
    double points, cycles, devices;
    double standard_error[MQC_DEVICE_KEYS + 1];
    struct mqc_fit_quality {
        int fitted;
        double log_likelihood, parameters, ks, ks_p, outliers, at_bounds;
    } of[MQC_FIT_CANDIDATES];
};

extern const struct mqc_device_ops mqc_device_quantized, mqc_device_constant, mqc_device_linear,
    mqc_device_soft_bounds, mqc_device_exponential, mqc_device_power, mqc_device_neurosim,
    mqc_device_table;

struct memqc_device {
    const struct mqc_device_ops *ops;
    uint64_t seed;
    double value[MQC_DEVICE_KEYS + 1]; /* as set, by key */
    double states;                     /* levels, whole */
    /* Quantized: */
    double sigma, k;             /* in force */
    struct mqc_staircase stairs; /* the same, as the kernels want it */
    /* Pulsed: */
    struct mqc_step_law way[2];  /* up, down; with asymmetry */
    double curvature[2];    /* NEUROSIM: P / A of each direction */
    struct mqc_pulse pulse; /* its tables are set where it is used: a device may move */
    struct mqc_table table[2];
    struct mqc_fit_report fit;
};

/* Nominal conductance of level 1 and the step down to the next: levels are evenly spaced. */
static inline double mqc_device_g_max(const memqc_device *device) {
    return device->value[MEMQC_DEVICE_G_MAX];
}

static inline double mqc_device_g_min(const memqc_device *device) {
    return device->value[MEMQC_DEVICE_G_MIN];
}

static inline double mqc_device_states(const memqc_device *device) {
    return device->states;
}

static inline double mqc_device_step(const memqc_device *device) {
    return (mqc_device_g_max(device) - mqc_device_g_min(device)) / (device->states - 1);
}

static inline double mqc_device_level_g(const memqc_device *device, double level) {
    return mqc_device_g_max(device) - (level - 1) * mqc_device_step(device);
}

/* G_MIN below G_MAX and the like. */
memqc_status mqc_device_check_order(const memqc_device *device, int32_t low, int32_t high);

/* STEP as a view of STATES. */
memqc_status mqc_device_set_step(memqc_device *device, double step, int whole);

/* Voltage of the RESET pulse that leads to a level. */
double mqc_device_ramp_voltage(const memqc_device *device, double level);

/* Noise-free step of one pulse from g, at the nominal parameters. */
double mqc_device_nominal_step(const memqc_device *device, int down, double g);

memqc_status mqc_device_check_levels(const memqc_device *device, const char *function, size_t n,
                                     const int32_t *levels);

/* Programmings of pulsed cells are numbered below 2^40. */
memqc_status mqc_device_check_draw(const memqc_device *device, const char *function, uint64_t draw);

/* Cells are numbered below 2^34. */
memqc_status mqc_device_check_cells(const char *function, uint64_t cell, size_t n);

/* The label of NEUROSIM that a slope of its affine step stands for. */
double mqc_neurosim_label(double slope);

/* --- device to device (cells.c) --- */

/* Does any parameter vary from cell to cell? */
int mqc_device_varies(const memqc_device *device);

/* What cells have of their own, to arrays of n values (at most MQC_DEVICE_CHUNK where where->cells
 * is NULL or not). */
void mqc_device_cell_arrays(const memqc_device *device, const struct mqc_draws *where, size_t n,
                            const struct mqc_cell_arrays *out);

/* Bounds of cells, at most MQC_DEVICE_CHUNK, from the first-th on. */
void mqc_device_windows(const memqc_device *device, const struct mqc_draws *where, size_t first,
                        size_t n, float *lo, float *hi);

/* Arrays of n values in one block of MQC_CELL_ARRAYS n floats. */
enum { MQC_CELL_ARRAYS = 7 };
struct mqc_cell_arrays mqc_cell_arrays_in(float *block, size_t n);
/* The same arrays from the first-th cell on. */
struct mqc_cell_arrays mqc_cell_arrays_from(const struct mqc_cell_arrays *cells, size_t first);

/* --- pulses and programming (pulse.c, program.c); n at most MQC_DEVICE_CHUNK --- */

/* counts: pulses of each cell, or NULL: all for each. g may be NULL for pulsed models. cost may be
 * NULL. */
void mqc_device_pulse_cells(const memqc_device *device, const struct mqc_draws *where,
                            uint32_t stream, const struct mqc_cell_arrays *cells, size_t n,
                            int32_t all, const int32_t *counts, float *state, float *g,
                            double *cost);

/* Bursts of counts[i] pulses (whole numbers of either sign) on pulsed cells, each with one noise of
 * MQC_STREAM_PULSE, attempt 2, at the cells' draw: for the coincidences of pulse trains, which come
 * in one operation. Steps are taken at the middle of the burst's way. */
void mqc_device_burst_cells(const memqc_device *device, const struct mqc_draws *where,
                            const struct mqc_cell_arrays *cells, size_t n, const float *counts,
                            float *state);

/* What programming looks up. Pulsed: the response curves, g[0][k] after k potentiation pulses from
 * G_MIN and g[1][k] after k depression pulses from G_MAX. Quantized: the energy of the RESET pulses
 * from level 1 to each level. */
struct mqc_lookup {
    size_t n[2];
    float *g[2];
    double *energy;
};
memqc_status mqc_lookup_energy(const memqc_device *device, struct mqc_lookup *lookup);
memqc_status mqc_lookup_make(const memqc_device *device, struct mqc_lookup *lookup);
void mqc_lookup_free(struct mqc_lookup *lookup);
/* Signed number of pulses that lead from one conductance nearest to another. */
int32_t mqc_lookup_pulses(const struct mqc_lookup *lookup, double from, double to);

/* Programs cells from their states to levels; where force is set, a quantized cell at its level is
 * set and depressed again. Returns how many draws were below zero. */
uint64_t mqc_device_program_cells(const memqc_device *device, const struct mqc_lookup *lookup,
                                  const struct mqc_draws *where,
                                  const struct mqc_cell_arrays *cells, size_t n,
                                  const float *levels, int force, float *state, float *g,
                                  double *cost);

#endif
