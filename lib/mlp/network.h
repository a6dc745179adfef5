/* SPDX-License-Identifier: BSD-3-Clause */
/* Weights that a call draws, and drops again where it fails. */
#ifndef MQC_MLP_NETWORK_H
#define MQC_MLP_NETWORK_H

#include "mlp/pass/inside.h"

/* Draws the weights, if they are not drawn yet. */
memqc_status mqc_mlp_draw(memqc_mlp *mlp);

/* The status of a call that may have drawn the weights: where it failed and they were not there
 * before, they go again. */
memqc_status mqc_mlp_finish(memqc_mlp *mlp, int was_ready, memqc_status status);
void mqc_mlp_drop_weights(memqc_mlp *mlp);

#endif
