/* SPDX-License-Identifier: BSD-3-Clause */
/* The files that saving writes beside its file: path, a dot and six characters. */
#ifndef MEMQC_TESTS_BESIDE_H
#define MEMQC_TESTS_BESIDE_H

#include <glob.h>
#include <stdio.h>

/* How many there are; removes them where asked. */
static inline int files_beside(const char *path, int and_remove) {
    char pattern[256];
    glob_t found = {0};
    snprintf(pattern, sizeof pattern, "%s.??????", path);
    const int n = glob(pattern, 0, NULL, &found) == 0 ? (int)found.gl_pathc : 0;
    for (int i = 0; i < n && and_remove; i++)
        remove(found.gl_pathv[i]);
    globfree(&found);
    return n;
}

#endif
