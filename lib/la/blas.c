/* SPDX-License-Identifier: BSD-3-Clause */
#include "la/blas.h"
#include "core/error.h"
#include "la/kernels.h"

#include <cblas.h>

const struct mqc_la_kernels *mqc_la_kernels(void) {
    static const struct mqc_la_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_la_kernels);
    return tables[mqc_isa()];
}

static void thin_sgemm(enum mqc_transpose ta, enum mqc_transpose tb, size_t m, size_t n, size_t k,
                       float alpha, const float *a, size_t lda, const float *b, size_t ldb,
                       float beta, float *c, size_t ldc) {
    const struct mqc_view av = {a, ta ? 1 : lda, ta ? lda : 1},
                          bv = {b, tb ? 1 : ldb, tb ? ldb : 1};
    mqc_la_kernels()->thin_product(m, n, k, alpha, av, bv, beta, c, ldc);
}

static const size_t largest = 0x7fffffff;

static int fits(size_t rows, size_t cols, size_t ld) {
    return rows >= 1 && cols >= 1 && rows <= largest && ld <= largest && ld >= cols;
}

static memqc_status check_sizes(enum mqc_transpose ta, enum mqc_transpose tb, size_t m, size_t n,
                                size_t k, size_t lda, size_t ldb, size_t ldc) {
    if (fits(ta ? k : m, ta ? m : k, lda) && fits(tb ? n : k, tb ? k : n, ldb) && fits(m, n, ldc))
        return MEMQC_OK;
    return mqc_fail(MEMQC_ERROR_ARGUMENT,
                    "matrix product of %zu x %zu by %zu x %zu with leading dimensions %zu, %zu, "
                    "%zu: sizes must be 1 .. 2^31 - 1 and leading dimensions no less than a row",
                    m, k, k, n, lda, ldb, ldc);
}

memqc_status mqc_sgemm(enum mqc_transpose ta, enum mqc_transpose tb, size_t m, size_t n, size_t k,
                       float alpha, const float *a, size_t lda, const float *b, size_t ldb,
                       float beta, float *c, size_t ldc) {
    MQC_TRY(check_sizes(ta, tb, m, n, k, lda, ldb, ldc));
    if (n <= MQC_THIN)
        thin_sgemm(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    else if (m == 1 && ta == MQC_PLAIN)
        cblas_sgemv(CblasRowMajor, tb ? CblasNoTrans : CblasTrans, (blasint)(tb ? n : k),
                    (blasint)(tb ? k : n), alpha, b, (blasint)ldb, a, 1, beta, c, 1);
    else
        cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,
                    (blasint)m, (blasint)n, (blasint)k, alpha, a, (blasint)lda, b, (blasint)ldb,
                    beta, c, (blasint)ldc);
    return MEMQC_OK;
}

memqc_status mqc_dgemm(enum mqc_transpose ta, enum mqc_transpose tb, size_t m, size_t n, size_t k,
                       double alpha, const double *a, size_t lda, const double *b, size_t ldb,
                       double beta, double *c, size_t ldc) {
    MQC_TRY(check_sizes(ta, tb, m, n, k, lda, ldb, ldc));
    cblas_dgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,
                (blasint)m, (blasint)n, (blasint)k, alpha, a, (blasint)lda, b, (blasint)ldb, beta,
                c, (blasint)ldc);
    return MEMQC_OK;
}
