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
    MEMQC_MLP_LIMIT_LOSS = 2,       /**< mean of the differences of the two, instance by instance */
    MEMQC_MLP_LIMIT_LOSS_LOW = 3,   /**< lower end of its interval, by Student's t, cut where IDEAL
                                       less the loss would be an accuracy above 1 */
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
    MEMQC_MLP_LIMIT_REQUIRED_HIGH = 11
};

/** Number of limits. @since 0.3 */
#define MEMQC_MLP_LIMITS 12

/** Measures how much accuracy a property of the device costs by itself, with all other properties
 *  ideal, and how much of the property the accuracy #MEMQC_MLP_TARGET allows. A device can have
 *  this much of one property only if it has less of the others.
 *
 *  Every measurement keeps the converters and all other parameters of the arrays. Wires have their
 *  resistance only where the property is ALL or WIRES. For the limit REQUIRED of WIRES, arrays
 *  without resistance are given an equal one in each segment.
 *
 *  Every device is measured on the same instances. The call evaluates 2 #MEMQC_MLP_INSTANCES of
 *  them; with a target, about 10 to 25 times #MEMQC_MLP_INSTANCES. Where nothing is random, one
 *  instance stands for all. A progress function is told #MEMQC_PHASE_SENSITIVITY.
 *  @param device    for every layer; NULL: each layer's own
 *  @param property  MEMQC_MLP_PROPERTY_...
 *  @param limits    #MEMQC_MLP_LIMITS values, indexed by MEMQC_MLP_LIMIT_...
 *  @param mlp, n, x, ldx, labels  as for memqc_mlp_monte_carlo(); #MEMQC_MLP_INSTANCES is 2 or more
 *  @return as memqc_mlp_monte_carlo(); limits is undefined then  @since 0.2, parameters instead of
 *          arguments 0.3 */
MEMQC_API memqc_status memqc_mlp_sensitivity(memqc_mlp *mlp, const memqc_device *device,
                                             int32_t property, size_t n, const float *x, size_t ldx,
                                             const int32_t *labels, double *limits);

#ifdef __cplusplus
}
#endif

#endif
