/* SPDX-License-Identifier: BSD-3-Clause */
/* The paper's rule (Chen et al. 2020, section 3): each weight moves to the level nearest to its level's nominal weight less
 * lr grad; no accumulator, so that changes of less than half a level are lost. */
#include "core/error.h"
#include "la/blas.h"
#include "mlp/mlp.h"

static memqc_status update(struct mqc_layer *layer, const struct mqc_step *s) {
    const size_t in = layer->rows, out = layer->out;
    MQC_TRY(mqc_sgemm(MQC_TRANSPOSED, MQC_PLAIN, in, out, s->m, 1, s->h, s->ldh, s->delta, s->ldd, 0, layer->grad, out));
    return memqc_crossbar_update(layer->now.xb, -(double)s->rate, layer->grad, out, NULL);
}

const struct mqc_rule mqc_rule_nearest_level = {"nearest level", 1, 0, update};
