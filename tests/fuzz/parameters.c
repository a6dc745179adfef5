/* SPDX-License-Identifier: BSD-3-Clause */
/* Keys and values of parameters, from what the library itself tells about them. */
#include "fuzz.h"

#include <math.h>

const struct noun device_noun = {memqc_device_keys,        memqc_device_key_at,
                                 memqc_device_key_value,   memqc_device_key_text,
                                 memqc_device_choice_name, memqc_device_key};
const struct noun crossbar_noun = {memqc_crossbar_keys,        memqc_crossbar_key_at,
                                   memqc_crossbar_key_value,   memqc_crossbar_key_text,
                                   memqc_crossbar_choice_name, memqc_crossbar_key};
const struct noun mlp_noun = {memqc_mlp_keys,     memqc_mlp_key_at,      memqc_mlp_key_value,
                              memqc_mlp_key_text, memqc_mlp_choice_name, memqc_mlp_key};

/* Calls last as long as these say. */
double most_of(int32_t key) {
    static const struct {
        int32_t key;
        double most;
    } slow[] = {{MEMQC_CROSSBAR_VERIFY_PULSES, 40},
                {MEMQC_CROSSBAR_TIKI_TAKA_PAIRS, 40},
                {MEMQC_MLP_INSTANCES, 2},
                {MEMQC_MLP_THREADS, 2}};
    for (size_t i = 0; i < COUNT(slow); i++)
        if (slow[i].key == key)
            return slow[i].most;
    return INFINITY;
}

int32_t take_key(struct fuzz *f, const struct noun *noun) {
    const uint8_t kind = take_byte(f);
    return kind < 250 ? noun->key_at(kind % noun->keys()) : take_int(f);
}

static double within(struct fuzz *f, double least, double most) {
    const uint8_t kind = take_byte(f);
    const double part = kind < 20 ? kind / 19.0 : take_byte(f) / 255.0;
    if (kind < 140 && least >= 0 && most > 1e3 * least)
        return (least > 0 ? least : 1e-9) * pow(most / (least > 0 ? least : 1e-9), part);
    return least + part * (most - least);
}

double take_value(struct fuzz *f, const struct noun *noun, int32_t key) {
    double of_key[3] = {MEMQC_KIND_REAL, 0, 1}, initial = 0;
    for (int32_t i = 0; i < 3; i++)
        noun->key_value(key, MEMQC_KEY_KIND + i, &of_key[i]);
    noun->key_value(key, MEMQC_KEY_INITIAL, &initial);
    const uint8_t kind = take_byte(f);
    double value;
    if (kind < 20)
        value = initial;
    else if (kind < 60)
        value = initial * (1 + (kind - 40) / 20.0);
    else if (kind < 90)
        value = take_byte(f) % 16;
    else
        value = kind < 235 ? within(f, of_key[1], of_key[2]) : take_number(f);
    if (of_key[0] != MEMQC_KIND_REAL && kind < 235)
        value = floor(value);
    return value > most_of(key) ? most_of(key) : value;
}

size_t take_settings(struct fuzz *f, const struct noun *noun, int32_t **keys, double **values) {
    const size_t n = take_below(f, 7);
    *keys = make_room(f, n * sizeof **keys);
    *values = make_room(f, n * sizeof **values);
    for (size_t i = 0; i < n; i++) {
        (*keys)[i] = take_key(f, noun);
        (*values)[i] = take_value(f, noun, (*keys)[i]);
    }
    return n;
}

memqc_status ask_about_keys(struct fuzz *f, const struct noun *noun) {
    const int32_t key = take_key(f, noun), what = MEMQC_KEY_NAME + (int32_t)take_below(f, 20);
    double value = 0;
    int32_t found = 0;
    const char *text = noun->key_text(key, what);
    if (text)
        see(f, text, strlen(text));
    const char *name = noun->choice_name(key, take_int(f));
    if (name)
        see(f, name, strlen(name));
    if (what == MEMQC_KEY_NAME && text && noun->key(text, &found) == MEMQC_OK)
        MUST(found == key, "\"%s\" is %d, not %d", text, (int)found, (int)key);
    const memqc_status status = noun->key_value(key, what, or_null(f, &value));
    see(f, &value, sizeof value);
    return status;
}
