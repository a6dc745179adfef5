/* SPDX-License-Identifier: BSD-3-Clause */
/* A saved object with one of its numbers altered, under a good checksum. */
#ifndef MEMQC_TESTS_ALTERED_H
#define MEMQC_TESTS_ALTERED_H

#include "../property/hostile.h"

/* Saves an object, and takes the bytes apart. */
#define SAVED(noun, object, archive)                      \
    do {                                                  \
        unsigned char *saved_bytes_;                      \
        size_t saved_size_;                               \
        SAVE(noun, object, saved_bytes_, saved_size_);    \
        take_apart((archive), saved_bytes_, saved_size_); \
    } while (0)

/* Where a number stands: element `at` of the k-th record of a tag. */
struct place {
    const char *tag;
    size_t k, at;
};

static inline const struct record *record_of(const struct archive *a, const struct place *place) {
    size_t k = 0;
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->record[i].tag, place->tag) == 0 && k++ == place->k)
            return &a->record[i];
    return NULL;
}

/* The archive with other bytes for a number, which is as wide as its record says. */
static inline void write_altered(const struct archive *a, const struct place *place,
                                 const void *number, struct mqc_writer *writer) {
    const struct record *const chosen = record_of(a, place);
    ck_assert_ptr_nonnull(chosen);
    ck_assert_uint_lt(place->at, chosen->count);
    mqc_write_start(writer, (enum mqc_kind)a->kind, a->version);
    for (size_t i = 0; i < a->n; i++) {
        const size_t width = width_of(a->record[i].type);
        if (&a->record[i] != chosen) {
            write_record(writer, &a->record[i]);
            continue;
        }
        unsigned char *values = malloc(chosen->count * width);
        ck_assert_ptr_nonnull(values);
        memcpy(values, chosen->values, chosen->count * width);
        memcpy(values + place->at * width, number, width);
        mqc_write(writer, chosen->tag, chosen->type, chosen->count, values);
        free(values);
    }
    OK(mqc_write_finish(writer));
}

static inline double number_at(const struct archive *a, const struct place *place) {
    double number;
    const struct record *const record = record_of(a, place);
    ck_assert_ptr_nonnull(record);
    ck_assert_int_eq(record->type, MQC_F64);
    memcpy(&number, record->values + place->at * sizeof number, sizeof number);
    return number;
}

#endif
