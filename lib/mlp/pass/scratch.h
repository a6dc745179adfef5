/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory of a minibatch between the layers. */
#ifndef MQC_MLP_PASS_SCRATCH_H
#define MQC_MLP_PASS_SCRATCH_H

#include "mlp/pass/inside.h"

/* Scratch for minibatches of m samples. */
memqc_status mqc_mlp_reserve(memqc_mlp *mlp, size_t m);
void mqc_mlp_drop_scratch(memqc_mlp *mlp);

#endif
