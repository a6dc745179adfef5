/* SPDX-License-Identifier: BSD-3-Clause */
/* Keyed parameters. A noun has one table; a parameter's row in it is the only place that knows its
 * key, name, unit, group, range, kind, choices and meaning, who uses it, when it is settled and what
 * a change of it makes stale. The public functions of a noun that describe its parameters, and all
 * checks that need no other object, are made from the table by the functions here.
 *
 * Keys of a noun are contiguous from its first one. An array of values has `count` elements, and
 * holds the value of a key at key - first. */
#ifndef MQC_CORE_KEYS_H
#define MQC_CORE_KEYS_H

#include <memqc/base.h>

/* The name of a value of a choice. Lists end with a name that is NULL. */
struct mqc_choice {
    int32_t value;
    const char *name; /* lower case, with hyphens: "mixed-precision" */
};

/* A key has an effect only where another one, which has an effect itself, is low .. high. */
struct mqc_need {
    int32_t key; /* 0: no condition */
    double low, high;
    const char *text; /* such as "only scheme = verify uses it" */
};

enum {
    MQC_KEY_BY_LAYER = 1, /* layers of a network may differ in it */
    MQC_KEY_SETTLED = 2   /* creation or the first programming settles it */
};

struct mqc_key {
    int32_t key;
    const char *name, *unit, *group, *text;
    int32_t kind; /* MEMQC_KIND_... */
    double min, max, initial;
    const struct mqc_choice *choices; /* of MEMQC_KIND_CHOICE: all values from min to max */
    int flags;                        /* MQC_KEY_... */
    uint32_t users;                   /* devices: a bit for each model that uses it */
    uint32_t stale;                   /* arrays: what a change makes stale, bits of their own */
    struct mqc_need need;
};

/* A noun's parameters, in the order of their keys. */
struct mqc_keys {
    const char *noun; /* "device": functions are named memqc_device_... */
    int32_t first;
    size_t count;
    const struct mqc_key *rows;
};

/* The row of a key; NULL where the noun has no such key. */
static inline const struct mqc_key *mqc_key_row(const struct mqc_keys *keys, int32_t key) {
    const int64_t index = (int64_t)key - keys->first;
    return index >= 0 && (uint64_t)index < keys->count ? &keys->rows[index] : NULL;
}

/* Refuses what is no key of the noun, naming the constant that it is. `function` is the public
 * function that was called. */
memqc_status mqc_keys_known(const struct mqc_keys *keys, const char *function, int32_t key);

/* Refuses a value that the row alone rules out: range, whole numbers, choices. */
memqc_status mqc_keys_check(const struct mqc_keys *keys, const char *function, int32_t key,
                            double value);

/* The value that an object has for a key. */
typedef double mqc_value_of(const void *object, int32_t key);

/* Why a key has no effect now, by its need and the needs of those; NULL where it has one. */
const char *mqc_keys_unused(const struct mqc_keys *keys, mqc_value_of *value_of, const void *object,
                            int32_t key);

/* The ARGUMENT of a set that would have no effect. */
memqc_status mqc_keys_refuse_unused(const struct mqc_keys *keys, const char *function, int32_t key,
                                    double value, const char *why);

/* The STATE of a set that comes too late; a choice is named. why: "the array is programmed, which
 * settled it". */
memqc_status mqc_key_settled(const struct mqc_key *row, const char *function, double value,
                             const char *why);

/* The table's part of a set of several: pointers, keys that come twice, mqc_keys_check() of each.
 * n = 0 is fine. */
memqc_status mqc_keys_check_many(const struct mqc_keys *keys, const char *function, size_t n,
                                 const int32_t *key, const double *values);

/* Initial values into an array of count values. */
void mqc_keys_initial(const struct mqc_keys *keys, double *values);

/* What the public functions of the same names return; they only add their own name. */
int32_t mqc_keys_at(const struct mqc_keys *keys, size_t index);
memqc_status mqc_keys_find(const struct mqc_keys *keys, const char *function, const char *name,
                           int32_t *key);
const char *mqc_keys_text(const struct mqc_keys *keys, const char *function, int32_t key,
                          int32_t what);
memqc_status mqc_keys_value(const struct mqc_keys *keys, const char *function, int32_t key,
                            int32_t what, double *value);
const char *mqc_keys_choice_name(const struct mqc_keys *keys, const char *function, int32_t key,
                                 int32_t value);
memqc_status mqc_keys_choice(const struct mqc_keys *keys, const char *function, int32_t key,
                             const char *name, int32_t *value);

#endif
