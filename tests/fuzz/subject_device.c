/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices as objects of sequences of calls. */
#include "subjects.h"

struct bench *make_bench(memqc_device *device) {
    struct bench *bench = calloc(1, sizeof *bench);
    double low = 0;
    MUST(bench, "no memory");
    bench->device = device;
    memqc_device_get(device, MEMQC_DEVICE_G_MIN, &low);
    double model = 0;
    memqc_device_get(device, MEMQC_DEVICE_MODEL, &model);
    for (size_t i = 0; i < BENCH_CELLS; i++) {
        bench->g[i] = (float)low;
        bench->state[i] = model == MEMQC_DEVICE_QUANTIZED ? 1 : (float)low;
    }
    return bench;
}

void dump_custom(const memqc_device *device, struct bytes *bytes) {
    enum { MOST = MEMQC_DEVICE_CUSTOM_PARAMETERS };
    double of[3][MOST] = {{0}}, value = 0;
    size_t n = 0;
    uint64_t seed = 0;
    for (size_t i = 0; i < memqc_device_keys(); i++)
        ADD(bytes, memqc_device_get(device, memqc_device_key_at(i), &value), value);
    ADD(bytes, memqc_device_get_custom(device, MOST, of[0], of[1], of[2], &n), of);
    ADD(bytes, memqc_device_get_seed(device, &seed), seed);
}

static struct bytes snapshot_bench(void *object) {
    const struct bench *bench = object;
    struct bytes bytes = {NULL, 0};
    if (is_custom(bench->device))
        dump_custom(bench->device, &bytes);
    else
        SAVED(device, bench->device, bytes);
    add_bytes(&bytes, bench->state, sizeof bench->state);
    add_bytes(&bytes, bench->g, sizeof bench->g);
    add_bytes(&bytes, bench->traps, sizeof bench->traps);
    add_bytes(&bytes, bench->cost, sizeof bench->cost);
    return bytes;
}

static void *copy_bench(void *object) {
    struct bench *copy = malloc(sizeof *copy);
    MUST(copy, "no memory");
    *copy = *(struct bench *)object;
    MUST(memqc_device_copy(((struct bench *)object)->device, &copy->device) == MEMQC_OK, "no copy");
    return copy;
}

static void *reload_bench(void *object) {
    struct bench *copy = copy_bench(object);
    struct bytes bytes = {NULL, 0};
    if (is_custom(copy->device))
        return copy;
    SAVED(device, copy->device, bytes);
    memqc_device_destroy(&copy->device);
    MUST(memqc_device_load_memory(bytes.data, bytes.size, &copy->device) == MEMQC_OK,
         "what was saved is not loaded");
    free(bytes.data);
    return copy;
}

static void destroy_bench(void *object) {
    struct bench *bench = object;
    memqc_device_destroy(&bench->device);
    free(bench);
}

static int never(void *object) {
    (void)object;
    return 0;
}

const struct subject device_subject = {
    {&device_calls, &effect_calls}, snapshot_bench, reload_bench, copy_bench, destroy_bench, never};
