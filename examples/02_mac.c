/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs a 4 x 3 crossbar of sample A and multiplies a vector with it: what was wanted, what the
 * rounding to 32 levels leaves of it, and what the noisy conductances give.
 * cc 02_mac.c $(pkg-config --cflags --libs memqc) */
#include <memqc/memqc.h>

#include <stdio.h>

enum { ROWS = 4, COLS = 3 };

static const float weights[ROWS * COLS] = {
    0.90F,  -0.35F, 0.10F, //
    -0.60F, 0.20F,  0.75F, //
    0.05F,  -1.00F, 0.40F, //
    0.30F,  0.56F,  -0.80F,
};
static const float inputs[ROWS] = {1.0F, 0.5F, -1.0F, 0.25F};

static double product(const float *w, size_t col) {
    double sum = 0.0;
    for (size_t row = 0; row < ROWS; row++) {
        sum += (double)inputs[row] * (double)w[row * COLS + col];
    }
    return sum;
}

static memqc_status multiply(memqc_crossbar *crossbar) {
    float nominal[ROWS * COLS], outputs[COLS];
    memqc_status status = memqc_crossbar_program(crossbar, weights, COLS);
    if (status == MEMQC_OK) {
        status = memqc_crossbar_get_nominal_weights(crossbar, nominal, COLS);
    }
    if (status == MEMQC_OK) {
        status = memqc_crossbar_mac(crossbar, 1, inputs, ROWS, outputs, COLS);
    }
    if (status == MEMQC_OK) {
        printf("output   wanted   levels  crossbar\n");
        for (size_t col = 0; col < COLS; col++) {
            printf("%6zu  %7.3f  %7.3f  %8.3f\n", col, product(weights, col), product(nominal, col),
                   (double)outputs[col]);
        }
    }
    return status;
}

int main(void) {
    memqc_device *device = NULL;
    memqc_crossbar *crossbar = NULL;
    memqc_status status = memqc_device_create_preset("hfox-a", &device);
    if (status == MEMQC_OK) {
        status = memqc_crossbar_create(device, ROWS, COLS, 0, &crossbar);
    }
    if (status == MEMQC_OK) {
        status = multiply(crossbar);
    }
    if (status != MEMQC_OK) {
        fprintf(stderr, "02_mac: %s\n", memqc_last_error());
    }
    memqc_crossbar_destroy(&crossbar);
    memqc_device_destroy(&device);
    if (fflush(stdout) != 0) {
        perror("02_mac: standard output cannot be written");
        return 1;
    }
    return status == MEMQC_OK ? 0 : 1;
}
