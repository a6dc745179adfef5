/* SPDX-License-Identifier: BSD-3-Clause */
/* Measured curves from a CSV file; docs/fit.md has the format. The locale has no influence. */
#ifndef MEMQC_EXAMPLES_CSV_H
#define MEMQC_EXAMPLES_CSV_H

#include <stddef.h>
#include <stdint.h>

struct curves {
    size_t n;
    int has_device;    /* does the file have that column? Else all are 0 */
    int has_direction; /* the same; else all are -1 */
    int has_read;      /* the same; else all are 0 */
    int32_t *device, *cycle, *pulse, *direction, *read;
    float *g; /* S */
};

/* The file is not trusted. Nonzero on failure, with curves empty and error naming file, line and
 * column. */
int curves_read(struct curves *curves, const char *path, char *error, size_t error_size);

/* The same from text in memory; name stands for the file in errors. */
int curves_parse(struct curves *curves, const char *name, const char *text, size_t length,
                 char *error, size_t error_size);

void curves_free(struct curves *curves);

#endif
