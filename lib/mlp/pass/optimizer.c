/* SPDX-License-Identifier: BSD-3-Clause */
/* From a mean gradient to a step: B. Polyak, USSR Comp. Math. 4 (1964) 1; D. Kingma, J. Ba, ICLR
 * 2015, algorithm 1, in the form in which both corrections stand in the rate and in epsilon. */
#include "mlp/inside.h"

void mqc_optimize(const struct mqc_layer *layer, const struct mqc_step *step, size_t first,
                  size_t n, const float *grad, float *w) {
    float *const *state = layer->now.state;
    if (layer->value[MEMQC_MLP_OPTIMIZER] == MEMQC_MLP_ADAM)
        mqc_mlp_kernels()->adam(n, (float)(step->full * step->correction), step->beta1, step->beta2,
                                step->epsilon, grad, state[0] + first, state[1] + first, w);
    else
        mqc_mlp_kernels()->momentum(n, (float)step->full, step->momentum, grad, state[0] + first,
                                    w);
}
