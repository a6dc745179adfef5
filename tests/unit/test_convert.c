/* SPDX-License-Identifier: BSD-3-Clause */
/* Converters: products against the rendering of converters.h. */
#include "convert.h"

#include "crossbar/array/read_kernels.h"

#include <stdio.h>

static const struct setting cases[][SETTINGS] = {
    {{XB(DAC_BITS), 5}},
    {{XB(DAC_BITS), 1}, {XB(INPUT_FORMAT), XB(FORMAT_UNSIGNED)}},
    {{XB(DAC_BITS), 8},
     {XB(INPUT_FORMAT), XB(FORMAT_UNSIGNED)},
     {XB(INPUT_RANGE), 2},
     {XB(ADC_BITS), 8}},
    {{XB(INPUT_FORMAT), XB(FORMAT_UNSIGNED)}},
    {{XB(INPUT_FORMAT), XB(FORMAT_TWO_PHASE)}},
    {{XB(DAC_BITS), 4},
     {XB(INPUT_FORMAT), XB(FORMAT_TWO_PHASE)},
     {XB(ADC_BITS), 10},
     {XB(ADC_FRACTION), 0.5}},
    {{XB(ADC_BITS), 6}, {XB(ADC_FRACTION), 0.1}},
    {{XB(ADC_BITS), 12},
     {XB(ADC_RANGE), XB(RANGE_AMPERES)},
     {XB(ADC_CURRENT), 3e-3},
     {XB(READ_VOLTAGE), 0.2}},
    {{XB(DAC_BITS), 6},
     {XB(ADC_BITS), 9},
     {XB(ADC_SENSES), XB(SENSES_CURRENT)},
     {XB(INPUT_RANGE), 3}},
    {{XB(DAC_BITS), 6},
     {XB(ADC_BITS), 9},
     {XB(ADC_SENSES), XB(SENSES_DIFFERENCE)},
     {XB(INPUT_RANGE), 3}},
    {{XB(ADC_BITS), 1},
     {XB(ADC_SENSES), XB(SENSES_CURRENT)},
     {XB(INPUT_FORMAT), XB(FORMAT_UNSIGNED)},
     {XB(ADC_FRACTION), 0.3}},
    {{XB(DAC_BITS), 5}, {XB(INPUT_CODING), XB(CODING_BIT_SERIAL)}, {XB(INPUT_RANGE), 1.5}},
    {{XB(DAC_BITS), 5},
     {XB(INPUT_CODING), XB(CODING_BIT_SERIAL)},
     {XB(INPUT_RANGE), 1.5},
     {XB(ADC_BITS), 8},
     {XB(ADC_FRACTION), 0.4}},
    {{XB(DAC_BITS), 4},
     {XB(INPUT_CODING), XB(CODING_BIT_SERIAL)},
     {XB(INPUT_FORMAT), XB(FORMAT_TWO_PHASE)},
     {XB(ADC_BITS), 9},
     {XB(ADC_SENSES), XB(SENSES_CURRENT)}},
    {{XB(DAC_BITS), 16},
     {XB(INPUT_CODING), XB(CODING_BIT_SERIAL)},
     {XB(INPUT_FORMAT), XB(FORMAT_UNSIGNED)},
     {XB(INPUT_RANGE), 4}},
    {{XB(DAC_BITS), 5},
     {XB(INPUT_CODING), XB(CODING_BIT_PARALLEL)},
     {XB(INPUT_RANGE), 2},
     {XB(ADC_BITS), 11}},
    {{XB(DAC_BITS), 4},
     {XB(INPUT_CODING), XB(CODING_BIT_PARALLEL)},
     {XB(IV_NONLINEARITY), 9},
     {XB(INPUT_FORMAT), XB(FORMAT_TWO_PHASE)}},
    {{XB(DAC_BITS), 7}, {XB(INPUT_CODING), XB(CODING_PULSE_WIDTH)}, {XB(IV_NONLINEARITY), 9}},
    {{XB(INPUT_CODING), XB(CODING_PULSE_WIDTH)}, {XB(ADC_BITS), 7}, {XB(ADC_FRACTION), 0.2}},
    {{XB(IV_NONLINEARITY), 15}},
    {{XB(IV_NONLINEARITY), 20}, {XB(READ_VOLTAGE), 1}, {XB(DAC_BITS), 8}},
    {{XB(IV_NONLINEARITY), 3},
     {XB(READ_VOLTAGE), 0.3},
     {XB(ADC_BITS), 8},
     {XB(DAC_BITS), 8},
     {XB(READ_TIME), 1e-6}},
};

/* Mappings and slices beside the plain ones. */
static const struct {
    int32_t mapping;
    double slices, base;
} layouts[] = {
    {XB(MAPPING_REFERENCE), 1, 0},  {XB(MAPPING_DIFFERENTIAL_TWO_SIDED), 1, 0},
    {XB(MAPPING_SINGLE), 3, 4},     {XB(MAPPING_DIFFERENTIAL), 2, 6},
    {XB(MAPPING_REFERENCE), 2, 32},
};

START_TEST(products_are_as_the_page_says) {
    static float x[BATCH * (MOST_IN + 1)];
    static struct expected e;
    char what[64];
    for (size_t i = 0; i < 8 * sizeof cases / sizeof *cases; i++) {
        const size_t way = i & 7, number = i >> 3;
        const int transposed = way & 1, by_column = way >> 1 & 1;
        memqc_crossbar *xb =
            make_array(ROWS, COLS, mappings[way >> 2],
                       by_column ? XB(NORMALIZATION_COLUMN) : XB(NORMALIZATION_FIXED));
        apply(xb, cases[number], SETTINGS);
        expect_array(xb, transposed, &e);
        normals(99, 40, BATCH * (e.in + 1), x);
        snprintf(what, sizeof what, "case %zu, way %zu", number, way);
        check(xb, &e, x, e.in + 1, what);
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(slices_and_references_too) {
    static float x[BATCH * (MOST_IN + 1)];
    static struct expected e;
    char what[64];
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts * sizeof cases / sizeof *cases; i++) {
        const size_t number = i / (sizeof layouts / sizeof *layouts),
                     layout = i % (sizeof layouts / sizeof *layouts);
        memqc_crossbar *xb =
            make_sliced(ROWS, COLS, layouts[layout].mapping, XB(NORMALIZATION_FIXED),
                        layouts[layout].slices, layouts[layout].base);
        const int transposed = (number + layout) & 1;
        apply(xb, cases[number], SETTINGS);
        if (layouts[layout].mapping == XB(MAPPING_REFERENCE))
            apply(xb, &(struct setting){XB(ADC_SENSES), XB(SENSES_MAPPED)}, 1);
        if (layouts[layout].mapping != XB(MAPPING_REFERENCE) || value_of(xb, XB(ADC_BITS)) != 1) {
            expect_array(xb, transposed, &e);
            normals(99, 41, BATCH * (e.in + 1), x);
            snprintf(what, sizeof what, "case %zu, layout %zu", number, layout);
            check(xb, &e, x, e.in + 1, what);
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

/* As in each vector alone; NaN is refused. */
START_TEST(vectors_do_not_see_each_other) {
    static float x[BATCH * ROWS], y[2][BATCH * COLS];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memqc_crossbar *xb = make_array(ROWS, COLS, mappings[1], XB(NORMALIZATION_COLUMN));
        apply(xb, cases[i], SETTINGS);
        normals(99, 90, BATCH * ROWS, x);
        OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y[0], COLS));
        for (size_t r = 0; r < ROWS; r++)
            x[4 * ROWS + r] *= 1e4f;
        OK(memqc_crossbar_mac(xb, BATCH, x, ROWS, y[1], COLS));
        for (size_t b = 0; b < BATCH; b++)
            for (size_t j = 0; j < COLS; j++)
                ck_assert_msg(b == 4 ? y[0][b * COLS + j] != y[1][b * COLS + j] ||
                                           isfinite(y[1][b * COLS + j])
                                     : y[0][b * COLS + j] == y[1][b * COLS + j],
                              "case %zu: vector %zu, output %zu: %g, then %g", i, b, j,
                              (double)y[0][b * COLS + j], (double)y[1][b * COLS + j]);
        x[6 * ROWS + 2] = NAN;
        FAILS(MEMQC_ERROR_DATA, "memqc_crossbar_mac: x[6, 2] = nan",
              memqc_crossbar_mac(xb, BATCH, x, ROWS, y[1], COLS));
        x[6 * ROWS + 2] = -INFINITY;
        FAILS(MEMQC_ERROR_DATA, "memqc_crossbar_mac: x[6, 2] = -inf",
              memqc_crossbar_mac(xb, BATCH, x, ROWS, y[1], COLS));
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

START_TEST(curve_is_the_hyperbolic_sine) {
    enum { N = 2001 };
    static const double a[] = {1e-3, 0.1, 0.9, 1, 3, 20, 80, 100};
    static float u[N], v[N], e[N];
    for (size_t k = 0; k < sizeof a / sizeof *a; k++) {
        const struct mqc_curve curve = {(float)a[k], (float)(1 / sinh(a[k])),
                                        (float)(1 / (1 - exp(-2 * a[k])))};
        for (size_t i = 0; i < N; i++)
            u[i] = v[i] = (float)i / 1000 - 1;
        mqc_readout_kernels()->bend(&curve, N, v, e);
        for (size_t i = 0; i < N; i++) {
            const double z = (double)curve.z, want = sinh(z * (double)u[i]) / sinh(z);
            const double error = 2e-6 + 2 * 0x1p-24 * z; /* the exponents z u and z u - z are
                                                            rounded */
            ck_assert_double_eq_tol((double)v[i], want, error * fabs(want) + 1e-37);
            ck_assert_double_eq_tol((double)e[i], want * (double)u[i], error * fabs(want) + 1e-37);
        }
    }
}
END_TEST

enum { N = 1003 };

struct kernel_inputs {
    float x[N], z[N], g[N], step[N], inverse[N];
};

struct kernel_results {
    float out[16][N];
    double sums[4];
    uint32_t counts[5];
};

static void run_kernels(const struct mqc_readout_kernels *kernels, const struct kernel_inputs *in,
                        struct kernel_results *to) {
    const struct mqc_curve curve = {2, (float)(1 / sinh(2)), (float)(1 / (1 - exp(-4)))};
    struct mqc_output output = {0.1f, 0.05f, 0.7f, 0.2f, 1, 0.5f, -127, 127, NULL, NULL};
    const float *x = in->x, *z = in->z, *g = in->g;
    float(*o)[N] = to->out;
    memset(to, 0, sizeof *to);
    to->counts[0] = kernels->encode(N, x, 100, -127, 127, 1, o[0]);
    to->counts[1] = kernels->scale(N, x, 0.7f, 0, o[1]);
    kernels->multiply(N, x, z, o[2]);
    memcpy(o[3], x, sizeof in->x);
    kernels->phase(N, -1, o[3]);
    kernels->bit(N, o[0], 3, 0.3f, o[4]);
    memcpy(o[5], x, sizeof in->x);
    kernels->add_noise(N, 0.1f, z, 0, o[5]);
    kernels->add_noise(N, 0.1f, z, 1, o[5]);
    memcpy(o[6], x, sizeof in->x);
    kernels->bend(&curve, N, o[6], o[7]);
    kernels->square(N, 2, x, 0, o[8]);
    kernels->square(N, 3, z, 1, o[8]);
    kernels->magnitude(N, x, o[9]);
    kernels->add(N, z, o[9]);
    kernels->root(N, g, o[10]);
    kernels->cells(N, 0.3f, 0.1f, 0.2f, g, z, o[11]);
    to->sums[0] = kernels->sum(N, x);
    to->sums[1] = kernels->dot(N, x, z);
    to->sums[2] = kernels->energy(N, x, g);
    to->sums[3] = kernels->cells_sum(N, x, 0.1f, 0.2f, g, z);
    to->counts[2] = kernels->convert(&output, N, x, g, z, o[12]);
    output.step = in->step;
    output.inverse = in->inverse;
    to->counts[3] = kernels->convert(&output, N, x, g, z, o[13]);
    to->counts[4] = kernels->convert(&output, N, x, NULL, z, o[14]) +
                    kernels->convert(&output, N, x, NULL, NULL, o[15]);
}

START_TEST(kernels_are_equal_on_every_instruction_set) {
    const struct mqc_readout_kernels *const all[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_readout_kernels);
    static struct kernel_inputs in;
    static struct kernel_results first, other;
    double plain = 0;
    normals(99, 100, N, in.x);
    normals(99, 101, N, in.z);
    normals(99, 102, N, in.g);
    for (size_t i = 0; i < N; i++) {
        in.step[i] = 0.01f + 1e-5f * (float)i;
        in.inverse[i] = 1 / in.step[i];
        in.g[i] = fabsf(in.g[i]);
        plain += (double)in.x[i] * (double)in.x[i] * (double)in.g[i];
    }
    run_kernels(all[0], &in, &first);
    for (size_t t = 1; t <= (size_t)mqc_isa(); t++) {
        run_kernels(all[t], &in, &other);
        ck_assert_mem_eq(first.out, other.out, sizeof first.out);
        ck_assert_mem_eq(first.sums, other.sums, sizeof first.sums);
        ck_assert_mem_eq(first.counts, other.counts, sizeof first.counts);
    }
    ck_assert_double_eq_tol(first.sums[2], plain, 1e-6 * plain);
    ck_assert(first.counts[0] > 0 && first.counts[1] > 0);
    ck_assert(first.counts[2] == 0 && first.counts[3] > 0);
}
END_TEST

RUN_TESTS("convert", products_are_as_the_page_says, slices_and_references_too,
          vectors_do_not_see_each_other, curve_is_the_hyperbolic_sine,
          kernels_are_equal_on_every_instruction_set)
