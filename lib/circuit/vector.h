/* SPDX-License-Identifier: BSD-3-Clause */
/* Eight numbers, on every instruction set: what kernels of circuits compute with. */
#ifndef MQC_CIRCUIT_VECTOR_H
#define MQC_CIRCUIT_VECTOR_H

#include <string.h>

enum { MQC_VECTOR = 8 };

typedef double vector __attribute__((vector_size(MQC_VECTOR * sizeof(double))));

static inline vector load(const double *from) {
    vector v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline void store(double *to, vector v) {
    memcpy(to, &v, sizeof v);
}

#endif
