/* SPDX-License-Identifier: BSD-3-Clause */
/* The only door to BLAS. OpenBLAS prints on a bad argument and goes on, so sizes are checked here,
 * before it sees them. Matrices are row-major. Products with few columns are the library's own:
 * they give the same bits on every machine and are faster there. */
#ifndef MQC_LA_BLAS_H
#define MQC_LA_BLAS_H

#include <memqc/base.h>

/* Up to so many columns the library's own product is faster than OpenBLAS, which is made for large
 * ones. */
enum { MQC_THIN = 32 };

enum mqc_transpose { MQC_PLAIN, MQC_TRANSPOSED };

/* C = alpha op(A) op(B) + beta C, op(A) of m x k, op(B) of k x n, C of m x n; all sizes 1 or more.
 * Where m is 1 and A is plain, it is a matrix-vector product. */
memqc_status mqc_sgemm(enum mqc_transpose ta, enum mqc_transpose tb, size_t m, size_t n, size_t k,
                       float alpha, const float *a, size_t lda, const float *b, size_t ldb,
                       float beta, float *c, size_t ldc);

/* As mqc_sgemm(), in double precision. */
memqc_status mqc_dgemm(enum mqc_transpose ta, enum mqc_transpose tb, size_t m, size_t n, size_t k,
                       double alpha, const double *a, size_t lda, const double *b, size_t ldb,
                       double beta, double *c, size_t ldc);

#endif
