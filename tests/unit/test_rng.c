/* SPDX-License-Identifier: BSD-3-Clause */
/* The generator: published vectors, frozen values, equal numbers in any order and on any
 * instruction set, and the statistics of the normal sampler. Seeds are fixed; acceptance regions
 * are 6 sigma of the statistic under the null hypothesis. */
#include "test.h"

#include "rng/normal.h"
#include "rng/philox.h"
#include "rng/rng.h"

#include <math.h>

enum { MILLION = 1000000 };

/* The tables that this machine can run. */
static size_t tables(const struct mqc_rng_kernels *out[MQC_ISA_COUNT]) {
    const struct mqc_rng_kernels *const all[MQC_ISA_COUNT] = MQC_KERNEL_TABLES(mqc_rng_kernels);
    for (size_t i = 0; i <= (size_t)mqc_isa(); i++)
        out[i] = all[i];
    return (size_t)mqc_isa() + 1;
}

/* Random123, kat_vectors, philox4x32 10. */
static const struct {
    uint32_t counter[4], key[2], out[4];
} known[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

START_TEST(philox_known_answers) {
    const struct mqc_rng_kernels *table[MQC_ISA_COUNT];
    const size_t n_tables = tables(table);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint32_t out[4];
        mqc_philox(known[i].counter, known[i].key, out);
        ck_assert_mem_eq(out, known[i].out, sizeof out);
        /* The same block, addressed as (seed, stream, cell, draw). */
        const uint32_t c0 = known[i].counter[0];
        const uint64_t draw = (uint64_t)known[i].counter[2] << 32 | known[i].counter[1];
        const struct mqc_rng rng = {{known[i].key[0], known[i].key[1]}, known[i].counter[3]};
        for (size_t t = 0; t < n_tables; t++) {
            for (uint64_t word = 0; word < 4; word++) {
                uint32_t value;
                table[t]->words(&rng, (uint64_t)(c0 >> 4) * 64 + 16 * word + (c0 & 15), draw, 1,
                                &value);
                ck_assert_uint_eq(value, known[i].out[word]);
            }
        }
    }
}
END_TEST

/* The stream of normals is frozen: these are its values since 0.1. */
START_TEST(frozen_values) {
    static const uint32_t normal_bits[] = {0xbf9dfb3e, 0xbeaee4b2, 0x3f14f217,
                                           0x3f0440c7, 0x3fa5dab8, 0x3d96d7e7};
    static const uint64_t cells[] = {0, 17, 35, 52, 1000, 12345678901ull};
    const struct mqc_rng rng = mqc_rng_make(20200418, MQC_STREAM_PROGRAM);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        float value;
        mqc_rng_kernels()->normal(&rng, cells[i], 7, 1, &value);
        ck_assert_msg(mqc_bits(value) == normal_bits[i], "cell %llu: 0x%08x, not 0x%08x",
                      (unsigned long long)cells[i], mqc_bits(value), normal_bits[i]);
    }
}
END_TEST

START_TEST(pieces_and_instruction_sets) {
    enum { N = 1000, FIRST = 37 };
    const struct mqc_rng rng = mqc_rng_make(0xfeedface12345678ull, 5);
    const struct mqc_rng_kernels *table[MQC_ISA_COUNT];
    static float whole[N], pieces[N], list[N], uniform[N], uniform_pieces[N];
    static uint32_t words[N], words_pieces[N];
    static uint64_t cells[N], draws[N];
    table[0] = NULL;
    const size_t n_tables = tables(table);
    table[0]->normal(&rng, FIRST, 99, N, whole);
    table[0]->uniform(&rng, FIRST, 99, N, uniform);
    table[0]->words(&rng, FIRST, 99, N, words);
    for (size_t t = 0; t < n_tables; t++) {
        for (size_t size = 1; size < N; size = size * 2 + 1) {
            for (size_t end = N; end > 0;
                 end = end > size ? end - size : 0) { /* from the last piece to the first */
                const size_t begin = end > size ? end - size : 0;
                table[t]->normal(&rng, FIRST + begin, 99, end - begin, pieces + begin);
                table[t]->uniform(&rng, FIRST + begin, 99, end - begin, uniform_pieces + begin);
                table[t]->words(&rng, FIRST + begin, 99, end - begin, words_pieces + begin);
            }
            ck_assert_mem_eq(whole, pieces, sizeof whole);
            ck_assert_mem_eq(uniform, uniform_pieces, sizeof uniform);
            ck_assert_mem_eq(words, words_pieces, sizeof words);
        }
        for (size_t i = 0; i < N; i++) { /* in a scattered order: 7 has no common factor with N */
            cells[i] = FIRST + 7 * i % N;
            draws[i] = 99;
        }
        table[t]->normal_list(&rng, cells, draws, N, list);
        for (size_t i = 0; i < N; i++)
            ck_assert_mem_eq(&list[i], &whole[7 * i % N], sizeof *list);
        table[t]->uniform_list(&rng, cells, draws, N, list);
        for (size_t i = 0; i < N; i++)
            ck_assert_mem_eq(&list[i], &uniform[7 * i % N], sizeof *list);
    }
}
END_TEST

START_TEST(list_takes_any_draw) {
    const struct mqc_rng rng = mqc_rng_make(3, 1);
    const uint64_t cells[] = {5, 5, MQC_RNG_CELLS - 1},
                   draws[] = {1, 0x100000001ull, 0xffffffffffffffffull};
    float list[3];
    mqc_rng_kernels()->normal_list(&rng, cells, draws, 3, list);
    for (size_t i = 0; i < 3; i++) {
        float one;
        mqc_rng_kernels()->normal(&rng, cells[i], draws[i], 1, &one);
        ck_assert_mem_eq(&one, &list[i], sizeof one);
    }
    ck_assert(mqc_bits(list[0]) != mqc_bits(list[1])); /* the upper half of the draw counts */
}
END_TEST

static int by_value(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

START_TEST(normal_moments_and_distribution) {
    const struct mqc_rng rng = mqc_rng_make(1, MQC_STREAM_PROGRAM);
    float *x = malloc(MILLION * sizeof *x);
    ck_assert_ptr_nonnull(x);
    mqc_rng_kernels()->normal(&rng, 0, 0, MILLION, x);
    double mean = 0, m2 = 0, m3 = 0, m4 = 0;
    for (size_t i = 0; i < MILLION; i++)
        mean += (double)x[i] / MILLION;
    for (size_t i = 0; i < MILLION; i++) {
        const double d = (double)x[i] - mean;
        m2 += d * d / MILLION;
        m3 += d * d * d / MILLION;
        m4 += d * d * d * d / MILLION;
    }
    const double n = MILLION;
    ck_assert_double_eq_tol(mean, 0, 6 * sqrt(1 / n));
    ck_assert_double_eq_tol(m2, 1, 6 * sqrt(2 / n));
    ck_assert_double_eq_tol(m3 / pow(m2, 1.5), 0, 6 * sqrt(6 / n));
    ck_assert_double_eq_tol(m4 / (m2 * m2), 3, 6 * sqrt(24 / n));

    /* Kolmogorov-Smirnov: P(sqrt(n) D > 3.22) = 2 exp(-2 3.22^2) = 2e-9, that of 6 sigma. */
    qsort(x, MILLION, sizeof *x, by_value);
    double distance = 0;
    for (size_t i = 0; i < MILLION; i++) {
        const double f = 0.5 * erfc(-(double)x[i] * 0.70710678118654752);
        distance = fmax(distance, fmax(fabs(f - (double)i / n), fabs(f - (double)(i + 1) / n)));
    }
    ck_assert_double_lt(sqrt(n) * distance, 3.22);
    free(x);
}
END_TEST

START_TEST(normal_tail) {
    /* Beyond 4 sigma there are erfc(4 / sqrt 2) = 6.334e-5, beyond 5 there are 5.733e-7 of them;
     * counts are Poisson. */
    enum { N = 1000, ROUNDS = 20000 };
    const struct mqc_rng rng = mqc_rng_make(2, MQC_STREAM_PROGRAM);
    float x[N];
    size_t beyond4 = 0, beyond5 = 0, above = 0;
    for (uint64_t draw = 0; draw < ROUNDS; draw++) {
        mqc_rng_kernels()->normal(&rng, 0, draw, N, x);
        for (size_t i = 0; i < N; i++) {
            beyond4 += fabsf(x[i]) > 4;
            beyond5 += fabsf(x[i]) > 5;
            above += x[i] > 4;
        }
    }
    const double n = (double)N * ROUNDS, expect4 = n * erfc(4 / sqrt(2)),
                 expect5 = n * erfc(5 / sqrt(2));
    ck_assert_double_eq_tol((double)beyond4, expect4, 6 * sqrt(expect4));
    ck_assert_double_eq_tol((double)above, expect4 / 2, 6 * sqrt(expect4 / 2));
    ck_assert_double_eq_tol((double)beyond5, expect5, 6 * sqrt(expect5));
    ck_assert_uint_gt(beyond5, 0);
}
END_TEST

START_TEST(normal_is_box_muller) {
    enum { N = 64 * 1000 };
    const struct mqc_rng rng = mqc_rng_make(11, 4);
    static float x[N];
    static uint32_t w[N];
    size_t far = 0;
    mqc_rng_kernels()->normal(&rng, 0, 0, N, x);
    mqc_rng_kernels()->words(&rng, 0, 0, N, w);
    for (size_t g = 0; g < N; g += 32) {
        for (size_t b = 0; b < 16; b++) {
            const double u = ((double)(w[g + b] >> 1) + 0.5) / 2147483648.0,
                         radius = sqrt(-2 * log(u));
            const double angle =
                2 * 3.14159265358979323846 * (double)(int32_t)w[g + 16 + b] / 4294967296.0;
            /* near u = 1 the 24 bits of a float leave 2 (1 - u) / radius^2 < 2^-23 / radius of the
             * radius open */
            const double tolerance = 2e-6 + 1.2e-7 / radius;
            far += fabs((double)x[g + b] - radius * cos(angle)) > tolerance;
            far += fabs((double)x[g + 16 + b] - radius * sin(angle)) > tolerance;
        }
    }
    ck_assert_uint_eq(far, 0);
}
END_TEST

START_TEST(uniform_range_and_mean) {
    const struct mqc_rng rng = mqc_rng_make(4, MQC_STREAM_INIT);
    float *x = malloc(MILLION * sizeof *x);
    ck_assert_ptr_nonnull(x);
    mqc_rng_kernels()->uniform(&rng, 0, 0, MILLION, x);
    double mean = 0, square = 0;
    size_t outside = 0; /* an assertion a number would take longer than the numbers */
    for (size_t i = 0; i < MILLION; i++) {
        outside += !(x[i] >= 0 && x[i] < 1);
        mean += (double)x[i] / MILLION;
        square += (double)x[i] * (double)x[i] / MILLION;
    }
    ck_assert_uint_eq(outside, 0);
    ck_assert_double_eq_tol(mean, 0.5, 6 * sqrt(1.0 / 12 / MILLION));
    ck_assert_double_eq_tol(square, 1.0 / 3, 6 * sqrt(4.0 / 45 / MILLION));
    free(x);
}
END_TEST

START_TEST(streams_seeds_and_draws_differ) {
    enum { N = 4096 };
    static float x[5][N];
    const struct mqc_rng base = mqc_rng_make(1, 1), stream = mqc_rng_make(1, 2),
                         seed = mqc_rng_make(2, 1), high = mqc_rng_make(1ull << 32 | 1, 1);
    mqc_rng_kernels()->normal(&base, 0, 0, N, x[0]);
    mqc_rng_kernels()->normal(&stream, 0, 0, N, x[1]);
    mqc_rng_kernels()->normal(&seed, 0, 0, N, x[2]);
    mqc_rng_kernels()->normal(&high, 0, 0, N, x[3]);
    mqc_rng_kernels()->normal(&base, 0, 1, N, x[4]);
    for (size_t a = 0; a < 5; a++) {
        for (size_t b = 0; b < a; b++) {
            double correlation = 0;
            for (size_t i = 0; i < N; i++)
                correlation += (double)x[a][i] * (double)x[b][i] / N;
            ck_assert_double_lt(fabs(correlation), 6 / sqrt(N));
        }
    }
}
END_TEST

START_TEST(permutations) {
    enum { N = 1000, ROUNDS = 5000 };
    static uint32_t order[N], again[N], words[2 * N];
    static unsigned seen[N];
    double first_mean = 0;
    for (uint64_t draw = 0; draw < ROUNDS; draw++) {
        mqc_rng_permutation(9, draw, N, order, words);
        memset(seen, 0, sizeof seen);
        for (size_t i = 0; i < N; i++)
            seen[order[i]]++;
        size_t once = 0;
        for (size_t i = 0; i < N; i++)
            once += seen[i] == 1;
        ck_assert_uint_eq(once, N);
        first_mean += (double)order[0] / ROUNDS;
    }
    ck_assert_double_eq_tol(first_mean, (N - 1) / 2.0, 6 * (double)N / sqrt(12.0 * ROUNDS));
    mqc_rng_permutation(9, ROUNDS - 1, N, again, words);
    ck_assert_mem_eq(order, again, sizeof order);
}
END_TEST

RUN_TESTS("rng", philox_known_answers, frozen_values, pieces_and_instruction_sets,
          list_takes_any_draw, normal_moments_and_distribution, normal_tail, normal_is_box_muller,
          uniform_range_and_mean, streams_seeds_and_draws_differ, permutations)
