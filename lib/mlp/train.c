/* SPDX-License-Identifier: BSD-3-Clause */
/* One epoch of minibatches, and going back where it fails. */
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/crossbar.h"
#include "mlp/mlp.h"
#include "rng/rng.h"

#include <math.h>
#include <string.h>

struct progress {
    uint32_t epochs;
    size_t epoch_samples;
    struct mqc_running running;
};

static struct progress progress_of(const memqc_mlp *mlp) {
    const struct progress progress = {mlp->epochs, mlp->epoch_samples, mlp->running};
    return progress;
}

/* Remembers the weights as they are now. */
static memqc_status keep(memqc_mlp *mlp) {
    for (size_t l = 0; l < mlp->n_layers; l++) {
        struct mqc_layer *layer = &mlp->layer[l];
        memcpy(layer->bias_kept, layer->bias, layer->out * sizeof(float));
        if (!layer->xb)
            memcpy(layer->w_kept, layer->w, layer->in * layer->out * sizeof(float));
        else if (layer->xb_kept)
            mqc_crossbar_assign(layer->xb_kept, layer->xb);
        else
            MQC_TRY(mqc_crossbar_clone(layer->xb, &layer->xb_kept));
    }
    return MEMQC_OK;
}

static void go_back(memqc_mlp *mlp, const struct progress *progress) {
    mlp->epochs = progress->epochs;
    mlp->epoch_samples = progress->epoch_samples;
    mlp->running = progress->running;
    for (size_t l = 0; l < mlp->n_layers; l++) {
        struct mqc_layer *layer = &mlp->layer[l];
        memcpy(layer->bias, layer->bias_kept, layer->out * sizeof(float));
        if (layer->xb)
            mqc_crossbar_assign(layer->xb, layer->xb_kept);
        else
            memcpy(layer->w, layer->w_kept, layer->in * layer->out * sizeof(float));
    }
}

static memqc_status reserve_order(memqc_mlp *mlp, size_t n) {
    if (n <= mlp->order_room)
        return MEMQC_OK;
    uint32_t *order = mqc_alloc(n, sizeof *order), *words = mqc_alloc(n, 2 * sizeof *words);
    if (!order || !words) {
        mqc_free(order);
        mqc_free(words);
        return MEMQC_ERROR_NOMEM;
    }
    mqc_free(mlp->order);
    mqc_free(mlp->words);
    mlp->order = order;
    mlp->words = words;
    mlp->order_room = n;
    return MEMQC_OK;
}

/* Adds the minibatch in mlp->h to the running sums. */
static memqc_status tally(memqc_mlp *mlp, size_t m, const int32_t *labels, const uint32_t *index) {
    double loss = 0;
    size_t correct = 0;
    for (size_t i = 0; i < m; i++) {
        const int32_t label = labels[index[i]];
        const double one = mqc_mlp_loss(mlp, i, label);
        if (!isfinite(one))
            return mqc_fail(MEMQC_ERROR_DIVERGED,
                            "memqc_mlp_train: the loss of sample %zu became %g in epoch %u, after %zu samples of it; try a learning rate "
                            "below %g",
                            (size_t)index[i], one, (unsigned)mlp->epochs + 1, mlp->running.samples + i,
                            mlp->value[MEMQC_MLP_LEARNING_RATE]);
        loss += one;
        correct += mqc_mlp_class(mlp, i) == label;
    }
    mlp->running.loss += loss;
    mlp->running.correct += correct;
    mlp->running.samples += m;
    return MEMQC_OK;
}

static memqc_status minibatches(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, const int32_t *labels,
                                memqc_mlp_progress progress, void *user) {
    struct mqc_running *run = &mlp->running;
    const size_t batch = (size_t)mlp->value[MEMQC_MLP_BATCH], interval = (size_t)mlp->value[MEMQC_MLP_PROGRESS_INTERVAL];
    while (run->samples < n) {
        const size_t before = run->samples, m = n - before < batch ? n - before : batch;
        const uint32_t *index = mlp->order + before;
        MQC_TRY(mqc_mlp_forward(mlp, "memqc_mlp_train", m, x, ldx, 0, index));
        MQC_TRY(tally(mlp, m, labels, index));
        const memqc_status status = mqc_mlp_backward(mlp, m, labels, index);
        if (status == MEMQC_ERROR_DATA)
            return mqc_fail(MEMQC_ERROR_DIVERGED, "memqc_mlp_train: the gradient became NaN in epoch %u, at sample %zu and its minibatch",
                            (unsigned)mlp->epochs + 1, (size_t)index[0]);
        MQC_TRY(status);
        if (!progress || (run->samples / interval == before / interval && run->samples < n))
            continue;
        if (progress(user, mlp->epochs + 1, run->samples, run->loss / (double)run->samples,
                     (double)run->correct / (double)run->samples) != 0)
            return mqc_fail(MEMQC_STOPPED, "memqc_mlp_train: stopped by the progress function after %zu of %zu samples of epoch %u",
                            run->samples, n, (unsigned)mlp->epochs + 1);
    }
    return MEMQC_OK;
}

/* The loss of the next minibatch would tell of a bad update; after the last one there is none. */
static memqc_status check_weights(const memqc_mlp *mlp) {
    for (size_t l = 0; l < mlp->n_layers; l++) {
        const struct mqc_layer *layer = &mlp->layer[l];
        int good = 1;
        for (size_t i = 0; i < layer->out; i++)
            good &= isfinite(layer->bias[i]) != 0;
        for (size_t i = 0; !layer->xb && i < layer->in * layer->out; i++)
            good &= isfinite(layer->w[i]) != 0;
        if (!good)
            return mqc_fail(MEMQC_ERROR_DIVERGED, "memqc_mlp_train: weights of layer %zu became infinite in epoch %u, at sample %zu; try "
                            "a learning rate below %g", l, (unsigned)mlp->epochs + 1, (size_t)mlp->order[mlp->running.samples - 1],
                            mlp->value[MEMQC_MLP_LEARNING_RATE]);
    }
    return MEMQC_OK;
}

static memqc_status train(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, const int32_t *labels,
                             memqc_mlp_progress progress, void *user) {
    MQC_TRY(memqc_mlp_init(mlp));
    MQC_TRY(mqc_mlp_reserve(mlp, (size_t)mlp->value[MEMQC_MLP_BATCH]));
    MQC_TRY(reserve_order(mlp, n));
    MQC_TRY(keep(mlp));
    const struct progress start = progress_of(mlp);
    if (mlp->running.samples == 0 || mlp->epoch_samples != n) {
        memset(&mlp->running, 0, sizeof mlp->running);
        mlp->epoch_samples = n;
    }
    mqc_rng_permutation(mlp->seed, mlp->epochs, n, mlp->order, mlp->words);
    const memqc_status status = minibatches(mlp, n, x, ldx, labels, progress, user);
    if ((status != MEMQC_OK && status != MEMQC_STOPPED) || check_weights(mlp) != MEMQC_OK) {
        go_back(mlp, &start);
        return status == MEMQC_OK || status == MEMQC_STOPPED ? MEMQC_ERROR_DIVERGED : status;
    }
    if (mlp->running.samples == n) {
        mlp->epochs++;
        memset(&mlp->running, 0, sizeof mlp->running);
    }
    return status;
}

memqc_status memqc_mlp_train(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, const int32_t *labels,
                             memqc_mlp_progress progress, void *user) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(x);
    MQC_NOT_NULL(labels);
    MQC_TRY(mqc_mlp_check_samples(mlp, __func__, n, ldx));
    MQC_TRY(mqc_mlp_check_labels(mlp, __func__, n, labels));
    const int was_ready = mlp->ready;
    return mqc_mlp_finish(mlp, was_ready, train(mlp, n, x, ldx, labels, progress, user));
}
