/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters of the layers' arrays, set and read from outside. Each is set in the plan of a layer and
 * in every array that it has: that of now, and those that training keeps to go back to. All layers
 * are asked before the first one is changed. */
#include "core/error.h"
#include "crossbar/array/params.h"
#include "crossbar/parameters.h"
#include "mlp/checks.h"
#include "mlp/pass/plan.h"

/* Why layer l does not use the parameter; NULL where it does. */
static const char *unused(const struct mqc_layer *layer, int32_t key) {
    if (key == MEMQC_CROSSBAR_W_MAX && !mqc_layer_uses_device(layer))
        return "a layer with rule = float is transferred by transfer_range";
    const memqc_crossbar *array = layer->plan.array;
    return mqc_crossbar_unused(array->device, array->value, key);
}

/* Weights that are drawn settle the array: their own, or the one that noise-aware weights are trained
 * for. */
static memqc_status check_settled(const memqc_mlp *mlp, size_t l, const char *function, int32_t key,
                                  double value) {
    const struct mqc_key *row = mqc_key_row(&mqc_crossbar_keys, key);
    if (mlp->ready && row->flags & MQC_KEY_SETTLED && mqc_layer_uses_device(&mlp->layer[l]))
        return mqc_key_settled(row, function, value,
                               "the weights are drawn, which settled it; call memqc_mlp_reset "
                               "first");
    return MEMQC_OK;
}

/* The arrays of a layer; NULL for those that it has not. */
enum { ARRAYS = 4 };
static void arrays_of(const struct mqc_layer *layer, memqc_crossbar *arrays[ARRAYS]) {
    arrays[0] = layer->now.xb;
    arrays[1] = layer->kept.xb;
    arrays[2] = layer->best[0].xb;
    arrays[3] = layer->best[1].xb;
}

/* Calibrated ranges come from data, which a network does not give its arrays. */
static memqc_status check_range(const char *function, int32_t key, double value) {
    if (key == MEMQC_CROSSBAR_ADC_RANGE &&
        (value == MEMQC_CROSSBAR_RANGE_CALIBRATED || value == MEMQC_CROSSBAR_RANGE_PER_COLUMN))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: adc_range = %s needs a calibration, which networks do not make; "
                        "allowed is worst-case, with its adc_fraction, and amperes",
                        function, memqc_crossbar_choice_name(key, (int32_t)value));
    return MEMQC_OK;
}

static memqc_status check_layer(memqc_mlp *mlp, size_t l, const char *function, int32_t key,
                                double value) {
    struct mqc_layer *layer = &mlp->layer[l];
    double *const at = &layer->plan.array->value[key - MQC_CROSSBAR_FIRST], kept = *at;
    memqc_crossbar *arrays[ARRAYS];
    MQC_TRY(check_settled(mlp, l, function, key, value));
    MQC_TRY(mqc_crossbar_check_many(layer->plan.array, function, 1, &key, &value));
    arrays_of(layer, arrays);
    for (size_t i = 0; i < ARRAYS; i++)
        if (arrays[i])
            MQC_TRY(mqc_crossbar_check_many(arrays[i], function, 1, &key, &value));
    *at = value;
    const memqc_status status = mqc_layer_check(mlp, l, function);
    *at = kept;
    return status;
}

static memqc_status set_layer(struct mqc_layer *layer, const char *function, int32_t key,
                              double value) {
    memqc_crossbar *arrays[ARRAYS];
    arrays_of(layer, arrays);
    mqc_plan_choose(&layer->plan, key, value);
    for (size_t i = 0; i < ARRAYS; i++)
        if (arrays[i])
            MQC_TRY(mqc_crossbar_set_many(arrays[i], function, 1, &key, &value));
    return MEMQC_OK;
}

memqc_status memqc_mlp_set_crossbar(memqc_mlp *mlp, size_t layer, int32_t key, double value) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_idle(mlp, __func__));
    if (layer != MEMQC_MLP_ALL)
        MQC_TRY(mqc_mlp_check_layer(mlp, __func__, layer));
    MQC_TRY(mqc_keys_check(&mqc_crossbar_keys, __func__, key, value));
    MQC_TRY(check_range(__func__, key, value));
    const size_t first = layer == MEMQC_MLP_ALL ? 0 : layer;
    const size_t end = layer == MEMQC_MLP_ALL ? mlp->n_layers : layer + 1;
    const char *why = NULL;
    size_t users = 0;
    for (size_t l = first; l < end; l++) {
        const char *not_here = unused(&mlp->layer[l], key);
        if (not_here) {
            why = not_here;
            continue;
        }
        users++;
        MQC_TRY(check_layer(mlp, l, __func__, key, value));
    }
    if (users == 0)
        return mqc_keys_refuse_unused(&mqc_crossbar_keys, __func__, key, value, why);
    for (size_t l = first; l < end; l++)
        if (!unused(&mlp->layer[l], key))
            MQC_TRY(set_layer(&mlp->layer[l], __func__, key, value));
    return MEMQC_OK;
}

memqc_status memqc_mlp_get_crossbar(const memqc_mlp *mlp, size_t layer, int32_t key,
                                    double *value) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(value);
    MQC_TRY(mqc_mlp_check_layer(mlp, __func__, layer));
    MQC_TRY(mqc_keys_known(&mqc_crossbar_keys, __func__, key));
    const struct mqc_layer *of = &mlp->layer[layer];
    return memqc_crossbar_get(of->now.xb ? of->now.xb : of->plan.array, key, value);
}
