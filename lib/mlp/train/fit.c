/* SPDX-License-Identifier: BSD-3-Clause */
/* Training over several epochs: validation, early stopping, the best weights. */
#include "core/alloc.h"
#include "core/error.h"
#include "mlp/checks.h"
#include "mlp/history.h"
#include "mlp/network.h"
#include "mlp/pass/store.h"
#include "mlp/save.h"
#include "mlp/train/epoch.h"
#include "mlp/train/evaluate.h"
#include "rng/rng.h"

#include <math.h>

/* The split is a permutation of its own: number 2^64 - 1, while those of epochs are below 2^32. */
static memqc_status split(memqc_mlp *mlp, size_t n) {
    if (n > mlp->split_room) {
        uint32_t *more = mqc_alloc(n, sizeof *more);
        if (!more)
            return MEMQC_ERROR_NOMEM;
        mqc_free(mlp->split);
        mlp->split = more;
        mlp->split_room = n;
    }
    mqc_rng_permutation(mlp->seed, UINT64_MAX, n, mlp->split, mlp->words);
    return MEMQC_OK;
}

static size_t held_back(const memqc_mlp *mlp, size_t n) {
    const size_t wanted =
        (size_t)(mqc_mlp_value(mlp->value, MEMQC_MLP_VALIDATION) * (double)n + 0.5);
    if (wanted < 1)
        return 1;
    return wanted < n ? wanted : n - 1;
}

static int watches(const memqc_mlp *mlp) {
    return mqc_mlp_value(mlp->value, MEMQC_MLP_VALIDATION) > 0;
}

/* Keeps the weights of now as the best, in that one of two places which the call did not begin
 * with: where the call fails, those it began with are there still. */
static memqc_status keep_best(memqc_mlp *mlp, int slot) {
    for (size_t l = 0; l < mlp->n_layers; l++)
        MQC_TRY(mqc_store_copy(&mlp->layer[l], &mlp->layer[l].best[slot], &mlp->layer[l].now));
    mlp->at.best_slot = slot;
    return MEMQC_OK;
}

/* The epoch that was completed, on the samples held back. */
static memqc_status validate(memqc_mlp *mlp, const struct mqc_samples *samples, int slot) {
    struct mqc_progress *at = &mlp->at;
    double *loss = mqc_history_at(mlp, at->epochs, MEMQC_MLP_HISTORY_VALIDATION_LOSS);
    double *accuracy = mqc_history_at(mlp, at->epochs, MEMQC_MLP_HISTORY_VALIDATION_ACCURACY);
    MQC_TRY(mqc_mlp_score(mlp, samples, loss, accuracy, NULL, NULL));
    const double now =
        mqc_mlp_value(mlp->value, MEMQC_MLP_MONITOR) == MEMQC_MLP_MONITOR_LOSS ? *loss : -*accuracy;
    if (at->best_epoch != 0 &&
        (isnan(now) || now >= at->best - mqc_mlp_value(mlp->value, MEMQC_MLP_MIN_DELTA)))
        return MEMQC_OK;
    at->best = now;
    at->best_epoch = at->epochs;
    at->best_kept = mqc_mlp_value(mlp->value, MEMQC_MLP_RESTORE_BEST) == 1;
    return at->best_kept ? keep_best(mlp, slot) : MEMQC_OK;
}

static int is_over(const memqc_mlp *mlp, uint32_t epochs) {
    const struct mqc_progress *at = &mlp->at;
    const double patience = mqc_mlp_value(mlp->value, MEMQC_MLP_PATIENCE);
    const int patient = !watches(mlp) || patience == 0 || at->best_epoch == 0 ||
                        at->epochs - at->best_epoch < patience;
    return at->epochs >= epochs || !patient;
}

static memqc_status restore_best(memqc_mlp *mlp) {
    if (!watches(mlp) || mqc_mlp_value(mlp->value, MEMQC_MLP_RESTORE_BEST) == 0 ||
        !mlp->at.best_kept)
        return MEMQC_OK;
    for (size_t l = 0; l < mlp->n_layers; l++)
        MQC_TRY(mqc_store_copy(&mlp->layer[l], &mlp->layer[l].now,
                               &mlp->layer[l].best[mlp->at.best_slot]));
    return MEMQC_OK;
}

struct course {
    struct mqc_samples training;
    struct mqc_samples validation;
    uint32_t epochs;
};

static memqc_status run(memqc_mlp *mlp, const struct course *course) {
    const int slot = 1 - mlp->at.best_slot;
    const char *function = course->training.function;
    while (!is_over(mlp, course->epochs)) {
        const uint32_t before = mlp->at.epochs;
        const memqc_status status = mqc_mlp_epoch(mlp, &course->training);
        if (status != MEMQC_OK && status != MEMQC_STOPPED)
            return status;
        if (mlp->at.epochs > before) {
            if (watches(mlp))
                MQC_TRY(validate(mlp, &course->validation, slot));
            MQC_TRY(mqc_mlp_save_checkpoint(mlp, function));
        }
        MQC_TRY(status);
    }
    MQC_TRY(restore_best(mlp));
    return mqc_mlp_save_checkpoint(mlp, function);
}

static memqc_status fit(memqc_mlp *mlp, struct course *course) {
    const size_t n = course->training.n;
    MQC_TRY(mqc_mlp_begin(mlp, n, course->epochs));
    if (watches(mlp)) {
        MQC_TRY(split(mlp, n));
        course->validation = course->training;
        course->validation.n = held_back(mlp, n);
        course->training.n -= course->validation.n;
        course->training.index = mlp->split;
        course->validation.index = mlp->split + course->training.n;
    }
    const struct mqc_progress start = mlp->at;
    const memqc_status status = run(mlp, course);
    if (status != MEMQC_OK && status != MEMQC_STOPPED)
        mqc_mlp_go_back(mlp, &start);
    return status;
}

memqc_status memqc_mlp_fit(memqc_mlp *mlp, size_t n, const float *x, size_t ldx,
                           const int32_t *labels, uint32_t epochs) {
    MQC_TRY(mqc_mlp_check_training(mlp, __func__, n, x, ldx, labels));
    if (epochs < 1 || epochs > 1000000)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: epochs = %u is outside 1 .. 1000000", __func__,
                        (unsigned)epochs);
    if (n == 0)
        return MEMQC_OK;
    if (watches(mlp) && n < 2)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: n = %zu; with validation = %g, 2 or more",
                        __func__, n, mqc_mlp_value(mlp->value, MEMQC_MLP_VALIDATION));
    struct course course = {{__func__, n, x, ldx, labels, NULL}, {0}, epochs};
    const int was_ready = mlp->ready;
    mlp->busy = __func__;
    const memqc_status status = fit(mlp, &course);
    mlp->busy = NULL;
    return mqc_mlp_finish(mlp, was_ready, status);
}
