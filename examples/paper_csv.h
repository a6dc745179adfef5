/* SPDX-License-Identifier: BSD-3-Clause */
/* CSV files that appear under their name only when they are complete. */
#ifndef PAPER_CSV_H
#define PAPER_CSV_H

#include <stdio.h>

struct csv {
    FILE *file;
    char path[4096], temporary[4096 + 32];
};

/* Makes a folder and those above it, where missing. These functions print why they failed and
 * return nonzero.
 */
int csv_make_folder(const char *folder);

/* Opens folder/name, or standard output for a folder that is NULL. */
int csv_open(struct csv *csv, const char *folder, const char *name);

/* Gives the file its name, or removes it where writing it failed or the caller found it not worth
 * keeping. */
int csv_close(struct csv *csv, int discard);

#endif
