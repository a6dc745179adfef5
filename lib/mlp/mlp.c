/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle: making, parameters, weights. */
#include "mlp/mlp.h"
#include "core/alloc.h"
#include "core/error.h"
#include "rng/rng.h"

#include <math.h>
#include <string.h>

static const struct mqc_param table[MQC_MLP_KEYS] = {
    {"rule", "", MEMQC_MLP_RULE_FLOAT, MEMQC_MLP_RULE_NEAREST_LEVEL, MEMQC_MLP_RULE_NEAREST_LEVEL, 1},
    {"activation", "", MEMQC_MLP_LOGISTIC, MEMQC_MLP_RELU, MEMQC_MLP_LOGISTIC, 1},
    {"loss", "", MEMQC_MLP_SQUARED_ERROR, MEMQC_MLP_CROSS_ENTROPY, MEMQC_MLP_SQUARED_ERROR, 1},
    {"learning_rate", "", 1e-12, 1e6, 10, 0},
    {"batch", "", 1, 65536, 10, 1},
    {"input_bits", "", 0, 1, 1, 1},
    {"input_threshold", "", -1e30, 1e30, 0.5, 0},
    {"mapping", "", MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, MEMQC_CROSSBAR_MAPPING_SINGLE, 1},
    {"weight_range", "", 1e-6, 1e6, 1, 0},
    {"init_range", "", 0, 1e6, 0, 0},
    {"progress_interval", "", 1, 1e9, 1000, 1},
};

const struct mqc_params mqc_mlp_params = {"mlp", MQC_MLP_KEYS, table};

const struct mqc_mlp_kernels *mqc_mlp_kernels(void) {
    static const struct mqc_mlp_kernels *const tables[MQC_ISA_COUNT] = MQC_KERNEL_TABLES(mqc_mlp_kernels);
    return tables[mqc_isa()];
}

static memqc_status check_sizes(const size_t *sizes, size_t n_sizes) {
    if (n_sizes < 2 || n_sizes > MQC_MLP_LAYERS + 1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "memqc_mlp_create: n_sizes = %zu is outside 2 .. %d", n_sizes, MQC_MLP_LAYERS + 1);
    const size_t most = (size_t)1 << 30;
    for (size_t l = 0; l < n_sizes; l++)
        if (sizes[l] < 1 || sizes[l] > most || (l > 0 && sizes[l] > most / sizes[l - 1]))
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "memqc_mlp_create: sizes[%zu] = %zu; allowed is 1 or more, neighbours multiplying to 2^30 at most", l,
                            sizes[l]);
    return MEMQC_OK;
}

memqc_status memqc_mlp_create(const size_t *sizes, size_t n_sizes, const memqc_device *device, memqc_mlp **out) {
    memqc_status status = MEMQC_ERROR_NOMEM;
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(sizes);
    MQC_TRY(check_sizes(sizes, n_sizes));
    memqc_mlp *mlp = mqc_alloc(1, sizeof *mlp);
    if (!mlp)
        goto fail;
    for (int32_t key = 1; key <= MQC_MLP_KEYS; key++)
        mlp->value[key] = table[key - 1].initial;
    if (!device)
        mlp->value[MEMQC_MLP_RULE] = MEMQC_MLP_RULE_FLOAT;
    else if ((status = memqc_device_copy(device, &mlp->device)) != MEMQC_OK)
        goto fail;
    status = MEMQC_ERROR_NOMEM;
    mlp->n_layers = n_sizes - 1;
    for (size_t l = 0; l < mlp->n_layers; l++) {
        struct mqc_layer *layer = &mlp->layer[l];
        layer->in = sizes[l];
        layer->out = sizes[l + 1];
        if (!(layer->bias = mqc_alloc(layer->out, sizeof(float))) || !(layer->bias_sum = mqc_alloc(layer->out, sizeof(float))) ||
            !(layer->bias_kept = mqc_alloc(layer->out, sizeof(float))))
            goto fail;
    }
    *out = mlp;
    return MEMQC_OK;
fail:
    memqc_mlp_destroy(&mlp);
    return status;
}

static void drop_weights(memqc_mlp *mlp) {
    for (size_t l = 0; l < mlp->n_layers; l++) {
        struct mqc_layer *layer = &mlp->layer[l];
        float **const memory[] = {&layer->w, &layer->w_kept, &layer->grad};
        for (size_t i = 0; i < sizeof memory / sizeof *memory; i++) {
            mqc_free(*memory[i]);
            *memory[i] = NULL;
        }
        memqc_crossbar_destroy(&layer->xb);
        memqc_crossbar_destroy(&layer->xb_kept);
    }
    mlp->ready = 0;
}

void memqc_mlp_destroy(memqc_mlp **mlp) {
    if (!mlp || !*mlp)
        return;
    memqc_mlp *m = *mlp;
    drop_weights(m);
    for (size_t l = 0; l < m->n_layers; l++) {
        mqc_free(m->layer[l].bias);
        mqc_free(m->layer[l].bias_sum);
        mqc_free(m->layer[l].bias_kept);
    }
    for (size_t l = 0; l <= m->n_layers; l++)
        mqc_free(m->h[l]);
    mqc_free(m->delta);
    mqc_free(m->back);
    mqc_free(m->log_sum);
    mqc_free(m->order);
    mqc_free(m->words);
    memqc_device_destroy(&m->device);
    mqc_free(m);
    *mlp = NULL;
}

static int shapes_weights(int32_t key) {
    return key == MEMQC_MLP_RULE || key == MEMQC_MLP_MAPPING || key == MEMQC_MLP_WEIGHT_RANGE || key == MEMQC_MLP_INIT_RANGE;
}

memqc_status memqc_mlp_set(memqc_mlp *mlp, int32_t key, double value) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_params_check(&mqc_mlp_params, key, value));
    if (mlp->ready && shapes_weights(key))
        return mqc_fail(MEMQC_ERROR_STATE, "memqc_mlp_set: %s = %g: the weights are drawn, which settled it; call memqc_mlp_reset first",
                        table[key - 1].name, value);
    if (key == MEMQC_MLP_RULE && value != MEMQC_MLP_RULE_FLOAT && !mlp->device)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "memqc_mlp_set: rule = %g needs a device, and the network was made without one; allowed "
                        "is RULE_FLOAT", value);
    mlp->value[key] = value;
    return MEMQC_OK;
}

memqc_status memqc_mlp_get(const memqc_mlp *mlp, int32_t key, double *value) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(value);
    MQC_TRY(mqc_params_known(&mqc_mlp_params, key));
    *value = mlp->value[key];
    return MEMQC_OK;
}

memqc_status memqc_mlp_key(const char *name, int32_t *key) {
    MQC_NOT_NULL(name);
    MQC_NOT_NULL(key);
    return mqc_params_key(&mqc_mlp_params, name, key);
}

memqc_status memqc_mlp_describe(int32_t key, const char **name, const char **unit, double *min, double *max, double *initial) {
    return mqc_params_describe(&mqc_mlp_params, key, name, unit, min, max, initial);
}

memqc_status memqc_mlp_seed(memqc_mlp *mlp, uint64_t seed) {
    MQC_NOT_NULL(mlp);
    if (mlp->ready)
        return mqc_fail(MEMQC_ERROR_STATE, "memqc_mlp_seed: the weights are drawn; call memqc_mlp_reset first");
    mlp->seed = seed;
    return MEMQC_OK;
}

/* Initial weights, uniform in -r .. r, to layer->w. Each layer has two seeds of its own: one for these, one for its cells. */
static void draw_weights(const memqc_mlp *mlp, size_t l, float *w) {
    const struct mqc_layer *layer = &mlp->layer[l];
    const struct mqc_rng rng = mqc_rng_make(mqc_rng_child(mlp->seed, 2 * l), MQC_STREAM_INIT);
    double range = mlp->value[MEMQC_MLP_INIT_RANGE];
    if (range == 0)
        range = mqc_mlp_rule(mlp)->on_crossbar ? mlp->value[MEMQC_MLP_WEIGHT_RANGE] : sqrt(6.0 / (double)(layer->in + layer->out));
    mqc_rng_kernels()->uniform(&rng, 0, 0, layer->in * layer->out, w);
    for (size_t i = 0; i < layer->in * layer->out; i++)
        w[i] = (float)(range * (2 * (double)w[i] - 1));
}

static memqc_status init_layer(memqc_mlp *mlp, size_t l) {
    struct mqc_layer *layer = &mlp->layer[l];
    const size_t cells = layer->in * layer->out;
    if (!(layer->w = mqc_alloc(cells, sizeof(float))))
        return MEMQC_ERROR_NOMEM;
    draw_weights(mlp, l, layer->w);
    if (!mqc_mlp_rule(mlp)->on_crossbar)
        return (layer->w_kept = mqc_alloc(cells, sizeof(float))) ? MEMQC_OK : MEMQC_ERROR_NOMEM;
    MQC_TRY(memqc_crossbar_create(mlp->device, layer->in, layer->out, &layer->xb));
    MQC_TRY(memqc_crossbar_seed(layer->xb, mqc_rng_child(mlp->seed, 2 * l + 1)));
    MQC_TRY(memqc_crossbar_set(layer->xb, MEMQC_CROSSBAR_MAPPING, mlp->value[MEMQC_MLP_MAPPING]));
    MQC_TRY(memqc_crossbar_set(layer->xb, MEMQC_CROSSBAR_W_MAX, mlp->value[MEMQC_MLP_WEIGHT_RANGE]));
    MQC_TRY(memqc_crossbar_program(layer->xb, layer->w, layer->out));
    layer->grad = layer->w; /* the crossbar has the weights now, and a gradient is of the same size */
    layer->w = NULL;
    return MEMQC_OK;
}

memqc_status memqc_mlp_init(memqc_mlp *mlp) {
    MQC_NOT_NULL(mlp);
    if (mlp->ready)
        return MEMQC_OK;
    for (size_t l = 0; l < mlp->n_layers; l++) {
        const memqc_status status = init_layer(mlp, l);
        if (status != MEMQC_OK) {
            drop_weights(mlp);
            return status;
        }
        memset(mlp->layer[l].bias, 0, mlp->layer[l].out * sizeof(float));
    }
    mlp->ready = 1;
    return MEMQC_OK;
}

memqc_status mqc_mlp_finish(memqc_mlp *mlp, int was_ready, memqc_status status) {
    if (status != MEMQC_OK && status != MEMQC_STOPPED && !was_ready)
        drop_weights(mlp);
    return status;
}

memqc_status memqc_mlp_reset(memqc_mlp *mlp) {
    MQC_NOT_NULL(mlp);
    drop_weights(mlp);
    mlp->epochs = 0;
    mlp->epoch_samples = 0;
    memset(&mlp->running, 0, sizeof mlp->running);
    return MEMQC_OK;
}

memqc_status memqc_mlp_shape(const memqc_mlp *mlp, size_t *layers, size_t *inputs, size_t *outputs) {
    MQC_NOT_NULL(mlp);
    if (layers)
        *layers = mlp->n_layers;
    if (inputs)
        *inputs = mqc_mlp_inputs(mlp);
    if (outputs)
        *outputs = mqc_mlp_outputs(mlp);
    return MEMQC_OK;
}

memqc_status memqc_mlp_epochs(const memqc_mlp *mlp, uint32_t *epochs) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(epochs);
    *epochs = mlp->epochs;
    return MEMQC_OK;
}

static memqc_status check_layer(const memqc_mlp *mlp, const char *function, size_t layer) {
    if (layer >= mlp->n_layers)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: layer = %zu; the network has layers 0 .. %zu", function, layer, mlp->n_layers - 1);
    return MEMQC_OK;
}

static memqc_status check_ldw(const struct mqc_layer *layer, const char *function, size_t ldw) {
    if (ldw < layer->out)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: ldw = %zu is less than the layer's %zu outputs", function, ldw, layer->out);
    return MEMQC_OK;
}

memqc_status memqc_mlp_get_weights(memqc_mlp *mlp, size_t layer, float *w, size_t ldw, float *bias) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(check_layer(mlp, __func__, layer));
    const struct mqc_layer *from = &mlp->layer[layer];
    if (w)
        MQC_TRY(check_ldw(from, __func__, ldw));
    MQC_TRY(memqc_mlp_init(mlp));
    if (w) {
        if (from->xb)
            MQC_TRY(memqc_crossbar_get_weights(from->xb, w, ldw));
        for (size_t i = 0; !from->xb && i < from->in; i++)
            memcpy(w + i * ldw, from->w + i * from->out, from->out * sizeof *w);
    }
    if (bias)
        memcpy(bias, from->bias, from->out * sizeof *bias);
    return MEMQC_OK;
}

static memqc_status check_finite(const char *function, const char *what, size_t rows, size_t cols, const float *x, size_t ld) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < cols; j++)
            if (!isfinite(x[i * ld + j]))
                return mqc_fail(MEMQC_ERROR_DATA, "%s: %s[%zu, %zu] = %g; it must be finite", function, what, i, j,
                                (double)x[i * ld + j]);
    return MEMQC_OK;
}

memqc_status memqc_mlp_set_weights(memqc_mlp *mlp, size_t layer, const float *w, size_t ldw, const float *bias) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(check_layer(mlp, __func__, layer));
    struct mqc_layer *to = &mlp->layer[layer];
    if (w) {
        MQC_TRY(check_ldw(to, __func__, ldw));
        MQC_TRY(check_finite(__func__, "w", to->in, to->out, w, ldw));
    }
    if (bias)
        MQC_TRY(check_finite(__func__, "bias", 1, to->out, bias, to->out));
    const int was_ready = mlp->ready;
    MQC_TRY(memqc_mlp_init(mlp));
    if (w && to->xb)
        MQC_TRY(mqc_mlp_finish(mlp, was_ready, memqc_crossbar_program(to->xb, w, ldw)));
    for (size_t i = 0; w && !to->xb && i < to->in; i++)
        memcpy(to->w + i * to->out, w + i * ldw, to->out * sizeof *w);
    if (bias)
        memcpy(to->bias, bias, to->out * sizeof *bias);
    return MEMQC_OK;
}

memqc_status memqc_mlp_crossbar(memqc_mlp *mlp, size_t layer, const memqc_crossbar **out) {
    MQC_NOT_NULL(out);
    *out = NULL;
    MQC_NOT_NULL(mlp);
    MQC_TRY(check_layer(mlp, __func__, layer));
    if (!mqc_mlp_rule(mlp)->on_crossbar)
        return mqc_fail(MEMQC_ERROR_STATE, "memqc_mlp_crossbar: under RULE_FLOAT the weights are on no crossbar");
    MQC_TRY(memqc_mlp_init(mlp));
    *out = mlp->layer[layer].xb;
    return MEMQC_OK;
}
