/* SPDX-License-Identifier: BSD-3-Clause */
/* What every public function does with NULL and with arguments out of range. */
#include "public.h"

#include <math.h>

#define NOWHERE(type) ((type *)(void *)&nowhere) /* not NULL: a failing create must overwrite it */
static int nowhere;

/* A call that makes something, refused, with its result set to NULL. */
#define MAKES_NULL(type, call)                                                    \
    do {                                                                          \
        type *out = NOWHERE(type);                                                \
        REFUSES(call);                                                            \
        ck_assert_msg(out == NULL, "%s failed and left its result alone", #call); \
    } while (0)

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
    ck_assert_uint_eq(memqc_version(), MEMQC_VERSION_MAJOR * 1000000u +
                                           MEMQC_VERSION_MINOR * 1000u + MEMQC_VERSION_PATCH);
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
        FAILS(MEMQC_ERROR_ARGUMENT, "5",
              memqc_device_draw(device, 0, 0, COUNT(g), levels, g, NULL));
        FAILS(MEMQC_ERROR_ARGUMENT, "5",
              memqc_device_draw_levels(device, 0, 0, 1, COUNT(g), levels, g, COUNT(g), NULL));
        for (size_t j = 0; j < COUNT(g); j++)
            ck_assert_msg(g[j] == 1234, "level %d refused, and g[%zu] written", bad[i], j);
    }
}
END_TEST

START_TEST(device_pulses) {
    int32_t model = 0, counts[4] = {1, -1, 0, 2};
    float volts[2] = {-0.7f, 1};
    size_t n = 0;
    for (size_t i = 0; i < 4; i++)
        f[i] = 5;
    REFUSES_NULL(memqc_device_model(NULL, &model));
    REFUSES_NULL(memqc_device_model(device, NULL));
    REFUSES_NULL(memqc_device_set_table(NULL, 1, 1, f, f));
    REFUSES_NULL(memqc_device_set_table(device, 1, 1, NULL, f));
    REFUSES_NULL(memqc_device_set_table(device, 1, 1, f, NULL));
    REFUSES(memqc_device_set_table(device, 1, 1, f, f)); /* no table */
    REFUSES_NULL(memqc_device_get_table(NULL, 1, &n, f, f));
    REFUSES_NULL(memqc_device_get_table(device, 1, NULL, f, f));
    REFUSES(memqc_device_get_table(device, 1, &n, f, f));
    REFUSES_NULL(memqc_device_cells(NULL, MEMQC_DEVICE_G_MAX, 0, 1, f));
    REFUSES_NULL(memqc_device_cells(device, MEMQC_DEVICE_G_MAX, 0, 1, NULL));
    REFUSES(memqc_device_cells(device, 0, 0, 1, f));
    REFUSES(memqc_device_cells(device, MEMQC_DEVICE_SLOPE_UP, 0, 1, f));
    REFUSES(memqc_device_cells(device, MEMQC_DEVICE_G_MAX, (uint64_t)1 << 34, 1, f));
    REFUSES_NULL(memqc_device_response(NULL, 1, 1e-4, 1, f));
    REFUSES_NULL(memqc_device_response(device, 1, 1e-4, 1, NULL));
    REFUSES(memqc_device_response(device, 0, 1e-4, 1, f));
    REFUSES_NULL(memqc_device_pulse(NULL, 0, 0, 4, 1, f, NULL, NULL));
    REFUSES_NULL(memqc_device_pulse(device, 0, 0, 4, 1, NULL, NULL, NULL));
    REFUSES_NULL(memqc_device_pulse_each(NULL, 0, 0, 4, counts, f, NULL, NULL));
    REFUSES_NULL(memqc_device_pulse_each(device, 0, 0, 4, NULL, f, NULL, NULL));
    REFUSES_NULL(memqc_device_pulse_each(device, 0, 0, 4, counts, NULL, NULL, NULL));
    REFUSES_NULL(memqc_device_program(NULL, 0, 0, 4, levels, f, NULL, NULL));
    REFUSES_NULL(memqc_device_program(device, 0, 0, 4, NULL, f, NULL, NULL));
    REFUSES_NULL(memqc_device_program(device, 0, 0, 4, levels, NULL, NULL, NULL));
    REFUSES(memqc_device_program(device, 0, (uint64_t)1 << 40, 4, levels, f, NULL, NULL));
    REFUSES_NULL(memqc_device_apply(NULL, 0, 0, 4, 2, volts, f, NULL, NULL, 0, NULL));
    REFUSES_NULL(memqc_device_apply(device, 0, 0, 4, 2, NULL, f, NULL, NULL, 0, NULL));
    REFUSES_NULL(memqc_device_apply(device, 0, 0, 4, 2, volts, NULL, NULL, NULL, 0, NULL));
    REFUSES(memqc_device_apply(device, (uint64_t)1 << 34, 0, 4, 2, volts, f, NULL, NULL, 0, NULL));
    for (size_t i = 0; i < 4; i++)
        ck_assert(f[i] == 5);
    levels[3] = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "levels[3]",
          memqc_device_program(device, 0, 0, 4, levels, f, NULL, NULL));
    ck_assert(f[0] == 5);
    WORKS(memqc_device_pulse(device, 0, 0, 4, 0, f, NULL, NULL)); /* no pulses */
    WORKS(memqc_device_pulse(device, 0, 0, 0, 3, f, NULL, NULL)); /* no cells */
    ck_assert(f[0] == 5);
}
END_TEST

START_TEST(crossbar_arguments) {
    const char *name = NULL;
    const size_t half = (size_t)1 << 16;
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
    int32_t key = 0;
    double value = 0;
    uint32_t epochs = 0;
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = 1;
    MAKES_NULL(memqc_mlp, memqc_mlp_create(NULL, 2, device, 0, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(sizes, 0, device, 0, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(sizes, 1, device, 0, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(many, COUNT(many), device, 0, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(empty, COUNT(empty), device, 0, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(huge, COUNT(huge), device, 0, &out));
    MAKES_NULL(memqc_mlp, memqc_mlp_create(overflow, COUNT(overflow), device, 0, &out));
    REFUSES_NULL(memqc_mlp_create(sizes, COUNT(sizes), device, 0, NULL));
    REFUSES_NULL(memqc_mlp_set(NULL, MEMQC_MLP_BATCH, 1));
    REFUSES_NULL(memqc_mlp_get(NULL, MEMQC_MLP_BATCH, &value));
    REFUSES_NULL(memqc_mlp_get(digital, MEMQC_MLP_BATCH, NULL));
    REFUSES_NULL(memqc_mlp_key(NULL, &key));
    REFUSES_NULL(memqc_mlp_key("batch", NULL));
    ck_assert_ptr_null(memqc_mlp_key_text(0, MEMQC_KEY_NAME));
    REFUSES(memqc_mlp_key_value(0, MEMQC_KEY_MIN, &value));
    REFUSES_NULL(memqc_mlp_set_seed(NULL, 1));
    REFUSES_NULL(memqc_mlp_init(NULL));
    REFUSES_NULL(memqc_mlp_reset(NULL));
    REFUSES_NULL(memqc_mlp_get_shape(NULL, NULL, NULL, NULL));
    WORKS(memqc_mlp_get_shape(digital, NULL, NULL, NULL));
    REFUSES_NULL(memqc_mlp_get_epochs(NULL, &epochs));
    REFUSES_NULL(memqc_mlp_get_epochs(digital, NULL));
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

    REFUSES_NULL(memqc_mlp_borrow_crossbar(NULL, 0, &of_layer));
    ck_assert_ptr_null(of_layer);
    of_layer = (const memqc_crossbar *)(const void *)&nowhere;
    REFUSES(memqc_mlp_borrow_crossbar(analog, 2, &of_layer));
    ck_assert_ptr_null(of_layer);
    of_layer = (const memqc_crossbar *)(const void *)&nowhere;
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_mlp_borrow_crossbar(digital, 0, &of_layer));
    ck_assert_ptr_null(of_layer);
    REFUSES_NULL(memqc_mlp_borrow_crossbar(analog, 0, NULL));
    WORKS(memqc_mlp_borrow_crossbar(analog, 1, &of_layer));
    ck_assert_ptr_nonnull(of_layer);

    /* What shapes the initial weights is settled once they are drawn, until a reset. */
    FAILS(MEMQC_ERROR_STATE, "weight_range", memqc_mlp_set(analog, MEMQC_MLP_WEIGHT_RANGE, 2));
    FAILS(MEMQC_ERROR_STATE, NULL, memqc_mlp_set_seed(analog, 2));
    WORKS(memqc_mlp_reset(analog));
    WORKS(memqc_mlp_set(analog, MEMQC_MLP_WEIGHT_RANGE, 2));
    WORKS(memqc_mlp_set_seed(analog, 2));
}
END_TEST

START_TEST(mlp_samples) {
    int32_t labels[SAMPLES] = {0, 1, 1, 0}, classes[SAMPLES];
    double loss = 0, accuracy = 0;
    float outputs[SAMPLES * 2];
    memqc_mlp *const both[] = {digital, analog};
    REFUSES_NULL(memqc_mlp_train_epoch(NULL, SAMPLES, f, 2, labels));
    REFUSES_NULL(memqc_mlp_predict(NULL, SAMPLES, f, 2, outputs, 2, classes));
    REFUSES_NULL(memqc_mlp_evaluate(NULL, SAMPLES, f, 2, labels, &loss, &accuracy, NULL));
    for (size_t i = 0; i < COUNT(both); i++) {
        memqc_mlp *mlp = both[i];
        uint32_t epochs = 1;
        REFUSES_NULL(memqc_mlp_train_epoch(mlp, SAMPLES, NULL, 2, labels));
        REFUSES_NULL(memqc_mlp_train_epoch(mlp, SAMPLES, f, 2, NULL));
        WORKS(memqc_mlp_train_epoch(mlp, 0, NULL, 2, NULL));
        REFUSES(memqc_mlp_train_epoch(mlp, SAMPLES, f, 1, labels));
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
        FAILS(MEMQC_ERROR_DATA, "2", memqc_mlp_train_epoch(mlp, SAMPLES, f, 2, labels));
        FAILS(MEMQC_ERROR_DATA, "2",
              memqc_mlp_evaluate(mlp, SAMPLES, f, 2, labels, &loss, NULL, NULL));
        labels[2] = -1;
        FAILS(MEMQC_ERROR_DATA, "-1", memqc_mlp_train_epoch(mlp, SAMPLES, f, 2, labels));
        labels[2] = 1;
        f[3 * 2 + 1] = NAN;
        FAILS(MEMQC_ERROR_DATA, "3", memqc_mlp_train_epoch(mlp, SAMPLES, f, 2, labels));
        FAILS(MEMQC_ERROR_DATA, "3", memqc_mlp_predict(mlp, SAMPLES, f, 2, NULL, 0, classes));
        f[3 * 2 + 1] = INFINITY;
        FAILS(MEMQC_ERROR_DATA, "3",
              memqc_mlp_evaluate(mlp, SAMPLES, f, 2, labels, &loss, NULL, NULL));
        f[3 * 2 + 1] = 0;
        WORKS(memqc_mlp_get_epochs(mlp, &epochs));
        ck_assert_uint_eq(epochs, 0);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("arguments");
    TCase *arguments = group(suite, "arguments");
    tcase_add_test(arguments, destroy_takes_nothing);
    tcase_add_test(arguments, base);
    tcase_add_test(arguments, device_arguments);
    tcase_add_test(arguments, device_draws);
    tcase_add_test(arguments, device_pulses);
    tcase_add_test(arguments, crossbar_arguments);
    tcase_add_test(arguments, crossbar_programming);
    tcase_add_test(arguments, crossbar_reading);
    tcase_add_test(arguments, crossbar_before_programming);
    tcase_add_test(arguments, mlp_arguments);
    tcase_add_test(arguments, mlp_weights);
    tcase_add_test(arguments, mlp_samples);
    return run(suite);
}
