/* SPDX-License-Identifier: BSD-3-Clause */
/* Arguments that several functions of a network share. */
#include "mlp/checks.h"
#include "core/error.h"
#include "crossbar/update/update.h"
#include "mlp/pass/plan.h"

memqc_status mqc_mlp_check_layer(const memqc_mlp *mlp, const char *function, size_t layer) {
    if (layer >= mlp->n_layers)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: layer = %zu; the network has layers 0 .. %zu",
                        function, layer, mlp->n_layers - 1);
    return MEMQC_OK;
}

memqc_status mqc_mlp_check_idle(const memqc_mlp *mlp, const char *function) {
    if (mlp->busy)
        return mqc_fail(MEMQC_ERROR_STATE,
                        "%s: the network is at work: called from its progress function", function);
    return MEMQC_OK;
}

int mqc_layer_is_digital(const struct mqc_layer *layer) {
    return layer->rule->on_crossbar ? mqc_update_rule_of(layer->plan.array)->send != NULL : 1;
}

/* A name of a choice of the network, for texts. */
static const char *name_of(const struct mqc_layer *layer, int32_t key) {
    return memqc_mlp_choice_name(key, (int32_t)mqc_mlp_value(layer->value, key));
}

memqc_status mqc_layer_check(const memqc_mlp *mlp, size_t l, const char *function) {
    const struct mqc_layer *layer = &mlp->layer[l];
    if (mqc_layer_uses_device(layer) && !layer->device)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: rule = %s needs a device, and layer %zu has none; allowed is float",
                        function, layer->rule->name, l);
    if (layer->rule->look && mqc_plan_value(&layer->plan, MEMQC_CROSSBAR_NORMALIZATION) !=
                                 MEMQC_CROSSBAR_NORMALIZATION_FIXED)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: rule = %s of layer %zu needs an array with normalization = fixed",
                        function, layer->rule->name, l);
    if (!mqc_layer_is_digital(layer) &&
        mqc_mlp_value(layer->value, MEMQC_MLP_OPTIMIZER) != MEMQC_MLP_SGD)
        return mqc_fail(
            MEMQC_ERROR_ARGUMENT,
            "%s: optimizer = %s of layer %zu: its array's rule, %s, keeps no digital weights; "
            "allowed is sgd",
            function, name_of(layer, MEMQC_MLP_OPTIMIZER), l,
            mqc_update_rule_of(layer->plan.array)->name);
    if (l + 1 == mlp->n_layers && mqc_mlp_value(layer->value, MEMQC_MLP_DROPOUT) > 0)
        return mqc_fail(
            MEMQC_ERROR_ARGUMENT,
            "%s: dropout = %g of layer %zu, the last: its units are the outputs; allowed is 0",
            function, mqc_mlp_value(layer->value, MEMQC_MLP_DROPOUT), l);
    return MEMQC_OK;
}

memqc_status mqc_mlp_check_samples(const memqc_mlp *mlp, const char *function, size_t n,
                                   size_t ldx) {
    if (n > UINT32_MAX)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: n = %zu; allowed is 0 .. 2^32 - 1 samples",
                        function, n);
    if (n > 0 && ldx < mqc_mlp_inputs(mlp))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: ldx = %zu is less than the network's %zu inputs",
                        function, ldx, mqc_mlp_inputs(mlp));
    return MEMQC_OK;
}

static memqc_status check_labels(const memqc_mlp *mlp, const char *function, size_t n,
                                 const int32_t *labels) {
    for (size_t i = 0; i < n; i++)
        if (labels[i] < 0 || (size_t)labels[i] >= mqc_mlp_outputs(mlp))
            return mqc_fail(MEMQC_ERROR_DATA, "%s: labels[%zu] = %d is outside 0 .. %zu", function,
                            i, (int)labels[i], mqc_mlp_outputs(mlp) - 1);
    return MEMQC_OK;
}

memqc_status mqc_mlp_check_training(const memqc_mlp *mlp, const char *function, size_t n,
                                    const float *x, size_t ldx, const int32_t *labels) {
    if (!mlp)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: mlp is NULL", function);
    MQC_TRY(mqc_mlp_check_idle(mlp, function));
    if (n > 0 && (!x || !labels))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s is NULL, with n = %zu", function,
                        x ? "labels" : "x", n);
    MQC_TRY(mqc_mlp_check_samples(mlp, function, n, ldx));
    return check_labels(mlp, function, n, labels);
}
