/* SPDX-License-Identifier: BSD-3-Clause */
/* Groups of benchmarks that are measured together. Define _POSIX_C_SOURCE before. */
#ifndef MEMQC_TESTS_BENCH_H
#define MEMQC_TESTS_BENCH_H

#include "common.h"

enum { MOST_OF_A_GROUP = 6 };

extern volatile float sink; /* results that nobody looks at may not be left out */

/* A fast hash, so that inputs cost nothing. */
static inline uint32_t scramble(size_t i) {
    uint32_t x = (uint32_t)i * 2654435769u;
    x ^= x >> 15;
    x *= 2246822519u;
    return x ^ x >> 13;
}

static inline float uniform(size_t i) {
    return (float)(scramble(i) >> 8) * 0x1p-24f;
}

struct benchmark {
    const char *name, *baseline; /* NULL: none */
    void (*run)(void);
    double items; /* that one run does */
};

struct group {
    const char *name;
    void (*open)(void);
    void (*close)(void);
    size_t repetitions, n;
    struct benchmark benchmark[MOST_OF_A_GROUP];
};

/* Both end with a group without a name. */
extern const struct group array_groups[], pulse_groups[], network_groups[];

/* The sizes of the paper's first layer. */
enum { INPUTS = 784, HIDDEN = 16 };

#endif
