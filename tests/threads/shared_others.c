/* SPDX-License-Identifier: BSD-3-Clause */
/* What may be asked of an array and of a network by several threads at once. */
#include "threads.h"

static const char *const nowhere = "no such folder/file";

static void ask_crossbar(const memqc_crossbar *xb, struct found *found) {
    double value = 0;
    int32_t flag = 0;
    uint64_t count = 0;
    size_t rows, cols, planes, tile[4];
    for (size_t i = 0; i < memqc_crossbar_keys(); i++) {
        OK(memqc_crossbar_get(xb, memqc_crossbar_key_at(i), &value));
        OK(memqc_crossbar_uses(xb, memqc_crossbar_key_at(i), &flag));
        find(found, value + flag);
    }
    OK(memqc_crossbar_get_seed(xb, &count));
    OK(memqc_crossbar_get_shape(xb, &rows, &cols, &planes));
    OK(memqc_crossbar_tile(xb, 0, &tile[0], &tile[1], &tile[2], &tile[3]));
    find(found, (double)(rows + cols + planes + tile[2] + tile[3]));
    OK(memqc_crossbar_get_clock(xb, &value));
    OK(memqc_crossbar_get_vector(xb, &count));
    OK(memqc_crossbar_get_compensation(xb, &value));
    OK(memqc_crossbar_get_count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED, &count));
    find(found, (double)count);
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_SET, &value));
    OK(memqc_crossbar_get_report(xb, MEMQC_CROSSBAR_REPORT_ERROR_Q95, &value));
    find(found, value);
}

static void read_cells(const memqc_crossbar *xb, struct found *found) {
    float values[SAMPLES * (ROWS + COLS)] = {0};
    int32_t whole[CELLS] = {0};
    OK(memqc_crossbar_get_weights(xb, values, COLS));
    find_all(found, CELLS, values);
    OK(memqc_crossbar_get_nominal_weights(xb, values, COLS));
    find_all(found, CELLS, values);
    OK(memqc_crossbar_get_conductances(xb, 1, values, COLS));
    find_all(found, CELLS, values);
    OK(memqc_crossbar_get_levels(xb, 0, whole, COLS));
    OK(memqc_crossbar_get_stuck(xb, 0, whole, COLS));
    find_status(found, memqc_crossbar_get_reference(xb, 0, values));
    OK(memqc_crossbar_ideal_currents(xb, 0, SAMPLES, x, ROWS, values, COLS));
    find_all(found, (size_t)SAMPLES * COLS, values);
    OK(memqc_crossbar_ideal_currents_transposed(xb, 1, SAMPLES, x, ROWS, values, ROWS));
    find_all(found, (size_t)SAMPLES * ROWS, values);
}

void use_crossbar(const memqc_crossbar *xb, struct found *found) {
    unsigned char *const bytes = malloc(ROOM);
    float y[SAMPLES * COLS];
    size_t size = 0;
    memqc_crossbar *copy;
    memqc_device *device;
    ck_assert_ptr_nonnull(bytes);
    ask_crossbar(xb, found);
    read_cells(xb, found);
    find_status(found, memqc_crossbar_save(xb, nowhere));
    OK(memqc_crossbar_save_memory(xb, bytes, ROOM, &size));
    find(found, (double)size);
    OK(memqc_crossbar_get_device(xb, &device));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_copy(xb, &copy));
    OK(memqc_crossbar_mac(copy, SAMPLES, x, ROWS, y, COLS)); /* of its own again */
    OK(memqc_crossbar_update(copy, 0.3, dw, COLS));
    read_cells(copy, found);
    find_all(found, COUNT(y), y);
    memqc_crossbar_destroy(&copy);
    free(bytes);
}

static void ask_mlp(const memqc_mlp *mlp, struct found *found) {
    double value = 0;
    int32_t flag = 0;
    uint64_t seed;
    uint32_t epochs, best;
    size_t sizes[4], n, layers, inputs, outputs;
    for (size_t i = 0; i < memqc_mlp_keys(); i++) {
        const int32_t key = memqc_mlp_key_at(i);
        OK(memqc_mlp_get(mlp, key, &value));
        OK(memqc_mlp_uses(mlp, key, &flag));
        find(found, value + flag);
        find_status(found, memqc_mlp_get_layer(mlp, 1, key, &value));
    }
    find_status(found, memqc_mlp_get_crossbar(mlp, 0, MEMQC_CROSSBAR_MAPPING, &value));
    OK(memqc_mlp_get_seed(mlp, &seed));
    OK(memqc_mlp_get_shape(mlp, &layers, &inputs, &outputs));
    OK(memqc_mlp_get_sizes(mlp, COUNT(sizes), sizes, &n));
    OK(memqc_mlp_get_epochs(mlp, &epochs));
    OK(memqc_mlp_get_best_epoch(mlp, &best));
    OK(memqc_mlp_get_history(mlp, epochs, MEMQC_MLP_HISTORY_LOSS, &value));
    find(found, (double)(layers + inputs + outputs + n + epochs + best) + value);
}

void use_mlp(const memqc_mlp *mlp, struct found *found) {
    unsigned char *const bytes = malloc(ROOM);
    size_t size = 0;
    double loss = 0;
    memqc_mlp *copy;
    memqc_device *device;
    ck_assert_ptr_nonnull(bytes);
    ask_mlp(mlp, found);
    find_status(found, memqc_mlp_save(mlp, nowhere));
    OK(memqc_mlp_save_memory(mlp, bytes, ROOM, &size));
    for (size_t i = 0; i < size; i++)
        find(found, bytes[i]);
    find_status(found, memqc_mlp_get_device(mlp, 0, &device)); /* none, where weights are floats */
    memqc_device_destroy(&device);
    OK(memqc_mlp_copy(mlp, &copy));
    OK(memqc_mlp_train_epoch(copy, SAMPLES, x, ROWS, labels));
    OK(memqc_mlp_evaluate(copy, SAMPLES, x, ROWS, labels, &loss, NULL, NULL));
    find(found, loss);
    memqc_mlp_destroy(&copy);
    free(bytes);
}
