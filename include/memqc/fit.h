/* SPDX-License-Identifier: BSD-3-Clause */
/** @file fit.h
 *  A device from measured curves: memqc_device_fit() takes conductances that were measured pulse by
 *  pulse, and makes the device that describes them best. memqc_device_fit_value() has the quality
 *  of the fit.
 *
 *  docs/fit-methods.md has the equations, and how far models can be told apart.
 */
#ifndef MEMQC_FIT_H
#define MEMQC_FIT_H

#include "device.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Index into the columns of memqc_device_fit(). Later versions append to this list. @since 0.3 */
enum {
    MEMQC_DEVICE_COLUMN_DEVICE = 0, /**< number of the device; NULL: all rows are of one device */
    MEMQC_DEVICE_COLUMN_CYCLE = 1,  /**< number of the cycle; NULL: all rows are of one cycle */
    /** Number of the pulse in its cycle, 0 or more, each once; required. */
    MEMQC_DEVICE_COLUMN_PULSE = 2,
    /** +1 potentiation (SET), -1 depression (RESET); NULL: all rows are -1. */
    MEMQC_DEVICE_COLUMN_DIRECTION = 3,
    /** Number of the reading after one pulse, 0 or more, each once; NULL: one reading a pulse. */
    MEMQC_DEVICE_COLUMN_READ = 4
};

/** Candidates of a fit. The pulsed models are candidates too, under their own numbers, and so are
 *  tables of jumps: #MEMQC_DEVICE_JUMPS. The first three of the quantized model are devices of
 *  #MEMQC_DEVICE_LAW_LINEAR. @since 0.3 */
enum {
    /** For memqc_device_fit(): the best of all; for memqc_device_fit_value(): the one that was
     *  taken. */
    MEMQC_DEVICE_FIT_BEST = 1151,
    MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT = 1152, /**< constant noise: K = 0 */
    MEMQC_DEVICE_FIT_QUANTIZED_LINEAR = 1153, /**< noise falls with the pulse number: K is fitted */
    /** Noise in proportion to the conductance: K = STEP / (G_MAX + STEP), with which noise and
     *  levels vanish together. */
    MEMQC_DEVICE_FIT_QUANTIZED_PROPORTIONAL = 1154,
    /** Levels one by one, evenly spaced or not: #MEMQC_DEVICE_LAW_LEVELS. Where the readings cannot
     *  tell levels apart, their means lie on a curve, and their deviations follow a law. Three
     *  readings of each level are wanted, five for deviations of their own, and 40 for quantiles,
     *  which the levels have where their noise is not normal. */
    MEMQC_DEVICE_FIT_QUANTIZED_LEVELS = 1155
};

/** Results of a fit: the argument `what` of memqc_device_fit_value(). In parentheses: the argument
 *  `which`. @since 0.2; renumbered in 0.3 */
enum {
    /** (a key) Standard error of a parameter, in its unit. 0: the parameter was not estimated by
     *  the likelihood; the model fixes it, or it was read off the range of the data. */
    MEMQC_DEVICE_FIT_STANDARD_ERROR = 1161,
    MEMQC_DEVICE_FIT_CANDIDATE = 1162, /**< (BEST) number of the candidate that was taken */
    /** (candidate) natural logarithm; densities in 1/S. JUMPS: of cycles that are held out, by
     *  tables of the others. */
    MEMQC_DEVICE_FIT_LOG_LIKELIHOOD = 1163,
    /** (candidate) parameters estimated, over all devices. JUMPS: 2 of the window and 3 of each
     *  direction, since what a table has beyond is charged for by the cycles that are held out. */
    MEMQC_DEVICE_FIT_PARAMETERS = 1164,
    MEMQC_DEVICE_FIT_AIC = 1165, /**< (candidate) 2 PARAMETERS - 2 LOG_LIKELIHOOD */
    /** (candidate) log(POINTS) PARAMETERS - 2 LOG_LIKELIHOOD: the candidate of the lowest BIC is
     *  taken. */
    MEMQC_DEVICE_FIT_BIC = 1166,
    /** (candidate) Kolmogorov-Smirnov distance of the residuals from the normal law. The residual
     *  of a point on a bound is drawn from the part of the law beyond the bound. Of levels with
     *  quantiles: distance of each half of the cycles from what the other half foretells. JUMPS:
     *  residuals of cycles that are held out. */
    MEMQC_DEVICE_FIT_KS = 1167,
    /** (candidate) probability of a distance of KS or more, where mean and sd are fitted
     *  (Lilliefors); of levels with quantiles and JUMPS, Kolmogorov's. */
    MEMQC_DEVICE_FIT_KS_P = 1168,
    MEMQC_DEVICE_FIT_OUTLIERS = 1169,  /**< (candidate) points that it leaves out */
    MEMQC_DEVICE_FIT_AT_BOUNDS = 1170, /**< (candidate) points that stand on a bound */
    /** (BEST) points of the likelihood: rows that follow another row of their cycle. */
    MEMQC_DEVICE_FIT_POINTS = 1171,
    MEMQC_DEVICE_FIT_CYCLES = 1172,  /**< (BEST) cycles, over all devices */
    MEMQC_DEVICE_FIT_DEVICES = 1173, /**< (BEST) devices */
    /** (BEST) change of all conductances from one cycle to the next, as a part of them; the mean
     *  over the devices. 0 with fewer than 5 cycles. @since 0.3 */
    MEMQC_DEVICE_FIT_DRIFT = 1174,
    /** (BEST) standard error of DRIFT. @since 0.3 */
    MEMQC_DEVICE_FIT_DRIFT_ERROR = 1175,
    /** (BEST) MEMQC_DEVICE_FIT_NOISE_...: what tells the noise of the pulses from that of the
     *  measurement. @since 0.3 */
    MEMQC_DEVICE_FIT_NOISE = 1176,
    /** (BEST) Quantized candidates but LEVELS: correlation of the noise of a level with that of the
     *  same level in the next cycle. Where it is significant (p < 0.01) the device has it as
     *  CYCLE_CORRELATION, else 0; STANDARD_ERROR of that key is its own. 0 with fewer than 8 pairs
     *  of cycles that follow each other. @since 0.3 */
    MEMQC_DEVICE_FIT_CYCLE_CORRELATION = 1177,
    /** (BEST) MEMQC_DEVICE_FIT_VERDICT_...: whether the candidate that was taken describes the
     *  data. */
    MEMQC_DEVICE_FIT_VERDICT = 1178,
    /** (BEST) The other candidate that the verdict is about; 0: there is none. AMBIGUOUS: the one
     *  that describes the data as well. NOTHING: the best by BIC of those whose residuals pass. */
    MEMQC_DEVICE_FIT_RUNNER_UP = 1179,
    /** (BEST) As CYCLE_CORRELATION, of SET_RESET_CORRELATION: level 1 with the other levels of its
     *  cycle. 0 with fewer than 8 cycles. @since 0.3 */
    MEMQC_DEVICE_FIT_SET_RESET_CORRELATION = 1180
};

/** Verdicts of a fit. The residuals of a candidate pass where its KS_P is 0.01 or more.
 *  @since 0.3 */
enum {
    /** The residuals of the candidate that was taken pass, and the BIC tells it from the others. */
    MEMQC_DEVICE_FIT_VERDICT_DESCRIBED = 1181,
    /** They pass, and so do those of another candidate whose BIC is lower, or higher by less than
     *  2: "not worth more than a bare mention" (Kass and Raftery, J. Am. Stat. Assoc. 90 (1995)
     *  773). There are too few points to tell the two apart. */
    MEMQC_DEVICE_FIT_VERDICT_AMBIGUOUS = 1182,
    /** A nonparametric candidate was taken and its residuals pass; those of every candidate with a
     *  formula fail. */
    MEMQC_DEVICE_FIT_VERDICT_TABLE = 1183,
    /** The residuals of the candidate that was taken fail: the device is the best by BIC of the
     *  candidates, but does not describe the data. */
    MEMQC_DEVICE_FIT_VERDICT_NOTHING = 1184
};

/** What tells the noise of the pulses from that of the measurement. @since 0.3 */
enum {
    MEMQC_DEVICE_FIT_NOISE_READS = 1186, /**< repeated readings after one pulse */
    /** The course of the readings: what a pulse adds stays, what a reading adds is gone with the
     *  next one. */
    MEMQC_DEVICE_FIT_NOISE_COURSE = 1187,
    /** Nothing. All noise is taken for that of the pulses, and a part of it may be that of the
     *  measurement. */
    MEMQC_DEVICE_FIT_NOISE_UNKNOWN = 1188
};

/** Why a row was left out of a fit. Later versions append to this list. @since 0.3 */
enum {
    MEMQC_DEVICE_LEFT_OUT_NOT_FINITE = 1191, /**< infinity, or no number */
    /** Above 1e20 S, or above 0 and below 1e-30 S: what instruments answer on overflow, 9.9e37, as
     *  a conductance or as a resistance. */
    MEMQC_DEVICE_LEFT_OUT_OVERFLOW = 1192,
    MEMQC_DEVICE_LEFT_OUT_NEGATIVE = 1193, /**< below 0 S */
    MEMQC_DEVICE_LEFT_OUT_ZERO = 1194,     /**< 0 S among readings that are not: an open contact */
    /** One or two readings that are too large or too small by a power of 1000. */
    MEMQC_DEVICE_LEFT_OUT_SCALE = 1195,
    /** Far from the readings before and after it, and from those of its pulse in other cycles. */
    MEMQC_DEVICE_LEFT_OUT_ISOLATED = 1196,
    MEMQC_DEVICE_LEFT_OUT_CYCLE = 1197,  /**< its cycle is unlike all the others */
    MEMQC_DEVICE_LEFT_OUT_OUTLIER = 1198 /**< the candidate that was taken cannot explain it */
};

/** New device whose parameters describe measured curves best.
 *
 *  The estimate is that of maximum likelihood over the points: all rows but the first of each
 *  cycle. Rows that are no measurements of the device, and outliers, are left out;
 *  memqc_device_fit_left_out() lists them. A significant drift over the cycles (p < 1e-4) is taken
 *  out: the parameters are those of the middle cycle. Rows may come in any order. Pulse numbers may
 *  have gaps of up to 1000.
 *
 *  A device is made also where no candidate describes the data. #MEMQC_DEVICE_FIT_VERDICT of
 *  memqc_device_fit_value() tells.
 *
 *  Quantized model: pulses are RESET pulses, and their numbers are levels. A row of direction +1 is
 *  a SET to level 1, from which the count continues. STATES and PULSES become the highest level.
 *
 *  Pulsed models: a row follows the row before it in its cycle by as many pulses as their numbers
 *  differ, all of them in the direction of the row. The bounds of the window are read off the data
 *  where several rows stand exactly at an end of the range, or where the model does not depend on
 *  them. A direction without rows gets the parameters of the other direction. NEUROSIM: PULSES_UP
 *  and PULSES_DOWN become the lengths of the longest trains. STATES becomes a whole number; STEP
 *  stays as fitted.
 *
 *  Noise of the measurement: each pulsed model is also fitted with readings that are noisy
 *  themselves, which a Kalman filter tells from the noise of the pulses. Where the BIC is lower
 *  then, the device gets READ_NOISE, READ_NOISE_RELATIVE, READ_NOISE_SLOW and
 *  READ_NOISE_CORRELATION.
 *
 *  Repeated readings (READ): every candidate is fitted with noise of the measurement, the quantized
 *  ones too. What varies among the readings after one pulse is that noise; what varies beyond it is
 *  the noise of the pulse. The slow part loses its correlation from each reading to the next. Where
 *  all readings of each pulse are equal, one of them is fitted. #MEMQC_DEVICE_FIT_NOISE says where
 *  nothing separates the two.
 *
 *  Tables of jumps: the change by one pulse given the conductance before it, from rows that follow
 *  another one by one pulse. 100 of each direction are wanted, of 5 cycles or parts of a long one,
 *  and half of the points. Nodes stand where the pulses were, and each takes in the pulses near it;
 *  how many, the loss of held-out cycles tells. A direction without rows is the mirror image of the
 *  other one. Devices have a table each, or one in common, by the same loss.
 *
 *  Two devices or more: each is fitted by itself. The parameters are the means over the devices.
 *  D2D_G_MAX, D2D_G_MIN, D2D_STEP and D2D_NOISE are the part of the spread that the errors of the
 *  single fits do not explain (restricted maximum likelihood). TABLE is fitted to all devices
 *  together, and so are levels one by one: devices have the same levels, between ends and with a
 *  noise of their own where that is worth its parameters.
 *
 *  @param model      #MEMQC_DEVICE_FIT_BEST for the best of all by BIC; a model; or one of
 *                    MEMQC_DEVICE_FIT_QUANTIZED_... . #MEMQC_DEVICE_QUANTIZED takes the best of its
 *                    laws. It takes PROPORTIONAL only where the BIC of LINEAR, with the penalty
 *                    of each device by its own points, is higher by more than 6 for each device,
 *                    because few points cannot tell them apart; and LEVELS only where even
 *                    levels with a law of noise in common have a BIC that is higher by 6. BEST
 *                    takes JUMPS only where every other BIC is higher by more than 6
 *  @param n          how many rows
 *  @param n_columns  how many columns; columns beyond those of this library must be NULL
 *  @param columns    n_columns pointers, by MEMQC_DEVICE_COLUMN_...; each to n values, or NULL.
 *                    PULSE must not be NULL
 *  @param g          n conductances after the pulses, S
 *  @param progress   called after each candidate, with the phase #MEMQC_PHASE_FIT; NULL: none
 *  @param user       the first argument of progress
 *  @return ARGUMENT (model, columns), NOMEM, DATA (a pulse number or a direction out of range; a
 *          pulse, or a reading of it, twice in a cycle; readings of one pulse with both directions;
 *          units mixed up among the rows; more than a quarter of the rows are no measurements;
 *          fewer than 8 points for a device; constant conductances; no candidate describes the
 *          data), STOPPED (by progress; nothing is made)
 *  @since 0.2; new arguments in 0.3 */
MEMQC_API memqc_status memqc_device_fit(int32_t model, size_t n, size_t n_columns,
                                        const int32_t *const *columns, const float *g,
                                        memqc_progress progress, void *user, memqc_device **out);

/** Gets a result of the fit that made a device. Setting parameters afterwards does not change it.
 *  Copies of the device and files of memqc_device_save() include the results; files of arrays and
 *  networks do not.
 *  @param what   MEMQC_DEVICE_FIT_...
 *  @param which  a key for STANDARD_ERROR; else a candidate, or #MEMQC_DEVICE_FIT_BEST
 *  @return ARGUMENT, STATE (the device was not fitted, or not with this candidate)  @since 0.2 */
MEMQC_API memqc_status memqc_device_fit_value(const memqc_device *device, int32_t what,
                                              int32_t which, double *value);

/** New device drawn from what the data leave open: a copy whose parameters differ from the fitted
 *  ones by normal numbers of the fit's covariance (the inverse of the observed information). What
 *  trained networks reach on many draws tells how well the data determine the accuracy.
 *
 *  Draws out of the parameters' ranges are drawn again. A parameter that was set after the fit
 *  stays as it was set. Parameters without a standard error are not drawn. Of pulsed models with
 *  STEP, STATES follows the step. Levels one by one are drawn as they are known: means by Student's
 *  t, deviations by the chi-squared law, and made to fall; the shape of their noise stays. Tables
 *  of jumps are fits of cycles drawn with replacement (bootstrap). Several devices: the model is
 *  drawn, means and spreads, not a device of them.
 *  @param device  made by memqc_device_fit(), or a copy, or loaded from a file of
 *                 memqc_device_save()
 *  @param seed    any; the result depends on device, seed and draw alone
 *  @param draw    number of the draw
 *  @param out     a device with the seed and the results of the fit of `device`; freed by
 *                 memqc_device_destroy()
 *  @return ARGUMENT, STATE (the device was not fitted, or nothing of it has a standard error),
 *          NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_device_fit_draw(const memqc_device *device, uint64_t seed,
                                             uint64_t draw, memqc_device **out);

/** Standard errors of the levels of a device that was fitted with
 *  #MEMQC_DEVICE_FIT_QUANTIZED_LEVELS, each by itself. Few readings widen them: twice an error
 *  holds the truth in 95 of 100, by Student's t for a level and by the chi-squared law for a
 *  deviation. Copies of the device and files of memqc_device_save() include them; files of arrays
 *  and networks do not, and memqc_device_set_levels() ends them.
 *  @param room  how many values g and sd have room for each
 *  @param g     S, errors of the nominal conductances from level 1 on; may be NULL
 *  @param sd    S, errors of the standard deviations; may be NULL
 *  @param n     becomes the number of levels
 *  @return ARGUMENT (too little room), STATE (the device has no levels of a fit)  @since 0.3 */
MEMQC_API memqc_status memqc_device_fit_level_errors(const memqc_device *device, size_t room,
                                                     float *g, float *sd, size_t *n);

/** Bands of the quantiles of a table of jumps that memqc_device_fit() found: what 95 of 100 fits of
 *  cycles drawn with replacement have (bootstrap). The bands are pointwise, of the draws 0 .. 199
 *  of memqc_device_fit_draw() with the seed 0, and computed anew by each call. Copies of the device
 *  and files of memqc_device_save() have what it takes; memqc_device_set_jumps() ends it.
 *  @param table      0 .. number of tables - 1
 *  @param direction  1 potentiation, -1 depression
 *  @param room       how many values low and high have room for each: as many as
 *                    memqc_device_get_jumps() has quantiles
 *  @param low        S, n_g x n_q lower ends; may be NULL
 *  @param high       S, upper ends; may be NULL
 *  @return ARGUMENT (table; direction; too little room), STATE (the device has no tables of a
 *          fit), NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_device_fit_jump_bands(const memqc_device *device, size_t table,
                                                   int32_t direction, size_t room, float *low,
                                                   float *high);

/** The rows that the fit of a device left out. Copies of the device and files of
 *  memqc_device_save() include them; files of arrays and networks do not.
 *  @param room     how many elements the arrays have
 *  @param rows     places in the arrays given to memqc_device_fit(), from 0 on, smallest first
 *  @param values   the conductances that they had, S
 *  @param reasons  MEMQC_DEVICE_LEFT_OUT_... of each
 *  @param n        always set to how many there are
 *  @return ARGUMENT (too little room), STATE (the device was not fitted)  @since 0.3 */
MEMQC_API memqc_status memqc_device_fit_left_out(const memqc_device *device, size_t room,
                                                 size_t *rows, float *values, int32_t *reasons,
                                                 size_t *n);

/** The residuals of the candidate that was taken, which KS and KS_P are about: standard normals
 *  where it describes the data. Those of noisy readings are distances from what the readings before
 *  let expect, those of a point on a bound are drawn from beyond it. Outliers have none. Copies of
 *  the device include them; files do not, nor do devices of memqc_device_fit_draw().
 *  @param room       how many residuals there is room for
 *  @param residuals  in ascending order, in standard deviations
 *  @param n          always set to how many there are
 *  @return ARGUMENT (too little room), STATE (the device has none)  @since 0.3 */
MEMQC_API memqc_status memqc_device_fit_residuals(const memqc_device *device, size_t room,
                                                  float *residuals, size_t *n);

/** What a reason of memqc_device_fit_left_out() means, such as "far from its neighbours"; NULL for
 *  any other number. @since 0.3 */
MEMQC_API const char *memqc_device_fit_reason(int32_t reason);

#ifdef __cplusplus
}
#endif

#endif
