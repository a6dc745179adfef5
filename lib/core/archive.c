/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/archive.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/file.h"

#include <string.h>

enum { MAGIC = 8, HEAD = MAGIC + 16, RECORD = 16, SUM = 8 };

static const uint8_t magic[MAGIC] = {0x89, 'M', 'Q', 'C', '\r', '\n', 0x1a, '\n'};

static const char *const kinds[] = {"nothing known", "a network", "a crossbar", "a device"};

enum { KINDS = sizeof kinds / sizeof *kinds };

static void put(uint8_t *to, size_t bytes, uint64_t value) {
    for (size_t i = 0; i < bytes; i++)
        to[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get(const uint8_t *from, size_t bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)from[i] << (8 * i);
    return value;
}

/* CRC-64/XZ (ECMA-182, reflected), eight bytes at a time: table[k][b] is what byte b does k bytes
 * later. The table is made afresh, which costs as much as some kilobytes of data do. */
static uint64_t checksum(const uint8_t *data, size_t size) {
    uint64_t table[8][256];
    for (uint32_t b = 0; b < 256; b++) {
        uint64_t crc = b;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (UINT64_C(0xC96C5795D7870F42) & (0 - (crc & 1)));
        table[0][b] = crc;
    }
    for (int k = 1; k < 8; k++)
        for (uint32_t b = 0; b < 256; b++)
            table[k][b] = table[k - 1][b] >> 8 ^ table[0][table[k - 1][b] & 0xff];
    uint64_t crc = ~UINT64_C(0);
    for (; size >= 8; size -= 8, data += 8) {
        crc ^= get(data, 8);
        crc = table[7][crc & 0xff] ^ table[6][crc >> 8 & 0xff] ^ table[5][crc >> 16 & 0xff] ^
              table[4][crc >> 24 & 0xff] ^ table[3][crc >> 32 & 0xff] ^ table[2][crc >> 40 & 0xff] ^
              table[1][crc >> 48 & 0xff] ^ table[0][crc >> 56];
    }
    for (; size; size--)
        crc = crc >> 8 ^ table[0][(crc ^ *data++) & 0xff];
    return ~crc;
}

static size_t width(enum mqc_type type) {
    return type == MQC_U32 || type == MQC_F32 ? 4 : 8;
}

/* --- writing --- */

/* Room for so many bytes more; NULL where the writer has failed. */
static uint8_t *extend(struct mqc_writer *writer, size_t bytes) {
    if (writer->status != MEMQC_OK)
        return NULL;
    if (bytes > writer->room - writer->size) {
        const size_t wanted = bytes > SIZE_MAX / 2 - writer->size ? SIZE_MAX : writer->size + bytes;
        const size_t room =
            wanted > SIZE_MAX / 2 || wanted > 2 * writer->room ? wanted : 2 * writer->room;
        uint8_t *data = mqc_alloc(room, 1);
        if (!data) {
            writer->status = MEMQC_ERROR_NOMEM;
            return NULL;
        }
        if (writer->size)
            memcpy(data, writer->data, writer->size);
        mqc_free(writer->data);
        writer->data = data;
        writer->room = room;
    }
    uint8_t *const to = writer->data + writer->size;
    writer->size += bytes;
    return to;
}

void mqc_write_start(struct mqc_writer *writer, enum mqc_kind kind, uint32_t version) {
    memset(writer, 0, sizeof *writer);
    uint8_t *to = extend(writer, HEAD);
    if (!to)
        return;
    memcpy(to, magic, MAGIC);
    put(to + MAGIC, 4, version);
    put(to + MAGIC + 4, 4, (uint64_t)kind);
}

void mqc_write_begin(struct mqc_writer *writer, const char *tag, enum mqc_type type, size_t n) {
    uint8_t *to = extend(writer, RECORD);
    if (!to)
        return;
    memcpy(to, tag, 4);
    put(to + 4, 4, (uint64_t)type);
    put(to + 8, 8, n);
}

void mqc_write_values(struct mqc_writer *writer, enum mqc_type type, size_t n, const void *values) {
    const size_t bytes = width(type);
    const unsigned char *from = values;
    uint8_t *to = extend(writer, n > SIZE_MAX / bytes ? SIZE_MAX : n * bytes);
    if (!to)
        return;
    for (size_t i = 0; i < n && bytes == 4; i++) {
        uint32_t bits;
        memcpy(&bits, from + 4 * i, 4);
        put(to + 4 * i, 4, bits);
    }
    for (size_t i = 0; i < n && bytes == 8; i++) {
        uint64_t bits;
        memcpy(&bits, from + 8 * i, 8);
        put(to + 8 * i, 8, bits);
    }
}

void mqc_write(struct mqc_writer *writer, const char *tag, enum mqc_type type, size_t n,
               const void *values) {
    mqc_write_begin(writer, tag, type, n);
    mqc_write_values(writer, type, n, values);
}

memqc_status mqc_write_finish(struct mqc_writer *writer) {
    uint8_t *to = extend(writer, SUM);
    if (!to)
        return writer->status;
    put(writer->data + MAGIC + 8, 8, writer->size);
    put(to, SUM, checksum(writer->data, writer->size - SUM));
    return MEMQC_OK;
}

void mqc_write_free(struct mqc_writer *writer) {
    mqc_free(writer->data);
    memset(writer, 0, sizeof *writer);
}

memqc_status mqc_write_to_memory(struct mqc_writer *writer, const char *function, const char *noun,
                                 void *data, size_t room, size_t *size) {
    memqc_status status = mqc_fail_in(function, mqc_write_finish(writer));
    if (status == MEMQC_OK) {
        *size = writer->size;
        if (data && room < writer->size)
            status = mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: room = %zu bytes; the %s needs %zu",
                              function, room, noun, writer->size);
        else if (data)
            memcpy(data, writer->data, writer->size);
    }
    mqc_write_free(writer);
    return status;
}

memqc_status mqc_write_to_file(struct mqc_writer *writer, const char *function, const char *path) {
    memqc_status status = mqc_fail_in(function, mqc_write_finish(writer));
    if (status == MEMQC_OK)
        status = mqc_file_write(function, path, writer->data, writer->size);
    mqc_write_free(writer);
    return status;
}

/* --- reading --- */

static memqc_status check_envelope(const struct mqc_reader *reader, size_t size) {
    const char *function = reader->function;
    if (size < MAGIC || memcmp(reader->data, magic, MAGIC) != 0)
        return mqc_fail(MEMQC_ERROR_FORMAT,
                        "%s: these %zu bytes are not something that libmemqc saved", function,
                        size);
    if (size < HEAD + SUM)
        return mqc_fail(MEMQC_ERROR_FORMAT,
                        "%s: truncated: %zu bytes, when the shortest archive has %d", function,
                        size, HEAD + SUM);
    const uint64_t length = get(reader->data + MAGIC + 8, 8);
    if (length != size)
        return mqc_fail(MEMQC_ERROR_FORMAT, "%s: %s: %zu bytes, when there should be %llu",
                        function, size < length ? "truncated" : "something stands behind its end",
                        size, (unsigned long long)length);
    if (get(reader->data + size - SUM, SUM) != checksum(reader->data, size - SUM))
        return mqc_fail(MEMQC_ERROR_FORMAT,
                        "%s: altered: the checksum of the %zu bytes does not fit", function, size);
    return MEMQC_OK;
}

memqc_status mqc_read_start(struct mqc_reader *reader, const char *function, const void *data,
                            size_t size, enum mqc_kind kind, uint32_t newest) {
    reader->function = function;
    reader->data = data;
    MQC_TRY(check_envelope(reader, size));
    reader->at = HEAD;
    reader->end = size - SUM;
    reader->version = (uint32_t)get(reader->data + MAGIC, 4);
    const uint64_t found = get(reader->data + MAGIC + 4, 4);
    if (found != (uint64_t)kind)
        return mqc_fail(MEMQC_ERROR_FORMAT, "%s: holds %s, not %s", function,
                        kinds[found < KINDS ? found : 0], kinds[kind]);
    if (reader->version < 1 || reader->version > newest)
        return mqc_fail(MEMQC_ERROR_FORMAT,
                        "%s: version %u of the format; this library reads 1 .. %u", function,
                        (unsigned)reader->version, (unsigned)newest);
    return MEMQC_OK;
}

memqc_status mqc_read_count(const struct mqc_reader *reader, const char *tag, enum mqc_type type,
                            size_t *n) {
    const uint8_t *from = reader->data + reader->at;
    const size_t left = reader->end - reader->at;
    if (left < RECORD || memcmp(from, tag, 4) != 0 || get(from + 4, 4) != (uint64_t)type)
        return mqc_fail(MEMQC_ERROR_FORMAT, "%s: no record \"%s\" at byte %zu", reader->function,
                        tag, reader->at);
    const uint64_t count = get(from + 8, 8);
    if (count > (left - RECORD) / width(type))
        return mqc_fail(MEMQC_ERROR_FORMAT,
                        "%s: record \"%s\" of %llu values at byte %zu goes beyond the end",
                        reader->function, tag, (unsigned long long)count, reader->at);
    *n = (size_t)count;
    return MEMQC_OK;
}

memqc_status mqc_read_begin(struct mqc_reader *reader, const char *tag, enum mqc_type type,
                            size_t n) {
    size_t found = 0;
    MQC_TRY(mqc_read_count(reader, tag, type, &found));
    if (found != n)
        return mqc_fail(MEMQC_ERROR_FORMAT,
                        "%s: record \"%s\" at byte %zu has %zu values, when there should be %zu",
                        reader->function, tag, reader->at, found, n);
    reader->at += RECORD;
    return MEMQC_OK;
}

void mqc_read_values(struct mqc_reader *reader, enum mqc_type type, size_t n, void *values) {
    const size_t bytes = width(type);
    const uint8_t *from = reader->data + reader->at;
    unsigned char *to = values;
    for (size_t i = 0; i < n && bytes == 4; i++) {
        const uint32_t bits = (uint32_t)get(from + 4 * i, 4);
        memcpy(to + 4 * i, &bits, 4);
    }
    for (size_t i = 0; i < n && bytes == 8; i++) {
        const uint64_t bits = get(from + 8 * i, 8);
        memcpy(to + 8 * i, &bits, 8);
    }
    reader->at += n * bytes;
}

memqc_status mqc_read(struct mqc_reader *reader, const char *tag, enum mqc_type type, size_t n,
                      void *values) {
    MQC_TRY(mqc_read_begin(reader, tag, type, n));
    mqc_read_values(reader, type, n, values);
    return MEMQC_OK;
}

memqc_status mqc_read_finish(const struct mqc_reader *reader) {
    if (reader->at != reader->end)
        return mqc_fail(MEMQC_ERROR_FORMAT,
                        "%s: records beyond the last one that this library knows, at byte %zu",
                        reader->function, reader->at);
    return MEMQC_OK;
}

memqc_status mqc_read_u64(struct mqc_reader *reader, const char *tag, uint64_t low, uint64_t high,
                          uint64_t *value) {
    MQC_TRY(mqc_read(reader, tag, MQC_U64, 1, value));
    if (*value < low || *value > high)
        return mqc_fail(MEMQC_ERROR_FORMAT, "%s: record \"%s\" is %llu; allowed is %llu .. %llu",
                        reader->function, tag, (unsigned long long)*value, (unsigned long long)low,
                        (unsigned long long)high);
    return MEMQC_OK;
}

memqc_status mqc_read_refuse(const struct mqc_reader *reader, const char *what) {
    return mqc_fail(MEMQC_ERROR_FORMAT, "%s: %s, before byte %zu", reader->function, what,
                    reader->at);
}
