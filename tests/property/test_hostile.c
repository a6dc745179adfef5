/* SPDX-License-Identifier: BSD-3-Clause */
/* Whatever a saved device, array or network was altered to: it is refused, or it is an object that
 * works and can be saved and loaded again. MEMQC_HOSTILE_TRIES (600) of each; the sanitizers and
 * valgrind see what is touched. */
#include "hostile.h"
#include "objects.h"

#include <stdio.h>

enum { MOST = 64, CELLS = 12 };

/* MEMQC_HOSTILE_SEED: another sequence of alterations than that of seed 0. */
static void seed_attack(void) {
    const char *text = getenv("MEMQC_HOSTILE_SEED");
    const uint64_t seed = text ? strtoull(text, NULL, 10) : 0;
    hostile_state ^= seed * UINT64_C(0x9e3779b97f4a7c15);
}

static size_t tries(void) {
    const char *text = getenv("MEMQC_HOSTILE_TRIES");
    return text ? strtoul(text, NULL, 10) : 600;
}

static struct archive samples[MOST];
static size_t n_samples;

static void sample(unsigned char *bytes, size_t size) {
    ck_assert_uint_lt(n_samples, MOST);
    take_apart(&samples[n_samples++], bytes, size);
}

static void free_samples(void) {
    for (size_t i = 0; i < n_samples; i++)
        free(samples[i].bytes);
    n_samples = 0;
}

/* What an altered object may say to a call: nothing is spoilt but by what was altered. */
static void may(memqc_status status) {
    ck_assert_msg(status == MEMQC_OK || status == MEMQC_ERROR_ARGUMENT ||
                      status == MEMQC_ERROR_STATE || status == MEMQC_ERROR_DATA ||
                      status == MEMQC_ERROR_DIVERGED || status == MEMQC_ERROR_NOMEM ||
                      status == MEMQC_STOPPED,
                  "%s: %s", memqc_status_name(status), memqc_last_error());
}

/* --- devices --- */

static void use_device(const memqc_device *device) {
    float state[CELLS], g[CELLS], out[CELLS];
    int32_t levels[CELLS];
    double cost[16], states = 0, step = 0, high = 0, low = 0, mean[3];
    uint64_t negative[CELLS];
    OK(memqc_device_get(device, MEMQC_DEVICE_STATES, &states));
    OK(memqc_device_get(device, MEMQC_DEVICE_G_MAX, &high));
    OK(memqc_device_get(device, MEMQC_DEVICE_G_MIN, &low));
    OK(memqc_device_get(device, MEMQC_DEVICE_STEP, &step));
    for (int i = 0; i < CELLS; i++) {
        levels[i] = 1 + (int32_t)hostile_below((size_t)states);
        state[i] = model_of(device) == MEMQC_DEVICE_QUANTIZED ? (float)levels[i] : (float)low;
    }
    may(memqc_device_cells(device, MEMQC_DEVICE_G_MAX, 0, CELLS, g));
    if (model_of(device) == MEMQC_DEVICE_QUANTIZED ||
        step * 2000 > high - low) /* else millions of pulses: slow, not wrong */
        may(memqc_device_program(device, 0, 1, CELLS, levels, state, g, cost));
    may(memqc_device_pulse(device, 0, 2, CELLS, 3, state, g, cost));
    may(memqc_device_pulse(device, 0, 3, CELLS, -40, state, g, cost));
    may(memqc_device_read(device, 0, 1, CELLS, g, out));
    may(memqc_device_age(device, 0, 1, 3600, 10, CELLS, g, out));
    may(memqc_device_level(device, 1, &mean[0], &mean[1], &mean[2]));
    may(memqc_device_nearest(device, CELLS, g, levels));
    may(memqc_device_draw(device, 0, 0, CELLS, levels, out, negative));
}

static void check_device(const unsigned char *bytes, size_t size) {
    memqc_device *device = NULL;
    const memqc_status status = memqc_device_load_memory(bytes, size, &device);
    ck_assert_msg(status == MEMQC_OK || status == MEMQC_ERROR_FORMAT || status == MEMQC_ERROR_NOMEM,
                  "%s", memqc_last_error());
    if (status != MEMQC_OK)
        return;
    use_device(device);
    CAN_BE_LOADED(device, device);
    memqc_device_destroy(&device);
}

/* --- arrays --- */

static void use_array(memqc_crossbar *xb) {
    size_t rows = 0, cols = 0, planes = 0;
    OK(memqc_crossbar_get_shape(xb, &rows, &cols, &planes));
    float w[ROWS * COLS], x[ROWS * 4], y[COLS * 4];
    size_t places[3] = {0, 7, 29};
    int32_t pulses[3] = {1, -1, 2};
    (void)pulses;
    if (rows != ROWS || cols != COLS)
        return;
    fill_floats(ROWS * COLS, w);
    fill_floats(ROWS * 4, x);
    may(memqc_crossbar_mac(xb, 4, x, ROWS, y, COLS));
    may(memqc_crossbar_mac_transposed(xb, 3, x, COLS, y, ROWS));
    may(memqc_crossbar_update(xb, 0.3, w, COLS));
    may(memqc_crossbar_update_outer(xb, 0.3, 2, x, ROWS, w, COLS));
    may(memqc_crossbar_program_list(xb, 3, places, w));
    may(memqc_crossbar_advance(xb, 10));
    may(memqc_crossbar_remap(xb, NULL, NULL));
    may(memqc_crossbar_program(xb, w, COLS));
    may(memqc_crossbar_mac(xb, 4, x, ROWS, y, COLS));
}

static void check_array(const unsigned char *bytes, size_t size) {
    memqc_crossbar *xb = NULL;
    const memqc_status status = memqc_crossbar_load_memory(bytes, size, &xb);
    ck_assert_msg(status == MEMQC_OK || status == MEMQC_ERROR_FORMAT || status == MEMQC_ERROR_NOMEM,
                  "%s", memqc_last_error());
    for (int round = 0; status == MEMQC_OK && round < 2; round++) {
        CAN_BE_LOADED(crossbar, xb);
        if (round == 0)
            use_array(xb);
    }
    memqc_crossbar_destroy(&xb);
}

/* --- networks --- */

static void use_network(memqc_mlp *mlp) {
    float out[4 * TASK_CLASSES];
    double batch = 0, loss, accuracy;
    size_t inputs = 0, outputs = 0;
    OK(memqc_mlp_get(mlp, MEMQC_MLP_BATCH, &batch));
    OK(memqc_mlp_get_shape(mlp, NULL, &inputs, &outputs));
    if (inputs != TASK_INPUTS || outputs != TASK_CLASSES || batch > 1000)
        return;
    may(memqc_mlp_predict(mlp, 4, task_x, TASK_INPUTS, out, TASK_CLASSES, NULL));
    may(memqc_mlp_evaluate(mlp, 20, task_x, TASK_INPUTS, task_labels, &loss, &accuracy, NULL));
    may(memqc_mlp_train_epoch(mlp, 20, task_x, TASK_INPUTS, task_labels));
}

static void check_network(const unsigned char *bytes, size_t size) {
    memqc_mlp *mlp = NULL;
    const memqc_status status = memqc_mlp_load_memory(bytes, size, &mlp);
    ck_assert_msg(status == MEMQC_OK || status == MEMQC_ERROR_FORMAT || status == MEMQC_ERROR_NOMEM,
                  "%s", memqc_last_error());
    for (int round = 0; status == MEMQC_OK && round < 2; round++) {
        CAN_BE_LOADED(mlp, mlp);
        if (round == 0)
            use_network(mlp);
    }
    memqc_mlp_destroy(&mlp);
}

/* --- the attack --- */

static void attack(void (*check)(const unsigned char *bytes, size_t size)) {
    const size_t n = tries();
    seed_attack();
    for (size_t i = 0; i < n; i++) {
        struct mqc_writer writer;
        const struct archive *a = &samples[hostile_below(n_samples)];
        alter(a, &samples[hostile_below(n_samples)], &writer);
        check(writer.data, writer.size);
        mqc_write_free(&writer);
    }
    free_samples();
}

START_TEST(devices) {
    make_devices();
    attack(check_device);
}
END_TEST

START_TEST(arrays) {
    make_arrays();
    attack(check_array);
}
END_TEST

START_TEST(networks) {
    make_networks();
    attack(check_network);
}
END_TEST

/* --- arrays of another device than the one around them --- */

/* Saves b's k-th parameters of a device in place of a's. */
static void swap_device(const struct archive *a, const struct archive *b, size_t k,
                        struct mqc_writer *writer) {
    const struct record *other = NULL;
    for (size_t i = 0; i < b->n && !other; i++)
        if (strcmp(b->record[i].tag, "devp") == 0)
            other = &b->record[i];
    mqc_write_start(writer, (enum mqc_kind)a->kind, a->version);
    for (size_t i = 0; i < a->n; i++) {
        const int is_device = strcmp(a->record[i].tag, "devp") == 0;
        write_record(writer, is_device && k == 0 ? other : &a->record[i]);
        k -= (size_t)is_device; /* beyond 0 it wraps, and is never 0 again */
    }
    OK(mqc_write_finish(writer));
}

static size_t count_devices(const struct archive *a) {
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++)
        n += strcmp(a->record[i].tag, "devp") == 0;
    return n;
}

/* Levels of a device of 4096 states, in an array that looks up 32. */
START_TEST(every_array_is_of_its_layers_device) {
    make_task();
    sample_network(make_task_net(&kinds[KINDS - 1], 6));
    sample_network(make_fine_net(&kinds[KINDS - 1]));
    const size_t n = count_devices(&samples[0]);
    ck_assert_uint_eq(n, 6); /* two layers; of each the device, the array and the best one */
    for (size_t k = 0; k < n; k++) {
        struct mqc_writer writer;
        memqc_mlp *mlp = NULL;
        swap_device(&samples[0], &samples[1], k, &writer);
        FAILS(MEMQC_ERROR_FORMAT, NULL, memqc_mlp_load_memory(writer.data, writer.size, &mlp));
        mqc_write_free(&writer);
    }
    free_samples();
}
END_TEST

RUN_TESTS("hostile", devices, arrays, networks, every_array_is_of_its_layers_device)
