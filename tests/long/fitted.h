/* SPDX-License-Identifier: BSD-3-Clause */
/* Devices that were fitted to curves of another one, for studies. */
#ifndef MEMQC_TESTS_FITTED_H
#define MEMQC_TESTS_FITTED_H

#include <memqc/memqc.h>

#include <stdio.h>
#include <stdlib.h>

enum { MOST_ROWS = 2048 };

static void check(memqc_status status) {
    if (status == MEMQC_OK)
        return;
    fprintf(stderr, "%s\n", memqc_last_error());
    exit(1);
}

/* Curves of a device, 12 cycles of all its levels or of 32 pulses up and 32 down, of 4 cells. */
static memqc_device *fitted(const memqc_device *device, int32_t model) {
    static float g[MOST_ROWS];
    static int32_t column[4][MOST_ROWS];
    const int32_t *const columns[] = {column[0], column[1], column[2], column[3]};
    memqc_device *found = NULL;
    size_t n = 0;
    for (uint64_t cell = 0; cell < 4; cell++) {
        float state;
        check(memqc_device_cells(device, MEMQC_DEVICE_G_MIN, cell, 1, &state));
        for (int32_t i = 0; i < 512; i++, n++) {
            column[0][n] = (int32_t)cell;
            column[1][n] = i / 64;
            column[2][n] = i % 64;
            column[3][n] = i % 64 < 32 ? 1 : -1;
            check(
                memqc_device_pulse(device, cell, (uint64_t)i, 1, column[3][n], &state, NULL, NULL));
            check(memqc_device_read(device, cell, (uint64_t)i, 1, &state, &g[n]));
        }
    }
    check(memqc_device_fit(model, n, 4, columns, g, NULL, NULL, &found));
    return found;
}

static memqc_device *soft_bounds(double spread, double read_noise) {
    static const int32_t keys[] = {MEMQC_DEVICE_G_MAX,     MEMQC_DEVICE_G_MIN,
                                   MEMQC_DEVICE_STATES,    MEMQC_DEVICE_STEP,
                                   MEMQC_DEVICE_C2C_STEP,  MEMQC_DEVICE_D2D_STEP,
                                   MEMQC_DEVICE_D2D_G_MAX, MEMQC_DEVICE_READ_NOISE};
    const double values[] = {100e-6, 10e-6, 16, 6e-6, 0.3, spread, spread / 2, read_noise};
    memqc_device *device = NULL;
    check(memqc_device_create(MEMQC_DEVICE_SOFT_BOUNDS, &device));
    check(memqc_device_set_many(device, 8, keys, values));
    return device;
}

#endif
