/* SPDX-License-Identifier: BSD-3-Clause */
/* What the fuzz targets share. A target reads the bytes that a fuzzer makes up as choices, numbers
 * and arrays. Where something must hold and does not, it calls abort(), which the fuzzer takes for
 * a crash. */
#ifndef MEMQC_FUZZ_H
#define MEMQC_FUZZ_H

#include <memqc/memqc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What each target defines, by the names that libFuzzer calls. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition, ...)                                                              \
    do {                                                                                  \
        if (!(condition)) {                                                               \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__);                                                 \
            fprintf(stderr, "\nlast error: %s\n", memqc_last_error());                    \
            abort();                                                                      \
        }                                                                                 \
    } while (0)

enum { MOST_KEPT = 64 };

/* The bytes that are left, and what a call on an object has to do with. */
struct fuzz {
    const uint8_t *at, *end;
    void *object;  /* what the call is made on, or NULL to see it refused */
    void *real;    /* the same, never NULL */
    uint64_t seen; /* hash of what the call gave back */
    int studies;   /* calls that evaluated dozens of networks */
    size_t n_kept;
    void *kept[MOST_KEPT]; /* memory that lives until the call is over */
};

/* --- numbers: 0 where no bytes are left --- */

uint8_t take_byte(struct fuzz *f);
/* Below bound, which is 1 .. 65536. */
size_t take_below(struct fuzz *f, size_t bound);
/* One of a set of bits that libFuzzer sets seldom: about 1 in 32. */
int take_rarely(struct fuzz *f);
/* Any number: whole, a fraction, infinite, NaN, denormal, huge. */
double take_number(struct fuzz *f);
/* Mostly small; else at the ends of what the library allows somewhere. */
uint64_t take_wide(struct fuzz *f);
int32_t take_int(struct fuzz *f);

/* --- memory of exactly the size that a call may touch --- */

void *make_room(struct fuzz *f, size_t bytes);
void drop_rooms(struct fuzz *f);
/* n numbers: mostly all of -1 .. 1, else one or all of them odd. */
float *take_floats(struct fuzz *f, size_t n);
/* n conductances: 0 .. 1e-4, or as take_floats(). */
float *take_conductances(struct fuzz *f, size_t n);
int32_t *take_ints(struct fuzz *f, size_t n, int32_t least, int32_t most);
/* n places below the bound, seldom one beyond. */
size_t *take_places(struct fuzz *f, size_t n, size_t bound);
/* A leading dimension: width or a little more, seldom less. */
size_t take_ld(struct fuzz *f, size_t width);
/* rows x width numbers; what lies between the rows is NaN, which nobody may read. */
float *take_matrix(struct fuzz *f, size_t rows, size_t width, size_t *ld);
/* Room for rows x width values of 4 bytes. */
void *make_matrix(struct fuzz *f, size_t rows, size_t width, size_t *ld);
/* The pointer, or seldom NULL. */
void *or_null(struct fuzz *f, void *pointer);

/* --- what a call gave back --- */

void see(struct fuzz *f, const void *bytes, size_t size);
/* What was written to a place of make_matrix(). Nothing may be written between the rows. */
void see_matrix(struct fuzz *f, const void *values, size_t rows, size_t width, size_t ld);

/* --- parameters --- */

/* The parameters of an object of one kind, by its functions of the library. */
struct noun {
    size_t (*keys)(void);
    int32_t (*key_at)(size_t index);
    memqc_status (*key_value)(int32_t key, int32_t what, double *value);
    const char *(*key_text)(int32_t key, int32_t what);
    const char *(*choice_name)(int32_t key, int32_t value);
    memqc_status (*key)(const char *name, int32_t *key);
};

extern const struct noun device_noun, crossbar_noun, mlp_noun;

int32_t take_key(struct fuzz *f, const struct noun *noun);
/* Mostly of the parameter's range, and never one that makes calls last for minutes. */
double take_value(struct fuzz *f, const struct noun *noun, int32_t key);
/* A number of keys, each with its value. */
size_t take_settings(struct fuzz *f, const struct noun *noun, int32_t **keys, double **values);
/* Asks for texts and numbers of a key, which may be none. */
memqc_status ask_about_keys(struct fuzz *f, const struct noun *noun);
/* The most that a parameter may be here, or infinity. */
double most_of(int32_t key);

/* --- devices --- */

/* A device of any kind with some parameters set. NULL: none was made of it. */
memqc_device *take_device(struct fuzz *f);
/* Is the model a function of ours, which cannot be saved? */
int is_custom(const memqc_device *device);

#endif
