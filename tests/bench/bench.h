/* SPDX-License-Identifier: BSD-3-Clause */
/* Workloads whose times are put beside each other by bench.py. Define _POSIX_C_SOURCE before. */
#ifndef MEMQC_TESTS_BENCH_H
#define MEMQC_TESTS_BENCH_H

#include "common.h"

enum { MOST_OF_A_GROUP = 10 };

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

struct workload {
    const char *name;
    void (*run)(void);
    double items;          /* that one run does */
    void (*prepare)(void); /* before each run, and not counted; NULL: nothing */
};

/* Workloads that share their inputs. */
struct group {
    const char *name;
    void (*open)(void);
    void (*close)(void);
    size_t n;
    struct workload workload[MOST_OF_A_GROUP];
};

/* Each ends with a group without a name. */
extern const struct group array_groups[], cell_groups[], circuit_groups[], draw_groups[],
    epoch_groups[], pulse_groups[], sample_groups[], thread_groups[];

/* What a workload says besides taking time. The result of a run is a number and no time: */
void count_instead(double number);
/* It cannot be measured with this library, and why. */
void is_absent(const char *why);
/* Numbers by which the caller may see that the run did what it should; they must live on. */
void has_answers(const double *answers, size_t n);

/* The folder with images that the caller asked for, or NULL. */
const char *data_folder(void);

/* The sizes of the paper's first layer, and those of the larger network. */
enum { INPUTS = 784, HIDDEN = 16, WIDE = 256, CLASSES = 10 };

#endif
