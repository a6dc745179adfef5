/* SPDX-License-Identifier: BSD-3-Clause */
/* Forward pass of a minibatch. */
#ifndef MQC_MLP_PASS_FORWARD_H
#define MQC_MLP_PASS_FORWARD_H

#include "mlp/pass/inside.h"

/* m samples through the network: x[index[i]], or x[first + i] where index is NULL. The outputs are
 * in the last mlp->units. In training, with dropout. DATA on NaN or infinity, the place named. */
memqc_status mqc_mlp_forward(memqc_mlp *mlp, const struct mqc_samples *samples, size_t m,
                             size_t first, const uint32_t *index, int training);

#endif
