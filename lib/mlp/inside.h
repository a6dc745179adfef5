/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside a network. */
#ifndef MQC_MLP_MLP_H
#define MQC_MLP_MLP_H

#include <memqc/mlp.h>

#include "core/archive.h"
#include "core/params.h"
#include "crossbar/mapping/moments.h"
#include "mlp/pass/kernels.h"

enum {
    MQC_MLP_KEYS = MEMQC_MLP_WIRE_RESISTANCE,
    MQC_MLP_LAYERS = 63,
    MQC_MLP_HISTORY = MEMQC_MLP_HISTORY_SATURATED
};
enum {
    MQC_MLP_PROPERTIES = MEMQC_MLP_PROPERTY_DRIFT,
    MQC_MLP_LIMITS = MEMQC_MLP_LIMIT_REQUIRED_HIGH
};

extern const struct mqc_params mqc_mlp_params;

/* All that training changes in a layer, and nothing else: this is copied to go back after a
 * failure, kept as the best so far, and saved. What an optimizer wants to remember, and behind it
 * what a rule wants to, are states: a rule says how many. */
enum { MQC_STATES = 4 };
struct mqc_store {
    float *bias;              /* out: those of BIAS_DIGITAL */
    float *w;                 /* rows x out: the weights of rules that are not on_crossbar */
    memqc_crossbar *xb;       /* those of the others */
    memqc_crossbar *fast;     /* the second array of rules that have one */
    float *state[MQC_STATES]; /* rows x out for the weights and, behind them, out for the biases */
};

struct mqc_layer {
    size_t in, out;
    size_t rows; /* in, and one more for biases on the array: settled with the weights */
    memqc_device *device;
    double value[MQC_MLP_KEYS + 1]; /* of the parameters by layer */
    struct mqc_store now, kept, best[2];
    float *bias_sum;
    float *grad; /* rows x out, for rules that need to see it */
    /* Of rules that look at weights through a device: */
    float *seen; /* rows x out: the weights that a minibatch finds; NULL: those of now */
    struct mqc_moments moments;
};

/* A minibatch at a layer, and what the learning rate makes of it. */
struct mqc_step {
    size_t m;
    const float *h, *delta; /* m x rows, m x out */
    size_t ldh, ldd;
    float rate;          /* the learning rate over m */
    double full;         /* and the learning rate itself */
    const double *value; /* parameters of the network */
    uint64_t seed;       /* of the layer's own draws */
    uint64_t number;     /* of the minibatch, from 0 */
    /* Of the optimizer: */
    float momentum, beta1, beta2, epsilon;
    double correction; /* of Adam's first moments by its second ones */
};

/* An update rule, one file each. */
struct mqc_rule {
    const char *name;
    int on_crossbar; /* weights live on crossbars, so that there must be a device */
    int digital;     /* it keeps digital weights or accumulators, for which momentum and Adam make
                        sense */
    int pairs;       /* the mapping must be DIFFERENTIAL */
    int fast;        /* it has a second array */
    size_t states;   /* of its own, which stand behind those of the optimizer */
    /* Once the weights are drawn; NULL for rules that need nothing more. */
    memqc_status (*begin)(struct mqc_layer *layer, uint64_t seed);
    /* w <- w - rate h^T delta */
    memqc_status (*update)(struct mqc_layer *layer, const struct mqc_step *step);
    /* What a minibatch finds instead of the digital weights, to layer->seen; NULL for rules that
     * are not for a device's sake digital. */
    void (*look)(struct mqc_layer *layer, const struct mqc_step *step);
};

extern const struct mqc_rule mqc_rule_float, mqc_rule_nearest_level, mqc_rule_stochastic,
    mqc_rule_sign, mqc_rule_mixed_precision, mqc_rule_one_directional, mqc_rule_noise_aware,
    mqc_rule_pulse_train, mqc_rule_tiki_taka, mqc_rule_tiki_taka_2;

/* Pulse trains for one sample: adds direction x rate times the outer product of x and d to an
 * array. */
memqc_status mqc_pulse_trains(const struct mqc_layer *layer, memqc_crossbar *xb, size_t n_x,
                              const float *x, size_t n_d, const float *d, double rate,
                              int direction);

/* Totals over the crossbars of a network. */
struct mqc_effort {
    double pulses, energy, saturated;
};

/* Sums over the samples of the epoch so far. */
struct mqc_running {
    size_t samples, correct;
    double loss;
    struct mqc_effort before; /* when it began */
};

/* How far training is; running.samples > 0 between calls only where the caller stopped an epoch of
 * epoch_samples. */
struct mqc_progress {
    uint32_t epochs, best_epoch;
    size_t epoch_samples;
    uint64_t steps; /* minibatches in all */
    struct mqc_running running;
    double best;   /* what is monitored, the lower the better */
    int best_kept; /* its weights are in best[best_slot] of each layer */
    int best_slot;
};

/* What memqc_mlp_sensitivity() found out about each property that it was asked for. */
struct mqc_limits {
    int known[MQC_MLP_PROPERTIES + 1];
    double value[MQC_MLP_PROPERTIES + 1][MQC_MLP_LIMITS + 1];
};

struct memqc_mlp {
    size_t n_layers;
    struct mqc_layer layer[MQC_MLP_LAYERS];
    uint64_t seed;
    double value[MQC_MLP_KEYS + 1];
    int ready; /* weights are drawn */
    struct mqc_progress at;

    double *history; /* MQC_MLP_HISTORY values for each completed epoch */
    size_t history_room;

    struct mqc_limits limits;

    char *checkpoint; /* the file's name, or NULL */
    uint64_t checkpoint_samples;

    /* Scratch: room for so many samples in the layers, so many in the shuffled order and in the
     * split. */
    size_t batch_room, order_room, split_room, drop_room[MQC_MLP_LAYERS + 1];
    float *h[MQC_MLP_LAYERS + 1];      /* h[0] the inputs, h[l + 1] the outputs of layer l; rows of
                                          ld[l] */
    float *mask[MQC_MLP_LAYERS + 1];   /* of dropout: 0 or the factor */
    float *masked[MQC_MLP_LAYERS + 1]; /* h times mask */
    size_t ld[MQC_MLP_LAYERS + 1];
    float *in[MQC_MLP_LAYERS + 1]; /* what layer l got in the last forward pass: h[l] or
                                          masked[l] */
    float *delta, *back, *log_sum;
    uint32_t *order, *words, *split;
};

/* Samples that a call gives, and which of them count: those of index, or all where that is NULL. */
struct mqc_samples {
    const char *function; /* for the texts */
    size_t n;
    const float *x;
    size_t ldx;
    const int32_t *labels;
    const uint32_t *index;
};

static inline size_t mqc_mlp_inputs(const memqc_mlp *mlp) {
    return mlp->layer[0].in;
}

static inline size_t mqc_mlp_outputs(const memqc_mlp *mlp) {
    return mlp->layer[mlp->n_layers - 1].out;
}

const struct mqc_rule *mqc_layer_rule(const struct mqc_layer *layer);

/* Does its rule look at a device? */
static inline int mqc_layer_uses_device(const struct mqc_layer *layer) {
    return mqc_layer_rule(layer)->on_crossbar || mqc_layer_rule(layer)->look;
}

static inline int mqc_layer_bias_row(const struct mqc_layer *layer) {
    return layer->value[MEMQC_MLP_BIAS] == MEMQC_MLP_BIAS_ROW;
}

/* Is layer l the softmax layer? */
static inline int mqc_mlp_is_softmax(const memqc_mlp *mlp, size_t l) {
    return l + 1 == mlp->n_layers && mlp->value[MEMQC_MLP_LOSS] == MEMQC_MLP_CROSS_ENTROPY;
}

memqc_status mqc_mlp_check_layer(const memqc_mlp *mlp, const char *function, size_t layer);

/* Do the parameters of a layer fit together? */
memqc_status mqc_layer_check(const memqc_mlp *mlp, size_t l, const char *function);

/* Has a layer's crossbar programmed as the parameters say. */
memqc_status mqc_layer_set_scheme(const struct mqc_layer *layer, memqc_crossbar *xb);

/* Makes all that a layer needs for weights, a crossbar of the parameters included, which is still
 * to be programmed. */
memqc_status mqc_layer_make(memqc_mlp *mlp, size_t l);

/* The step of a layer in the minibatch to come, as far as it does not depend on samples. */
struct mqc_step mqc_mlp_step(const memqc_mlp *mlp, size_t l, size_t m);

/* h^T delta times alpha, rows x out: to c, or added to it. */
memqc_status mqc_step_product(const struct mqc_layer *layer, const struct mqc_step *step,
                              float alpha, float beta, float *c);

/* What the optimizer takes off weights, taken off digital ones at w. */
memqc_status mqc_step_digital(struct mqc_layer *layer, const struct mqc_step *step, float *w);

/* Number of values of a state. */
static inline size_t mqc_layer_state(const struct mqc_layer *layer) {
    return (layer->rows + 1) * layer->out;
}

/* What a layer needs beside its stores, once its parameters are settled. */
memqc_status mqc_layer_prepare(struct mqc_layer *layer);

/* Stores: what a layer's rule and optimizer need, zeroed (no crossbar); a copy, into what is there
 * where there is something. */
memqc_status mqc_store_make(const struct mqc_layer *layer, struct mqc_store *store);
memqc_status mqc_store_copy(const struct mqc_layer *layer, struct mqc_store *to,
                            const struct mqc_store *from);
void mqc_store_free(struct mqc_store *store);

/* A layer's states that are its rule's own, from 0 on. */
float *mqc_layer_own_state(const struct mqc_layer *layer, size_t i);

/* w <- w - the optimizer's step for a mean gradient, for n parameters whose states stand from first
 * on. */
void mqc_optimize(const struct mqc_layer *layer, const struct mqc_step *step, size_t first,
                  size_t n, const float *grad, float *w);

/* The factor on the learning rate for the minibatch that ends with sample `last` of the epoch,
 * having begun with `first`. */
double mqc_mlp_schedule(const memqc_mlp *mlp, size_t first, size_t last);

/* Scratch for minibatches of m samples. */
memqc_status mqc_mlp_reserve(memqc_mlp *mlp, size_t m);
void mqc_mlp_drop_scratch(memqc_mlp *mlp);

/* m samples through the network: x[index[i]] (or x[first + i] where index is NULL) to mlp->h; in
 * training, with dropout. DATA on NaN or infinity, the place named. */
memqc_status mqc_mlp_forward(memqc_mlp *mlp, const struct mqc_samples *samples, size_t m,
                             size_t first, const uint32_t *index, int training);

/* Loss of sample i of the minibatch in mlp->h, and its predicted class. */
double mqc_mlp_loss(const memqc_mlp *mlp, size_t i, int32_t label);
int32_t mqc_mlp_class(const memqc_mlp *mlp, size_t i);

/* Gradients of the mean loss of the minibatch in mlp->h, and one step of every layer against them;
 * factor is the schedule's. */
memqc_status mqc_mlp_backward(memqc_mlp *mlp, size_t m, const int32_t *labels,
                              const uint32_t *index, double factor);

/* Mean loss and accuracy over samples, the latter's order being that of index. */
memqc_status mqc_mlp_score(memqc_mlp *mlp, const struct mqc_samples *samples, double *loss,
                           double *accuracy, uint64_t *confusion);

/* The status of a call that may have drawn the weights: where it failed and they were not there
 * before, they go again. */
memqc_status mqc_mlp_finish(memqc_mlp *mlp, int was_ready, memqc_status status);
void mqc_mlp_drop_weights(memqc_mlp *mlp);

/* What a training call begins with, and goes back to where it fails. */
memqc_status mqc_mlp_begin(memqc_mlp *mlp, size_t n, uint32_t epochs);
void mqc_mlp_go_back(memqc_mlp *mlp, const struct mqc_progress *start);

/* The rest of the epoch at hand. Where that completes it, it is counted and has its place in the
 * history. */
memqc_status mqc_mlp_epoch(memqc_mlp *mlp, const struct mqc_samples *samples,
                           memqc_mlp_progress progress, void *user);

/* The history: room for so many epochs; a value of an epoch; the values of the epoch that is being
 * completed. */
memqc_status mqc_history_reserve(memqc_mlp *mlp, size_t epochs);
double *mqc_history_at(const memqc_mlp *mlp, uint32_t epoch, int32_t what);
void mqc_history_note(memqc_mlp *mlp, double rate);
struct mqc_effort mqc_mlp_effort(const memqc_mlp *mlp);

/* To the checkpoint's file, where there is one. */
memqc_status mqc_mlp_save_checkpoint(const memqc_mlp *mlp, const char *function);

/* A copy of a network whose weights, which are drawn, are programmed onto other devices, for
 * memqc_mlp_transfer() and those who make many. */
struct mqc_onto {
    const char *function; /* for the texts */
    uint64_t seed;
    int untrained; /* it will not be trained, and needs nothing for that */
    const memqc_device *device[MQC_MLP_LAYERS];
    double tolerance[MQC_MLP_LAYERS]; /* factor on VERIFY_TOLERANCE, which is in levels of the
                                         device */
};
/* The network's seed, and the device for all layers, or each layer's own where that is NULL. */
struct mqc_onto mqc_onto_default(const memqc_mlp *mlp, const memqc_device *device,
                                 const char *function);
memqc_status mqc_mlp_transfer(const memqc_mlp *mlp, const struct mqc_onto *onto, memqc_mlp **out);

memqc_status mqc_mlp_check_training(const memqc_mlp *mlp, const char *function, size_t n,
                                    const float *x, size_t ldx, const int32_t *labels);
memqc_status mqc_mlp_check_samples(const memqc_mlp *mlp, const char *function, size_t n,
                                   size_t ldx);

#endif
