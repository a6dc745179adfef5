/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside a network: its layers, what training changes in them, how far training is, and the memory
 * of a minibatch. Every room of the network includes this. */
#ifndef MQC_MLP_PASS_INSIDE_H
#define MQC_MLP_PASS_INSIDE_H

#include <memqc/study.h>

#include "core/keys.h"
#include "crossbar/mapping/moments.h"
#include "mlp/pass/kernels.h"

enum {
    MQC_MLP_KEYS = MEMQC_MLP_TARGET - MEMQC_MLP_RULE + 1,
    MQC_MLP_LAYERS = 63,
    MQC_MLP_HISTORY = MEMQC_MLP_HISTORY_SATURATED - MEMQC_MLP_HISTORY_LOSS + 1
};

struct mqc_layer;
struct mqc_step;

/* An update rule, in mlp/rules/. */
struct mqc_rule {
    const char *name;
    int on_crossbar; /* weights live on a crossbar, whose own rule moves them */
    /* w <- w - rate h^T delta */
    memqc_status (*update)(struct mqc_layer *layer, const struct mqc_step *step);
    /* Writes to layer->seen what a minibatch finds instead of the digital weights. NULL for rules
     * whose minibatches find the weights themselves. */
    void (*look)(struct mqc_layer *layer, const struct mqc_step *step);
};

/* All that training changes in a layer, and nothing else. A store is copied to go back after a
 * failure, kept as the best so far, and saved. */
enum { MQC_STATES = 2 };
struct mqc_store {
    float *bias;              /* out: those of BIAS_DIGITAL */
    float *w;                 /* rows x out: the weights of rules that are not on_crossbar */
    memqc_crossbar *xb;       /* the weights of the others */
    float *state[MQC_STATES]; /* of the optimizer: rows x out for the weights and, behind them, out
                                 for the biases */
};

/* The parameters of a layer's arrays: an array that has them and is never programmed, and which of
 * them somebody chose. See mlp/pass/plan.h. */
struct mqc_plan {
    memqc_crossbar *array;
    uint8_t chosen[MQC_CROSSBAR_KEYS];
};

struct mqc_layer {
    size_t in;
    size_t out;
    size_t rows; /* in, and one more for biases on the array: settled with the weights */
    memqc_device *device;
    struct mqc_plan plan;
    double value[MQC_MLP_KEYS];  /* of the parameters by layer */
    const struct mqc_rule *rule; /* the one that mqc_mlp_value(value, MEMQC_MLP_RULE) names */
    struct mqc_store now;
    struct mqc_store kept;
    struct mqc_store best[2];
    float *bias_sum;
    float *grad; /* rows x out, for rules that need to see it */
    /* Of rules that look at weights through a device: */
    float *seen; /* rows x out: the weights that a minibatch finds; NULL: those of now */
    struct mqc_moments moments;
};

/* A minibatch at a layer, and what the learning rate makes of it. */
struct mqc_step {
    size_t m;
    const float *h;     /* m x rows */
    const float *delta; /* m x out */
    size_t ldh;
    size_t ldd;
    float rate;           /* the learning rate over m */
    double full;          /* the learning rate itself */
    const char *function; /* for the texts */
    const double *value;  /* parameters of the network */
    uint64_t seed;        /* of the layer's own draws */
    uint64_t number;      /* of the minibatch, from 0 */
    /* Of the optimizer: */
    float momentum;
    float beta1;
    float beta2;
    float epsilon;
    double correction; /* of Adam's first moments by its second ones */
};

/* Totals over the crossbars of a network. */
struct mqc_effort {
    double pulses;
    double energy;
    double saturated;
};

/* Sums over the samples of the epoch so far. */
struct mqc_running {
    size_t samples;
    size_t correct;
    double loss;
    struct mqc_effort before; /* when it began */
};

/* How far training is. running.samples > 0 between calls only where the caller stopped an epoch of
 * epoch_samples. */
struct mqc_progress {
    uint32_t epochs;
    uint32_t best_epoch;
    size_t epoch_samples;
    uint64_t steps; /* minibatches in all */
    struct mqc_running running;
    double best;   /* what is monitored, the lower the better */
    int best_kept; /* its weights are in best[best_slot] of each layer */
    int best_slot;
};

/* The values of a minibatch between two layers: units[0] holds the inputs, units[l + 1] the outputs
 * of layer l. */
struct mqc_units {
    size_t ld;        /* of every row below */
    float *h;         /* the values */
    float *mask;      /* of dropout: 0 or the factor */
    float *masked;    /* h times mask */
    float *in;        /* what layer l got in the last forward pass: h or masked */
    size_t drop_room; /* samples that mask and masked have room for */
};

struct memqc_mlp {
    size_t n_layers;
    struct mqc_layer *layer;
    uint64_t seed;
    double value[MQC_MLP_KEYS];
    int ready;        /* weights are drawn */
    const char *busy; /* the call at work that reports progress; NULL: none */
    memqc_progress progress;
    void *progress_user;
    struct mqc_progress at;

    double *history; /* MQC_MLP_HISTORY values for each completed epoch */
    size_t history_room;

    char *checkpoint; /* the file's name, or NULL */
    uint64_t checkpoint_samples;

    /* Scratch of the passes, for minibatches of batch_room samples: */
    size_t batch_room;
    struct mqc_units *units; /* n_layers + 1 */
    float *delta;
    float *back;
    float *log_sum;

    /* The shuffled order of an epoch and the split for validation, with room for samples: */
    size_t order_room;
    size_t split_room;
    uint32_t *order;
    uint32_t *words;
    uint32_t *split;
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

/* The place of a parameter among the values, and its value. */
static inline size_t mqc_mlp_index(int32_t key) {
    return (size_t)(key - MEMQC_MLP_RULE);
}

static inline double mqc_mlp_value(const double *value, int32_t key) {
    return value[mqc_mlp_index(key)];
}

static inline size_t mqc_mlp_inputs(const memqc_mlp *mlp) {
    return mlp->layer[0].in;
}

static inline size_t mqc_mlp_outputs(const memqc_mlp *mlp) {
    return mlp->layer[mlp->n_layers - 1].out;
}

/* Units of each layer, inputs first: n_layers + 1 of them. */
static inline void mqc_mlp_sizes(const memqc_mlp *mlp, size_t *sizes) {
    sizes[0] = mlp->layer[0].in;
    for (size_t l = 0; l < mlp->n_layers; l++)
        sizes[l + 1] = mlp->layer[l].out;
}

/* Does its rule look at a device? */
static inline int mqc_layer_uses_device(const struct mqc_layer *layer) {
    return layer->rule->on_crossbar || layer->rule->look;
}

static inline int mqc_layer_bias_row(const struct mqc_layer *layer) {
    return mqc_mlp_value(layer->value, MEMQC_MLP_BIAS) == MEMQC_MLP_BIAS_ROW;
}

/* Number of values of a state. */
static inline size_t mqc_layer_state(const struct mqc_layer *layer) {
    return (layer->rows + 1) * layer->out;
}

/* Is layer l the softmax layer? */
static inline int mqc_mlp_is_softmax(const memqc_mlp *mlp, size_t l) {
    return l + 1 == mlp->n_layers &&
           mqc_mlp_value(mlp->value, MEMQC_MLP_LOSS) == MEMQC_MLP_CROSS_ENTROPY;
}

#endif
