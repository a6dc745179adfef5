/* SPDX-License-Identifier: BSD-3-Clause */
/* From the gradient of a minibatch to the step of the weights. Without an optimizer
 *
 *     w <- w - lr / m h^T delta
 *
 * With one, the mean gradient h^T delta / m goes through it: B. Polyak, USSR Comp. Math. 4 (1964)
 * 1; D. Kingma, J. Ba, ICLR 2015, algorithm 1, in the form in which both corrections stand in the
 * rate and in epsilon. */
#include "mlp/pass/step.h"
#include "core/error.h"
#include "la/blas.h"
#include "rng/rng.h"

#include <math.h>

struct mqc_step mqc_mlp_step(const memqc_mlp *mlp, size_t l, size_t m) {
    const double *value = mlp->value,
                 t = (double)(mlp->at.steps + 1); /* the optimizers count from 1 */
    const double second = sqrt(1 - pow(mqc_mlp_value(value, MEMQC_MLP_BETA2), t));
    const struct mqc_step step = {
        .m = m,
        .function = mlp->busy,
        .value = value,
        .seed = mqc_rng_child(mlp->seed, 2 * l),
        .number = mlp->at.steps,
        .momentum = (float)mqc_mlp_value(value, MEMQC_MLP_MOMENTUM),
        .beta1 = (float)mqc_mlp_value(value, MEMQC_MLP_BETA1),
        .beta2 = (float)mqc_mlp_value(value, MEMQC_MLP_BETA2),
        .epsilon = (float)(mqc_mlp_value(value, MEMQC_MLP_EPSILON) * second),
        .correction = second / (1 - pow(mqc_mlp_value(value, MEMQC_MLP_BETA1), t))};
    return step;
}

void mqc_optimize(const struct mqc_layer *layer, const struct mqc_step *step, size_t first,
                  size_t n, const float *grad, float *w) {
    float *const *state = layer->now.state;
    if (mqc_mlp_value(layer->value, MEMQC_MLP_OPTIMIZER) == MEMQC_MLP_ADAM)
        mqc_mlp_kernels()->adam(n, (float)(step->full * step->correction), step->beta1, step->beta2,
                                step->epsilon, grad, state[0] + first, state[1] + first, w);
    else
        mqc_mlp_kernels()->momentum(n, (float)step->full, step->momentum, grad, state[0] + first,
                                    w);
}

memqc_status mqc_step_product(const struct mqc_layer *layer, const struct mqc_step *s, float alpha,
                              float beta, float *c) {
    return mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, layer->rows, layer->out, s->m, alpha, s->h, s->ldh,
                     s->delta, s->ldd, beta, c, layer->out);
}

memqc_status mqc_step_digital(struct mqc_layer *layer, const struct mqc_step *s, float *w) {
    if (mqc_mlp_value(layer->value, MEMQC_MLP_OPTIMIZER) ==
        MEMQC_MLP_SGD) /* one GEMM does the gradient and the
                                                               step */
        return mqc_step_product(layer, s, -s->rate, 1, w);
    MQC_TRY(mqc_step_product(layer, s, 1 / (float)s->m, 0, layer->grad));
    mqc_optimize(layer, s, 0, layer->rows * layer->out, layer->grad, w);
    return MEMQC_OK;
}
