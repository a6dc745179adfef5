/* SPDX-License-Identifier: BSD-3-Clause */
/** @file device.h
 *  Device models: stochastic generators of a memristor's conductance.
 *
 *  The device handle holds no cells: it is a set of parameters and a seed, and what it draws is a pure function of
 *  (seed, cell, draw), so that the caller (or a memqc_crossbar) keeps the states. What a *state* is depends on the model:
 *
 *  - MEMQC_DEVICE_QUANTIZED, the paper's one-directional device: the state is the *level*, the number of the RESET pulse
 *    that brought the cell there, from 1 (ON, highest conductance) to N (lowest). A *conductance* is what arriving at the level
 *    gives, noise and all; it never feeds back into the level.
 *  - all others, the *pulsed* models: the state is the conductance itself, in siemens. A pulse of either sign moves it by a step,
 *    with cycle-to-cycle noise, between the bounds of the cell. Levels 1 .. N are evenly spaced targets from G_MAX down to G_MIN.
 *
 *  Source of the quantized model: Chen et al., "Improving the Recognition Accuracy of Memristive Neural Networks via
 *  Homogenized Analog Type Conductance Quantization", Micromachines 2020, 11, 427, Eq. (1) and Figures 2 to 4. The
 *  equations and sources of all models, with plots: docs/devices.md.
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
    MEMQC_DEVICE_QUANTIZED = 1,
    /** The pulsed models. With x = (G - lo) / (hi - lo), lo and hi the bounds of the cell, y = x for potentiation and 1 - x
     *  for depression (so that y = 0 is where a train of pulses starts), one pulse moves G by +-f(y), cut at lo and hi.
     *  STEP_UP = STEP (1 + ASYMMETRY), STEP_DOWN = STEP (1 - ASYMMETRY), for which S stands. @since 0.2 */
    MEMQC_DEVICE_CONSTANT = 2,    /**< f = S */
    MEMQC_DEVICE_LINEAR = 3,      /**< f = S (1 - SLOPE y), SLOPE_UP and SLOPE_DOWN */
    MEMQC_DEVICE_SOFT_BOUNDS = 4, /**< f = S (1 - y): the step vanishes at the bound */
    MEMQC_DEVICE_EXPONENTIAL = 5, /**< f = S max(1 - A exp(GAMMA z), 0), z = EXP_SCALE (2 x - 1) + EXP_OFFSET, of the other
                                       sign for depression */
    MEMQC_DEVICE_POWER = 6,       /**< f = S (1 - y)^POWER, POWER_UP and POWER_DOWN */
    MEMQC_DEVICE_NEUROSIM = 7,    /**< PULSES_UP pulses lead from lo to hi along (1 - e^(-p/A)) / (1 - e^(-PULSES_UP/A)), A solved
                                       from the label NL_UP; depression likewise */
    MEMQC_DEVICE_TABLE = 8        /**< f interpolated between the nodes of memqc_device_set_table() */
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
    MEMQC_DEVICE_RAMP_KNEE_PULSE = 17, /**< pulse number, above 1 and below PULSES; default 13 */

    /* Pulsed models. @since 0.2 */
    MEMQC_DEVICE_ASYMMETRY = 18,    /**< a: steps up are 1 + a times, steps down 1 - a times their size; -0.99 .. 0.99; default 0 */
    MEMQC_DEVICE_SLOPE_UP = 19,     /**< LINEAR: how much of the step is gone at the end of the range: -100 .. 1; default 0.5 */
    MEMQC_DEVICE_SLOPE_DOWN = 20,   /**< LINEAR, depression; default 0.5 */
    MEMQC_DEVICE_A_UP = 21,         /**< EXPONENTIAL: A, -1000 .. 1000; default 0.5 */
    MEMQC_DEVICE_A_DOWN = 22,       /**< EXPONENTIAL, depression; default 0.5 */
    MEMQC_DEVICE_GAMMA_UP = 23,     /**< EXPONENTIAL: GAMMA, 0 .. 20; default 1 */
    MEMQC_DEVICE_GAMMA_DOWN = 24,   /**< EXPONENTIAL, depression; default 1 */
    MEMQC_DEVICE_EXP_SCALE = 25,    /**< EXPONENTIAL: -10 .. 10; default 0.5 */
    MEMQC_DEVICE_EXP_OFFSET = 26,   /**< EXPONENTIAL: -10 .. 10; default 0 */
    MEMQC_DEVICE_POWER_UP = 27,     /**< POWER: exponent, 0 .. 20; default 1 */
    MEMQC_DEVICE_POWER_DOWN = 28,   /**< POWER, depression; default 1 */
    MEMQC_DEVICE_NL_UP = 29,        /**< NEUROSIM: label, -9 .. 9: the normalized curve leaves the straight line by at most 0.07 sqrt(2)
                                         NL; positive: steps fall along the way; default 2.4 */
    MEMQC_DEVICE_NL_DOWN = 30,      /**< NEUROSIM, depression: negative: steps fall along the way; default -4.88 */
    MEMQC_DEVICE_PULSES_UP = 31,    /**< NEUROSIM: pulses from lo to hi, 1 .. 1e6, whole; default 97 */
    MEMQC_DEVICE_PULSES_DOWN = 32,  /**< NEUROSIM: pulses from hi to lo; default 100 */

    /* Cycle-to-cycle noise of each pulse of a pulsed model: normal, its variance the sum of three. The quantized model has LAW,
     * SIGMA and K instead. */
    MEMQC_DEVICE_C2C_ABSOLUTE = 33, /**< S, sd; default 0 */
    MEMQC_DEVICE_C2C_RELATIVE = 34, /**< sd as a fraction of G before the pulse: 0 .. 10; default 0 */
    MEMQC_DEVICE_C2C_STEP = 35,     /**< sd as a fraction of the step f: 0 .. 100; default 0 */

    /* Device-to-device spread: what a cell keeps for life, drawn from (seed, cell); read it with memqc_device_cells(). */
    MEMQC_DEVICE_D2D_G_MAX = 36,     /**< hi = G_MAX times a log-normal factor of mean 1 and this sd: 0 .. 10; default 0 */
    MEMQC_DEVICE_D2D_G_MIN = 37,     /**< lo likewise. A cell whose window would be less than a hundredth of the nominal one gets
                                          hi = lo + that much */
    MEMQC_DEVICE_D2D_STEP = 38,      /**< pulsed: likewise for the steps of both directions together */
    MEMQC_DEVICE_D2D_ASYMMETRY = 39, /**< pulsed: sd of a normal number added to ASYMMETRY, cut at +-0.99: 0 .. 1; default 0 */
    MEMQC_DEVICE_D2D_SHAPE = 40,     /**< LINEAR, EXPONENTIAL, POWER, NEUROSIM: log-normal factors, one for each direction, on SLOPE
                                          (cut at 1), GAMMA, POWER, and on PULSES / A, the curvature of NEUROSIM */
    MEMQC_DEVICE_D2D_NOISE = 41,     /**< likewise on the sd of the cycle-to-cycle noise */

    /* Programming. */
    MEMQC_DEVICE_PULSE_TIME = 42,   /**< s, width of every pulse, above 0; default 0.01 */
    MEMQC_DEVICE_SET_VOLTAGE = 43,  /**< V, above 0: the least voltage that sets (quantized) or potentiates; default 1 */
    MEMQC_DEVICE_RESET_VOLTAGE = 44, /**< V, below 0: pulsed models: the least voltage (in magnitude) that depresses; default -1. The
                                         quantized model has the RAMP_... instead */

    /* After programming: what memqc_device_read(), _telegraph_...(), _age(), _faults() and _current() do. All are off by default;
     * lines with "0 = off" switch an effect on, the others are parameters of it and without one do nothing. */
    MEMQC_DEVICE_READ_NOISE = 45,          /**< S, sd of a read whatever G, 0 = off; default 0 */
    MEMQC_DEVICE_READ_NOISE_RELATIVE = 46, /**< sd as a fraction of G: 0 .. 10, 0 = off; the variances add up; default 0 */
    MEMQC_DEVICE_READ_NOISE_OCTAVES = 47,  /**< k, whole: 0 .. 24: the variance is shared by k + 1 parts, of which the j-th changes
                                                every 2^j reads: a spectrum that falls as 1/f over k octaves; default 0, white */
    MEMQC_DEVICE_RTN_AMPLITUDE = 48,  /**< a full trap leaves G (1 - RTN_AMPLITUDE): 0 .. 1, 0 = off; default 0 */
    MEMQC_DEVICE_RTN_YIELD = 49,      /**< fraction of the cells that have a trap: 0 .. 1; default 1 */
    MEMQC_DEVICE_RTN_TIME_HIGH = 50,  /**< s, mean time in the state of high conductance (trap empty): 1e-12 .. 1e12; default 1 */
    MEMQC_DEVICE_RTN_TIME_LOW = 51,   /**< s, mean time in the state of low conductance (trap full); default 1 */
    MEMQC_DEVICE_RTN_SPREAD = 52,     /**< sd of log-normal factors of mean 1 on the two rates of each cell, 1 / RTN_TIME_...:
                                           0 .. 10; default 0 */
    MEMQC_DEVICE_DRIFT_NU = 53,         /**< nu of (t / t0)^-nu: -10 .. 10, 0 = off; default 0 */
    MEMQC_DEVICE_DRIFT_NU_SPREAD = 54,  /**< sd of nu, normal from cell to cell (also negative): 0 .. 10, 0 = off; default 0 */
    MEMQC_DEVICE_DRIFT_T0 = 55,         /**< s, t0: there is no drift before it: 1e-12 .. 1e12; default 1 */
    MEMQC_DEVICE_RELAXATION = 56,       /**< part of the way to RELAXATION_G that is gone in the end: 0 .. 1, 0 = off; default 0 */
    MEMQC_DEVICE_RELAXATION_TIME = 57,  /**< s, time constant: 1e-12 .. 1e12; default 1 */
    MEMQC_DEVICE_RELAXATION_G = 58,     /**< S, where relaxation leads; default 0.5 G0 */
    MEMQC_DEVICE_RELAXATION_SD = 59,    /**< S, sd that relaxation adds in the end, 0 = off; default 0 */
    MEMQC_DEVICE_TEMPERATURE = 60,      /**< K: relaxation and drift run exp(E_a / k_B (1 / 300 K - 1 / T)) times as fast:
                                             1 .. 2000; default 300 */
    MEMQC_DEVICE_ACTIVATION_ENERGY = 61, /**< eV, E_a: 0 .. 10; default 1, a round number: set that of your device */
    MEMQC_DEVICE_ENDURANCE_CYCLES = 62, /**< cycles that shrink the window to 2^-ENDURANCE_EXPONENT: 1 .. 1e18; default 1e6 */
    MEMQC_DEVICE_ENDURANCE_EXPONENT = 63, /**< 0 .. 10, 0 = off; default 0 */
    MEMQC_DEVICE_ENDURANCE_CENTRE = 64, /**< where the window shrinks to: 0 = G_MIN of the cell stays, 1 = its G_MAX; default 0.5 */
    MEMQC_DEVICE_STUCK_ON = 65,         /**< probability that a cell is stuck at its G_MAX, 0 = off; default 0 */
    MEMQC_DEVICE_STUCK_OFF = 66,        /**< at its G_MIN; default 0 */
    MEMQC_DEVICE_STUCK_ANYWHERE = 67,   /**< uniformly between; default 0. The three are at most 1 together */
    MEMQC_DEVICE_IV_NONLINEARITY = 68,  /**< 1/V, a of I = G V_r sinh(a V) / sinh(a V_r): 0 .. 20, 0 = off (ohmic); default 0 */
    MEMQC_DEVICE_READ_VOLTAGE = 69      /**< V, V_r, the voltage at which conductances are meant: 1e-6 .. 4; default 0.1 */
};

/** What is wrong with a cell. @since 0.2 */
enum {
    MEMQC_DEVICE_FAULT_NONE = 0,
    MEMQC_DEVICE_FAULT_ON = 1,      /**< stuck at the upper bound of the cell */
    MEMQC_DEVICE_FAULT_OFF = 2,     /**< at the lower bound */
    MEMQC_DEVICE_FAULT_ANYWHERE = 3 /**< at a conductance between the two */
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
 *  @param model  MEMQC_DEVICE_QUANTIZED .. MEMQC_DEVICE_TABLE
 *  @param out    the device, to be given to memqc_device_destroy(); NULL on failure
 *  @return ARGUMENT (no such model, NULL), NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_device_create(int32_t model, memqc_device **out);

/** New device with the parameters of a published one.
 *  @param name  "hfox-a" (the paper's sample A, electrode with protrusion: SIGMA 1 G0, k 0.03, FWHM 4.4 and 1.2 G0),
 *               "hfox-b" (sample B, flat electrode: SIGMA 4 G0, k 0.03, FWHM 5.5 and 2.3 G0),
 *               "ideal" (the same staircase without noise); since 0.2 the published devices of MLP+NeuroSim "ag-asi", "taox-hfox",
 *               "pcmo", "alox-hfo2" and "epiram"; "rpu" (the constant-step device of Gokmen and Vlasov 2016) and "soft-bounds"
 *               (the same spread and noise on soft bounds). docs/devices.md has their numbers and sources
 *  @return ARGUMENT (no such preset: the text lists them), NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_device_create_preset(const char *name, memqc_device **out);

/** Name of the index-th preset, NULL past the last one. @since 0.1 */
MEMQC_API const char *memqc_device_preset_name(size_t index);

/** Independent copy of a device. @return ARGUMENT, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_device_copy(const memqc_device *device, memqc_device **out);

/** Frees a device and sets the pointer to NULL. NULL and a pointer to NULL are fine. @since 0.1 */
MEMQC_API void memqc_device_destroy(memqc_device **device);

/** The model of a device, MEMQC_DEVICE_QUANTIZED .. MEMQC_DEVICE_TABLE. @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_device_model(const memqc_device *device, int32_t *model);

/** Sets a parameter. Bounds that depend on other parameters (G_MIN below G_MAX, k PULSES <= 1, ...) hold at every
 *  moment: change first the one that makes room.
 *  @return ARGUMENT (no such key, a value that is NaN or outside its bounds, or one that the model or the law in
 *          force would not use)  @since 0.1 */
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
 *  @return ARGUMENT (a level out of range is named by its index; g may be written up to it)  @since 0.1 */
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

/** The nodes of MEMQC_DEVICE_TABLE: the step of one pulse as a function of the conductance before it, linear between nodes and
 *  constant beyond the first and the last. A new TABLE device has a constant step of STEP's default, 0.5 G0, both ways.
 *  @param direction  +1 potentiation, -1 depression
 *  @param n          nodes, 1 .. MEMQC_DEVICE_TABLE_NODES
 *  @param g          S, n conductances, 0 or more, rising
 *  @param step       S, n step sizes, 0 or more
 *  @return ARGUMENT (another model; shape; order), DATA (NaN, infinity, a negative value; its place is named)  @since 0.2 */
MEMQC_API memqc_status memqc_device_set_table(memqc_device *device, int32_t direction, size_t n, const float *g,
                                              const float *step);

/** Most nodes of a table. @since 0.2 */
enum { MEMQC_DEVICE_TABLE_NODES = 512 };

/** Reads the nodes back.
 *  @param n  room in g and step on entry, nodes on return (also when the room does not suffice: ARGUMENT)
 *  @param g, step  may be NULL to ask for n alone  @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_device_get_table(const memqc_device *device, int32_t direction, size_t *n, float *g, float *step);

/** What n neighbouring cells have of a parameter that varies from device to device, as drawn from the seed of the device.
 *  @param key     G_MAX, G_MIN; SIGMA (quantized); STEP, ASYMMETRY, SLOPE_.., GAMMA_.., POWER_.., NL_.., C2C_.. (where the model uses
 *                 them); RTN_TIME_HIGH and _LOW (infinity and 0 where there is no trap), DRIFT_NU
 *  @param cell    number of the first cell; cell + n <= 2^34
 *  @param values  n values, in the unit of the key
 *  @return ARGUMENT (a key that no cell has of its own)  @since 0.2 */
MEMQC_API memqc_status memqc_device_cells(const memqc_device *device, int32_t key, uint64_t cell, size_t n, float *values);

/** The noise-free course of a train of pulses of one sign, computed in double precision on the nominal parameters: for the
 *  quantized model, the nominal conductances of the levels that they lead to.
 *  @param direction  +1 potentiation (SET), -1 depression (RESET)
 *  @param start      S, conductance before the first pulse, cut at G_MIN and G_MAX (quantized: its nearest level)
 *  @param g          S, the n conductances after each pulse
 *  @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_device_response(const memqc_device *device, int32_t direction, double start, size_t n, float *g);

/** What programming costs: functions that program *add* to an array of these four, index by index. @since 0.2 */
enum {
    MEMQC_DEVICE_COST_SET = 0,    /**< SET or potentiation pulses */
    MEMQC_DEVICE_COST_RESET = 1,  /**< RESET or depression pulses */
    MEMQC_DEVICE_COST_TIME = 2,   /**< s, pulses times PULSE_TIME, one cell after the other */
    MEMQC_DEVICE_COST_ENERGY = 3, /**< J, the integral of V^2 G dt in the cells: V^2 PULSE_TIME (G before + G after) / 2 a pulse. V is
                                       the ramp's voltage of the level (quantized RESET), RESET_VOLTAGE or SET_VOLTAGE; a quantized
                                       SET is a sweep from 0 to SET_VOLTAGE, for which V^2 is SET_VOLTAGE^2 / 3. Conductances of the
                                       quantized model are here the nominal ones */
    MEMQC_DEVICE_COSTS = 4
};

/** Applies the same number of pulses to each of n neighbouring cells, in place. Pulse p of a cell has the noise of (seed, cell,
 *  draw + p): p pulses at draw and q more at draw + p are p + q pulses at draw.
 *
 *  Quantized: pulses are RESET pulses of the ramp, each to the next level and at the last one without effect, when negative; one
 *  SET or more, to level 1, when positive. Where the level changes, its conductance is drawn.
 *  @param cell    number of the first cell; cell + n <= 2^34
 *  @param draw    how many pulses these cells have had: the next call wants draw + |pulses|
 *  @param pulses  above 0 potentiation, below 0 depression
 *  @param state   n states: conductances in S, cut at the bounds of their cells by the first pulse; quantized: levels
 *  @param g       S, n conductances. Quantized: changed where the level does. May be NULL
 *  @param cost    MEMQC_DEVICE_COSTS values that are added to; may be NULL
 *  @return ARGUMENT, DATA (a state that is NaN, negative, or no level; nothing is pulsed)  @since 0.2 */
MEMQC_API memqc_status memqc_device_pulse(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n, int32_t pulses,
                                          float *state, float *g, double *cost);

/** The same with a number of pulses for each cell, pulses[i] of either sign or 0. @since 0.2 */
MEMQC_API memqc_status memqc_device_pulse_each(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n,
                                               const int32_t *pulses, float *state, float *g, double *cost);

/** Programs n neighbouring cells from their states to levels, open loop. Quantized: a lower conductance takes a RESET pulse a level; a
 *  higher one a SET to the top and the RESET pulses down to the level; the same level nothing. Pulsed: as many pulses as the nominal,
 *  noise-free model needs to come nearest to the level's conductance from the state (16 384 at most).
 *  @param draw    number of this programming, below 2^40: the next one of these cells wants another
 *  @param levels  n levels, 1 .. STATES
 *  @param state, g, cost  as in memqc_device_pulse()
 *  @return ARGUMENT, DATA, NOMEM; nothing is programmed then  @since 0.2 */
MEMQC_API memqc_status memqc_device_program(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n,
                                            const int32_t *levels, float *state, float *g, double *cost);

/** Applies a sequence of voltage pulses to n neighbouring cells.
 *
 *  Quantized: a pulse from SET_VOLTAGE on sets: level 1. A negative pulse leads to the last level of the ramp whose voltage it reaches
 *  (to 1 uV): between two points of the ramp that is the weaker one's level, beyond the ramp's end the last. It never raises: a
 *  repeated, a weaker or an out-of-order pulse leaves level and conductance as they are. Pulses between the first RESET voltage and
 *  SET_VOLTAGE do nothing. Pulsed models: from SET_VOLTAGE on one potentiation pulse, from RESET_VOLTAGE down one depression
 *  pulse, in between nothing.
 *
 *  Every pulse that is not 0 V counts as a SET (above 0) or RESET pulse, takes PULSE_TIME, and costs energy, at its own voltage.
 *  @param draw      as in memqc_device_pulse(): the next call wants draw + n_pulses
 *  @param n_pulses  how many   @param volts  V, n_pulses values, finite
 *  @param state     n states; in place
 *  @param g         S, n conductances, in and out as in memqc_device_pulse(); may be NULL
 *  @param trace     S, n x n_pulses, leading dimension ldt >= n_pulses: the conductance after each pulse; may be NULL. A quantized
 *                   cell whose level no pulse has changed yet shows its g, or where that is NULL its level's nominal conductance
 *  @return ARGUMENT, DATA (state, voltage; nothing is pulsed)  @since 0.2 */
MEMQC_API memqc_status memqc_device_apply(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n, size_t n_pulses,
                                          const float *volts, float *state, float *g, float *trace, size_t ldt, double *cost);

/* After programming. Each function works on n neighbouring cells from number cell on, cell + n <= 2^34, and is a pure function of
 * (seed, cell, draw): the order of calls, and how cells are grouped in them, does not matter. Arrays in and out may be the same.
 * Conductances are 0 .. 1e6 S. */

/** Reads cells: G + sd f, f standard normal, sd^2 = READ_NOISE^2 + (READ_NOISE_RELATIVE G)^2, and 0 where that would be negative.
 *  With READ_NOISE_OCTAVES = k, f is the sum of k + 1 normal numbers over sqrt(k + 1), the j-th of which is drawn anew where
 *  draw / 2^j is whole: reads m apart then share on average the sum over j of max(0, 1 - m / 2^j) / (k + 1) of their variance.
 *  @param draw  number of this read
 *  @param g     S, n conductances   @param out  S, n results; may be g
 *  @return ARGUMENT, DATA (a conductance out of range; nothing is read)  @since 0.2 */
MEMQC_API memqc_status memqc_device_read(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n, const float *g,
                                         float *out);

/** Random telegraph noise: first states of the traps, full with the probability RTN_TIME_LOW / (RTN_TIME_HIGH + RTN_TIME_LOW), with
 *  the times of the cell. Cells without a trap have one that is always empty.
 *  @param draw   number of this beginning   @param traps  n states: 0 empty, 1 full
 *  @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_device_telegraph_begin(const memqc_device *device, uint64_t cell, uint64_t draw, size_t n,
                                                    int32_t *traps);

/** Lets time pass for traps: each changes with the probability that a Markov process of two states has for it, exact for any time.
 *  @param draw     number of this step: the next one wants another
 *  @param seconds  s, 0 .. 1e30   @param traps  n states, 0 or 1, in place
 *  @return ARGUMENT, DATA (a state that is neither 0 nor 1; nothing is changed)  @since 0.2 */
MEMQC_API memqc_status memqc_device_telegraph_advance(const memqc_device *device, uint64_t cell, uint64_t draw, double seconds,
                                                      size_t n, int32_t *traps);

/** What traps leave of conductances: G, or G (1 - RTN_AMPLITUDE) where the trap is full.
 *  @param traps  n states, 0 or 1   @param g  S, n conductances   @param out  S, n results; may be g
 *  @return ARGUMENT, DATA  @since 0.2 */
MEMQC_API memqc_status memqc_device_telegraph_read(const memqc_device *device, size_t n, const int32_t *traps, const float *g,
                                                   float *out);

/** What becomes of programmed conductances with cycles and time, in this order:
 *
 *  endurance, for the cycles before the programming: G1 = c + (1 + cycles / ENDURANCE_CYCLES)^(-ENDURANCE_EXPONENT) (G0 - c), c the
 *  centre of the cell's window (#MEMQC_DEVICE_ENDURANCE_CENTRE);
 *  relaxation since it: normal with mean G1 + RELAXATION (RELAXATION_G - G1) (1 - e^-s) and sd RELAXATION_SD sqrt(1 - e^-2s),
 *  s = t / RELAXATION_TIME, cut at 0. Its normal number is one for each (cell, draw): a cell relaxes along a smooth curve;
 *  drift: G3 = G2 (t / DRIFT_T0)^-nu from DRIFT_T0 on, nu that of the cell; G3 is at most 9e29 G2.
 *
 *  t is seconds, at #MEMQC_DEVICE_TEMPERATURE. The result is that of this time, not a change since another: g0 stays what was
 *  programmed.
 *  @param draw     number of the programming
 *  @param seconds  s since the programming, 0 .. 1e30   @param cycles  before it, 0 .. 1e30
 *  @param g0       S, n conductances as programmed      @param g  S, n results; may be g0
 *  @return ARGUMENT, DATA  @since 0.2 */
MEMQC_API memqc_status memqc_device_age(const memqc_device *device, uint64_t cell, uint64_t draw, double seconds, double cycles,
                                        size_t n, const float *g0, float *g);

/** Which cells are stuck for life, by the probabilities STUCK_ON, STUCK_OFF and STUCK_ANYWHERE.
 *  @param kinds  n of MEMQC_DEVICE_FAULT_...; may be NULL
 *  @param g      S, n conductances: where the cell is stuck, set to what it is stuck at, else left alone; may be NULL (not both)
 *  @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_device_faults(const memqc_device *device, uint64_t cell, size_t n, int32_t *kinds, float *g);

/** Currents: I = G V_r sinh(a V) / sinh(a V_r), a = IV_NONLINEARITY, V_r = READ_VOLTAGE; I = G V where a is 0. At V_r, and for
 *  a = 0 everywhere, the cell is ohmic.
 *  @param g      S, n conductances   @param volts  V, n voltages, finite, at most 80 / a in magnitude
 *  @param amps   A, n currents
 *  @return ARGUMENT, DATA  @since 0.2 */
MEMQC_API memqc_status memqc_device_current(const memqc_device *device, size_t n, const float *g, const float *volts, float *amps);
/* --- fit --- */

/** Saves a device to a file: model, seed, parameters, the table of TABLE, and what
 *  memqc_device_fit() found out. The file is the same on every machine. After a failure, a file that
 *  was there before still has its old content.
 *  @return ARGUMENT, NOMEM, IO  @since 0.3 */
MEMQC_API memqc_status memqc_device_save(const memqc_device *device, const char *path);

/** New device from a file. It draws what the saved one draws, to the last bit.
 *  @return ARGUMENT, NOMEM, IO, FORMAT (truncated, altered, foreign, or of another version)
 *          @since 0.3 */
MEMQC_API memqc_status memqc_device_load(const char *path, memqc_device **out);

/** Writes the bytes of memqc_device_save() to memory.
 *  @param data  room for the bytes; NULL with room 0 asks for the size alone
 *  @param room  how many bytes there is room for
 *  @param size  becomes how many bytes there are, also where the room is too small
 *  @return ARGUMENT (the room is too small), NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_device_save_memory(const memqc_device *device, void *data, size_t room,
                                                size_t *size);

/** New device from the bytes of memqc_device_save_memory(), or of a file.
 *  @return ARGUMENT, NOMEM, FORMAT (truncated, altered, foreign, or of another version)
 *          @since 0.3 */
MEMQC_API memqc_status memqc_device_load_memory(const void *data, size_t size, memqc_device **out);

#ifdef __cplusplus
}
#endif

#endif
