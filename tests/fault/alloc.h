/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls whose allocations fail: what they work on, and what is tried with each of them. */
#ifndef MEMQC_TESTS_ALLOC_H
#define MEMQC_TESTS_ALLOC_H

#include "test.h"

enum {
    ROWS = 6,
    COLS = 5,
    SAMPLES = 9,
    BATCH = 4,
    CELLS = ROWS * COLS,
    SEED = 11,
    MOST_ALLOCATIONS = 1000
};
enum { OUTPUTS = 3, LAYERS = 2 };

extern const size_t sizes[3];
extern float w[CELLS], dw[CELLS], x[SAMPLES * ROWS];
extern const int32_t labels[SAMPLES];
extern const char checkpoint[]; /* a file, removed in the end */
/* The network of a scenario, saved while there was memory enough. */
extern unsigned char saved[1 << 16];
extern size_t saved_size;
extern int nowhere; /* an address that a failing create must overwrite */

struct scenario;

/* The objects of one attempt: a device and one of the other two. What a call writes goes to result,
 * what it makes to made. */
struct world {
    const struct scenario *scenario;
    memqc_device *device, *made_device;
    memqc_crossbar *xb, *made_xb;
    memqc_mlp *mlp, *made_mlp;
    float result[SAMPLES * (ROWS + COLS)];
    uint64_t counts[OUTPUTS * OUTPUTS];
};

enum { NEW, USED, STOPPED, RULES = 10000 };

struct scenario {
    const char *name;
    memqc_status (*call)(struct world *world);
    int32_t mapping, normalization; /* of a crossbar, in two slices where REFERENCE or TWO_SIDED;
                                       without normalization, of a network: RULES times its rule
                                       more */
    int past;     /* NEW, USED: programmed or trained for two epochs, STOPPED: in the midst of the
                     next */
    int at_least; /* so many allocations; 0 where the call may need none */
    const char *preset; /* NULL: a network in floats */
};

enum { SINGLE = MEMQC_CROSSBAR_MAPPING_SINGLE, PAIR = MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL };
enum {
    FIXED = MEMQC_CROSSBAR_NORMALIZATION_FIXED,
    ARRAY = MEMQC_CROSSBAR_NORMALIZATION_ARRAY,
    COLUMN = MEMQC_CROSSBAR_NORMALIZATION_COLUMN
};

enum {
    REFERENCE = MEMQC_CROSSBAR_MAPPING_REFERENCE,
    TWO_SIDED = MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED
};

/* Tries all scenarios, and a test beside them (NULL: none); returns the exit status of the program. */
int run_scenarios(const char *name, const struct scenario *scenarios, size_t count,
                  const TTest *test);

#endif
