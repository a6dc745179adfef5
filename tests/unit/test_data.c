/* SPDX-License-Identifier: BSD-3-Clause */
/* The data-set readers of the examples: IDX files and where they are looked for. */
#define _XOPEN_SOURCE 700
#include "data.h"
#include "idx.h"

#include "quick_check.h"
#include <float.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { IMAGES = 12, ROWS = 3, COLS = 5, PATH = 512, MOST_BYTES = 16 + IMAGES * ROWS * COLS + 16 };

static char root[PATH];
static const char *const names[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                    "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

/* A file in the making. */
struct content {
    unsigned char bytes[MOST_BYTES];
    size_t size;
};

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where) {
    (void)status, (void)type, (void)where;
    return remove(path);
}

/* Unchecked fixtures: they run in the parent, so that the folder goes even where a test dies. */
static void make_root(void) {
    const char *temporary = getenv("TMPDIR");
    snprintf(root, sizeof root, "%.200s/memqc-data-XXXXXX",
             temporary && *temporary ? temporary : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static void remove_root(void) {
    nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void clean_environment(void) {
    unsetenv("MEMQC_DATA");
    setenv("HOME", root, 1);
    setenv("XDG_CACHE_HOME", root, 1);
}

static void make_folder(char *path) {
    snprintf(path, PATH, "%.300s/XXXXXX", root);
    ck_assert_ptr_nonnull(mkdtemp(path));
}

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

/* The marker is the first byte of the body: the first pixel or label. */
static void make_content(struct content *content, int dimensions, unsigned char marker) {
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

static void write_file(const char *path, const unsigned char *bytes, size_t size, int compress) {
    gzFile file = gzopen(path, compress ? "wb" : "wbT"); /* T: not compressed */
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(size ? gzwrite(file, bytes, (unsigned)size) : 0, (int)size);
    ck_assert_int_eq(gzclose(file), Z_OK);
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

static void assert_idx_fails(const char *path, int dimensions, const char *expected) {
    struct idx idx;
    char error[2 * PATH] = "";
    ck_assert_int_ne(idx_read(&idx, path, dimensions, error, sizeof error), 0);
    ck_assert_ptr_null(idx.bytes);
    ck_assert_uint_eq(idx.n, 0);
    ck_assert_msg(strstr(error, path) != NULL, "'%s' does not name %s", error, path);
    ck_assert_msg(strstr(error, expected) != NULL, "'%s' does not say '%s'", error, expected);
}

START_TEST(idx_round_trip) {
    for (int dimensions = IDX_LABELS; dimensions <= IDX_IMAGES; dimensions += 2) {
        struct content content;
        struct idx idx;
        char folder[PATH], path[2 * PATH], error[PATH] = "";
        make_folder(folder);
        snprintf(path, sizeof path, "%s/file", folder);
        make_content(&content, dimensions, 9);
        write_file(path, content.bytes, content.size, _i);
        ck_assert_msg(idx_read(&idx, path, dimensions, error, sizeof error) == 0, "%s", error);
        ck_assert_uint_eq(idx.n, IMAGES);
        ck_assert_uint_eq(idx.rows, dimensions == IDX_IMAGES ? ROWS : 1);
        ck_assert_uint_eq(idx.cols, dimensions == IDX_IMAGES ? COLS : 1);
        size_t body = idx.n * idx.rows * idx.cols;
        ck_assert_mem_eq(idx.bytes, content.bytes + content.size - body, body);
        idx_free(&idx);
        ck_assert_ptr_null(idx.bytes);
        assert_idx_fails(path, IDX_LABELS + IDX_IMAGES - dimensions, "not an IDX file");
    }
}
END_TEST

static const struct {
    int dimensions;
    size_t offset; /* what to overwrite, with how many bytes */
    size_t length;
    unsigned char bytes[12];
    int resize;
    const char *expected;
} damages[] = {
    {IDX_IMAGES, 0, 1, {1}, 0, "begins with 0x01000803, not 0x00000803"},
    {IDX_IMAGES, 2, 1, {13}, 0, "begins with 0x00000d03"}, /* floats */
    {IDX_LABELS, 3, 1, {3}, 0, "begins with 0x00000803, not 0x00000801"},
    {IDX_IMAGES, 0, 0, {0}, -1, "truncated: the body should have 180 bytes, but the file has 179"},
    {IDX_LABELS, 0, 0, {0}, -12, "truncated: the body should have 12 bytes, but the file has 0"},
    {IDX_LABELS, 0, 0, {0}, -13, "truncated: the header should have 8 bytes, but the file has 7"},
    {IDX_IMAGES, 0, 0, {0}, 1, "trailing bytes"},
    {IDX_IMAGES, 7, 1, {0}, 0, "empty"},
    {IDX_IMAGES, 7, 1, {13}, 0, "truncated: the body should have 195 bytes"},
    {IDX_LABELS, 4, 4, {0x80, 0, 0, 0}, 0, "truncated: the body should have 2147483648 bytes"},
    {IDX_LABELS, 4, 4, {0x80, 0, 0, 1}, 0, "too large"},
    {IDX_IMAGES,
     4,
     12,
     {0, 0, 0x80, 0, 0, 0, 0x10, 0, 0, 0, 0, 16},
     0,
     "truncated: the body should have 2147483648"},
    {IDX_IMAGES, 4, 12, {0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0}, 0, "too large"},
    {IDX_IMAGES, 4, 12, {0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 4}, 0, "too large"}, /* 2^64 */
    {IDX_IMAGES,
     4,
     12,
     {0xff, 255, 255, 255, 0xff, 255, 255, 255, 0xff, 255, 255, 255},
     0,
     "too large"},
};

/* Forbids to map more than half a GB from here on, which no test needs. Returns the previous limit.
 * */
static struct rlimit limit_memory(void) {
    struct rlimit old, limit;
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    ck_assert_int_eq(getrlimit(RLIMIT_AS, &old), 0);
    limit = old;
    if (file && fscanf(file, "%lu", &pages) == 1) {
        limit.rlim_cur = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + ((rlim_t)1 << 29);
        setrlimit(RLIMIT_AS, &limit);
    }
    if (file) {
        fclose(file);
    }
    return old;
}

/* The limit catches a reader that believes the header and asks for all the memory at once. */
START_TEST(idx_damaged) {
    struct rlimit old = limit_memory();
    for (int compress = 0; compress < 2; compress++) {
        struct content content = {{0}, 0};
        char folder[PATH], path[2 * PATH];
        make_folder(folder);
        snprintf(path, sizeof path, "%s/file", folder);
        make_content(&content, damages[_i].dimensions, 1);
        memcpy(content.bytes + damages[_i].offset, damages[_i].bytes, damages[_i].length);
        content.size = (size_t)((int)content.size + damages[_i].resize);
        write_file(path, content.bytes, content.size, compress);
        assert_idx_fails(path, damages[_i].dimensions, damages[_i].expected);
    }
    setrlimit(RLIMIT_AS, &old);
}
END_TEST

/* Every shorter file is an error. In the compressed one, a flipped bit is noticed too, unless it
 * hit a byte that does not matter, such as those of the time. */
START_TEST(idx_cut_or_flipped) {
    struct content content;
    unsigned char bytes[2 * MOST_BYTES];
    char folder[PATH], path[2 * PATH];
    size_t harmless = 0;
    make_folder(folder);
    snprintf(path, sizeof path, "%s/file", folder);
    make_content(&content, IDX_IMAGES, 1);
    write_file(path, content.bytes, content.size, _i);
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (size_t cut = 0; cut < size; cut++) {
        write_file(path, bytes, cut, 0);
        assert_idx_fails(path, IDX_IMAGES, "");
    }
    for (size_t bit = 0; _i && bit < 8 * size; bit++) {
        struct idx idx;
        char error[2 * PATH] = "";
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        write_file(path, bytes, size, 0);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        if (idx_read(&idx, path, IDX_IMAGES, error, sizeof error) == 0) {
            ck_assert_mem_eq(idx.bytes, content.bytes + 16, content.size - 16);
            harmless++;
        } else {
            ck_assert_ptr_nonnull(strstr(error, path));
        }
        idx_free(&idx);
    }
    ck_assert_uint_lt(harmless, 8 * 10); /* the header of gzip has 10 bytes */
}
END_TEST

START_TEST(idx_not_a_file) {
    char folder[PATH], path[2 * PATH];
    make_folder(folder);
    snprintf(path, sizeof path, "%s/nothing", folder);
    assert_idx_fails(path, IDX_IMAGES, "No such file");
    assert_idx_fails(folder, IDX_IMAGES, "directory");
    assert_idx_fails(folder, 2, "dimensions");
}
END_TEST

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
    TCase *tests = tcase_create("data");
    tcase_set_timeout(tests, 120); /* for valgrind */
    tcase_add_unchecked_fixture(tests, make_root, remove_root);
    tcase_add_checked_fixture(tests, clean_environment, NULL);
    tcase_add_loop_test(tests, idx_round_trip, 0, 2);
    tcase_add_loop_test(tests, idx_damaged, 0, (int)(sizeof damages / sizeof damages[0]));
    tcase_add_loop_test(tests, idx_cut_or_flipped, 0, 2);
    tcase_add_test(tests, idx_not_a_file);
    tcase_add_loop_test(tests, data_values, 0, 2);
    tcase_add_test(tests, data_damaged);
    tcase_add_test(tests, data_order);
    tcase_add_test(tests, data_cache_incomplete_or_damaged);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
