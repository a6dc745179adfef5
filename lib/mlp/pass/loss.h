/* SPDX-License-Identifier: BSD-3-Clause */
/* What the outputs of a minibatch are worth. */
#ifndef MQC_MLP_PASS_LOSS_H
#define MQC_MLP_PASS_LOSS_H

#include "mlp/pass/inside.h"

/* The loss of sample i of the minibatch at hand. */
double mqc_mlp_loss(const memqc_mlp *mlp, size_t i, int32_t label);

/* The class that sample i of the minibatch at hand is taken for: its largest output. */
int32_t mqc_mlp_class(const memqc_mlp *mlp, size_t i);

#endif
