/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameters: bounds, which are by layer, and which others must say so for one to have an
 * effect. */
#include "mlp/params.h"
#include "core/error.h"
#include "mlp/checks.h"
#include "mlp/layer.h"
#include "mlp/rules/rules.h"

#include <string.h>

enum {
    SINGLE = MEMQC_CROSSBAR_MAPPING_SINGLE,
    LAST = MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL_TWO_SIDED
};

/* In the order of their keys. */
static const struct mqc_param table[MQC_MLP_KEYS] = {
    {"rule", "", MEMQC_MLP_RULE_FLOAT, MEMQC_MLP_RULE_TIKI_TAKA_2, MEMQC_MLP_RULE_NEAREST_LEVEL, 1},
    {"activation", "", MEMQC_MLP_LOGISTIC, MEMQC_MLP_HARD_SIGMOID, MEMQC_MLP_LOGISTIC, 1},
    {"loss", "", MEMQC_MLP_SQUARED_ERROR, MEMQC_MLP_CROSS_ENTROPY, MEMQC_MLP_SQUARED_ERROR, 1},
    {"learning_rate", "", 1e-12, 1e6, 10, 0},
    {"batch", "", 1, 65536, 10, 1},
    {"input_bits", "", 0, 16, 1, 1},
    {"input_threshold", "", -1e30, 1e30, 0.5, 0},
    {"mapping", "", SINGLE, LAST, SINGLE, 1},
    {"weight_range", "", 1e-6, 1e6, 1, 0},
    {"init_range", "", 0, 1e6, 0, 0},
    {"progress_interval", "", 1, 1e9, 1000, 1},
    {"bias", "", MEMQC_MLP_BIAS_DIGITAL, MEMQC_MLP_BIAS_ROW, MEMQC_MLP_BIAS_DIGITAL, 1},
    {"optimizer", "", MEMQC_MLP_SGD, MEMQC_MLP_ADAM, MEMQC_MLP_SGD, 1},
    {"momentum", "", 0, 0.9999, 0.9, 0},
    {"beta1", "", 0, 0.9999, 0.9, 0},
    {"beta2", "", 0, 0.999999, 0.999, 0},
    {"epsilon", "", 1e-12, 1, 1e-8, 0},
    {"schedule", "", MEMQC_MLP_SCHEDULE_CONSTANT, MEMQC_MLP_SCHEDULE_INVERSE,
     MEMQC_MLP_SCHEDULE_CONSTANT, 1},
    {"schedule_period", "epochs", 1e-3, 1e6, 10, 0},
    {"schedule_factor", "", 1e-6, 1, 0.1, 0},
    {"schedule_floor", "", 0, 1, 0, 0},
    {"warmup", "epochs", 0, 1e6, 0, 0},
    {"dropout", "", 0, 0.95, 0, 0},
    {"leak", "", 0, 1, 0.01, 0},
    {"input_min", "", -1e30, 1e30, 0, 0},
    {"input_max", "", -1e30, 1e30, 1, 0},
    {"validation", "", 0, 0.9, 0, 0},
    {"monitor", "", MEMQC_MLP_MONITOR_LOSS, MEMQC_MLP_MONITOR_ACCURACY, MEMQC_MLP_MONITOR_LOSS, 1},
    {"patience", "epochs", 0, 1e6, 0, 1},
    {"min_delta", "", 0, 1e6, 0, 0},
    {"restore_best", "", 0, 1, 0, 1},
    {"sign_threshold", "steps", 0, 1e6, 0, 0},
    {"update_threshold", "steps", 0.5, 1000, 1, 0},
    {"refresh_level", "", 1, 4096, 1, 1},
    {"noise_factor", "", 0, 100, 1, 0},
    {"transfer_range", "", 0, 100, 0, 0},
    {"scheme", "", MEMQC_CROSSBAR_SCHEME_BLIND, MEMQC_CROSSBAR_SCHEME_VERIFY,
     MEMQC_CROSSBAR_SCHEME_BLIND, 1},
    {"verify_tolerance", "levels", 0, 4096, 0.5, 0},
    {"verify_pulses", "", 1, 1e6, 1000, 1},
    {"train_length", "", 1, 31, 31, 1},
    {"train_management", "", 0, 1, 1, 1},
    {"tiki_taka_every", "", 1, 1e6, 1, 1},
    {"tiki_taka_rate", "", 1e-9, 1e9, 0.1, 0},
    {"tiki_taka_threshold", "", 1e-3, 1e6, 1, 0},
    {"tiki_taka_pairs", "", 0, 1e6, 2000, 1},
    {"wire_resistance", "ohm", 0, 1e6, 0, 0},
};

const struct mqc_params mqc_mlp_params = {"mlp", MQC_MLP_KEYS, table};

enum { BY_LAYER = 1, SHAPES_WEIGHTS = 2, OF_CROSSBAR = 4, OF_SCHEME = 8 };

static const uint8_t kind[MQC_MLP_KEYS + 1] = {
    [MEMQC_MLP_RULE] = BY_LAYER | SHAPES_WEIGHTS,
    [MEMQC_MLP_ACTIVATION] = BY_LAYER,
    [MEMQC_MLP_LEARNING_RATE] = BY_LAYER,
    [MEMQC_MLP_MAPPING] = BY_LAYER | SHAPES_WEIGHTS | OF_CROSSBAR,
    [MEMQC_MLP_WEIGHT_RANGE] = BY_LAYER | SHAPES_WEIGHTS | OF_CROSSBAR,
    [MEMQC_MLP_INIT_RANGE] = BY_LAYER | SHAPES_WEIGHTS,
    [MEMQC_MLP_BIAS] = BY_LAYER | SHAPES_WEIGHTS,
    [MEMQC_MLP_OPTIMIZER] = BY_LAYER | SHAPES_WEIGHTS,
    [MEMQC_MLP_DROPOUT] = BY_LAYER,
    [MEMQC_MLP_TRAIN_LENGTH] = BY_LAYER,
    [MEMQC_MLP_TRAIN_MANAGEMENT] = BY_LAYER,
    [MEMQC_MLP_TIKI_TAKA_EVERY] = BY_LAYER,
    [MEMQC_MLP_TIKI_TAKA_RATE] = BY_LAYER,
    [MEMQC_MLP_TIKI_TAKA_THRESHOLD] = BY_LAYER,
    [MEMQC_MLP_TIKI_TAKA_PAIRS] = BY_LAYER | SHAPES_WEIGHTS,
    [MEMQC_MLP_SCHEME] = BY_LAYER | OF_SCHEME,
    [MEMQC_MLP_VERIFY_TOLERANCE] = BY_LAYER | OF_SCHEME,
    [MEMQC_MLP_VERIFY_PULSES] = BY_LAYER | OF_SCHEME,
};

/* key counts only where another parameter, of the network or of one of its layers, is low .. high;
 * several rows of a key: any. */
static const struct need {
    int32_t key, other;
    double low, high;
    const char *text;
} needs[] = {
#define TRAINS MEMQC_MLP_RULE_PULSE_TRAIN, MEMQC_MLP_RULE_TIKI_TAKA_2
#define FAST MEMQC_MLP_RULE_TIKI_TAKA, MEMQC_MLP_RULE_TIKI_TAKA_2
    {MEMQC_MLP_MOMENTUM, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_SGD_MOMENTUM, MEMQC_MLP_SGD_MOMENTUM,
     "only optimizer = SGD_MOMENTUM uses it"},
    {MEMQC_MLP_BETA1, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM, MEMQC_MLP_ADAM,
     "only optimizer = ADAM uses it"},
    {MEMQC_MLP_BETA2, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM, MEMQC_MLP_ADAM,
     "only optimizer = ADAM uses it"},
    {MEMQC_MLP_EPSILON, MEMQC_MLP_OPTIMIZER, MEMQC_MLP_ADAM, MEMQC_MLP_ADAM,
     "only optimizer = ADAM uses it"},
    {MEMQC_MLP_SCHEDULE_PERIOD, MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_STEP,
     MEMQC_MLP_SCHEDULE_INVERSE, "schedule = CONSTANT does not use it"},
    {MEMQC_MLP_SCHEDULE_FACTOR, MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_STEP,
     MEMQC_MLP_SCHEDULE_EXPONENTIAL, "only schedule = STEP and EXPONENTIAL use it"},
    {MEMQC_MLP_SCHEDULE_FLOOR, MEMQC_MLP_SCHEDULE, MEMQC_MLP_SCHEDULE_COSINE,
     MEMQC_MLP_SCHEDULE_COSINE, "only schedule = COSINE uses it"},
    {MEMQC_MLP_LEAK, MEMQC_MLP_ACTIVATION, MEMQC_MLP_LEAKY_RELU, MEMQC_MLP_LEAKY_RELU,
     "only activation = LEAKY_RELU uses it"},
    {MEMQC_MLP_INPUT_MIN, MEMQC_MLP_INPUT_BITS, 2, 16, "only input_bits = 2 .. 16 use it"},
    {MEMQC_MLP_INPUT_MAX, MEMQC_MLP_INPUT_BITS, 2, 16, "only input_bits = 2 .. 16 use it"},
    {MEMQC_MLP_MONITOR, MEMQC_MLP_VALIDATION, 1e-300, 1,
     "nothing is held back while validation = 0"},
    {MEMQC_MLP_PATIENCE, MEMQC_MLP_VALIDATION, 1e-300, 1,
     "nothing is held back while validation = 0"},
    {MEMQC_MLP_MIN_DELTA, MEMQC_MLP_VALIDATION, 1e-300, 1,
     "nothing is held back while validation = 0"},
    {MEMQC_MLP_TRAIN_LENGTH, MEMQC_MLP_RULE, TRAINS, "only rules with pulse trains use it"},
    {MEMQC_MLP_TRAIN_MANAGEMENT, MEMQC_MLP_RULE, TRAINS, "only rules with pulse trains use it"},
    {MEMQC_MLP_TIKI_TAKA_EVERY, MEMQC_MLP_RULE, FAST,
     "only rule = TIKI_TAKA and TIKI_TAKA_2 use it"},
    {MEMQC_MLP_TIKI_TAKA_RATE, MEMQC_MLP_RULE, FAST,
     "only rule = TIKI_TAKA and TIKI_TAKA_2 use it"},
    {MEMQC_MLP_TIKI_TAKA_THRESHOLD, MEMQC_MLP_RULE, MEMQC_MLP_RULE_TIKI_TAKA_2,
     MEMQC_MLP_RULE_TIKI_TAKA_2, "only rule = TIKI_TAKA_2 uses it"},
    {MEMQC_MLP_TIKI_TAKA_PAIRS, MEMQC_MLP_RULE, FAST,
     "only rule = TIKI_TAKA and TIKI_TAKA_2 use it"},
    {MEMQC_MLP_RESTORE_BEST, MEMQC_MLP_VALIDATION, 1e-300, 1,
     "nothing is held back while validation = 0"},
    {MEMQC_MLP_SIGN_THRESHOLD, MEMQC_MLP_RULE, MEMQC_MLP_RULE_SIGN, MEMQC_MLP_RULE_SIGN,
     "only rule = SIGN uses it"},
    {MEMQC_MLP_UPDATE_THRESHOLD, MEMQC_MLP_RULE, MEMQC_MLP_RULE_MIXED_PRECISION,
     MEMQC_MLP_RULE_ONE_DIRECTIONAL, "only rule = MIXED_PRECISION and ONE_DIRECTIONAL use it"},
    {MEMQC_MLP_REFRESH_LEVEL, MEMQC_MLP_RULE, MEMQC_MLP_RULE_ONE_DIRECTIONAL,
     MEMQC_MLP_RULE_ONE_DIRECTIONAL, "only rule = ONE_DIRECTIONAL uses it"},
    {MEMQC_MLP_NOISE_FACTOR, MEMQC_MLP_RULE, MEMQC_MLP_RULE_NOISE_AWARE, MEMQC_MLP_RULE_NOISE_AWARE,
     "only rule = NOISE_AWARE uses it"},
    {MEMQC_MLP_VERIFY_TOLERANCE, MEMQC_MLP_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY,
     MEMQC_CROSSBAR_SCHEME_VERIFY, "only scheme = VERIFY uses it"},
    {MEMQC_MLP_VERIFY_PULSES, MEMQC_MLP_SCHEME, MEMQC_CROSSBAR_SCHEME_VERIFY,
     MEMQC_CROSSBAR_SCHEME_VERIFY, "only scheme = VERIFY uses it"},
};

enum { NEEDS = sizeof needs / sizeof *needs };

static int within(const struct need *need, double value) {
    return value >= need->low && value <= need->high;
}

static memqc_status check_effect(const memqc_mlp *mlp, int32_t key, double value) {
    for (size_t i = 0; i < NEEDS; i++) {
        const struct need *need = &needs[i];
        if (need->key != key)
            continue;
        int counts = within(need, mlp->value[need->other]) && !(kind[need->other] & BY_LAYER);
        for (size_t l = 0; l < mlp->n_layers && kind[need->other] & BY_LAYER; l++)
            counts |= within(need, mlp->layer[l].value[need->other]);
        if (!counts)
            return mqc_fail(MEMQC_ERROR_ARGUMENT,
                            "memqc_mlp_set: %s = %g would be without effect: %s",
                            table[key - 1].name, value, need->text);
    }
    if (key == MEMQC_MLP_DROPOUT && mlp->n_layers < 2 && value > 0)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_mlp_set: dropout = %g would be without effect: no layer is hidden",
                        value);
    return MEMQC_OK;
}

static memqc_status check_settled(const memqc_mlp *mlp, int32_t key, double value) {
    if (mlp->ready && kind[key] & SHAPES_WEIGHTS)
        return mqc_fail(
            MEMQC_ERROR_STATE,
            "memqc_mlp_set: %s = %g: the weights are drawn, which settled it; call memqc_mlp_reset "
            "first",
            table[key - 1].name, value);
    return MEMQC_OK;
}

/* Sets it in one layer, or leaves it where it does not fit the layer. */
static memqc_status set_layer(memqc_mlp *mlp, size_t l, const char *function, int32_t key,
                              double value) {
    double *const at = &mlp->layer[l].value[key], kept = *at;
    *at = value;
    mqc_layer_take_rule(&mlp->layer[l]);
    memqc_status status = mqc_layer_check(mlp, l, function);
    if (status == MEMQC_OK && kind[key] & OF_SCHEME && mlp->layer[l].now.xb)
        status = mqc_layer_set_scheme(&mlp->layer[l], mlp->layer[l].now.xb);
    if (status != MEMQC_OK) {
        *at = kept;
        mqc_layer_take_rule(&mlp->layer[l]);
    }
    return status;
}

static memqc_status set_layers(memqc_mlp *mlp, int32_t key, double value) {
    double kept[MQC_MLP_LAYERS];
    const size_t last = mlp->n_layers - (key == MEMQC_MLP_DROPOUT);
    for (size_t l = 0; l < last; l++) {
        kept[l] = mlp->layer[l].value[key];
        const memqc_status status = set_layer(mlp, l, "memqc_mlp_set", key, value);
        while (status != MEMQC_OK && l-- > 0)
            (void)set_layer(mlp, l, "memqc_mlp_set", key, kept[l]); /* which fitted */
        MQC_TRY(status);
    }
    return MEMQC_OK;
}

memqc_status memqc_mlp_set(memqc_mlp *mlp, int32_t key, double value) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_params_check(&mqc_mlp_params, key, value));
    MQC_TRY(check_settled(mlp, key, value));
    MQC_TRY(check_effect(mlp, key, value));
    if (key == MEMQC_MLP_INPUT_MIN && value >= mlp->value[MEMQC_MLP_INPUT_MAX])
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_mlp_set: input_min = %g; it must be less than input_max = %g", value,
                        mlp->value[MEMQC_MLP_INPUT_MAX]);
    if (key == MEMQC_MLP_INPUT_MAX && value <= mlp->value[MEMQC_MLP_INPUT_MIN])
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "memqc_mlp_set: input_max = %g; it must be more than input_min = %g", value,
                        mlp->value[MEMQC_MLP_INPUT_MIN]);
    if (kind[key] & BY_LAYER)
        MQC_TRY(set_layers(mlp, key, value));
    mlp->value[key] = value;
    return MEMQC_OK;
}

memqc_status memqc_mlp_get(const memqc_mlp *mlp, int32_t key, double *value) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(value);
    MQC_TRY(mqc_params_known(&mqc_mlp_params, key));
    *value = mlp->value[key];
    return MEMQC_OK;
}

static memqc_status check_by_layer(const char *function, int32_t key) {
    MQC_TRY(mqc_params_known(&mqc_mlp_params, key));
    if (!(kind[key] & BY_LAYER))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s is of the whole network, not of a layer",
                        function, table[key - 1].name);
    return MEMQC_OK;
}

memqc_status memqc_mlp_set_layer(memqc_mlp *mlp, size_t layer, int32_t key, double value) {
    MQC_NOT_NULL(mlp);
    MQC_TRY(mqc_mlp_check_layer(mlp, __func__, layer));
    MQC_TRY(check_by_layer(__func__, key));
    MQC_TRY(mqc_params_check(&mqc_mlp_params, key, value));
    MQC_TRY(check_settled(mlp, key, value));
    if (kind[key] & OF_CROSSBAR && !mqc_layer_uses_device(&mlp->layer[layer]))
        return mqc_fail(
            MEMQC_ERROR_ARGUMENT,
            "%s: %s = %g of layer %zu would be without effect: RULE_FLOAT does not use it",
            __func__, table[key - 1].name, value, layer);
    return set_layer(mlp, layer, __func__, key, value);
}

memqc_status memqc_mlp_get_layer(const memqc_mlp *mlp, size_t layer, int32_t key, double *value) {
    MQC_NOT_NULL(mlp);
    MQC_NOT_NULL(value);
    MQC_TRY(mqc_mlp_check_layer(mlp, __func__, layer));
    MQC_TRY(check_by_layer(__func__, key));
    *value = mlp->layer[layer].value[key];
    return MEMQC_OK;
}

memqc_status memqc_mlp_key(const char *name, int32_t *key) {
    MQC_NOT_NULL(name);
    MQC_NOT_NULL(key);
    return mqc_params_key(&mqc_mlp_params, name, key);
}

memqc_status memqc_mlp_describe(int32_t key, const char **name, const char **unit, double *min,
                                double *max, double *initial) {
    return mqc_params_describe(&mqc_mlp_params, key, name, unit, min, max, initial);
}
