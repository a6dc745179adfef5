/* SPDX-License-Identifier: BSD-3-Clause */
/** @file mlp_keys.h
 *  Constants of networks: parameters, their choices, and what a history tells. The functions are in
 *  mlp.h.
 */
#ifndef MEMQC_MLP_KEYS_H
#define MEMQC_MLP_KEYS_H

/** Parameters of a network: keys of memqc_mlp_set() and memqc_mlp_get().
 *
 *  "By layer" means that layers may differ: memqc_mlp_set() sets the parameter of all layers,
 *  memqc_mlp_set_layer() that of one. "Settled" means that the first drawing of the weights settles
 *  the parameter: setting it afterwards is refused with #MEMQC_ERROR_STATE until memqc_mlp_reset().
 *  @since 0.1, renumbered 0.3 */
enum {
    /* The six that matter first */
    MEMQC_MLP_RULE = 3001,          /**< MEMQC_MLP_RULE_...: what trains the weights. By layer.
                                         Settled. Default: CROSSBAR; FLOAT for a network without a
                                         device */
    MEMQC_MLP_ACTIVATION = 3002,    /**< of the units: MEMQC_MLP_LOGISTIC (default), _TANH, _RELU,
                                         _LEAKY_RELU or _HARD_SIGMOID. By layer. Under
                                         CROSS_ENTROPY the last layer does not use it */
    MEMQC_MLP_LOSS = 3003,          /**< MEMQC_MLP_SQUARED_ERROR (default) or _CROSS_ENTROPY */
    MEMQC_MLP_LEARNING_RATE = 3004, /**< above 0, at most 1e6; default 10. By layer */
    MEMQC_MLP_BATCH = 3005,         /**< samples of a minibatch, 1 .. 65536; default 10 */
    MEMQC_MLP_INPUT_BITS = 3006,    /**< 0: inputs in full precision. 1 (default): an input above
                                         INPUT_THRESHOLD counts as 1, any other as 0. 2 .. 16: an
                                         input goes to the nearest of 2^INPUT_BITS values, evenly
                                         spaced from INPUT_MIN to INPUT_MAX */

    /* Network */
    MEMQC_MLP_INPUT_THRESHOLD = 3007,   /**< for INPUT_BITS = 1; default 0.5 */
    MEMQC_MLP_INIT_RANGE = 3008,        /**< initial weights are uniform in -INIT_RANGE ..
                                           INIT_RANGE; 0 .. 1e6. With 0 (default) the range is the
                                           largest weight of the array. For digital weights, and for
                                           arrays whose range follows from their weights, it is
                                           sqrt(6 / (inputs + outputs)). By layer. Settled */
    MEMQC_MLP_PROGRESS_INTERVAL = 3009, /**< training samples between two calls of the progress
                                             function, 1 .. 1e9; default 1000. It is called after
                                             the minibatch that crosses a multiple of it, and at
                                             the end of the epoch */
    MEMQC_MLP_BIAS = 3010, /**< MEMQC_MLP_BIAS_DIGITAL (default) or _ROW. By layer. Settled */

    /* Optimizer */
    MEMQC_MLP_OPTIMIZER = 3011, /**< MEMQC_MLP_SGD (default), _SGD_MOMENTUM or _ADAM: turns a
                                     gradient into a step. Used by layers whose rule keeps digital
                                     weights or accumulators. By layer. Settled */
    MEMQC_MLP_MOMENTUM = 3012,  /**< mu of SGD_MOMENTUM, 0 .. 0.9999; default 0.9 */
    MEMQC_MLP_BETA1 = 3013,     /**< of ADAM, 0 .. 0.9999; default 0.9 */
    MEMQC_MLP_BETA2 = 3014,     /**< of ADAM, 0 .. 0.999999; default 0.999 */
    MEMQC_MLP_EPSILON = 3015,   /**< of ADAM, 1e-12 .. 1; default 1e-8 */

    /* Schedule */
    MEMQC_MLP_SCHEDULE = 3016,        /**< MEMQC_MLP_SCHEDULE_...: a factor on LEARNING_RATE;
                                           default CONSTANT */
    MEMQC_MLP_SCHEDULE_PERIOD = 3017, /**< T of the schedule, epochs, 1e-3 .. 1e6; default 10 */
    MEMQC_MLP_SCHEDULE_FACTOR = 3018, /**< q of STEP and EXPONENTIAL, 1e-6 .. 1; default 0.1 */
    MEMQC_MLP_SCHEDULE_FLOOR = 3019,  /**< c of COSINE, 0 .. 1; default 0 */
    MEMQC_MLP_WARMUP = 3020, /**< epochs in which the learning rate rises linearly to what the
                                  schedule says, 0 .. 1e6; default 0 */

    /* Network, continued */
    MEMQC_MLP_DROPOUT = 3021,   /**< fraction of the units of a hidden layer that are off, drawn
                                     for each training sample: 0 .. 0.95; default 0. The values of
                                     the other units are divided by 1 - DROPOUT. By layer; the last
                                     layer does not use it */
    MEMQC_MLP_LEAK = 3022,      /**< slope of LEAKY_RELU below 0, 0 .. 1; default 0.01 */
    MEMQC_MLP_INPUT_MIN = 3023, /**< for INPUT_BITS of 2 or more; below INPUT_MAX; default 0 */
    MEMQC_MLP_INPUT_MAX = 3024, /**< for INPUT_BITS of 2 or more; default 1 */

    /* Validation */
    MEMQC_MLP_VALIDATION = 3025, /**< fraction of the samples that memqc_mlp_fit() holds back,
                                      0 .. 0.9; default 0 */
    MEMQC_MLP_MONITOR = 3026,    /**< criterion of the best epoch: MEMQC_MLP_MONITOR_LOSS
                                      (default) or _ACCURACY */
    MEMQC_MLP_PATIENCE = 3027,   /**< memqc_mlp_fit() stops after so many epochs without a new
                                      best, 0 .. 1e6; default 0: no early stop */
    MEMQC_MLP_MIN_DELTA = 3028,  /**< a new best is better by more than this, 0 .. 1e6; default 0 */
    MEMQC_MLP_RESTORE_BEST = 3029, /**< 1: memqc_mlp_fit() ends with the weights of the best epoch;
                                        0 (default): with those of the last */

    /* Transfer */
    MEMQC_MLP_NOISE_FACTOR = 3030,   /**< RULE_NOISE_AWARE: factor on the noise of the device in
                                          training, 0 .. 100; default 1 */
    MEMQC_MLP_TRANSFER_RANGE = 3031, /**< RULE_FLOAT: largest weight of the array onto which
                                          memqc_mlp_transfer() puts a layer, in units of the root
                                          mean square of its weights, 0 .. 100. With 0 (default) it
                                          is their largest magnitude */

    /* Studies: memqc_mlp_monte_carlo() and memqc_mlp_sensitivity() */
    MEMQC_MLP_INSTANCES = 3032, /**< instances of the network, 1 .. 1e6; default 20. A sensitivity
                                     needs 2 or more */
    MEMQC_MLP_THREADS = 3033,   /**< threads, the caller's included, 1 .. 1024; default 1 */
    MEMQC_MLP_SECONDS = 3034,   /**< s from programming to evaluation, 0 .. 1e30; default 0 */
    MEMQC_MLP_TARGET = 3035     /**< mean accuracy that a property must leave, 0 .. 1, for
                                     #MEMQC_MLP_LIMIT_FACTOR. 0 (default): no target */
};

/** Values of #MEMQC_MLP_RULE, with g the mean gradient of a minibatch and lr the learning rate in
 *  force. @since 0.1, renumbered 0.3 */
enum {
    MEMQC_MLP_RULE_FLOAT = 3101,       /**< weights are digital, no device: w <- w - lr g in single
                                            precision, or the step of OPTIMIZER */
    MEMQC_MLP_RULE_NOISE_AWARE = 3102, /**< weights are digital, within the range of the array, and
                                            trained for the device onto which memqc_mlp_transfer()
                                            puts them. A minibatch uses the nearest level of each
                                            weight: its mean, with NOISE_FACTOR times its noise of
                                            programming. The step goes to the digital weight (Joshi
                                            et al., Nat. Commun. 11 (2020) 2473). Predictions and
                                            evaluations use the digital weights */
    MEMQC_MLP_RULE_CROSSBAR = 3103 /**< weights are on a crossbar. Its #MEMQC_CROSSBAR_RULE moves
                                            them, with alpha = -lr and dw = g. The steps of
                                            OPTIMIZER are for the rules with accumulators,
                                            MIXED_PRECISION and ONE_DIRECTIONAL */
};

/** Values of #MEMQC_MLP_ACTIVATION. @since 0.1, from LEAKY_RELU on 0.2, renumbered 0.3 */
enum {
    MEMQC_MLP_LOGISTIC = 3111,    /**< 1 / (1 + exp(-a)) */
    MEMQC_MLP_TANH = 3112,        /**< tanh(a) */
    MEMQC_MLP_RELU = 3113,        /**< max(a, 0) */
    MEMQC_MLP_LEAKY_RELU = 3114,  /**< a from 0 on, LEAK a below 0 */
    MEMQC_MLP_HARD_SIGMOID = 3115 /**< 0.2 a + 0.5, kept within 0 .. 1 */
};

/** Values of #MEMQC_MLP_LOSS. The loss of several samples is the mean of theirs. The target is 1
 *  for the label's unit and 0 for the others. @since 0.1, renumbered 0.3 */
enum {
    MEMQC_MLP_SQUARED_ERROR = 3121, /**< sum over the outputs of (h - target)^2 / 2 */
    MEMQC_MLP_CROSS_ENTROPY = 3122  /**< -log of the label's probability; the outputs are softmax */
};

/** Values of #MEMQC_MLP_BIAS. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_MLP_BIAS_DIGITAL = 3131, /**< floats beside the array, moved by plain gradient descent or
                                        by the step of OPTIMIZER */
    MEMQC_MLP_BIAS_ROW = 3132      /**< one more row of the array, whose input is always 1. Biases
                                        then have levels, a range and noise like all weights. They
                                        start at the level nearest to 0 */
};

/** Values of #MEMQC_MLP_OPTIMIZER, with g the mean gradient of a minibatch and lr the learning rate
 *  in force. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_MLP_SGD = 3141,          /**< w <- w - lr g */
    MEMQC_MLP_SGD_MOMENTUM = 3142, /**< v <- mu v + g, w <- w - lr v (Polyak 1964) */
    MEMQC_MLP_ADAM = 3143          /**< Kingma and Ba, ICLR 2015, algorithm 1, with its correction
                                        of both moments */
};

/** Values of #MEMQC_MLP_SCHEDULE: a factor on the learning rate. t is the training so far in
 *  epochs, fractions included. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_MLP_SCHEDULE_CONSTANT = 3151,    /**< 1 */
    MEMQC_MLP_SCHEDULE_STEP = 3152,        /**< q^floor(t / T) */
    MEMQC_MLP_SCHEDULE_EXPONENTIAL = 3153, /**< q^(t / T) */
    MEMQC_MLP_SCHEDULE_COSINE = 3154,      /**< c + (1 - c) (1 + cos(pi t / T)) / 2; c from T on */
    MEMQC_MLP_SCHEDULE_INVERSE = 3155      /**< 1 / (1 + t / T) */
};

/** Values of #MEMQC_MLP_MONITOR. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_MLP_MONITOR_LOSS = 3161,    /**< the lowest loss is best */
    MEMQC_MLP_MONITOR_ACCURACY = 3162 /**< the highest accuracy is best */
};

/** Results of memqc_mlp_get_history(), of a completed epoch. @since 0.2, renumbered 0.3 */
enum {
    MEMQC_MLP_HISTORY_LOSS = 3201,     /**< mean over the training samples, each before the step of
                                            its minibatch */
    MEMQC_MLP_HISTORY_ACCURACY = 3202, /**< fraction of the training samples that were classified
                                            correctly before the step of their minibatch */
    MEMQC_MLP_HISTORY_VALIDATION_LOSS = 3203,     /**< of the samples held back, after the epoch;
                                                       NaN where none are */
    MEMQC_MLP_HISTORY_VALIDATION_ACCURACY = 3204, /**< of the samples held back, after the epoch;
                                                       NaN where none are */
    MEMQC_MLP_HISTORY_LEARNING_RATE = 3205,       /**< of the first layer, in force in the last
                                                       minibatch */
    MEMQC_MLP_HISTORY_PULSES = 3206,   /**< SET and RESET pulses of the epoch, of all arrays */
    MEMQC_MLP_HISTORY_ENERGY = 3207,   /**< J that these pulses spent in the cells */
    MEMQC_MLP_HISTORY_SATURATED = 3208 /**< weights of the epoch that were beyond the range of their
                                            array when they were programmed */
};

#endif
