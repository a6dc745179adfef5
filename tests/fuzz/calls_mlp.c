/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls on a network: parameters, training, use. */
#include "calls.h"

static void shape(struct fuzz *f, size_t *layers, size_t *inputs, size_t *outputs) {
    MUST(memqc_mlp_get_shape(f->real, layers, inputs, outputs) == MEMQC_OK, "no shape");
}

static size_t take_layer(struct fuzz *f) {
    size_t layers;
    shape(f, &layers, NULL, NULL);
    const uint8_t kind = take_byte(f);
    if (kind >= 250)
        return (size_t)take_wide(f);
    return kind >= 200 ? MEMQC_MLP_ALL : kind % layers;
}

/* --- parameters --- */

static memqc_status set(struct fuzz *f) {
    const int32_t key = take_key(f, &mlp_noun);
    return memqc_mlp_set(f->object, key, take_value(f, &mlp_noun, key));
}

static memqc_status set_many(struct fuzz *f) {
    int32_t *of_keys;
    double *values;
    const size_t n = take_settings(f, &mlp_noun, &of_keys, &values);
    return memqc_mlp_set_many(f->object, n, or_null(f, of_keys), or_null(f, values));
}

static memqc_status set_layer(struct fuzz *f) {
    const int32_t key = take_key(f, &mlp_noun);
    return memqc_mlp_set_layer(f->object, take_layer(f), key, take_value(f, &mlp_noun, key));
}

static memqc_status set_crossbar(struct fuzz *f) {
    const int32_t key = take_key(f, &crossbar_noun);
    const double value = take_value(f, &crossbar_noun, key);
    return memqc_mlp_set_crossbar(f->object, take_layer(f), key, value);
}

static memqc_status get(struct fuzz *f) {
    double value[3] = {0};
    int32_t flag = 0;
    const int32_t key = take_key(f, &mlp_noun);
    const size_t layer = take_layer(f);
    const memqc_status others[] = {
        memqc_mlp_uses(f->object, key, &flag),
        memqc_mlp_get_layer(f->object, layer, key, &value[1]),
        memqc_mlp_get_crossbar(f->object, layer, take_key(f, &crossbar_noun), &value[2])};
    const memqc_status status = memqc_mlp_get(f->object, key, or_null(f, &value[0]));
    see(f, others, sizeof others);
    see(f, value, sizeof value);
    return status;
}

static memqc_status keys(struct fuzz *f) {
    return ask_about_keys(f, &mlp_noun);
}

static memqc_status set_seed(struct fuzz *f) {
    return memqc_mlp_set_seed(f->object, take_wide(f));
}

static memqc_status set_device(struct fuzz *f) {
    memqc_device *device = take_device(f);
    const memqc_status status = memqc_mlp_set_device(f->object, take_layer(f), or_null(f, device));
    memqc_device_destroy(&device);
    return status;
}

static memqc_status get_device(struct fuzz *f) {
    memqc_device *device = NULL;
    const memqc_status status = memqc_mlp_get_device(f->object, take_layer(f), or_null(f, &device));
    memqc_device_destroy(&device);
    return status;
}

static memqc_status init(struct fuzz *f) {
    return memqc_mlp_init(f->object);
}

static memqc_status reset(struct fuzz *f) {
    return memqc_mlp_reset(f->object);
}

/* --- training and use --- */

/* Samples with labels, of which some may be wrong. */
struct samples {
    size_t n, ldx;
    float *x;
    int32_t *labels;
};

static struct samples take_samples(struct fuzz *f, size_t most) {
    struct samples s;
    size_t inputs, outputs;
    shape(f, NULL, &inputs, &outputs);
    s.n = take_below(f, most + 1);
    s.x = or_null(f, take_matrix(f, s.n, inputs, &s.ldx));
    s.labels = or_null(f, take_ints(f, s.n, 0, (int32_t)outputs - 1));
    return s;
}

static memqc_status train_epoch(struct fuzz *f) {
    const struct samples s = take_samples(f, 12);
    return memqc_mlp_train_epoch(f->object, s.n, s.x, s.ldx, s.labels);
}

/* The epochs of a fit: those completed and a few more. */
static uint32_t take_epochs(struct fuzz *f) {
    uint32_t epochs = 0;
    memqc_mlp_get_epochs(f->real, &epochs);
    const uint8_t kind = take_byte(f);
    if (kind >= 250)
        return kind & 1 ? 0 : UINT32_MAX;
    return epochs + kind % 4;
}

static memqc_status fit(struct fuzz *f) {
    const struct samples s = take_samples(f, 12);
    return memqc_mlp_fit(f->object, s.n, s.x, s.ldx, s.labels, take_epochs(f));
}

static memqc_status fit_stopped(struct fuzz *f) {
    struct stop stop = {take_byte(f) % 6};
    const struct samples s = take_samples(f, 12);
    memqc_mlp_set_progress(f->real, stop_after, &stop);
    const memqc_status status = memqc_mlp_fit(f->object, s.n, s.x, s.ldx, s.labels, take_epochs(f));
    memqc_mlp_set_progress(f->real, NULL, NULL);
    return status;
}

static memqc_status predict(struct fuzz *f) {
    size_t outputs, ld;
    const struct samples s = take_samples(f, 8);
    shape(f, NULL, NULL, &outputs);
    float *out = make_matrix(f, s.n, outputs, &ld);
    int32_t *classes = make_room(f, s.n * sizeof *classes);
    const memqc_status status =
        memqc_mlp_predict(f->object, s.n, s.x, s.ldx, or_null(f, out), ld, or_null(f, classes));
    if (status == MEMQC_OK)
        see_matrix(f, out, s.n, outputs, ld);
    see(f, classes, s.n * sizeof *classes);
    return status;
}

static memqc_status evaluate(struct fuzz *f) {
    size_t outputs;
    double loss = 0, accuracy = 0;
    const struct samples s = take_samples(f, 8);
    shape(f, NULL, NULL, &outputs);
    uint64_t *confusion = make_room(f, outputs * outputs * sizeof *confusion);
    const memqc_status status =
        memqc_mlp_evaluate(f->object, s.n, s.x, s.ldx, s.labels, or_null(f, &loss),
                           or_null(f, &accuracy), or_null(f, confusion));
    see(f, &loss, sizeof loss);
    see(f, &accuracy, sizeof accuracy);
    see(f, confusion, outputs * outputs * sizeof *confusion);
    return status;
}

/* Inputs and outputs of a layer; of the first where there is no such layer. */
static void layer_shape(struct fuzz *f, size_t layer, size_t *in, size_t *out) {
    size_t sizes[64] = {0}, n = 0;
    MUST(memqc_mlp_get_sizes(f->real, COUNT(sizes), sizes, &n) == MEMQC_OK, "no sizes");
    if (layer >= n - 1)
        layer = 0;
    *in = sizes[layer];
    *out = sizes[layer + 1];
}

static memqc_status get_weights(struct fuzz *f) {
    size_t in, out, ld;
    const size_t layer = take_layer(f);
    layer_shape(f, layer, &in, &out);
    float *w = make_matrix(f, in, out, &ld), *bias = make_room(f, out * sizeof *bias);
    const memqc_status status =
        memqc_mlp_get_weights(f->object, layer, or_null(f, w), ld, or_null(f, bias));
    if (status == MEMQC_OK)
        see_matrix(f, w, in, out, ld);
    see(f, bias, out * sizeof *bias);
    return status;
}

static memqc_status set_weights(struct fuzz *f) {
    size_t in, out, ld;
    const size_t layer = take_layer(f);
    layer_shape(f, layer, &in, &out);
    float *w = take_matrix(f, in, out, &ld), *bias = take_floats(f, out);
    return memqc_mlp_set_weights(f->object, layer, or_null(f, w), ld, or_null(f, bias));
}

static memqc_status borrow_crossbar(struct fuzz *f) {
    const memqc_crossbar *xb = NULL;
    size_t size = 0;
    const memqc_status status =
        memqc_mlp_borrow_crossbar(f->object, take_layer(f), or_null(f, (void *)&xb));
    if (xb && memqc_crossbar_save_memory(xb, NULL, 0, &size) == MEMQC_OK) {
        void *bytes = make_room(f, size);
        MUST(memqc_crossbar_save_memory(xb, bytes, size, &size) == MEMQC_OK, "of the same size");
        see(f, bytes, size);
    }
    return status;
}

static memqc_status history(struct fuzz *f) {
    uint32_t epochs = 0, best = 0;
    double value = 0;
    memqc_mlp_get_epochs(f->object, or_null(f, &epochs));
    memqc_mlp_get_best_epoch(f->object, or_null(f, &best));
    const memqc_status status =
        memqc_mlp_get_history(f->object, take_byte(f) % 8,
                              MEMQC_MLP_HISTORY_LOSS - 1 + take_byte(f) % 11, or_null(f, &value));
    see(f, &epochs, sizeof epochs);
    see(f, &best, sizeof best);
    see(f, &value, sizeof value);
    return status;
}

static const struct call calls[] = {
    {"set", set},
    {"set_many", set_many},
    {"set_layer", set_layer},
    {"set_crossbar", set_crossbar},
    {"set_crossbar", set_crossbar},
    {"get", get},
    {"keys", keys},
    {"set_seed", set_seed},
    {"set_device", set_device},
    {"get_device", get_device},
    {"init", init},
    {"reset", reset},
    {"train_epoch", train_epoch},
    {"fit", fit},
    {"fit", fit},
    {"fit_stopped", fit_stopped},
    {"predict", predict},
    {"evaluate", evaluate},
    {"get_weights", get_weights},
    {"set_weights", set_weights},
    {"borrow_crossbar", borrow_crossbar},
    {"history", history},
};

const struct group mlp_calls = {calls, COUNT(calls)};
