/* SPDX-License-Identifier: BSD-3-Clause */
/* The crossbar: mapping and programming, products against double precision, updates against a plain
 * rendering of the rule. */
#include "test.h"

#include "crossbar/array/kernels.h"
#include "rng/rng.h"

#include <math.h>

enum { MOST = 300 };

static const int32_t mappings[] = {MEMQC_CROSSBAR_MAPPING_SINGLE,
                                   MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL};
static const int32_t normalizations[] = {MEMQC_CROSSBAR_NORMALIZATION_FIXED,
                                         MEMQC_CROSSBAR_NORMALIZATION_ARRAY,
                                         MEMQC_CROSSBAR_NORMALIZATION_COLUMN};

static void fill(uint64_t draw, size_t n, float *x) {
    const struct mqc_rng rng = mqc_rng_make(77, MQC_STREAM_INIT);
    mqc_rng_kernels()->normal(&rng, 0, draw, n, x);
}

static memqc_crossbar *make(const char *preset, size_t rows, size_t cols, int32_t mapping,
                            int32_t normalization) {
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create_preset(preset, &device));
    OK(memqc_crossbar_create(device, rows, cols, &xb));
    memqc_device_destroy(&device);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_NORMALIZATION, normalization));
    OK(memqc_crossbar_seed(xb, 5));
    return xb;
}

static uint64_t count(const memqc_crossbar *xb, int32_t counter) {
    uint64_t value;
    OK(memqc_crossbar_count(xb, counter, &value));
    return value;
}

/* The weights that the conductances of the planes hold, from the formulae in crossbar.h. */
static void weights_of(const memqc_crossbar *xb, size_t rows, size_t cols, const double *scale,
                       double *w) {
    static float g[2][MOST * MOST];
    const double top = 16 * MEMQC_G0, low = 0.5 * MEMQC_G0;
    size_t planes;
    OK(memqc_crossbar_shape(xb, NULL, NULL, &planes));
    for (size_t p = 0; p < planes; p++)
        OK(memqc_crossbar_get_conductances(xb, p, g[p], cols));
    for (size_t i = 0; i < rows * cols; i++)
        w[i] =
            scale[i % cols] * (planes == 1 ? ((double)g[0][i] - (top + low) / 2) / ((top - low) / 2)
                                           : ((double)g[0][i] - (double)g[1][i]) / (top - low));
}

static void scales_of(const float *w, size_t rows, size_t cols, int32_t normalization,
                      double *scale) {
    double most = 0;
    for (size_t j = 0; j < cols; j++) {
        scale[j] = 0;
        for (size_t i = 0; i < rows; i++)
            scale[j] = fmax(scale[j], fabs((double)w[i * cols + j]));
        most = fmax(most, scale[j]);
    }
    for (size_t j = 0; j < cols; j++)
        scale[j] = normalization == MEMQC_CROSSBAR_NORMALIZATION_FIXED   ? 1
                   : normalization == MEMQC_CROSSBAR_NORMALIZATION_ARRAY ? most
                                                                         : scale[j];
}

/* y = x W or x W^T to 1e-5 of the largest output, for all shapes, batches, mappings,
 * normalizations, with device noise. */
static void check_product(memqc_crossbar *xb, size_t rows, size_t cols, size_t batch,
                          const double *w, int transposed, int positive) {
    static float x[70 * MOST], y[70 * (MOST + 3)];
    const size_t in = transposed ? cols : rows, out = transposed ? rows : cols, ldx = in + 1,
                 ldy = out + 3;
    double most = 0, error = 0;
    fill(batch, batch * ldx, x);
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
        fill(1000 + s, rows * cols, w);
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
    fill(1, ROWS * COLS, w);
    fill(2, BATCH * ROWS, volts);
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

START_TEST(round_trip_within_half_a_level) {
    enum { ROWS = 23, COLS = 19, N = ROWS * COLS };
    static float w[N], back[N], nominal[N];
    double scale[COLS];
    fill(3, N, w);
    for (size_t k = 0; k < 6; k++) {
        memqc_crossbar *xb = make("ideal", ROWS, COLS, mappings[k % 2], normalizations[k / 2]);
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_get_weights(xb, back, COLS));
        OK(memqc_crossbar_get_nominal_weights(xb, nominal, COLS));
        scales_of(w, ROWS, COLS, normalizations[k / 2], scale);
        const double half = (k % 2 ? 0.5 : 1.0) / 31;
        uint64_t beyond = 0;
        for (size_t i = 0; i < N; i++) {
            const double s = scale[i % COLS], in = fmax(-s, fmin(s, (double)w[i]));
            ck_assert_double_le(fabs((double)back[i] - in), s * (half + 1e-6));
            ck_assert_double_eq_tol((double)back[i], (double)nominal[i], 1e-6 * s);
            beyond += fabs((double)w[i]) > s * (1 + half);
        }
        ck_assert_uint_eq(count(xb, MEMQC_CROSSBAR_COUNT_CLIPPED), beyond);
        ck_assert_uint_eq(count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED), (k % 2 + 1) * N);
        OK(memqc_crossbar_program(xb, nominal, COLS)); /* levels are fixed points */
        OK(memqc_crossbar_get_nominal_weights(xb, back, COLS));
        for (size_t i = 0; i < N; i++)
            ck_assert_double_eq_tol((double)back[i], (double)nominal[i], 1e-5);
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(zero_is_exact_in_a_pair) {
    static const float w[] = {0, -0.0f, 0, 1};
    float back[4];
    memqc_crossbar *xb = make("ideal", 2, 2, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
                              MEMQC_CROSSBAR_NORMALIZATION_COLUMN);
    OK(memqc_crossbar_program(xb, w, 2)); /* and a column of zeros has a scale */
    OK(memqc_crossbar_get_weights(xb, back, 2));
    ck_assert(back[0] == 0 && back[1] == 0 && back[2] == 0);
    ck_assert_double_eq_tol((double)back[3], 1, 1e-6);
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(levels_and_conductances_are_the_device_s) {
    enum { ROWS = 11, COLS = 13, N = ROWS * COLS };
    static float w[N], g[N], want[N];
    static int32_t levels[N];
    memqc_device *device;
    OK(memqc_device_create_preset("hfox-b", &device));
    OK(memqc_device_seed(device, 5));
    fill(4, N, w);
    for (size_t m = 0; m < 2; m++) {
        memqc_crossbar *xb =
            make("hfox-b", ROWS, COLS, mappings[m], MEMQC_CROSSBAR_NORMALIZATION_ARRAY);
        OK(memqc_crossbar_program(xb, w, COLS));
        for (size_t plane = 0; plane <= m; plane++) { /* the same seed, cell and draw give the same
                                                         conductance */
            OK(memqc_crossbar_get_levels(xb, plane, levels, COLS));
            OK(memqc_crossbar_get_conductances(xb, plane, g, COLS));
            OK(memqc_device_draw(device, plane * N, 0, N, levels, want, NULL));
            ck_assert_mem_eq(g, want, sizeof g);
        }
        memqc_crossbar_destroy(&xb);
    }
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(programming_a_list_touches_nothing_else) {
    enum { ROWS = 30, COLS = 50, N = ROWS * COLS, LIST = 1100 };
    static float w[N], before[2][N], after[2][N], one_by_one[N], list_w[LIST], at_once[N];
    static size_t places[LIST];
    fill(5, N, w);
    fill(6, LIST, list_w);
    for (size_t m = 0; m < 2; m++) {
        memqc_crossbar *a =
            make("hfox-a", ROWS, COLS, mappings[m], MEMQC_CROSSBAR_NORMALIZATION_COLUMN);
        memqc_crossbar *b =
            make("hfox-a", ROWS, COLS, mappings[m], MEMQC_CROSSBAR_NORMALIZATION_COLUMN);
        OK(memqc_crossbar_program(a, w, COLS));
        OK(memqc_crossbar_program(b, w, COLS));
        for (size_t p = 0; p <= m; p++)
            OK(memqc_crossbar_get_conductances(a, p, before[p], COLS));
        for (size_t i = 0; i < LIST; i++)
            places[i] = i == LIST - 1 ? places[0] : (i * 7) % N; /* one of them twice */
        OK(memqc_crossbar_program_list(a, LIST, places, list_w));
        for (size_t i = 0; i < LIST; i++)
            OK(memqc_crossbar_program_cell(b, places[i] / COLS, places[i] % COLS,
                                           (double)list_w[i]));
        for (size_t p = 0; p <= m; p++) {
            OK(memqc_crossbar_get_conductances(a, p, after[p], COLS));
            OK(memqc_crossbar_get_conductances(b, p, one_by_one, COLS));
            ck_assert_mem_eq(after[p], one_by_one, sizeof one_by_one); /* call by call or at once */
            static unsigned char named[N];
            memset(named, 0, sizeof named);
            for (size_t i = 0; i < LIST; i++)
                named[places[i]] = 1;
            for (size_t i = 0; i < N; i++)
                ck_assert((after[p][i] != before[p][i]) == named[i]);
        }
        OK(memqc_crossbar_get_weights(a, at_once, COLS)); /* and the product sees what was
                                                             programmed */
        static float x[ROWS], y[COLS];
        x[7] = 1;
        OK(memqc_crossbar_mac(a, 1, x, ROWS, y, COLS));
        for (size_t j = 0; j < COLS; j++)
            ck_assert_double_eq_tol((double)y[j], (double)at_once[7 * COLS + j], 1e-5);
        memqc_crossbar_destroy(&a);
        memqc_crossbar_destroy(&b);
    }
}
END_TEST

/* The rule in words: nearest level to (nominal + alpha dw), by trying all of them. */
static int32_t nearest_rung(double target, double scale, int single) {
    int32_t best = 0;
    double distance = INFINITY;
    for (int32_t rung = single ? 0 : -31; rung <= 31; rung++) {
        const double w = single ? scale * (1 - 2.0 * rung / 31) : scale * rung / 31;
        if (fabs(target - w) < distance) {
            distance = fabs(target - w);
            best = rung;
        }
    }
    return best;
}

START_TEST(update_is_the_rule_in_words) {
    enum { ROWS = 37, COLS = 29, N = ROWS * COLS, LD = COLS + 2 };
    static float w[N], nominal[N], after[N], dw[ROWS * LD], g[2][N], moved_g[2][N];
    static int32_t levels[2][N], moved[2][N];
    double scale[COLS];
    for (size_t k = 0; k < 6; k++) {
        const int single = k % 2 == 0;
        memqc_crossbar *xb = make("hfox-b", ROWS, COLS, mappings[k % 2], normalizations[k / 2]);
        fill(7, N, w);
        for (size_t i = 0; i < N; i++)
            w[i] *= 0.4f;
        OK(memqc_crossbar_program(xb, w, COLS));
        scales_of(w, ROWS, COLS, normalizations[k / 2], scale);
        for (uint64_t round = 0; round < 5; round++) {
            size_t changed, expected = 0;
            fill(20 + round, ROWS * LD, dw);
            OK(memqc_crossbar_get_nominal_weights(xb, nominal, COLS));
            for (size_t p = 0; p < 1 + k % 2; p++) {
                OK(memqc_crossbar_get_levels(xb, p, levels[p], COLS));
                OK(memqc_crossbar_get_conductances(xb, p, g[p], COLS));
            }
            const uint64_t programmed = count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED);
            OK(memqc_crossbar_update(xb, -0.1, dw, LD, &changed));
            OK(memqc_crossbar_get_nominal_weights(xb, after, COLS));
            uint64_t cells = 0;
            for (size_t i = 0; i < N; i++) {
                const double s = scale[i % COLS],
                             target =
                                 (double)nominal[i] - 0.1 * (double)dw[i / COLS * LD + i % COLS];
                const int32_t rung = nearest_rung(target, s, single);
                const double want = single ? s * (1 - 2.0 * rung / 31) : s * rung / 31;
                ck_assert_double_eq_tol((double)after[i], want, 1e-5 * s);
                expected += fabs((double)after[i] - (double)nominal[i]) > 1e-4 * s;
            }
            ck_assert_uint_eq(changed, expected);
            for (size_t p = 0; p < 1 + k % 2; p++) {
                OK(memqc_crossbar_get_levels(xb, p, moved[p], COLS));
                OK(memqc_crossbar_get_conductances(xb, p, moved_g[p], COLS));
                for (size_t i = 0; i < N; i++) {
                    ck_assert((levels[p][i] != moved[p][i]) ==
                              (g[p][i] != moved_g[p][i])); /* noise only where programmed */
                    cells += levels[p][i] != moved[p][i];
                }
            }
            ck_assert_uint_eq(count(xb, MEMQC_CROSSBAR_COUNT_PROGRAMMED) - programmed, cells);
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(update_does_not_depend_on_the_leading_dimension) {
    enum { ROWS = 70, COLS = 70, LD = 90, N = ROWS * COLS };
    static float w[N], tight[N], loose[ROWS * LD], a_g[N], b_g[N];
    memqc_crossbar *a = make("hfox-a", ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE,
                             MEMQC_CROSSBAR_NORMALIZATION_FIXED);
    memqc_crossbar *b = make("hfox-a", ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE,
                             MEMQC_CROSSBAR_NORMALIZATION_FIXED);
    fill(8, N, w);
    fill(9, N, tight);
    for (size_t i = 0; i < ROWS; i++)
        memcpy(loose + i * LD, tight + i * COLS, COLS * sizeof *tight);
    OK(memqc_crossbar_program(a, w, COLS));
    OK(memqc_crossbar_program(b, w, COLS));
    OK(memqc_crossbar_update(a, 0.3, tight, COLS, NULL));
    OK(memqc_crossbar_update(b, 0.3, loose, LD, NULL));
    OK(memqc_crossbar_get_conductances(a, 0, a_g, COLS));
    OK(memqc_crossbar_get_conductances(b, 0, b_g, COLS));
    ck_assert_mem_eq(a_g, b_g, sizeof a_g);
    memqc_crossbar_destroy(&a);
    memqc_crossbar_destroy(&b);
}
END_TEST

START_TEST(bad_data_changes_nothing) {
    enum { ROWS = 8, COLS = 9, N = ROWS * COLS };
    static float w[N], bad[N], before[N], after[N];
    const size_t places[] = {0, N};
    memqc_crossbar *xb = make("hfox-a", ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE,
                              MEMQC_CROSSBAR_NORMALIZATION_COLUMN);
    fill(10, N, w);
    memcpy(bad, w, sizeof w);
    bad[5 * COLS + 3] = NAN;
    FAILS(MEMQC_ERROR_STATE, "memqc_crossbar_program first",
          memqc_crossbar_get_weights(xb, before, COLS));
    FAILS(MEMQC_ERROR_DATA, "w[5, 3] = nan", memqc_crossbar_program(xb, bad, COLS));
    FAILS(MEMQC_ERROR_STATE, "memqc_crossbar_program first",
          memqc_crossbar_update(xb, 1, w, COLS, NULL));
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_get_weights(xb, before, COLS));
    FAILS(MEMQC_ERROR_DATA, "row 5", memqc_crossbar_update(xb, 1, bad, COLS, NULL));
    bad[5 * COLS + 3] = -INFINITY;
    FAILS(MEMQC_ERROR_DATA, "w[5, 3] = -inf", memqc_crossbar_program(xb, bad, COLS));
    FAILS(MEMQC_ERROR_ARGUMENT, "places[1] = 72", memqc_crossbar_program_list(xb, 2, places, w));
    FAILS(MEMQC_ERROR_DATA, "w[0] = nan", memqc_crossbar_program_cell(xb, 0, 0, (double)NAN));
    FAILS(MEMQC_ERROR_ARGUMENT, "col = 9", memqc_crossbar_program_cell(xb, 0, 9, 0));
    FAILS(MEMQC_ERROR_ARGUMENT, "alpha", memqc_crossbar_update(xb, 1e39, w, COLS, NULL));
    FAILS(MEMQC_ERROR_ARGUMENT, "ldw = 8", memqc_crossbar_program(xb, w, 8));
    FAILS(MEMQC_ERROR_ARGUMENT, "leading dimension", memqc_crossbar_mac(xb, 1, w, 7, after, 9));
    FAILS(MEMQC_ERROR_ARGUMENT, "batch = 0", memqc_crossbar_mac(xb, 0, w, 8, after, 9));
    FAILS(MEMQC_ERROR_STATE, "settled",
          memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, MEMQC_CROSSBAR_MAPPING_SINGLE));
    OK(memqc_crossbar_get_weights(xb, after, COLS));
    ck_assert_mem_eq(before, after, sizeof before);
    memqc_crossbar_destroy(&xb);
}
END_TEST

START_TEST(impossible_sizes_are_refused) {
    memqc_device *device;
    memqc_crossbar *xb;
    OK(memqc_device_create_preset("ideal", &device));
    FAILS(MEMQC_ERROR_ARGUMENT, "0 rows", memqc_crossbar_create(device, 0, 1, &xb));
    FAILS(MEMQC_ERROR_ARGUMENT, "2^30", memqc_crossbar_create(device, (size_t)1 << 20, 1025, &xb));
    FAILS(MEMQC_ERROR_ARGUMENT, "2^30", memqc_crossbar_create(device, SIZE_MAX, SIZE_MAX, &xb));
    ck_assert_ptr_null(xb);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(superposition_and_transposition) {
    enum { ROWS = 64, COLS = 48 };
    static float w[ROWS * COLS], x[3 * ROWS], y[3 * COLS], z[COLS], zt[ROWS];
    memqc_crossbar *xb = make("hfox-b", ROWS, COLS, MEMQC_CROSSBAR_MAPPING_SINGLE,
                              MEMQC_CROSSBAR_NORMALIZATION_COLUMN);
    fill(11, ROWS * COLS, w);
    fill(12, 2 * ROWS, x);
    fill(13, COLS, z);
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

START_TEST(kernels_are_equal_on_every_instruction_set) {
    enum { N = 1003 };
    const struct mqc_crossbar_kernels *const all[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_crossbar_kernels);
    const struct mqc_ladder ladder = {0, 31, 15.5f};
    static float w[N], slope[N], p[2][N], next[2][N];
    static uint64_t changed[2][(N + 63) / 64];
    fill(14, N, w);
    for (size_t i = 0; i < N; i++)
        slope[i] = -15.5f + (float)i * 0.01f;
    for (size_t t = 1; t <= (size_t)mqc_isa(); t++) {
        for (int by_column = 0; by_column < 2; by_column++) {
            for (size_t k = 0; k < 2; k++) {
                const struct mqc_crossbar_kernels *kernels = all[k ? t : 0];
                ck_assert_uint_eq(kernels->climb(&ladder, N, w, slope, by_column, p[k]),
                                  all[0]->climb(&ladder, N, w, slope, by_column, p[k]));
                ck_assert_int_eq(
                    kernels->move(&ladder, N, p[k], 0.3f, w, slope, by_column, next[k], changed[k]),
                    0);
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
          round_trip_within_half_a_level, zero_is_exact_in_a_pair,
          levels_and_conductances_are_the_device_s, programming_a_list_touches_nothing_else,
          update_is_the_rule_in_words, update_does_not_depend_on_the_leading_dimension,
          bad_data_changes_nothing, impossible_sizes_are_refused, superposition_and_transposition,
          kernels_are_equal_on_every_instruction_set)
