/* SPDX-License-Identifier: BSD-3-Clause */
/* For the tests of the public surface and nothing else: what a call must do, and handles to try it
 * on. */
#ifndef MEMQC_TESTS_PUBLIC_H
#define MEMQC_TESTS_PUBLIC_H

#include "test.h"

#include <stdio.h>

enum { ROWS = 3, COLS = 2, STATES = 32, SAMPLES = 4 };

static memqc_device *device;
static memqc_crossbar *blank, *array; /* not programmed, programmed */
static memqc_mlp *digital, *analog;   /* without a device, with one */
static const size_t sizes[] = {2, 3, 2};
static float f[STATES * SAMPLES]; /* room for any array below */
static int32_t levels[STATES];

static void setup(void) {
    OK(memqc_device_create(MEMQC_DEVICE_QUANTIZED, &device));
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &blank));
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &array));
    memset(f, 0, sizeof f);
    OK(memqc_crossbar_program(array, f, COLS));
    OK(memqc_mlp_create(sizes, COUNT(sizes), NULL, 0, &digital));
    OK(memqc_mlp_create(sizes, COUNT(sizes), device, 0, &analog));
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

static inline TCase *group(Suite *suite, const char *name) {
    TCase *tests = add_group(suite, name, NULL);
    tcase_add_checked_fixture(tests, setup, teardown);
    return tests;
}

#endif
