/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/keys.h"
#include "core/constants.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

/* "an mlp", "a device". */
static const char *article(const struct mqc_keys *keys) {
    return strcmp(keys->noun, "mlp") == 0 ? "an" : "a";
}

memqc_status mqc_keys_known(const struct mqc_keys *keys, const char *function, int32_t key) {
    const char *name, *what;
    if (mqc_key_row(keys, key))
        return MEMQC_OK;
    if (mqc_constant(key, &name, &what))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: key = %d is %s, %s; a parameter of %s %s is wanted", function,
                        (int)key, name, what, article(keys), keys->noun);
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: key = %d: no parameter has it; keys are %d .. %d",
                    function, (int)key, (int)keys->first,
                    (int)(keys->first + (int32_t)keys->count - 1));
}

static memqc_status check_choice(const struct mqc_key *row, const char *function, double value) {
    for (const struct mqc_choice *choice = row->choices; choice->name; choice++)
        if (value == choice->value)
            return MEMQC_OK;
    const char *name, *what;
    if (mqc_constant(value, &name, &what))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: %s = %g is %s, %s; allowed is %g (%s) .. %g (%s)", function, row->name,
                        value, name, what, row->min, row->choices->name, row->max,
                        row->choices[(size_t)(row->max - row->min)].name);
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s = %g is no choice; allowed is %g (%s) .. %g (%s)",
                    function, row->name, value, row->min, row->choices->name, row->max,
                    row->choices[(size_t)(row->max - row->min)].name);
}

memqc_status mqc_keys_check(const struct mqc_keys *keys, const char *function, int32_t key,
                            double value) {
    MQC_TRY(mqc_keys_known(keys, function, key));
    const struct mqc_key *row = mqc_key_row(keys, key);
    const char *space = *row->unit ? " " : "";
    if (row->kind == MEMQC_KIND_CHOICE)
        return check_choice(row, function, value);
    if (!(value >= row->min && value <= row->max))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s = %g%s%s is outside %g .. %g%s%s", function,
                        row->name, value, space, row->unit, row->min, row->max, space, row->unit);
    if (row->kind != MEMQC_KIND_REAL && value != floor(value))
        return mqc_fail(MEMQC_ERROR_ARGUMENT,
                        "%s: %s = %g is not a whole number; allowed is %g .. %g", function,
                        row->name, value, row->min, row->max);
    return MEMQC_OK;
}

const char *mqc_keys_unused(const struct mqc_keys *keys, mqc_value_of *value_of, const void *object,
                            int32_t key) {
    const struct mqc_need *need = &mqc_key_row(keys, key)->need;
    while (need->key) {
        const double value = value_of(object, need->key);
        if (!(value >= need->low && value <= need->high))
            return need->text;
        need = &mqc_key_row(keys, need->key)->need;
    }
    return NULL;
}

/* The name of a value that is a choice, for a text; NULL where it has none. */
static const char *name_of(const struct mqc_key *row, double value) {
    for (const struct mqc_choice *choice = row->choices; choice && choice->name; choice++)
        if (value == choice->value)
            return choice->name;
    return NULL;
}

memqc_status mqc_key_settled(const struct mqc_key *row, const char *function, double value,
                             const char *why) {
    const char *name = name_of(row, value);
    return mqc_fail(MEMQC_ERROR_STATE, "%s: %s = %g%s%s%s: %s", function, row->name, value,
                    name ? " (" : "", name ? name : "", name ? ")" : "", why);
}

memqc_status mqc_keys_refuse_unused(const struct mqc_keys *keys, const char *function, int32_t key,
                                    double value, const char *why) {
    const struct mqc_key *row = mqc_key_row(keys, key);
    const char *name = name_of(row, value);
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s = %g%s%s%s would be without effect: %s", function,
                    row->name, value, name ? " (" : "", name ? name : "", name ? ")" : "", why);
}

memqc_status mqc_keys_check_many(const struct mqc_keys *keys, const char *function, size_t n,
                                 const int32_t *key, const double *values) {
    if (n > 0 && (!key || !values))
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s is NULL, with n = %zu", function,
                        key ? "values" : "keys", n);
    if (n > keys->count)
        return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: n = %zu keys; there are %zu parameters",
                        function, n, keys->count);
    for (size_t i = 0; i < n; i++) {
        MQC_TRY(mqc_keys_check(keys, function, key[i], values[i]));
        for (size_t j = 0; j < i; j++)
            if (key[j] == key[i])
                return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s comes twice, at %zu and %zu",
                                function, mqc_key_row(keys, key[i])->name, j, i);
    }
    return MEMQC_OK;
}

void mqc_keys_initial(const struct mqc_keys *keys, double *values) {
    for (size_t i = 0; i < keys->count; i++)
        values[i] = keys->rows[i].initial;
}

int32_t mqc_keys_at(const struct mqc_keys *keys, size_t index) {
    return index < keys->count ? keys->first + (int32_t)index : 0;
}

memqc_status mqc_keys_find(const struct mqc_keys *keys, const char *function, const char *name,
                           int32_t *key) {
    for (size_t i = 0; i < keys->count; i++) {
        if (strcmp(keys->rows[i].name, name) == 0) {
            *key = keys->rows[i].key;
            return MEMQC_OK;
        }
    }
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: no parameter is named \"%s\"", function, name);
}

const char *mqc_keys_text(const struct mqc_keys *keys, const char *function, int32_t key,
                          int32_t what) {
    if (mqc_keys_known(keys, function, key) != MEMQC_OK)
        return NULL;
    const struct mqc_key *row = mqc_key_row(keys, key);
    const char *const texts[] = {row->name, row->unit, row->group, row->text};
    if (what >= MEMQC_KEY_NAME && what <= MEMQC_KEY_TEXT)
        return texts[what - MEMQC_KEY_NAME];
    (void)mqc_refuse_constant(function, "what", what,
                              "MEMQC_KEY_NAME, _UNIT, _GROUP or _TEXT is wanted");
    return NULL;
}

memqc_status mqc_keys_value(const struct mqc_keys *keys, const char *function, int32_t key,
                            int32_t what, double *value) {
    MQC_TRY(mqc_keys_known(keys, function, key));
    const struct mqc_key *row = mqc_key_row(keys, key);
    const double values[] = {
        row->kind,
        row->min,
        row->max,
        row->initial,
        (row->flags & MQC_KEY_BY_LAYER) != 0,
        (row->flags & MQC_KEY_SETTLED) != 0,
    };
    if (what < MEMQC_KEY_KIND || what > MEMQC_KEY_SETTLED)
        return mqc_refuse_constant(
            function, "what", what,
            "MEMQC_KEY_KIND, _MIN, _MAX, _INITIAL, _BY_LAYER or _SETTLED is wanted");
    *value = values[what - MEMQC_KEY_KIND];
    return MEMQC_OK;
}

/* The row of a key that is a choice; NULL, with the error text, for any other. */
static const struct mqc_key *choice_row(const struct mqc_keys *keys, const char *function,
                                        int32_t key) {
    if (mqc_keys_known(keys, function, key) != MEMQC_OK)
        return NULL;
    const struct mqc_key *row = mqc_key_row(keys, key);
    if (row->kind == MEMQC_KIND_CHOICE)
        return row;
    (void)mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s is a number, not a choice", function, row->name);
    return NULL;
}

const char *mqc_keys_choice_name(const struct mqc_keys *keys, const char *function, int32_t key,
                                 int32_t value) {
    const struct mqc_key *row = choice_row(keys, function, key);
    if (!row || check_choice(row, function, value) != MEMQC_OK)
        return NULL;
    return row->choices[(size_t)(value - row->choices->value)].name;
}

memqc_status mqc_keys_choice(const struct mqc_keys *keys, const char *function, int32_t key,
                             const char *name, int32_t *value) {
    const struct mqc_key *row = choice_row(keys, function, key);
    if (!row)
        return MEMQC_ERROR_ARGUMENT;
    for (const struct mqc_choice *choice = row->choices; choice->name; choice++) {
        if (strcmp(choice->name, name) == 0) {
            *value = choice->value;
            return MEMQC_OK;
        }
    }
    return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s has no choice named \"%s\"; the first is \"%s\"",
                    function, row->name, name, row->choices->name);
}
