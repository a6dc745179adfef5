/* SPDX-License-Identifier: BSD-3-Clause */
/* Random numbers that the library has no part in. */
#ifndef MEMQC_TESTS_RANDOM_H
#define MEMQC_TESTS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

static uint64_t random_state;

/* xorshift64*: nothing that the library has a part in. */
static inline double uniform(double low, double high) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    const double unit = (double)((random_state * UINT64_C(2685821657736338717)) >> 11) * 0x1p-53;
    return low + (high - low) * unit;
}

static inline void fill(size_t n, float *x, double low, double high) {
    for (size_t i = 0; i < n; i++)
        x[i] = (float)uniform(low, high);
}

static inline void setup(void) {
    random_state = UINT64_C(88172645463325252);
}

#endif
