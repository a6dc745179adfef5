/* SPDX-License-Identifier: BSD-3-Clause */
/* The product that examples/integration/ffi.lua makes, made in C. Nine digits name a float. */
#include <memqc/memqc.h>

#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 3, COLS = 2, BATCH = 2 };

static void try(memqc_status status) {
    if (status != MEMQC_OK) {
        fprintf(stderr, "product: %s\n", memqc_last_error());
        exit(1);
    }
}

int main(void) {
    static const float w[ROWS * COLS] = {0.5F, -0.25F, 1, 0, -1, 0.75F};
    static const float x[BATCH * ROWS] = {1, 0, 1, 0.5F, 0.25F, 0};
    float y[BATCH * COLS];
    memqc_device *device = NULL;
    memqc_crossbar *crossbar = NULL;
    try(memqc_device_create_preset("hfox-a", &device));
    try(memqc_device_set(device, MEMQC_DEVICE_STATES, 64));
    try(memqc_crossbar_create(device, ROWS, COLS, 1, &crossbar));
    try(memqc_crossbar_set(crossbar, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    try(memqc_crossbar_program(crossbar, w, COLS));
    try(memqc_crossbar_mac(crossbar, BATCH, x, ROWS, y, COLS));
    for (int i = 0; i < BATCH * COLS; i++)
        printf("%.9g\n", (double)y[i]);
    memqc_crossbar_destroy(&crossbar);
    memqc_device_destroy(&device);
    return 0;
}
