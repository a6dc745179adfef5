/* SPDX-License-Identifier: BSD-3-Clause */
/** @file device.h
 *  Device models: stochastic generators of a memristor's conductance.
 *
 *  A cell's *level* is its state: the number of the pulse that brought it there, from 1 (the ON state, highest
 *  conductance) to N (lowest). A *conductance* is what programming that level gives, noise and all. The device
 *  handle holds no cells: it is a set of parameters and a seed, and its draws are pure functions of
 *  (seed, cell, draw), so that the caller (or a memqc_crossbar) keeps the states.
 *
 *  Source of the quantized model: Chen et al., "Improving the Recognition Accuracy of Memristive Neural Networks via
 *  Homogenized Analog Type Conductance Quantization", Micromachines 2020, 11, 427, Eq. (1) and Figures 2 to 4.
 */
#ifndef MEMQC_DEVICE_H
#define MEMQC_DEVICE_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A device model: parameters and a seed. @since 0.1 */
typedef struct memqc_device memqc_device;

/** Models. @since 0.1 */
enum {
    /** Conductance quantization: N levels evenly spaced over [G_MIN, G_MAX], a normal draw around each. Level l of N
     *  stands at the effective pulse number n = 1 + (PULSES - 1) (l - 1) / (N - 1); its nominal conductance is
     *  mu = G_MAX - (l - 1) STEP. What is drawn depends on #MEMQC_DEVICE_LAW. */
    MEMQC_DEVICE_QUANTIZED = 1
};

/** Keys of memqc_device_set() and memqc_device_get(). Defaults are those of a new device. @since 0.1 */
enum {
    MEMQC_DEVICE_STATES = 1,          /**< number of levels N: 2 .. 4096, whole; default 32 */
    MEMQC_DEVICE_G_MAX = 2,           /**< S, nominal conductance of level 1, above G_MIN; default 16 G0 */
    MEMQC_DEVICE_G_MIN = 3,           /**< S, nominal conductance of level N, at least 0; default 0.5 G0 */
    MEMQC_DEVICE_STEP = 4,            /**< S, (G_MAX - G_MIN) / (N - 1). Setting it sets STATES: the G range must be
                                           a whole number of steps (to 1e-6 of a step); default 0.5 G0 */
    MEMQC_DEVICE_LAW = 5,             /**< one of MEMQC_DEVICE_LAW_...; default LINEAR */
    MEMQC_DEVICE_SIGMA = 6,           /**< S, sigma of Eq. (1); default 1 G0. Under LAW_MEASURED it is solved
                                           from the FWHM: it can be read, and setting it is refused */
    MEMQC_DEVICE_K = 7,               /**< 1/pulse, k of Eq. (1), at most 1 / PULSES; default 0.03. As SIGMA under
                                           LAW_MEASURED */
    MEMQC_DEVICE_PULSES = 8,          /**< pulses in the staircase on which k counts: 2 .. 1e6, whole; default 32 */
    MEMQC_DEVICE_FWHM_EARLY = 9,      /**< S, full width at half maximum at pulse PULSE_EARLY; default 4.4 G0. Set only
                                           under LAW_MEASURED; under the other laws it reads what they imply */
    MEMQC_DEVICE_FWHM_LATE = 10,      /**< S, the same at pulse PULSE_LATE; default 1.2 G0 */
    MEMQC_DEVICE_PULSE_EARLY = 11,    /**< pulse number, 1 or more and below PULSE_LATE; default 5 */
    MEMQC_DEVICE_PULSE_LATE = 12,     /**< pulse number, at most PULSES; default 29 */
    MEMQC_DEVICE_BELOW_ZERO = 13,     /**< what a draw below zero becomes: MEMQC_DEVICE_CLAMP or _REDRAW;
                                           default CLAMP */
    MEMQC_DEVICE_RAMP_START = 14,     /**< V, voltage of RESET pulse 1; default -0.60 */
    MEMQC_DEVICE_RAMP_KNEE = 15,      /**< V, voltage of pulse RAMP_KNEE_PULSE, where the ramp steepens; -0.84 */
    MEMQC_DEVICE_RAMP_END = 16,       /**< V, voltage of pulse PULSES; default -1.60 */
    MEMQC_DEVICE_RAMP_KNEE_PULSE = 17 /**< pulse number, above 1 and below PULSES; default 13 */
};

/** Values of #MEMQC_DEVICE_LAW. f is N(0, 1), n the effective pulse number. @since 0.1 */
enum {
    MEMQC_DEVICE_LAW_PRINTED = 1, /**< G = (1 - k n) (mu + SIGMA f): Eq. (1) letter by letter. The mean is then a
                                       parabola in n and leaves the nominal staircase */
    MEMQC_DEVICE_LAW_LINEAR = 2,  /**< G = mu + (1 - k n) SIGMA f: the same k and sigma, the staircase straight as in
                                       the paper's Figures 2d, 3 and 4 */
    MEMQC_DEVICE_LAW_MEASURED = 3 /**< as LINEAR, with SIGMA and k solved from the two measured FWHM (Figure 3c-f) */
};

/** Values of #MEMQC_DEVICE_BELOW_ZERO. A conductance is never negative. @since 0.1 */
enum {
    MEMQC_DEVICE_CLAMP = 0, /**< a draw below zero becomes 0 S */
    MEMQC_DEVICE_REDRAW = 1 /**< it is drawn again until it is not negative (64 times at most, then 0 S) */
};

/** New device of a model, every parameter at its default, seed 0.
 *  @param model  MEMQC_DEVICE_QUANTIZED
 *  @param out    the device, to be given to memqc_device_destroy(); NULL on failure
 *  @return ARGUMENT (no such model, NULL), NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_device_create(int32_t model, memqc_device **out);

/** New device with the parameters of a published one.
 *  @param name  "hfox-a" (the paper's sample A, electrode with protrusion: SIGMA 1 G0, k 0.03, FWHM 4.4 and 1.2 G0),
 *               "hfox-b" (sample B, flat electrode: SIGMA 4 G0, k 0.03, FWHM 5.5 and 2.3 G0) or
 *               "ideal" (the same staircase without noise)
 *  @return ARGUMENT (no such preset: the text lists them), NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_device_create_preset(const char *name, memqc_device **out);

/** Name of the index-th preset, NULL past the last one. @since 0.1 */
MEMQC_API const char *memqc_device_preset_name(size_t index);

/** Independent copy of a device. @return ARGUMENT, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_device_copy(const memqc_device *device, memqc_device **out);

/** Frees a device and sets the pointer to NULL. NULL and a pointer to NULL are fine. @since 0.1 */
MEMQC_API void memqc_device_destroy(memqc_device **device);

/** Sets a parameter. Bounds that depend on other parameters (G_MIN below G_MAX, k PULSES <= 1, ...) hold at every
 *  moment: change first the one that makes room.
 *  @return ARGUMENT (no such key, a value that is NaN or outside its bounds, or one that the law in force would
 *          not use)  @since 0.1 */
MEMQC_API memqc_status memqc_device_set(memqc_device *device, int32_t key, double value);

/** Reads a parameter: the value in force. @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_device_get(const memqc_device *device, int32_t key, double *value);

/** Finds a key by its name, such as "states" or "fwhm_early". @return ARGUMENT (no such name)  @since 0.1 */
MEMQC_API memqc_status memqc_device_key(const char *name, int32_t *key);

/** Name, unit ("" for none), bounds and default of a key. Any of the pointers may be NULL; texts are static.
 *  @return ARGUMENT (no such key; keys run from 1 without a gap)  @since 0.1 */
MEMQC_API memqc_status memqc_device_describe(int32_t key, const char **name, const char **unit, double *min,
                                             double *max, double *initial);

/** Sets the seed of every draw of this device. @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_device_seed(memqc_device *device, uint64_t seed);

/** Closed-form statistics of a level, draws below zero included as #MEMQC_DEVICE_BELOW_ZERO handles them.
 *  @param level    1 .. STATES
 *  @param nominal  S, mu of the level; may be NULL
 *  @param mean     S, expectation of a draw; may be NULL
 *  @param sd       S, standard deviation of a draw; may be NULL
 *  @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_device_level(const memqc_device *device, int32_t level, double *nominal, double *mean,
                                          double *sd);

/** The level whose nominal conductance is nearest, for each of n conductances (ties to the even level index l - 1).
 *  @param g       S, n values; those outside [G_MIN, G_MAX] go to the nearer end
 *  @param levels  n levels, 1 .. STATES
 *  @return ARGUMENT, DATA (NaN in g)  @since 0.1 */
MEMQC_API memqc_status memqc_device_nearest(const memqc_device *device, size_t n, const float *g, int32_t *levels);

/** Programs n neighbouring cells once: one conductance each.
 *  @param cell      number of the first cell; cell + n <= 2^34
 *  @param draw      how often these cells have been programmed before: the next call wants another number
 *  @param levels    n levels, 1 .. STATES
 *  @param g         S, n conductances, 0 or more
 *  @param negative  how many draws were below zero (clamped, or drawn again); may be NULL
 *  @return ARGUMENT (a level out of range is named by its index; g is then untouched)  @since 0.1 */
MEMQC_API memqc_status memqc_device_draw(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n,
                                         const int32_t *levels, float *g, uint64_t *negative);

/** Programs each of a number of cells to each of a number of levels: g[i * ldg + j] is what memqc_device_draw() gives
 *  for cell + i at levels[j] with draw + j.
 *  @param g  S, cells x n_levels, leading dimension ldg >= n_levels
 *  @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_device_draw_levels(const memqc_device *device, uint64_t cell, uint64_t draw,
                                                size_t cells, size_t n_levels, const int32_t *levels, float *g,
                                                size_t ldg, uint64_t *negative);

/** The repeated staircase of one cell (Figures 3 and 4): in each cycle one SET and then all levels from 1 to STATES.
 *  Cycle c, level l uses draw + c STATES + l - 1.
 *  @param g  S, cycles x STATES, leading dimension ldg >= STATES
 *  @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_device_staircase(const memqc_device *device, uint64_t cell, uint64_t draw, size_t cycles,
                                              float *g, size_t ldg, uint64_t *negative);

/** Voltage of the RESET pulse that leads to each level: the paper's ramp, -0.60 V to -0.84 V in 20 mV steps (13 pulses),
 *  then to -1.60 V in 40 mV steps (19 more), read at the level's effective pulse number (linear in between).
 *  @param volts  V, STATES values
 *  @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_device_ramp(const memqc_device *device, float *volts);

#ifdef __cplusplus
}
#endif

#endif
