/* SPDX-License-Identifier: BSD-3-Clause */
/* Where quantization ends: what a device warns of. */
#include "test.h"

static const double g0 = MEMQC_G0;

/* The warnings of a device of the quantized model, as bits: below 1, above 2. */
static int warned(const memqc_device *device) {
    int32_t warnings[4];
    size_t n;
    int found = 0;
    OK(memqc_device_warnings(device, COUNT(warnings), warnings, &n));
    for (size_t i = 0; i < n; i++) {
        ck_assert_ptr_nonnull(memqc_device_warning_text(warnings[i]));
        found |= warnings[i] == MEMQC_DEVICE_WARNING_BELOW_QUANTA ? 1 : 2;
    }
    return found;
}

static int window(double g_min, double g_max) {
    static const int32_t keys[] = {MEMQC_DEVICE_G_MIN, MEMQC_DEVICE_G_MAX};
    const double values[] = {g_min * g0, g_max * g0};
    memqc_device *device;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set_many(device, 2, keys, values));
    const int found = warned(device);
    memqc_device_destroy(&device);
    return found;
}

START_TEST(levels_outside_are_named) {
    ck_assert_int_eq(window(0.5, 16), 0); /* the paper's */
    ck_assert_int_eq(window(1, 16), 0);
    ck_assert_int_eq(window(0.48, 16.2), 0); /* as a fit finds them */
    ck_assert_int_eq(window(0.2, 16), 1);
    ck_assert_int_eq(window(0, 16), 1);
    ck_assert_int_eq(window(0.5, 16.5), 2);
    ck_assert_int_eq(window(0.1, 30), 3);
}
END_TEST

/* Levels that were measured, and pulsed models, claim no quanta. */
START_TEST(other_devices_are_left_alone) {
    static const char *const names[] = {"hfox-a",    "hfox-b",   "ideal",  "pcm",
                                        "milo-2021", "wan-2022", "ag-asi", "rpu"};
    static const float g[] = {3e-3f, 1e-5f};
    memqc_device *device;
    for (size_t i = 0; i < COUNT(names); i++) {
        OK(memqc_device_create_preset(names[i], &device));
        ck_assert_int_eq(warned(device), 0);
        memqc_device_destroy(&device);
    }
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_set_levels(device, 2, g, NULL, 0, NULL));
    ck_assert_int_eq(warned(device), 0);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(arguments_are_checked) {
    memqc_device *device;
    int32_t warning;
    size_t n = 7;
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_device_warnings(device, 0, NULL, &n));
    ck_assert_uint_eq(n, 0);
    OK(memqc_device_set(device, MEMQC_DEVICE_G_MAX, 20 * g0));
    FAILS(MEMQC_ERROR_ARGUMENT, "room = 0; the device has 1",
          memqc_device_warnings(device, 0, &warning, &n));
    ck_assert_uint_eq(n, 1);
    REFUSES_NULL(memqc_device_warnings(device, 1, NULL, &n));
    REFUSES_NULL(memqc_device_warnings(device, 1, &warning, NULL));
    REFUSES_NULL(memqc_device_warnings(NULL, 1, &warning, &n));
    ck_assert_ptr_null(memqc_device_warning_text(0));
    ck_assert_ptr_null(memqc_device_warning_text(INT32_MIN)); /* the sanitizer sees an overflow */
    ck_assert_ptr_null(memqc_device_fit_reason(INT32_MIN));
    memqc_device_destroy(&device);
}
END_TEST

RUN_TESTS("warnings", levels_outside_are_named, other_devices_are_left_alone, arguments_are_checked)
