/* SPDX-License-Identifier: BSD-3-Clause */
/* Prediction and its score. */
#include "mlp/train/evaluate.h"
#include "core/error.h"
#include "crossbar/read/reads.h"
#include "mlp/checks.h"
#include "mlp/network.h"
#include "mlp/pass/forward.h"
#include "mlp/pass/loss.h"
#include "mlp/pass/scratch.h"

#include <string.h>

enum { CHUNK = 256 };

/* What reads of the arrays change. */
struct reads {
    struct mqc_reads layer[MQC_MLP_LAYERS];
};

static void keep_reads(const memqc_mlp *mlp, struct reads *reads) {
    const memqc_crossbar *xb;
    for (size_t l = 0; l < mlp->n_layers; l++)
        if ((xb = mlp->layer[l].now.xb) != NULL)
            mqc_reads_keep(xb, &reads->layer[l]);
}

/* Takes back the reads of a call that failed after some of its samples. */
static memqc_status finish_reads(memqc_mlp *mlp, const struct reads *reads, memqc_status status) {
    memqc_crossbar *xb;
    for (size_t l = 0; l < mlp->n_layers; l++)
        if ((xb = mlp->layer[l].now.xb) != NULL)
            (void)mqc_reads_finish(xb, &reads->layer[l], status);
    return status;
}

/* Where the outputs and classes of a prediction go; each may be NULL. */
struct outputs {
    float *units;
    size_t ld;
    int32_t *classes;
};

static memqc_status predict(memqc_mlp *mlp, const struct mqc_samples *samples,
                            const struct outputs *to) {
    const size_t n = samples->n, out = mqc_mlp_outputs(mlp);
    MQC_TRY(mqc_mlp_reserve(mlp, CHUNK));
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        MQC_TRY(mqc_mlp_forward(mlp, samples, m, first, NULL, 0));
        for (size_t i = 0; i < m; i++) {
            if (to->units)
                memcpy(to->units + (first + i) * to->ld, mlp->units[mlp->n_layers].h + i * out,
                       out * sizeof *to->units);
            if (to->classes)
                to->classes[first + i] = mqc_mlp_class(mlp, i);
        }
    }
    return MEMQC_OK;
}

memqc_status memqc_mlp_predict(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, float *outputs,
                               size_t ldo, int32_t *classes) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_idle(mlp, __func__));
    MQC_TRY(mqc_mlp_check_samples(mlp, __func__, n, ldx));
    if (n == 0)
        return MEMQC_OK;
    MQC_NOT_NULL(x);
    const size_t out = mqc_mlp_outputs(mlp);
    if (outputs && ldo < out)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: ldo = %zu is less than the network's %zu outputs", __func__, ldo, out);
    const struct mqc_samples samples = {__func__, n, x, ldx, NULL, NULL};
    const struct outputs to = {outputs, ldo, classes};
    const int was_ready = mlp->ready;
    struct reads before;
    MQC_TRY(mqc_mlp_draw(mlp));
    keep_reads(mlp, &before);
    return mqc_mlp_finish(mlp, was_ready, finish_reads(mlp, &before, predict(mlp, &samples, &to)));
}

memqc_status mqc_mlp_score(memqc_mlp *mlp, const struct mqc_samples *samples, double *loss,
                           double *accuracy, uint64_t *confusion, uint8_t *hits) {
    const size_t n = samples->n, out = mqc_mlp_outputs(mlp);
    double sum = 0;
    size_t correct = 0;
    MQC_TRY(mqc_mlp_reserve(mlp, CHUNK));
    if (confusion)
        memset(confusion, 0, out * out * sizeof *confusion);
    if (hits)
        memset(hits, 0, (n + 7) / 8);
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        const uint32_t *index = samples->index ? samples->index + first : NULL;
        MQC_TRY(mqc_mlp_forward(mlp, samples, m, first, index, 0));
        for (size_t i = 0; i < m; i++) {
            const int32_t label = samples->labels[index ? index[i] : first + i],
                          class = mqc_mlp_class(mlp, i);
            sum += mqc_mlp_loss(mlp, i, label);
            correct += class == label;
            if (hits && class == label)
                hits[(first + i) / 8] |= (uint8_t)(1u << (first + i) % 8);
            if (confusion)
                confusion[(size_t)label * out + (size_t) class]++;
        }
    }
    *loss = sum / (double)n;
    *accuracy = (double)correct / (double)n;
    return MEMQC_OK;
}

memqc_status memqc_mlp_evaluate(memqc_mlp *mlp, size_t n, const float *x, size_t ldx,
                                const int32_t *labels, double *loss, double *accuracy,
                                uint64_t *confusion) {
    MQC_TRY(mqc_mlp_check_training(mlp, __func__, n, x, ldx, labels));
    if (n == 0)
        return MEMQC_OK;
    const struct mqc_samples samples = {__func__, n, x, ldx, labels, NULL};
    const int was_ready = mlp->ready;
    double value[2] = {0, 0};
    struct reads before;
    MQC_TRY(mqc_mlp_draw(mlp));
    keep_reads(mlp, &before);
    MQC_TRY(mqc_mlp_finish(
        mlp, was_ready,
        finish_reads(mlp, &before,
                     mqc_mlp_score(mlp, &samples, &value[0], &value[1], confusion, NULL))));
    if (loss)
        *loss = value[0];
    if (accuracy)
        *accuracy = value[1];
    return MEMQC_OK;
}
