/* SPDX-License-Identifier: BSD-3-Clause */
/* The public surface and nothing else: what every function does with NULL and with arguments out of range,
 * what every parameter does with every kind of bad value, and whose error text it is. */
#define _POSIX_C_SOURCE 200809L /* barriers */
#include <memqc/memqc.h>

#include <check.h>
#include <ctype.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NOWHERE(type) ((type *)(void *)&nowhere) /* not NULL: a failing create must overwrite it */
static int nowhere;

/* Another text than any of the call that comes next. */
static const char *prime_error(void) {
    int32_t key;
    ck_assert_int_eq(memqc_device_key("@", &key), MEMQC_ERROR_ARGUMENT);
    return "@";
}

/* Is there a failure with this status and a text of its own, with each of two words in it? */
static void failed_with(int line, const char *call, memqc_status got, memqc_status expected,
                        const char *word) {
    const char *text = memqc_last_error();
    ck_assert_msg(got == expected, "line %d: %s gave %s, not %s", line, call, memqc_status_name(got),
                  memqc_status_name(expected));
    ck_assert_msg(*text && !strstr(text, "\"@\""), "line %d: %s set no error text", line, call);
    ck_assert_msg(!word || strstr(text, word), "line %d: %s: no \"%s\" in the text: %s", line, call, word,
                  text);
}

#define FAILS(status, word, call)                                      \
    do {                                                               \
        prime_error();                                                 \
        memqc_status fails_status_ = (call);                           \
        failed_with(__LINE__, #call, fails_status_, (status), (word)); \
    } while (0)
#define REFUSES(call) FAILS(MEMQC_ERROR_ARGUMENT, NULL, call)
#define REFUSES_NULL(call) FAILS(MEMQC_ERROR_ARGUMENT, "NULL", call)
#define WORKS(call)                                                                                         \
    do {                                                                                                    \
        memqc_status works_status_ = (call);                                                                \
        ck_assert_msg(works_status_ == MEMQC_OK, "%s gave %s: %s", #call, memqc_status_name(works_status_), \
                      memqc_last_error());                                                                  \
    } while (0)
/* A call that makes something, refused, with its result set to NULL. */
#define MAKES_NULL(type, call)                                                    \
    do {                                                                          \
        type *out = NOWHERE(type);                                                \
        REFUSES(call);                                                            \
        ck_assert_msg(out == NULL, "%s failed and left its result alone", #call); \
    } while (0)

/* --- handles to try things on
 * ------------------------------------------------------------------------------------- */

enum { ROWS = 3, COLS = 2, STATES = 32, SAMPLES = 4 };

static memqc_device *device;
static memqc_crossbar *blank, *array; /* not programmed, programmed */
static memqc_mlp *digital, *analog;   /* without a device, with one */
static const size_t sizes[] = {2, 3, 2};
static float f[STATES * SAMPLES]; /* room for any array below */
static int32_t levels[STATES];

static void setup(void) {
    WORKS(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    WORKS(memqc_crossbar_create(device, ROWS, COLS, &blank));
    WORKS(memqc_crossbar_create(device, ROWS, COLS, &array));
    memset(f, 0, sizeof f);
    WORKS(memqc_crossbar_program(array, f, COLS));
    WORKS(memqc_mlp_create(sizes, COUNT(sizes), NULL, &digital));
    WORKS(memqc_mlp_create(sizes, COUNT(sizes), device, &analog));
    for (size_t i = 0; i < COUNT(levels); i++)
        levels[i] = 1;
}

static void teardown(void) {
    memqc_mlp_destroy(&analog);
    memqc_mlp_destroy(&digital);
    memqc_crossbar_destroy(&array);
    memqc_crossbar_destroy(&blank);
    memqc_device_destroy(&device);
}

/* --- arguments
 * ---------------------------------------------------------------------------------------------------- */

START_TEST(destroy_takes_nothing) {
    memqc_device *no_device = NULL;
    memqc_crossbar *no_crossbar = NULL;
    memqc_mlp *no_mlp = NULL;
    memqc_device_destroy(NULL);
    memqc_device_destroy(&no_device);
    memqc_crossbar_destroy(NULL);
    memqc_crossbar_destroy(&no_crossbar);
    memqc_mlp_destroy(NULL);
    memqc_mlp_destroy(&no_mlp);
    memqc_mlp_destroy(&digital);
    ck_assert_ptr_null(digital);
    memqc_mlp_destroy(&digital);
    memqc_crossbar_destroy(&blank);
    ck_assert_ptr_null(blank);
    memqc_device_destroy(&device);
    ck_assert_ptr_null(device);
}
END_TEST

START_TEST(base) {
    static const struct {
        memqc_status status;
        const char *name;
    } names[] = {{MEMQC_OK, "MEMQC_OK"},
                 {MEMQC_ERROR_ARGUMENT, "MEMQC_ERROR_ARGUMENT"},
                 {MEMQC_ERROR_NOMEM, "MEMQC_ERROR_NOMEM"},
                 {MEMQC_ERROR_STATE, "MEMQC_ERROR_STATE"},
                 {MEMQC_ERROR_DATA, "MEMQC_ERROR_DATA"},
                 {MEMQC_ERROR_DIVERGED, "MEMQC_ERROR_DIVERGED"},
                 {MEMQC_STOPPED, "MEMQC_STOPPED"},
                 {MEMQC_ERROR_IO, "MEMQC_ERROR_IO"},
                 {MEMQC_ERROR_FORMAT, "MEMQC_ERROR_FORMAT"},
                 {1, "unknown status"},
                 {-1000, "unknown status"},
                 {INT32_MIN, "unknown status"},
                 {INT32_MAX, "unknown status"}};
    for (size_t i = 0; i < COUNT(names); i++)
        ck_assert_str_eq(memqc_status_name(names[i].status), names[i].name);

    char version[64];
    snprintf(version, sizeof version, "%d.%d.%d", MEMQC_VERSION_MAJOR, MEMQC_VERSION_MINOR,
             MEMQC_VERSION_PATCH);
    ck_assert_str_eq(memqc_version_string(), version);
    ck_assert_uint_eq(memqc_version(),
                      MEMQC_VERSION_MAJOR * 1000000u + MEMQC_VERSION_MINOR * 1000u + MEMQC_VERSION_PATCH);
}
END_TEST

START_TEST(device_arguments) {
    const char *name = NULL;
    int32_t key = 0;
    double value = 0;
    MAKES_NULL(memqc_device, memqc_device_create(0, &out));
    MAKES_NULL(memqc_device, memqc_device_create(-1, &out));
    MAKES_NULL(memqc_device, memqc_device_create(1000, &out));
    REFUSES_NULL(memqc_device_create(MEMQC_DEVICE_QUANTIZED, NULL));
    MAKES_NULL(memqc_device, memqc_device_create_preset(NULL, &out));
    MAKES_NULL(memqc_device, memqc_device_create_preset("", &out));
    MAKES_NULL(memqc_device, memqc_device_create_preset("hfox", &out));
    REFUSES_NULL(memqc_device_create_preset("hfox-a", NULL));
    MAKES_NULL(memqc_device, memqc_device_copy(NULL, &out));
    REFUSES_NULL(memqc_device_copy(device, NULL));
    REFUSES_NULL(memqc_device_set(NULL, MEMQC_DEVICE_STATES, 4));
    REFUSES_NULL(memqc_device_get(NULL, MEMQC_DEVICE_STATES, &value));
    REFUSES_NULL(memqc_device_get(device, MEMQC_DEVICE_STATES, NULL));
    REFUSES_NULL(memqc_device_key(NULL, &key));
    REFUSES_NULL(memqc_device_key("states", NULL));
    REFUSES(memqc_device_describe(0, &name, NULL, NULL, NULL, NULL));
    REFUSES_NULL(memqc_device_seed(NULL, 1));
    REFUSES_NULL(memqc_device_level(NULL, 1, &value, NULL, NULL));
    REFUSES(memqc_device_level(device, 0, &value, NULL, NULL));
    REFUSES(memqc_device_level(device, -1, &value, NULL, NULL));
    REFUSES(memqc_device_level(device, STATES + 1, &value, NULL, NULL));
    WORKS(memqc_device_level(device, STATES, NULL, NULL, NULL));
    REFUSES_NULL(memqc_device_ramp(NULL, f));
    REFUSES_NULL(memqc_device_ramp(device, NULL));

    size_t presets = 0;
    for (; memqc_device_preset_name(presets); presets++) {
        memqc_device *preset = NULL;
        WORKS(memqc_device_create_preset(memqc_device_preset_name(presets), &preset));
        memqc_device_destroy(&preset);
        FAILS(MEMQC_ERROR_ARGUMENT, memqc_device_preset_name(presets),
              memqc_device_create_preset("none", &preset));
    }
    ck_assert_uint_ge(presets, 3);
    ck_assert_ptr_null(memqc_device_preset_name((size_t)-1));
}
END_TEST

START_TEST(device_draws) {
    const uint64_t last = (uint64_t)1 << 34;
    REFUSES_NULL(memqc_device_nearest(NULL, 1, f, levels));
    REFUSES_NULL(memqc_device_nearest(device, 1, NULL, levels));
    REFUSES_NULL(memqc_device_nearest(device, 1, f, NULL));
    f[2] = NAN;
    FAILS(MEMQC_ERROR_DATA, "2", memqc_device_nearest(device, 4, f, levels));
    REFUSES_NULL(memqc_device_draw(NULL, 0, 0, 1, levels, f, NULL));
    REFUSES_NULL(memqc_device_draw(device, 0, 0, 1, NULL, f, NULL));
    REFUSES_NULL(memqc_device_draw(device, 0, 0, 1, levels, NULL, NULL));
    REFUSES(memqc_device_draw(device, last, 0, 1, levels, f, NULL));
    REFUSES(memqc_device_draw(device, last - 1, 0, 2, levels, f, NULL));
    REFUSES(memqc_device_draw(device, UINT64_MAX, 0, 2, levels, f, NULL));
    WORKS(memqc_device_draw(device, last - 1, 0, 1, levels, f, NULL));
    REFUSES_NULL(memqc_device_draw_levels(NULL, 0, 0, 2, 2, levels, f, 2, NULL));
    REFUSES_NULL(memqc_device_draw_levels(device, 0, 0, 2, 2, NULL, f, 2, NULL));
    REFUSES_NULL(memqc_device_draw_levels(device, 0, 0, 2, 2, levels, NULL, 2, NULL));
    REFUSES(memqc_device_draw_levels(device, 0, 0, 2, 2, levels, f, 1, NULL));
    REFUSES(memqc_device_draw_levels(device, last - 1, 0, 2, 2, levels, f, 2, NULL));
    REFUSES_NULL(memqc_device_staircase(NULL, 0, 0, 1, f, STATES, NULL));
    REFUSES_NULL(memqc_device_staircase(device, 0, 0, 1, NULL, STATES, NULL));
    REFUSES(memqc_device_staircase(device, 0, 0, 1, f, STATES - 1, NULL));
    REFUSES(memqc_device_staircase(device, last, 0, 1, f, STATES, NULL));

    static const int32_t bad[] = {0, -1, STATES + 1, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < COUNT(bad); i++) {
        float g[8];
        for (size_t j = 0; j < COUNT(g); j++)
            g[j] = 1234;
        levels[5] = bad[i];
        FAILS(MEMQC_ERROR_ARGUMENT, "5", memqc_device_draw(device, 0, 0, COUNT(g), levels, g, NULL));
        FAILS(MEMQC_ERROR_ARGUMENT, "5",
              memqc_device_draw_levels(device, 0, 0, 1, COUNT(g), levels, g, COUNT(g), NULL));
        for (size_t j = 0; j < COUNT(g); j++)
            ck_assert_msg(g[j] == 1234, "level %d refused, and g[%zu] written", bad[i], j);
    }
}
END_TEST

START_TEST(crossbar_arguments) {
    const size_t half = (size_t)1 << 16;
    const char *name = NULL;
    int32_t key = 0;
    double value = 0;
    uint64_t count = 0;
    MAKES_NULL(memqc_crossbar, memqc_crossbar_create(NULL, ROWS, COLS, &out));
    MAKES_NULL(memqc_crossbar, memqc_crossbar_create(device, 0, COLS, &out));
    MAKES_NULL(memqc_crossbar, memqc_crossbar_create(device, ROWS, 0, &out));
    MAKES_NULL(memqc_crossbar, memqc_crossbar_create(device, half, half, &out));
    MAKES_NULL(memqc_crossbar, memqc_crossbar_create(device, (size_t)-1, 2, &out));
    MAKES_NULL(memqc_crossbar, memqc_crossbar_create(device, (size_t)-1 / 2 + 2, 2, &out));
    REFUSES_NULL(memqc_crossbar_create(device, ROWS, COLS, NULL));
    REFUSES_NULL(memqc_crossbar_set(NULL, MEMQC_CROSSBAR_W_MAX, 1));
    REFUSES_NULL(memqc_crossbar_get(NULL, MEMQC_CROSSBAR_W_MAX, &value));
    REFUSES_NULL(memqc_crossbar_get(blank, MEMQC_CROSSBAR_W_MAX, NULL));
    REFUSES_NULL(memqc_crossbar_key(NULL, &key));
    REFUSES_NULL(memqc_crossbar_key("mapping", NULL));
    REFUSES(memqc_crossbar_describe(0, &name, NULL, NULL, NULL, NULL));
    REFUSES_NULL(memqc_crossbar_seed(NULL, 1));
    REFUSES_NULL(memqc_crossbar_shape(NULL, NULL, NULL, NULL));
    WORKS(memqc_crossbar_shape(blank, NULL, NULL, NULL));
    REFUSES_NULL(memqc_crossbar_count(NULL, MEMQC_CROSSBAR_COUNT_PROGRAMMED, &count));
    REFUSES_NULL(memqc_crossbar_count(blank, MEMQC_CROSSBAR_COUNT_PROGRAMMED, NULL));
    REFUSES(memqc_crossbar_count(blank, 0, &count));
    REFUSES(memqc_crossbar_count(blank, -1, &count));
    REFUSES(memqc_crossbar_count(blank, 1000, &count));
}
END_TEST

START_TEST(crossbar_programming) {
    static const size_t places[] = {0, ROWS * COLS - 1}, beyond[] = {0, ROWS * COLS};
    size_t changed = 0;
    REFUSES_NULL(memqc_crossbar_program(NULL, f, COLS));
    REFUSES_NULL(memqc_crossbar_program(blank, NULL, COLS));
    REFUSES(memqc_crossbar_program(blank, f, COLS - 1));
    REFUSES_NULL(memqc_crossbar_program_cell(NULL, 0, 0, 0));
    REFUSES(memqc_crossbar_program_cell(array, ROWS, 0, 0));
    REFUSES(memqc_crossbar_program_cell(array, 0, COLS, 0));
    REFUSES(memqc_crossbar_program_cell(array, (size_t)-1, 0, 0));
    FAILS(MEMQC_ERROR_DATA, "nan", memqc_crossbar_program_cell(array, 0, 0, NAN));
    FAILS(MEMQC_ERROR_DATA, "inf", memqc_crossbar_program_cell(array, 0, 0, -INFINITY));
    REFUSES_NULL(memqc_crossbar_program_list(NULL, 2, places, f));
    REFUSES_NULL(memqc_crossbar_program_list(array, 2, NULL, f));
    REFUSES_NULL(memqc_crossbar_program_list(array, 2, places, NULL));
    REFUSES(memqc_crossbar_program_list(array, 2, beyond, f));
    REFUSES_NULL(memqc_crossbar_update(NULL, 1, f, COLS, &changed));
    REFUSES_NULL(memqc_crossbar_update(array, 1, NULL, COLS, &changed));
    REFUSES(memqc_crossbar_update(array, 1, f, COLS - 1, &changed));
    REFUSES(memqc_crossbar_update(array, INFINITY, f, COLS, &changed));
    WORKS(memqc_crossbar_update(array, 1, f, COLS, NULL));

    /* Bad data: its place is named, and nothing is programmed. */
    float before[ROWS * COLS], after[ROWS * COLS];
    uint64_t programmed = 0, still = 0;
    WORKS(memqc_crossbar_get_conductances(array, 0, before, COLS));
    WORKS(memqc_crossbar_count(array, MEMQC_CROSSBAR_COUNT_PROGRAMMED, &programmed));
    f[2 * COLS + 1] = INFINITY;
    FAILS(MEMQC_ERROR_DATA, "2", memqc_crossbar_program(array, f, COLS));
    f[2 * COLS + 1] = NAN;
    FAILS(MEMQC_ERROR_DATA, "2", memqc_crossbar_program(array, f, COLS));
    FAILS(MEMQC_ERROR_DATA, NULL, memqc_crossbar_update(array, 1, f, COLS, &changed));
    f[1] = NAN;
    FAILS(MEMQC_ERROR_DATA, "1", memqc_crossbar_program_list(array, 2, places, f));
    WORKS(memqc_crossbar_get_conductances(array, 0, after, COLS));
    WORKS(memqc_crossbar_count(array, MEMQC_CROSSBAR_COUNT_PROGRAMMED, &still));
    ck_assert_mem_eq(before, after, sizeof before);
    ck_assert_uint_eq(programmed, still);
    f[1] = f[2 * COLS + 1] = 0;

    /* What shapes the weights is settled by the first programming. */
    FAILS(MEMQC_ERROR_STATE, "mapping",
          memqc_crossbar_set(array, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_SINGLE));
    FAILS(MEMQC_ERROR_STATE, "w_max", memqc_crossbar_set(array, MEMQC_CROSSBAR_W_MAX, 2));
}
END_TEST

START_TEST(crossbar_reading) {
    float *x = f, *y = f + STATES;
    REFUSES_NULL(memqc_crossbar_mac(NULL, 1, x, ROWS, y, COLS));
    REFUSES_NULL(memqc_crossbar_mac(array, 1, NULL, ROWS, y, COLS));
    REFUSES_NULL(memqc_crossbar_mac(array, 1, x, ROWS, NULL, COLS));
    REFUSES(memqc_crossbar_mac(array, 0, x, ROWS, y, COLS));
    REFUSES(memqc_crossbar_mac(array, 1, x, ROWS - 1, y, COLS));
    REFUSES(memqc_crossbar_mac(array, 1, x, ROWS, y, COLS - 1));
    REFUSES_NULL(memqc_crossbar_mac_transposed(NULL, 1, x, COLS, y, ROWS));
    REFUSES_NULL(memqc_crossbar_mac_transposed(array, 1, NULL, COLS, y, ROWS));
    REFUSES_NULL(memqc_crossbar_mac_transposed(array, 1, x, COLS, NULL, ROWS));
    REFUSES(memqc_crossbar_mac_transposed(array, 0, x, COLS, y, ROWS));
    REFUSES(memqc_crossbar_mac_transposed(array, 1, x, COLS - 1, y, ROWS));
    REFUSES(memqc_crossbar_mac_transposed(array, 1, x, COLS, y, ROWS - 1));
    REFUSES_NULL(memqc_crossbar_currents(NULL, 0, 1, x, ROWS, y, COLS));
    REFUSES_NULL(memqc_crossbar_currents(array, 0, 1, NULL, ROWS, y, COLS));
    REFUSES_NULL(memqc_crossbar_currents(array, 0, 1, x, ROWS, NULL, COLS));
    REFUSES(memqc_crossbar_currents(array, 1, 1, x, ROWS, y, COLS));
    REFUSES(memqc_crossbar_currents(array, 0, 0, x, ROWS, y, COLS));
    REFUSES(memqc_crossbar_currents(array, 0, 1, x, ROWS - 1, y, COLS));
    REFUSES(memqc_crossbar_currents(array, 0, 1, x, ROWS, y, COLS - 1));
    REFUSES_NULL(memqc_crossbar_get_weights(NULL, y, COLS));
    REFUSES_NULL(memqc_crossbar_get_weights(array, NULL, COLS));
    REFUSES(memqc_crossbar_get_weights(array, y, COLS - 1));
    REFUSES_NULL(memqc_crossbar_get_nominal_weights(NULL, y, COLS));
    REFUSES_NULL(memqc_crossbar_get_nominal_weights(array, NULL, COLS));
    REFUSES(memqc_crossbar_get_nominal_weights(array, y, COLS - 1));
    REFUSES_NULL(memqc_crossbar_get_levels(NULL, 0, levels, COLS));
    REFUSES_NULL(memqc_crossbar_get_levels(array, 0, NULL, COLS));
    REFUSES(memqc_crossbar_get_levels(array, 1, levels, COLS));
    REFUSES(memqc_crossbar_get_levels(array, 0, levels, COLS - 1));
    REFUSES_NULL(memqc_crossbar_get_conductances(NULL, 0, y, COLS));
    REFUSES_NULL(memqc_crossbar_get_conductances(array, 0, NULL, COLS));
    REFUSES(memqc_crossbar_get_conductances(array, 1, y, COLS));
    REFUSES(memqc_crossbar_get_conductances(array, 0, y, COLS - 1));
}
END_TEST

START_TEST(crossbar_before_programming) {
    static const size_t place = 0;
    float *x = f, *y = f + STATES;
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_program_cell(blank, 0, 0, 0));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_program_list(blank, 1, &place, f));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_update(blank, 1, f, COLS, NULL));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_mac(blank, 1, x, ROWS, y, COLS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_mac_transposed(blank, 1, x, COLS, y, ROWS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_currents(blank, 0, 1, x, ROWS, y, COLS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_get_weights(blank, y, COLS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_get_nominal_weights(blank, y, COLS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_get_levels(blank, 0, levels, COLS));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_crossbar_get_conductances(blank, 0, y, COLS));
}
END_TEST

START_TEST(mlp_arguments) {
    static const size_t empty[] = {2, 0, 2}, huge[] = {(size_t)1 << 16, (size_t)1 << 15},
                        overflow[] = {(size_t)-1 / 2 + 2, 2};
    size_t many[65];
    const char *name = NULL;
    int32_t key = 0;
    double value = 0;
    uint32_t epochs = 0;
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = 1;
    MAKES_NULL(memqc_mlp, memqc_mlp_create(NULL, 2, device, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(sizes, 0, device, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(sizes, 1, device, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(many, COUNT(many), device, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(empty, COUNT(empty), device, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(huge, COUNT(huge), device, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(overflow, COUNT(overflow), device, &out));
    REFUSES_NULL(memqc_mlp_create(sizes, COUNT(sizes), device, NULL));
    REFUSES_NULL(memqc_mlp_set(NULL, MEMQC_MLP_BATCH, 1));
    REFUSES_NULL(memqc_mlp_get(NULL, MEMQC_MLP_BATCH, &value));
    REFUSES_NULL(memqc_mlp_get(digital, MEMQC_MLP_BATCH, NULL));
    REFUSES_NULL(memqc_mlp_key(NULL, &key));
    REFUSES_NULL(memqc_mlp_key("batch", NULL));
    REFUSES(memqc_mlp_describe(0, &name, NULL, NULL, NULL, NULL));
    REFUSES_NULL(memqc_mlp_seed(NULL, 1));
    REFUSES_NULL(memqc_mlp_init(NULL));
    REFUSES_NULL(memqc_mlp_reset(NULL));
    REFUSES_NULL(memqc_mlp_shape(NULL, NULL, NULL, NULL));
    WORKS(memqc_mlp_shape(digital, NULL, NULL, NULL));
    REFUSES_NULL(memqc_mlp_epochs(NULL, &epochs));
    REFUSES_NULL(memqc_mlp_epochs(digital, NULL));
    /* The nearest-level rule needs a device. */
    REFUSES(memqc_mlp_set(digital, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NEAREST_LEVEL));
}
END_TEST

START_TEST(mlp_weights) {
    const memqc_crossbar *of_layer = (const memqc_crossbar *)(const void *)&nowhere;
    float *w = f, *bias = f + STATES;
    REFUSES_NULL(memqc_mlp_get_weights(NULL, 0, w, 3, bias));
    REFUSES(memqc_mlp_get_weights(digital, 2, w, 3, bias));
    REFUSES(memqc_mlp_get_weights(digital, (size_t)-1, w, 3, bias));
    REFUSES(memqc_mlp_get_weights(digital, 0, w, 2, bias));
    WORKS(memqc_mlp_get_weights(digital, 0, NULL, 0, NULL));
    WORKS(memqc_mlp_get_weights(digital, 0, w, 3, bias));
    REFUSES_NULL(memqc_mlp_set_weights(NULL, 0, w, 3, bias));
    REFUSES(memqc_mlp_set_weights(digital, 2, w, 3, bias));
    REFUSES(memqc_mlp_set_weights(digital, 0, w, 2, bias));
    WORKS(memqc_mlp_set_weights(digital, 0, NULL, 0, NULL));
    bias[2] = NAN;
    FAILS(MEMQC_ERROR_DATA, "2", memqc_mlp_set_weights(digital, 0, NULL, 0, bias));
    w[5] = INFINITY;
    FAILS(MEMQC_ERROR_DATA, NULL, memqc_mlp_set_weights(digital, 0, w, 3, NULL));
    FAILS(MEMQC_ERROR_DATA, NULL, memqc_mlp_set_weights(analog, 0, w, 3, NULL));

    REFUSES_NULL(memqc_mlp_crossbar(NULL, 0, &of_layer));
    ck_assert_ptr_null(of_layer);
    of_layer = (const memqc_crossbar *)(const void *)&nowhere;
    REFUSES(memqc_mlp_crossbar(analog, 2, &of_layer));
    ck_assert_ptr_null(of_layer);
    of_layer = (const memqc_crossbar *)(const void *)&nowhere;
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_mlp_crossbar(digital, 0, &of_layer));
    ck_assert_ptr_null(of_layer);
    REFUSES_NULL(memqc_mlp_crossbar(analog, 0, NULL));
    WORKS(memqc_mlp_crossbar(analog, 1, &of_layer));
    ck_assert_ptr_nonnull(of_layer);

    /* What shapes the initial weights is settled once they are drawn, until a reset. */
    FAILS(MEMQC_ERROR_STATE, "weight_range", memqc_mlp_set(analog, MEMQC_MLP_WEIGHT_RANGE, 2));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_mlp_seed(analog, 2));
    WORKS(memqc_mlp_reset(analog));
    WORKS(memqc_mlp_set(analog, MEMQC_MLP_WEIGHT_RANGE, 2));
    WORKS(memqc_mlp_seed(analog, 2));
}
END_TEST

START_TEST(mlp_samples) {
    int32_t labels[SAMPLES] = {0, 1, 1, 0}, classes[SAMPLES];
    double loss = 0, accuracy = 0;
    float outputs[SAMPLES * 2];
    memqc_mlp *const both[] = {digital, analog};
    REFUSES_NULL(memqc_mlp_train(NULL, SAMPLES, f, 2, labels, NULL, NULL));
    REFUSES_NULL(memqc_mlp_predict(NULL, SAMPLES, f, 2, outputs, 2, classes));
    REFUSES_NULL(memqc_mlp_evaluate(NULL, SAMPLES, f, 2, labels, &loss, &accuracy, NULL));
    for (size_t i = 0; i < COUNT(both); i++) {
        memqc_mlp *mlp = both[i];
        uint32_t epochs = 1;
        REFUSES_NULL(memqc_mlp_train(mlp, SAMPLES, NULL, 2, labels, NULL, NULL));
        REFUSES_NULL(memqc_mlp_train(mlp, SAMPLES, f, 2, NULL, NULL, NULL));
        REFUSES(memqc_mlp_train(mlp, 0, f, 2, labels, NULL, NULL));
        REFUSES(memqc_mlp_train(mlp, SAMPLES, f, 1, labels, NULL, NULL));
        REFUSES_NULL(memqc_mlp_predict(mlp, SAMPLES, NULL, 2, outputs, 2, classes));
        REFUSES(memqc_mlp_predict(mlp, SAMPLES, f, 1, outputs, 2, classes));
        REFUSES(memqc_mlp_predict(mlp, SAMPLES, f, 2, outputs, 1, classes));
        WORKS(memqc_mlp_predict(mlp, SAMPLES, f, 2, NULL, 0, classes));
        WORKS(memqc_mlp_predict(mlp, SAMPLES, f, 2, outputs, 2, NULL));
        REFUSES_NULL(memqc_mlp_evaluate(mlp, SAMPLES, NULL, 2, labels, &loss, &accuracy, NULL));
        REFUSES_NULL(memqc_mlp_evaluate(mlp, SAMPLES, f, 2, NULL, &loss, &accuracy, NULL));
        REFUSES(memqc_mlp_evaluate(mlp, SAMPLES, f, 1, labels, &loss, &accuracy, NULL));
        WORKS(memqc_mlp_evaluate(mlp, SAMPLES, f, 2, labels, NULL, NULL, NULL));

        labels[2] = 2;
        FAILS(MEMQC_ERROR_DATA, "2", memqc_mlp_train(mlp, SAMPLES, f, 2, labels, NULL, NULL));
        FAILS(MEMQC_ERROR_DATA, "2", memqc_mlp_evaluate(mlp, SAMPLES, f, 2, labels, &loss, NULL, NULL));
        labels[2] = -1;
        FAILS(MEMQC_ERROR_DATA, "-1", memqc_mlp_train(mlp, SAMPLES, f, 2, labels, NULL, NULL));
        labels[2] = 1;
        f[3 * 2 + 1] = NAN;
        FAILS(MEMQC_ERROR_DATA, "3", memqc_mlp_train(mlp, SAMPLES, f, 2, labels, NULL, NULL));
        FAILS(MEMQC_ERROR_DATA, "3", memqc_mlp_predict(mlp, SAMPLES, f, 2, NULL, 0, classes));
        f[3 * 2 + 1] = INFINITY;
        FAILS(MEMQC_ERROR_DATA, "3", memqc_mlp_evaluate(mlp, SAMPLES, f, 2, labels, &loss, NULL, NULL));
        f[3 * 2 + 1] = 0;
        WORKS(memqc_mlp_epochs(mlp, &epochs));
        ck_assert_uint_eq(epochs, 0);
    }
}
END_TEST

/* --- parameters
 * --------------------------------------------------------------------------------------------------- */

static memqc_status device_set(int32_t key, double value) {
    return memqc_device_set(device, key, value);
}
static memqc_status device_get(int32_t key, double *value) {
    return memqc_device_get(device, key, value);
}
static void measured(void) {
    WORKS(memqc_device_set(device, MEMQC_DEVICE_LAW, MEMQC_DEVICE_LAW_MEASURED));
}
static void as_made(void) {
}
static memqc_status crossbar_set(int32_t key, double value) {
    return memqc_crossbar_set(blank, key, value);
}
static memqc_status crossbar_get(int32_t key, double *value) {
    return memqc_crossbar_get(blank, key, value);
}
static memqc_status digital_set(int32_t key, double value) {
    return memqc_mlp_set(digital, key, value);
}
static memqc_status digital_get(int32_t key, double *value) {
    return memqc_mlp_get(digital, key, value);
}
static memqc_status analog_set(int32_t key, double value) {
    return memqc_mlp_set(analog, key, value);
}
static memqc_status analog_get(int32_t key, double *value) {
    return memqc_mlp_get(analog, key, value);
}

/* Each noun, in each form in which it takes other parameters. */
static const struct noun {
    const char *label;
    void (*prepare)(void);
    int32_t known; /* keys that these headers have; later ones are tested too */
    memqc_status (*set)(int32_t key, double value);
    memqc_status (*get)(int32_t key, double *value);
    memqc_status (*key)(const char *name, int32_t *key);
    memqc_status (*describe)(int32_t key, const char **name, const char **unit, double *min, double *max,
                             double *initial);
    int32_t whole[10];  /* keys of whole numbers; 0 ends the list */
    int32_t refused[4]; /* keys that cannot be set in this form, whatever the value */
} nouns[] = {
    {"device",
     as_made,
     MEMQC_DEVICE_RAMP_KNEE_PULSE,
     device_set,
     device_get,
     memqc_device_key,
     memqc_device_describe,
     {MEMQC_DEVICE_STATES, MEMQC_DEVICE_LAW, MEMQC_DEVICE_PULSES, MEMQC_DEVICE_BELOW_ZERO},
     {MEMQC_DEVICE_FWHM_EARLY, MEMQC_DEVICE_FWHM_LATE}},
    {"device, measured",
     measured,
     MEMQC_DEVICE_RAMP_KNEE_PULSE,
     device_set,
     device_get,
     memqc_device_key,
     memqc_device_describe,
     {MEMQC_DEVICE_STATES, MEMQC_DEVICE_LAW, MEMQC_DEVICE_PULSES, MEMQC_DEVICE_BELOW_ZERO},
     {MEMQC_DEVICE_SIGMA, MEMQC_DEVICE_K}},
    {"crossbar",
     as_made,
     MEMQC_CROSSBAR_W_MAX,
     crossbar_set,
     crossbar_get,
     memqc_crossbar_key,
     memqc_crossbar_describe,
     {MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_NORMALIZATION},
     {0}},
    {"mlp without a device",
     as_made,
     MEMQC_MLP_PROGRESS_INTERVAL,
     digital_set,
     digital_get,
     memqc_mlp_key,
     memqc_mlp_describe,
     {MEMQC_MLP_RULE, MEMQC_MLP_ACTIVATION, MEMQC_MLP_LOSS, MEMQC_MLP_BATCH, MEMQC_MLP_INPUT_BITS,
      MEMQC_MLP_MAPPING},
     {0}},
    {"mlp on a device",
     as_made,
     MEMQC_MLP_PROGRESS_INTERVAL,
     analog_set,
     analog_get,
     memqc_mlp_key,
     memqc_mlp_describe,
     {MEMQC_MLP_RULE, MEMQC_MLP_ACTIVATION, MEMQC_MLP_LOSS, MEMQC_MLP_BATCH, MEMQC_MLP_INPUT_BITS,
      MEMQC_MLP_MAPPING},
     {0}},
};

enum { MAX_KEYS = 200 };

static int listed(const int32_t *list, size_t n, int32_t key) {
    for (size_t i = 0; i < n && list[i]; i++)
        if (list[i] == key)
            return 1;
    return 0;
}

/* Number of keys: they run from 1 without a gap. */
static int32_t count_keys(const struct noun *noun) {
    int32_t n = 0;
    while (n < MAX_KEYS && noun->describe(n + 1, NULL, NULL, NULL, NULL, NULL) == MEMQC_OK)
        n++;
    return n;
}

struct snapshot {
    int32_t n;
    double value[MAX_KEYS + 1];
};

static void take(const struct noun *noun, struct snapshot *all) {
    memset(all, 0, sizeof *all);
    all->n = count_keys(noun);
    for (int32_t key = 1; key <= all->n; key++)
        WORKS(noun->get(key, &all->value[key]));
}

/* Does the text hold this number, to the digits that it may print? */
static int holds(const char *text, double number) {
    for (const char *at = text; *at; at++) {
        if (at > text && (isalnum((unsigned char)at[-1]) || strchr("_.", at[-1])))
            continue;
        char *end;
        const double found = strtod(at, &end);
        if (end == at || isalpha((unsigned char)*end))
            continue;
        if (found == number || fabs(found - number) <= 1e-8 * fabs(number))
            return 1;
    }
    return 0;
}

/* A value that must not be taken: refused with a text of its own, and nothing is changed. The text stays
 * valid until the next call of this. */
static const char *check_refused(const struct noun *noun, int32_t key, double value) {
    static struct snapshot before, after;
    static char text[1024];
    take(noun, &before);
    prime_error();
    const memqc_status status = noun->set(key, value);
    snprintf(text, sizeof text, "%s", memqc_last_error());
    ck_assert_msg(status == MEMQC_ERROR_ARGUMENT, "%s: key %d = %.17g gave %s", noun->label, (int)key, value,
                  memqc_status_name(status));
    ck_assert_msg(*text && !strstr(text, "\"@\""), "%s: key %d = %.17g set no error text", noun->label,
                  (int)key, value);
    take(noun, &after);
    for (int32_t other = 1; other <= before.n; other++)
        ck_assert_msg(memcmp(&before.value[other], &after.value[other], sizeof(double)) == 0,
                      "%s: key %d = %.17g was refused, and key %d went from %.17g to %.17g", noun->label,
                      (int)key, value, (int)other, before.value[other], after.value[other]);
    return text;
}

/* The same, with the name of the parameter in the text. */
static const char *check_refused_by_name(const struct noun *noun, int32_t key, double value) {
    const char *name = "", *text = check_refused(noun, key, value);
    WORKS(noun->describe(key, &name, NULL, NULL, NULL, NULL));
    ck_assert_msg(strstr(text, name) != NULL, "%s: %s = %.17g: the text does not name it: %s", noun->label,
                  name, value, text);
    return text;
}

START_TEST(keys_describe_themselves) {
    const struct noun *noun = &nouns[_i];
    noun->prepare();
    const int32_t n = count_keys(noun);
    ck_assert_msg(n >= noun->known && n < MAX_KEYS, "%s has %d keys", noun->label, (int)n);
    for (int32_t key = 1; key <= n; key++) {
        const char *name = NULL, *unit = NULL;
        double min = NAN, max = NAN, initial = NAN;
        int32_t found = 0;
        WORKS(noun->describe(key, &name, &unit, &min, &max, &initial));
        ck_assert_msg(name && *name, "%s: key %d has no name", noun->label, (int)key);
        ck_assert_msg(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name),
                      "%s: name \"%s\"", noun->label, name);
        ck_assert_msg(unit != NULL, "%s: %s has NULL for a unit", noun->label, name);
        ck_assert_msg(min <= initial && initial <= max, "%s: %s is %g by default, bounds %g .. %g",
                      noun->label, name, initial, min, max);
        WORKS(noun->key(name, &found));
        ck_assert_msg(found == key, "%s: \"%s\" is key %d, not %d", noun->label, name, (int)found, (int)key);

        /* Each result by itself. */
        const char *name_alone = NULL, *unit_alone = NULL;
        double min_alone = NAN, max_alone = NAN, initial_alone = NAN;
        WORKS(noun->describe(key, &name_alone, NULL, NULL, NULL, NULL));
        WORKS(noun->describe(key, NULL, &unit_alone, NULL, NULL, NULL));
        WORKS(noun->describe(key, NULL, NULL, &min_alone, NULL, NULL));
        WORKS(noun->describe(key, NULL, NULL, NULL, &max_alone, NULL));
        WORKS(noun->describe(key, NULL, NULL, NULL, NULL, &initial_alone));
        ck_assert_str_eq(name_alone, name);
        ck_assert_str_eq(unit_alone, unit);
        ck_assert(min_alone == min && max_alone == max && initial_alone == initial);
    }
}
END_TEST

START_TEST(keys_take_their_default) {
    const struct noun *noun = &nouns[_i];
    const int32_t n = count_keys(noun);
    for (int32_t key = 1; key <= n; key++) {
        const char *name = NULL;
        double initial = NAN, value = NAN;
        teardown();
        setup();
        noun->prepare();
        WORKS(noun->describe(key, &name, NULL, NULL, NULL, &initial));
        const memqc_status status = noun->set(key, initial);
        if (status == MEMQC_OK) {
            ck_assert_msg(!listed(noun->refused, COUNT(noun->refused), key), "%s: %s could be set",
                          noun->label, name);
            WORKS(noun->get(key, &value));
            ck_assert_msg(fabs(value - initial) <= 1e-12 * fabs(initial),
                          "%s: %s set to %.17g, read as %.17g", noun->label, name, initial, value);
        } else {
            const int needs_device = noun->set == digital_set && key == MEMQC_MLP_RULE;
            ck_assert_msg(needs_device || listed(noun->refused, COUNT(noun->refused), key),
                          "%s: %s does not take its default %g: %s", noun->label, name, initial,
                          memqc_last_error());
            check_refused_by_name(noun, key, initial);
        }
    }
}
END_TEST

START_TEST(keys_keep_their_bounds) {
    const struct noun *noun = &nouns[_i];
    noun->prepare();
    const int32_t n = count_keys(noun);
    for (int32_t key = 1; key <= n; key++) {
        const char *name = NULL;
        double min = NAN, max = NAN;
        WORKS(noun->describe(key, &name, NULL, &min, &max, NULL));
        const double bad[] = {nextafter(min, -INFINITY),
                              min - 1,
                              min - fabs(min),
                              nextafter(max, INFINITY),
                              max + 1,
                              max + fabs(max),
                              -INFINITY,
                              INFINITY,
                              NAN};
        for (size_t i = 0; i < COUNT(bad); i++) {
            if (bad[i] >= min && bad[i] <= max)
                continue; /* a bound of zero, a far one, or none */
            const char *text = check_refused_by_name(noun, key, bad[i]);
            if (!listed(noun->refused, COUNT(noun->refused), key))
                ck_assert_msg(holds(text, min) && holds(text, max),
                              "%s: %s = %.17g: the text lacks the bounds %.17g .. %.17g: %s", noun->label,
                              name, bad[i], min, max, text);
        }
        if (listed(noun->whole, COUNT(noun->whole), key))
            check_refused_by_name(noun, key, min + 0.5);
    }
}
END_TEST

/* A bound is taken, or refused because of another parameter: then in words, and without a change. */
START_TEST(keys_take_their_bounds_or_say_why_not) {
    const struct noun *noun = &nouns[_i];
    const int32_t n = count_keys(noun);
    for (int32_t key = 1; key <= n; key++) {
        double bound[2] = {NAN, NAN};
        WORKS(noun->describe(key, NULL, NULL, &bound[0], &bound[1], NULL));
        for (size_t i = 0; i < COUNT(bound); i++) {
            double value = NAN;
            teardown();
            setup();
            noun->prepare();
            if (noun->set(key, bound[i]) == MEMQC_OK) {
                WORKS(noun->get(key, &value));
                ck_assert_msg(fabs(value - bound[i]) <= 1e-12 * fabs(bound[i]),
                              "%s: key %d set to %.17g, read as %.17g", noun->label, (int)key, bound[i],
                              value);
            } else {
                check_refused(noun, key, bound[i]);
            }
        }
    }
}
END_TEST

START_TEST(unknown_keys) {
    const struct noun *noun = &nouns[_i];
    noun->prepare();
    const int32_t bad[] = {0, -1, 1000, INT32_MIN, INT32_MAX, count_keys(noun) + 1};
    static const char *const names[] = {"", " ", "no_such_parameter", "1"};
    struct snapshot before, after;
    double value = 0;
    int32_t key = 0;
    take(noun, &before);
    for (size_t i = 0; i < COUNT(bad); i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", (int)bad[i]);
        FAILS(MEMQC_ERROR_ARGUMENT, number, noun->set(bad[i], 1));
        FAILS(MEMQC_ERROR_ARGUMENT, number, noun->get(bad[i], &value));
        FAILS(MEMQC_ERROR_ARGUMENT, number, noun->describe(bad[i], NULL, NULL, NULL, NULL, NULL));
    }
    for (size_t i = 0; i < COUNT(names); i++)
        FAILS(MEMQC_ERROR_ARGUMENT, names[i], noun->key(names[i], &key));
    take(noun, &after);
    ck_assert_mem_eq(&before, &after, sizeof before);
}
END_TEST

/* A copy and its origin go separate ways. */
START_TEST(copies_are_independent) {
    memqc_device *copy = NULL;
    double value = 0;
    WORKS(memqc_device_set(device, MEMQC_DEVICE_STATES, 16));
    WORKS(memqc_device_copy(device, &copy));
    WORKS(memqc_device_set(device, MEMQC_DEVICE_STATES, 8));
    WORKS(memqc_device_get(copy, MEMQC_DEVICE_STATES, &value));
    ck_assert(value == 16);
    memqc_device_destroy(&device);
    WORKS(memqc_device_ramp(copy, f));
    memqc_device_destroy(&copy);
}
END_TEST

/* --- error text
 * --------------------------------------------------------------------------------------------------- */

START_TEST(success_keeps_the_text) {
    char text[512];
    double value = 0;
    REFUSES(memqc_device_set(device, MEMQC_DEVICE_STATES, 1));
    snprintf(text, sizeof text, "%s", memqc_last_error());
    WORKS(memqc_device_set(device, MEMQC_DEVICE_STATES, 4));
    WORKS(memqc_device_get(device, MEMQC_DEVICE_STATES, &value));
    ck_assert_str_eq(memqc_last_error(), text);
}
END_TEST

struct speaker {
    const char *name; /* what it asks for, and expects to find in its text */
    pthread_barrier_t *barrier;
    char first[512], own[512];
};

/* Reads the text that a new thread starts with, fails once both run, and reads its own text once both have
 * failed. */
static void *speak(void *argument) {
    struct speaker *me = argument;
    int32_t key;
    snprintf(me->first, sizeof me->first, "%s", memqc_last_error());
    pthread_barrier_wait(me->barrier);
    memqc_device_key(me->name, &key);
    pthread_barrier_wait(me->barrier);
    snprintf(me->own, sizeof me->own, "%s", memqc_last_error());
    return NULL;
}

START_TEST(text_belongs_to_the_thread) {
    pthread_barrier_t barrier;
    pthread_t thread[2];
    struct speaker speakers[2] = {{.name = "thread_one", .barrier = &barrier},
                                  {.name = "thread_two", .barrier = &barrier}};
    REFUSES(memqc_device_set(device, MEMQC_DEVICE_STATES, 1));
    ck_assert_int_eq(pthread_barrier_init(&barrier, NULL, 2), 0);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&thread[i], NULL, speak, &speakers[i]), 0);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
    pthread_barrier_destroy(&barrier);
    for (int i = 0; i < 2; i++) {
        ck_assert_str_eq(speakers[i].first, "");
        ck_assert_ptr_nonnull(strstr(speakers[i].own, speakers[i].name));
        ck_assert_ptr_null(strstr(memqc_last_error(), speakers[i].name));
    }
    ck_assert_ptr_nonnull(strstr(memqc_last_error(), "states"));
}
END_TEST

static TCase *group(Suite *suite, const char *name) {
    TCase *tcase = tcase_create(name);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120); /* valgrind */
    suite_add_tcase(suite, tcase);
    return tcase;
}

int main(void) {
    Suite *suite = suite_create("public");
    TCase *arguments = group(suite, "arguments");
    tcase_add_test(arguments, destroy_takes_nothing);
    tcase_add_test(arguments, base);
    tcase_add_test(arguments, device_arguments);
    tcase_add_test(arguments, device_draws);
    tcase_add_test(arguments, crossbar_arguments);
    tcase_add_test(arguments, crossbar_programming);
    tcase_add_test(arguments, crossbar_reading);
    tcase_add_test(arguments, crossbar_before_programming);
    tcase_add_test(arguments, mlp_arguments);
    tcase_add_test(arguments, mlp_weights);
    tcase_add_test(arguments, mlp_samples);
    TCase *parameters = group(suite, "parameters");
    tcase_add_loop_test(parameters, keys_describe_themselves, 0, (int)COUNT(nouns));
    tcase_add_loop_test(parameters, keys_take_their_default, 0, (int)COUNT(nouns));
    tcase_add_loop_test(parameters, keys_keep_their_bounds, 0, (int)COUNT(nouns));
    tcase_add_loop_test(parameters, keys_take_their_bounds_or_say_why_not, 0, (int)COUNT(nouns));
    tcase_add_loop_test(parameters, unknown_keys, 0, (int)COUNT(nouns));
    tcase_add_test(parameters, copies_are_independent);
    TCase *text = group(suite, "error text");
    tcase_add_test(text, success_keeps_the_text);
    tcase_add_test(text, text_belongs_to_the_thread);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
