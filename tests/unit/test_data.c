/* SPDX-License-Identifier: BSD-3-Clause */
/* Data sets of the examples: their values, and where they are looked for. */
#define _XOPEN_SOURCE 700
#include "files.h"

#include <float.h>
#include <unistd.h>

static const char *const names[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                    "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

/* Makes folder/below and the folders between the two. */
static void make_below(char *path, const char *folder, const char *below) {
    snprintf(path, PATH, "%.400s/%s/", folder, below);
    for (char *slash = path + strlen(folder); (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        ck_assert_int_eq(mkdir(path, 0700), 0);
        *slash = '/';
    }
    path[strlen(path) - 1] = '\0';
}

static void write_set(const char *folder, unsigned char marker, int compress) {
    for (size_t i = 0; i < 4; i++) {
        struct content content;
        char path[2 * PATH];
        snprintf(path, sizeof path, "%s/%s%s", folder, names[i], compress ? ".gz" : "");
        make_content(&content, i % 2 ? IDX_LABELS : IDX_IMAGES, i % 2 ? 3 : marker);
        write_file(path, content.bytes, content.size, compress);
    }
}

static void write_damaged(const char *folder, size_t name, size_t offset, unsigned char value) {
    struct content content;
    char path[2 * PATH];
    snprintf(path, sizeof path, "%s/%s", folder, names[name]);
    make_content(&content, name % 2 ? IDX_LABELS : IDX_IMAGES, 1);
    content.bytes[offset] = value;
    write_file(path, content.bytes, content.size, 0);
}

/* What data_load says about a folder named by --data. */
static void assert_data_fails(const char *folder, const char *file, const char *expected) {
    struct data d;
    char error[4 * PATH] = "";
    ck_assert_int_ne(data_load(&d, folder, 10, 10, 1, error, sizeof error), 0);
    ck_assert(!d.train.x && !d.train.labels && !d.test.x && !d.test.labels);
    ck_assert_msg(strstr(error, folder) && strstr(error, file) && strstr(error, expected),
                  "'%s' does not say '%s' of %s/%s", error, expected, folder, file);
    data_free(&d);
}

START_TEST(data_values) {
    struct data d;
    char folder[PATH], error[PATH] = "";
    make_folder(folder);
    write_set(folder, 255, _i);
    ck_assert_msg(data_load(&d, folder, 1, 1, 1, error, sizeof error) == 0, "%s", error);
    const struct data_set *sets[] = {&d.train, &d.test};
    for (size_t s = 0; s < 2; s++) {
        ck_assert(sets[s]->n == IMAGES && sets[s]->rows == ROWS && sets[s]->cols == COLS);
        for (size_t i = 0; i < IMAGES * ROWS * COLS; i++) {
            float byte = (float)(i ? (7 * i + 1) % 256 : 255);
            ck_assert_float_eq_tol(sets[s]->x[i], byte / 255, FLT_EPSILON);
        }
        for (size_t i = 0; i < IMAGES; i++) {
            ck_assert_int_eq(sets[s]->labels[i], i ? (int)(i % DATA_CLASSES) : 3);
        }
    }
    data_free(&d);
    data_free(&d);
}
END_TEST

START_TEST(data_damaged) {
    char folder[PATH], path[2 * PATH];
    make_folder(folder);
    write_set(folder, 1, 1);
    write_damaged(folder, 1, 8 + 5, 10);
    assert_data_fails(folder, names[1], "label 5 is 10");
    write_damaged(folder, 1, 8 + 5, 9);
    write_damaged(folder, 2, 0, 1);
    assert_data_fails(folder, names[2], "not an IDX file");
    snprintf(path, sizeof path, "%s/%s", folder, names[2]);
    struct content content;
    make_content(&content, IDX_IMAGES, 1);
    content.bytes[7] = IMAGES - 1;
    write_file(path, content.bytes, content.size - ROWS * COLS, 0);
    assert_data_fails(folder, names[3], "has 12 labels, but");
    make_content(&content, IDX_IMAGES, 1);
    content.bytes[11] = COLS; /* 5 x 3 is as long as 3 x 5 */
    content.bytes[15] = ROWS;
    write_file(path, content.bytes, content.size, 0);
    assert_data_fails(folder, names[2], "has images of 5 x 3");
    remove(path);
    snprintf(path, sizeof path, "%s/%s.gz", folder, names[2]);
    remove(path);
    assert_data_fails(folder, names[2], "can be found");
}
END_TEST

/* Loads 20 + 10 digits if the rest of the places come to nothing; returns the first pixel as a
 * byte. */
static int found(const struct data_folders *folders, const char *argument, const char *source) {
    struct data d;
    char error[4 * PATH] = "";
    int failed = folders ? data_load_from(&d, folders, 20, 10, 1, error, sizeof error)
                         : data_load(&d, argument, 20, 10, 1, error, sizeof error);
    ck_assert_msg(failed == 0, "%s", error);
    ck_assert_msg(strstr(d.source, source) != NULL, "'%s' is not from %s", d.source, source);
    int byte = (int)(255 * d.train.x[0] + 0.5f);
    data_free(&d);
    return byte;
}

START_TEST(data_order) {
    char folder[4][PATH], home[PATH], xdg[PATH];
    for (int i = 0; i < 4; i++) {
        make_folder(folder[i]);
    }
    make_below(home, folder[2], ".cache/memqc/mnist");
    make_below(xdg, folder[3], "memqc/mnist");
    write_set(folder[0], 10, 0);
    write_set(folder[1], 11, 1);
    write_set(home, 12, 1);
    write_set(xdg, 13, 0);
    setenv("HOME", folder[2], 1);
    setenv("XDG_CACHE_HOME", folder[3], 1);
    setenv("MEMQC_DATA", folder[1], 1);
    ck_assert_int_eq(found(NULL, folder[0], folder[0]), 10);
    ck_assert_int_eq(found(NULL, NULL, folder[1]), 11);
    assert_data_fails(folder[2], names[0], "--data");
    setenv("MEMQC_DATA", "", 1);
    ck_assert_int_eq(found(NULL, NULL, xdg), 13);
    setenv("XDG_CACHE_HOME", "relative", 1);
    ck_assert_int_eq(found(NULL, NULL, home), 12);
    struct data_folders folders = {.cache = root, .system = folder[0]};
    ck_assert_int_eq(found(&folders, NULL, folder[0]), 10);
    folders.cache = xdg;
    ck_assert_int_eq(found(&folders, NULL, xdg), 13);
    folders = (struct data_folders){.cache = root, .system = root};
    ck_assert_int_eq(found(&folders, NULL, "synthetic"), 0);
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    int has_fashion =
        access("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz", R_OK) == 0;
    found(NULL, NULL, has_fashion ? "Fashion-MNIST" : "synthetic");
    setenv("MEMQC_DATA", root, 1);
    struct data d;
    char error[4 * PATH] = "";
    ck_assert_int_ne(data_load(&d, NULL, 20, 10, 1, error, sizeof error), 0);
    ck_assert(strstr(error, root) && strstr(error, "$MEMQC_DATA"));
}
END_TEST

/* A folder found without being named: passed over where a file is missing, an error where one is
 * damaged. */
START_TEST(data_cache_incomplete_or_damaged) {
    char folder[PATH], path[2 * PATH], error[4 * PATH] = "";
    struct data d;
    make_folder(folder);
    const struct data_folders folders = {.cache = folder};
    write_set(folder, 10, 0);
    write_damaged(folder, 3, 8, 77);
    ck_assert_int_ne(data_load_from(&d, &folders, 20, 10, 1, error, sizeof error), 0);
    snprintf(path, sizeof path, "%s/%s", folder, names[3]);
    ck_assert_ptr_nonnull(strstr(error, path));
    remove(path);
    found(&folders, NULL, "synthetic");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("data");
    TCase *tests = group(suite, "data");
    tcase_add_loop_test(tests, data_values, 0, 2);
    tcase_add_test(tests, data_damaged);
    tcase_add_test(tests, data_order);
    tcase_add_test(tests, data_cache_incomplete_or_damaged);
    return run_suite(suite);
}
