/* SPDX-License-Identifier: BSD-3-Clause */
/** @file mlp.h
 *  Multilayer perceptrons whose weights live on crossbars, and their training.
 *
 *  A network of sizes (n0, n1, ..., nL) has L layers; layer l computes h = f(x W + b) with W of n(l) x n(l+1) on its own
 *  memqc_crossbar and b held digitally. Class c is output unit c. The defaults are the settings under which the paper's
 *  Figure 5 is reproduced: logistic units, squared error, 1-bit inputs, minibatches of 10, learning rate 10.
 */
#ifndef MEMQC_MLP_H
#define MEMQC_MLP_H

#include "crossbar.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A network and the state of its training. @since 0.1 */
typedef struct memqc_mlp memqc_mlp;

/** Keys of memqc_mlp_set() and memqc_mlp_get(). RULE, MAPPING, WEIGHT_RANGE and INIT_RANGE shape the initial weights:
 *  once those are drawn, setting them is refused with MEMQC_ERROR_STATE until memqc_mlp_reset(). @since 0.1 */
enum {
    MEMQC_MLP_RULE = 1,             /**< MEMQC_MLP_RULE_...; default NEAREST_LEVEL with a device, FLOAT without */
    MEMQC_MLP_ACTIVATION = 2,       /**< MEMQC_MLP_LOGISTIC, _TANH or _RELU; default LOGISTIC */
    MEMQC_MLP_LOSS = 3,             /**< MEMQC_MLP_SQUARED_ERROR or _CROSS_ENTROPY; default SQUARED_ERROR */
    MEMQC_MLP_LEARNING_RATE = 4,    /**< above 0, at most 1e6; default 10 */
    MEMQC_MLP_BATCH = 5,            /**< samples a minibatch, 1 .. 65536, whole; default 10 */
    MEMQC_MLP_INPUT_BITS = 6,       /**< 1: an input above INPUT_THRESHOLD counts as 1, else as 0 (default);
                                         0: inputs in full precision */
    MEMQC_MLP_INPUT_THRESHOLD = 7,  /**< see INPUT_BITS; default 0.5 */
    MEMQC_MLP_MAPPING = 8,          /**< MEMQC_CROSSBAR_MAPPING_...; default SINGLE. Not used by RULE_FLOAT */
    MEMQC_MLP_WEIGHT_RANGE = 9,     /**< largest weight of a crossbar, 1e-6 .. 1e6; default 1. Not used by RULE_FLOAT */
    MEMQC_MLP_INIT_RANGE = 10,      /**< initial weights are uniform in -r .. r; 0 .. 1e6; default 0: WEIGHT_RANGE on
                                         crossbars, sqrt(6 / (inputs + outputs)) of the layer for RULE_FLOAT */
    MEMQC_MLP_PROGRESS_INTERVAL = 11 /**< samples between two calls of the progress function, 1 .. 1e9; default 1000;
                                         it is called after the minibatch that crosses it, and at the epoch's end */
};

/** Values of #MEMQC_MLP_RULE: what a minibatch's gradient does to the weights. @since 0.1 */
enum {
    MEMQC_MLP_RULE_FLOAT = 1,        /**< w <- w - lr grad in float32, no device: the baseline */
    MEMQC_MLP_RULE_NEAREST_LEVEL = 2 /**< w moves to the level nearest to (its level's nominal weight - lr grad); only
                                          changed cells are programmed and draw noise (the paper's rule) */
};

/** Values of #MEMQC_MLP_ACTIVATION. @since 0.1 */
enum {
    MEMQC_MLP_LOGISTIC = 1, /**< 1 / (1 + exp(-a)) */
    MEMQC_MLP_TANH = 2,     /**< tanh(a) */
    MEMQC_MLP_RELU = 3      /**< max(a, 0) */
};

/** Values of #MEMQC_MLP_LOSS, each a mean over samples, the target being 1 for the label's unit and 0 for the others.
 *  @since 0.1 */
enum {
    MEMQC_MLP_SQUARED_ERROR = 1, /**< sum over outputs of (h - target)^2 / 2; outputs pass the activation */
    MEMQC_MLP_CROSS_ENTROPY = 2  /**< -log of the label's softmax probability; outputs are softmax */
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

/** Sets a parameter. @return ARGUMENT (key, value), STATE (weights already drawn)  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_set(memqc_mlp *mlp, int32_t key, double value);
/** Reads a parameter. @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_get(const memqc_mlp *mlp, int32_t key, double *value);
/** Finds a key by its name, such as "learning_rate". @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_key(const char *name, int32_t *key);
/** Name, unit, bounds and default of a key; see memqc_device_describe(). @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_describe(int32_t key, const char **name, const char **unit, double *min, double *max,
                                          double *initial);

/** Sets the seed of initial weights, shuffling and device noise; a new network has seed 0. @return ARGUMENT, STATE
 *  (weights already drawn)  @since 0.1 */
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

/** Weights and biases of a layer, as the forward pass uses them (device noise included).
 *  @param layer  0 .. layers - 1   @param w  inputs x outputs, ldw >= outputs; may be NULL   @param bias  outputs; may be NULL
 *  @return ARGUMENT, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_get_weights(memqc_mlp *mlp, size_t layer, float *w, size_t ldw, float *bias);

/** Programs the weights of a layer (nearest level, with noise, on a crossbar) and sets its biases; either may be NULL to
 *  stay. @return ARGUMENT, NOMEM, DATA  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_set_weights(memqc_mlp *mlp, size_t layer, const float *w, size_t ldw,
                                             const float *bias);

/** The crossbar of a layer, to look at: it belongs to the network and lives until memqc_mlp_reset() or
 *  memqc_mlp_destroy(). @return ARGUMENT, NOMEM, STATE (RULE_FLOAT has none)  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_crossbar(memqc_mlp *mlp, size_t layer, const memqc_crossbar **out);

#ifdef __cplusplus
}
#endif

#endif
