/* SPDX-License-Identifier: BSD-3-Clause */
/* Matrices larger than an array: digital sums of tiles with ADCs of their own. */
#include "converters.h"

enum { ROWS = 70, COLS = 45, BATCH = 5 };

static const double sizes[] = {1, 16, 35, 69, 70, 1000};

/* With ideal ADCs a split changes nothing, to the bit. */
START_TEST(ideal_converters_see_no_tiles) {
    static float x[BATCH * ROWS], y[2][BATCH * ROWS];
    normals(99, 400, BATCH * ROWS, x);
    for (size_t k = 0; k < 4 * sizeof sizes / sizeof *sizes; k++) {
        memqc_crossbar *xb[2];
        for (int tiled = 0; tiled < 2; tiled++) {
            xb[tiled] =
                make_array(ROWS, COLS, k & 2 ? XB(MAPPING_DIFFERENTIAL) : XB(MAPPING_SINGLE),
                           XB(NORMALIZATION_COLUMN));
            OK(memqc_crossbar_set(xb[tiled], XB(DAC_BITS), 6));
            OK(memqc_crossbar_set(xb[tiled], XB(READ_NOISE_RELATIVE), 0.02));
            OK(memqc_crossbar_set(xb[tiled], XB(TILE_ROWS), tiled ? sizes[k >> 2] : 0));
            OK(memqc_crossbar_set(xb[tiled], XB(TILE_COLS), tiled ? sizes[k >> 2] : 0));
            memset(y[tiled], 0, sizeof *y);
            product(xb[tiled], k & 1, BATCH, x, ROWS, y[tiled], ROWS);
            memqc_crossbar_destroy(&xb[tiled]);
        }
        ck_assert_mem_eq(y[0], y[1], sizeof *y);
    }
}
END_TEST

/* With real ones a product is the sum of those of the parts, each an array of its own with the same
 * cells. */
START_TEST(a_product_is_the_sum_of_its_tiles) {
    static float x[BATCH * MOST_IN], y[BATCH * MOST_IN];
    static struct expected e;
    for (size_t k = 0; k < 8 * sizeof sizes / sizeof *sizes; k++) {
        const int transposed = k & 1;
        memqc_crossbar *xb =
            make_array(ROWS, COLS, k & 2 ? XB(MAPPING_DIFFERENTIAL) : XB(MAPPING_SINGLE),
                       XB(NORMALIZATION_FIXED));
        const double size =
            sizes[k >> 3] < 16 ? 17 : sizes[k >> 3]; /* the rendering has room for MOST_TILES */
        OK(memqc_crossbar_set(xb, XB(ADC_BITS), 8));
        OK(memqc_crossbar_set(xb, XB(ADC_FRACTION), 0.3));
        OK(memqc_crossbar_set(xb, XB(ADC_SENSES),
                              k & 4 ? XB(SENSES_CURRENT) : XB(SENSES_DIFFERENCE)));
        OK(memqc_crossbar_set(xb, transposed ? XB(TILE_COLS) : XB(TILE_ROWS), size));
        expect_array(xb, transposed, &e);
        normals(99, 410 + k, BATCH * e.in, x);
        product(xb, transposed, BATCH, x, e.in, y, e.out);
        for (size_t b = 0; b < BATCH; b++) {
            expect_product(xb, &e, x + b * e.in);
            for (size_t j = 0; j < e.out; j++)
                ck_assert_double_eq_tol((double)y[b * e.out + j], e.y[j],
                                        1e-3 + 1.001 * e.slack[j]);
        }
        const size_t tiles = ((size_t)size < e.in ? (e.in + (size_t)size - 1) / (size_t)size : 1);
        const uint64_t sources = k & 4 ? e.planes : 1;
        ck_assert_uint_eq(count_of(xb, XB(COUNT_ADC)), BATCH * e.out * tiles * sources);
        ck_assert_uint_le(e.ties, e.conversions / 20);
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

/* The noise of a cell is its own wherever the array is cut: fine ADCs tell the cuts apart by a
 * step, no more. */
START_TEST(cells_keep_their_noise_in_tiles) {
    static float x[BATCH * ROWS], y[2][BATCH * ROWS];
    normals(99, 420, BATCH * ROWS, x);
    for (int k = 0; k < 4; k++) {
        double step = 0;
        for (int tiled = 0; tiled < 2; tiled++) {
            memqc_crossbar *xb =
                make_array(ROWS, COLS, k & 2 ? XB(MAPPING_DIFFERENTIAL) : XB(MAPPING_REFERENCE),
                           XB(NORMALIZATION_FIXED));
            OK(memqc_crossbar_set(xb, XB(READ_NOISE_RELATIVE), 0.2));
            OK(memqc_crossbar_set(xb, XB(READ_NOISE_PATH), XB(NOISE_PER_CELL)));
            OK(memqc_crossbar_set(xb, XB(ADC_BITS), 16));
            OK(memqc_crossbar_set(xb, XB(ADC_RANGE), XB(RANGE_AMPERES)));
            OK(memqc_crossbar_set(xb, XB(ADC_CURRENT), 0.02));
            if (tiled) {
                OK(memqc_crossbar_set(xb, XB(TILE_ROWS), 16));
                OK(memqc_crossbar_set(xb, XB(TILE_COLS), 16));
            }
            memset(y[tiled], 0, sizeof *y);
            product(xb, k & 1, BATCH, x, ROWS, y[tiled], ROWS);
            ck_assert_uint_eq(count_of(xb, XB(COUNT_SATURATED)), 0);
            step = 0.02 / 32767 / 0.1 * (k & 2 ? 1 : 2) / (15.5 * MEMQC_G0);
            memqc_crossbar_destroy(&xb);
        }
        for (size_t i = 0; i < BATCH * ROWS; i++) /* six conversions in all, each off by half a step
                                                     */
            ck_assert_double_eq_tol((double)y[0][i], (double)y[1][i], 3.5 * step + 1e-5);
        ck_assert(memcmp(y[0], y[1], sizeof *y) != 0);
    }
}
END_TEST

RUN_TESTS("tiles", ideal_converters_see_no_tiles, a_product_is_the_sum_of_its_tiles,
          cells_keep_their_noise_in_tiles)
