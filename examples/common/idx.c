/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#include "idx.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

/* The magic number of unsigned bytes; its last byte is the number of dimensions. */
#define MAGIC_UNSIGNED_BYTES 0x0800u

static const size_t most_bytes = (size_t)1 << 31;
/* A body of more than most_unasked bytes may have so many bytes for each of the file. MNIST has 5. */
static const size_t most_unasked = (size_t)1 << 24;
static const size_t most_ratio = 32;
static const size_t first_allocation = (size_t)1 << 16;
static const size_t most_at_once = (size_t)1 << 20; /* gzread counts in unsigned int */

struct reader {
    gzFile file;
    const char *path;
    char *error;
    size_t error_size;
};

static int fail(const struct reader *r, const char *what) {
    snprintf(r->error, r->error_size, "%s: %s", r->path, what);
    return -1;
}

static int fail_short(const struct reader *r, const char *part, size_t expected, size_t got) {
    snprintf(r->error, r->error_size,
             "%s: truncated: the %s should have %zu bytes, but the file has %zu of them", r->path,
             part, expected, got);
    return -1;
}

/* Reads up to size bytes. Fewer without an error mean that the file ended where a file may end. */
static int read_bytes(const struct reader *r, unsigned char *out, size_t size, size_t *got) {
    *got = 0;
    while (*got < size) {
        size_t want = size - *got < most_at_once ? size - *got : most_at_once;
        errno = 0;
        int n = gzread(r->file, out + *got, (unsigned)want);
        int saved = errno, code = Z_OK;
        const char *text = gzerror(r->file, &code);
        if (code == Z_BUF_ERROR) {
            return fail(r, "truncated: the compressed data end too early");
        }
        if (code == Z_ERRNO) {
            return fail(r, strerror(saved));
        }
        if (n < 0) {
            snprintf(r->error, r->error_size, "%s: damaged compressed data (%s)", r->path, text);
            return -1;
        }
        if (n == 0) {
            return 0;
        }
        *got += (size_t)n;
    }
    return 0;
}

static uint32_t big_endian(const unsigned char *b) {
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* Reads the header and returns in total the number of bytes that should follow. */
static int read_header(const struct reader *r, struct idx *idx, int dimensions, size_t *total) {
    unsigned char header[4 + 4 * IDX_IMAGES];
    size_t size[IDX_IMAGES] = {1, 1, 1}, got = 0, length = 4 + 4 * (size_t)dimensions;
    if (read_bytes(r, header, length, &got)) {
        return -1;
    }
    uint32_t expected = MAGIC_UNSIGNED_BYTES | (uint32_t)dimensions;
    if (got >= 4 && big_endian(header) != expected) {
        snprintf(r->error, r->error_size,
                 "%s: not an IDX file of %s: it begins with 0x%08x, not 0x%08x", r->path,
                 dimensions == IDX_IMAGES ? "images" : "labels", (unsigned)big_endian(header),
                 (unsigned)expected);
        return -1;
    }
    if (got < length) {
        return fail_short(r, "header", length, got);
    }
    *total = 1;
    for (int d = 0; d < dimensions; d++) {
        size[d] = big_endian(header + 4 + 4 * d);
        if (size[d] == 0) {
            return fail(r, "empty: the header gives a size of 0");
        }
        if (size[d] > most_bytes / *total) {
            return fail(r, "too large: the header claims more than 2^31 bytes");
        }
        *total *= size[d];
    }
    idx->n = size[0];
    idx->rows = size[1];
    idx->cols = size[2];
    return 0;
}

/* The size of a plain file; 0 of a pipe, whose size nobody knows. */
static size_t size_on_disk(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) ? (size_t)about.st_size : 0;
}

/* Few compressed bytes may promise many, and keep the promise: up to 1000 for each. */
static int check_ratio(const struct reader *r, size_t total) {
    const size_t size = size_on_disk(r->path);
    if (size == 0 || total / most_ratio <= size) {
        return 0;
    }
    snprintf(r->error, r->error_size,
             "%s: too large: the header claims %zu bytes, more than %zu for each of the %zu bytes "
             "of the file",
             r->path, total, most_ratio, size);
    return -1;
}

static int read_body(const struct reader *r, struct idx *idx, size_t total) {
    size_t have = 0, capacity = 0;
    while (have < total) {
        size_t got = 0;
        capacity = capacity ? 2 * capacity : first_allocation;
        capacity = capacity < total ? capacity : total;
        if (capacity > most_unasked && check_ratio(r, total)) {
            return -1;
        }
        unsigned char *grown = realloc(idx->bytes, capacity);
        if (!grown) {
            return fail(r, "no memory to read it");
        }
        idx->bytes = grown;
        if (read_bytes(r, grown + have, capacity - have, &got)) {
            return -1;
        }
        have += got;
        if (have < capacity) {
            return fail_short(r, "body", total, have);
        }
    }
    return 0;
}

/* Asking for one byte too many also makes zlib compare the checksum at the end of the compressed
 * data. */
static int read_end(const struct reader *r) {
    unsigned char extra;
    size_t got = 0;
    if (read_bytes(r, &extra, 1, &got)) {
        return -1;
    }
    return got ? fail(r, "trailing bytes: the file is longer than its header says") : 0;
}

int idx_read(struct idx *idx, const char *path, int dimensions, char *error, size_t error_size) {
    struct reader r = {.path = path, .error = error, .error_size = error_size};
    size_t total = 0;
    *idx = (struct idx){0};
    if (dimensions != IDX_LABELS && dimensions != IDX_IMAGES) {
        return fail(&r, "can be read with 1 or 3 dimensions only");
    }
    errno = 0;
    r.file = gzopen(path, "rb");
    if (!r.file) {
        return fail(&r, errno ? strerror(errno) : "no memory to open it");
    }
    int failed =
        read_header(&r, idx, dimensions, &total) || read_body(&r, idx, total) || read_end(&r);
    gzclose_r(r.file);
    if (failed) {
        idx_free(idx);
        return -1;
    }
    return 0;
}

void idx_free(struct idx *idx) {
    free(idx->bytes);
    *idx = (struct idx){0};
}
