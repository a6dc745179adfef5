/* SPDX-License-Identifier: BSD-3-Clause */
/* Saved objects: bytes in memory that are the same on every machine.
 *
 *     magic     8 bytes; a transfer as text would spoil them
 *     version   u32, of the kind's records
 *     kind      u32, enum mqc_kind
 *     length    u64, of the whole
 *     records   tag (4 characters), type u32, count u64, values
 *     checksum  u64, CRC-64/XZ of everything before it
 *
 * All numbers are little-endian; floats are their IEEE 754 bits, so that they come back to the last
 * one. Records stand in the order in which they are written, and the reader must ask for them in
 * that order: a new one goes to a new version. */
#ifndef MQC_CORE_ARCHIVE_H
#define MQC_CORE_ARCHIVE_H

#include <memqc/base.h>

enum mqc_kind { MQC_KIND_MLP = 1, MQC_KIND_CROSSBAR = 2, MQC_KIND_DEVICE = 3 };

enum mqc_type { MQC_U32 = 1, MQC_U64 = 2, MQC_F32 = 3, MQC_F64 = 4 };

/* A writer grows; what fails (for want of memory, or for something that no file can hold) is
 * remembered until mqc_write_finish(), so that nobody has to look before. */
struct mqc_writer {
    uint8_t *data;
    size_t size, room;
    memqc_status status;
};

void mqc_write_start(struct mqc_writer *writer, enum mqc_kind kind, uint32_t version);
/* One record of n values of the type. */
void mqc_write(struct mqc_writer *writer, const char *tag, enum mqc_type type, size_t n,
               const void *values);
/* The same in parts: a record of n values begins, and its values follow. */
void mqc_write_begin(struct mqc_writer *writer, const char *tag, enum mqc_type type, size_t n);
void mqc_write_values(struct mqc_writer *writer, enum mqc_type type, size_t n, const void *values);
/* Closes the archive, which is then size bytes at data. */
memqc_status mqc_write_finish(struct mqc_writer *writer);
void mqc_write_free(struct mqc_writer *writer);
/* Closes the archive, brings it to the caller's memory (data NULL: its size alone) or to a file,
 * and frees it. noun: what it holds. */
memqc_status mqc_write_to_memory(struct mqc_writer *writer, const char *function, const char *noun,
                                 void *data, size_t room, size_t *size);
memqc_status mqc_write_to_file(struct mqc_writer *writer, const char *function, const char *path);

static inline void mqc_write_u64(struct mqc_writer *writer, const char *tag, uint64_t value) {
    mqc_write(writer, tag, MQC_U64, 1, &value);
}

/* A reader never looks beyond its bytes, whatever these are. Everything that does not fit is
 * FORMAT. */
struct mqc_reader {
    const char *function; /* for the texts */
    const uint8_t *data;
    size_t at, end;
    uint32_t version;
};

/* Checks magic, length, checksum and kind, and that the version is one of 1 .. newest. */
memqc_status mqc_read_start(struct mqc_reader *reader, const char *function, const void *data,
                            size_t size, enum mqc_kind kind, uint32_t newest);
/* How many values the next record has, whose tag and type are checked: it lies within the bytes, so
 * that an allocation of that many values is one that the archive vouches for. */
memqc_status mqc_read_count(const struct mqc_reader *reader, const char *tag, enum mqc_type type,
                            size_t *n);
/* The next record, which must have n values. */
memqc_status mqc_read(struct mqc_reader *reader, const char *tag, enum mqc_type type, size_t n,
                      void *values);
/* The same in parts: the next record, which must have n values, begins, and its values follow. */
memqc_status mqc_read_begin(struct mqc_reader *reader, const char *tag, enum mqc_type type,
                            size_t n);
void mqc_read_values(struct mqc_reader *reader, enum mqc_type type, size_t n, void *values);
/* All records have been read. */
memqc_status mqc_read_finish(const struct mqc_reader *reader);

/* One whole number, which must be low .. high. */
memqc_status mqc_read_u64(struct mqc_reader *reader, const char *tag, uint64_t low, uint64_t high,
                          uint64_t *value);

/* FORMAT, for a value that no object has. */
memqc_status mqc_read_refuse(const struct mqc_reader *reader, const char *what);

#endif
