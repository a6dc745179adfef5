/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the program `saved` share: training data, and how answers are printed. */
#ifndef MEMQC_TESTS_SAVED_H
#define MEMQC_TESTS_SAVED_H

#include "digest.h"

enum { COUNT_OF_COSTS = 4, MOST_CELLS = 64 };

/* How many elements an array has. */
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- writing: saved.c has the folder --- */

/* The path of a new file, valid until the next call. */
const char *saved_path(const char *name);

void saved_write_devices(void);
void saved_write_arrays(void);
void saved_write_networks(void);

/* Devices that other objects are made of. */
memqc_device *saved_table(void);
memqc_device *saved_jumps(void);
memqc_device *saved_levels(int quantiles);

/* --- answers: a line each, `  name = values`. All digits of a number are printed. --- */

void saved_floats(const char *name, size_t n, const float *x);
void saved_doubles(const char *name, size_t n, const double *x);
void saved_ints(const char *name, size_t n, const int32_t *x);
/* The first values, and a hash of all. */
void saved_hash(const char *name, size_t n, const float *x);

/* The functions of a noun that describe its parameters. */
struct saved_noun {
    const char *(*text)(int32_t key, int32_t what);
    memqc_status (*value)(int32_t key, int32_t what, double *value);
    const char *(*choice)(int32_t key, int32_t value);
};
extern const struct saved_noun saved_array_keys;

/* A parameter, unless it has the value of a new object: what later versions add is not printed. */
void saved_parameter(const struct saved_noun *noun, int32_t key, double value);

void saved_answer_device(memqc_device *device);
void saved_answer_array(memqc_crossbar *xb);
void saved_answer_network(memqc_mlp *mlp);

#endif
