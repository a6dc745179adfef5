/* SPDX-License-Identifier: BSD-3-Clause */
/* The images that the examples train on: MNIST or a relative of it where one is found, else
 * synthetic digits. */
#ifndef MEMQC_EXAMPLES_DATA_H
#define MEMQC_EXAMPLES_DATA_H

#include <stddef.h>
#include <stdint.h>

enum { DATA_CLASSES = 10, DATA_PATH_SIZE = 4096 };

struct data_set {
    size_t n, rows, cols;
    float *x;        /* n x rows*cols, 0 to 1: byte / 255 */
    int32_t *labels; /* n, 0 to 9 */
};

struct data {
    char source[2 * DATA_PATH_SIZE]; /* which data it is and where it comes from, for people */
    struct data_set train, test;
};

/* Where to look, in this order; NULL skips a place. The first two are named by the user, so they
 * must have the data. The others are only tried: a folder that lacks one of the four files is
 * passed over, but a file that is there and damaged is an error. */
struct data_folders {
    const char *argument;    /* --data DIR */
    const char *environment; /* $MEMQC_DATA */
    const char *cache;       /* where get-mnist.sh puts MNIST */
    const char *system;      /* Debian's dataset-fashion-mnist */
};

/* Looks in folder_or_null, $MEMQC_DATA, $XDG_CACHE_HOME/memqc/mnist (or ~/.cache/memqc/mnist) and
 * /usr/share/datasets/fashion-mnist, and else makes that many synthetic digits. The counts and the
 * seed have no influence on data that were found. Nonzero on failure, with d empty and a sentence
 * in error. */
int data_load(struct data *d, const char *folder_or_null, size_t synthetic_train,
              size_t synthetic_test, uint64_t seed, char *error, size_t error_size);

/* The same with the places given by the caller. */
int data_load_from(struct data *d, const struct data_folders *folders, size_t synthetic_train,
                   size_t synthetic_test, uint64_t seed, char *error, size_t error_size);

/* Accepts data that is zero or already freed. */
void data_free(struct data *d);

#endif
