/* SPDX-License-Identifier: BSD-3-Clause */
/* A network in double precision, of the tests' own: its outputs, its loss, and finite differences. */
#ifndef MEMQC_TESTS_MODEL_H
#define MEMQC_TESTS_MODEL_H

#include "random.h"
#include "test.h"

#include <math.h>

enum { MOST_LAYERS = 63, MOST_UNITS = 8, MOST_CELLS = MOST_UNITS * MOST_UNITS, WIDEST = 784 };

struct model {
    size_t n_layers, sizes[MOST_LAYERS + 1];
    double activation[MOST_LAYERS], loss, leak;
    const float *mask[MOST_LAYERS]; /* factors on the outputs of a layer, a row for each sample, or
                                       NULL */
    double *w[MOST_LAYERS], *b[MOST_LAYERS], *memory;
};

/* Makes room in a model that is static, zero at first and used again and again. */
static inline void shape_model(struct model *model, const size_t *sizes, size_t n_sizes) {
    size_t total = 0;
    for (size_t l = 0; l + 1 < n_sizes; l++)
        total += (sizes[l] + 1) * sizes[l + 1];
    free(model->memory);
    model->memory = calloc(total, sizeof *model->memory);
    ck_assert_ptr_nonnull(model->memory);
    model->n_layers = n_sizes - 1;
    memcpy(model->sizes, sizes, n_sizes * sizeof *sizes);
    double *next = model->memory;
    for (size_t l = 0; l < model->n_layers; l++) {
        model->w[l] = next;
        model->b[l] = next += sizes[l] * sizes[l + 1];
        next += sizes[l + 1];
    }
}

static inline void read_model(memqc_mlp *mlp, const size_t *sizes, size_t n_sizes,
                              struct model *model) {
    shape_model(model, sizes, n_sizes);
    OK(memqc_mlp_get(mlp, MEMQC_MLP_LEAK, &model->leak));
    OK(memqc_mlp_get(mlp, MEMQC_MLP_LOSS, &model->loss));
    for (size_t l = 0; l < model->n_layers; l++) {
        const size_t cells = sizes[l] * sizes[l + 1];
        float *w = calloc(cells, sizeof *w), b[WIDEST];
        ck_assert_ptr_nonnull(w);
        OK(memqc_mlp_get_layer(mlp, l, MEMQC_MLP_ACTIVATION, &model->activation[l]));
        OK(memqc_mlp_get_weights(mlp, l, w, sizes[l + 1], b));
        for (size_t i = 0; i < cells; i++)
            model->w[l][i] = (double)w[i];
        for (size_t i = 0; i < sizes[l + 1]; i++)
            model->b[l][i] = (double)b[i];
        free(w);
    }
}

static inline double activate(double activation, double leak, double a) {
    if (activation == MEMQC_MLP_LOGISTIC)
        return 1 / (1 + exp(-a));
    if (activation == MEMQC_MLP_TANH)
        return tanh(a);
    if (activation == MEMQC_MLP_HARD_SIGMOID)
        return fmin(1, fmax(0, 0.2 * a + 0.5));
    return a > 0 ? a : activation == MEMQC_MLP_LEAKY_RELU ? leak * a : 0;
}

static inline double softmax(size_t n, double *a) {
    double most = a[0], sum = 0;
    for (size_t j = 1; j < n; j++)
        most = fmax(most, a[j]);
    for (size_t j = 0; j < n; j++)
        sum += exp(a[j] - most);
    for (size_t j = 0; j < n; j++)
        a[j] = exp(a[j] - most) / sum;
    return most + log(sum);
}

/* Outputs of one sample, and its loss. row is that of its masks. */
static inline double model_row(const struct model *model, size_t row, const float *x, int32_t label,
                               double h[WIDEST]) {
    double a[WIDEST], logit = 0, log_sum = 0, loss = 0;
    for (size_t i = 0; i < model->sizes[0]; i++)
        h[i] = (double)x[i];
    for (size_t l = 0; l < model->n_layers; l++) {
        const size_t out = model->sizes[l + 1];
        const int top = l + 1 == model->n_layers && model->loss == MEMQC_MLP_CROSS_ENTROPY;
        for (size_t j = 0; j < out; j++) {
            a[j] = model->b[l][j];
            for (size_t i = 0; i < model->sizes[l]; i++)
                a[j] += h[i] * model->w[l][i * out + j];
        }
        logit = a[label % (int32_t)out];
        if (top)
            log_sum = softmax(out, a);
        for (size_t j = 0; j < out; j++)
            h[j] = top ? a[j] : activate(model->activation[l], model->leak, a[j]);
        for (size_t j = 0; j < out && model->mask[l]; j++)
            h[j] *= (double)model->mask[l][row * out + j];
    }
    if (model->loss == MEMQC_MLP_CROSS_ENTROPY)
        return log_sum - logit;
    for (size_t j = 0; j < model->sizes[model->n_layers]; j++)
        loss += 0.5 * pow(h[j] - (j == (size_t)label), 2);
    return loss;
}

static inline double model_sample(const struct model *model, const float *x, int32_t label,
                                  double h[WIDEST]) {
    return model_row(model, 0, x, label, h);
}

static inline double model_loss(const struct model *model, size_t n, const float *x,
                                const int32_t *labels) {
    double h[WIDEST], sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += model_row(model, i, x + i * model->sizes[0], labels[i], h);
    return sum / (double)n;
}

/* d loss / d parameter by a central difference. */
static inline double slope(struct model *model, double *parameter, size_t n, const float *x,
                           const int32_t *labels) {
    const double h = 1e-6, kept = *parameter;
    *parameter = kept + h;
    const double above = model_loss(model, n, x, labels);
    *parameter = kept - h;
    const double below = model_loss(model, n, x, labels);
    *parameter = kept;
    return (above - below) / (2 * h);
}

/* The gradients of a whole model, laid out as its parameters are. */
static inline void differentiate(struct model *model, size_t n, const float *x,
                                 const int32_t *labels, struct model *grad) {
    shape_model(grad, model->sizes, model->n_layers + 1);
    for (size_t l = 0; l < model->n_layers; l++) {
        for (size_t i = 0; i < model->sizes[l] * model->sizes[l + 1]; i++)
            grad->w[l][i] = slope(model, &model->w[l][i], n, x, labels);
        for (size_t i = 0; i < model->sizes[l + 1]; i++)
            grad->b[l][i] = slope(model, &model->b[l][i], n, x, labels);
    }
}

#endif
