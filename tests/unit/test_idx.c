/* SPDX-License-Identifier: BSD-3-Clause */
/* Readers of IDX files: what is written comes back, and damaged files are refused. */
#define _XOPEN_SOURCE 700
#include "files.h"

#include <sys/resource.h>

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

/* Images of 4096 x 4096 with so many values at random, then that many bytes after them. */
static void write_images(const char *path, unsigned images, unsigned values, size_t more,
                         const char *mode) {
    static unsigned char block[1 << 16];
    const size_t blocks = ((size_t)images << 24) / sizeof block;
    const unsigned char header[16] = {
        0,  0, 8, 3, 0,  0, (unsigned char)(images >> 8), (unsigned char)images, 0, 0,
        16, 0, 0, 0, 16, 0};
    gzFile file = gzopen(path, mode);
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(gzwrite(file, header, sizeof header), sizeof header);
    for (size_t b = 0; b < blocks + more / sizeof block; b++) {
        for (size_t i = 0; i < sizeof block && b == 0; i++) { /* gzip looks back half as far */
            block[i] = (unsigned char)((unsigned)rand() % values);
        }
        ck_assert_int_eq(gzwrite(file, block, sizeof block), sizeof block);
    }
    ck_assert_int_eq(gzclose(file), Z_OK);
}

static long most_kilobytes(void) {
    struct rusage usage;
    ck_assert_int_eq(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

/* 128 MB of zeros are 0.6 MB when compressed. They are refused before they fill the memory, whether
 * the header counts them among the images or not. Zeros that are not compressed are read. */
START_TEST(idx_bomb) {
    static const struct {
        unsigned images;
        size_t more;
        const char *mode, *expected;
    } bombs[] = {
        {8, 0, "wb1", "too large: the header claims 134217728 bytes, more than 32 for each of the"},
        {1, (size_t)4 << 24, "wb1", "trailing bytes"},
        {1, 0, "wb1", NULL},
        {2, 0, "wbT", NULL},
    };
    char folder[PATH], path[2 * PATH], error[2 * PATH] = "";
    struct stat about;
    struct idx idx;
    make_folder(folder);
    snprintf(path, sizeof path, "%s/file", folder);
    write_images(path, bombs[_i].images, 1, bombs[_i].more, bombs[_i].mode);
    ck_assert_int_eq(stat(path, &about), 0);
    ck_assert(bombs[_i].mode[2] == 'T' || about.st_size < 1 << 20);
    const long before = most_kilobytes();
    if (bombs[_i].expected) {
        assert_idx_fails(path, IDX_IMAGES, bombs[_i].expected);
    } else {
        ck_assert_msg(idx_read(&idx, path, IDX_IMAGES, error, sizeof error) == 0, "%s", error);
        ck_assert_uint_eq(idx.bytes[((size_t)bombs[_i].images << 24) - 1], 0);
        idx_free(&idx);
    }
    ck_assert(about.st_size >= 1 << 20 || most_kilobytes() - before < 1 << 16);
}
END_TEST

/* Pictures of few values are no bomb: 32 MB of bits, a seventh when compressed. */
START_TEST(idx_compresses_well) {
    char folder[PATH], path[2 * PATH], error[2 * PATH] = "";
    struct idx idx;
    size_t sum = 0;
    make_folder(folder);
    snprintf(path, sizeof path, "%s/file", folder);
    write_images(path, 2, 2, 0, "wb1");
    ck_assert_msg(idx_read(&idx, path, IDX_IMAGES, error, sizeof error) == 0, "%s", error);
    for (size_t i = 0; i < (size_t)2 << 24; i++) {
        sum += idx.bytes[i];
    }
    ck_assert(sum > 16000000 && sum < 17000000); /* half of 2^25, within many standard errors */
    idx_free(&idx);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("idx");
    TCase *tests = group(suite, "data");
    tcase_add_loop_test(tests, idx_round_trip, 0, 2);
    tcase_add_loop_test(tests, idx_damaged, 0, (int)(sizeof damages / sizeof damages[0]));
    tcase_add_loop_test(tests, idx_cut_or_flipped, 0, 2);
    tcase_add_test(tests, idx_not_a_file);
    tcase_add_loop_test(tests, idx_bomb, 0, 4);
    tcase_add_test(tests, idx_compresses_well);
    return run_suite(suite);
}
