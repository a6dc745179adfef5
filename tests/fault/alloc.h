/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls whose allocations fail: what they work on, and what is tried with each of them. */
#ifndef MEMQC_TESTS_ALLOC_H
#define MEMQC_TESTS_ALLOC_H

#include "test.h"
#include "unit/even_steps.h"

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
enum { QUANTILES = 3, LADDER = 10 };

extern const size_t sizes[3];
extern float w[CELLS], dw[CELLS], x[SAMPLES * ROWS];
extern const int32_t labels[SAMPLES];
extern char own_file[]; /* the name of a file of this process, removed in the end */
/* The object of a scenario, saved while there was memory enough. */
extern unsigned char saved[1 << 16];
extern size_t saved_size;
extern int nowhere; /* an address that a failing create must overwrite */
/* Tables of a table device and of a jumps device, and levels with their quantiles. */
extern const float nodes[3], rises[3], jumps[3 * QUANTILES];
extern const float ladder[LADDER], around[LADDER * QUANTILES];

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
    void (*prepare)(struct world *world); /* before anything may fail; NULL: nothing to do */
    int32_t mapping, normalization; /* of a crossbar, in two slices where REFERENCE or TWO_SIDED;
                                       without normalization, of a network: RULES times its rule
                                       more */
    int past;     /* NEW, USED: programmed or trained for two epochs, STOPPED: in the midst of the
                     next */
    int at_least; /* so many allocations; 0 where the call may need none */
    const char *preset; /* or a name of world.c; NULL: a network in floats */
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

/* Networks in floats and on arrays of both kinds. */
#define NETWORK(what, state, past, with_float, single, pair)                            \
    {#what ", " state ", float", what, NULL, SINGLE, 0, past, with_float, NULL},        \
        {#what ", " state ", single", what, NULL, SINGLE, 0, past, single, "hfox-a"}, { \
#what ", " state ", pair", what, NULL, PAIR, 0, past, pair, "hfox-a"            \
    }

/* Under the rules that keep more than levels. */
#define UNDER(what, rule, state, past, at_least)                                                \
    {                                                                                           \
#what ", " state ", " #rule, what, NULL, PAIR + RULES *MEMQC_##rule, 0, past, at_least, \
            "hfox-a"                                                                            \
    }
#define EACH_RULE(what, state, past, at_least)                             \
    UNDER(what, CROSSBAR_RULE_STOCHASTIC, state, past, at_least),          \
        UNDER(what, CROSSBAR_RULE_SIGN, state, past, at_least),            \
        UNDER(what, CROSSBAR_RULE_MIXED_PRECISION, state, past, at_least), \
        UNDER(what, CROSSBAR_RULE_ONE_DIRECTIONAL, state, past, at_least), \
        UNDER(what, MLP_RULE_NOISE_AWARE, state, past, at_least)

void fill_arrays(void);
void open_world(struct world *world, const struct scenario *scenario);
void close_world(struct world *world);
/* Saves the object that a scenario is about. */
memqc_status save_world(const struct world *world, unsigned char *bytes, size_t room, size_t *size);

/* Tries all scenarios, and a test beside them (NULL: none); returns the exit status of the program. */
int run_scenarios(const char *name, const struct scenario *scenarios, size_t count,
                  const TTest *test);

#endif
