/* SPDX-License-Identifier: BSD-3-Clause */
/* What the hashes of networks share. */
#ifndef MEMQC_TESTS_DIGEST_MLP_H
#define MEMQC_TESTS_DIGEST_MLP_H

#include "digest.h"

enum { SAMPLES = 240, INPUTS = 70, CLASSES = 5 };

struct digest_data {
    float x[SAMPLES * INPUTS];
    int32_t labels[SAMPLES];
};

extern struct digest_data digest_data;

/* New network of the small or the large sizes, on a preset's cells where that is not NULL. A key of
 * settings is one of the network or of its arrays. */
memqc_mlp *digest_network(int large, const char *preset, const struct setting *settings);
void digest_train(memqc_mlp *mlp, int epochs);

/* Prints the hashes of a network, and destroys it. */
void digest_finish(memqc_mlp *mlp, const char *name);

/* The parts of digest_networks(). */
void digest_transfer(int large);
void digest_limits(const char *preset);

#endif
