/* SPDX-License-Identifier: BSD-3-Clause */
/* One epoch of minibatches, and going back where it fails. */
#include "mlp/train/epoch.h"
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/ready.h"
#include "mlp/checks.h"
#include "mlp/history.h"
#include "mlp/network.h"
#include "mlp/pass/backward.h"
#include "mlp/pass/forward.h"
#include "mlp/pass/loss.h"
#include "mlp/pass/scratch.h"
#include "mlp/pass/store.h"
#include "mlp/progress.h"
#include "mlp/save.h"
#include "mlp/train/schedule.h"
#include "mlp/valid.h"
#include "rng/rng.h"

#include <math.h>
#include <string.h>

/* Remembers the weights as they are now. */
static memqc_status keep(memqc_mlp *mlp) {
    for (size_t l = 0; l < mlp->n_layers; l++)
        MQC_TRY(mqc_store_copy(&mlp->layer[l], &mlp->layer[l].kept, &mlp->layer[l].now));
    return MEMQC_OK;
}

void mqc_mlp_go_back(memqc_mlp *mlp, const struct mqc_progress *start) {
    mlp->at = *start;
    for (size_t l = 0; l < mlp->n_layers; l++) /* nothing is left to be allocated, so that it cannot
                                                  fail */
        (void)mqc_store_copy(&mlp->layer[l], &mlp->layer[l].now, &mlp->layer[l].kept);
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

memqc_status mqc_mlp_begin(memqc_mlp *mlp, size_t n, uint32_t epochs) {
    MQC_TRY(mqc_mlp_check_checkpoint(mlp, mlp->busy));
    MQC_TRY(mqc_mlp_draw(mlp));
    MQC_TRY(mqc_mlp_reserve(mlp, (size_t)mqc_mlp_value(mlp->value, MEMQC_MLP_BATCH)));
    MQC_TRY(reserve_order(mlp, n));
    MQC_TRY(mqc_history_reserve(mlp, epochs));
    return keep(mlp);
}

/* Adds the minibatch in mlp->h to the running sums. */
static memqc_status tally(memqc_mlp *mlp, const struct mqc_samples *samples, size_t m,
                          const uint32_t *index) {
    struct mqc_running *run = &mlp->at.running;
    double loss = 0;
    size_t correct = 0;
    for (size_t i = 0; i < m; i++) {
        const int32_t label = samples->labels[index[i]];
        const double one = mqc_mlp_loss(mlp, i, label);
        if (!isfinite(one))
            return mqc_fail(MEMQC_ERROR_DIVERGED,
                            "%s: the loss of sample %zu became %g in epoch %u, after %zu samples "
                            "of it; try a learning rate "
                            "below %g",
                            samples->function, (size_t)index[i], one, (unsigned)mlp->at.epochs + 1,
                            run->samples + i, mqc_mlp_value(mlp->value, MEMQC_MLP_LEARNING_RATE));
        loss += one;
        correct += mqc_mlp_class(mlp, i) == label;
    }
    run->loss += loss;
    run->correct += correct;
    run->samples += m;
    return MEMQC_OK;
}

/* Did a caller's own model of cells fail? */
static memqc_status check_pulses(const memqc_mlp *mlp, const char *function) {
    for (size_t l = 0; l < mlp->n_layers; l++)
        if (mlp->layer[l].now.xb)
            MQC_TRY(mqc_crossbar_check_pulses(mlp->layer[l].now.xb, function, MEMQC_OK));
    return MEMQC_OK;
}

static memqc_status minibatch(memqc_mlp *mlp, const struct mqc_samples *samples, size_t m,
                              const uint32_t *index) {
    const size_t before = mlp->at.running.samples;
    MQC_TRY(mqc_mlp_forward(mlp, samples, m, 0, index, 1));
    MQC_TRY(tally(mlp, samples, m, index));
    const memqc_status status =
        mqc_mlp_backward(mlp, m, samples->labels, index, mqc_mlp_schedule(mlp, before, before + m));
    MQC_TRY(check_pulses(mlp, samples->function));
    if (status == MEMQC_ERROR_DATA)
        return mqc_fail(MEMQC_ERROR_DIVERGED,
                        "%s: the gradient became NaN in epoch %u, at sample %zu and its minibatch",
                        samples->function, (unsigned)mlp->at.epochs + 1, (size_t)index[0]);
    return status;
}

/* Did the samples seen cross a multiple of the interval? */
static int crossed(size_t before, size_t after, uint64_t interval) {
    return interval && after / interval != before / interval;
}

/* Tells how far the epoch is. */
static memqc_status tell(const memqc_mlp *mlp, const struct mqc_samples *samples) {
    const struct mqc_running *run = &mlp->at.running;
    const double seen = (double)run->samples;
    const struct mqc_told told = {MEMQC_PHASE_TRAINING, seen,
                                  (double)samples->n,   mlp->at.epochs + 1.0,
                                  run->loss / seen,     (double)run->correct / seen};
    return mqc_mlp_tell(mlp, samples->function, "samples", &told);
}

/* The loss of the next minibatch tells of weights that are no longer numbers, but not after the last
 * one, and not of the moments of an optimizer: where the second ones are infinite, Adam's steps are 0.
 * What training leaves or saves can be loaded. */
static memqc_status check_weights(const memqc_mlp *mlp, const char *function) {
    for (size_t l = 0; l < mlp->n_layers; l++) {
        const struct mqc_layer *layer = &mlp->layer[l];
        const char *const flaw = mqc_store_flaw_of_numbers(layer, &layer->now);
        if (flaw)
            return mqc_fail(MEMQC_ERROR_DIVERGED,
                            "%s: numbers of layer %zu became too large in epoch %u, at sample %zu: "
                            "%s; try a learning rate below %g, or smaller inputs",
                            function, l, (unsigned)mlp->at.epochs + 1,
                            (size_t)mlp->order[mlp->at.running.samples - 1], flaw,
                            mqc_mlp_value(layer->value, MEMQC_MLP_LEARNING_RATE));
    }
    return MEMQC_OK;
}

/* A checkpoint within the epoch. */
static memqc_status save_within(const memqc_mlp *mlp, const char *function) {
    if (!mlp->checkpoint)
        return MEMQC_OK;
    MQC_TRY(check_weights(mlp, function));
    return mqc_mlp_save_checkpoint(mlp, function);
}

static memqc_status minibatches(memqc_mlp *mlp, const struct mqc_samples *samples) {
    struct mqc_running *run = &mlp->at.running;
    const size_t n = samples->n, batch = (size_t)mqc_mlp_value(mlp->value, MEMQC_MLP_BATCH);
    const size_t interval = (size_t)mqc_mlp_value(mlp->value, MEMQC_MLP_PROGRESS_INTERVAL);
    while (run->samples < n) {
        const size_t before = run->samples, m = n - before < batch ? n - before : batch;
        MQC_TRY(minibatch(mlp, samples, m, mlp->order + before));
        if (run->samples < n && crossed(before, run->samples, mlp->checkpoint_samples))
            MQC_TRY(save_within(mlp, samples->function));
        if (run->samples == n || crossed(before, run->samples, interval))
            MQC_TRY(tell(mlp, samples));
    }
    return MEMQC_OK;
}

static void complete(memqc_mlp *mlp, size_t n) {
    const size_t batch = (size_t)mqc_mlp_value(mlp->value, MEMQC_MLP_BATCH),
                 last = (n - 1) / batch * batch;
    mqc_history_note(mlp, mqc_mlp_value(mlp->layer[0].value, MEMQC_MLP_LEARNING_RATE) *
                              mqc_mlp_schedule(mlp, last, n));
    mlp->at.epochs++;
    memset(&mlp->at.running, 0, sizeof mlp->at.running);
}

memqc_status mqc_mlp_epoch(memqc_mlp *mlp, const struct mqc_samples *samples) {
    const size_t n = samples->n;
    if (mlp->at.running.samples == 0 || mlp->at.epoch_samples != n) {
        memset(&mlp->at.running, 0, sizeof mlp->at.running);
        mlp->at.running.before = mqc_mlp_effort(mlp);
        mlp->at.epoch_samples = n;
    }
    mqc_rng_permutation(mlp->seed, mlp->at.epochs, n, mlp->order, mlp->words);
    for (size_t i = 0; i < n && samples->index; i++)
        mlp->order[i] = samples->index[mlp->order[i]];
    const memqc_status status = minibatches(mlp, samples);
    if (status != MEMQC_OK && status != MEMQC_STOPPED)
        return status;
    MQC_TRY(check_weights(mlp, samples->function));
    if (mlp->at.running.samples == n)
        complete(mlp, n);
    return status;
}

static memqc_status train(memqc_mlp *mlp, const struct mqc_samples *samples) {
    MQC_TRY(mqc_mlp_begin(mlp, samples->n, mlp->at.epochs + 1));
    const struct mqc_progress start = mlp->at;
    memqc_status status = mqc_mlp_epoch(mlp, samples);
    if (mlp->at.epochs > start.epochs) {
        const memqc_status saved = mqc_mlp_save_checkpoint(mlp, samples->function);
        status = saved != MEMQC_OK ? saved : status;
    }
    if (status != MEMQC_OK && status != MEMQC_STOPPED)
        mqc_mlp_go_back(mlp, &start);
    return status;
}

memqc_status memqc_mlp_train_epoch(memqc_mlp *mlp, size_t n, const float *x, size_t ldx,
                                   const int32_t *labels) {
    MQC_TRY(mqc_mlp_check_training(mlp, __func__, n, x, ldx, labels));
    if (n == 0)
        return MEMQC_OK;
    const struct mqc_samples samples = {__func__, n, x, ldx, labels, NULL};
    const int was_ready = mlp->ready;
    mlp->busy = __func__;
    const memqc_status status = train(mlp, &samples);
    mlp->busy = NULL;
    return mqc_mlp_finish(mlp, was_ready, status);
}
