/* SPDX-License-Identifier: BSD-3-Clause */
/* The paper's rule (Chen et al. 2020, section 3): each weight moves to the level nearest to its level's nominal weight less
 * lr grad; no accumulator, so that changes of less than half a level are lost. */
#include "la/blas.h"
#include "mlp/mlp.h"

static memqc_status update(struct mqc_layer *layer, size_t m, const float *h, const float *delta, float rate) {
    const memqc_status status = mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, layer->in, layer->out, m, 1, h, layer->in, delta, layer->out, 0,
                                          layer->grad, layer->out);
    if (status != MEMQC_OK)
        return status;
    return memqc_crossbar_update(layer->xb, -(double)rate, layer->grad, layer->out, NULL);
}

const struct mqc_rule mqc_rule_nearest_level = {"nearest level", 1, update};
