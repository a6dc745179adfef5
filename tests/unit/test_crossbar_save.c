/* SPDX-License-Identifier: BSD-3-Clause */
/* Saved arrays: they go on as the originals do, to the last bit, and nothing else is taken for one.
 * */
#define _POSIX_C_SOURCE 200809L /* mkstemp */
#include "crossbar/array/array.h"
#include "crossbar/copy.h"
#include "crossbar/mapping/position.h"
#include "crossbar/save.h"
#include "normals.h"
#include "test.h"

#include "rng/rng.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { ROWS = 13, COLS = 11, N = ROWS * COLS, ROOM = 1 << 20 };

static const char *const presets[] = {"hfox-a", "rpu", "ag-asi", "soft-bounds"};
static const int32_t mappings[] = {
    MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
    MEMQC_CROSSBAR_MAPPING_REFERENCE, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED};

static unsigned char bytes[ROOM], again[ROOM];

/* An array with everything that there is to save. */
static memqc_crossbar *rich(const char *preset, int32_t mapping) {
    static float w[N];
    static const size_t places[] = {1, 17, 60};
    const int quantized = strcmp(preset, "hfox-a") == 0;
    memqc_device *device = coarse_device(preset);
    memqc_crossbar *xb;
    normals(82, 1, N, w);
    OK(memqc_device_set(device, MEMQC_DEVICE_D2D_NOISE, 0.2));
    OK(memqc_device_set(device, MEMQC_DEVICE_DRIFT_NU, 0.01));
    OK(memqc_device_set(device, MEMQC_DEVICE_STUCK_OFF, 0.05));
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_NORMALIZATION, MEMQC_CROSSBAR_NORMALIZATION_COLUMN));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SLICES, quantized ? 2 : 1));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
    OK(memqc_crossbar_set_seed(xb, 21));
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_set_seed(xb, 22));
    OK(memqc_crossbar_advance(xb, 500));
    OK(memqc_crossbar_stick(xb, 0, 3, places, NULL));
    OK(memqc_crossbar_program_list(xb, 3, places, w));
    memqc_device_destroy(&device);
    return xb;
}

static void go_on(memqc_crossbar *xb) {
    static float dw[N];
    static const size_t places[] = {2, 17, 90};
    normals(82, 2, N, dw);
    OK(memqc_crossbar_update(xb, 0.2, dw, COLS));
    OK(memqc_crossbar_advance(xb, 3));
    OK(memqc_crossbar_program_list(xb, 3, places, dw));
    OK(memqc_crossbar_remap(xb, NULL, NULL));
    OK(memqc_crossbar_program(xb, dw, COLS));
}

/* All that there is of an array: its bytes. */
static size_t save(const memqc_crossbar *xb, unsigned char *to) {
    size_t size = 0;
    OK(memqc_crossbar_save_memory(xb, to, ROOM, &size));
    return size;
}

START_TEST(loaded_arrays_go_on_alike) {
    for (size_t k = 0; k < 16; k++) {
        memqc_crossbar *a = rich(presets[k % 4], mappings[k / 4]), *b;
        const size_t size = save(a, bytes);
        OK(memqc_crossbar_load_memory(bytes, size, &b));
        ck_assert_uint_eq(save(b, again), size);
        ck_assert_mem_eq(bytes, again, size);
        static float x[ROWS], y[2][COLS];
        normals(82, 3, ROWS, x);
        OK(memqc_crossbar_mac(a, 1, x, ROWS, y[0], COLS));
        OK(memqc_crossbar_mac(b, 1, x, ROWS, y[1], COLS));
        ck_assert_mem_eq(y[0], y[1], sizeof y[0]);
        go_on(a);
        go_on(b);
        const size_t later = save(a, bytes);
        ck_assert_uint_eq(save(b, again), later);
        ck_assert_mem_eq(bytes, again, later);
        memqc_crossbar *c; /* and so do clones */
        OK(memqc_crossbar_copy(a, &c));
        ck_assert_uint_eq(save(c, again), later);
        ck_assert_mem_eq(bytes, again, later);
        memqc_crossbar_destroy(&a);
        memqc_crossbar_destroy(&b);
        memqc_crossbar_destroy(&c);
    }
}
END_TEST

START_TEST(new_arrays_are_saved_too) {
    memqc_device *device;
    memqc_crossbar *a, *b;
    size_t size = 0, rows, cols;
    double value;
    OK(memqc_device_create_preset("pcmo", &device));
    OK(memqc_crossbar_create(device, 3, 5, 0, &a));
    OK(memqc_crossbar_set(a, MEMQC_CROSSBAR_W_MAX, 2.5));
    OK(memqc_crossbar_save_memory(a, NULL, 0, &size));
    FAILS(MEMQC_ERROR_ARGUMENT, "the array needs",
          memqc_crossbar_save_memory(a, bytes, size - 1, &size));
    FAILS(MEMQC_ERROR_ARGUMENT, "data is NULL", memqc_crossbar_save_memory(a, NULL, 1, &size));
    OK(memqc_crossbar_save_memory(a, bytes, size, &size));
    OK(memqc_crossbar_load_memory(bytes, size, &b));
    OK(memqc_crossbar_get_shape(b, &rows, &cols, NULL));
    OK(memqc_crossbar_get(b, MEMQC_CROSSBAR_W_MAX, &value));
    ck_assert(rows == 3 && cols == 5 && value == 2.5);
    float w[15];
    FAILS(MEMQC_ERROR_STATE, "memqc_crossbar_program first", memqc_crossbar_get_weights(b, w, 5));
    memqc_crossbar_destroy(&a);
    memqc_crossbar_destroy(&b);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(nothing_else_is_taken_for_an_array) {
    memqc_crossbar *xb = rich("hfox-a", MEMQC_CROSSBAR_MAPPING_REFERENCE), *out;
    const size_t size = save(xb, bytes);
    for (size_t n = 0; n < size; n += n < 400 ? 1 : 97)
        ck_assert_int_eq(memqc_crossbar_load_memory(bytes, n, &out), MEMQC_ERROR_FORMAT);
    for (size_t i = 0; i < size; i += i < 400 ? 1 : 61) {
        bytes[i] ^= (unsigned char)(1 + i % 255);
        ck_assert_int_eq(memqc_crossbar_load_memory(bytes, size, &out), MEMQC_ERROR_FORMAT);
        ck_assert_ptr_null(out);
        bytes[i] ^= (unsigned char)(1 + i % 255);
    }
    const size_t sizes[] = {2, 3};
    memqc_mlp *mlp;
    size_t foreign = 0;
    OK(memqc_mlp_create(sizes, 2, NULL, 0, &mlp));
    OK(memqc_mlp_save_memory(mlp, bytes, ROOM, &foreign));
    FAILS(MEMQC_ERROR_FORMAT, "a network", memqc_crossbar_load_memory(bytes, foreign, &out));
    memqc_mlp_destroy(&mlp);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Archives that are whole, of arrays that cannot be. */
static void refused(memqc_crossbar *xb) {
    memqc_crossbar *out;
    const size_t size = save(xb, bytes);
    ck_assert_int_eq(memqc_crossbar_load_memory(bytes, size, &out), MEMQC_ERROR_FORMAT);
    ck_assert_ptr_null(out);
}

#define REFUSED(lvalue, bad)                   \
    do {                                       \
        const double kept_ = (double)(lvalue); \
        lvalue = bad;                          \
        refused(xb);                           \
        (lvalue) = (__typeof__(lvalue))kept_;  \
    } while (0)

START_TEST(impossible_arrays_are_refused) {
    memqc_crossbar *xb = rich("hfox-a", MEMQC_CROSSBAR_MAPPING_REFERENCE), *out;
    REFUSED(xb->cells.plane[1].g[4], NAN);
    REFUSED(xb->cells.plane[1].g[4], -1e-6f);
    REFUSED(xb->cells.plane[0].level[4], 33);
    REFUSED(xb->cells.reference[1].level[2], 0);
    REFUSED(xb->cells.plane[0].stuck[4], INFINITY);
    REFUSED(xb->cells.plane[0].g0[4], NAN);
    REFUSED(xb->cells.plane[0].born[4], 1e9);
    REFUSED(xb->cells.plane[0].born[4], (double)NAN);
    REFUSED(xb->account.clock, -1);
    OK(mqc_positions_keep(xb));
    REFUSED(xb->weights.position[4], 1e9f);
    REFUSED(xb->weights.scale[4], 0);
    REFUSED(xb->weights.slope[4], NAN);
    REFUSED(xb->value[MEMQC_CROSSBAR_MAPPING - MQC_CROSSBAR_FIRST], 9);
    REFUSED(xb->value[MEMQC_CROSSBAR_SLICE_BASE - MQC_CROSSBAR_FIRST], 1);
    REFUSED(xb->shape.rows, ROWS - 1);
    REFUSED(xb->shape.rows, (size_t)1 << 40);
    REFUSED(xb->device->value[MQC_DEVICE_AT(G_MIN)], 1);
    const size_t size = save(xb, bytes); /* as it was, it is taken */
    OK(memqc_crossbar_load_memory(bytes, size, &out));
    memqc_crossbar_destroy(&out);
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(arrays_of_the_version_before_are_refused) {
    struct mqc_writer writer;
    memqc_crossbar *xb = rich("hfox-a", MEMQC_CROSSBAR_MAPPING_SINGLE), *out;
    mqc_write_start(&writer, MQC_KIND_CROSSBAR, 1);
    mqc_crossbar_write(xb, &writer);
    OK(mqc_write_finish(&writer));
    FAILS(MEMQC_ERROR_FORMAT, "version 0.2",
          memqc_crossbar_load_memory(writer.data, writer.size, &out));
    ck_assert_ptr_null(out);
    mqc_write_free(&writer);
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(files) {
    char path[] = "crossbar-XXXXXX";
    memqc_crossbar *xb = rich("soft-bounds", MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL), *out;
    const int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    close(file);
    FAILS(MEMQC_ERROR_FORMAT, "memqc_crossbar_load", memqc_crossbar_load(path, &out)); /* empty */
    OK(memqc_crossbar_save(xb, path));
    OK(memqc_crossbar_load(path, &out));
    const size_t size = save(xb, bytes);
    ck_assert_uint_eq(save(out, again), size);
    ck_assert_mem_eq(bytes, again, size);
    memqc_crossbar_destroy(&out);
    remove(path);
    FAILS(MEMQC_ERROR_IO, "memqc_crossbar_load", memqc_crossbar_load(path, &out));
    FAILS(MEMQC_ERROR_IO, "memqc_crossbar_save", memqc_crossbar_save(xb, "no such folder/file"));
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Sums of conductances that updates corrected differ in their last bits from those made anew, the
 * more so where large conductances became small ones: the energy of later reads must not tell a copy
 * or a loaded array from the original. */
START_TEST(the_energy_of_reads_goes_on_alike) {
    enum { R = 97, C = 5 };
    static float w[R * C], x[R], y[C];
    static size_t places[R * C];
    memqc_device *device;
    memqc_crossbar *xb, *copies[2];
    OK(memqc_device_create_preset("ideal", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MAX, 1.23e-3));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MIN, 3.7e-14));
    OK(memqc_crossbar_create(device, R, C, 0, &xb));
    memqc_device_destroy(&device);
    for (size_t i = 0; i < R; i++)
        x[i] = 1;
    normals(83, 2, R * C, w);
    OK(memqc_crossbar_program(xb, w, C));
    OK(memqc_crossbar_mac(xb, 1, x, R, y, C));
    for (size_t i = 0; i < R * C; i++) {
        places[i] = i;
        w[i] = -1e3f;
    }
    OK(memqc_crossbar_program_list(xb, R * C, places, w));
    OK(memqc_crossbar_copy(xb, &copies[0]));
    const size_t size = save(xb, bytes);
    OK(memqc_crossbar_load_memory(bytes, size, &copies[1]));
    OK(memqc_crossbar_mac(xb, 1, x, R, y, C));
    for (int i = 0; i < 2; i++) {
        OK(memqc_crossbar_mac(copies[i], 1, x, R, y, C));
        ck_assert_uint_eq(save(xb, bytes), save(copies[i], again));
        ck_assert_mem_eq(bytes, again, save(xb, bytes));
        memqc_crossbar_destroy(&copies[i]);
    }
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* The fast array of Tiki-Taka has read noise and the like from the device, as any array. A device that
 * came later leaves them alone. */
START_TEST(a_fast_array_of_a_noisy_device_comes_back) {
    static const struct setting noisy[] = {{MEMQC_DEVICE_READ_NOISE, 1e-6},
                                           {MEMQC_DEVICE_READ_NOISE_RELATIVE, 0.01},
                                           {MEMQC_DEVICE_IV_NONLINEARITY, 2},
                                           {MEMQC_DEVICE_READ_VOLTAGE, 0.2}};
    static float w[N], x[ROWS], d[COLS];
    memqc_device *device = coarse_device("soft-bounds");
    memqc_crossbar *xb, *out;
    for (size_t i = 0; i < COUNT(noisy); i++)
        OK(memqc_device_set(device, noisy[i].key, noisy[i].value));
    normals(84, 1, N, w);
    normals(84, 2, ROWS, x);
    normals(84, 3, COLS, d);
    OK(memqc_crossbar_create(device, ROWS, COLS, 5, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_RULE, MEMQC_CROSSBAR_RULE_TIKI_TAKA));
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_update_outer(xb, 0.1, 1, x, ROWS, d, COLS));
    for (int later = 0; later < 2; later++) {
        const size_t size = save(xb, bytes);
        OK(memqc_crossbar_load_memory(bytes, size, &out));
        ck_assert_uint_eq(save(out, again), size);
        ck_assert_mem_eq(bytes, again, size);
        memqc_crossbar_destroy(&out);
        OK(memqc_device_set(device, MEMQC_DEVICE_READ_NOISE, 3e-6));
        OK(memqc_crossbar_set_device(xb, device));
    }
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

/* Currents of such inputs are infinite, and what the cells consume is. */
START_TEST(huge_inputs_leave_an_array_that_can_be_loaded) {
    enum { R = 3, C = 2 };
    static const float w[R * C] = {1, -1, 0.5f, 0, 0, 1}, x[R] = {3e38f, -1e38f, 0};
    float y[C];
    double energy = 0;
    memqc_device *device;
    memqc_crossbar *xb, *other = NULL;
    OK(memqc_device_create_preset("ideal", &device));
    OK(memqc_crossbar_create(device, R, C, 0, &xb));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_IV_NONLINEARITY, 16));
    OK(memqc_crossbar_program(xb, w, C));
    OK(memqc_crossbar_mac(xb, 1, x, R, y, C));
    OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_READ_CELLS, &energy));
    ck_assert(energy == DBL_MAX);
    OK(memqc_crossbar_load_memory(bytes, save(xb, bytes), &other));
    memqc_crossbar_destroy(&other);
    memqc_crossbar_destroy(&xb);
}
END_TEST

/* Drift can take a cell beyond all bounds. When it is programmed again, what is left of the sums must be
 * the sum of the others, and not what rounding left of them. */
START_TEST(sums_forget_a_huge_conductance) {
    enum { R = 2, C = 2 };
    static const float w[R * C] = {1, 0.5f, -0.5f, 0.25f}, x[R] = {1, 1},
                             huge[R * C] = {1e4f, 1e-4f, 1e-4f, 1e-4f};
    static const size_t first = 0;
    float y[C];
    double energy[2] = {0, 0};
    memqc_device *device;
    memqc_crossbar *xb, *other = NULL;
    OK(memqc_device_create_preset("ideal", &device));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MIN, 1e-14));
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MAX, 1e-13));
    OK(memqc_crossbar_create(device, R, C, 0, &xb));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_program(xb, w, C));
    OK(memqc_crossbar_set_conductances(xb, 0, huge, C));
    OK(memqc_crossbar_mac(xb, 1, x, R, y, C));
    OK(memqc_crossbar_program_list(xb, 1, &first, w));
    for (size_t i = 1; i < R * C; i++)
        OK(memqc_crossbar_program_list(xb, 1, &i, &w[i]));
    OK(memqc_crossbar_load_memory(bytes, save(xb, bytes), &other));
    for (int i = 0; i < 2; i++) {
        OK(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_READ_CELLS, &energy[i]));
        OK(memqc_crossbar_mac(xb, 1, x, R, y, C));
    }
    ck_assert(energy[1] >= energy[0]);
    memqc_crossbar_destroy(&other);
    memqc_crossbar_destroy(&xb);
}
END_TEST

RUN_TESTS("crossbar_save", sums_forget_a_huge_conductance,
          huge_inputs_leave_an_array_that_can_be_loaded, a_fast_array_of_a_noisy_device_comes_back,
          the_energy_of_reads_goes_on_alike, loaded_arrays_go_on_alike, new_arrays_are_saved_too,
          nothing_else_is_taken_for_an_array, impossible_arrays_are_refused,
          arrays_of_the_version_before_are_refused, files)
