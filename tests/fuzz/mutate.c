/* SPDX-License-Identifier: BSD-3-Clause */
/* How libFuzzer alters saved objects: record by record, with the length and the checksum mended, so
 * that alterations get past the envelope. */
#include "property/hostile.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t size_a, const uint8_t *b, size_t size_b,
                                 uint8_t *out, size_t most, unsigned seed);

enum { SUM = 8 };

/* Can take_apart() take these bytes? */
static int has_records(const uint8_t *data, size_t size) {
    size_t n = 0, at = HEAD;
    if (size < HEAD + RECORD + SUM)
        return 0;
    for (; at + RECORD <= size - SUM && n < MOST_RECORDS - 1; n++) {
        const uint64_t type = little_endian(data + at + 4, 4);
        const uint64_t count = little_endian(data + at + 8, 8);
        if (type < MQC_U32 || type > MQC_F64 || count > size)
            return 0;
        at += RECORD + (size_t)count * width_of((enum mqc_type)type);
    }
    return n > 0 && at == size - SUM;
}

/* Puts an archive together again. */
static size_t finish(struct mqc_writer *writer, uint8_t *out, size_t most) {
    size_t size = 0;
    if (writer->size && writer->size <= most) {
        size = writer->size;
        memcpy(out, writer->data, size);
    }
    mqc_write_free(writer);
    return size;
}

/* libFuzzer's own alterations of the values of one record, which know what code compares. */
static size_t mutate_values(const struct archive *a, uint8_t *out, size_t most) {
    const size_t at = hostile_below(a->n);
    struct mqc_writer writer;
    mqc_write_start(&writer, (enum mqc_kind)a->kind, a->version);
    for (size_t i = 0; i < a->n; i++) {
        const struct record *record = &a->record[i];
        if (i != at) {
            write_record(&writer, record);
            continue;
        }
        const size_t width = width_of(record->type), size = record->count * width;
        const size_t room = size + 4 * width;
        uint8_t *values = calloc(room, 1);
        memcpy(values, record->values, size);
        const size_t length = LLVMFuzzerMutate(values, size, room);
        const size_t count = hostile_below(4) ? record->count : length / width;
        mqc_write(&writer, record->tag, record->type, count, values);
        free(values);
    }
    OK(mqc_write_finish(&writer));
    return finish(&writer, out, most);
}

static struct archive *open_archive(const uint8_t *data, size_t size) {
    if (!has_records(data, size))
        return NULL;
    struct archive *archive = calloc(1, sizeof *archive);
    unsigned char *bytes = malloc(size);
    memcpy(bytes, data, size);
    take_apart(archive, bytes, size);
    return archive;
}

static void close_archive(struct archive *archive) {
    if (archive)
        free(archive->bytes);
    free(archive);
}

/* a, altered with the help of b. 0: the result is too large. */
static size_t mix(const struct archive *a, const struct archive *b, uint8_t *out, size_t most) {
    struct mqc_writer writer;
    alter(a, b, &writer);
    return finish(&writer, out, most);
}

static void seed_from(unsigned seed) {
    hostile_state = (uint64_t)seed * UINT64_C(0x9e3779b97f4a7c15) + 88172645463325252u;
    if (hostile_state == 0)
        hostile_state = 1;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
    seed_from(seed);
    struct archive *a = open_archive(data, size);
    size_t made = 0;
    const size_t way = hostile_below(16);
    if (a && way > 0)
        made = way < 6 ? mutate_values(a, data, most) : mix(a, a, data, most);
    close_archive(a);
    return made ? made : LLVMFuzzerMutate(data, size, most);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t size_a, const uint8_t *b, size_t size_b,
                                 uint8_t *out, size_t most, unsigned seed) {
    seed_from(seed);
    struct archive *first = open_archive(a, size_a), *second = open_archive(b, size_b);
    const size_t made = first && second ? mix(first, second, out, most) : 0;
    close_archive(first);
    close_archive(second);
    return made;
}
