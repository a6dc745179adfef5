/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory of a minibatch between the layers. It grows with the largest minibatch so far, and goes
 * when the weights go, because the biases may then get a row of their own. */
#include "mlp/pass/scratch.h"
#include "core/alloc.h"
#include "core/error.h"

static void replace(float **memory, float *more) {
    mqc_free(*memory);
    *memory = more;
}

/* Units of h[l], and one more where the layer above has its biases on the array. */
static size_t row_of(const memqc_mlp *mlp, size_t l) {
    return l < mlp->n_layers ? mlp->layer[l].rows : mqc_mlp_outputs(mlp);
}

static memqc_status reserve_dropout(memqc_mlp *mlp, size_t m) {
    for (size_t l = 1; l < mlp->n_layers; l++) {
        if (mqc_mlp_value(mlp->layer[l - 1].value, MEMQC_MLP_DROPOUT) == 0 ||
            m <= mlp->units[l].drop_room)
            continue;
        float *mask = mqc_alloc(m, row_of(mlp, l) * sizeof(float)),
              *masked = mqc_alloc(m, row_of(mlp, l) * sizeof(float));
        if (!mask || !masked) {
            mqc_free(mask);
            mqc_free(masked);
            return MEMQC_ERROR_NOMEM;
        }
        replace(&mlp->units[l].mask, mask);
        replace(&mlp->units[l].masked, masked);
        mlp->units[l].drop_room = m;
    }
    return MEMQC_OK;
}

memqc_status mqc_mlp_reserve(memqc_mlp *mlp, size_t m) {
    if (m <= mlp->batch_room)
        return reserve_dropout(mlp, m);
    size_t widest = 1;
    float *h[MQC_MLP_LAYERS + 1] = {0}, *delta = NULL, *back = NULL, *log_sum = NULL;
    int complete = 1;
    for (size_t l = 0; l <= mlp->n_layers && complete; l++) {
        const size_t units = row_of(mlp, l);
        widest = l > 0 && units > widest ? units : widest;
        complete = (h[l] = mqc_alloc(m, units * sizeof(float))) != NULL;
    }
    complete = complete && (delta = mqc_alloc(m, widest * sizeof(float))) &&
               (back = mqc_alloc(m, widest * sizeof(float))) &&
               (log_sum = mqc_alloc(m, sizeof(float)));
    if (!complete) {
        for (size_t l = 0; l <= mlp->n_layers; l++)
            mqc_free(h[l]);
        mqc_free(delta);
        mqc_free(back);
        return MEMQC_ERROR_NOMEM;
    }
    for (size_t l = 0; l <= mlp->n_layers; l++) {
        mlp->units[l].ld = row_of(mlp, l);
        replace(&mlp->units[l].h, h[l]);
    }
    replace(&mlp->delta, delta);
    replace(&mlp->back, back);
    replace(&mlp->log_sum, log_sum);
    mlp->batch_room = m;
    return reserve_dropout(mlp, m);
}

void mqc_mlp_drop_scratch(memqc_mlp *mlp) {
    for (size_t l = 0; l <= mlp->n_layers; l++) {
        replace(&mlp->units[l].h, NULL);
        replace(&mlp->units[l].mask, NULL);
        replace(&mlp->units[l].masked, NULL);
        mlp->units[l].drop_room = 0;
    }
    replace(&mlp->delta, NULL);
    replace(&mlp->back, NULL);
    replace(&mlp->log_sum, NULL);
    mlp->batch_room = 0;
}
