/* SPDX-License-Identifier: BSD-3-Clause */
/* The example files, drawn from devices of known parameters. examples/data holds the output. */
#include "fit.h"

#include <stdio.h>
#include <string.h>

enum { CYCLES = 12, LEVELS = 32, DEVICES = 8, ROUNDS = 4, TRAIN = 32 };

static memqc_status staircases(void) {
    float g[CYCLES * LEVELS];
    memqc_device *device = NULL;
    memqc_status status = memqc_device_create_preset("hfox-a", &device);
    if (status == MEMQC_OK)
        status = memqc_device_set_seed(device, 1);
    if (status == MEMQC_OK)
        status = memqc_device_staircase(device, 0, 0, CYCLES, g, LEVELS, NULL);
    memqc_device_destroy(&device);
    if (status != MEMQC_OK)
        return status;
    printf("# Drawn from sample A of the paper: 32 levels, 16 to 0.5 G0, sigma 1 G0, k 0.03\n");
    printf("cycle,pulse,conductance [G0]\n");
    for (int i = 0; i < CYCLES * LEVELS; i++)
        printf("%d,%d,%.5f\n", i / LEVELS + 1, i % LEVELS + 1, (double)g[i] / MEMQC_G0);
    return status;
}

static memqc_status soft_bounds(memqc_device **device) {
    static const struct {
        int32_t key;
        double value;
    } set[] = {{MEMQC_DEVICE_G_MAX, 100e-6},  {MEMQC_DEVICE_G_MIN, 10e-6},
               {MEMQC_DEVICE_STATES, 16},     {MEMQC_DEVICE_STEP, 6e-6},
               {MEMQC_DEVICE_C2C_STEP, 0.3},  {MEMQC_DEVICE_ASYMMETRY, -0.1},
               {MEMQC_DEVICE_D2D_G_MAX, 0.1}, {MEMQC_DEVICE_D2D_G_MIN, 0.2},
               {MEMQC_DEVICE_D2D_STEP, 0.2},  {MEMQC_DEVICE_D2D_NOISE, 0.2}};
    memqc_status status = memqc_device_create(MEMQC_DEVICE_SOFT_BOUNDS, device);
    for (size_t i = 0; i < sizeof set / sizeof *set && status == MEMQC_OK; i++)
        status = memqc_device_set(*device, set[i].key, set[i].value);
    return status == MEMQC_OK ? memqc_device_set_seed(*device, 2021) : status;
}

static memqc_status trains(void) {
    memqc_device *device = NULL;
    memqc_status status = soft_bounds(&device);
    printf("# Drawn from 8 cells on soft bounds: 10 to 100 uS, step 6 uS, asymmetry -0.1, noise "
           "0.3 of the step;\n");
    printf("# spread of the cells: 0.1 (upper bound), 0.2 (lower bound, step, noise)\n");
    printf("device;cycle;pulse;direction;conductance (\xc2\xb5S)\n");
    for (uint64_t cell = 0; cell < DEVICES && status == MEMQC_OK; cell++) {
        float state = 10e-6F;
        for (uint64_t draw = 0; draw < ROUNDS * 2 * TRAIN && status == MEMQC_OK; draw++) {
            const int pulse = (int)(draw % (2 * TRAIN));
            status = memqc_device_pulse(device, cell, draw, 1, pulse < TRAIN ? 1 : -1, &state, NULL,
                                        NULL);
            char text[32];
            snprintf(text, sizeof text, "%.4f", 1e6 * (double)state);
            text[strcspn(text, ".")] = ',';
            printf("%d;%d;%d;%s;%s\n", (int)cell + 1, (int)draw / (2 * TRAIN) + 1, pulse + 1,
                   pulse < TRAIN ? "potentiation" : "depression", text);
        }
    }
    memqc_device_destroy(&device);
    return status;
}

int fit_generate(const char *name) {
    const int first = strcmp(name, "hfox-a") == 0;
    if (!first && strcmp(name, "soft-bounds") != 0) {
        fprintf(stderr, "fit: --generate %s: allowed are hfox-a and soft-bounds\n", name);
        return -1;
    }
    if ((first ? staircases() : trains()) != MEMQC_OK) {
        fprintf(stderr, "fit: %s\n", memqc_last_error());
        return -1;
    }
    return 0;
}
