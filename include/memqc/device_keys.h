/* SPDX-License-Identifier: BSD-3-Clause */
/** @file device_keys.h
 *  Numbers of devices: models, parameters, and the values of parameters that are choices.
 *
 *  memqc_device_key_text() and memqc_device_key_value() describe each parameter at run time.
 *  memqc_device_uses() says whether a parameter has an effect on a device.
 */
#ifndef MEMQC_DEVICE_KEYS_H
#define MEMQC_DEVICE_KEYS_H

#include "base.h"

/** Models: values of #MEMQC_DEVICE_MODEL. In the formulas of the pulsed models,
 *
 *      x = (G - lo) / (hi - lo)       lo, hi: the bounds of the cell
 *      y = x for potentiation, 1 - x for depression
 *      S = STEP (1 + ASYMMETRY) for potentiation, STEP (1 - ASYMMETRY) for depression
 *
 *  One pulse moves G by f, up or down. It stops at lo and hi. y = 0 is where a train of pulses
 *  starts. @since 0.1 */
enum {
    /** Conductance quantization: STATES levels, evenly spaced over G_MIN .. G_MAX, and a normal
     *  draw around each. Level l stands at pulse n = 1 + (PULSES - 1) (l - 1) / (STATES - 1). Its
     *  nominal conductance is mu = G_MAX - (l - 1) STEP. #MEMQC_DEVICE_LAW chooses the draw. */
    MEMQC_DEVICE_QUANTIZED = 1101,
    MEMQC_DEVICE_CONSTANT = 1102,    /**< pulsed: f = S @since 0.2 */
    MEMQC_DEVICE_LINEAR = 1103,      /**< pulsed: f = S (1 - SLOPE y) @since 0.2 */
    MEMQC_DEVICE_SOFT_BOUNDS = 1104, /**< pulsed: f = S (1 - y) @since 0.2 */
    /** Pulsed: f = S max(1 - A exp(GAMMA z), 0), where z = EXP_SCALE (2 x - 1) + EXP_OFFSET for
     *  potentiation and z = EXP_SCALE (1 - 2 x) - EXP_OFFSET for depression. @since 0.2 */
    MEMQC_DEVICE_EXPONENTIAL = 1105,
    MEMQC_DEVICE_POWER = 1106, /**< pulsed: f = S (1 - y)^POWER @since 0.2 */
    /** Pulsed: p of PULSES pulses lead to y = (1 - e^(-p/A)) / (1 - e^(-PULSES/A)). A is solved
     *  from the label NL: the curve deviates from the straight line by at most 0.07 sqrt(2) NL.
     *  @since 0.2 */
    MEMQC_DEVICE_NEUROSIM = 1107,
    /** Pulsed: f is interpolated between the nodes of memqc_device_set_table(). @since 0.2 */
    MEMQC_DEVICE_TABLE = 1108,
    MEMQC_DEVICE_CUSTOM = 1109, /**< pulsed: f by memqc_device_create_custom() @since 0.3 */
    /** Pulsed: the change of conductance is drawn from the quantiles of memqc_device_set_jumps(),
     *  times 1 + ASYMMETRY for potentiation, 1 - ASYMMETRY for depression. @since 0.3 */
    MEMQC_DEVICE_JUMPS = 1110
};

/** Parameters. Each comment ends with the range and the value of a new device. @since 0.1 */
enum {
    /* The six that matter most. */
    MEMQC_DEVICE_MODEL = 1001, /**< the model, MEMQC_DEVICE_QUANTIZED ..; creation settles it */
    /** Number of levels: programming aims at 1 (highest conductance) .. STATES (lowest), evenly
     *  spaced over the window. 2 .. 4096, whole; default 32 */
    MEMQC_DEVICE_STATES = 1002,
    /** Upper bound of the window, the conductance of level 1; above G_MIN. 1e-15 .. 1e3 S;
     *  default 16 G0 */
    MEMQC_DEVICE_G_MAX = 1003,
    /** Lower bound of the window, the conductance of level STATES. 0 .. 1e3 S; default 0.5 G0 */
    MEMQC_DEVICE_G_MIN = 1004,
    /** Pulsed models: size of one pulse before its law shapes it; quantized: spacing of the
     *  levels, (G_MAX - G_MIN) / (STATES - 1), which sets STATES. 1e-18 .. 1e3 S; default 0.5
     *  G0 */
    MEMQC_DEVICE_STEP = 1005,
    /** Sigma of the paper's Eq. (1): standard deviation of a draw at pulse 0. LAW_MEASURED solves
     *  its own. 0 .. 1e3 S; default 1 G0 */
    MEMQC_DEVICE_SIGMA = 1007,

    /* Noise from cycle to cycle: LAW to BELOW_ZERO are of the quantized model, C2C_... of the
     * pulsed models. */
    /** Law of the draws of the quantized model: MEMQC_DEVICE_LAW_... Default LAW_LINEAR */
    MEMQC_DEVICE_LAW = 1006,
    /** K of the paper's Eq. (1): loss of noise with each pulse; at most 1 / PULSES. LAW_MEASURED
     *  solves its own. -1 .. 0.5 1/pulse; default 0.03 */
    MEMQC_DEVICE_K = 1008,
    /** Pulses of the staircase on which K counts. 2 .. 1e6, whole; default 32 */
    MEMQC_DEVICE_PULSES = 1009,
    /** Full width at half maximum of the draws at pulse PULSE_EARLY. 0 .. 1e3 S; default 4.4 G0 */
    MEMQC_DEVICE_FWHM_EARLY = 1010,
    /** Full width at half maximum of the draws at pulse PULSE_LATE. 0 .. 1e3 S; default 1.2 G0 */
    MEMQC_DEVICE_FWHM_LATE = 1011,
    /** Pulse number of FWHM_EARLY; below PULSE_LATE. 1 .. 1e6; default 5 */
    MEMQC_DEVICE_PULSE_EARLY = 1012,
    /** Pulse number of FWHM_LATE; at most PULSES. 1 .. 1e6; default 29 */
    MEMQC_DEVICE_PULSE_LATE = 1013,
    /** What a draw below zero becomes: MEMQC_DEVICE_CLAMP (default) or _REDRAW */
    MEMQC_DEVICE_BELOW_ZERO = 1014,
    /** Pulsed models: standard deviation of a pulse, for any step. The variances of
     *  C2C_ABSOLUTE, C2C_RELATIVE and C2C_STEP add up. 0 .. 1e3 S; default 0 */
    MEMQC_DEVICE_C2C_ABSOLUTE = 1034,
    /** Pulsed models: standard deviation of a pulse as a fraction of the conductance before it.
     *  0 .. 10; default 0 */
    MEMQC_DEVICE_C2C_RELATIVE = 1035,
    /** Pulsed models: standard deviation of a pulse as a fraction of its step. 0 .. 100;
     *  default 0 */
    MEMQC_DEVICE_C2C_STEP = 1036,

    /* RESET ramp of the quantized model. */
    MEMQC_DEVICE_RAMP_START = 1015, /**< voltage of RESET pulse 1. -100 .. 100 V; default -0.60 */
    /** Voltage of pulse RAMP_KNEE_PULSE, where the ramp steepens. -100 .. 100 V; default -0.84 */
    MEMQC_DEVICE_RAMP_KNEE = 1016,
    MEMQC_DEVICE_RAMP_END = 1017, /**< voltage of pulse PULSES. -100 .. 100 V; default -1.60 */
    /** Pulse number of RAMP_KNEE; above 1 and below PULSES. 1 .. 1e6; default 13 */
    MEMQC_DEVICE_RAMP_KNEE_PULSE = 1018,

    /* Laws of the pulsed models. */
    /** Steps up are multiplied by 1 + ASYMMETRY, steps down by 1 - ASYMMETRY. -0.99 .. 0.99;
     *  default 0 */
    MEMQC_DEVICE_ASYMMETRY = 1019,
    /** Linear model: fraction of the potentiation step that is lost at the upper bound. -100 ..
     *  1; default 0.5 */
    MEMQC_DEVICE_SLOPE_UP = 1020,
    /** Linear model: fraction of the depression step that is lost at the lower bound. -100 .. 1;
     *  default 0.5 */
    MEMQC_DEVICE_SLOPE_DOWN = 1021,
    /** Exponential model: A of potentiation. -1000 .. 1000; default 0.5 */
    MEMQC_DEVICE_A_UP = 1022,
    /** Exponential model: A of depression. -1000 .. 1000; default 0.5 */
    MEMQC_DEVICE_A_DOWN = 1023,
    /** Exponential model: GAMMA of potentiation. 0 .. 20; default 1 */
    MEMQC_DEVICE_GAMMA_UP = 1024,
    /** Exponential model: GAMMA of depression. 0 .. 20; default 1 */
    MEMQC_DEVICE_GAMMA_DOWN = 1025,
    /** Exponential model: factor on 2 x - 1 in its exponent, both directions. -10 .. 10;
     *  default 0.5 */
    MEMQC_DEVICE_EXP_SCALE = 1026,
    /** Exponential model: summand in its exponent, of the other sign for depression. -10 .. 10;
     *  default 0 */
    MEMQC_DEVICE_EXP_OFFSET = 1027,
    MEMQC_DEVICE_POWER_UP = 1028, /**< power model: exponent of potentiation. 0 .. 20; default 1 */
    MEMQC_DEVICE_POWER_DOWN = 1029, /**< power model: exponent of depression. 0 .. 20; default 1 */
    /** Neurosim model: label of potentiation; where it is positive, steps shrink along the
     *  train. -9 .. 9; default 2.4 */
    MEMQC_DEVICE_NL_UP = 1030,
    /** Neurosim model: label of depression; where it is negative, steps shrink along the train.
     *  -9 .. 9; default -4.88 */
    MEMQC_DEVICE_NL_DOWN = 1031,
    /** Neurosim model: pulses from the lower to the upper bound. 1 .. 1e6, whole; default 97 */
    MEMQC_DEVICE_PULSES_UP = 1032,
    /** Neurosim model: pulses from the upper to the lower bound. 1 .. 1e6, whole; default 100 */
    MEMQC_DEVICE_PULSES_DOWN = 1033,

    /* Spread from device to device: what a cell keeps for life, drawn from (seed, cell).
     * memqc_device_cells() reads it. The window of a cell is at least 1 % of the nominal one. */
    /** Standard deviation of the log-normal factor, of mean 1, on the G_MAX of each cell. 0 ..
     *  10; default 0 */
    MEMQC_DEVICE_D2D_G_MAX = 1037,
    /** Standard deviation of the log-normal factor, of mean 1, on the G_MIN of each cell. 0 ..
     *  10; default 0 */
    MEMQC_DEVICE_D2D_G_MIN = 1038,
    /** Standard deviation of the log-normal factor, of mean 1, on the steps of each cell. 0 ..
     *  10; default 0 */
    MEMQC_DEVICE_D2D_STEP = 1039,
    /** Standard deviation of the normal number added to the ASYMMETRY of each cell; the sum is
     *  cut at +-0.99. 0 .. 1; default 0 */
    MEMQC_DEVICE_D2D_ASYMMETRY = 1040,
    /** Standard deviation of the log-normal factors, of mean 1 and one for each direction, on
     *  SLOPE (cut at 1), GAMMA, POWER or the curvature of a label. 0 .. 10; default 0 */
    MEMQC_DEVICE_D2D_SHAPE = 1041,
    /** Standard deviation of the log-normal factor, of mean 1, on the cycle-to-cycle noise of
     *  each cell. 0 .. 10; default 0 */
    MEMQC_DEVICE_D2D_NOISE = 1042,

    /* Programming. */
    MEMQC_DEVICE_PULSE_TIME = 1043, /**< width of every pulse. 1e-15 .. 1e6 s; default 0.01 */
    /** Lowest voltage that sets (quantized) or potentiates. 1e-6 .. 100 V; default 1 */
    MEMQC_DEVICE_SET_VOLTAGE = 1044,
    /** Pulsed models: highest voltage that depresses; the quantized model has its ramp instead.
     *  -100 .. -1e-6 V; default -1 */
    MEMQC_DEVICE_RESET_VOLTAGE = 1045,

    /* Read noise: memqc_device_read(). */
    /** Standard deviation of a read, at any conductance; 0 = off. 0 .. 1e3 S; default 0 */
    MEMQC_DEVICE_READ_NOISE = 1046,
    /** Standard deviation of a read as a fraction of the conductance; 0 = off. The variances of
     *  both add up. 0 .. 10; default 0 */
    MEMQC_DEVICE_READ_NOISE_RELATIVE = 1047,
    /** Number k of octaves over which the spectrum falls as 1/f; 0 = white. The variance of a
     *  read is shared by k + 1 parts; part j changes every 2^j reads. 0 .. 24, whole; default
     *  0 */
    MEMQC_DEVICE_READ_NOISE_OCTAVES = 1048,

    /* Random telegraph noise: memqc_device_telegraph_read(). */
    /** Fraction of the conductance that a full trap takes away; 0 = off. 0 .. 1; default 0 */
    MEMQC_DEVICE_RTN_AMPLITUDE = 1049,
    MEMQC_DEVICE_RTN_YIELD = 1050, /**< fraction of the cells that have a trap. 0 .. 1; default 1 */
    /** Mean time in the state of high conductance, trap empty. 1e-12 .. 1e12 s; default 1 */
    MEMQC_DEVICE_RTN_TIME_HIGH = 1051,
    /** Mean time in the state of low conductance, trap full. 1e-12 .. 1e12 s; default 1 */
    MEMQC_DEVICE_RTN_TIME_LOW = 1052,
    /** Standard deviation of the log-normal factors, of mean 1, on the two rates of each cell.
     *  0 .. 10; default 0 */
    MEMQC_DEVICE_RTN_SPREAD = 1053,

    /* Ageing: memqc_device_age(). */
    /** Drift: mean exponent nu of (t / DRIFT_T0)^-nu; 0 = off. -10 .. 10; default 0 */
    MEMQC_DEVICE_DRIFT_NU = 1054,
    /** Drift: standard deviation of nu from cell to cell; 0 = off. Below 0 only as a term of a law:
     *  see DRIFT_SPREAD_LOG. -10 .. 10; default 0 */
    MEMQC_DEVICE_DRIFT_NU_SPREAD = 1055,
    /** Drift: time t0 at which it begins. 1e-12 .. 1e12 s; default 1 */
    MEMQC_DEVICE_DRIFT_T0 = 1056,
    /** Relaxation: final fraction of the distance to RELAXATION_G that is covered; 0 = off. 0 ..
     *  1; default 0 */
    MEMQC_DEVICE_RELAXATION = 1057,
    /** Relaxation: time constant. 1e-12 .. 1e12 s; default 1 */
    MEMQC_DEVICE_RELAXATION_TIME = 1058,
    /** Relaxation: conductance towards which cells relax. 0 .. 1e3 S; default 0.5 G0 */
    MEMQC_DEVICE_RELAXATION_G = 1059,
    /** Relaxation: final standard deviation that it adds; 0 = off. 0 .. 1e3 S; default 0 */
    MEMQC_DEVICE_RELAXATION_SD = 1060,
    /** Temperature: relaxation and drift run exp(E_a / k_B (1 / 300 K - 1 / T)) times as fast.
     *  1 .. 2000 K; default 300 */
    MEMQC_DEVICE_TEMPERATURE = 1061,
    /** Activation energy E_a of relaxation and drift. 0 .. 10 eV; default 1 */
    MEMQC_DEVICE_ACTIVATION_ENERGY = 1062,
    /** Endurance: cycles that shrink the window to 2^-ENDURANCE_EXPONENT of its width. 1 ..
     *  1e18; default 1e6 */
    MEMQC_DEVICE_ENDURANCE_CYCLES = 1063,
    /** Endurance: exponent with which the window shrinks; 0 = off. 0 .. 10; default 0 */
    MEMQC_DEVICE_ENDURANCE_EXPONENT = 1064,
    /** Endurance: where the window shrinks to, from 0, its lower bound, to 1, its upper bound.
     *  0 .. 1; default 0.5 */
    MEMQC_DEVICE_ENDURANCE_CENTRE = 1065,

    /* Stuck cells: memqc_device_faults(). */
    /** Probability that a cell is stuck at its upper bound; 0 = off. The sum of STUCK_ON,
     *  STUCK_OFF and STUCK_ANYWHERE is at most 1. 0 .. 1; default 0 */
    MEMQC_DEVICE_STUCK_ON = 1066,
    /** Probability that a cell is stuck at its lower bound; 0 = off. 0 .. 1; default 0 */
    MEMQC_DEVICE_STUCK_OFF = 1067,
    /** Probability that a cell is stuck at a conductance uniform between its bounds; 0 = off. 0
     *  .. 1; default 0 */
    MEMQC_DEVICE_STUCK_ANYWHERE = 1068,

    /* Currents: memqc_device_current(). */
    /** A of I = G V_r sinh(a V) / sinh(a V_r); 0 = ohmic. 0 .. 20 1/V; default 0 */
    MEMQC_DEVICE_IV_NONLINEARITY = 1069,
    /** V_r, the voltage at which I = G V holds exactly. 1e-6 .. 4 V; default 0.1 */
    MEMQC_DEVICE_READ_VOLTAGE = 1070,

    /* Slow noise of reads: memqc_device_read(), products. */
    /** Standard deviation of a slow part of the noise of a read, which is the same at any
     *  conductance and adds to READ_NOISE; 0 = off. 0 .. 1e3 S; default 0. @since 0.3 */
    MEMQC_DEVICE_READ_NOISE_SLOW = 1071,
    /** Correlation phi of the slow part from one read of a cell to the next: phi^k over k reads. 0
     *  .. 0.9999; default 0.9. @since 0.3 */
    MEMQC_DEVICE_READ_NOISE_CORRELATION = 1072,

    /* Noise and drift that depend on the state. Each law is clamped last. @since 0.3 */
    /** LAW_POLYNOMIAL: standard deviation of a draw is a + b x + c x^2 + d x^3, 0 where that is
     *  below 0, with x = mu / G_MAX. This is a. -1e3 .. 1e3 S; default 0 */
    MEMQC_DEVICE_PROGRAM_NOISE_0 = 1073,
    MEMQC_DEVICE_PROGRAM_NOISE_1 = 1074, /**< b. -1e3 .. 1e3 S; default 0 */
    MEMQC_DEVICE_PROGRAM_NOISE_2 = 1075, /**< c. -1e3 .. 1e3 S; default 0 */
    MEMQC_DEVICE_PROGRAM_NOISE_3 = 1076, /**< d. -1e3 .. 1e3 S; default 0 */
    /** Drift: the mean of nu is DRIFT_NU + DRIFT_NU_LOG ln x + DRIFT_NU_1 x + DRIFT_NU_2 x^2 +
     *  DRIFT_NU_3 x^3, kept within DRIFT_NU_MIN .. DRIFT_NU_MAX, with x = G / G_MAX and the G on
     *  which drift acts. -10 .. 10; default 0 */
    MEMQC_DEVICE_DRIFT_NU_LOG = 1077,
    MEMQC_DEVICE_DRIFT_NU_1 = 1078,   /**< -10 .. 10; default 0 */
    MEMQC_DEVICE_DRIFT_NU_2 = 1079,   /**< -10 .. 10; default 0 */
    MEMQC_DEVICE_DRIFT_NU_3 = 1080,   /**< -10 .. 10; default 0 */
    MEMQC_DEVICE_DRIFT_NU_MIN = 1081, /**< -10 .. 10; default -10 */
    MEMQC_DEVICE_DRIFT_NU_MAX = 1082, /**< at least DRIFT_NU_MIN. -10 .. 10; default 10 */
    /** Drift: the standard deviation of nu follows the same law, from DRIFT_NU_SPREAD and these.
     *  -10 .. 10; default 0 */
    MEMQC_DEVICE_DRIFT_SPREAD_LOG = 1083,
    MEMQC_DEVICE_DRIFT_SPREAD_1 = 1084,   /**< -10 .. 10; default 0 */
    MEMQC_DEVICE_DRIFT_SPREAD_2 = 1085,   /**< -10 .. 10; default 0 */
    MEMQC_DEVICE_DRIFT_SPREAD_3 = 1086,   /**< -10 .. 10; default 0 */
    MEMQC_DEVICE_DRIFT_SPREAD_MIN = 1087, /**< 0 .. 10; default 0 */
    MEMQC_DEVICE_DRIFT_SPREAD_MAX = 1088, /**< at least DRIFT_SPREAD_MIN. 0 .. 10; default 10 */
    /** Time from programming to the last read, from which ageing counts: drift and flicker see that
     *  much more time than memqc_device_age() is given. 0 .. 1e12 s; default 0 */
    MEMQC_DEVICE_LAST_READ = 1089,
    /** Flicker: noise that grows with time, min(FLICKER / x^FLICKER_POWER, FLICKER_MAX)
     *  sqrt(ln((t + FLICKER_TIME) / (2 FLICKER_TIME))) times the conductance, drawn when
     *  FLICKER_DRAWN says; x as for DRIFT_NU_LOG. FLICKER: 0 = off. 0 .. 10; default 0 */
    MEMQC_DEVICE_FLICKER = 1090,
    MEMQC_DEVICE_FLICKER_POWER = 1091, /**< -10 .. 10; default 0 */
    MEMQC_DEVICE_FLICKER_MAX = 1092,   /**< 0 .. 10; default 10 */
    /** Duration of a read: flicker begins after it. 1e-15 .. 1e6 s; default 250e-9 */
    MEMQC_DEVICE_FLICKER_TIME = 1093,

    /* Cycle-to-cycle noise with a memory, of the quantized model. @since 0.3 */
    /** Correlation of the noise of a draw with that of the next draw of the cell: c^k over k draws.
     *  memqc_device_staircase(): from a cycle to the next, at the same level. -0.99 .. 0.99;
     *  default 0 */
    MEMQC_DEVICE_CYCLE_CORRELATION = 1094,
    /** Correlation, within a cycle, of the noise of level 1, which a SET leads to, with that of the
     *  levels that RESET pulses lead to; these have its magnitude among each other. A cycle is one
     *  of memqc_device_staircase(); elsewhere each draw is one. -1 .. 1; default 0 */
    MEMQC_DEVICE_SET_RESET_CORRELATION = 1095,

    /** When flicker is drawn, MEMQC_DEVICE_FLICKER_PER_...; default PER_PROGRAMMING. @since 0.3 */
    MEMQC_DEVICE_FLICKER_DRAWN = 1096
};

/** Values of #MEMQC_DEVICE_LAW. f is N(0, 1), n the pulse number of the level. @since 0.1 */
enum {
    /** G = (1 - K n) (mu + SIGMA f): Eq. (1) letter by letter. Its mean is a parabola in n, which
     *  leaves the nominal staircase. */
    MEMQC_DEVICE_LAW_PRINTED = 1111,
    /** G = mu + (1 - K n) SIGMA f: the same noise on a straight staircase, as in the paper's
     *  Figures 2d, 3 and 4. */
    MEMQC_DEVICE_LAW_LINEAR = 1112,
    /** As LAW_LINEAR, with SIGMA and K solved from the two measured widths, Figure 3c-f. */
    MEMQC_DEVICE_LAW_MEASURED = 1113,
    /** G = mu + sd(mu) f, with a polynomial for the sd: see PROGRAM_NOISE_0. @since 0.3 */
    MEMQC_DEVICE_LAW_POLYNOMIAL = 1114,
    /** Each level as memqc_device_set_levels() was told of it. @since 0.3 */
    MEMQC_DEVICE_LAW_LEVELS = 1115
};

/** Values of #MEMQC_DEVICE_BELOW_ZERO. A conductance is never negative. @since 0.1 */
enum {
    MEMQC_DEVICE_CLAMP = 1121, /**< a draw below zero becomes 0 S */
    /** It is drawn again, 64 times at most, until it is not negative; then it becomes 0 S. */
    MEMQC_DEVICE_REDRAW = 1122
};

/** Values of #MEMQC_DEVICE_FLICKER_DRAWN. @since 0.3 */
enum {
    /** Once for each programming: memqc_device_age() changes the conductance. */
    MEMQC_DEVICE_FLICKER_PER_PROGRAMMING = 1141,
    /** Anew in each read: products of an array, and memqc_device_flicker(). memqc_device_age()
     *  leaves it out. */
    MEMQC_DEVICE_FLICKER_PER_READ = 1142
};

/** Faults of a cell: results of memqc_device_faults(). @since 0.2 */
enum {
    MEMQC_DEVICE_FAULT_NONE = 1131,
    MEMQC_DEVICE_FAULT_ON = 1132,      /**< stuck at the upper bound of the cell */
    MEMQC_DEVICE_FAULT_OFF = 1133,     /**< stuck at the lower bound of the cell */
    MEMQC_DEVICE_FAULT_ANYWHERE = 1134 /**< stuck at a conductance between the bounds */
};

/** Where a device leaves what its model is known to hold for: memqc_device_warnings(). Later
 *  versions append to this list. @since 0.3 */
enum {
    /** Quantized model: a level lies below 0.5 G0, by a quarter of G0 or more. Conductance is
     *  quantized down to 1 G0, below which the contact is broken; the paper's staircase ends with
     *  one state at 0.5 G0. */
    MEMQC_DEVICE_WARNING_BELOW_QUANTA = 1211,
    /** Quantized model: a level lies above 16 G0, by a quarter of G0 or more. Joule heating makes
     *  states go missing there. */
    MEMQC_DEVICE_WARNING_ABOVE_QUANTA = 1212
};

/** Index into the costs of programming. Functions that program *add* to an array of
 *  #MEMQC_DEVICE_COSTS numbers. @since 0.2 */
enum {
    MEMQC_DEVICE_COST_SET = 0,   /**< SET or potentiation pulses */
    MEMQC_DEVICE_COST_RESET = 1, /**< RESET or depression pulses */
    MEMQC_DEVICE_COST_TIME = 2,  /**< s: pulses times PULSE_TIME, one cell after the other */
    /** J: the integral of V^2 G dt in the cells, V^2 PULSE_TIME (G before + G after) / 2 a pulse.
     *
     *  V is SET_VOLTAGE or RESET_VOLTAGE. A RESET of the quantized model has the voltage of its
     *  level on the ramp. A SET of the quantized model is a sweep from 0 to SET_VOLTAGE, for which
     *  V^2 is SET_VOLTAGE^2 / 3. Conductances of the quantized model are the nominal ones. */
    MEMQC_DEVICE_COST_ENERGY = 3
};

/** Number of costs. @since 0.2 */
#define MEMQC_DEVICE_COSTS 4

/** Largest number of nodes of a table of steps. @since 0.2 */
#define MEMQC_DEVICE_TABLE_NODES 512

#endif
