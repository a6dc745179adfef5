/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters of a network, set and read. A call that sets several writes them all, looks at the
 * network that this makes, and takes them back where it makes none: no order matters, and a call
 * that fails changes nothing. */
#include "mlp/params.h"
#include "core/error.h"
#include "mlp/checks.h"
#include "mlp/rules/rules.h"

#include <string.h>

static int by_layer(int32_t key) {
    return (mqc_key_row(&mqc_mlp_keys, key)->flags & MQC_KEY_BY_LAYER) != 0;
}

/* --- which parameters have an effect --- */

struct place {
    const memqc_mlp *mlp;
    size_t layer;
};

static double value_of(const void *object, int32_t key) {
    const struct place *at = object;
    const double *value = by_layer(key) ? at->mlp->layer[at->layer].value : at->mlp->value;
    return mqc_mlp_value(value, key);
}

/* Why layer l does not use a parameter; NULL where it does. */
static const char *unused_by_layer(const memqc_mlp *mlp, size_t l, int32_t key) {
    const struct place at = {mlp, l};
    const int last = l + 1 == mlp->n_layers;
    if (key == MEMQC_MLP_DROPOUT && last)
        return mlp->n_layers < 2 ? "no layer is hidden" : "the units of the last layer are outputs";
    if (key == MEMQC_MLP_ACTIVATION && mqc_mlp_is_softmax(mlp, l))
        return "the outputs are softmax with loss = cross-entropy";
    if (key == MEMQC_MLP_OPTIMIZER && !mqc_layer_is_digital(&mlp->layer[l]))
        return "only rules that keep digital weights or accumulators use it";
    return mqc_keys_unused(&mqc_mlp_keys, value_of, &at, key);
}

/* Why none of the layers first .. end - 1 uses a parameter; NULL where one does. */
static const char *unused(const memqc_mlp *mlp, size_t first, size_t end, int32_t key) {
    const char *why = NULL;
    for (size_t l = first; l < end; l++)
        if ((why = unused_by_layer(mlp, l, key)) == NULL)
            return NULL;
    return why;
}

/* --- setting --- */

/* Parameters to be set: of the whole network, or of the layers first .. end - 1. */
struct change {
    const char *function;
    int whole;
    size_t first;
    size_t end;
    size_t n;
    const int32_t *keys;
    const double *values;
};

static memqc_status check_settled(const memqc_mlp *mlp, const struct change *change) {
    for (size_t i = 0; i < change->n && mlp->ready; i++) {
        const struct mqc_key *row = mqc_key_row(&mqc_mlp_keys, change->keys[i]);
        if (row->flags & MQC_KEY_SETTLED)
            return mqc_key_settled(row, change->function, change->values[i],
                                   "the weights are drawn, which settled it; call memqc_mlp_reset "
                                   "first");
    }
    return MEMQC_OK;
}

static void write_values(memqc_mlp *mlp, const struct change *change) {
    for (size_t i = 0; i < change->n; i++) {
        const int32_t key = change->keys[i];
        const size_t end = change->end - (key == MEMQC_MLP_DROPOUT && change->whole);
        for (size_t l = change->first; l < end && by_layer(key); l++)
            mlp->layer[l].value[mqc_mlp_index(key)] = change->values[i];
        if (change->whole)
            mlp->value[mqc_mlp_index(key)] = change->values[i];
    }
    for (size_t l = change->first; l < change->end; l++)
        mqc_layer_take_rule(&mlp->layer[l]);
}

/* Does what was written make a network, and does all of it have an effect? */
static memqc_status check_values(const memqc_mlp *mlp, const struct change *change) {
    const double low = mqc_mlp_value(mlp->value, MEMQC_MLP_INPUT_MIN),
                 high = mqc_mlp_value(mlp->value, MEMQC_MLP_INPUT_MAX);
    for (size_t l = change->first; l < change->end; l++)
        MQC_TRY(mqc_layer_check(mlp, l, change->function));
    for (size_t i = 0; i < change->n; i++) {
        const char *why = unused(mlp, change->first, change->end, change->keys[i]);
        if (why)
            return mqc_keys_refuse_unused(&mqc_mlp_keys, change->function, change->keys[i],
                                          change->values[i], why);
    }
    if (!(low < high))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: input_min = %g; it must be less than input_max = %g", change->function,
                        low, high);
    return MEMQC_OK;
}

static memqc_status set(memqc_mlp *mlp, const struct change *change) {
    double kept[MQC_MLP_KEYS], kept_of_layer[MQC_MLP_LAYERS][MQC_MLP_KEYS];
    MQC_TRY(mqc_mlp_check_idle(mlp, change->function));
    MQC_TRY(mqc_keys_check_many(&mqc_mlp_keys, change->function, change->n, change->keys,
                                change->values));
    MQC_TRY(check_settled(mlp, change));
    memcpy(kept, mlp->value, sizeof kept);
    for (size_t l = change->first; l < change->end; l++)
        memcpy(kept_of_layer[l], mlp->layer[l].value, sizeof kept_of_layer[l]);
    write_values(mlp, change);
    const memqc_status status = check_values(mlp, change);
    if (status == MEMQC_OK)
        return MEMQC_OK;
    memcpy(mlp->value, kept, sizeof kept);
    for (size_t l = change->first; l < change->end; l++) {
        memcpy(mlp->layer[l].value, kept_of_layer[l], sizeof kept_of_layer[l]);
        mqc_layer_take_rule(&mlp->layer[l]);
    }
    return status;
}

memqc_status memqc_mlp_set(memqc_mlp *mlp, int32_t key, double value) {
    MQC_NOT_NULL(mlp);
    const struct change change = {__func__, 1, 0, mlp->n_layers, 1, &key, &value};
    return set(mlp, &change);
}

memqc_status memqc_mlp_set_many(memqc_mlp *mlp, size_t n, const int32_t *keys,
                                const double *values) {
    MQC_NOT_NULL(mlp);
    const struct change change = {__func__, 1, 0, mlp->n_layers, n, keys, values};
    return set(mlp, &change);
}

static memqc_status check_by_layer(const char *function, int32_t key) {
    MQC_TRY(mqc_keys_known(&mqc_mlp_keys, function, key));
    if (!by_layer(key))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s is of the whole network, not of a layer",
                        function, mqc_key_row(&mqc_mlp_keys, key)->name);
    return MEMQC_OK;
}

memqc_status memqc_mlp_set_layer(memqc_mlp *mlp, size_t layer, int32_t key, double value) {
    MQC_NOT_NULL(mlp);
    if (layer == MEMQC_MLP_ALL) {
        MQC_TRY(check_by_layer(__func__, key));
        const struct change all = {__func__, 1, 0, mlp->n_layers, 1, &key, &value};
        return set(mlp, &all);
    }
    MQC_TRY(mqc_mlp_check_layer(mlp, __func__, layer));
    MQC_TRY(check_by_layer(__func__, key));
    const struct change one = {__func__, 0, layer, layer + 1, 1, &key, &value};
    return set(mlp, &one);
}

/* --- reading --- */

memqc_status memqc_mlp_get(const memqc_mlp *mlp, int32_t key, double *value) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(value);
    MQC_TRY(mqc_keys_known(&mqc_mlp_keys, __func__, key));
    *value = mqc_mlp_value(mlp->value, key);
    return MEMQC_OK;
}

memqc_status memqc_mlp_get_layer(const memqc_mlp *mlp, size_t layer, int32_t key, double *value) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(value);
    MQC_TRY(mqc_mlp_check_layer(mlp, __func__, layer));
    MQC_TRY(check_by_layer(__func__, key));
    *value = mqc_mlp_value(mlp->layer[layer].value, key);
    return MEMQC_OK;
}

memqc_status memqc_mlp_uses(const memqc_mlp *mlp, int32_t key, int32_t *flag) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(flag);
    MQC_TRY(mqc_keys_known(&mqc_mlp_keys, __func__, key));
    *flag = unused(mlp, 0, mlp->n_layers, key) == NULL;
    return MEMQC_OK;
}
