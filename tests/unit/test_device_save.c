/* SPDX-License-Identifier: BSD-3-Clause */
/* Saved devices: what is loaded draws alike and knows what a fit found out, and nothing else is
 * taken for a device. */
#define _POSIX_C_SOURCE 200809L /* mkstemp */
#include "device/cell/inside.h"
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { ROOM = 1 << 14, CELLS = 40, CYCLES = 12, LEVELS = 32, ROWS = CYCLES * LEVELS };

static unsigned char bytes[ROOM], again[ROOM];

static size_t save(const memqc_device *device, unsigned char *to) {
    size_t size = 0;
    OK(memqc_device_save_memory(device, to, ROOM, &size));
    return size;
}

static memqc_device *preset(const char *name) {
    memqc_device *device;
    OK(memqc_device_create_preset(name, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_NOISE, 0.2));
    OK(memqc_device_set(device, MEMQC_DEVICE_DRIFT_NU, 0.01));
    OK(memqc_device_set_seed(device, 0x123456789abcdefu));
    return device;
}

static memqc_device *table(void) {
    static const float at[] = {1e-5f, 4e-5f, 9e-5f}, up[] = {1e-6f, 4e-6f, 1e-6f}, down[] = {2e-6f};
    memqc_device *device;
    OK(memqc_device_create(MEMQC_DEVICE_TABLE, &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MAX, 1e-4));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MIN, 1e-5));
    OK(memqc_device_set_table(device, 1, 3, at, up));
    OK(memqc_device_set_table(device, -1, 1, at, down));
    return device;
}

static memqc_device *fitted(void) {
    static float g[ROWS];
    static int32_t cycle[ROWS], pulse[ROWS];
    const int32_t *const columns[] = {NULL, cycle, pulse};
    memqc_device *device = preset("hfox-a"), *out;
    OK(memqc_device_staircase(device, 0, 0, CYCLES, g, LEVELS, NULL));
    for (int32_t i = 0; i < ROWS; i++) {
        cycle[i] = i / LEVELS;
        pulse[i] = i % LEVELS + 1;
    }
    for (int32_t i = 0; i < ROWS; i++)
        g[i] *= (float)(1 + 0.004 * cycle[i]); /* a drift that is taken out */
    g[40] = 9.9e37f;                           /* two rows that are left out, and saved */
    g[100] = 0;
    OK(memqc_device_fit(MEMQC_DEVICE_QUANTIZED, ROWS, 3, columns, g, NULL, NULL, &out));
    memqc_device_destroy(&device);
    return out;
}

static void draw(const memqc_device *device, float *g) {
    int32_t levels[CELLS];
    for (int32_t i = 0; i < CELLS; i++)
        levels[i] = 1 + i % 8; /* no preset has fewer */
    OK(memqc_device_draw(device, 3, 5, CELLS, levels, g, NULL));
}

static void check_alike(memqc_device *device) {
    memqc_device *loaded;
    float g[2][CELLS];
    const size_t size = save(device, bytes);
    OK(memqc_device_load_memory(bytes, size, &loaded));
    ck_assert_uint_eq(save(loaded, again), size);
    ck_assert_mem_eq(bytes, again, size);
    draw(device, g[0]);
    draw(loaded, g[1]);
    ck_assert_mem_eq(g[0], g[1], sizeof g[0]);
    memqc_device_destroy(&loaded);
    memqc_device_destroy(&device);
}

START_TEST(loaded_devices_draw_alike) {
    const char *name;
    for (size_t i = 0; (name = memqc_device_preset_name(i)) != NULL; i++)
        check_alike(preset(name));
    check_alike(table());
    check_alike(fitted());
}
END_TEST

/* Both know a number of a fit, and the same one, or both do not. */
static void is_same_value(const memqc_device *a, const memqc_device *b, int32_t what,
                          int32_t which) {
    double of_a = 0, of_b = 0;
    ck_assert_int_eq(memqc_device_fit_value(a, what, which, &of_a),
                     memqc_device_fit_value(b, what, which, &of_b));
    ck_assert_double_eq(of_a, of_b);
}

/* Lists of left out rows, draws of what the data leave open. */
static void are_same_rest(const memqc_device *a, const memqc_device *b) {
    enum { LISTED = 8 };
    const memqc_device *const devices[] = {a, b};
    memqc_device *drawn[2];
    size_t rows[2][LISTED], n[2];
    float values[2][LISTED];
    int32_t reasons[2][LISTED];
    for (int i = 0; i < 2; i++) {
        OK(memqc_device_fit_left_out(devices[i], LISTED, rows[i], values[i], reasons[i], &n[i]));
        OK(memqc_device_fit_draw(devices[i], 1, 2, &drawn[i]));
    }
    ck_assert(n[0] >= 2 && n[0] == n[1]);
    ck_assert_mem_eq(rows[0], rows[1], n[0] * sizeof *rows[0]);
    ck_assert_mem_eq(values[0], values[1], n[0] * sizeof *values[0]);
    ck_assert_mem_eq(reasons[0], reasons[1], n[0] * sizeof *reasons[0]);
    ck_assert_uint_eq(save(drawn[0], bytes), save(drawn[1], again));
    ck_assert_mem_eq(bytes, again, save(drawn[0], bytes));
    memqc_device_destroy(&drawn[0]);
    memqc_device_destroy(&drawn[1]);
}

START_TEST(the_report_of_a_fit_is_saved) {
    memqc_device *device = fitted(), *loaded;
    double drift = 0, after;
    OK(memqc_device_load_memory(bytes, save(device, bytes), &loaded));
    for (int32_t what = MEMQC_DEVICE_FIT_CANDIDATE; what <= MEMQC_DEVICE_FIT_RUNNER_UP; what++) {
        is_same_value(device, loaded, what, MEMQC_DEVICE_FIT_BEST);
        is_same_value(device, loaded, what, MEMQC_DEVICE_FIT_QUANTIZED_CONSTANT);
        is_same_value(device, loaded, what, MEMQC_DEVICE_FIT_QUANTIZED_LINEAR);
        is_same_value(device, loaded, what, MEMQC_DEVICE_SOFT_BOUNDS);
    }
    for (size_t i = 0; i < memqc_device_keys(); i++)
        is_same_value(device, loaded, MEMQC_DEVICE_FIT_STANDARD_ERROR, memqc_device_key_at(i));
    OK(memqc_device_fit_value(loaded, MEMQC_DEVICE_FIT_DRIFT, MEMQC_DEVICE_FIT_BEST, &drift));
    ck_assert_double_eq_tol(drift, 0.0039, 0.002);
    are_same_rest(device, loaded);
    memqc_device_destroy(&loaded);
    memqc_device_destroy(&device);
    device = preset("rpu");
    OK(memqc_device_load_memory(bytes, save(device, bytes), &loaded));
    FAILS(MEMQC_ERROR_STATE, "not made by memqc_device_fit",
          memqc_device_fit_value(loaded, MEMQC_DEVICE_FIT_BIC, MEMQC_DEVICE_FIT_BEST, &after));
    memqc_device_destroy(&loaded);
    memqc_device_destroy(&device);
}
END_TEST

static void refuses_every_change(memqc_device *device) {
    memqc_device *out;
    const size_t size = save(device, bytes);
    for (size_t n = 0; n < size; n++) {
        ck_assert_int_eq(memqc_device_load_memory(bytes, n, &out), MEMQC_ERROR_FORMAT);
        ck_assert_ptr_null(out);
    }
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= (unsigned char)(1 + i % 255);
        ck_assert_int_eq(memqc_device_load_memory(bytes, size, &out), MEMQC_ERROR_FORMAT);
        ck_assert_ptr_null(out);
        bytes[i] ^= (unsigned char)(1 + i % 255);
    }
    memqc_device_destroy(&device);
}

START_TEST(nothing_else_is_taken_for_a_device) {
    memqc_device *device = preset("hfox-a"), *out;
    memqc_crossbar *xb;
    size_t size = 0;
    static unsigned char array[1 << 16];
    refuses_every_change(table());
    refuses_every_change(fitted());
    OK(memqc_crossbar_create(device, 2, 2, 0, &xb));
    OK(memqc_crossbar_save_memory(xb, array, sizeof array, &size));
    memqc_crossbar_destroy(&xb);
    FAILS(MEMQC_ERROR_FORMAT, "a crossbar, not a device",
          memqc_device_load_memory(array, size, &out));
    FAILS(MEMQC_ERROR_FORMAT, "a device, not a crossbar",
          memqc_crossbar_load_memory(bytes, save(device, bytes), &xb));
    memqc_device_destroy(&device);
}
END_TEST

/* An archive that is whole, of a device that cannot be. */
static void refused(const memqc_device *device, const char *word) {
    memqc_device *out;
    FAILS(MEMQC_ERROR_FORMAT, word, memqc_device_load_memory(bytes, save(device, bytes), &out));
    ck_assert_ptr_null(out);
}

#define REFUSED(word, lvalue, bad)             \
    do {                                       \
        const double kept_ = (double)(lvalue); \
        lvalue = bad;                          \
        refused(device, word);                 \
        (lvalue) = (__typeof__(lvalue))kept_;  \
    } while (0)

START_TEST(impossible_devices_are_refused) {
    memqc_device *device = fitted(), *out;
    REFUSED("do not fit", device->value[MQC_DEVICE_AT(G_MIN)], 1);
    REFUSED("out of its range", device->value[MQC_DEVICE_AT(G_MAX)], (double)NAN);
    REFUSED("out of its range", device->value[MQC_DEVICE_AT(SIGMA)], -1);
    REFUSED("impossible numbers", device->fit.taken, MQC_FIT_CANDIDATES + 1);
    REFUSED("impossible numbers", device->fit.taken, -1);
    REFUSED("impossible numbers", device->fit.points, 3.5);
    REFUSED("impossible numbers", device->fit.cycles, -1);
    REFUSED("impossible numbers", device->fit.devices, (double)INFINITY);
    REFUSED("standard error", device->fit.standard_error[MQC_DEVICE_AT(K)], -1);
    REFUSED("standard error", device->fit.standard_error[MQC_DEVICE_AT(K)], (double)NAN);
    REFUSED("candidate", device->fit.of[8].log_likelihood, (double)NAN);
    REFUSED("candidate", device->fit.of[8].fitted, 2);
    REFUSED("candidate", device->fit.of[8].ks, 1.5);
    REFUSED("candidate", device->fit.of[8].ks_p, -0.5);
    REFUSED("candidate", device->fit.of[8].outliers, 0.5);
    OK(memqc_device_load_memory(bytes, save(device, bytes), &out)); /* as it was, it is taken */
    memqc_device_destroy(&out);
    memqc_device_destroy(&device);
    device = table();
    REFUSED("table", device->table[0].step[1], -1);
    REFUSED("table", device->table[1].n, 0);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(files_and_arguments) {
    char path[] = "device-XXXXXX";
    memqc_device *device = fitted(), *out = NULL;
    size_t size = 0;
    const int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    close(file);
    FAILS(MEMQC_ERROR_FORMAT, "memqc_device_load", memqc_device_load(path, &out)); /* empty */
    OK(memqc_device_save(device, path));
    OK(memqc_device_load(path, &out));
    ck_assert_uint_eq(save(out, again), save(device, bytes));
    ck_assert_mem_eq(bytes, again, save(device, bytes));
    remove(path);
    memqc_device_destroy(&out);
    FAILS(MEMQC_ERROR_IO, "memqc_device_load", memqc_device_load(path, &out));
    ck_assert_ptr_null(out);
    FAILS(MEMQC_ERROR_IO, "memqc_device_save", memqc_device_save(device, "no/such/folder/x"));
    OK(memqc_device_save_memory(device, NULL, 0, &size));
    FAILS(MEMQC_ERROR_ARGUMENT, "the device needs",
          memqc_device_save_memory(device, bytes, size - 1, &size));
    FAILS(MEMQC_ERROR_ARGUMENT, "data is NULL", memqc_device_save_memory(device, NULL, 1, &size));
    FAILS(MEMQC_ERROR_ARGUMENT, "device is NULL", memqc_device_save(NULL, path));
    FAILS(MEMQC_ERROR_ARGUMENT, "path is NULL", memqc_device_save(device, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "size is NULL", memqc_device_save_memory(device, bytes, 1, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "out is NULL", memqc_device_load(path, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "path is NULL", memqc_device_load(NULL, &out));
    FAILS(MEMQC_ERROR_ARGUMENT, "data is NULL", memqc_device_load_memory(NULL, 1, &out));
    memqc_device_destroy(&device);
}
END_TEST

RUN_TESTS("device_save", loaded_devices_draw_alike, the_report_of_a_fit_is_saved,
          nothing_else_is_taken_for_a_device, impossible_devices_are_refused, files_and_arguments)
