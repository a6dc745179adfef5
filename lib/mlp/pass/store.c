/* SPDX-License-Identifier: BSD-3-Clause */
/* What training changes in a layer: made, copied, freed. */
#include "mlp/pass/store.h"
#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/array/array.h"
#include "crossbar/copy.h"

#include <string.h>

static memqc_status make_floats(float **memory, size_t n) {
    if (!*memory)
        *memory = mqc_alloc(n, sizeof **memory);
    return *memory ? MEMQC_OK : MEMQC_ERROR_NOMEM;
}

static size_t optimizer_states(const struct mqc_layer *layer) {
    static const size_t states[] = {0, 1, 2}; /* of SGD, SGD_MOMENTUM and ADAM */
    return states[(int)mqc_mlp_value(layer->value, MEMQC_MLP_OPTIMIZER) - MEMQC_MLP_SGD];
}

memqc_status mqc_store_make(const struct mqc_layer *layer, struct mqc_store *store) {
    const size_t states = optimizer_states(layer);
    MQC_TRY(make_floats(&store->bias, layer->out));
    if (!layer->rule->on_crossbar)
        MQC_TRY(make_floats(&store->w, layer->rows * layer->out));
    for (size_t i = 0; i < states; i++)
        MQC_TRY(make_floats(&store->state[i], mqc_layer_state(layer)));
    return MEMQC_OK;
}

static memqc_status copy_crossbar(memqc_crossbar **to, const memqc_crossbar *from) {
    if (from && !*to)
        return memqc_crossbar_copy(from, to);
    return from ? mqc_crossbar_assign(*to, from) : MEMQC_OK;
}

memqc_status mqc_store_copy(const struct mqc_layer *layer, struct mqc_store *to,
                            const struct mqc_store *from) {
    MQC_TRY(mqc_store_make(layer, to));
    MQC_TRY(copy_crossbar(&to->xb, from->xb));
    memcpy(to->bias, from->bias, layer->out * sizeof(float));
    if (from->w)
        memcpy(to->w, from->w, layer->rows * layer->out * sizeof(float));
    for (size_t i = 0; i < MQC_STATES && from->state[i]; i++)
        memcpy(to->state[i], from->state[i], mqc_layer_state(layer) * sizeof(float));
    return MEMQC_OK;
}

void mqc_store_free(struct mqc_store *store) {
    mqc_free(store->bias);
    mqc_free(store->w);
    for (size_t i = 0; i < MQC_STATES; i++)
        mqc_free(store->state[i]);
    memqc_crossbar_destroy(&store->xb);
    memset(store, 0, sizeof *store);
}
