/* SPDX-License-Identifier: BSD-3-Clause */
/* Forward pass of a minibatch: inputs as INPUT_BITS says, then layer by layer the product, the biases
 * and the activation; in training with dropout. */
#include "mlp/pass/forward.h"
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/read/product.h"
#include "la/blas.h"
#include "mlp/pass/step.h"
#include "rng/rng.h"

#include <math.h>
#include <string.h>

static memqc_status bad_input(const char *function, size_t sample, size_t n, const float *row) {
    for (size_t j = 0; j < n; j++)
        if (!isfinite(row[j]))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: x[%zu, %zu] = %g; inputs must be finite",
                            function, sample, j, (double)row[j]);
    return mqc_fail(MEMQC_ERROR_DATA, "%s: sample %zu changed while it was read", function, sample);
}

static int load_row(const memqc_mlp *mlp, const float *row, float *to) {
    const struct mqc_mlp_kernels *kernels = mqc_mlp_kernels();
    const size_t n = mqc_mlp_inputs(mlp);
    const int bits = (int)mqc_mlp_value(mlp->value, MEMQC_MLP_INPUT_BITS);
    if (bits == 0)
        return kernels->copy_input(n, row, to);
    if (bits == 1)
        return kernels->threshold_input(
            n, row, (float)mqc_mlp_value(mlp->value, MEMQC_MLP_INPUT_THRESHOLD), to);
    const double steps = (1 << bits) - 1, low = mqc_mlp_value(mlp->value, MEMQC_MLP_INPUT_MIN),
                 high = mqc_mlp_value(mlp->value, MEMQC_MLP_INPUT_MAX);
    return kernels->quantize_input(n, row, (float)low, (float)((high - low) / steps), (float)steps,
                                   to);
}

/* Samples come in a drawn order, which no processor foretells: their rows are asked for ahead. */
static void ask_for(const struct mqc_samples *samples, size_t sample, size_t inputs) {
#if defined(__GNUC__)
    enum { LINE = 64 / sizeof(float) };
    const float *const row = samples->x + sample * samples->ldx;
    for (size_t j = 0; j < inputs; j += LINE)
        __builtin_prefetch(row + j);
#else
    (void)samples, (void)sample, (void)inputs;
#endif
}

static memqc_status load_inputs(memqc_mlp *mlp, const struct mqc_samples *samples, size_t m,
                                size_t first, const uint32_t *index) {
    enum { AHEAD = 2 };
    const size_t inputs = mqc_mlp_inputs(mlp);
    for (size_t i = 0; i < m; i++) {
        const size_t sample = index ? index[i] : first + i;
        const float *row = samples->x + sample * samples->ldx;
        if (index && i + AHEAD < m)
            ask_for(samples, index[i + AHEAD], inputs);
        if (load_row(mlp, row, mlp->units[0].h + i * mlp->units[0].ld))
            return bad_input(samples->function, sample, inputs, row);
    }
    return MEMQC_OK;
}

static memqc_status product(memqc_mlp *mlp, size_t l, size_t m, const float *x, float *y,
                            size_t ldy, int training) {
    struct mqc_layer *layer = &mlp->layer[l];
    const size_t in = layer->rows, out = layer->out;
    if (layer->now.xb)
        return mqc_product_run(layer->now.xb, "memqc_crossbar_mac", 0, m,
                               &(struct mqc_product_arrays){"x", "y", x, in, y, ldy});
    if (training && layer->seen) {
        const struct mqc_step step = mqc_mlp_step(mlp, l, m);
        layer->rule->look(layer, &step);
    }
    const float *const w = training && layer->seen ? layer->seen : layer->now.w;
    return mqc_sgemm(MQC_PLAIN, MQC_PLAIN, m, out, in, 1, x, in, w, out, 0, y, ldy);
}

/* The failure of a product whose inputs, m x in, became NaN or infinite on their way; the products'
 * own failure where they did not. */
static memqc_status explain(const char *function, memqc_status status, size_t l, size_t n,
                            const float *x, int training) {
    for (size_t i = 0; i < n && status == MEMQC_ERROR_DATA; i++)
        if (!isfinite(x[i]))
            return mqc_fail(training ? MEMQC_ERROR_DIVERGED : MEMQC_ERROR_DATA,
                            "%s: the inputs of layer %zu became NaN or infinite", function, l);
    return status;
}

/* Units of h[l] that this sample finds off: a pure function of the seed, the layer, and how many
 * samples came before. */
static void drop_units(memqc_mlp *mlp, size_t l, size_t m) {
    const double drop = mqc_mlp_value(mlp->layer[l - 1].value, MEMQC_MLP_DROPOUT);
    const struct mqc_rng rng =
        mqc_rng_make(mqc_rng_child(mlp->seed, 2 * (l - 1)), MQC_STREAM_DROPOUT);
    const size_t ld = mlp->units[l].ld, n = mlp->layer[l].in;
    for (size_t i = 0; i < m; i++) {
        float *mask = mlp->units[l].mask + i * ld;
        mqc_rng_kernels()->uniform(
            &rng, 0, (uint64_t)mlp->at.epochs << 32 | (mlp->at.running.samples + i), n, mask);
        mqc_mlp_kernels()->dropout(n, (float)drop, (float)(1 / (1 - drop)),
                                   mlp->units[l].h + i * ld, mask, mlp->units[l].masked + i * ld);
    }
    mlp->units[l].in = mlp->units[l].masked;
}

/* The input of the row that holds the biases. */
static void append_ones(const struct mqc_layer *layer, size_t m, float *h) {
    for (size_t i = 0; i < m && layer->rows > layer->in; i++)
        h[i * layer->rows + layer->in] = 1;
}

memqc_status mqc_mlp_forward(memqc_mlp *mlp, const struct mqc_samples *samples, size_t m,
                             size_t first, const uint32_t *index, int training) {
    const struct mqc_mlp_kernels *kernels = mqc_mlp_kernels();
    MQC_TRY(load_inputs(mlp, samples, m, first, index));
    for (size_t l = 0; l < mlp->n_layers; l++) {
        struct mqc_layer *layer = &mlp->layer[l];
        mlp->units[l].in = mlp->units[l].h;
        if (l > 0 && training && mqc_mlp_value(mlp->layer[l - 1].value, MEMQC_MLP_DROPOUT) > 0)
            drop_units(mlp, l, m);
        append_ones(layer, m, mlp->units[l].in);
        float *const out = mlp->units[l + 1].h;
        const size_t ld = mlp->units[l + 1].ld;
        const float *const in = mlp->units[l].in;
        const memqc_status status = product(mlp, l, m, in, out, ld, training);
        MQC_TRY(explain(samples->function, status, l, m * layer->rows, in, training));
        if (mqc_mlp_is_softmax(mlp, l)) {
            kernels->identity(m, layer->out, ld, 0, layer->now.bias, out);
            memcpy(mlp->delta, out,
                   m * layer->out * sizeof(float)); /* the loss wants them: see mqc_mlp_loss() */
            kernels->softmax(m, layer->out, out, mlp->log_sum);
        } else {
            kernels->activation[(int)mqc_mlp_value(layer->value, MEMQC_MLP_ACTIVATION) -
                                MEMQC_MLP_LOGISTIC](
                m, layer->out, ld, (float)mqc_mlp_value(mlp->value, MEMQC_MLP_LEAK),
                layer->now.bias, out);
        }
    }
    return MEMQC_OK;
}
