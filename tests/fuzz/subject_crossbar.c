/* SPDX-License-Identifier: BSD-3-Clause */
/* Arrays as objects of sequences of calls. */
#include "subjects.h"

enum { MOST_CELLS = 2500 };

static int array_is_custom(const memqc_crossbar *xb) {
    memqc_device *device = NULL;
    MUST(memqc_crossbar_get_device(xb, &device) == MEMQC_OK, "no device");
    const int custom = is_custom(device);
    memqc_device_destroy(&device);
    return custom;
}

static void dump_planes(memqc_crossbar *xb, struct bytes *bytes) {
    size_t rows, cols, planes;
    memqc_crossbar_get_shape(xb, &rows, &cols, &planes);
    float *values = calloc(rows * cols + 1, sizeof *values);
    MUST(values, "no memory");
    const size_t n = rows * cols * sizeof *values;
    for (size_t p = 0; p < planes; p++) {
        if (memqc_crossbar_get_conductances(xb, p, values, cols) == MEMQC_OK)
            add_bytes(bytes, values, n);
        if (memqc_crossbar_get_levels(xb, p, (int32_t *)values, cols) == MEMQC_OK)
            add_bytes(bytes, values, n);
        if (memqc_crossbar_get_stuck(xb, p, (int32_t *)values, cols) == MEMQC_OK)
            add_bytes(bytes, values, n);
        if (memqc_crossbar_get_reference(xb, p, values) == MEMQC_OK)
            add_bytes(bytes, values, rows * sizeof *values);
    }
    if (memqc_crossbar_get_weights(xb, values, cols) == MEMQC_OK)
        add_bytes(bytes, values, n);
    free(values);
}

static void dump_array(memqc_crossbar *xb, struct bytes *bytes) {
    double value = 0;
    uint64_t count = 0;
    memqc_device *device = NULL;
    for (size_t i = 0; i < memqc_crossbar_keys(); i++)
        ADD(bytes, memqc_crossbar_get(xb, memqc_crossbar_key_at(i), &value), value);
    for (int32_t i = MEMQC_CROSSBAR_COST_SET; i <= MEMQC_CROSSBAR_COST_READ_TIME; i++)
        ADD(bytes, memqc_crossbar_get_cost(xb, i, &value), value);
    for (int32_t i = MEMQC_CROSSBAR_COUNT_PROGRAMMED; i <= MEMQC_CROSSBAR_COUNT_SATURATED_LAST; i++)
        ADD(bytes, memqc_crossbar_get_count(xb, i, &count), count);
    ADD(bytes, memqc_crossbar_get_clock(xb, &value), value);
    ADD(bytes, memqc_crossbar_get_compensation(xb, &value), value);
    ADD(bytes, memqc_crossbar_get_vector(xb, &count), count);
    ADD(bytes, memqc_crossbar_get_seed(xb, &count), count);
    MUST(memqc_crossbar_get_device(xb, &device) == MEMQC_OK, "no device");
    dump_custom(device, bytes);
    memqc_device_destroy(&device);
    dump_planes(xb, bytes);
}

static struct bytes snapshot_array(void *object) {
    struct bytes bytes = {NULL, 0};
    if (array_is_custom(object))
        dump_array(object, &bytes);
    else
        SAVED(crossbar, object, bytes);
    return bytes;
}

static void *copy_array(void *object) {
    memqc_crossbar *copy = NULL;
    MUST(memqc_crossbar_copy(object, &copy) == MEMQC_OK, "no copy");
    return copy;
}

static void *reload_array(void *object) {
    memqc_crossbar *copy = NULL;
    if (array_is_custom(object))
        return copy_array(object);
    struct bytes bytes;
    SAVED(crossbar, object, bytes);
    MUST(memqc_crossbar_load_memory(bytes.data, bytes.size, &copy) == MEMQC_OK,
         "what was saved is not loaded");
    free(bytes.data);
    return copy;
}

static void destroy_array(void *object) {
    memqc_crossbar *xb = object;
    memqc_crossbar_destroy(&xb);
}

static int array_is_large(void *object) {
    size_t rows, cols, planes;
    MUST(memqc_crossbar_get_shape(object, &rows, &cols, &planes) == MEMQC_OK, "no shape");
    return rows > MOST_CELLS || cols > MOST_CELLS || rows * cols > MOST_CELLS;
}

const struct subject crossbar_subject = {{&crossbar_calls, &read_calls},
                                         snapshot_array,
                                         reload_array,
                                         copy_array,
                                         destroy_array,
                                         array_is_large};

void tame_crossbar(memqc_crossbar *crossbar) {
    for (size_t i = 0; i < memqc_crossbar_keys(); i++) {
        const int32_t key = memqc_crossbar_key_at(i);
        double value = 0;
        if (memqc_crossbar_get(crossbar, key, &value) == MEMQC_OK && value > most_of(key))
            memqc_crossbar_set(crossbar, key, most_of(key));
    }
}
