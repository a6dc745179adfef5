/* SPDX-License-Identifier: BSD-3-Clause */
/* Products whose read noise has a memory: cells that are drawn one by one keep a part of it from
 * vector to vector, in both directions, and so do those of a reference column. */
#include "test.h"

#include <math.h>

enum { ROWS = 8, COLS = 3, READS = 2000 };

static const double slow = 5e-6, phi = 0.5;

static memqc_crossbar *noisy_array(int32_t mapping) {
    static const float w[ROWS * COLS] = {0.5f, -1, 0.25f, 1, 0, -0.5f};
    memqc_device *d;
    memqc_crossbar *xb;
    OK(memqc_device_create_preset("ideal", &d));
    OK(memqc_device_set(d, MEMQC_DEVICE_READ_NOISE_SLOW, slow));
    OK(memqc_device_set(d, MEMQC_DEVICE_READ_NOISE_CORRELATION, phi));
    OK(memqc_crossbar_create(d, ROWS, COLS, 0, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_READ_NOISE_PATH, MEMQC_CROSSBAR_NOISE_PER_CELL));
    OK(memqc_crossbar_program(xb, w, COLS));
    memqc_device_destroy(&d);
    return xb;
}

/* Variance of an output by crossbar_read.h: each cell that is driven adds (unit x slow)^2. */
static double variance(const memqc_crossbar *xb, int32_t mapping, int transposed) {
    memqc_device *d;
    double high, low, cells = transposed ? COLS : ROWS;
    OK(memqc_crossbar_get_device(xb, &d));
    OK(memqc_device_get(d, MEMQC_DEVICE_G_MAX, &high));
    OK(memqc_device_get(d, MEMQC_DEVICE_G_MIN, &low));
    memqc_device_destroy(&d);
    if (mapping == MEMQC_CROSSBAR_MAPPING_REFERENCE && !transposed)
        cells *= 2; /* those of the reference column */
    return cells * pow(2 * slow / (high - low), 2);
}

START_TEST(reads_remember) {
    static const int32_t mappings[] = {MEMQC_CROSSBAR_MAPPING_SINGLE,
                                       MEMQC_CROSSBAR_MAPPING_REFERENCE};
    static float x[READS * ROWS], y[READS * ROWS];
    for (size_t i = 0; i < READS * ROWS; i++)
        x[i] = 1;
    for (int k = 0; k < 4; k++) {
        const int transposed = k % 2;
        const size_t outs = transposed ? ROWS : COLS;
        memqc_crossbar *xb = noisy_array(mappings[k / 2]);
        OK(transposed ? memqc_crossbar_mac_transposed(xb, READS, x, COLS, y, outs)
                      : memqc_crossbar_mac(xb, READS, x, ROWS, y, outs));
        const double wanted = variance(xb, mappings[k / 2], transposed);
        for (size_t j = 0; j < outs; j++) {
            double mean = 0, square = 0, next = 0;
            for (size_t i = 0; i < READS; i++)
                mean += (double)y[i * outs + j] / READS;
            for (size_t i = 0; i < READS; i++) {
                const double off = (double)y[i * outs + j] - mean;
                square += off * off / READS;
                if (i > 0)
                    next += off * ((double)y[(i - 1) * outs + j] - mean) / READS;
            }
            /* 5 standard errors of as many readings as a memory of phi leaves of READS, and more */
            ck_assert_msg(fabs(square / wanted - 1) < 5 * sqrt(2.0 / READS * (1 + phi) / (1 - phi)),
                          "%d %zu: variance %g, not %g", k, j, square, wanted);
            ck_assert_msg(fabs(next / square - phi) < 0.1, "%d %zu: %g", k, j, next / square);
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

RUN_TESTS("slow_reads", reads_remember)
