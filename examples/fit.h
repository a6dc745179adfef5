/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of the program fit. */
#ifndef MEMQC_EXAMPLES_FIT_H
#define MEMQC_EXAMPLES_FIT_H

#include "csv.h"

#include <memqc/memqc.h>

enum { FIT_LAYERS = 8 };

struct fit_options {
    const char *file, *generate, *data;
    int32_t model, rule;
    size_t seeds, epochs, train, test, batch;
    double rate;
    size_t n_hidden, hidden[FIT_LAYERS];
};

/* What was fitted, and how well each candidate describes it. */
int fit_report(const struct curves *curves, const memqc_device *device);

/* Trains the network on the device and prints its accuracy. */
int fit_train(const struct fit_options *options, const memqc_device *device);

/* Prints one of the example files: "hfox-a" or "soft-bounds". */
int fit_generate(const char *name);

/* Name of a candidate, NULL past the last one. */
const char *fit_candidate(size_t index, int32_t *candidate);

#endif
