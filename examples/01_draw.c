/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs 10 000 cells of the paper's sample A to a few levels and compares their conductances
 * with the closed form.
 * cc 01_draw.c $(pkg-config --cflags --libs memqc) -lm */
#include <memqc/memqc.h>

#include <math.h>
#include <stdio.h>

enum { CELLS = 10000, LEVELS = 5 };

static const int32_t levels[LEVELS] = {1, 5, 16, 29, 32};

static memqc_status compare(const memqc_device *device) {
    static float g[CELLS * LEVELS];
    memqc_status status = memqc_device_draw_levels(device, 0, 0, CELLS, LEVELS, levels, g, LEVELS);
    printf("           closed form (G0)         drawn (G0)\n");
    printf("level  nominal    mean      sd    mean      sd\n");
    for (size_t j = 0; j < LEVELS && status == MEMQC_OK; j++) {
        double nominal = 0.0, mean = 0.0, sd = 0.0, sum = 0.0, squares = 0.0;
        status = memqc_device_level(device, levels[j], &nominal, &mean, &sd);
        for (size_t i = 0; i < CELLS; i++) {
            double off = g[i * LEVELS + j] - mean;
            sum += off;
            squares += off * off;
        }
        printf("%5d  %7.2f  %6.3f  %6.3f  %6.3f  %6.3f\n", (int)levels[j], nominal / MEMQC_G0,
               mean / MEMQC_G0, sd / MEMQC_G0, (mean + sum / CELLS) / MEMQC_G0,
               sqrt((squares - sum * sum / CELLS) / (CELLS - 1)) / MEMQC_G0);
    }
    return status;
}

int main(void) {
    memqc_device *device = NULL;
    memqc_status status = memqc_device_create_preset("hfox-a", &device);
    if (status == MEMQC_OK) {
        status = memqc_device_set_seed(device, 2020);
    }
    if (status == MEMQC_OK) {
        status = compare(device);
    }
    if (status != MEMQC_OK) {
        fprintf(stderr, "01_draw: %s\n", memqc_last_error());
    }
    memqc_device_destroy(&device);
    if (fflush(stdout) != 0) {
        perror("01_draw: standard output cannot be written");
        return 1;
    }
    return status == MEMQC_OK ? 0 : 1;
}
