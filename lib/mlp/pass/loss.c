/* SPDX-License-Identifier: BSD-3-Clause */
/* What the outputs of a minibatch are worth: the loss of a sample, and the class it is taken for. */
#include "mlp/pass/loss.h"

double mqc_mlp_loss(const memqc_mlp *mlp, size_t i, int32_t label) {
    const size_t n = mqc_mlp_outputs(mlp);
    if (mqc_mlp_is_softmax(mlp, mlp->n_layers - 1)) /* from the logits: a probability may underflow,
                                                       and its loss is finite */
        return (double)mlp->log_sum[i] - (double)mlp->delta[i * n + (size_t)label];
    const float *h = mlp->units[mlp->n_layers].h + i * n;
    double sum = 0;
    for (size_t j = 0; j < n; j++) {
        const double error = (double)h[j] - (j == (size_t)label);
        sum += error * error;
    }
    return 0.5 * sum;
}

int32_t mqc_mlp_class(const memqc_mlp *mlp, size_t i) {
    const size_t n = mqc_mlp_outputs(mlp);
    const float *h = mlp->units[mlp->n_layers].h + i * n;
    size_t best = 0;
    for (size_t j = 1; j < n; j++)
        best = h[j] > h[best] ? j : best;
    return (int32_t)best;
}
