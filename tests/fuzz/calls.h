/* SPDX-License-Identifier: BSD-3-Clause */
/* Sequences of calls on an object. Each call is made twice: on the object, and on a twin that was
 * saved and loaded (or copied) after the call before. What must hold after every call:
 *
 *   - both have the same status, results and bytes;
 *   - after a failure, the bytes are those before it, and there is an error text. */
#ifndef MEMQC_FUZZ_CALLS_H
#define MEMQC_FUZZ_CALLS_H

#include "fuzz.h"

struct call {
    const char *name;
    memqc_status (*make)(struct fuzz *f);
};

struct group {
    const struct call *calls;
    size_t n;
};

enum { MOST_GROUPS = 3 };

struct bytes {
    unsigned char *data;
    size_t size;
};

/* A kind of object. */
struct subject {
    const struct group *group[MOST_GROUPS];
    /* All that can be known of an object, in memory of malloc(): its saved bytes where it can be
     * saved. */
    struct bytes (*snapshot)(void *object);
    /* Another object by saving and loading, or by copying. */
    void *(*reload)(void *object);
    void *(*copy)(void *object);
    void (*destroy)(void *object);
    /* May it take seconds to work with? Then no call is made. */
    int (*is_large)(void *object);
};

extern const struct group device_calls, effect_calls, crossbar_calls, read_calls, mlp_calls,
    study_calls;
extern const struct subject device_subject, crossbar_subject, mlp_subject;

/* Makes calls as the bytes say, so many at most, and destroys the object. */
void run_calls(const struct subject *subject, void *object, struct fuzz *f, int most);

/* A loaded object: nothing of it makes a call last for minutes. */
void tame_crossbar(memqc_crossbar *crossbar);
void tame_mlp(memqc_mlp *mlp);

/* The bytes of a file as those that choose calls on what it holds. */
struct fuzz calls_by(const uint8_t *data, size_t size, uint8_t *room, size_t n);

/* A device beside the states of cells that the caller keeps. */
enum { BENCH_CELLS = 6 };
struct bench {
    memqc_device *device;
    float state[BENCH_CELLS], g[BENCH_CELLS];
    int32_t traps[BENCH_CELLS];
    double cost[MEMQC_DEVICE_COSTS];
};
struct bench *make_bench(memqc_device *device);

/* Grows a snapshot. */
void add_bytes(struct bytes *bytes, const void *data, size_t size);

/* --- calls in more than one file --- */

memqc_status give_table(struct fuzz *f, memqc_device *device);
memqc_status give_levels(struct fuzz *f, memqc_device *device);
memqc_status give_jumps(struct fuzz *f, memqc_device *device);
memqc_status give_custom(struct fuzz *f, memqc_device *device);
memqc_status give_settings(struct fuzz *f, memqc_device *device);

/* A progress function that asks to stop at a call; user: struct stop. */
struct stop {
    int after;
};
int32_t stop_after(void *user, const double *at, size_t n);

#endif
