/* SPDX-License-Identifier: BSD-3-Clause */
/* Folders and files for the tests of data-set readers. Define _XOPEN_SOURCE before. */
#ifndef MEMQC_TESTS_FILES_H
#define MEMQC_TESTS_FILES_H

#include "data.h"
#include "idx.h"
#include "test.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { IMAGES = 12, ROWS = 3, COLS = 5, PATH = 512, MOST_BYTES = 16 + IMAGES * ROWS * COLS + 16 };

static char root[PATH];

/* A file in the making. */
struct content {
    unsigned char bytes[MOST_BYTES];
    size_t size;
};

static inline int remove_entry(const char *path, const struct stat *status, int type,
                               struct FTW *where) {
    (void)status, (void)type, (void)where;
    return remove(path);
}

/* Unchecked fixtures: they run in the parent, so that the folder goes even where a test dies. */
static inline void make_root(void) {
    const char *temporary = getenv("TMPDIR");
    snprintf(root, sizeof root, "%.200s/memqc-data-XXXXXX",
             temporary && *temporary ? temporary : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static inline void remove_root(void) {
    nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void clean_environment(void) {
    unsetenv("MEMQC_DATA");
    setenv("HOME", root, 1);
    setenv("XDG_CACHE_HOME", root, 1);
}

static inline void make_folder(char *path) {
    snprintf(path, PATH, "%.300s/XXXXXX", root);
    ck_assert_ptr_nonnull(mkdtemp(path));
}

/* The marker is the first byte of the body: the first pixel or label. */
static inline void make_content(struct content *content, int dimensions, unsigned char marker) {
    static const unsigned char images[16] = {0, 0, 8, 3,    0, 0, 0, IMAGES,
                                             0, 0, 0, ROWS, 0, 0, 0, COLS};
    static const unsigned char labels[8] = {0, 0, 8, 1, 0, 0, 0, IMAGES};
    size_t header = dimensions == IDX_IMAGES ? sizeof images : sizeof labels;
    size_t body = dimensions == IDX_IMAGES ? IMAGES * ROWS * COLS : IMAGES;
    memcpy(content->bytes, dimensions == IDX_IMAGES ? images : labels, header);
    for (size_t i = 0; i < body; i++) {
        content->bytes[header + i] =
            (unsigned char)(dimensions == IDX_IMAGES ? 7 * i + 1 : i % DATA_CLASSES);
    }
    content->bytes[header] = marker;
    content->size = header + body;
}

static inline void write_file(const char *path, const unsigned char *bytes, size_t size,
                              int compress) {
    gzFile file = gzopen(path, compress ? "wb" : "wbT"); /* T: not compressed */
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(size ? gzwrite(file, bytes, (unsigned)size) : 0, (int)size);
    ck_assert_int_eq(gzclose(file), Z_OK);
}

/* A group of tests with a folder for their files. */
static inline TCase *group(Suite *suite, const char *name) {
    TCase *tests = add_group(suite, name, clean_environment);
    tcase_add_unchecked_fixture(tests, make_root, remove_root);
    return tests;
}

#endif
