/* SPDX-License-Identifier: BSD-3-Clause */
/* Error text, allocation, and the matrix product's door. */
#include "test.h"

#include "core/alloc.h"
#include "core/error.h"
#include "la/blas.h"
#include "la/kernels.h"

#include <cblas.h>
#include <float.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

MQC_PRINTF(1, 2)
static const char *text(const char *fmt, ...) {
    static char out[128];
    va_list args;
    va_start(args, fmt);
    mqc_format(out, sizeof out, fmt, args);
    va_end(args);
    return out;
}

START_TEST(format_conversions) {
    ck_assert_str_eq(text("%s %d %d %u 100%%", "a", -5, INT_MIN, UINT_MAX),
                     "a -5 -2147483648 4294967295 100%");
    ck_assert_str_eq(text("%zu %lu %llu", SIZE_MAX, 7ul, ULLONG_MAX),
                     SIZE_MAX == UINT32_MAX ? "4294967295 7 18446744073709551615"
                                            : "18446744073709551615 7 18446744073709551615");
    const char *volatile nothing = NULL;
    ck_assert_str_eq(text("%s|%g", nothing, 1.5), "(null)|1.5");
}
END_TEST

START_TEST(format_numbers) {
    ck_assert_str_eq(text("%g %g %g %g", 0.0, -0.0, 1.0, -1.0), "0 -0 1 -1");
    ck_assert_str_eq(text("%g %g %g", 0.00124, 77.5e-6, 4096.0), "0.00124 0.0000775 4096");
    ck_assert_str_eq(text("%g %g %g", 1e-15, 1e6, 123456789.0), "1e-15 1000000 123456789");
    ck_assert_str_eq(text("%g %g %g", 1e9, 1.5e300, 9.9999999999), "1e9 1.5e300 10");
    ck_assert_str_eq(text("%g %g %g", (double)NAN, (double)INFINITY, -(double)INFINITY),
                     "nan inf -inf");
    ck_assert_str_eq(text("%g", 4.94065645841e-324), "4.94065646e-324");
    ck_assert_str_eq(text("%g", DBL_MAX), "1.79769313e308");
}
END_TEST

START_TEST(format_numbers_survive_the_round_trip) {
    double value = 1.2345678912345e-12;
    for (int i = 0; i < 200; i++, value *= -1.317) {
        const double back = strtod(text("%g", value), NULL);
        ck_assert_double_eq_tol(back, value, 1e-8 * fabs(value));
    }
}
END_TEST

START_TEST(format_cuts_what_does_not_fit) {
    mqc_fail(
        MEMQC_ERROR_ARGUMENT, "%s%s",
        "long text, long text, long text, long text, long text, long text, long text, long text, "
        "long text, long text, long text, long text, long text, long text, long text, long text, "
        "long text, long text, ",
        "long text, long text, long text, long text, long text, long text, long text, long text, "
        "long text, long text, long text, "
        "long text, long text, long text, long text, long text, long text, long text, long text, "
        "long text, long text, long text, "
        "long text, long text, long text, long text, long text, long text, long text, long text, "
        "long text, long text, ");
    ck_assert_uint_eq(strlen(memqc_last_error()), 511);
}
END_TEST

START_TEST(allocations_are_aligned_zeroed_and_checked) {
    for (size_t n = 0; n < 300; n += 37) {
        unsigned char *memory = mqc_alloc(n, 3);
        ck_assert_ptr_nonnull(memory);
        ck_assert_uint_eq((uintptr_t)memory % 64, 0);
        for (size_t i = 0; i < 3 * n; i++)
            ck_assert_uint_eq(memory[i], 0);
        mqc_free(memory);
    }
    ck_assert_ptr_null(mqc_alloc(SIZE_MAX / 2, 3));
    ck_assert_ptr_nonnull(strstr(memqc_last_error(), "out of memory"));
    ck_assert_ptr_null(mqc_alloc(SIZE_MAX, 1));
    mqc_free(NULL);
}
END_TEST

static float pattern(size_t i) {
    return (float)((double)((i * 2654435761u) % 1000) / 500.0 - 1.0);
}

/* op(A) op(B) in double, term by term. */
static double reference(int ta, int tb, size_t i, size_t j, size_t k, const float *a, size_t lda,
                        const float *b, size_t ldb) {
    double sum = 0;
    for (size_t p = 0; p < k; p++)
        sum += (double)(ta ? a[p * lda + i] : a[i * lda + p]) *
               (double)(tb ? b[j * ldb + p] : b[p * ldb + j]);
    return sum;
}

START_TEST(products_of_all_shapes) {
    enum { MOST = 70 * 600 };
    static float a[MOST], b[MOST], c[MOST];
    static const size_t shapes[][3] = {{1, 1, 1},    {1, 16, 16},   {3, 10, 7},   {9, 16, 300},
                                       {17, 17, 2},  {20, 32, 600}, {1, 40, 9},   {8, 33, 50},
                                       {5, 40, 256}, {64, 15, 65},  {10, 16, 513}};
    for (size_t i = 0; i < MOST; i++) {
        a[i] = pattern(i);
        b[i] = pattern(i + 77777);
    }
    for (size_t s = 0; s < 4 * sizeof shapes / sizeof *shapes; s++) {
        const size_t m = shapes[s / 4][0], n = shapes[s / 4][1], k = shapes[s / 4][2];
        const enum mqc_transpose ta = s & 1 ? MQC_TRANSPOSED : MQC_PLAIN,
                                 tb = s & 2 ? MQC_TRANSPOSED : MQC_PLAIN;
        const size_t lda = (ta ? m : k) + 1, ldb = (tb ? k : n) + 2, ldc = n + 3;
        for (int beta = 0; beta < 3; beta++) {
            for (size_t i = 0; i < m * ldc; i++)
                c[i] = beta ? pattern(i) : NAN; /* with beta 0, C is not read */
            OK(mqc_sgemm(ta, tb, m, n, k, 0.5f, a, lda, b, ldb, (float)beta, c, ldc));
            for (size_t i = 0; i < m; i++)
                for (size_t j = 0; j < n; j++)
                    ck_assert_double_eq_tol((double)c[i * ldc + j],
                                            0.5 * reference(ta, tb, i, j, k, a, lda, b, ldb) +
                                                (beta ? beta * (double)pattern(i * ldc + j) : 0),
                                            1e-6 * (2 + (double)k));
            for (size_t i = 0; i + 1 < m && beta; i++) /* and nothing beside it is written */
                ck_assert(c[i * ldc + n] == pattern(i * ldc + n));
        }
    }
}
END_TEST

START_TEST(thin_products_are_equal_on_every_instruction_set) {
    enum { M = 21, N = 26, K = 301 };
    const struct mqc_la_kernels *const all[MQC_ISA_COUNT] = MQC_KERNEL_TABLES(mqc_la_kernels);
    static float a[M * K], b[K * N], c[M * N], other[M * N];
    for (size_t i = 0; i < M * K; i++)
        a[i] = pattern(i);
    for (size_t i = 0; i < K * N; i++)
        b[i] = pattern(i + 5);
    const struct mqc_view av = {a, K, 1}, bv = {b, N, 1};
    all[0]->thin_product(M, N, K, 0.3f, av, bv, 0, c, N);
    for (size_t t = 1; t <= (size_t)mqc_isa(); t++) {
        all[t]->thin_product(M, N, K, 0.3f, av, bv, 0, other, N);
        ck_assert_mem_eq(c, other, sizeof c);
    }
}
END_TEST

START_TEST(bad_shapes_are_refused) {
    float x[4] = {0};
    FAILS(MEMQC_ERROR_ARGUMENT, "sizes must be",
          mqc_sgemm(MQC_PLAIN, MQC_PLAIN, 0, 2, 2, 1, x, 2, x, 2, 0, x, 2));
    FAILS(MEMQC_ERROR_ARGUMENT, "sizes must be",
          mqc_sgemm(MQC_PLAIN, MQC_PLAIN, 2, 2, 2, 1, x, 1, x, 2, 0, x, 2));
    FAILS(MEMQC_ERROR_ARGUMENT, "sizes must be",
          mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, 3, 2, 2, 1, x, 2, x, 2, 0, x, 2));
    FAILS(MEMQC_ERROR_ARGUMENT, "sizes must be",
          mqc_sgemm(MQC_PLAIN, MQC_PLAIN, (size_t)1 << 31, 2, 2, 1, x, 2, x, 2, 0, x, 2));
}
END_TEST

RUN_TESTS("core", format_conversions, format_numbers, format_numbers_survive_the_round_trip,
          format_cuts_what_does_not_fit, allocations_are_aligned_zeroed_and_checked,
          products_of_all_shapes, thin_products_are_equal_on_every_instruction_set,
          bad_shapes_are_refused)
