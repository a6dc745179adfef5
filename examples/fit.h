/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of the program fit. */
#ifndef MEMQC_EXAMPLES_FIT_H
#define MEMQC_EXAMPLES_FIT_H

#include "csv.h"

#include <memqc/memqc.h>

enum { FIT_LAYERS = 8 };

/* Rules, which add up. */
enum { FIT_MIXED = 1, FIT_NEAREST = 2, FIT_FLOAT = 4 };

struct fit_options {
    const char *file, *generate, *data;
    int32_t model;
    int rules;
    size_t draws, seeds; /* devices, and networks on each; without seeds nothing is trained */
    size_t epochs, train, test;
    size_t batch; /* 0: as it suits the rule */
    double rate;  /* 0: the same */
    size_t n_hidden, hidden[FIT_LAYERS];
};

/* What was fitted, and how well each candidate describes it. */
int fit_report(const struct curves *curves, const memqc_device *device);

/* Trains networks on devices that the curves allow, and prints the accuracy. */
int fit_train(const struct fit_options *options, const struct curves *curves,
              const memqc_device *device);

/* The rules of a name, such as "both"; nonzero where there is none. */
int fit_rule(const char *name, int *value);

/* Prints one of the example files: "hfox-a" or "soft-bounds". */
int fit_generate(const char *name);

/* Name of a candidate, NULL past the last one. */
const char *fit_candidate(size_t index, int32_t *candidate);

#endif
