/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside the reader of measured curves: lines, fields, numbers and the header row. */
#ifndef MEMQC_EXAMPLES_CSV_READER_H
#define MEMQC_EXAMPLES_CSV_READER_H

#include "csv.h"

enum { CSV_MOST_COLUMNS = 256, CSV_FIELD_SIZE = 128 };

enum csv_column {
    CSV_DEVICE,
    CSV_CYCLE,
    CSV_PULSE,
    CSV_DIRECTION,
    CSV_READ,
    CSV_CONDUCTANCE,
    CSV_RESISTANCE,
    CSV_CURRENT,
    CSV_VOLTAGE,
    CSV_COLUMNS
};

#define CSV_COUNT(array) (sizeof(array) / sizeof *(array))

struct csv_reader {
    const char *name, *at, *end;
    size_t line, room;
    char separator;
    int of[CSV_COLUMNS]; /* place of each column, -1 for none */
    double si[CSV_COLUMNS];
    char fields[CSV_MOST_COLUMNS][CSV_FIELD_SIZE];
    size_t n_fields;
    struct curves *curves;
    char *error;
    size_t error_size;
};

/* Writes the error, with file, line and (where it is not 0) column. Returns -1. */
int csv_fail(struct csv_reader *r, size_t column, const char *format, ...);

/* Is a, in any case, the word b, which is in lower case? */
int csv_same_word(const char *a, const char *b);

/* Takes blanks off both ends. */
void csv_trim(char *text);

/* Moves to the next line that is neither blank nor a comment. Returns its end, and in *rest where
 * the line after it begins; NULL at the end of the text. */
const char *csv_next_line(struct csv_reader *r, const char **rest);

/* Splits the line from r->at to end into fields. */
int csv_split(struct csv_reader *r, const char *end);

/* Reads the header row: which column is where, in which unit. */
int csv_header(struct csv_reader *r);

/* A decimal number of the present line, in SI units. The mark is a point, or a comma where commas
 * do not separate. */
int csv_number(struct csv_reader *r, enum csv_column column, double *value);
int csv_whole(struct csv_reader *r, enum csv_column column, int32_t *value);

#endif
