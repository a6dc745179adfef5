/* SPDX-License-Identifier: BSD-3-Clause */
/** @file mlp.h
 *  Multilayer perceptrons whose weights live on crossbars, and their training.
 *
 *  A network of sizes (n0, n1, ..., nL) has L layers; layer l computes h = f(x W + b) with W of n(l) x n(l+1) on its own
 *  memqc_crossbar and b held digitally. Class c is output unit c. The defaults are the settings under which the paper's
 *  Figure 5 is reproduced: logistic units, squared error, 1-bit inputs, minibatches of 10, learning rate 10.
 *
 *  Parameters that are marked *by layer* may differ between layers: memqc_mlp_set() sets them for all layers,
 *  memqc_mlp_set_layer() for one. A parameter that nothing would look at, because another one says so, cannot be set: the call
 *  fails with MEMQC_ERROR_ARGUMENT and names the one to set first.
 */
#ifndef MEMQC_MLP_H
#define MEMQC_MLP_H

#include "crossbar.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A network and the state of its training. @since 0.1 */
typedef struct memqc_mlp memqc_mlp;

/** Keys of memqc_mlp_set() and memqc_mlp_get(). RULE, MAPPING, WEIGHT_RANGE, INIT_RANGE, BIAS and OPTIMIZER shape the initial
 *  state: once the weights are drawn, setting them is refused with MEMQC_ERROR_STATE until memqc_mlp_reset(). @since 0.1, from BIAS
 *  on 0.2 */
enum {
    MEMQC_MLP_RULE = 1,             /**< MEMQC_MLP_RULE_...; default NEAREST_LEVEL with a device, FLOAT without. By layer */
    MEMQC_MLP_ACTIVATION = 2,       /**< MEMQC_MLP_LOGISTIC, _TANH, _RELU, _LEAKY_RELU or _HARD_SIGMOID; default LOGISTIC. By
                                         layer */
    MEMQC_MLP_LOSS = 3,             /**< MEMQC_MLP_SQUARED_ERROR or _CROSS_ENTROPY; default SQUARED_ERROR */
    MEMQC_MLP_LEARNING_RATE = 4,    /**< above 0, at most 1e6; default 10. By layer */
    MEMQC_MLP_BATCH = 5,            /**< samples a minibatch, 1 .. 65536, whole; default 10 */
    MEMQC_MLP_INPUT_BITS = 6,       /**< 1: an input above INPUT_THRESHOLD counts as 1, else as 0 (default);
                                         0: inputs in full precision; k = 2 .. 16: an input goes to the nearest of 2^k values
                                         evenly spaced from INPUT_MIN to INPUT_MAX */
    MEMQC_MLP_INPUT_THRESHOLD = 7,  /**< see INPUT_BITS; default 0.5 */
    MEMQC_MLP_MAPPING = 8,          /**< MEMQC_CROSSBAR_MAPPING_...; default SINGLE. Used by RULE_FLOAT for
                                         memqc_mlp_transfer() alone. By layer */
    MEMQC_MLP_WEIGHT_RANGE = 9,     /**< largest weight of a crossbar, 1e-6 .. 1e6; default 1. Not used by RULE_FLOAT. By layer */
    MEMQC_MLP_INIT_RANGE = 10,      /**< initial weights are uniform in -r .. r; 0 .. 1e6; default 0: WEIGHT_RANGE on
                                         crossbars, sqrt(6 / (inputs + outputs)) of the layer for RULE_FLOAT. By layer */
    MEMQC_MLP_PROGRESS_INTERVAL = 11, /**< samples between two calls of the progress function, 1 .. 1e9; default 1000;
                                         it is called after the minibatch that crosses it, and at the epoch's end */
    MEMQC_MLP_BIAS = 12,            /**< MEMQC_MLP_BIAS_DIGITAL (default) or _ROW. By layer */
    MEMQC_MLP_OPTIMIZER = 13,       /**< MEMQC_MLP_SGD (default), _SGD_MOMENTUM or _ADAM; other than SGD only under rules that keep
                                         digital weights or accumulators (RULE_FLOAT, _MIXED_PRECISION, _ONE_DIRECTIONAL,
                                         _NOISE_AWARE), for whose steps it stands. By layer */
    MEMQC_MLP_MOMENTUM = 14,        /**< mu of SGD_MOMENTUM, 0 .. 0.9999; default 0.9 */
    MEMQC_MLP_BETA1 = 15,           /**< of ADAM, 0 .. 0.9999; default 0.9 */
    MEMQC_MLP_BETA2 = 16,           /**< of ADAM, 0 .. 0.999999; default 0.999 */
    MEMQC_MLP_EPSILON = 17,         /**< of ADAM, 1e-12 .. 1; default 1e-8 */
    MEMQC_MLP_SCHEDULE = 18,        /**< MEMQC_MLP_SCHEDULE_...: the factor on LEARNING_RATE; default CONSTANT */
    MEMQC_MLP_SCHEDULE_PERIOD = 19, /**< T of the schedule in epochs, 1e-3 .. 1e6; default 10 */
    MEMQC_MLP_SCHEDULE_FACTOR = 20, /**< q of STEP and EXPONENTIAL, 1e-6 .. 1; default 0.1 */
    MEMQC_MLP_SCHEDULE_FLOOR = 21,  /**< c of COSINE, 0 .. 1; default 0 */
    MEMQC_MLP_WARMUP = 22,          /**< epochs in which the learning rate rises linearly to what the schedule says, 0 .. 1e6;
                                         default 0 */
    MEMQC_MLP_DROPOUT = 23,         /**< fraction of a hidden layer's units that each training sample finds off, 0 .. 0.95; the
                                         others count 1 / (1 - fraction) times; default 0. By layer, but not the last */
    MEMQC_MLP_LEAK = 24,            /**< slope of LEAKY_RELU below 0, 0 .. 1; default 0.01 */
    MEMQC_MLP_INPUT_MIN = 25,       /**< see INPUT_BITS; below INPUT_MAX; default 0 */
    MEMQC_MLP_INPUT_MAX = 26,       /**< see INPUT_BITS; default 1 */
    MEMQC_MLP_VALIDATION = 27,      /**< fraction of the samples that memqc_mlp_fit() holds back, 0 .. 0.9; default 0 */
    MEMQC_MLP_MONITOR = 28,         /**< what is best on these: MEMQC_MLP_MONITOR_LOSS (default) or _ACCURACY */
    MEMQC_MLP_PATIENCE = 29,        /**< memqc_mlp_fit() stops after so many epochs without a new best, 0 .. 1e6; default 0:
                                         never */
    MEMQC_MLP_MIN_DELTA = 30,       /**< a new best is better by more than this, 0 .. 1e6; default 0 */
    MEMQC_MLP_RESTORE_BEST = 31,    /**< 1: memqc_mlp_fit() ends with the weights of the best epoch; default 0: of the last */
    MEMQC_MLP_SIGN_THRESHOLD = 32,  /**< steps between levels that |lr g| must be more than, for RULE_SIGN: 0 .. 1e6; default 0 */
    MEMQC_MLP_UPDATE_THRESHOLD = 33, /**< steps that must have gathered before a weight moves, for RULE_MIXED_PRECISION and
                                         RULE_ONE_DIRECTIONAL: 0.5 .. 1000; default 1 */
    MEMQC_MLP_REFRESH_LEVEL = 34,   /**< level of the more conductive cell of a refreshed pair, for RULE_ONE_DIRECTIONAL: 1 .. 4096,
                                         whole; default 1. Where the pair has no room below it, the lowest that there is room for */
    MEMQC_MLP_NOISE_FACTOR = 35,    /**< on the device's noise in the passes of RULE_NOISE_AWARE: 0 .. 100; default 1 */
    MEMQC_MLP_TRANSFER_RANGE = 36,  /**< largest weight of the crossbar that memqc_mlp_transfer() makes of a layer under RULE_FLOAT,
                                         in root mean squares of its weights: 0 .. 100; default 0: the largest magnitude */
    MEMQC_MLP_SCHEME = 37,          /**< MEMQC_CROSSBAR_SCHEME_..., by which all cells are programmed, in training as by
                                         memqc_mlp_transfer(); default BLIND. RULE_ONE_DIRECTIONAL knows no other. By layer */
    MEMQC_MLP_VERIFY_TOLERANCE = 38, /**< #MEMQC_CROSSBAR_VERIFY_TOLERANCE of SCHEME_VERIFY, levels: 0 .. 4096; default 0.5. By
                                         layer */
    MEMQC_MLP_VERIFY_PULSES = 39,   /**< #MEMQC_CROSSBAR_VERIFY_PULSES of SCHEME_VERIFY: 1 .. 1e6, whole; default 1000. By layer */
    MEMQC_MLP_TRAIN_LENGTH = 40,    /**< RULE_PULSE_TRAIN, _TIKI_TAKA: most time slots of a pulse train (BL), 1 .. 31, whole; default
                                         31. By layer */
    MEMQC_MLP_TRAIN_MANAGEMENT = 41, /**< 1 (default): update management: trains only as long as needed, both sides equally likely to
                                          fire; 0: always TRAIN_LENGTH slots. By layer */
    MEMQC_MLP_TIKI_TAKA_EVERY = 42, /**< updates of the fast array from one transfer of a row to the next, 1 .. 1e6, whole; default 1.
                                         By layer */
    MEMQC_MLP_TIKI_TAKA_RATE = 43,  /**< what of the fast array's row goes to the slow one (or to version 2's buffer), 1e-9 .. 1e9;
                                         default 0.1. By layer */
    MEMQC_MLP_TIKI_TAKA_THRESHOLD = 44, /**< RULE_TIKI_TAKA_2: pulses' worth of weight in the buffer for one pulse, 1e-3 .. 1e6; default
                                             1. By layer */
    MEMQC_MLP_TIKI_TAKA_PAIRS = 45, /**< pulses up and down by which the fast array's symmetry points are found before training, 0 ..
                                         1e6, whole; 0: the nominal weight 0 is taken for them; default 2000. By layer */
    MEMQC_MLP_WIRE_RESISTANCE = 46  /**< ohm, of each segment of a line, from cell to cell and at its ends, in the instances of
                                         memqc_mlp_monte_carlo() and memqc_mlp_sensitivity(), and nowhere else: 0 .. 1e6
                                         (below 1e-6 as 0); default 0 */
};

/** Values of #MEMQC_MLP_RULE: what a minibatch's gradient does to the weights. @since 0.1 */
enum {
    MEMQC_MLP_RULE_FLOAT = 1,        /**< w <- w - lr grad in float32 (or as OPTIMIZER says), no device: the baseline */
    MEMQC_MLP_RULE_NEAREST_LEVEL = 2, /**< w moves to the level nearest to (its level's nominal weight - lr grad); only
                                          changed cells are programmed and draw noise (the paper's rule) */
    /* @since 0.2 */
    MEMQC_MLP_RULE_STOCHASTIC = 3,    /**< the same with one of the two levels beside it, the nearer the likelier: the mean step is
                                          that of gradient descent (Gupta et al., ICML 2015, 1737) */
    MEMQC_MLP_RULE_SIGN = 4,          /**< one level against the sign of the gradient where |lr g| is above SIGN_THRESHOLD steps
                                          (Manhattan rule: Zamanidoost et al., IEEE WISP 2015) */
    MEMQC_MLP_RULE_MIXED_PRECISION = 5, /**< steps gather in a digital accumulator beside each weight; where it reaches
                                          UPDATE_THRESHOLD the weight moves by the whole levels in it, which are taken off it
                                          (Nandakumar et al., Front. Neurosci. 14 (2020) 406; Le Gallo et al., Nat. Electron. 1
                                          (2018) 246) */
    MEMQC_MLP_RULE_ONE_DIRECTIONAL = 6, /**< the same on pairs G+ - G- (MAPPING must be DIFFERENTIAL) whose cells are only ever
                                          depressed: G- to raise a weight, G+ to lower it. A pair of which a cell would go beyond
                                          its last level is refreshed: set, and depressed to the same difference, the upper cell to
                                          REFRESH_LEVEL (after Bichler et al., IEEE Trans. Electron Devices 59 (2012) 2206) */
    MEMQC_MLP_RULE_NOISE_AWARE = 7,   /**< weights are digital, within -WEIGHT_RANGE .. WEIGHT_RANGE, and trained for a device that
                                          memqc_mlp_transfer() puts them on: each minibatch finds them at their nearest levels, with
                                          a noise as the device's programming has it (mean and sd of memqc_device_level(), normal)
                                          NOISE_FACTOR times; gradients pass straight to the digital ones (Joshi et al., Nat.
                                          Commun. 11 (2020) 2473). Predictions and evaluations take the digital weights */
    MEMQC_MLP_RULE_PULSE_TRAIN = 8,   /**< stochastic pulse trains on word and bit lines, sample by sample: where both fire, the cell gets
                                           a pulse (Gokmen and Vlasov, Front. Neurosci. 10 (2016) 333). Quantized cells move by a level */
    MEMQC_MLP_RULE_TIKI_TAKA = 9,     /**< pulse trains on a fast array, whose rows are read in turn and added to the slow one that holds
                                           the weights (Gokmen and Haensch, Front. Neurosci. 14 (2020) 103) */
    MEMQC_MLP_RULE_TIKI_TAKA_2 = 10   /**< the same through a digital buffer that passes whole pulses on (Gokmen, Front. Artif. Intell.
                                           4 (2021) 699148) */
};

/** Values of #MEMQC_MLP_ACTIVATION. @since 0.1, from LEAKY_RELU on 0.2 */
enum {
    MEMQC_MLP_LOGISTIC = 1,    /**< 1 / (1 + exp(-a)) */
    MEMQC_MLP_TANH = 2,        /**< tanh(a) */
    MEMQC_MLP_RELU = 3,        /**< max(a, 0) */
    MEMQC_MLP_LEAKY_RELU = 4,  /**< a, or LEAK a below 0 */
    MEMQC_MLP_HARD_SIGMOID = 5 /**< 0.2 a + 0.5, kept within 0 .. 1 */
};

/** Values of #MEMQC_MLP_LOSS, each a mean over samples, the target being 1 for the label's unit and 0 for the others.
 *  @since 0.1 */
enum {
    MEMQC_MLP_SQUARED_ERROR = 1, /**< sum over outputs of (h - target)^2 / 2; outputs pass the activation */
    MEMQC_MLP_CROSS_ENTROPY = 2  /**< -log of the label's softmax probability; outputs are softmax */
};

/** Values of #MEMQC_MLP_BIAS. @since 0.2 */
enum {
    MEMQC_MLP_BIAS_DIGITAL = 1, /**< floats beside the array, moved by plain gradient descent or as OPTIMIZER says */
    MEMQC_MLP_BIAS_ROW = 2      /**< one more row of the array, whose input is always 1: biases are weights as all others, with
                                     their levels, range and noise; they start at (the level nearest to) 0 */
};

/** Values of #MEMQC_MLP_OPTIMIZER, with g the mean gradient of a minibatch and lr the learning rate in force. @since 0.2 */
enum {
    MEMQC_MLP_SGD = 1,          /**< w <- w - lr g */
    MEMQC_MLP_SGD_MOMENTUM = 2, /**< v <- mu v + g, w <- w - lr v (Polyak 1964) */
    MEMQC_MLP_ADAM = 3          /**< Kingma and Ba, ICLR 2015, algorithm 1, with its correction of both moments */
};

/** Values of #MEMQC_MLP_SCHEDULE: a factor on the learning rate as a function of t, the epochs (in parts of one, minibatch by
 *  minibatch) trained before. @since 0.2 */
enum {
    MEMQC_MLP_SCHEDULE_CONSTANT = 1,    /**< 1 */
    MEMQC_MLP_SCHEDULE_STEP = 2,        /**< q^floor(t / T) */
    MEMQC_MLP_SCHEDULE_EXPONENTIAL = 3, /**< q^(t / T) */
    MEMQC_MLP_SCHEDULE_COSINE = 4,      /**< c + (1 - c) (1 + cos(pi t / T)) / 2, and c from T on */
    MEMQC_MLP_SCHEDULE_INVERSE = 5      /**< 1 / (1 + t / T) */
};

/** Values of #MEMQC_MLP_MONITOR. @since 0.2 */
enum {
    MEMQC_MLP_MONITOR_LOSS = 1,    /**< the lowest loss */
    MEMQC_MLP_MONITOR_ACCURACY = 2 /**< the highest accuracy */
};

/** What memqc_mlp_history() can tell of an epoch. @since 0.2 */
enum {
    MEMQC_MLP_HISTORY_LOSS = 1,                /**< mean over the training samples, each as its minibatch found it */
    MEMQC_MLP_HISTORY_ACCURACY = 2,            /**< the same, 0 .. 1 */
    MEMQC_MLP_HISTORY_VALIDATION_LOSS = 3,     /**< at the end of the epoch, on the samples held back; NaN where there are none */
    MEMQC_MLP_HISTORY_VALIDATION_ACCURACY = 4, /**< the same, 0 .. 1 */
    MEMQC_MLP_HISTORY_LEARNING_RATE = 5,       /**< in force in the last minibatch, of the first layer */
    MEMQC_MLP_HISTORY_PULSES = 6,              /**< SET and RESET pulses of the epoch, of all layers on crossbars */
    MEMQC_MLP_HISTORY_ENERGY = 7,              /**< J, spent in the cells by them; see #MEMQC_CROSSBAR_COST_ENERGY */
    MEMQC_MLP_HISTORY_SATURATED = 8            /**< programmings beyond the range of the weights (see
                                                    #MEMQC_CROSSBAR_COUNT_CLIPPED) in the epoch */
};

/** Called during training with the number of the epoch (from 1), samples seen in it, and mean loss and accuracy (0 .. 1)
 *  over those samples. It must not touch the network. Return 0 to go on; anything else stops cleanly. @since 0.1 */
typedef int32_t (*memqc_mlp_progress)(void *user, uint32_t epoch, uint64_t samples, double loss, double accuracy);

/** New network. Weights are drawn at the first call that needs them (training, prediction, reading) or by
 *  memqc_mlp_init().
 *  @param sizes    units of each layer, inputs first, each 1 or more; a pair of neighbours multiplies to 2^30 at most
 *  @param n_sizes  2 .. 64
 *  @param device   copied for every layer; NULL for a network without a device (RULE_FLOAT only)
 *  @return ARGUMENT, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_create(const size_t *sizes, size_t n_sizes, const memqc_device *device,
                                        memqc_mlp **out);

/** Frees a network and sets the pointer to NULL. NULL and a pointer to NULL are fine. @since 0.1 */
MEMQC_API void memqc_mlp_destroy(memqc_mlp **mlp);

/** Sets a parameter; one that is by layer, for all layers. @return ARGUMENT (key, value, or without effect), STATE (weights
 *  already drawn)  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_set(memqc_mlp *mlp, int32_t key, double value);
/** Reads a parameter; of one that is by layer, what was last set for all of them. @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_get(const memqc_mlp *mlp, int32_t key, double *value);
/** Finds a key by its name, such as "learning_rate". @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_key(const char *name, int32_t *key);
/** Name, unit, bounds and default of a key; see memqc_device_describe(). @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_describe(int32_t key, const char **name, const char **unit, double *min, double *max,
                                          double *initial);

/** Sets a parameter of one layer. @param layer  0 .. layers - 1   @param key  one that is by layer
 *  @return ARGUMENT (layer, key, value, or without effect), STATE (weights already drawn)  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_set_layer(memqc_mlp *mlp, size_t layer, int32_t key, double value);
/** Reads a parameter of one layer. @return ARGUMENT (layer, or a key that is not by layer)  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_get_layer(const memqc_mlp *mlp, size_t layer, int32_t key, double *value);

/** Gives one layer another device than memqc_mlp_create() did. The rule stays: a layer that had no device is under
 *  RULE_FLOAT until another one is set.
 *  @param device  copied; NULL takes the device away, which only RULE_FLOAT allows
 *  @return ARGUMENT, NOMEM, STATE (weights already drawn)  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_set_device(memqc_mlp *mlp, size_t layer, const memqc_device *device);

/** Sets the seed of initial weights, shuffling, dropout, the validation split and device noise; a new network has seed 0.
 *  @return ARGUMENT, STATE (weights already drawn)  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_seed(memqc_mlp *mlp, uint64_t seed);

/** Draws the initial weights now, if they are not there yet; biases start at 0. @return ARGUMENT, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_init(memqc_mlp *mlp);

/** Forgets weights and progress: the network is as newly created, with its parameters and seed. @return ARGUMENT
 *  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_reset(memqc_mlp *mlp);

/** Trains one epoch: every sample once, in an order of the library's own, in minibatches.
 *  @param n         samples, 1 or more
 *  @param x         n x sizes[0], leading dimension ldx >= sizes[0]
 *  @param labels    n labels, 0 .. sizes[n_sizes - 1] - 1
 *  @param progress  may be NULL   @param user  handed to it
 *  @return ARGUMENT, NOMEM, DATA (NaN or infinity in x, or a bad label: sample and place are named), DIVERGED (sample and
 *          epoch are named): the network is then as it was before the call. STOPPED: the weights learnt so far are kept,
 *          and the next call goes on in the same epoch if it gives as many samples, or else begins it anew.
 *  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_train(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, const int32_t *labels,
                                       memqc_mlp_progress progress, void *user);

/** Trains until so many epochs are completed, those of earlier calls included. A part of the samples may be held back, drawn by
 *  the seed (VALIDATION); on it the network is evaluated after each epoch, which PATIENCE and RESTORE_BEST go by. Without it, it is
 *  as many calls of memqc_mlp_train(). A call with the same arguments goes on where one was stopped, or where a saved network was:
 *  in the end the weights are the same to the last bit. Where PATIENCE is at its end already, nothing is trained.
 *  @param n         samples, 1 or more; with VALIDATION 2 or more
 *  @param epochs    1 .. 1000000, to be completed in all   @param others  as for memqc_mlp_train()
 *  @return as memqc_mlp_train(), and IO (a checkpoint)  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_fit(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, const int32_t *labels, uint32_t epochs,
                                     memqc_mlp_progress progress, void *user);

/** What is known of a completed epoch. @param epoch  from 1   @param what  MEMQC_MLP_HISTORY_...   @return ARGUMENT  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_history(const memqc_mlp *mlp, uint32_t epoch, int32_t what, double *value);

/** The epoch whose network was best on the validation samples of memqc_mlp_fit(); 0 where there is none. @return ARGUMENT
 *  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_best_epoch(const memqc_mlp *mlp, uint32_t *epoch);

/** From now on memqc_mlp_train() and memqc_mlp_fit() save the network, as memqc_mlp_save() does: at the end of each epoch, and
 *  after the minibatch that completes another so many samples of it. A process that is killed goes on from the file:
 *  memqc_mlp_load(), and the same call again. The name is not part of what is saved.
 *  @param path     copied; NULL: no more checkpoints   @param samples  0: at the end of epochs only
 *  @return ARGUMENT (samples without a path), NOMEM  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_checkpoint(memqc_mlp *mlp, const char *path, uint64_t samples);

/** Saves parameters, seed, weights, devices, training and its history: everything that a network is. The file is the old one or
 *  the new one, whenever the process or the machine stops: it is written as path.new, brought to the disk and renamed.
 *  @return ARGUMENT, NOMEM, IO  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_save(const memqc_mlp *mlp, const char *path);

/** New network from a file, which goes on as the saved one would have: to the last bit on a machine of the same kind, with as many
 *  threads of BLAS (whose large products are not the same on all). What is in the file is believed only where it makes a network.
 *  @return ARGUMENT, NOMEM, IO, FORMAT (truncated, altered, foreign, or of a newer version)  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_load(const char *path, memqc_mlp **out);

/** The bytes of memqc_mlp_save() to memory.
 *  @param data  room for so many bytes; NULL with room 0, to ask for the size
 *  @param size  becomes the number of bytes, also where the room is too small
 *  @return ARGUMENT, NOMEM  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_save_memory(const memqc_mlp *mlp, void *data, size_t room, size_t *size);

/** New network from memory. @return ARGUMENT, NOMEM, FORMAT  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_load_memory(const void *data, size_t size, memqc_mlp **out);

/** Outputs and classes of n samples.
 *  @param x        n x sizes[0], ldx >= sizes[0]
 *  @param outputs  n x outputs, ldo >= outputs (softmax probabilities under cross-entropy); may be NULL
 *  @param classes  n indexes of the largest output (the lowest of equals); may be NULL
 *  @return ARGUMENT, NOMEM, DATA (NaN or infinity in x)  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_predict(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, float *outputs,
                                         size_t ldo, int32_t *classes);

/** Mean loss, accuracy (0 .. 1) and confusion matrix over n labelled samples.
 *  @param loss, accuracy  may be NULL
 *  @param confusion       outputs x outputs: row = label, column = predicted class, counts; may be NULL
 *  @return ARGUMENT, NOMEM, DATA  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_evaluate(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, const int32_t *labels,
                                          double *loss, double *accuracy, uint64_t *confusion);

/** Layers (n_sizes - 1), inputs (sizes[0]) and outputs of a network; any pointer may be NULL. @return ARGUMENT
 *  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_shape(const memqc_mlp *mlp, size_t *layers, size_t *inputs, size_t *outputs);

/** Number of completed epochs. @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_epochs(const memqc_mlp *mlp, uint32_t *epochs);

/** Weights and biases of a layer, as the forward pass uses them (device noise included). Biases on the array (BIAS_ROW) are
 *  biases here.
 *  @param layer  0 .. layers - 1   @param w  inputs x outputs, ldw >= outputs; may be NULL   @param bias  outputs; may be NULL
 *  @return ARGUMENT, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_get_weights(memqc_mlp *mlp, size_t layer, float *w, size_t ldw, float *bias);

/** Programs the weights of a layer (nearest level, with noise, on a crossbar) and sets its biases; either may be NULL to
 *  stay. @return ARGUMENT, NOMEM, DATA  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_set_weights(memqc_mlp *mlp, size_t layer, const float *w, size_t ldw,
                                             const float *bias);

/** The crossbar of a layer, to look at: it belongs to the network and lives until memqc_mlp_reset() or
 *  memqc_mlp_destroy(). @return ARGUMENT, NOMEM, STATE (a layer under RULE_FLOAT or _NOISE_AWARE has none)  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_crossbar(memqc_mlp *mlp, size_t layer, const memqc_crossbar **out);

/** New network with the weights of a trained one programmed onto crossbars, as devices that are trained elsewhere are used. It has
 *  the parameters, the seed and the biases of the other, but has completed no epoch. Layers whose weights are digital (RULE_FLOAT,
 *  _NOISE_AWARE) come under RULE_NEAREST_LEVEL with OPTIMIZER SGD, their range as TRANSFER_RANGE says, or as they were trained
 *  (WEIGHT_RANGE under RULE_NOISE_AWARE); layers on crossbars keep their rule and range, and what their cells hold is programmed
 *  anew.
 *  @param mlp     draws its weights where that was not done
 *  @param device  copied for every layer; NULL: each layer's own
 *  @return ARGUMENT (a layer has no device, and none is given), NOMEM  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_transfer(memqc_mlp *mlp, const memqc_device *device, memqc_mlp **out);

/* --- how well a trained network does on devices --- */

/** Accuracies of a trained network on many arrays of a device, as a production line would make them: each instance is programmed
 *  as by memqc_mlp_transfer() (device-to-device spread, programming noise, stuck cells), ages as by memqc_crossbar_advance(), and is
 *  evaluated, through its wires (WIRE_RESISTANCE) and with the read noise of its device in the product of each sample (whatever
 *  READ_NOISE_OCTAVES is); traps of random telegraph noise are as they happen to be, for all samples.
 *
 *  Instance i is a pure function of (seed of the network, i): neither the number of instances nor that of threads matters, and
 *  another device meets the same random numbers, so that differences between devices are best taken instance by instance.
 *  @param mlp         draws its weights where that was not done
 *  @param device      for every layer; NULL: each layer's own
 *  @param seconds     s from programming to evaluation, 0 .. 1e30
 *  @param instances   1 .. 1000000
 *  @param threads     1 .. 1024, the caller's included; with 1 none is started. Each takes the memory of one instance. (BLAS may
 *                     use threads of its own, as it is set up: one each is best here)
 *  @param n, x, ldx, labels  samples, as for memqc_mlp_evaluate()
 *  @param accuracies  instances values, 0 .. 1
 *  @return ARGUMENT, NOMEM, DATA (a label, or NaN or infinity in x; accuracies is then undefined)  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_monte_carlo(memqc_mlp *mlp, const memqc_device *device, double seconds, size_t instances,
                                             size_t threads, size_t n, const float *x, size_t ldx, const int32_t *labels,
                                             double *accuracies);

/** What is not ideal about a device and its array, for memqc_mlp_sensitivity(); in brackets, as what its amount is told.
 *  @since 0.2 */
enum {
    MEMQC_MLP_PROPERTY_ALL = 1,       /**< everything below, together [a factor] */
    MEMQC_MLP_PROPERTY_LEVELS = 2,    /**< number of levels [levels; the factor is on the step between them]. Ideal is 4096, of
                                           pulsed models, of which each is a pulse, 1024 */
    MEMQC_MLP_PROPERTY_C2C = 3,       /**< noise of programming [S, root mean square of its sd over the levels] */
    MEMQC_MLP_PROPERTY_D2D = 4,       /**< D2D_... [the largest of these sds] */
    MEMQC_MLP_PROPERTY_ASYMMETRY = 5, /**< steps that differ with the direction or along the range [largest relative deviation of a
                                           step from their mean] */
    MEMQC_MLP_PROPERTY_READ_NOISE = 6, /**< READ_NOISE_... and RTN_... [S, root mean square of the sd of a read over the levels] */
    MEMQC_MLP_PROPERTY_WIRES = 7,     /**< #MEMQC_MLP_WIRE_RESISTANCE [ohm] */
    MEMQC_MLP_PROPERTY_FAULTS = 8,    /**< STUCK_... [fraction of the cells] */
    MEMQC_MLP_PROPERTY_DRIFT = 9      /**< DRIFT_... and RELAXATION_... [root mean square of the change of G, over G_MAX - G_MIN] */
};

/** What memqc_mlp_limit() tells of a property. @since 0.2 */
enum {
    MEMQC_MLP_LIMIT_IDEAL = 1,         /**< mean accuracy with all properties ideal */
    MEMQC_MLP_LIMIT_ACCURACY = 2,      /**< with this one as it is */
    MEMQC_MLP_LIMIT_LOSS = 3,          /**< mean of the differences, instance by instance */
    MEMQC_MLP_LIMIT_LOSS_LOW = 4,      /**< its 95 % confidence interval, by Student's t */
    MEMQC_MLP_LIMIT_LOSS_HIGH = 5,
    MEMQC_MLP_LIMIT_VALUE = 6,         /**< how much of the property there is, as MEMQC_MLP_PROPERTY_... says; of layers that
                                            differ, the worst */
    MEMQC_MLP_LIMIT_FACTOR = 7,        /**< how many times as much of it leaves a mean accuracy of the target, within 2 %;
                                            infinity: as much as its parameters can say. NaN: there is none of it, there was no
                                            target, or the target is missed even without it */
    MEMQC_MLP_LIMIT_FACTOR_LOW = 8,    /**< 95 % confidence interval: the factors at which that of the mean holds the target */
    MEMQC_MLP_LIMIT_FACTOR_HIGH = 9,
    MEMQC_MLP_LIMIT_REQUIRED = 10,     /**< the same as an amount: at most so much, or at least so many levels. Also where there is
                                            none of it, for equal D2D_G_MAX and D2D_G_MIN, ASYMMETRY (NEUROSIM: equal labels),
                                            READ_NOISE_RELATIVE, equal STUCK_ON and STUCK_OFF, DRIFT_NU, or a constant noise of
                                            programming; NaN where the model knows no such thing */
    MEMQC_MLP_LIMIT_REQUIRED_LOW = 11,
    MEMQC_MLP_LIMIT_REQUIRED_HIGH = 12
};

/** What limits a trained network on a device: how much accuracy a property costs by itself, all others being ideal, and how much of
 *  it a target accuracy has room for (the device may have more than that of one only where it has less of the others). With
 *  MEMQC_MLP_PROPERTY_ALL, all together. The answers are read by memqc_mlp_limit(), until the next call for the same property or
 *  memqc_mlp_reset(); they are not saved.
 *
 *  All is measured on instances as memqc_mlp_monte_carlo() makes them, with the same random numbers for each device. It takes 2 times
 *  as many evaluations as there are instances, with a target about 10 to 25 times (once, where nothing is random); wires take a
 *  solution of the circuit for each line of the shorter side of each array.
 *  @param mlp        as for memqc_mlp_monte_carlo(); trained for what it is to be used for
 *  @param property   MEMQC_MLP_PROPERTY_...
 *  @param target     accuracy, 0 .. 1; 0: nothing is searched for
 *  @param instances  2 .. 1000000
 *  @param device, seconds, threads, n, x, ldx, labels  as for memqc_mlp_monte_carlo()
 *  @return ARGUMENT, NOMEM, DATA; the earlier answers stay then  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_sensitivity(memqc_mlp *mlp, const memqc_device *device, int32_t property, double target,
                                             double seconds, size_t instances, size_t threads, size_t n, const float *x, size_t ldx,
                                             const int32_t *labels);

/** Reads an answer of memqc_mlp_sensitivity(). @param property  MEMQC_MLP_PROPERTY_...   @param what  MEMQC_MLP_LIMIT_...
 *  @return ARGUMENT, STATE (this property was not asked for)  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_limit(const memqc_mlp *mlp, int32_t property, int32_t what, double *value);

#ifdef __cplusplus
}
#endif

#endif
