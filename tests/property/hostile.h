/* SPDX-License-Identifier: BSD-3-Clause */
/* Saved objects that somebody altered who wants to do harm: the records are taken apart, some of
 * them get other values, those of another object, or another length, and all is put together again
 * under a good length and checksum. */
#ifndef MEMQC_TESTS_HOSTILE_H
#define MEMQC_TESTS_HOSTILE_H

#include "core/archive.h"
#include "test.h"

#include <float.h>
#include <math.h>
#include <stdint.h>

enum { MOST_RECORDS = 400, HEAD = 24, RECORD = 16 };

/* A saved object, whose records point into its bytes. */
struct archive {
    unsigned char *bytes;
    size_t size, n;
    uint32_t version, kind;
    struct record {
        char tag[5];
        enum mqc_type type;
        size_t count;
        const unsigned char *values;
    } record[MOST_RECORDS];
};

static uint64_t hostile_state = 88172645463325252u;

static inline uint64_t hostile_word(void) { /* Marsaglia's xorshift64 */
    hostile_state ^= hostile_state << 13;
    hostile_state ^= hostile_state >> 7;
    return hostile_state ^= hostile_state << 17;
}

static inline size_t hostile_below(size_t bound) {
    return (size_t)(hostile_word() >> 11) % bound;
}

static inline uint64_t little_endian(const unsigned char *from, size_t bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)from[i] << 8 * i;
    return value;
}

static inline size_t width_of(enum mqc_type type) {
    return type == MQC_U32 || type == MQC_F32 ? 4 : 8;
}

/* Values of an archive become those of this machine, as mqc_write() takes them. */
static inline void take_values(unsigned char *values, enum mqc_type type, size_t n) {
    const size_t width = width_of(type);
    for (size_t i = 0; i < n; i++) {
        const uint64_t wide = little_endian(values + i * width, width);
        const uint32_t word = (uint32_t)wide;
        memcpy(values + i * width, width == 4 ? (const void *)&word : (const void *)&wide, width);
    }
}

/* Takes bytes of malloc() apart, which are then the archive's. */
static inline void take_apart(struct archive *archive, unsigned char *bytes, size_t size) {
    archive->bytes = bytes;
    archive->size = size;
    archive->version = (uint32_t)little_endian(bytes + 8, 4);
    archive->kind = (uint32_t)little_endian(bytes + 12, 4);
    archive->n = 0;
    for (size_t at = HEAD; at < size - 8;) {
        struct record *record = &archive->record[archive->n++];
        ck_assert_uint_le(archive->n, MOST_RECORDS);
        memcpy(record->tag, bytes + at, 4);
        record->tag[4] = '\0';
        record->type = (enum mqc_type)little_endian(bytes + at + 4, 4);
        record->count = (size_t)little_endian(bytes + at + 8, 8);
        record->values = bytes + at + RECORD;
        take_values(bytes + at + RECORD, record->type, record->count);
        at += RECORD + record->count * width_of(record->type);
    }
}

static inline double nasty_number(double old) {
    static const double numbers[] = {0,    -0.0,    1,        -1,        0.5, 2,      32.5,  4096,
                                     -495, 1e-45,   1e-6,     1e-3,      1e6, 1e9,    4.3e9, 1e30,
                                     3e38, FLT_MAX, INFINITY, -INFINITY, NAN, DBL_MAX};
    switch (hostile_below(6)) {
    case 0:
        return old + 1;
    case 1:
        return old - 0.5;
    case 2:
        return old * (hostile_below(2) ? 2 : -1);
    default:
        return numbers[hostile_below(COUNT(numbers))];
    }
}

static inline uint64_t nasty_whole(uint64_t old) {
    static const uint64_t numbers[] = {0,
                                       1,
                                       2,
                                       3,
                                       7,
                                       255,
                                       1u << 16,
                                       UINT32_MAX,
                                       UINT64_MAX,
                                       UINT64_MAX / 2,
                                       UINT64_C(1) << 62,
                                       4096,
                                       1000000};
    switch (hostile_below(5)) {
    case 0:
        return old + 1;
    case 1:
        return old - 1;
    case 2:
        return old ^ UINT64_C(1) << hostile_below(64);
    default:
        return numbers[hostile_below(COUNT(numbers))];
    }
}

/* Another value in the bytes of one. */
static inline void spoil(unsigned char *bytes, enum mqc_type type) {
    float single;
    double number;
    uint32_t word;
    uint64_t wide;
    switch (type) {
    case MQC_F32:
        memcpy(&single, bytes, sizeof single);
        number = nasty_number((double)single);
        single = fabs(number) > FLT_MAX ? (float)copysign(INFINITY, number) : (float)number;
        memcpy(bytes, &single, sizeof single);
        break;
    case MQC_F64:
        memcpy(&number, bytes, sizeof number);
        number = nasty_number(number);
        memcpy(bytes, &number, sizeof number);
        break;
    case MQC_U32:
        memcpy(&word, bytes, sizeof word);
        word = (uint32_t)nasty_whole(word);
        memcpy(bytes, &word, sizeof word);
        break;
    default:
        memcpy(&wide, bytes, sizeof wide);
        wide = nasty_whole(wide);
        memcpy(bytes, &wide, sizeof wide);
    }
}

/* One record, whose values are spoilt, swapped, or of another number. */
static inline void write_spoilt(struct mqc_writer *writer, const struct record *record) {
    const size_t width = width_of(record->type), n = record->count;
    unsigned char *values = malloc((n + 1) * width);
    ck_assert_ptr_nonnull(values);
    memcpy(values, record->values, n * width);
    memset(values + n * width, 0, width);
    size_t count = n;
    const size_t at = n ? hostile_below(n) : 0;
    switch (hostile_below(8)) {
    case 0:
        count = n + 1;
        break;
    case 1:
        count = n ? n - 1 : 0;
        break;
    case 2:
        if (n)
            memmove(values + at * width, values + hostile_below(n) * width, width);
        break;
    default:
        for (size_t k = 1 + hostile_below(2); n && k > 0; k--)
            spoil(values + hostile_below(n) * width, record->type);
    }
    mqc_write(writer, record->tag, record->type, count, values);
    free(values);
}

static inline void write_record(struct mqc_writer *writer, const struct record *record) {
    mqc_write(writer, record->tag, record->type, record->count, record->values);
}

/* A place in b of a record like that of a; b->n where there is none. */
static inline size_t place_like(const struct archive *b, const struct record *a) {
    const size_t from = hostile_below(b->n);
    for (size_t k = 0; k < b->n; k++)
        if (strcmp(b->record[(from + k) % b->n].tag, a->tag) == 0)
            return (from + k) % b->n;
    return b->n;
}

/* How many records of b from `from` may stand for as many of a's from `at`: what follows is alike in
 * both, or both end. */
static inline size_t splice_length(const struct archive *a, size_t at, const struct archive *b,
                                   size_t from) {
    size_t length = 1 + hostile_below(hostile_below(2) ? 4 : 60);
    while (at + length < a->n && from + length < b->n &&
           strcmp(a->record[at + length].tag, b->record[from + length].tag) != 0)
        length++;
    return at + length < a->n ? length : a->n - at;
}

/* An altered copy of a: one record spoilt, or some replaced by records of b. */
static inline void alter(const struct archive *a, const struct archive *b,
                         struct mqc_writer *writer) {
    const size_t at = hostile_below(a->n);
    const size_t from = hostile_below(2) ? place_like(b, &a->record[at]) : b->n;
    const size_t length = from < b->n ? splice_length(a, at, b, from) : 1;
    mqc_write_start(writer, (enum mqc_kind)a->kind, a->version);
    for (size_t i = 0; i < a->n; i++) {
        if (i >= at && i < at + length && from + (i - at) < b->n)
            write_record(writer, &b->record[from + (i - at)]);
        else if (i == at)
            write_spoilt(writer, &a->record[i]);
        else
            write_record(writer, &a->record[i]);
    }
    OK(mqc_write_finish(writer));
}

#endif
