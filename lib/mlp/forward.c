/* SPDX-License-Identifier: BSD-3-Clause */
/* Forward and backward pass of a minibatch. */
#include "core/alloc.h"
#include "core/error.h"
#include "la/blas.h"
#include "mlp/mlp.h"

#include <math.h>
#include <string.h>

static void replace(float **memory, float *more) {
    mqc_free(*memory);
    *memory = more;
}

memqc_status mqc_mlp_reserve(memqc_mlp *mlp, size_t m) {
    if (m <= mlp->batch_room)
        return MEMQC_OK;
    size_t widest = 1;
    float *h[MQC_MLP_LAYERS + 1] = {0}, *delta = NULL, *back = NULL, *log_sum = NULL;
    int complete = 1;
    for (size_t l = 0; l <= mlp->n_layers && complete; l++) {
        const size_t units = l == 0 ? mqc_mlp_inputs(mlp) : mlp->layer[l - 1].out;
        widest = l > 0 && units > widest ? units : widest;
        complete = (h[l] = mqc_alloc(m, units * sizeof(float))) != NULL;
    }
    complete = complete && (delta = mqc_alloc(m, widest * sizeof(float))) && (back = mqc_alloc(m, widest * sizeof(float))) &&
               (log_sum = mqc_alloc(m, sizeof(float)));
    if (!complete) {
        for (size_t l = 0; l <= mlp->n_layers; l++)
            mqc_free(h[l]);
        mqc_free(delta);
        mqc_free(back);
        return MEMQC_ERROR_NOMEM;
    }
    for (size_t l = 0; l <= mlp->n_layers; l++)
        replace(&mlp->h[l], h[l]);
    replace(&mlp->delta, delta);
    replace(&mlp->back, back);
    replace(&mlp->log_sum, log_sum);
    mlp->batch_room = m;
    return MEMQC_OK;
}

static memqc_status bad_input(const char *function, size_t sample, size_t n, const float *row) {
    for (size_t j = 0; j < n; j++)
        if (!isfinite(row[j]))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: x[%zu, %zu] = %g; inputs must be finite", function, sample, j, (double)row[j]);
    return mqc_fail(MEMQC_ERROR_DATA, "%s: sample %zu changed while it was read", function, sample);
}

static memqc_status load_inputs(memqc_mlp *mlp, const char *function, size_t m, const float *x, size_t ldx, size_t first,
                                const uint32_t *index) {
    const struct mqc_mlp_kernels *kernels = mqc_mlp_kernels();
    const size_t n = mqc_mlp_inputs(mlp);
    const float threshold = (float)mlp->value[MEMQC_MLP_INPUT_THRESHOLD];
    for (size_t i = 0; i < m; i++) {
        const size_t sample = index ? index[i] : first + i;
        const float *row = x + sample * ldx;
        float *to = mlp->h[0] + i * n;
        if (mlp->value[MEMQC_MLP_INPUT_BITS] == 1 ? kernels->threshold_input(n, row, threshold, to) : kernels->copy_input(n, row, to))
            return bad_input(function, sample, n, row);
    }
    return MEMQC_OK;
}

static memqc_status product(struct mqc_layer *layer, size_t m, const float *x, float *y) {
    if (layer->xb)
        return memqc_crossbar_mac(layer->xb, m, x, layer->in, y, layer->out);
    return mqc_sgemm(MQC_PLAIN, MQC_PLAIN, m, layer->out, layer->in, 1, x, layer->in, layer->w, layer->out, 0, y, layer->out);
}

static memqc_status product_back(struct mqc_layer *layer, size_t m, const float *x, float *y) {
    if (layer->xb)
        return memqc_crossbar_mac_transposed(layer->xb, m, x, layer->out, y, layer->in);
    return mqc_sgemm(MQC_PLAIN, MQC_TRANSPOSED, m, layer->in, layer->out, 1, x, layer->out, layer->w, layer->out, 0, y, layer->in);
}

static void activate(const memqc_mlp *mlp, size_t m, const struct mqc_layer *layer, float *a) {
    const struct mqc_mlp_kernels *kernels = mqc_mlp_kernels();
    void (*const f[])(size_t, size_t, const float *, float *) = {kernels->logistic, kernels->tanh, kernels->relu};
    f[(int)mlp->value[MEMQC_MLP_ACTIVATION] - 1](m, layer->out, layer->bias, a);
}

static int is_softmax(const memqc_mlp *mlp, size_t l) {
    return l + 1 == mlp->n_layers && mlp->value[MEMQC_MLP_LOSS] == MEMQC_MLP_CROSS_ENTROPY;
}

memqc_status mqc_mlp_forward(memqc_mlp *mlp, const char *function, size_t m, const float *x, size_t ldx, size_t first,
                             const uint32_t *index) {
    MQC_TRY(load_inputs(mlp, function, m, x, ldx, first, index));
    for (size_t l = 0; l < mlp->n_layers; l++) {
        struct mqc_layer *layer = &mlp->layer[l];
        MQC_TRY(product(layer, m, mlp->h[l], mlp->h[l + 1]));
        if (is_softmax(mlp, l)) {
            mqc_mlp_kernels()->identity(m, layer->out, layer->bias, mlp->h[l + 1]);
            memcpy(mlp->delta, mlp->h[l + 1], m * layer->out * sizeof(float)); /* the loss wants them: see mqc_mlp_loss() */
            mqc_mlp_kernels()->softmax(m, layer->out, mlp->h[l + 1], mlp->log_sum);
        } else {
            activate(mlp, m, layer, mlp->h[l + 1]);
        }
    }
    return MEMQC_OK;
}

double mqc_mlp_loss(const memqc_mlp *mlp, size_t i, int32_t label) {
    const size_t n = mqc_mlp_outputs(mlp);
    if (is_softmax(mlp, mlp->n_layers - 1)) /* from the logits: a probability that underflows has a finite loss all the same */
        return (double)mlp->log_sum[i] - (double)mlp->delta[i * n + (size_t)label];
    const float *h = mlp->h[mlp->n_layers] + i * n;
    double sum = 0;
    for (size_t j = 0; j < n; j++) {
        const double error = (double)h[j] - (j == (size_t)label);
        sum += error * error;
    }
    return 0.5 * sum;
}

int32_t mqc_mlp_class(const memqc_mlp *mlp, size_t i) {
    const size_t n = mqc_mlp_outputs(mlp);
    const float *h = mlp->h[mlp->n_layers] + i * n;
    size_t best = 0;
    for (size_t j = 1; j < n; j++)
        best = h[j] > h[best] ? j : best;
    return (int32_t)best;
}

static void slope(const memqc_mlp *mlp, size_t n, const float *h, float *delta) {
    const struct mqc_mlp_kernels *kernels = mqc_mlp_kernels();
    void (*const f[])(size_t, const float *, float *) = {kernels->logistic_slope, kernels->tanh_slope, kernels->relu_slope};
    f[(int)mlp->value[MEMQC_MLP_ACTIVATION] - 1](n, h, delta);
}

memqc_status mqc_mlp_backward(memqc_mlp *mlp, size_t m, const int32_t *labels, const uint32_t *index) {
    const size_t top = mlp->n_layers - 1, n = mqc_mlp_outputs(mlp);
    const float rate = (float)(mlp->value[MEMQC_MLP_LEARNING_RATE] / (double)m);
    memcpy(mlp->delta, mlp->h[top + 1], m * n * sizeof(float));
    for (size_t i = 0; i < m; i++)
        mlp->delta[i * n + (size_t)labels[index[i]]] -= 1;
    if (!is_softmax(mlp, top))
        slope(mlp, m * n, mlp->h[top + 1], mlp->delta);
    for (size_t l = mlp->n_layers; l-- > 0;) {
        struct mqc_layer *layer = &mlp->layer[l];
        if (l > 0) { /* before the weights change */
            MQC_TRY(product_back(layer, m, mlp->delta, mlp->back));
            slope(mlp, m * layer->in, mlp->h[l], mlp->back);
        }
        MQC_TRY(mqc_mlp_rule(mlp)->update(layer, m, mlp->h[l], mlp->delta, rate));
        mqc_mlp_kernels()->column_sums(m, layer->out, mlp->delta, layer->bias_sum);
        for (size_t j = 0; j < layer->out; j++)
            layer->bias[j] -= rate * layer->bias_sum[j];
        float *const keep = mlp->delta;
        mlp->delta = mlp->back;
        mlp->back = keep;
    }
    return MEMQC_OK;
}
