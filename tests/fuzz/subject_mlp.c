/* SPDX-License-Identifier: BSD-3-Clause */
/* Networks as objects of sequences of calls. */
#include "subjects.h"

enum { MOST_CELLS = 2500, MOST_UNITS = 300 };

static int net_is_custom(const memqc_mlp *mlp) {
    size_t layers = 0;
    int custom = 0;
    memqc_mlp_get_shape(mlp, &layers, NULL, NULL);
    for (size_t l = 0; l < layers; l++) {
        memqc_device *device = NULL;
        if (memqc_mlp_get_device(mlp, l, &device) == MEMQC_OK)
            custom |= is_custom(device);
        memqc_device_destroy(&device);
    }
    return custom;
}

static void dump_layer(memqc_mlp *mlp, size_t l, size_t out, struct bytes *bytes) {
    const memqc_crossbar *xb = NULL;
    double value = 0;
    for (size_t i = 0; i < memqc_mlp_keys(); i++)
        ADD(bytes, memqc_mlp_get_layer(mlp, l, memqc_mlp_key_at(i), &value), value);
    for (size_t i = 0; i < memqc_crossbar_keys(); i++)
        ADD(bytes, memqc_mlp_get_crossbar(mlp, l, memqc_crossbar_key_at(i), &value), value);
    memqc_mlp *copy = NULL; /* asking for weights would draw them */
    MUST(memqc_mlp_copy(mlp, &copy) == MEMQC_OK, "no copy");
    float *bias = calloc(out, sizeof *bias);
    MUST(bias, "no memory");
    if (memqc_mlp_get_weights(copy, l, NULL, 0, bias) == MEMQC_OK)
        add_bytes(bytes, bias, out * sizeof *bias);
    free(bias);
    if (memqc_mlp_borrow_crossbar(copy, l, &xb) == MEMQC_OK) {
        memqc_crossbar *array = NULL;
        MUST(memqc_crossbar_copy(xb, &array) == MEMQC_OK, "no copy");
        const struct bytes of_array = crossbar_subject.snapshot(array);
        add_bytes(bytes, of_array.data, of_array.size);
        free(of_array.data);
        memqc_crossbar_destroy(&array);
    }
    memqc_mlp_destroy(&copy);
}

static void dump_net(memqc_mlp *mlp, struct bytes *bytes) {
    size_t sizes[64], n = 0;
    double value = 0;
    uint32_t epochs = 0;
    uint64_t seed = 0;
    memqc_mlp_get_sizes(mlp, COUNT(sizes), sizes, &n);
    for (size_t i = 0; i < memqc_mlp_keys(); i++)
        ADD(bytes, memqc_mlp_get(mlp, memqc_mlp_key_at(i), &value), value);
    ADD(bytes, memqc_mlp_get_best_epoch(mlp, &epochs), epochs);
    ADD(bytes, memqc_mlp_get_epochs(mlp, &epochs), epochs);
    ADD(bytes, memqc_mlp_get_seed(mlp, &seed), seed);
    for (uint32_t e = 1; e <= epochs && e < 20; e++)
        ADD(bytes, memqc_mlp_get_history(mlp, e, MEMQC_MLP_HISTORY_LOSS, &value), value);
    for (size_t l = 0; l + 1 < n; l++)
        dump_layer(mlp, l, sizes[l + 1], bytes);
}

static struct bytes snapshot_net(void *object) {
    struct bytes bytes = {NULL, 0};
    if (net_is_custom(object))
        dump_net(object, &bytes);
    else
        SAVED(mlp, object, bytes);
    return bytes;
}

static void *copy_net(void *object) {
    memqc_mlp *copy = NULL;
    MUST(memqc_mlp_copy(object, &copy) == MEMQC_OK, "no copy");
    return copy;
}

static void *reload_net(void *object) {
    memqc_mlp *copy = NULL;
    if (net_is_custom(object))
        return copy_net(object);
    struct bytes bytes;
    SAVED(mlp, object, bytes);
    MUST(memqc_mlp_load_memory(bytes.data, bytes.size, &copy) == MEMQC_OK,
         "what was saved is not loaded");
    free(bytes.data);
    return copy;
}

static void destroy_net(void *object) {
    memqc_mlp *mlp = object;
    memqc_mlp_destroy(&mlp);
}

static int net_is_large(void *object) {
    size_t sizes[64], n = 0, cells = 0;
    MUST(memqc_mlp_get_sizes(object, COUNT(sizes), sizes, &n) == MEMQC_OK, "no sizes");
    for (size_t l = 0; l < n; l++) {
        if (sizes[l] > MOST_UNITS)
            return 1;
        cells += l ? sizes[l - 1] * sizes[l] : 0;
    }
    return cells > MOST_CELLS;
}

const struct subject mlp_subject = {
    {&mlp_calls, &study_calls}, snapshot_net, reload_net, copy_net, destroy_net, net_is_large};

void tame_mlp(memqc_mlp *mlp) {
    for (size_t i = 0; i < memqc_mlp_keys(); i++) {
        const int32_t key = memqc_mlp_key_at(i);
        double value = 0;
        if (memqc_mlp_get(mlp, key, &value) == MEMQC_OK && value > most_of(key))
            memqc_mlp_set(mlp, key, most_of(key));
    }
    for (size_t i = 0; i < memqc_crossbar_keys(); i++)
        if (most_of(memqc_crossbar_key_at(i)) < 1e6)
            memqc_mlp_set_crossbar(mlp, MEMQC_MLP_ALL, memqc_crossbar_key_at(i),
                                   most_of(memqc_crossbar_key_at(i)));
}
