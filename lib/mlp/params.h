/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of a network's parameters. */
#ifndef MQC_MLP_PARAMS_H
#define MQC_MLP_PARAMS_H

#include "mlp/pass/inside.h"

extern const struct mqc_keys mqc_mlp_keys;

#endif
