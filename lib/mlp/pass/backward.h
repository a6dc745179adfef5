/* SPDX-License-Identifier: BSD-3-Clause */
/* Backward pass of a minibatch. */
#ifndef MQC_MLP_PASS_BACKWARD_H
#define MQC_MLP_PASS_BACKWARD_H

#include "mlp/pass/inside.h"

/* Gradients of the mean loss of the minibatch that went forward last, and one step of every layer
 * against them. factor is the schedule's. */
memqc_status mqc_mlp_backward(memqc_mlp *mlp, size_t m, const int32_t *labels,
                              const uint32_t *index, double factor);

#endif
