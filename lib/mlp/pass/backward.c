/* SPDX-License-Identifier: BSD-3-Clause */
/* Loss of a minibatch, backward pass, and the step of every layer. */
#include "mlp/pass/backward.h"
#include "core/error.h"
#include "crossbar/read/product.h"
#include "la/blas.h"
#include "mlp/pass/step.h"
#include "rng/rng.h"

#include <math.h>
#include <string.h>

static memqc_status product_back(struct mqc_layer *layer, size_t m, const float *x, size_t ldx,
                                 float *y) {
    const size_t in = layer->rows, out = layer->out;
    if (layer->now.xb)
        return mqc_product_run(layer->now.xb, "memqc_crossbar_mac_transposed", 1, m,
                               &(struct mqc_product_arrays){"x", "y", x, ldx, y, in});
    const float *const w = layer->seen ? layer->seen : layer->now.w;
    return mqc_sgemm(MQC_PLAIN, MQC_TRANSPOSED, m, in, out, 1, x, ldx, w, out, 0, y, in);
}

/* delta, m x out of layer l, times the slope of its activation. */
static void slope(const memqc_mlp *mlp, size_t l, size_t m, float *delta, size_t ldd) {
    const struct mqc_layer *layer = &mlp->layer[l];
    const size_t ldh = mlp->units[l + 1].ld, n = layer->out, one_row = ldh == n && ldd == n;
    const int activation =
        (int)mqc_mlp_value(layer->value, MEMQC_MLP_ACTIVATION) - MEMQC_MLP_LOGISTIC;
    mqc_mlp_kernels()->slope[activation](one_row ? 1 : m, one_row ? m * n : n,
                                         (float)mqc_mlp_value(mlp->value, MEMQC_MLP_LEAK),
                                         mlp->units[l + 1].h, ldh, delta, ldd);
}

static void step_biases(struct mqc_layer *layer, const struct mqc_step *s) {
    float *const sum = layer->bias_sum, *const bias = layer->now.bias;
    if (mqc_layer_bias_row(layer)) /* the rule has moved them */
        return;
    mqc_mlp_kernels()->column_sums(s->m, layer->out, s->ldd, s->delta, sum);
    if (mqc_mlp_value(layer->value, MEMQC_MLP_OPTIMIZER) == MEMQC_MLP_SGD) {
        for (size_t j = 0; j < layer->out; j++)
            bias[j] -= s->rate * sum[j];
        return;
    }
    for (size_t j = 0; j < layer->out; j++)
        sum[j] *= 1 / (float)s->m;
    mqc_optimize(layer, s, layer->rows * layer->out, layer->out, sum, bias);
}

static memqc_status backward_layer(memqc_mlp *mlp, size_t l, size_t m, size_t ldd, double factor) {
    struct mqc_layer *layer = &mlp->layer[l];
    struct mqc_step step = mqc_mlp_step(mlp, l, m);
    const size_t in = layer->rows;
    if (l > 0) { /* before the weights change */
        MQC_TRY(product_back(layer, m, mlp->delta, ldd, mlp->back));
        if (mlp->units[l].in == mlp->units[l].masked)
            mqc_mlp_kernels()->multiply(m, layer->in, mlp->units[l].mask, in, mlp->back, in);
        slope(mlp, l - 1, m, mlp->back, in);
    }
    step.h = mlp->units[l].in;
    step.ldh = in;
    step.delta = mlp->delta;
    step.ldd = ldd;
    step.full = mqc_mlp_value(layer->value, MEMQC_MLP_LEARNING_RATE) * factor;
    step.rate = (float)(step.full / (double)m);
    MQC_TRY(layer->rule->update(layer, &step));
    step_biases(layer, &step);
    float *const keep = mlp->delta;
    mlp->delta = mlp->back;
    mlp->back = keep;
    return MEMQC_OK;
}

memqc_status mqc_mlp_backward(memqc_mlp *mlp, size_t m, const int32_t *labels,
                              const uint32_t *index, double factor) {
    const size_t top = mlp->n_layers - 1, n = mqc_mlp_outputs(mlp);
    memcpy(mlp->delta, mlp->units[top + 1].h, m * n * sizeof(float));
    for (size_t i = 0; i < m; i++)
        mlp->delta[i * n + (size_t)labels[index[i]]] -= 1;
    if (!mqc_mlp_is_softmax(mlp, top))
        slope(mlp, top, m, mlp->delta, n);
    for (size_t l = mlp->n_layers; l-- > 0;)
        MQC_TRY(backward_layer(mlp, l, m, l == top ? n : mlp->layer[l + 1].rows, factor));
    mlp->at.steps++;
    return MEMQC_OK;
}
