/* SPDX-License-Identifier: BSD-3-Clause */
/* Prediction and its score. */
#include "core/error.h"
#include "mlp/mlp.h"

#include <string.h>

enum { CHUNK = 256 };

memqc_status mqc_mlp_check_samples(const memqc_mlp *mlp, const char *function, size_t n, size_t ldx) {
    if (n < 1 || n > UINT32_MAX)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: n = %zu; allowed is 1 .. 2^32 - 1 samples", function, n);
    if (ldx < mqc_mlp_inputs(mlp))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: ldx = %zu is less than the network's %zu inputs", function, ldx, mqc_mlp_inputs(mlp));
    return MEMQC_OK;
}

memqc_status mqc_mlp_check_labels(const memqc_mlp *mlp, const char *function, size_t n, const int32_t *labels) {
    for (size_t i = 0; i < n; i++)
        if (labels[i] < 0 || (size_t)labels[i] >= mqc_mlp_outputs(mlp))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: labels[%zu] = %d is outside 0 .. %zu", function, i, (int)labels[i],
                            mqc_mlp_outputs(mlp) - 1);
    return MEMQC_OK;
}

memqc_status memqc_mlp_predict(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, float *outputs, size_t ldo, int32_t *classes) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(x);
    MQC_TRY(mqc_mlp_check_samples(mlp, __func__, n, ldx));
    const size_t out = mqc_mlp_outputs(mlp);
    if (outputs && ldo < out)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "memqc_mlp_predict: ldo = %zu is less than the network's %zu outputs", ldo, out);
    const int was_ready = mlp->ready;
    MQC_TRY(memqc_mlp_init(mlp));
    MQC_TRY(mqc_mlp_finish(mlp, was_ready, mqc_mlp_reserve(mlp, CHUNK)));
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        MQC_TRY(mqc_mlp_finish(mlp, was_ready, mqc_mlp_forward(mlp, __func__, m, x, ldx, first, NULL)));
        for (size_t i = 0; i < m; i++) {
            if (outputs)
                memcpy(outputs + (first + i) * ldo, mlp->h[mlp->n_layers] + i * out, out * sizeof *outputs);
            if (classes)
                classes[first + i] = mqc_mlp_class(mlp, i);
        }
    }
    return MEMQC_OK;
}

memqc_status memqc_mlp_evaluate(memqc_mlp *mlp, size_t n, const float *x, size_t ldx, const int32_t *labels, double *loss,
                                double *accuracy, uint64_t *confusion) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(x);
    MQC_NOT_NULL(labels);
    MQC_TRY(mqc_mlp_check_samples(mlp, __func__, n, ldx));
    MQC_TRY(mqc_mlp_check_labels(mlp, __func__, n, labels));
    const int was_ready = mlp->ready;
    MQC_TRY(memqc_mlp_init(mlp));
    MQC_TRY(mqc_mlp_finish(mlp, was_ready, mqc_mlp_reserve(mlp, CHUNK)));
    const size_t out = mqc_mlp_outputs(mlp);
    double sum = 0;
    size_t correct = 0;
    if (confusion)
        memset(confusion, 0, out * out * sizeof *confusion);
    for (size_t first = 0; first < n; first += CHUNK) {
        const size_t m = n - first < CHUNK ? n - first : CHUNK;
        MQC_TRY(mqc_mlp_finish(mlp, was_ready, mqc_mlp_forward(mlp, __func__, m, x, ldx, first, NULL)));
        for (size_t i = 0; i < m; i++) {
            const int32_t label = labels[first + i], class = mqc_mlp_class(mlp, i);
            sum += mqc_mlp_loss(mlp, i, label);
            correct += class == label;
            if (confusion)
                confusion[(size_t)label * out + (size_t)class]++;
        }
    }
    if (loss)
        *loss = sum / (double)n;
    if (accuracy)
        *accuracy = (double)correct / (double)n;
    return MEMQC_OK;
}
