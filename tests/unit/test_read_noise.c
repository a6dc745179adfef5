/* SPDX-License-Identifier: BSD-3-Clause */
/* Noise of reads: its moments against closed forms, both paths, and that no draw depends on how a
 * product is put together. Acceptance
 * regions are 5 standard errors. */
#include "converters.h"

#include "moments.h"

enum { ROWS = 70, COLS = 40, N = 20000, PAIRED = 2000 }; /* variances of columns are rounded */

#define NOISE(key, value) \
    { XB(key), value }

/* A product again and again: N vectors that are all the same. Outputs of one line at out + output *
 * n. */
static void repeat(memqc_crossbar *xb, int transposed, const float *x, size_t n, float *out) {
    const size_t in = transposed ? COLS : ROWS, outs = transposed ? ROWS : COLS;
    float *many = calloc(n * in, sizeof *many), *y = calloc(n * outs, sizeof *y);
    for (size_t i = 0; i < n; i++)
        memcpy(many + i * in, x, in * sizeof *x);
    product(xb, transposed, n, many, in, y, outs);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < outs; j++)
            out[j * n + i] = y[i * outs + j];
    free(many);
    free(y);
}

static const struct {
    int32_t mapping;
    struct setting setting[4];
} noises[] = {
    {XB(MAPPING_SINGLE), {NOISE(READ_NOISE, 2e-5)}},
    {XB(MAPPING_DIFFERENTIAL), {NOISE(READ_NOISE, 2e-5)}},
    {XB(MAPPING_SINGLE), {NOISE(READ_NOISE_RELATIVE, 0.02)}},
    {XB(MAPPING_DIFFERENTIAL),
     {NOISE(READ_NOISE_RELATIVE, 0.02), NOISE(READ_NOISE, 1e-5),
      NOISE(ADC_SENSES, XB(SENSES_CURRENT))}},
    {XB(MAPPING_DIFFERENTIAL),
     {NOISE(READ_NOISE_RELATIVE, 0.1), NOISE(READ_NOISE, 1e-5), NOISE(OUTPUT_NOISE, 1e-5)}},
    {XB(MAPPING_REFERENCE), {NOISE(READ_NOISE_RELATIVE, 0.1), NOISE(READ_NOISE, 1e-5)}},
    {XB(MAPPING_SINGLE), {NOISE(INPUT_NOISE, 0.01)}},
    {XB(MAPPING_DIFFERENTIAL), {NOISE(INPUT_NOISE, 0.01)}},
    {XB(MAPPING_DIFFERENTIAL),
     {NOISE(INPUT_NOISE, 0.01), NOISE(INPUT_CODING, XB(CODING_PULSE_WIDTH))}},
    {XB(MAPPING_SINGLE), {NOISE(OUTPUT_NOISE, 2e-5)}},
    {XB(MAPPING_DIFFERENTIAL),
     {NOISE(READ_NOISE_RELATIVE, 0.1), NOISE(DAC_BITS, 4),
      NOISE(INPUT_CODING, XB(CODING_BIT_SERIAL))}},
    {XB(MAPPING_DIFFERENTIAL),
     {NOISE(READ_NOISE, 1e-5), NOISE(READ_NOISE_RELATIVE, 0.1), NOISE(DAC_BITS, 4),
      NOISE(INPUT_CODING, XB(CODING_BIT_PARALLEL))}},
};

/* Sum of the squares of what an input drives, over its reads and lines, each with its weight in the
 * result. */
static double power(const memqc_crossbar *xb, double u) {
    const int bits = (int)value_of(xb, XB(DAC_BITS)) - 1,
              coding = (int)value_of(xb, XB(INPUT_CODING));
    if (coding != XB(CODING_BIT_SERIAL) && coding != XB(CODING_BIT_PARALLEL))
        return u * u;
    const double levels = ldexp(1, bits) - 1;
    const long code = (long)fabs(rint(fmin(1, fmax(-1, u)) * levels));
    double sum = 0;
    for (int b = 0; b < bits; b++)
        sum += code >> b & 1 ? ldexp(1, 2 * b) / levels / levels : 0;
    return sum;
}

/* Variance of an output from the formulae of crossbar.h, in units of the weights. */
static double variance(const memqc_crossbar *xb, const struct expected *e, const float *x,
                       size_t j) {
    const double absolute = value_of(xb, XB(READ_NOISE)),
                 relative = value_of(xb, XB(READ_NOISE_RELATIVE));
    const double volts = value_of(xb, XB(READ_VOLTAGE)),
                 driver = value_of(xb, XB(INPUT_NOISE)) / volts;
    const double amps = value_of(xb, XB(OUTPUT_NOISE)) / volts,
                 unit = (e->sides == 2 ? 1 : 2) / (31 * e->digit);
    double sum =
        amps * amps * (value_of(xb, XB(ADC_SENSES)) == XB(SENSES_CURRENT) ? (double)e->planes : 1);
    for (size_t i = 0; i < e->in; i++) {
        double cells = 0, line = g_of(e, 0, i, j);
        if (e->sides == 2)
            line -= g_of(e, 1, i, j);
        else if (e->mapping != XB(MAPPING_SINGLE)) /* of SINGLE, the subtraction is digital */
            line -= zero_of(e, 0, i, j);
        for (size_t p = 0; p < e->planes; p++)
            cells += absolute * absolute + pow(relative * g_of(e, p, i, j), 2);
        if (e->mapping == XB(MAPPING_REFERENCE) && !e->transposed)
            cells += absolute * absolute + pow(relative * e->reference[0][i], 2);
        line *= value_of(xb, XB(INPUT_CODING)) == XB(CODING_PULSE_WIDTH) ? (double)x[i] : 1;
        sum += power(xb, (double)x[i]) * cells + driver * driver * line * line;
    }
    return unit * unit * sum;
}

START_TEST(moments_are_the_closed_forms) {
    static float out[ROWS * N], x[ROWS], quiet[ROWS];
    static struct expected e;
    for (size_t k = 0; k < 2 * sizeof noises / sizeof *noises; k++) {
        const int transposed = k & 1;
        memqc_crossbar *xb = make_array(ROWS, COLS, noises[k / 2].mapping, XB(NORMALIZATION_FIXED));
        normals(99, 200 + k, ROWS, x);
        apply(xb, noises[k / 2].setting, 4);
        expect_array(xb, transposed, &e);
        expect_product(xb, &e, x);
        repeat(xb, transposed, x, N, out);
        for (size_t j = 0; j < e.out; j++) {
            quiet[j] = (float)e.y[j];
            for (size_t i = 0; i < N; i++) /* from the mean: moments.h allows for a rounding of it
                                              that is none of float's */
                out[j * N + i] -= quiet[j];
            check_moments(out + j * N, N, 1e-30, sqrt(variance(xb, &e, x, j)));
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

/* Where there is noise of the cells, it has a path. */
static void set_path(memqc_crossbar *xb, int per_cell) {
    int32_t used = 0;
    OK(memqc_crossbar_uses(xb, XB(READ_NOISE_PATH), &used));
    if (used)
        OK(memqc_crossbar_set(xb, XB(READ_NOISE_PATH),
                              per_cell ? XB(NOISE_PER_CELL) : XB(NOISE_PER_OUTPUT)));
}

/* Per output and per cell: equal means and sds, by 5 standard errors of their differences, and a
 * quarter beyond the quartiles. */
START_TEST(the_two_paths_agree) {
    static float out[2][ROWS * PAIRED], x[ROWS];
    static struct expected e;
    for (size_t k = 0; k < 2 * sizeof noises / sizeof *noises; k++) {
        const int transposed = k & 1;
        normals(99, 300 + k, ROWS, x);
        for (int path = 0; path < 2; path++) {
            memqc_crossbar *xb =
                make_array(ROWS, COLS, noises[k / 2].mapping, XB(NORMALIZATION_FIXED));
            apply(xb, noises[k / 2].setting, 4);
            set_path(xb, path);
            repeat(xb, transposed, x, PAIRED, out[path]);
            if (path) {
                expect_array(xb, transposed, &e);
                expect_product(xb, &e, x);
                for (size_t j = 0; j < e.out; j++) {
                    const double sd = sqrt(variance(xb, &e, x, j));
                    for (int p = 0; p < 2; p++) {
                        double beyond = 0;
                        for (size_t i = 0; i < PAIRED; i++) {
                            out[p][j * PAIRED + i] -= (float)e.y[j];
                            beyond += fabs((double)out[p][j * PAIRED + i]) > 0.67448975 * sd;
                        }
                        check_moments(out[p] + j * PAIRED, PAIRED, 1e-30, sd);
                        ck_assert_double_eq_tol(beyond / PAIRED, 0.5, 5 * 0.5 / sqrt(PAIRED));
                    }
                }
            }
            memqc_crossbar_destroy(&xb);
        }
    }
}
END_TEST

/* Outputs of one read are independent, but for what they share: input noise, a reference column. */
START_TEST(outputs_share_what_they_should) {
    static float out[ROWS * N], x[ROWS];
    static const struct {
        int32_t mapping;
        struct setting setting;
    } some[] = {{XB(MAPPING_SINGLE), NOISE(READ_NOISE_RELATIVE, 0.05)},
                {XB(MAPPING_REFERENCE), NOISE(READ_NOISE, 1e-5)}};
    normals(99, 310, ROWS, x);
    for (size_t k = 0; k < 2; k++) {
        memqc_crossbar *xb = make_array(ROWS, COLS, some[k].mapping, XB(NORMALIZATION_FIXED));
        apply(xb, &some[k].setting, 1);
        repeat(xb, 0, x, N, out);
        for (size_t j = 1; j < COLS; j++) {
            double mean[2] = {0, 0}, square[2] = {0, 0}, both = 0;
            for (size_t i = 0; i < N; i++)
                for (size_t o = 0; o < 2; o++)
                    mean[o] += (double)out[(o ? j : 0) * N + i] / N;
            for (size_t i = 0; i < N; i++) {
                const double a = (double)out[i] - mean[0], b = (double)out[j * N + i] - mean[1];
                square[0] += a * a, square[1] += b * b, both += a * b;
            }
            /* Of equal variances of cell and reference, half is shared. The sd of a correlation r
             * is (1 - r^2) / sqrt(n). */
            const double r = k ? 0.5 : 0;
            ck_assert_double_eq_tol(both / sqrt(square[0] * square[1]), r,
                                    5 * (1 - r * r) / sqrt(N));
        }
        memqc_crossbar_destroy(&xb);
    }
}
END_TEST

/* The same draws for vectors one by one, at once, in two calls, in columns of tiles; another seed,
 * others. With few outputs, so that the GEMM is the library's own and its bits do not depend on the
 * batch. */
START_TEST(draws_depend_on_the_vector_alone) {
    enum { FEW = 24, BATCH = 300 };
    static float x[BATCH * FEW], y[5][BATCH * FEW];
    static const struct setting settings[] = {
        {XB(READ_NOISE_RELATIVE), 0.05}, {XB(READ_NOISE), 1e-6}, {XB(INPUT_NOISE), 1e-3},
        {XB(OUTPUT_NOISE), 1e-6},        {XB(DAC_BITS), 5},      {XB(ADC_BITS), 9},
    };
    normals(99, 320, BATCH * FEW, x);
    for (int k = 0; k < 8; k++) {
        const int transposed = k & 1;
        for (int cut = 0; cut < 5; cut++) {
            memqc_crossbar *xb =
                make_array(FEW, FEW, k & 4 ? XB(MAPPING_REFERENCE) : XB(MAPPING_DIFFERENTIAL),
                           XB(NORMALIZATION_COLUMN));
            apply(xb, settings, sizeof settings / sizeof *settings);
            if (k & 2)
                OK(memqc_crossbar_set(xb, XB(INPUT_CODING), XB(CODING_BIT_SERIAL)));
            if (k == 5)
                OK(memqc_crossbar_set(xb, XB(READ_NOISE_PATH), XB(NOISE_PER_CELL)));
            if (cut == 3)
                OK(memqc_crossbar_set(xb, transposed ? XB(TILE_ROWS) : XB(TILE_COLS), 7));
            if (cut == 4)
                OK(memqc_crossbar_set_seed(xb, 9));
            const size_t step = cut == 1 ? 1 : cut == 2 ? 170 : BATCH;
            for (size_t b = 0; b < BATCH; b += step)
                product(xb, transposed, b + step > BATCH ? BATCH - b : step, x + b * FEW, FEW,
                        y[cut] + b * FEW, FEW);
            ck_assert_uint_eq(count_of(xb, XB(COUNT_SAMPLES)), BATCH);
            memqc_crossbar_destroy(&xb);
        }
        ck_assert_mem_eq(y[0], y[1], sizeof *y);
        ck_assert_mem_eq(y[0], y[2], sizeof *y);
        ck_assert_mem_eq(y[0], y[3], sizeof *y);
        ck_assert(memcmp(y[0], y[4], sizeof *y) != 0);
    }
}
END_TEST

/* A second read of the same vector is another draw; the two directions do not share theirs. */
START_TEST(reads_are_numbered) {
    enum { SIDE = 30 };
    static float x[SIDE], y[4][SIDE];
    memqc_crossbar *xb = make_array(SIDE, SIDE, XB(MAPPING_DIFFERENTIAL), XB(NORMALIZATION_FIXED));
    OK(memqc_crossbar_set(xb, XB(OUTPUT_NOISE), 1e-6));
    for (size_t k = 0; k < 2; k++) {
        OK(memqc_crossbar_mac(xb, 1, x, SIDE, y[k], SIDE)); /* nothing but noise */
        memqc_crossbar *other =
            make_array(SIDE, SIDE, XB(MAPPING_DIFFERENTIAL), XB(NORMALIZATION_FIXED));
        OK(memqc_crossbar_set(other, XB(OUTPUT_NOISE), 1e-6));
        for (size_t before = 0; before <= k; before++)
            OK(memqc_crossbar_mac_transposed(other, 1, x, SIDE, y[2 + k], SIDE));
        memqc_crossbar_destroy(&other);
    }
    for (size_t i = 0; i < SIDE; i++)
        for (size_t a = 0; a < 4; a++)
            for (size_t b = 0; b < a; b++)
                ck_assert(y[a][i] != y[b][i]);
    memqc_crossbar_destroy(&xb);
}
END_TEST

RUN_TESTS("read_noise", moments_are_the_closed_forms, the_two_paths_agree,
          outputs_share_what_they_should, draws_depend_on_the_vector_alone, reads_are_numbered)
