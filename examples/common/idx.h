/* SPDX-License-Identifier: BSD-3-Clause */
/* The IDX files of MNIST and its relatives: unsigned bytes in one (labels) or three (images)
 * dimensions, plain or compressed by gzip. */
#ifndef MEMQC_EXAMPLES_IDX_H
#define MEMQC_EXAMPLES_IDX_H

#include <stddef.h>

enum { IDX_LABELS = 1, IDX_IMAGES = 3 };

struct idx {
    size_t n, rows, cols; /* rows and cols are 1 for labels */
    unsigned char *bytes; /* n x rows x cols */
};

/* Reads a whole file of that many dimensions. The file is not trusted: sizes of zero or beyond 2^31
 * bytes, a header that promises more or less than the file has and damaged compression are errors,
 * and memory grows with what was read, not with what the header claims. A body of over 16 MB may
 * have up to 32 bytes for each byte of the file, so that a file below 1 MB takes 32 MB at most, and
 * 48 MB while it grows; MNIST has 5 for each. Of a pipe the size is not known, and 2^31 is the limit.
 * Nonzero on failure, with idx empty and error saying which file and what is wrong with it. */
int idx_read(struct idx *idx, const char *path, int dimensions, char *error, size_t error_size);

void idx_free(struct idx *idx);

#endif
