/* SPDX-License-Identifier: BSD-3-Clause */
/* The rule of an array, and the arrays that a rule can work on. */
#include "core/error.h"
#include "crossbar/array/params.h"
#include "crossbar/array/ready.h"
#include "crossbar/update/update.h"

enum { FIRST = MEMQC_CROSSBAR_RULE_NEAREST_LEVEL };

/* Of a weight from the fast array: what is transferred stays finite in single precision. */
static const double most_transfer = 1e30;

const struct mqc_update_rule *mqc_update_rule_of(const memqc_crossbar *xb) {
    static const struct mqc_update_rule *const rules[] = {
        [MEMQC_CROSSBAR_RULE_NEAREST_LEVEL - FIRST] = &mqc_update_nearest_level,
        [MEMQC_CROSSBAR_RULE_STOCHASTIC - FIRST] = &mqc_update_stochastic,
        [MEMQC_CROSSBAR_RULE_SIGN - FIRST] = &mqc_update_sign,
        [MEMQC_CROSSBAR_RULE_MIXED_PRECISION - FIRST] = &mqc_update_mixed_precision,
        [MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL - FIRST] = &mqc_update_one_directional,
        [MEMQC_CROSSBAR_RULE_PULSE_TRAIN - FIRST] = &mqc_update_pulse_train,
        [MEMQC_CROSSBAR_RULE_TIKI_TAKA - FIRST] = &mqc_update_tiki_taka,
        [MEMQC_CROSSBAR_RULE_TIKI_TAKA_2 - FIRST] = &mqc_update_tiki_taka_2,
    };
    return rules[(int32_t)mqc_crossbar_value(xb, MEMQC_CROSSBAR_RULE) - FIRST];
}

struct mqc_update_call mqc_update_call_of(const memqc_crossbar *xb, const char *function,
                                          double alpha) {
    const struct mqc_update_params params = {
        .sign_threshold = mqc_crossbar_value(xb, MEMQC_CROSSBAR_SIGN_THRESHOLD),
        .update_threshold = mqc_crossbar_value(xb, MEMQC_CROSSBAR_UPDATE_THRESHOLD),
        .refresh_level = mqc_crossbar_value(xb, MEMQC_CROSSBAR_REFRESH_LEVEL),
        .train_length = mqc_crossbar_value(xb, MEMQC_CROSSBAR_TRAIN_LENGTH),
        .train_management = mqc_crossbar_value(xb, MEMQC_CROSSBAR_TRAIN_MANAGEMENT) > 0,
        .every = (uint64_t)mqc_crossbar_value(xb, MEMQC_CROSSBAR_TIKI_TAKA_EVERY),
        .rate = mqc_crossbar_value(xb, MEMQC_CROSSBAR_TIKI_TAKA_RATE),
        .threshold = mqc_crossbar_value(xb, MEMQC_CROSSBAR_TIKI_TAKA_THRESHOLD),
        .pairs = (size_t)mqc_crossbar_value(xb, MEMQC_CROSSBAR_TIKI_TAKA_PAIRS),
    };
    const struct mqc_update_call call = {
        .function = function,
        .alpha = alpha,
        .seed = xb->seed,
        .number = xb->update.steps,
        .params = params,
    };
    return call;
}

/* A fast array has the scale of its array as its W_MAX. */
static memqc_status check_fast(const memqc_crossbar *xb, const struct mqc_update_rule *rule,
                               const char *function) {
    const struct mqc_key *const row = mqc_key_row(&mqc_crossbar_keys, MEMQC_CROSSBAR_W_MAX);
    const double rate = mqc_crossbar_value(xb, MEMQC_CROSSBAR_TIKI_TAKA_RATE);
    const double scale = (double)xb->weights.scale[0];
    if (rate * scale > most_transfer)
        return mqc_fail(
            MEMQC_ERROR_ARGUMENT,
            "%s: tiki_taka_rate = %g of weights up to %g; allowed is a product up to %g", function,
            rate, scale, most_transfer);
    if (mqc_crossbar_by_column(xb) ||
        mqc_crossbar_value(xb, MEMQC_CROSSBAR_NORMALIZATION) == MEMQC_CROSSBAR_NORMALIZATION_FIXED)
        return MEMQC_OK;
    if (!(scale >= row->min && scale <= row->max))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: rule = %s of weights up to %g, which the array was programmed to; "
                        "allowed is a scale of %g .. %g",
                        function, rule->name, scale, row->min, row->max);
    return MEMQC_OK;
}

memqc_status mqc_update_check(const memqc_crossbar *xb, const struct mqc_update_rule *rule,
                              const char *function) {
    MQC_TRY(mqc_crossbar_ready(xb, function));
    if (rule->one_slice && xb->weights.map.slices > 1)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: rule = %s needs weights of one slice; this array has %zu", function,
                        rule->name, xb->weights.map.slices);
    if (rule->one_scale && mqc_crossbar_by_column(xb))
        return mqc_fail(
            MEMQC_ERROR_ARGUMENT,
            "%s: rule = %s needs one scale for the whole array; normalization is COLUMN", function,
            rule->name);
    if (rule->pairs && xb->weights.map.kind != MEMQC_CROSSBAR_MAPPING_DIFFERENTIAL)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: rule = %s needs pairs; allowed is mapping DIFFERENTIAL", function,
                        rule->name);
    if (rule->pairs && mqc_crossbar_value(xb, MEMQC_CROSSBAR_SCHEME) != MEMQC_CROSSBAR_SCHEME_BLIND)
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: rule = %s sets cells only to refresh them; allowed is scheme BLIND",
                        function, rule->name);
    return rule->fast ? check_fast(xb, rule, function) : MEMQC_OK;
}
