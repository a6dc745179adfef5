/* SPDX-License-Identifier: BSD-3-Clause */
/* What a network may be. The loader asks; builds for debugging ask after every public call
 * (lib/checked.py). */
#ifndef MQC_MLP_VALID_H
#define MQC_MLP_VALID_H

#include "mlp/pass/inside.h"

/* NULL for what the library can have made; else what none has, for a text. */
const char *mqc_mlp_flaw(const memqc_mlp *mlp);

/* The same of weights, biases and moments, which large numbers in training spoil. Training asks before it
 * ends an epoch or saves; what arrays keep, their rules look after. */
const char *mqc_store_flaw_of_numbers(const struct mqc_layer *layer, const struct mqc_store *store);

#endif
