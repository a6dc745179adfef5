/* SPDX-License-Identifier: BSD-3-Clause */
/** @file study.h
 *  Accuracy of a trained network on devices: its distribution over many arrays of one device, and
 *  the property of the device that limits it.
 *
 *  Both studies read the parameters #MEMQC_MLP_INSTANCES, #MEMQC_MLP_THREADS and
 *  #MEMQC_MLP_SECONDS of the network. Both make instances of it. An instance is a copy, programmed
 *  onto new arrays as by memqc_mlp_transfer(), with its own device-to-device spread, programming
 *  noise and stuck cells. It ages as by memqc_crossbar_advance(). It is then evaluated on the array
 *  of each layer, with converters, wires and read noise. Traps of random telegraph noise keep one
 *  state for all samples of an instance.
 *
 *  Instance i is a pure function of (seed of the network, i), whatever the number of instances and
 *  threads. Two devices get equal random numbers: compare devices instance by instance.
 */
#ifndef MEMQC_STUDY_H
#define MEMQC_STUDY_H

#include "mlp.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Accuracies of the instances of a trained network. memqc_summary() gives their statistics.
 *
 *  A progress function is called in the calling thread (#MEMQC_PHASE_MONTE_CARLO). Each thread
 *  takes the memory of one instance. BLAS may start threads of its own; with several threads here,
 *  one thread of BLAS is best.
 *  @param mlp         its weights are drawn if they were not yet; nothing else changes
 *  @param device      for every layer; NULL: each layer's own
 *  @param n           samples, up to 2^32 - 1; with 0 nothing happens
 *  @param x           n x inputs, leading dimension ldx >= inputs
 *  @param labels      n labels, 0 .. outputs - 1
 *  @param accuracies  #MEMQC_MLP_INSTANCES values, 0 .. 1; NaN for an instance that was not
 *                     evaluated
 *  @return ARGUMENT (also: a layer has no device, and none is given), STATE (called from a progress
 *          function of this network), NOMEM, DATA (a label; NaN or infinity in x), STOPPED
 *  @since 0.2, parameters instead of arguments 0.3 */
MEMQC_API memqc_status memqc_mlp_monte_carlo(memqc_mlp *mlp, const memqc_device *device, size_t n,
                                             const float *x, size_t ldx, const int32_t *labels,
                                             double *accuracies);

/** memqc_mlp_monte_carlo(), with a bit for each instance and sample: for memqc_crossed(), whose
 *  interval is over instances and samples.
 *  @param hits  #MEMQC_MLP_INSTANCES rows of (n + 7) / 8 bytes; bit j % 8 of byte j / 8 is 1 where
 *               the instance was right about sample j. NULL: none
 *  @return as memqc_mlp_monte_carlo()  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_monte_carlo_hits(memqc_mlp *mlp, const memqc_device *device,
                                                  size_t n, const float *x, size_t ldx,
                                                  const int32_t *labels, double *accuracies,
                                                  uint8_t *hits);

/** Index into the values of memqc_crossed(). @since 0.3 */
enum {
    MEMQC_CROSSED_MEAN = 0,
    MEMQC_CROSSED_LOW = 1,           /**< lower end of its 95 % confidence interval */
    MEMQC_CROSSED_HIGH = 2,          /**< upper end */
    MEMQC_CROSSED_BY_ROWS = 3,       /**< variance of the mean that comes from the choice of rows */
    MEMQC_CROSSED_BY_COLUMNS = 4,    /**< from the choice of columns */
    MEMQC_CROSSED_BY_BOTH = 5,       /**< from rows and columns together: their interaction */
    MEMQC_CROSSED_FREEDOM = 6,       /**< degrees of freedom of the sum of the three */
    MEMQC_CROSSED_ROWS_TO_HALVE = 7, /**< the number of rows that would halve the interval.
                                            Infinite: no number does */
    MEMQC_CROSSED_COLUMNS_TO_HALVE = 8 /**< the number of columns that would */
};

/** Number of values. @since 0.3 */
#define MEMQC_CROSSED_VALUES 9

/** The mean of a crossed design, such as the hits of arrays (rows) on images (columns), with an
 *  interval for other rows and other columns.
 *
 *  The variance of the mean is that of the two-way random effects model (Searle, Casella and
 *  McCulloch, Variance Components, 1992), with Satterthwaite's degrees of freedom. Half a column is
 *  added on either side (Agresti and Min, 2005), so that the interval has a width even where all
 *  columns are equal. A single row or column is taken as it is: it has no part in the variance.
 *  @param rows, columns  1 or more of each
 *  @param hits    a bit for each row and column: bit j % 8 of byte j / 8 of a row, which has
 *                 (columns + 7) / 8 bytes. Bits behind the last column are 0
 *  @param less    bits that are subtracted, element by element; NULL: none
 *  @param values  #MEMQC_CROSSED_VALUES values, indexed by MEMQC_CROSSED_...
 *  @return ARGUMENT; DATA where a bit behind the last column is set  @since 0.3 */
MEMQC_API memqc_status memqc_crossed(size_t rows, size_t columns, const uint8_t *hits,
                                     const uint8_t *less, double *values);

/** Index into the values of memqc_nested(). @since 0.3 */
enum {
    MEMQC_NESTED_MEAN = 0,
    MEMQC_NESTED_LOW = 1,       /**< lower end of its 95 % interval, 0 or more */
    MEMQC_NESTED_HIGH = 2,      /**< upper end, at most 1 */
    MEMQC_NESTED_BY_GROUPS = 3, /**< variance that comes from not knowing the group */
    MEMQC_NESTED_BY_ROWS = 4,   /**< from the choice of rows within the groups */
    MEMQC_NESTED_BY_COLUMNS = 5 /**< from the choice of columns */
};

/** Number of values. @since 0.3 */
#define MEMQC_NESTED_VALUES 6

/** The accuracy that networks reach on a device of which measured curves leave something open, with
 *  an interval that holds the uncertainty of the fit, of the training, and of the test samples.
 *
 *  Groups are devices of memqc_device_fit_draw(), rows networks that were trained on each with
 *  different seeds, columns the samples on which all of them were tested. The true device is one
 *  more of those that the data allow. So the interval is for the mean of a further group, over all
 *  rows and columns that it might have. With K groups of r rows, and the mean squares of the rows'
 *  means, B between groups and W within them, its variance is tau^2 (1 + 1 / K) + W / (K r) + that
 *  from the columns, as in memqc_crossed(), where tau^2 = max(B - W, 0) / r. The interval holds the
 *  uncertainty of B and W too (Nagashima, Noma and Furukawa 2019): it is that of Student's t with
 *  K - 1 degrees of freedom where W is small, and has a part for the groups even where B < W.
 *  @param groups  1 or more. Of one, the interval is for its own mean: BY_GROUPS is 0
 *  @param rows    of each group, 1 or more. Of one, what comes from it counts among the groups
 *  @param columns 1 or more
 *  @param hits    groups x rows rows of bits, as for memqc_crossed(), group after group
 *  @param values  #MEMQC_NESTED_VALUES values, indexed by MEMQC_NESTED_...
 *  @return ARGUMENT; DATA where a bit behind the last column is set  @since 0.3 */
MEMQC_API memqc_status memqc_nested(size_t groups, size_t rows, size_t columns, const uint8_t *hits,
                                    double *values);

/** Half of the 95 % confidence interval of an estimate whose variance is a sum of independent
 *  parts: Student's t times the root of the sum, with the degrees of freedom of Welch and
 *  Satterthwaite. A part that memqc_crossed() does not know, such as the uncertainty of a fitted
 *  device, is combined with its values so.
 *  @param n          parts; of none, half is 0
 *  @param variances  finite, 0 or more
 *  @param freedoms   their degrees of freedom, above 0; infinite where a variance is known
 *  @param half       receives it
 *  @return ARGUMENT, DATA  @since 0.3 */
MEMQC_API memqc_status memqc_combine(size_t n, const double *variances, const double *freedoms,
                                     double *half);

/** Properties of a device and its array that are not ideal, for memqc_mlp_sensitivity(). Brackets:
 *  how the amount of a property is measured. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_MLP_PROPERTY_ALL = 3301,        /**< all properties below together [a factor] */
    MEMQC_MLP_PROPERTY_LEVELS = 3302,     /**< number of levels [levels; the factor is on the step
                                               between them]. Ideal: 4096; for pulsed models 1024,
                                               a pulse for each level */
    MEMQC_MLP_PROPERTY_C2C = 3303,        /**< noise of programming [S, root mean square of its
                                               standard deviation over the levels] */
    MEMQC_MLP_PROPERTY_D2D = 3304,        /**< the parameters D2D_... [the largest of these standard
                                               deviations] */
    MEMQC_MLP_PROPERTY_ASYMMETRY = 3305,  /**< steps that differ with the direction or along the
                                               range [largest relative deviation of a step from the
                                               mean step] */
    MEMQC_MLP_PROPERTY_READ_NOISE = 3306, /**< READ_NOISE_... and RTN_... [S, root mean square of
                                               the standard deviation of a read over the levels] */
    MEMQC_MLP_PROPERTY_WIRES = 3307,      /**< resistances of the wires [ohm, the largest of
                                               them] */
    MEMQC_MLP_PROPERTY_FAULTS = 3308,     /**< stuck cells, STUCK_... [fraction of the cells] */
    MEMQC_MLP_PROPERTY_DRIFT = 3309       /**< DRIFT_... and RELAXATION_... [root mean square of the
                                               change of G, over G_MAX - G_MIN] */
};

/** Index into the limits of memqc_mlp_sensitivity(). Intervals are 95 % confidence intervals.
 *  @since 0.2, from 0 since 0.3 */
enum {
    MEMQC_MLP_LIMIT_IDEAL = 0,      /**< mean accuracy with all properties ideal */
    MEMQC_MLP_LIMIT_ACCURACY = 1,   /**< mean accuracy with this property as it is, the others
                                       ideal */
    MEMQC_MLP_LIMIT_LOSS = 2,       /**< mean of the differences of the two, instance by instance
                                       and sample by sample */
    MEMQC_MLP_LIMIT_LOSS_LOW = 3,   /**< lower end of its interval, as by memqc_crossed(), cut where
                                       IDEAL less the loss would be an accuracy above 1 */
    MEMQC_MLP_LIMIT_LOSS_HIGH = 4,  /**< upper end, cut where it would be one below 0 */
    MEMQC_MLP_LIMIT_VALUE = 5,      /**< the amount of the property; of layers that differ, the
                                        worst */
    MEMQC_MLP_LIMIT_FACTOR = 6,     /**< the factor by which the property may grow before the mean
                                        accuracy falls to the target, within 2 %. Infinite: the
                                        target holds even at the parameter's upper limit. NaN: there
                                        is none of the property, there is no target, or the accuracy
                                        is below the target even without the property */
    MEMQC_MLP_LIMIT_FACTOR_LOW = 7, /**< the factor at which the lower end of the interval of the
                                         mean accuracy falls to the target */
    MEMQC_MLP_LIMIT_FACTOR_HIGH = 8, /**< the factor at which the upper end does */
    MEMQC_MLP_LIMIT_REQUIRED = 9,    /**< FACTOR as an amount: the most of the property, or the
                                          fewest levels, that the target allows. A device that has
                                          none of the property is given equal D2D_G_MAX and
                                          D2D_G_MIN, ASYMMETRY (NEUROSIM: equal labels),
                                          READ_NOISE_RELATIVE, equal STUCK_ON and STUCK_OFF,
                                          DRIFT_NU, or a constant noise of programming. NaN where
                                          its model knows no such property */
    MEMQC_MLP_LIMIT_REQUIRED_LOW = 10,
    MEMQC_MLP_LIMIT_REQUIRED_HIGH = 11,
    MEMQC_MLP_LIMIT_DEVICE = 12, /**< mean accuracy with all properties as they are. NaN: the device
                                      has none of this property */
    MEMQC_MLP_LIMIT_GAIN = 13,   /**< what the accuracy gains if this property alone becomes ideal:
                                      mean of the differences to DEVICE, instance by instance and
                                      sample by sample. Exactly 0, as is the loss, where the device
                                      has none of the property. Of ALL, the loss */
    MEMQC_MLP_LIMIT_GAIN_LOW = 14,  /**< lower end of its interval, cut as that of the loss */
    MEMQC_MLP_LIMIT_GAIN_HIGH = 15, /**< upper end */
    MEMQC_MLP_LIMIT_LOSS_BY_INSTANCES = 16, /**< variance of LOSS that comes from the instances */
    MEMQC_MLP_LIMIT_LOSS_BY_SAMPLES = 17,   /**< from the samples */
    MEMQC_MLP_LIMIT_LOSS_BY_BOTH = 18,      /**< from instances and samples together */
    MEMQC_MLP_LIMIT_LOSS_INSTANCES = 19,    /**< number of instances that would halve its interval.
                                                 Infinite: no number does */
    MEMQC_MLP_LIMIT_LOSS_SAMPLES = 20,      /**< number of samples that would */
    MEMQC_MLP_LIMIT_GAIN_BY_INSTANCES = 21, /**< of GAIN, as of LOSS */
    MEMQC_MLP_LIMIT_GAIN_BY_SAMPLES = 22,
    MEMQC_MLP_LIMIT_GAIN_BY_BOTH = 23,
    MEMQC_MLP_LIMIT_GAIN_INSTANCES = 24,
    MEMQC_MLP_LIMIT_GAIN_SAMPLES = 25
};

/** Number of limits. @since 0.3 */
#define MEMQC_MLP_LIMITS 26

/** Measures how much accuracy a property of the device costs by itself, with all other properties
 *  ideal; how much is gained if it becomes ideal, with all others as they are; and how much of the
 *  property the accuracy #MEMQC_MLP_TARGET allows. A device can have this much of one property only
 *  if it has less of the others. The gain says what to improve first: a loss alone can be more than
 *  all properties cost together, where another property damps the damage.
 *
 *  Every measurement keeps the converters and all other parameters of the arrays. Wires have their
 *  resistance only where the property is ALL or WIRES. For the limit REQUIRED of WIRES, arrays
 *  without resistance are given an equal one in each segment.
 *
 *  Every device is measured on the same instances. The call evaluates 4 #MEMQC_MLP_INSTANCES of
 *  them, of ALL 2; with a target, about 10 to 25 times #MEMQC_MLP_INSTANCES. Where nothing is
 *  random, one instance stands for all. A progress function is told #MEMQC_PHASE_SENSITIVITY.
 *  @param device    for every layer; NULL: each layer's own
 *  @param property  MEMQC_MLP_PROPERTY_...
 *  @param limits    #MEMQC_MLP_LIMITS values, indexed by MEMQC_MLP_LIMIT_...
 *  @param mlp, n, x, ldx, labels  as for memqc_mlp_monte_carlo(); #MEMQC_MLP_INSTANCES is 2 or more
 *  @return as memqc_mlp_monte_carlo(); limits is undefined then  @since 0.2, parameters instead of
 *          arguments 0.3 */
MEMQC_API memqc_status memqc_mlp_sensitivity(memqc_mlp *mlp, const memqc_device *device,
                                             int32_t property, size_t n, const float *x, size_t ldx,
                                             const int32_t *labels, double *limits);

/** Number of MEMQC_MLP_PROPERTY_..., ALL included. @since 0.3 */
#define MEMQC_MLP_PROPERTIES 9

/** Index into a row of the shares of memqc_mlp_shapley(). @since 0.3 */
enum {
    MEMQC_MLP_SHARE_LOSS = 0,         /**< the property's share of the loss to all of them */
    MEMQC_MLP_SHARE_LOW = 1,          /**< lower end of its 95 % confidence interval */
    MEMQC_MLP_SHARE_HIGH = 2,         /**< upper end */
    MEMQC_MLP_SHARE_BY_INSTANCES = 3, /**< variance that comes from the instances */
    MEMQC_MLP_SHARE_BY_SAMPLES = 4,   /**< from the samples */
    MEMQC_MLP_SHARE_BY_BOTH = 5,      /**< from instances and samples together */
    MEMQC_MLP_SHARE_BY_ORDERS = 6     /**< from the orders, where they were drawn */
};

/** Number of values in a row. @since 0.3 */
#define MEMQC_MLP_SHARE_VALUES 7

/** Divides the loss of accuracy to all properties of a device among them, by their Shapley values
 *  (1953): the mean, over the orders in which the properties could be added to an ideal device, of
 *  what each costs when it comes. The shares add up to the loss. Of two properties, a share is the
 *  mean of loss and gain of memqc_mlp_sensitivity(). A share below 0 belongs to a property that
 *  damps the damage of others.
 *
 *  Of n properties that the device has, 2^n devices are measured, each on #MEMQC_MLP_INSTANCES
 *  instances. Of 7 or 8, orders are drawn where that is asked for; the interval then includes their
 *  choice. A progress function is told #MEMQC_PHASE_SENSITIVITY. The call takes 4 (n + 1) bytes for
 *  each instance and sample.
 *  @param device  for every layer; NULL: each layer's own
 *  @param orders  how many orders are drawn where the device has more than 6 properties, 2 ..
 *                 10^6; 0: all orders, and up to 256 devices
 *  @param shares  #MEMQC_MLP_PROPERTIES x #MEMQC_MLP_SHARE_VALUES values; row
 *                 property - #MEMQC_MLP_PROPERTY_ALL. That of ALL is the loss to all together; of a
 *                 property that the device does not have, all are exactly 0
 *  @param mlp, n, x, ldx, labels  as for memqc_mlp_sensitivity()
 *  @return as memqc_mlp_monte_carlo(), and ARGUMENT for orders; shares is undefined then
 *  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_shapley(memqc_mlp *mlp, const memqc_device *device, size_t orders,
                                         size_t n, const float *x, size_t ldx,
                                         const int32_t *labels, double *shares);

#ifdef __cplusplus
}
#endif

#endif
