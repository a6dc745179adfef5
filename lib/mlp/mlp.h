/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside a network. */
#ifndef MQC_MLP_MLP_H
#define MQC_MLP_MLP_H

#include <memqc/mlp.h>

#include "core/params.h"
#include "mlp/kernels.h"

enum { MQC_MLP_KEYS = MEMQC_MLP_PROGRESS_INTERVAL, MQC_MLP_LAYERS = 63 };

extern const struct mqc_params mqc_mlp_params;

struct mqc_layer {
    size_t in, out;
    float *bias, *bias_sum;
    float *w;           /* in x out: the weights of RULE_FLOAT */
    memqc_crossbar *xb; /* those of the others */
    float *grad;        /* in x out, for rules that need to see it */
    /* What a failed call goes back to: */
    float *bias_kept, *w_kept;
    memqc_crossbar *xb_kept;
};

/* An update rule, one file each. */
struct mqc_rule {
    const char *name;
    int on_crossbar; /* weights live on crossbars, so that there must be a device */
    /* w <- w - rate h^T delta, h of m x in, delta of m x out; rate is the learning rate over m. */
    memqc_status (*update)(struct mqc_layer *layer, size_t m, const float *h, const float *delta, float rate);
};

extern const struct mqc_rule mqc_rule_float, mqc_rule_nearest_level;

/* Sums over the samples of the epoch so far. */
struct mqc_running {
    size_t samples, correct;
    double loss;
};

struct memqc_mlp {
    size_t n_layers;
    struct mqc_layer layer[MQC_MLP_LAYERS];
    memqc_device *device;
    uint64_t seed;
    double value[MQC_MLP_KEYS + 1];
    int ready; /* weights are drawn */

    /* Progress; running.samples > 0 between calls only where the caller stopped an epoch of epoch_samples. */
    uint32_t epochs;
    size_t epoch_samples;
    struct mqc_running running;

    /* Scratch: room for so many samples in the layers, so many in the shuffled order. */
    size_t batch_room, order_room;
    float *h[MQC_MLP_LAYERS + 1]; /* h[0] the inputs, h[l + 1] the outputs of layer l */
    float *delta, *back, *log_sum;
    uint32_t *order, *words;
};

static inline size_t mqc_mlp_inputs(const memqc_mlp *mlp) {
    return mlp->layer[0].in;
}

static inline size_t mqc_mlp_outputs(const memqc_mlp *mlp) {
    return mlp->layer[mlp->n_layers - 1].out;
}

static inline const struct mqc_rule *mqc_mlp_rule(const memqc_mlp *mlp) {
    return mlp->value[MEMQC_MLP_RULE] == MEMQC_MLP_RULE_FLOAT ? &mqc_rule_float : &mqc_rule_nearest_level;
}

/* Scratch for minibatches of m samples. */
memqc_status mqc_mlp_reserve(memqc_mlp *mlp, size_t m);

/* m samples through the network: x[index[i]] (or x[i] where index is NULL) to mlp->h. DATA on NaN or infinity, the place
 * named. */
memqc_status mqc_mlp_forward(memqc_mlp *mlp, const char *function, size_t m, const float *x, size_t ldx, size_t first,
                             const uint32_t *index);

/* Loss of sample i of the minibatch in mlp->h, and its predicted class. */
double mqc_mlp_loss(const memqc_mlp *mlp, size_t i, int32_t label);
int32_t mqc_mlp_class(const memqc_mlp *mlp, size_t i);

/* Gradients of the mean loss of the minibatch in mlp->h, and one step of every layer against them. */
memqc_status mqc_mlp_backward(memqc_mlp *mlp, size_t m, const int32_t *labels, const uint32_t *index);

/* The status of a call that may have drawn the weights: where it failed and they were not there before, they go again. */
memqc_status mqc_mlp_finish(memqc_mlp *mlp, int was_ready, memqc_status status);

/* Labels must be classes of the network. */
memqc_status mqc_mlp_check_labels(const memqc_mlp *mlp, const char *function, size_t n, const int32_t *labels);

memqc_status mqc_mlp_check_samples(const memqc_mlp *mlp, const char *function, size_t n, size_t ldx);

#endif
