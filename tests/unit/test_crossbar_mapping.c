/* SPDX-License-Identifier: BSD-3-Clause */
/* Mappings: weights to conductances and back, for all of them, with slices; the formulae of
 * crossbar.h in double precision. */
#include "crossbar/array/array.h"
#include "normals.h"
#include "test.h"

#include "rng/rng.h"

#include <math.h>

enum { ROWS = 29, COLS = 17, N = ROWS * COLS };

static const int32_t mappings[] = {
    MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL,
    MEMQC_CROSSBAR_MAPPING_REFERENCE, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED};
static const int32_t normalizations[] = {MEMQC_CROSSBAR_NORMALIZATION_FIXED,
                                         MEMQC_CROSSBAR_NORMALIZATION_ARRAY,
                                         MEMQC_CROSSBAR_NORMALIZATION_COLUMN};
/* Slices and bases, of 32 levels; base 0 is 32. */
static const int ways[][2] = {{1, 0}, {2, 0},  {3, 32}, {4, 0}, {8, 2},
                              {8, 4}, {5, 16}, {4, 3},  {2, 7}};
enum { WAYS = sizeof ways / sizeof *ways };

static memqc_crossbar *make(const memqc_device *device, int32_t mapping, int32_t normalization,
                            const int *way) {
    memqc_crossbar *xb;
    OK(memqc_crossbar_create(device, ROWS, COLS, 0, &xb));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_MAPPING, mapping));
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_NORMALIZATION, normalization));
    const int32_t keys[] = {MEMQC_CROSSBAR_SLICES, MEMQC_CROSSBAR_SLICE_BASE};
    const double values[] = {way[0], way[1]};
    OK(memqc_crossbar_set_many(xb, way[0] > 1 ? 2 : 1, keys, values));
    OK(memqc_crossbar_set_seed(xb, 6));
    return xb;
}

/* Largest number that a side holds, and the conductance of a step of it on the scale of the most
 * significant slice. */
static double last_of(const int *way) {
    return pow(way[1] ? way[1] : 32, way[0]) - 1;
}

static void scales_of(const float *w, int32_t normalization, double *scale) {
    double most = 0;
    for (size_t j = 0; j < COLS; j++) {
        scale[j] = 0;
        for (size_t i = 0; i < ROWS; i++)
            scale[j] = fmax(scale[j], fabs((double)w[i * COLS + j]));
        most = fmax(most, scale[j]);
    }
    for (size_t j = 0; j < COLS; j++)
        scale[j] = normalization == MEMQC_CROSSBAR_NORMALIZATION_FIXED   ? 1
                   : normalization == MEMQC_CROSSBAR_NORMALIZATION_ARRAY ? most
                                                                         : scale[j];
}

/* Weight -> conductance -> weight within half a level, and 0 exact where there is a 0. */
static void check_round_trip(const memqc_device *device, size_t m, size_t z, const int *way) {
    static float w[N], back[N], nominal[N], again[N];
    double scale[COLS];
    normals(79, 1, N, w);
    w[3] = 0;
    w[40] = -0.0f;
    memqc_crossbar *xb = make(device, mappings[m], normalizations[z], way);
    OK(memqc_crossbar_program(xb, w, COLS));
    OK(memqc_crossbar_get_weights(xb, back, COLS));
    OK(memqc_crossbar_get_nominal_weights(xb, nominal, COLS));
    scales_of(w, normalizations[z], scale);
    const double
        level = (m % 2 ? 1 : 2) / last_of(way),
        slack = 6e-7; /* five roundings of 2^-23: weight to rung, and G+, G-, their sum, back */
    for (size_t i = 0; i < N; i++) {
        const double s = scale[i % COLS], in = fmax(-s, fmin(s, (double)w[i]));
        ck_assert_double_le(fabs((double)back[i] - in), s * (0.5 * level + slack));
        ck_assert_double_le(fabs((double)nominal[i] - in), s * (0.5 * level + slack));
        ck_assert_double_eq_tol((double)back[i], (double)nominal[i], s * 4e-7);
    }
    if (m > 0) {
        ck_assert(back[3] == 0 && back[40] == 0);
        ck_assert(nominal[3] == 0 && nominal[40] == 0);
    }
    OK(memqc_crossbar_program_list(xb, 1, (const size_t[]){5},
                                   nominal + 5)); /* a rung is a fixed point */
    OK(memqc_crossbar_get_nominal_weights(xb, again, COLS));
    ck_assert_double_eq_tol((double)again[5], (double)nominal[5], 0.1 * level * scale[5]);
    memqc_crossbar_destroy(&xb);
}

START_TEST(round_trip_within_half_a_level) {
    memqc_device *device;
    OK(memqc_device_create_preset("ideal", &device));
    for (size_t m = 0; m < 4; m++)
        for (size_t z = 0; z < 3; z++)
            for (size_t k = 0; k < WAYS; k++)
                check_round_trip(device, m, z, ways[k]);
    memqc_device_destroy(&device);
    OK(memqc_device_create(MEMQC_DEVICE_CONSTANT, &device)); /* pulse for pulse a level; no noise */
    for (size_t m = 0; m < 4; m++)
        for (size_t z = 0; z < 3; z++)
            check_round_trip(device, m, z, ways[1]);
    memqc_device_destroy(&device);
}
END_TEST

/* What the conductances of all planes hold, by the formulae. */
static void weights_of(const memqc_crossbar *xb, int32_t mapping, const int *way,
                       const double *scale, double *w) {
    static float g[16][N], reference[8][ROWS];
    const double low = 0.5 * MEMQC_G0, base = way[0] == 1 || !way[1] ? 32 : way[1],
                 digit = floor(31 / (base - 1)) * 0.5 * MEMQC_G0;
    const int pair = mapping == MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL ||
                     mapping == MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED;
    const size_t slices = (size_t)way[0], sides = pair ? 2 : 1;
    size_t planes;
    OK(memqc_crossbar_get_shape(xb, NULL, NULL, &planes));
    ck_assert_uint_eq(planes, slices * sides);
    for (size_t p = 0; p < planes; p++)
        OK(memqc_crossbar_get_conductances(xb, p, g[p], COLS));
    for (size_t s = 0; s < slices && mapping == MEMQC_CROSSBAR_MAPPING_REFERENCE; s++)
        OK(memqc_crossbar_get_reference(xb, s, reference[s]));
    for (size_t i = 0; i < N; i++) {
        double sum = 0; /* in digits of the least significant slice */
        for (size_t s = 0; s < slices; s++) {
            const double zero = pair ? (double)g[2 * s + 1][i]
                                : mapping == MEMQC_CROSSBAR_MAPPING_SINGLE
                                    ? low + 0.5 * (base - 1) * digit
                                    : (double)reference[s][i / COLS];
            sum += ((double)g[s * sides][i] - zero) / digit * pow(base, (double)(slices - 1 - s));
        }
        w[i] = scale[i % COLS] * sum / (pow(base, (double)slices) - 1) * (pair ? 1 : 2);
    }
}

/* With noise: the weights, products both ways, and the slices' matrices follow from the
 * conductances. */
START_TEST(conductances_hold_the_weights) {
    static float w[N], back[N], x[3 * ROWS], y[3 * COLS], dw[N];
    static double held[N], scale[COLS];
    memqc_device *device;
    OK(memqc_device_create_preset("hfox-a", &device));
    normals(79, 2, N, w);
    normals(79, 3, 3 * ROWS, x);
    normals(79, 4, N, dw);
    for (size_t m = 0; m < 4; m++) {
        for (size_t k = 0; k < WAYS; k++) {
            memqc_crossbar *xb =
                make(device, mappings[m], MEMQC_CROSSBAR_NORMALIZATION_COLUMN, ways[k]);
            OK(memqc_crossbar_program(xb, w, COLS));
            OK(memqc_crossbar_update(xb, 0.3, dw, COLS));
            scales_of(w, MEMQC_CROSSBAR_NORMALIZATION_COLUMN, scale);
            weights_of(xb, mappings[m], ways[k], scale, held);
            OK(memqc_crossbar_get_weights(xb, back, COLS));
            OK(memqc_crossbar_mac(xb, 3, x, ROWS, y, COLS));
            for (size_t i = 0; i < N; i++) {
                double sum = 0;
                for (size_t s = 0; s < xb->weights.map.slices; s++)
                    sum += (double)xb->weights.map.factor[s] * (double)mqc_crossbar_slice(xb, s)[i];
                ck_assert_double_eq_tol((double)back[i], held[i], 2e-6 * scale[i % COLS]);
                ck_assert_double_eq_tol(sum * mqc_crossbar_unit(xb) * scale[i % COLS], held[i],
                                        2e-6 * scale[i % COLS]);
            }
            for (size_t b = 0; b < 3; b++)
                for (size_t j = 0; j < COLS; j++) {
                    double sum = 0, size = 0;
                    for (size_t i = 0; i < ROWS; i++) {
                        sum += (double)x[b * ROWS + i] * held[i * COLS + j];
                        size += fabs((double)x[b * ROWS + i]);
                    }
                    ck_assert_double_eq_tol((double)y[b * COLS + j], sum, 3e-6 * scale[j] * size);
                }
            memqc_crossbar_destroy(&xb);
        }
    }
    memqc_device_destroy(&device);
}
END_TEST

/* Digits of a known number: 32 levels, base 10, 3 slices, stride floor(31 / 9) = 3, one side. 999
 * rungs. */
START_TEST(digits_by_hand) {
    static const int way[] = {3, 10};
    static float w[N];
    static int32_t level[N];
    memqc_device *device;
    OK(memqc_device_create_preset("ideal", &device));
    memqc_crossbar *xb =
        make(device, MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL, MEMQC_CROSSBAR_NORMALIZATION_FIXED, way);
    w[0] = (float)(472.0 / 999);
    w[1] = (float)(-805.0 / 999);
    OK(memqc_crossbar_program(xb, w, COLS));
    static const int32_t want[2][6] = {{32 - 12, 32, 32 - 21, 32, 32 - 6, 32},
                                       {32, 32 - 24, 32, 32, 32, 32 - 15}};
    for (size_t p = 0; p < 6; p++) {
        OK(memqc_crossbar_get_levels(xb, p, level, COLS));
        ck_assert_int_eq(level[0], want[0][p]);
        ck_assert_int_eq(level[1], want[1][p]);
    }
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

static int rising(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

START_TEST(percentiles_clip) {
    static const double percents[] = {50, 62.5, 90, 99, 99.99, 100};
    static float w[N];
    double sorted[N], w_max;
    memqc_device *device;
    OK(memqc_device_create_preset("ideal", &device));
    normals(79, 5, N, w);
    for (size_t i = 0; i < N; i++)
        sorted[i] = fabs((double)w[i]);
    qsort(sorted, N, sizeof *sorted, rising);
    for (size_t k = 0; k < sizeof percents / sizeof *percents; k++) {
        memqc_crossbar *xb = make(device, MEMQC_CROSSBAR_MAPPING_SINGLE,
                                  MEMQC_CROSSBAR_NORMALIZATION_ARRAY, ways[0]);
        OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_CLIP_PERCENTILE, percents[k]));
        OK(memqc_crossbar_program(xb, w, COLS));
        OK(memqc_crossbar_get(xb, MEMQC_CROSSBAR_W_MAX, &w_max));
        ck_assert_double_eq(w_max, sorted[(size_t)ceil(percents[k] / 100 * N) - 1]);
        memqc_crossbar_destroy(&xb);
    }
    /* Column by column; of a column with one weight that is not 0, that one. */
    memqc_crossbar *xb =
        make(device, MEMQC_CROSSBAR_MAPPING_SINGLE, MEMQC_CROSSBAR_NORMALIZATION_COLUMN, ways[0]);
    OK(memqc_crossbar_set(xb, MEMQC_CROSSBAR_CLIP_PERCENTILE, 80));
    for (size_t i = 0; i < ROWS; i++)
        w[i * COLS + 2] = i == 7 ? 0.25f : 0;
    OK(memqc_crossbar_program(xb, w, COLS));
    for (size_t j = 0; j < COLS; j++) {
        for (size_t i = 0; i < ROWS; i++)
            sorted[i] = fabs((double)w[i * COLS + j]);
        qsort(sorted, ROWS, sizeof *sorted, rising);
        ck_assert_double_eq((double)xb->weights.scale[j],
                            j == 2 ? 0.25 : sorted[(size_t)ceil(0.8 * ROWS) - 1]);
    }
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

START_TEST(what_does_not_go_together_is_refused) {
    memqc_device *device;
    memqc_crossbar *xb;
    float w[1] = {0.5f};
    OK(memqc_device_create_preset("ideal", &device));
    OK(memqc_crossbar_create(device, 1, 1, 0, &xb));
    FAILS(MEMQC_ERROR_ARGUMENT, "2^20", memqc_crossbar_set(xb, MEMQC_CROSSBAR_SLICES, 5));
    FAILS(MEMQC_ERROR_ARGUMENT, "slice_base = 33",
          memqc_crossbar_set(xb, MEMQC_CROSSBAR_SLICE_BASE, 33));
    FAILS(MEMQC_ERROR_ARGUMENT, "slice_base = 1",
          memqc_crossbar_set(xb, MEMQC_CROSSBAR_SLICE_BASE, 1));
    FAILS(MEMQC_ERROR_ARGUMENT, "slices = 9", memqc_crossbar_set(xb, MEMQC_CROSSBAR_SLICES, 9));
    FAILS(MEMQC_ERROR_ARGUMENT, "normalization = fixed does not use it",
          memqc_crossbar_set(xb, MEMQC_CROSSBAR_CLIP_PERCENTILE, 99));
    double value;
    OK(memqc_crossbar_get(xb, MEMQC_CROSSBAR_SLICES, &value));
    ck_assert_double_eq(value, 1);
    OK(memqc_crossbar_program(xb, w, 1));
    FAILS(MEMQC_ERROR_STATE, "settled", memqc_crossbar_set(xb, MEMQC_CROSSBAR_SLICES, 2));
    FAILS(MEMQC_ERROR_ARGUMENT, "no reference column", memqc_crossbar_get_reference(xb, 0, w));
    memqc_crossbar_destroy(&xb);
    memqc_device_destroy(&device);
}
END_TEST

RUN_TESTS("crossbar_mapping", round_trip_within_half_a_level, conductances_hold_the_weights,
          digits_by_hand, percentiles_clip, what_does_not_go_together_is_refused)
