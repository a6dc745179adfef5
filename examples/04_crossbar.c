/* SPDX-License-Identifier: BSD-3-Clause */
/* The same product through more and more of an array: noisy cells, programmed blindly and with
 * verification; converters of 8 bits; wires of 0.1 ohm a segment; 2 % read noise.
 * cc 04_crossbar.c $(pkg-config --cflags --libs memqc) -lm */
#include <memqc/memqc.h>

#include <math.h>
#include <stdio.h>

enum { ROWS = 64, COLS = 32, VECTORS = 50 };

static float w[ROWS * COLS], x[VECTORS * ROWS], y[VECTORS * COLS];

/* Weights and inputs of no importance, -1 .. 1. */
static void make(size_t n, double step, float *to) {
    for (size_t i = 0; i < n; i++) {
        to[i] = (float)sin(step * (double)(i + 1) * (double)(i % 97 + 1));
    }
}

/* Root of the mean square of what is wrong with y, in % of that of x W. */
static double error_of(void) {
    double wrong = 0, all = 0;
    for (size_t v = 0; v < VECTORS; v++) {
        for (size_t j = 0; j < COLS; j++) {
            double sum = 0;
            for (size_t i = 0; i < ROWS; i++) {
                sum += (double)x[v * ROWS + i] * (double)w[i * COLS + j];
            }
            wrong += (sum - (double)y[v * COLS + j]) * (sum - (double)y[v * COLS + j]);
            all += sum * sum;
        }
    }
    return 100 * sqrt(wrong / all);
}

static memqc_status line(const char *what, memqc_crossbar *crossbar) {
    const memqc_status status = memqc_crossbar_mac(crossbar, VECTORS, x, ROWS, y, COLS);
    if (status == MEMQC_OK) {
        printf("%-40s %5.1f %%\n", what, error_of());
    }
    return status;
}

static memqc_status set_converters(memqc_crossbar *crossbar) {
    static const int32_t keys[] = {MEMQC_CROSSBAR_DAC_BITS, MEMQC_CROSSBAR_ADC_BITS,
                                   MEMQC_CROSSBAR_ADC_RANGE};
    static const double values[] = {8, 8, MEMQC_CROSSBAR_RANGE_PER_COLUMN};
    return memqc_crossbar_set_many(crossbar, 3, keys, values);
}

static memqc_status set_wires(memqc_crossbar *crossbar, double ohm) {
    static const int32_t keys[] = {MEMQC_CROSSBAR_WORD_RESISTANCE, MEMQC_CROSSBAR_BIT_RESISTANCE};
    const double values[] = {ohm, ohm};
    return memqc_crossbar_set_many(crossbar, 2, keys, values);
}

#define TRY(call)                      \
    do {                               \
        memqc_status status_ = (call); \
        if (status_ != MEMQC_OK)       \
            return status_;            \
    } while (0)

static memqc_status run(memqc_crossbar *xb) {
    double pulses = 0, energy = 0;
    TRY(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL));
    TRY(memqc_crossbar_program(xb, w, COLS));
    TRY(line("programmed blindly", xb));
    TRY(memqc_crossbar_set(xb, MEMQC_CROSSBAR_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY));
    TRY(memqc_crossbar_program(xb, w, COLS));
    TRY(line("with verification", xb));
    TRY(memqc_crossbar_get_report(xb, MEMQC_CROSSBAR_REPORT_RESET, &pulses));
    TRY(set_converters(xb));
    TRY(memqc_crossbar_calibrate(xb, VECTORS, x, ROWS, 100));
    TRY(line("and converters of 8 bits", xb));
    TRY(set_wires(xb, 0.1));
    TRY(memqc_crossbar_calibrate(xb, VECTORS, x, ROWS, 100));
    TRY(line("and wires of 0.1 ohm a segment", xb));
    TRY(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_RELATIVE, 0.02));
    TRY(line("and read noise of 2 %", xb));
    TRY(memqc_crossbar_get_cost(xb, MEMQC_CROSSBAR_COST_READ_ADC, &energy));
    printf("verification took %.0f thousand pulses, the ADCs %.1f nJ\n", pulses / 1000,
           energy * 1e9);
    return MEMQC_OK;
}

int main(void) {
    memqc_device *device = NULL;
    memqc_crossbar *crossbar = NULL;
    make(ROWS * COLS, 0.37, w);
    make(VECTORS * ROWS, 0.73, x);
    const int failed = memqc_device_create_preset("hfox-a", &device) != MEMQC_OK ||
                       memqc_crossbar_create(device, ROWS, COLS, 0, &crossbar) != MEMQC_OK ||
                       memqc_crossbar_set_seed(crossbar, 1) != MEMQC_OK ||
                       run(crossbar) != MEMQC_OK;
    if (failed) {
        fprintf(stderr, "04_crossbar: %s\n", memqc_last_error());
    }
    memqc_crossbar_destroy(&crossbar);
    memqc_device_destroy(&device);
    if (fflush(stdout) != 0) {
        perror("04_crossbar: standard output cannot be written");
        return 1;
    }
    return failed;
}
