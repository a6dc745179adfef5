/* SPDX-License-Identifier: BSD-3-Clause */
/* From the gradient of a minibatch to the step of the weights. */
#ifndef MQC_MLP_PASS_STEP_H
#define MQC_MLP_PASS_STEP_H

#include "mlp/pass/inside.h"

/* The step of a layer in the minibatch to come, as far as it does not depend on samples. */
struct mqc_step mqc_mlp_step(const memqc_mlp *mlp, size_t l, size_t m);

/* c <- alpha h^T delta + beta c, rows x out. */
memqc_status mqc_step_product(const struct mqc_layer *layer, const struct mqc_step *step,
                              float alpha, float beta, float *c);

/* Takes the optimizer's step for this minibatch off the digital weights or accumulators at w. */
memqc_status mqc_step_digital(struct mqc_layer *layer, const struct mqc_step *step, float *w);

/* w <- w - the optimizer's step for a mean gradient, for n parameters whose states stand from first
 * on. Not for SGD, which has no states. */
void mqc_optimize(const struct mqc_layer *layer, const struct mqc_step *step, size_t first,
                  size_t n, const float *grad, float *w);

#endif
