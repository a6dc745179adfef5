/* SPDX-License-Identifier: BSD-3-Clause */
/* What the functions of devices, and those of no noun, do with NULL and with arguments out of range.
 */
#include "arguments.h"

#include <math.h>

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
    REFUSES_NULL(memqc_device_set_seed(NULL, 1));
    REFUSES_NULL(memqc_device_level(NULL, 1, &value, NULL, NULL));
    REFUSES(memqc_device_level(device, 0, &value, NULL, NULL));
    REFUSES(memqc_device_level(device, -1, &value, NULL, NULL));
    REFUSES(memqc_device_level(device, STATES + 1, &value, NULL, NULL));
    OK(memqc_device_level(device, STATES, NULL, NULL, NULL));
    REFUSES_NULL(memqc_device_ramp(NULL, f));
    REFUSES_NULL(memqc_device_ramp(device, NULL));

    size_t presets = 0;
    for (; memqc_device_preset_name(presets); presets++) {
        memqc_device *preset = NULL;
        OK(memqc_device_create_preset(memqc_device_preset_name(presets), &preset));
        memqc_device_destroy(&preset);
        FAILS(MEMQC_ERROR_ARGUMENT, memqc_device_preset_name(presets),
              memqc_device_create_preset("none", &preset));
    }
    ck_assert_uint_ge(presets, 3);
    ck_assert_ptr_null(memqc_device_preset_name((size_t)-1));
}
END_TEST

START_TEST(device_descriptions) {
    int32_t key = 0;
    double value = 0;
    uint64_t seed = 0;
    size_t n = 0;
    REFUSES_NULL(memqc_device_set_many(NULL, 0, NULL, NULL));
    REFUSES_NULL(memqc_device_set_many(device, 1, NULL, &value));
    REFUSES_NULL(memqc_device_set_many(device, 1, &key, NULL));
    OK(memqc_device_set_many(device, 0, NULL, NULL));
    REFUSES_NULL(memqc_device_uses(NULL, MEMQC_DEVICE_STATES, &key));
    REFUSES_NULL(memqc_device_uses(device, MEMQC_DEVICE_STATES, NULL));
    REFUSES(memqc_device_uses(device, 1, &key));
    REFUSES_NULL(memqc_device_key_value(MEMQC_DEVICE_STATES, MEMQC_KEY_MIN, NULL));
    REFUSES(memqc_device_key_value(MEMQC_DEVICE_STATES, MEMQC_KEY_NAME, &value));
    REFUSES_NULL(memqc_device_choice(MEMQC_DEVICE_LAW, NULL, &key));
    REFUSES_NULL(memqc_device_choice(MEMQC_DEVICE_LAW, "linear", NULL));
    REFUSES(memqc_device_choice(MEMQC_DEVICE_LAW, "printed matter", &key));
    ck_assert_ptr_null(memqc_device_key_text(1, MEMQC_KEY_NAME));
    ck_assert_ptr_null(memqc_device_key_text(MEMQC_DEVICE_STATES, MEMQC_KEY_MIN));
    ck_assert_ptr_null(memqc_device_choice_name(MEMQC_DEVICE_STATES, 2));
    ck_assert_ptr_null(memqc_device_choice_name(MEMQC_DEVICE_LAW, MEMQC_DEVICE_CLAMP));
    ck_assert_int_eq(memqc_device_key_at(memqc_device_keys()), 0);
    REFUSES_NULL(memqc_device_get_seed(NULL, &seed));
    REFUSES_NULL(memqc_device_get_seed(device, NULL));
    REFUSES_NULL(memqc_device_levels(NULL, &n));
    REFUSES_NULL(memqc_device_levels(device, NULL));
}
END_TEST

/* Empty arrays may be NULL, and nothing happens. */
START_TEST(device_empty) {
    OK(memqc_device_draw(device, 0, 0, 0, NULL, NULL, NULL));
    OK(memqc_device_draw_levels(device, 0, 0, 0, 0, NULL, NULL, 0));
    OK(memqc_device_staircase(device, 0, 0, 0, NULL, STATES, NULL));
    OK(memqc_device_nearest(device, 0, NULL, NULL));
    OK(memqc_device_cells(device, MEMQC_DEVICE_G_MAX, 0, 0, NULL));
    OK(memqc_device_response(device, 1, 1e-6, 0, NULL));
    OK(memqc_device_pulse(device, 0, 0, 0, 1, NULL, NULL, NULL));
    OK(memqc_device_pulse_each(device, 0, 0, 0, NULL, NULL, NULL, NULL));
    OK(memqc_device_program(device, 0, 0, 0, NULL, NULL, NULL, NULL));
    OK(memqc_device_apply(device, 0, 0, 0, 1, NULL, NULL, NULL));
    OK(memqc_device_read(device, 0, 0, 0, NULL, NULL));
    OK(memqc_device_telegraph_begin(device, 0, 0, 0, NULL));
    OK(memqc_device_telegraph_advance(device, 0, 0, 1, 0, NULL));
    OK(memqc_device_telegraph_read(device, 0, NULL, NULL, NULL));
    OK(memqc_device_age(device, 0, 0, 1, 1, 0, NULL, NULL));
    OK(memqc_device_current(device, 0, NULL, NULL, NULL));
    OK(memqc_device_set_many(device, 0, NULL, NULL));
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
    OK(memqc_device_draw(device, last - 1, 0, 1, levels, f, NULL));
    REFUSES_NULL(memqc_device_draw_levels(NULL, 0, 0, 2, 2, levels, f, 2));
    REFUSES_NULL(memqc_device_draw_levels(device, 0, 0, 2, 2, NULL, f, 2));
    REFUSES_NULL(memqc_device_draw_levels(device, 0, 0, 2, 2, levels, NULL, 2));
    REFUSES(memqc_device_draw_levels(device, 0, 0, 2, 2, levels, f, 1));
    REFUSES(memqc_device_draw_levels(device, last - 1, 0, 2, 2, levels, f, 2));
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
              memqc_device_draw_levels(device, 0, 0, 1, COUNT(g), levels, g, COUNT(g)));
        for (size_t j = 0; j < COUNT(g); j++)
            ck_assert_msg(g[j] == 1234, "level %d refused, and g[%zu] written", bad[i], j);
    }
}
END_TEST

START_TEST(device_pulses) {
    int32_t counts[4] = {1, -1, 0, 2};
    size_t n = 0;
    for (size_t i = 0; i < 4; i++)
        f[i] = 5;
    REFUSES_NULL(memqc_device_set_table(NULL, 1, 1, f, f));
    REFUSES_NULL(memqc_device_set_table(device, 1, 1, NULL, f));
    REFUSES_NULL(memqc_device_set_table(device, 1, 1, f, NULL));
    REFUSES(memqc_device_set_table(device, 1, 1, f, f)); /* no table */
    REFUSES_NULL(memqc_device_get_table(NULL, 1, 4, f, f, &n));
    REFUSES_NULL(memqc_device_get_table(device, 1, 4, f, f, NULL));
    REFUSES(memqc_device_get_table(device, 1, 4, f, f, &n));
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
    REFUSES_NULL(memqc_device_apply(NULL, 0, 0, 4, -0.8, f, NULL, NULL));
    REFUSES_NULL(memqc_device_apply(device, 0, 0, 4, -0.8, NULL, NULL, NULL));
    REFUSES(memqc_device_apply(device, (uint64_t)1 << 34, 0, 4, -0.8, f, NULL, NULL));
    for (size_t i = 0; i < 4; i++)
        ck_assert(f[i] == 5);
    levels[3] = 0;
    FAILS(MEMQC_ERROR_ARGUMENT, "levels[3]",
          memqc_device_program(device, 0, 0, 4, levels, f, NULL, NULL));
    ck_assert(f[0] == 5);
    OK(memqc_device_pulse(device, 0, 0, 4, 0, f, NULL, NULL)); /* no pulses */
    OK(memqc_device_pulse(device, 0, 0, 0, 3, f, NULL, NULL)); /* no cells */
    ck_assert(f[0] == 5);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("arguments_device");
    TCase *arguments = group(suite, "arguments");
    tcase_add_test(arguments, base);
    tcase_add_test(arguments, device_arguments);
    tcase_add_test(arguments, device_descriptions);
    tcase_add_test(arguments, device_empty);
    tcase_add_test(arguments, device_draws);
    tcase_add_test(arguments, device_pulses);
    return run_suite(suite);
}
