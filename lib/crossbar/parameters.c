/* SPDX-License-Identifier: BSD-3-Clause */
/* Parameters: setting, reading, describing. */
#include "core/error.h"
#include "crossbar/array/params.h"
#include "crossbar/array/ready.h"
#include "crossbar/parameters.h"
#include "crossbar/mapping/mapping.h"
#include "crossbar/read/params.h"
#include "crossbar/update.h"

#include <string.h>

/* May a key have its new value, with all others as in next? */
static memqc_status check_one(const memqc_crossbar *xb, const char *function, const double *next,
                              int32_t key) {
    const struct mqc_key *row = mqc_key_row(&mqc_crossbar_keys, key);
    const double value = next[key - MQC_CROSSBAR_FIRST];
    if (xb->programmed && row->flags & MQC_KEY_SETTLED)
        return mqc_key_settled(row, function, value, "the array is programmed, which settled it");
    if (xb->update.fast && key == MEMQC_CROSSBAR_TIKI_TAKA_PAIRS)
        return mqc_key_settled(row, function, value,
                               "the first update made the fast array, which settled it; another "
                               "rule drops the array");
    const char *unused = mqc_crossbar_unused(xb->device, next, key);
    if (unused)
        return mqc_keys_refuse_unused(&mqc_crossbar_keys, function, key, value, unused);
    return mqc_crossbar_check_value(function, key, value);
}

/* Takes the new values, and drops what they make stale. */
static void take(memqc_crossbar *xb, const double *next) {
    const size_t rule = MEMQC_CROSSBAR_RULE - MQC_CROSSBAR_FIRST;
    uint32_t stale = 0;
    for (size_t i = 0; i < MQC_CROSSBAR_KEYS; i++)
        if (xb->value[i] != next[i])
            stale |= mqc_crossbar_keys.rows[i].stale;
    mqc_readout_drop(xb, stale);
    if (xb->value[rule] != next[rule])
        mqc_crossbar_drop_update(xb);
    memcpy(xb->value, next, sizeof xb->value);
}

/* Checks what a set of several asks for, and makes the values of all keys. */
static memqc_status make_next(const memqc_crossbar *xb, const char *function, size_t n,
                              const int32_t *keys, const double *values, double *next) {
    MQC_TRY(mqc_keys_check_many(&mqc_crossbar_keys, function, n, keys, values));
    memcpy(next, xb->value, sizeof xb->value);
    for (size_t i = 0; i < n; i++)
        next[keys[i] - MQC_CROSSBAR_FIRST] = values[i];
    for (size_t i = 0; i < n; i++)
        MQC_TRY(check_one(xb, function, next, keys[i]));
    return mqc_mapping_check(function, next, xb->device);
}

memqc_status mqc_crossbar_check_many(const memqc_crossbar *xb, const char *function, size_t n,
                                     const int32_t *keys, const double *values) {
    double next[MQC_CROSSBAR_KEYS];
    return make_next(xb, function, n, keys, values, next);
}

memqc_status mqc_crossbar_set_many(memqc_crossbar *xb, const char *function, size_t n,
                                   const int32_t *keys, const double *values) {
    double next[MQC_CROSSBAR_KEYS];
    MQC_TRY(mqc_crossbar_idle(xb, function));
    MQC_TRY(make_next(xb, function, n, keys, values, next));
    take(xb, next);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_set(memqc_crossbar *crossbar, int32_t key, double value) {
    MQC_NOT_NULL(crossbar);
    return mqc_crossbar_set_many(crossbar, __func__, 1, &key, &value);
}

memqc_status memqc_crossbar_set_many(memqc_crossbar *crossbar, size_t n, const int32_t *keys,
                                     const double *values) {
    MQC_NOT_NULL(crossbar);
    return mqc_crossbar_set_many(crossbar, __func__, n, keys, values);
}

/* The largest scale in use; 0 before the first programming. */
static double largest_scale(const memqc_crossbar *xb) {
    const size_t scales = mqc_crossbar_by_column(xb) ? xb->shape.cols : 1;
    double largest = 0;
    for (size_t j = 0; xb->programmed && j < scales; j++)
        largest = (double)xb->weights.scale[j] > largest ? (double)xb->weights.scale[j] : largest;
    return largest;
}

memqc_status memqc_crossbar_get(const memqc_crossbar *crossbar, int32_t key, double *value) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(value);
    MQC_TRY(mqc_keys_known(&mqc_crossbar_keys, __func__, key));
    const int scale_in_use =
        key == MEMQC_CROSSBAR_W_MAX && mqc_crossbar_value(crossbar, MEMQC_CROSSBAR_NORMALIZATION) !=
                                           MEMQC_CROSSBAR_NORMALIZATION_FIXED;
    *value = scale_in_use ? largest_scale(crossbar) : mqc_crossbar_value(crossbar, key);
    return MEMQC_OK;
}

memqc_status memqc_crossbar_uses(const memqc_crossbar *crossbar, int32_t key, int32_t *flag) {
    MQC_NOT_NULL(crossbar);
    MQC_NOT_NULL(flag);
    MQC_TRY(mqc_keys_known(&mqc_crossbar_keys, __func__, key));
    *flag = mqc_crossbar_unused(crossbar->device, crossbar->value, key) == NULL;
    return MEMQC_OK;
}

/* --- what the table says --- */

size_t memqc_crossbar_keys(void) {
    return mqc_crossbar_keys.count;
}

int32_t memqc_crossbar_key_at(size_t index) {
    return mqc_keys_at(&mqc_crossbar_keys, index);
}

memqc_status memqc_crossbar_key(const char *name, int32_t *key) {
    MQC_NOT_NULL(name);
    MQC_NOT_NULL(key);
    return mqc_keys_find(&mqc_crossbar_keys, __func__, name, key);
}

const char *memqc_crossbar_key_text(int32_t key, int32_t what) {
    return mqc_keys_text(&mqc_crossbar_keys, __func__, key, what);
}

memqc_status memqc_crossbar_key_value(int32_t key, int32_t what, double *value) {
    MQC_NOT_NULL(value);
    return mqc_keys_value(&mqc_crossbar_keys, __func__, key, what, value);
}

const char *memqc_crossbar_choice_name(int32_t key, int32_t value) {
    return mqc_keys_choice_name(&mqc_crossbar_keys, __func__, key, value);
}

memqc_status memqc_crossbar_choice(int32_t key, const char *name, int32_t *value) {
    MQC_NOT_NULL(name);
    MQC_NOT_NULL(value);
    return mqc_keys_choice(&mqc_crossbar_keys, __func__, key, name, value);
}
