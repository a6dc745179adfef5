/* SPDX-License-Identifier: BSD-3-Clause */
/* What the table of a network's parameters says of them. */
#include "core/error.h"
#include "mlp/params.h"

size_t memqc_mlp_keys(void) {
    return mqc_mlp_keys.count;
}

int32_t memqc_mlp_key_at(size_t index) {
    return mqc_keys_at(&mqc_mlp_keys, index);
}

memqc_status memqc_mlp_key(const char *name, int32_t *key) {
    MQC_NOT_NULL(name);
    MQC_NOT_NULL(key);
    return mqc_keys_find(&mqc_mlp_keys, __func__, name, key);
}

const char *memqc_mlp_key_text(int32_t key, int32_t what) {
    return mqc_keys_text(&mqc_mlp_keys, __func__, key, what);
}

memqc_status memqc_mlp_key_value(int32_t key, int32_t what, double *value) {
    MQC_NOT_NULL(value);
    return mqc_keys_value(&mqc_mlp_keys, __func__, key, what, value);
}

const char *memqc_mlp_choice_name(int32_t key, int32_t value) {
    return mqc_keys_choice_name(&mqc_mlp_keys, __func__, key, value);
}

memqc_status memqc_mlp_choice(int32_t key, const char *name, int32_t *value) {
    MQC_NOT_NULL(name);
    MQC_NOT_NULL(value);
    return mqc_keys_choice(&mqc_mlp_keys, __func__, key, name, value);
}
