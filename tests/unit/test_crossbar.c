/* SPDX-License-Identifier: BSD-3-Clause */
/* The crossbar: products against double precision, and what is refused. */
#include "crossbar.h"

#include "crossbar/array/kernels.h"

enum { MOST = 300 };

/* The weights that the conductances of the planes hold, from the formulae in crossbar.h. */
static void weights_of(const memqc_crossbar *xb, size_t rows, size_t cols, const double *scale,
                       double *w) {
    static float g[2][MOST * MOST];
    const double top = 16 * MEMQC_G0, low = 0.5 * MEMQC_G0;
    size_t planes;
    OK(memqc_crossbar_get_shape(xb, NULL, NULL, &planes));
    for (size_t p = 0; p < planes; p++)
        OK(memqc_crossbar_get_conductances(xb, p, g[p], cols));
    for (size_t i = 0; i < rows * cols; i++)
        w[i] =
            scale[i % cols] * (planes == 1 ? ((double)g[0][i] - (top + low) / 2) / ((top - low) / 2)
                                           : ((double)g[0][i] - (double)g[1][i]) / (top - low));
}

/* y = x W or x W^T to 1e-5 of the largest output, for all shapes, batches, mappings,
 * normalizations, with device noise. */
static void check_product(memqc_crossbar *xb, size_t rows, size_t cols, size_t batch,
                          const double *w, int transposed, int positive) {
    static float x[70 * MOST], y[70 * (MOST + 3)];
    const size_t in = transposed ? cols : rows, out = transposed ? rows : cols, ldx = in + 1,
                 ldy = out + 3;
    double most = 0, error = 0;
    normals(77, batch, batch * ldx, x);
    for (size_t i = 0; positive && i < batch * ldx; i++)
        x[i] = x[i] > 0;
    if (transposed)
        OK(memqc_crossbar_mac_transposed(xb, batch, x, ldx, y, ldy));
    else
        OK(memqc_crossbar_mac(xb, batch, x, ldx, y, ldy));
    for (size_t b = 0; b < batch; b++) {
        for (size_t o = 0; o < out; o++) {
            double sum = 0;
            for (size_t i = 0; i < in; i++)
                sum += (double)x[b * ldx + i] * (transposed ? w[o * cols + i] : w[i * cols + o]);
            most = fmax(most, fabs(sum));
            error = fmax(error, fabs(sum - (double)y[b * ldy + o]));
        }
    }
    ck_assert_double_le(error, 1e-5 * most);
}

START_TEST(products_equal_double_precision) {
    static const size_t shapes[][3] = {{1, 1, 1},    {1, 7, 3},     {9, 1, 2},    {5, 4, 1},
                                       {16, 16, 10}, {300, 16, 10}, {33, 65, 70}, {128, 257, 8},
                                       {257, 10, 1}, {300, 300, 5}};
    static float w[MOST * MOST];
    static double held[MOST * MOST], scale[MOST];
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        const size_t rows = shapes[s][0], cols = shapes[s][1];
        normals(77, 1000 + s, rows * cols, w);
        for (size_t k = 0; k < 6; k++) {
            memqc_crossbar *xb = make("hfox-a", rows, cols, mappings[k % 2], normalizations[k / 2]);
            OK(memqc_crossbar_program(xb, w, cols));
            scales_of(w, rows, cols, normalizations[k / 2], scale);
            weights_of(xb, rows, cols, scale, held);
            for (int way = 0; way < 4; way++)
                check_product(xb, rows, cols, shapes[s][2], held, way % 2, way / 2);
            memqc_crossbar_destroy(&xb);
        }
    }
}
END_TEST

START_TEST(currents_are_ohms_law) {
    enum { ROWS = 40, COLS = 37, BATCH = 6 };
    static float w[ROWS * COLS], g[ROWS * COLS], volts[BATCH * ROWS], amps[BATCH * COLS];
    memqc_crossbar *xb = make("hfox-b", ROWS, COLS, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
                              MEMQC_CROSSBAR_NORMALIZATION_ARRAY);
    normals(77, 1, ROWS * COLS, w);
    normals(77, 2, BATCH * ROWS, volts);
    OK(memqc_crossbar_program(xb, w, COLS));
    for (size_t plane = 0; plane < 2; plane++) {
        OK(memqc_crossbar_get_conductances(xb, plane, g, COLS));
        OK(memqc_crossbar_currents(xb, plane, BATCH, volts, ROWS, amps, COLS));
        for (size_t b = 0; b < BATCH; b++) {
            for (size_t j = 0; j < COLS; j++) {
                double sum = 0;
                for (size_t i = 0; i < ROWS; i++)
                    sum += (double)volts[b * ROWS + i] * (double)g[i * COLS + j];
                ck_assert_double_eq_tol((double)amps[b * COLS + j], sum, 1e-5 * 6 * 16 * MEMQC_G0);
            }
        }
    }
    FAILS(MEMQC_ERROR_ARGUMENT, "plane = 2",
          memqc_crossbar_currents(xb, 2, BATCH, volts, ROWS, amps, COLS));
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(impossible_sizes_are_refused) {
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create_preset("ideal", &device));
    FAILS(MEMQC_ERROR_ARGUMENT, "0 rows", memqc_crossbar_create(device, 0, 1, 0, &xb));
    FAILS(MEMQC_ERROR_ARGUMENT, "2^30",
          memqc_crossbar_create(device, (size_t)1 << 20, 1025, 0, &xb));
    FAILS(MEMQC_ERROR_ARGUMENT, "2^30", memqc_crossbar_create(device, SIZE_MAX, SIZE_MAX, 0, &xb));
    ck_assert_ptr_null(xb);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(superposition_and_transposition) {
    enum { ROWS = 64, COLS = 48 };
    static float w[ROWS * COLS], x[3 * ROWS], y[3 * COLS], z[COLS], zt[ROWS];
    memqc_crossbar *xb = make("hfox-b", ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE,
                              MEMQC_CROSSBAR_NORMALIZATION_COLUMN);
    normals(77, 11, ROWS * COLS, w);
    normals(77, 12, 2 * ROWS, x);
    normals(77, 13, COLS, z);
    for (size_t i = 0; i < ROWS; i++)
        x[2 * ROWS + i] = 2 * x[i] - x[ROWS + i];
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_mac(xb, 3, x, ROWS, y, COLS));
    double forward = 0, backward = 0, most = 0;
    for (size_t j = 0; j < COLS; j++) {
        most = fmax(most, fabs((double)y[2 * COLS + j]));
        ck_assert_double_eq_tol((double)y[2 * COLS + j], 2 * (double)y[j] - (double)y[COLS + j],
                                1e-3);
        forward += (double)y[j] * (double)z[j];
    }
    OK(memqc_crossbar_mac_transposed(xb, 1, z, COLS, zt, ROWS));
    for (size_t i = 0; i < ROWS; i++)
        backward += (double)zt[i] * (double)x[i];
    ck_assert_double_eq_tol(forward, backward, 1e-3 * most); /* (x W) z = x (W z) */
    memqc_crossbar_destroy(&xb);
}
END_TEST

enum { N = 1003 };

/* Weights move alike whether positions, levels or pairs of levels tell where they stand. */
static void move_all_ways(const struct mqc_crossbar_kernels *kernels,
                          const struct mqc_ladder *ladder, const float *p, const float *w,
                          const float *slope, int by_column, float *next, uint64_t *changed) {
    static uint16_t level[N], up[N], down[N];
    static float again[N], back[N], kept[N];
    static uint64_t bits[(N + 63) / 64];
    const struct mqc_standing ways[] = {{p, NULL, NULL}, {NULL, level, NULL}, {NULL, up, down}};
    for (size_t i = 0; i < N; i++)
        kept[i] = p[i] + 1;
    kernels->keep_levels(N, kept, level);
    for (size_t i = 0; i < N; i++) {
        up[i] = (uint16_t)(1 + i % 100);
        down[i] = (uint16_t)(up[i] + level[i] - 1);
    }
    kernels->from_levels(N, level, back);
    ck_assert_mem_eq(back, kept, sizeof back);
    for (size_t way = 0; way < COUNT(ways); way++) {
        ck_assert_int_eq(kernels->move(ladder, N, &ways[way], 0.3f, w, slope, by_column,
                                       way ? again : next, way ? bits : changed),
                         0);
        ck_assert(way == 0 || memcmp(again, next, sizeof again) == 0);
        ck_assert(way == 0 || memcmp(bits, changed, sizeof bits) == 0);
    }
}

START_TEST(kernels_are_equal_on_every_instruction_set) {
    const struct mqc_crossbar_kernels *const all[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_crossbar_kernels);
    const struct mqc_ladder ladder = {.lo = 0, .hi = 31, .offset = 15.5f};
    static float w[N], slope[N], p[2][N], next[2][N];
    static uint64_t changed[2][(N + 63) / 64];
    normals(77, 14, N, w);
    for (size_t i = 0; i < N; i++)
        slope[i] = -15.5f + (float)i * 0.01f;
    for (size_t t = 1; t <= (size_t)mqc_isa(); t++) {
        for (int by_column = 0; by_column < 2; by_column++) {
            for (size_t k = 0; k < 2; k++) {
                const struct mqc_crossbar_kernels *kernels = all[k ? t : 0];
                ck_assert_uint_eq(kernels->climb(&ladder, N, w, slope, by_column, p[k]),
                                  all[0]->climb(&ladder, N, w, slope, by_column, p[k]));
                move_all_ways(kernels, &ladder, p[k], w, slope, by_column, next[k], changed[k]);
                ck_assert_uint_eq(kernels->max_bits(N, w), all[0]->max_bits(N, w));
            }
            ck_assert_mem_eq(p[0], p[1], sizeof *p);
            ck_assert_mem_eq(next[0], next[1], sizeof *next);
            ck_assert_mem_eq(changed[0], changed[1], sizeof *changed);
            all[0]->digits(N, p[0], 3, 7, 2, 32, next[0]);
            all[t]->digits(N, p[0], 3, 7, 2, 32, next[1]);
            ck_assert_mem_eq(next[0], next[1], sizeof *next);
        }
    }
}
END_TEST

RUN_TESTS("crossbar", products_equal_double_precision, currents_are_ohms_law,
          impossible_sizes_are_refused, superposition_and_transposition,
          kernels_are_equal_on_every_instruction_set)
