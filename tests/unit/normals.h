/* SPDX-License-Identifier: BSD-3-Clause */
/* Standard normal numbers for weights and inputs. */
#ifndef MEMQC_TESTS_NORMALS_H
#define MEMQC_TESTS_NORMALS_H

#include "rng/rng.h"

static inline void normals(uint64_t seed, uint64_t draw, size_t n, float *x) {
    const struct mqc_rng rng = mqc_rng_make(seed, MQC_STREAM_INIT);
    mqc_rng_kernels()->normal(&rng, 0, draw, n, x);
}

#endif
