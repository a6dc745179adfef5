/* SPDX-License-Identifier: BSD-3-Clause */
/** @file mlp.h
 *  Multilayer perceptrons whose weights live on crossbars, and their training.
 *
 *  A network of sizes (n0, n1, ..., nL) has L layers. Layer l computes h = f(x W + b). Its weights
 *  W, n(l) x n(l+1), are on a crossbar of its own; its biases b are digital, or one more row of the
 *  crossbar. Class c is output unit c. The defaults are the settings that reproduce Figure 5 of the
 *  paper: logistic units, squared error, 1-bit inputs, minibatches of 10, learning rate 10.
 *
 *  Weights are drawn by the first call that needs them, or by memqc_mlp_init(). Training,
 *  predictions and evaluations read the arrays alike. Each sample is a vector of the arrays that it
 *  passes. A prediction between two epochs thus changes the numbers of later vectors, and with them
 *  their read noise. It changes nothing else.
 *
 *  While memqc_mlp_train_epoch(), _fit(), _monte_carlo() or _sensitivity() runs, its progress
 *  function may read the network: it may call all functions of a const network,
 *  memqc_mlp_get_weights(), _borrow_crossbar() and _transfer(). It must not call
 *  memqc_mlp_destroy(). All other functions fail with #MEMQC_ERROR_STATE.
 */
#ifndef MEMQC_MLP_H
#define MEMQC_MLP_H

#include "crossbar.h"
#include "mlp_keys.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A network and the state of its training. @since 0.1 */
typedef struct memqc_mlp memqc_mlp;

/** All layers: an argument `layer` of memqc_mlp_set_layer(). @since 0.3 */
#define MEMQC_MLP_ALL ((size_t)-1)

/** New network.
 *  @param sizes    units of each layer, inputs first, each 1 or more; neighbours multiply to 2^30
 *                  at most
 *  @param n_sizes  2 .. 64
 *  @param device   copied for every layer; NULL: a network without devices, all layers under
 *                  #MEMQC_MLP_RULE_FLOAT
 *  @param seed     of initial weights, shuffling, dropout, the validation split, and of the cells
 *                  of all arrays
 *  @return ARGUMENT, NOMEM  @since 0.1, seed 0.3 */
MEMQC_API memqc_status memqc_mlp_create(const size_t *sizes, size_t n_sizes,
                                        const memqc_device *device, uint64_t seed, memqc_mlp **out);

/** New network that equals another: parameters, devices, weights, training and its history. It has
 *  no progress function and no checkpoint. @return ARGUMENT, NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_copy(const memqc_mlp *mlp, memqc_mlp **out);

/** Frees a network and sets the pointer to NULL. NULL and a pointer to NULL are fine. @since 0.1 */
MEMQC_API void memqc_mlp_destroy(memqc_mlp **mlp);

/** Sets the seed. @return ARGUMENT, STATE (the weights are drawn)  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_set_seed(memqc_mlp *mlp, uint64_t seed);

/** Gets the seed. @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_get_seed(const memqc_mlp *mlp, uint64_t *seed);

/** Draws the initial weights, unless they are drawn. Biases start at 0. @return ARGUMENT (the
 *  parameters of a layer contradict each other), NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_init(memqc_mlp *mlp);

/** Forgets weights and training. Parameters, devices and seed stay. @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_reset(memqc_mlp *mlp);

/** Layers (n_sizes - 1), inputs (sizes[0]) and outputs. Any pointer may be NULL. @return ARGUMENT
 *  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_get_shape(const memqc_mlp *mlp, size_t *layers, size_t *inputs,
                                           size_t *outputs);

/** Sizes of a network: units of each layer, inputs first, as memqc_mlp_create() takes them.
 *  @param room     elements of sizes; 0 asks for n_sizes alone
 *  @param sizes    n_sizes numbers
 *  @param n_sizes  layers + 1; set also where the room is too little
 *  @return ARGUMENT (room)  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_get_sizes(const memqc_mlp *mlp, size_t room, size_t *sizes,
                                           size_t *n_sizes);

/* --- parameters --- */

/** Number of parameters. @since 0.3 */
MEMQC_API size_t memqc_mlp_keys(void);

/** Key of a parameter. @param index  0 .. memqc_mlp_keys() - 1  @return the key; 0 past the end
 *  @since 0.3 */
MEMQC_API int32_t memqc_mlp_key_at(size_t index);

/** Finds a key by its name, such as "learning_rate". @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_key(const char *name, int32_t *key);

/** A text of a key. @param what  MEMQC_KEY_NAME, _UNIT, _GROUP or _TEXT
 *  @return the text, which lives as long as the library; NULL for a bad key or what  @since 0.3 */
MEMQC_API const char *memqc_mlp_key_text(int32_t key, int32_t what);

/** A number of a key. @param what  MEMQC_KEY_KIND, _MIN, _MAX, _INITIAL, _BY_LAYER or _SETTLED
 *  @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_key_value(int32_t key, int32_t what, double *value);

/** Name of a choice, such as "noise-aware" for #MEMQC_MLP_RULE_NOISE_AWARE.
 *  @param key  a parameter of the kind #MEMQC_KIND_CHOICE   @param value  one of its choices
 *  @return the name, which lives as long as the library; NULL for none  @since 0.3 */
MEMQC_API const char *memqc_mlp_choice_name(int32_t key, int32_t value);

/** Finds a choice of a parameter by its name. @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_choice(int32_t key, const char *name, int32_t *value);

/** Sets a parameter. A parameter that is by layer is set in all layers.
 *  @return ARGUMENT (key; value; no layer uses the parameter; parameters contradict each other),
 *          STATE (the drawing of the weights settled it)  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_set(memqc_mlp *mlp, int32_t key, double value);

/** Gets a parameter. Of a parameter that is by layer: the value last set for all layers.
 *  @return ARGUMENT  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_get(const memqc_mlp *mlp, int32_t key, double *value);

/** Sets several parameters. They are checked together: their order does not matter, and either all
 *  are set or none.
 *  @param n       how many   @param keys  n different keys   @param values  n values
 *  @return as memqc_mlp_set(); ARGUMENT also for a key that comes twice  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_set_many(memqc_mlp *mlp, size_t n, const int32_t *keys,
                                          const double *values);

/** Whether a parameter has an effect now. @param flag  1 where a layer uses it, else 0
 *  @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_uses(const memqc_mlp *mlp, int32_t key, int32_t *flag);

/** Sets a parameter of one layer.
 *  @param layer  0 .. layers - 1, or #MEMQC_MLP_ALL, which is memqc_mlp_set()
 *  @param key    one that is by layer
 *  @return ARGUMENT (layer; key; value; the layer does not use it; parameters contradict each
 *          other), STATE (the drawing of the weights settled it)  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_set_layer(memqc_mlp *mlp, size_t layer, int32_t key, double value);

/** Gets a parameter of one layer. @return ARGUMENT (layer; a key that is not by layer)
 *  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_get_layer(const memqc_mlp *mlp, size_t layer, int32_t key,
                                           double *value);

/** Sets a parameter of the array of a layer (crossbar_keys.h): converters, wires, tiles,
 *  programming scheme, mapping, update rule. Training, predictions, evaluations and studies use
 *  this array.
 *
 *  Before the weights are drawn, the value is kept for the array to come. Afterwards it is set in
 *  the living array, which refuses parameters that its first programming settled. A layer whose
 *  weights are digital keeps the values for memqc_mlp_transfer(). Parameters that were never set
 *  follow the device of the layer.
 *  @param layer  0 .. layers - 1, or #MEMQC_MLP_ALL for all layers that use the parameter
 *  @param key    MEMQC_CROSSBAR_...
 *  @return ARGUMENT (layer; key; value; the array does not use the parameter; parameters contradict
 *          each other), STATE (settled); no layer is changed then  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_set_crossbar(memqc_mlp *mlp, size_t layer, int32_t key,
                                              double value);

/** Gets a parameter of the array of a layer. @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_get_crossbar(const memqc_mlp *mlp, size_t layer, int32_t key,
                                              double *value);

/** Gives one layer another device. The rule stays: a layer without a device is under
 *  #MEMQC_MLP_RULE_FLOAT until another rule is set.
 *  @param device  copied; NULL takes the device away, which only #MEMQC_MLP_RULE_FLOAT allows
 *  @return ARGUMENT, NOMEM, STATE (the weights are drawn)  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_set_device(memqc_mlp *mlp, size_t layer,
                                            const memqc_device *device);

/** A copy of the device of a layer, which the caller destroys. @return ARGUMENT, NOMEM, STATE (the
 *  layer has none)  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_get_device(const memqc_mlp *mlp, size_t layer, memqc_device **out);

/* --- training --- */

/** Installs the progress function. Training calls it at every multiple of
 *  #MEMQC_MLP_PROGRESS_INTERVAL samples and at the end of each epoch; studies call it after
 *  instances. It is neither copied nor saved.
 *  @param progress  NULL: none   @param user  its first argument  @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_set_progress(memqc_mlp *mlp, memqc_progress progress, void *user);

/** Makes training save the network, as memqc_mlp_save() does: at the end of each epoch, and within
 *  an epoch after the minibatch that crosses a multiple of `samples`. To go on after a crash, call
 *  memqc_mlp_load() and repeat the call that was training.
 *  @param path     copied, but not saved; NULL: no more checkpoints
 *  @param samples  0: at the end of epochs only
 *  @return ARGUMENT (samples without a path), NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_set_checkpoint(memqc_mlp *mlp, const char *path, uint64_t samples);

/** Trains one epoch: every sample once, shuffled by the seed, in minibatches.
 *
 *  If the progress function stops it, the weights learnt so far are kept. The next call goes on in
 *  this epoch if its n is equal; otherwise it begins the epoch anew.
 *  @param n       samples, up to 2^32 - 1; with 0 nothing happens, and no epoch is counted
 *  @param x       n x inputs, leading dimension ldx >= inputs
 *  @param labels  n labels, 0 .. outputs - 1
 *  @return ARGUMENT, NOMEM, DATA (a label; NaN or infinity in x: sample and place are named),
 *          DIVERGED (sample and epoch are named), IO (a checkpoint): the network is then as before
 *          the call. STOPPED  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_train_epoch(memqc_mlp *mlp, size_t n, const float *x, size_t ldx,
                                             const int32_t *labels);

/** Trains until `epochs` epochs are completed, those of earlier calls included.
 *
 *  With #MEMQC_MLP_VALIDATION a part of the samples, drawn by the seed, is held back. The network
 *  is evaluated on them after each epoch; PATIENCE and RESTORE_BEST use the result. Without
 *  VALIDATION the call is a loop over memqc_mlp_train_epoch(). After a stop, or on a network that
 *  was loaded, a call with equal arguments goes on: the final weights are those of a training
 *  without interruption, to the last bit.
 *  @param n       samples; with VALIDATION 2 or more; with 0 nothing happens
 *  @param epochs  1 .. 1000000
 *  @param x, ldx, labels  as for memqc_mlp_train_epoch()
 *  @return as memqc_mlp_train_epoch()  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_fit(memqc_mlp *mlp, size_t n, const float *x, size_t ldx,
                                     const int32_t *labels, uint32_t epochs);

/** Number of completed epochs. @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_get_epochs(const memqc_mlp *mlp, uint32_t *epochs);

/** A number of a completed epoch. @param epoch  from 1   @param what  MEMQC_MLP_HISTORY_...
 *  @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_get_history(const memqc_mlp *mlp, uint32_t epoch, int32_t what,
                                             double *value);

/** The epoch whose network was best on the samples that memqc_mlp_fit() held back; 0: none.
 *  @return ARGUMENT  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_get_best_epoch(const memqc_mlp *mlp, uint32_t *epoch);

/* --- use --- */

/** Outputs and classes of n samples.
 *  @param n        samples, up to 2^32 - 1; with 0 nothing happens
 *  @param x        n x inputs, leading dimension ldx >= inputs
 *  @param outputs  n x outputs, leading dimension ldo >= outputs (probabilities under
 *                  CROSS_ENTROPY); may be NULL
 *  @param classes  n indexes of the largest output, the lowest of equals; may be NULL
 *  @return ARGUMENT, NOMEM, DATA (NaN or infinity in x)  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_predict(memqc_mlp *mlp, size_t n, const float *x, size_t ldx,
                                         float *outputs, size_t ldo, int32_t *classes);

/** Mean loss, accuracy and confusion matrix of n labelled samples.
 *  @param n          samples, up to 2^32 - 1; with 0 nothing happens, and nothing is set
 *  @param loss       may be NULL   @param accuracy  0 .. 1; may be NULL
 *  @param confusion  outputs x outputs counts, row = label, column = predicted class; may be NULL
 *  @param x, ldx, labels  as for memqc_mlp_train_epoch()
 *  @return ARGUMENT, NOMEM, DATA (a label; NaN or infinity in x)  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_evaluate(memqc_mlp *mlp, size_t n, const float *x, size_t ldx,
                                          const int32_t *labels, double *loss, double *accuracy,
                                          uint64_t *confusion);

/** Gets the weights and biases of a layer, as its cells hold them. Biases that are a row of the
 *  array count as biases.
 *  @param w     inputs x outputs of the layer, leading dimension ldw >= outputs; may be NULL
 *  @param bias  outputs of the layer; may be NULL
 *  @return ARGUMENT, NOMEM  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_get_weights(memqc_mlp *mlp, size_t layer, float *w, size_t ldw,
                                             float *bias);

/** Programs the weights of a layer and sets its biases. NULL leaves either as it is.
 *  @param w, ldw, bias  as for memqc_mlp_get_weights()
 *  @return ARGUMENT, NOMEM, DATA (NaN or infinity)  @since 0.1 */
MEMQC_API memqc_status memqc_mlp_set_weights(memqc_mlp *mlp, size_t layer, const float *w,
                                             size_t ldw, const float *bias);

/** The crossbar of a layer, to read. It belongs to the network and lives until memqc_mlp_reset() or
 *  memqc_mlp_destroy(). @return ARGUMENT, NOMEM, STATE (the weights of the layer are digital)
 *  @since 0.3 */
MEMQC_API memqc_status memqc_mlp_borrow_crossbar(memqc_mlp *mlp, size_t layer,
                                                 const memqc_crossbar **out);

/** New network: the weights of a trained network, programmed onto new arrays. It has the
 *  parameters, the seed and the biases of the trained network, and has completed no epoch.
 *
 *  A layer whose weights are digital (FLOAT, NOISE_AWARE) is put onto an array, with OPTIMIZER SGD.
 *  Under FLOAT, #MEMQC_MLP_TRANSFER_RANGE gives the range of the array; under NOISE_AWARE, it is
 *  the range for which the layer was trained. A layer on an array keeps its rule and range; the
 *  weights that its cells hold are programmed anew.
 *  @param mlp     its weights are drawn if they were not yet; nothing else changes
 *  @param device  copied for every layer; NULL: each layer's own
 *  @return ARGUMENT (also: a layer has no device, and none is given), NOMEM  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_transfer(memqc_mlp *mlp, const memqc_device *device,
                                          memqc_mlp **out);

/* --- saving --- */

/** Saves parameters, seed, weights, devices, training and its history. The file is written under
 *  a name of its own beside path, flushed to the disk and renamed: if saving is interrupted, the
 *  old file stays whole. The permissions of an old file are kept.
 *  @return ARGUMENT, NOMEM, IO  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_save(const memqc_mlp *mlp, const char *path);

/** New network from a file. It goes on as the saved one would have, to the last bit where base.h
 *  says that results are equal.
 *  @return ARGUMENT, NOMEM, IO, FORMAT (truncated, altered, foreign, of version 0.2 or older, or of
 *          a newer version)  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_load(const char *path, memqc_mlp **out);

/** The bytes of memqc_mlp_save() to memory.
 *  @param data  room bytes; NULL with room 0, to ask for the size
 *  @param size  becomes the number of bytes, also where the room is too small
 *  @return ARGUMENT, NOMEM  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_save_memory(const memqc_mlp *mlp, void *data, size_t room,
                                             size_t *size);

/** New network from memory. @return ARGUMENT, NOMEM, FORMAT  @since 0.2 */
MEMQC_API memqc_status memqc_mlp_load_memory(const void *data, size_t size, memqc_mlp **out);

#ifdef __cplusplus
}
#endif

#endif
