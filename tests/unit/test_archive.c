/* SPDX-License-Identifier: BSD-3-Clause */
/* Archives: what is written comes back to the bit; whatever else is there is refused, and never
 * read beyond its end (the bytes stand in memory of exactly their size, which the sanitizers and
 * valgrind guard). Files: the old one or the new one. */
#define _POSIX_C_SOURCE 200809L
#include "beside.h"
#include "test.h"

#include "core/alloc.h"
#include "core/archive.h"
#include "core/file.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FLOATS = 7, DOUBLES = 3, VERSION = 2 };

static const float floats[FLOATS] = {0, -0.0f, 1, 1e-45f, -3.4e38f, INFINITY, 0.1f};
static const double doubles[DOUBLES] = {0.1, -1e308, 4.9e-324};
static const uint32_t words[2] = {0xdeadbeef, 1};

static void write_sample(struct mqc_writer *writer) {
    mqc_write_start(writer, MQC_KIND_CROSSBAR, VERSION);
    mqc_write_u64(writer, "seed", UINT64_C(0x0123456789abcdef));
    mqc_write(writer, "none", MQC_F32, 0, NULL);
    mqc_write(writer, "flts", MQC_F32, FLOATS, floats);
    mqc_write(writer, "dbls", MQC_F64, DOUBLES, doubles);
    mqc_write(writer, "wrds", MQC_U32, 2, words);
    OK(mqc_write_finish(writer));
}

struct sample {
    uint64_t seed;
    float floats[FLOATS];
    double doubles[DOUBLES];
    uint32_t words[2];
};

static memqc_status read_sample(const void *data, size_t size, struct sample *sample) {
    struct mqc_reader reader;
    memqc_status status = mqc_read_start(&reader, "sample", data, size, MQC_KIND_CROSSBAR, VERSION);
    status = status ? status : mqc_read_u64(&reader, "seed", 0, UINT64_MAX, &sample->seed);
    status = status ? status : mqc_read(&reader, "none", MQC_F32, 0, NULL);
    status = status ? status : mqc_read(&reader, "flts", MQC_F32, FLOATS, sample->floats);
    status = status ? status : mqc_read(&reader, "dbls", MQC_F64, DOUBLES, sample->doubles);
    status = status ? status : mqc_read(&reader, "wrds", MQC_U32, 2, sample->words);
    return status ? status : mqc_read_finish(&reader);
}

/* The first size bytes, in memory of that size and no more. */
static unsigned char *exact(const void *data, size_t size) {
    unsigned char *copy = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, data, size);
    return copy;
}

START_TEST(what_is_written_comes_back) {
    struct mqc_writer writer;
    struct sample sample;
    write_sample(&writer);
    OK(read_sample(writer.data, writer.size, &sample));
    ck_assert(sample.seed == UINT64_C(0x0123456789abcdef));
    ck_assert_mem_eq(sample.floats, floats, sizeof floats);
    ck_assert_mem_eq(sample.doubles, doubles, sizeof doubles);
    ck_assert_mem_eq(sample.words, words, sizeof words);
    mqc_write_free(&writer);
}
END_TEST

/* The layout is frozen: these bytes were worked out by hand, the checksum by CRC-64/XZ's definition
 * (its check value, that of the nine characters 123456789, is 995dc9bbdf1939fa). */
START_TEST(bytes_are_the_same_on_every_machine) {
    static const unsigned char start[] = {0x89, 'M', 'Q', 'C', 13, 10, 26,   10,   3, 0, 0, 0,
                                          1,    0,   0,   0,   64, 0,  0,    0,    0, 0, 0, 0,
                                          't',  'a', 'g', 's', 3,  0,  0,    0,    2, 0, 0, 0,
                                          0,    0,   0,   0,   0,  0,  0x80, 0x3f, 0, 0, 0, 0x80};
    struct mqc_writer writer;
    const float values[2] = {1, -0.0f};
    mqc_write_start(&writer, MQC_KIND_MLP, 3);
    mqc_write(&writer, "tags", MQC_F32, 2, values);
    OK(mqc_write_finish(&writer));
    ck_assert_uint_eq(writer.size, sizeof start + 8);
    uint64_t crc = ~UINT64_C(0), found = 0;
    for (size_t i = 0; i < writer.size - 8; i++) { /* bit by bit */
        ck_assert_msg(i >= 16 && i < 24 ? 1 : writer.data[i] == start[i], "byte %zu", i);
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^
                  ((crc ^ (uint64_t)writer.data[i] >> bit) & 1 ? UINT64_C(0xC96C5795D7870F42) : 0);
    }
    ck_assert_uint_eq(writer.data[16], sizeof start + 8);
    for (int i = 0; i < 8; i++)
        found |= (uint64_t)writer.data[writer.size - 8 + (size_t)i] << 8 * i;
    ck_assert_msg(found == ~crc, "checksum %llx, not %llx", (unsigned long long)found,
                  (unsigned long long)~crc);
    mqc_write_free(&writer);
}
END_TEST

START_TEST(every_truncation_is_refused) {
    struct mqc_writer writer;
    struct sample sample;
    write_sample(&writer);
    for (size_t size = 0; size < writer.size; size++) {
        unsigned char *part = exact(writer.data, size);
        FAILS(MEMQC_ERROR_FORMAT, size < 8 ? "libmemqc" : "truncated",
              read_sample(part, size, &sample));
        free(part);
    }
    unsigned char *more = exact(writer.data, writer.size);
    more = realloc(more, writer.size + 1);
    more[writer.size] = 0;
    FAILS(MEMQC_ERROR_FORMAT, "behind its end", read_sample(more, writer.size + 1, &sample));
    free(more);
    mqc_write_free(&writer);
}
END_TEST

START_TEST(every_flipped_bit_is_refused) {
    struct mqc_writer writer;
    struct sample sample;
    write_sample(&writer);
    for (size_t bit = 0; bit < 8 * writer.size; bit++) {
        unsigned char *altered = exact(writer.data, writer.size);
        altered[bit / 8] ^= (unsigned char)(1 << bit % 8);
        FAILS(MEMQC_ERROR_FORMAT, "sample: ", read_sample(altered, writer.size, &sample));
        free(altered);
    }
    mqc_write_free(&writer);
}
END_TEST

/* Kind, version and records that do not fit, under a checksum that does. */
START_TEST(other_contents_are_refused) {
    struct mqc_writer writer;
    struct mqc_reader reader;
    struct sample sample;
    float more[FLOATS + 1];
    uint64_t value = 0;
    size_t n = 0;
    write_sample(&writer);
    FAILS(MEMQC_ERROR_FORMAT, "holds a crossbar, not a network",
          mqc_read_start(&reader, "f", writer.data, writer.size, MQC_KIND_MLP, VERSION));
    FAILS(MEMQC_ERROR_FORMAT, "version 2",
          mqc_read_start(&reader, "f", writer.data, writer.size, MQC_KIND_CROSSBAR, 1));
    OK(mqc_read_start(&reader, "f", writer.data, writer.size, MQC_KIND_CROSSBAR, 3));
    ck_assert_uint_eq(reader.version, VERSION);
    FAILS(MEMQC_ERROR_FORMAT, "beyond the last", mqc_read_finish(&reader));
    FAILS(MEMQC_ERROR_FORMAT, "no record \"flts\"",
          mqc_read(&reader, "flts", MQC_F32, FLOATS, more));
    FAILS(MEMQC_ERROR_FORMAT, "no record \"seed\"", mqc_read_count(&reader, "seed", MQC_U32, &n));
    FAILS(MEMQC_ERROR_FORMAT, "allowed is 0 .. 9", mqc_read_u64(&reader, "seed", 0, 9, &value));
    OK(mqc_read(&reader, "none", MQC_F32, 0, NULL));
    OK(mqc_read_count(&reader, "flts", MQC_F32, &n));
    ck_assert_uint_eq(n, FLOATS);
    FAILS(MEMQC_ERROR_FORMAT, "7 values", mqc_read(&reader, "flts", MQC_F32, FLOATS + 1, more));
    FAILS(MEMQC_ERROR_FORMAT, "no good, before byte", mqc_read_refuse(&reader, "no good"));
    mqc_write_free(&writer);

    /* A record that says it is longer than the archive. */
    mqc_write_start(&writer, MQC_KIND_CROSSBAR, VERSION);
    mqc_write_u64(&writer, "seed", 5);
    for (size_t i = 0; i < 8; i++)
        writer.data[24 + 8 + i] = 0xff;
    OK(mqc_write_finish(&writer));
    FAILS(MEMQC_ERROR_FORMAT, "goes beyond the end",
          read_sample(writer.data, writer.size, &sample));
    mqc_write_free(&writer);
}
END_TEST

START_TEST(a_writer_without_memory_says_so_in_the_end) {
    for (long n = 0;; n++) {
        struct mqc_writer writer;
        mqc_alloc_fail_after(n);
        mqc_write_start(&writer, MQC_KIND_MLP, 1);
        for (int i = 0; i < 20; i++)
            mqc_write(&writer, "dbls", MQC_F64, DOUBLES, doubles);
        const memqc_status status = mqc_write_finish(&writer);
        mqc_alloc_fail_after(-1);
        mqc_write_free(&writer);
        if (status == MEMQC_OK) {
            ck_assert_int_ge(n, 3);
            break;
        }
        ck_assert_int_eq(status, MEMQC_ERROR_NOMEM);
    }
}
END_TEST

/* --- files --- */

static char folder[] = "archive-XXXXXX", path[64];

static void make_folder(void) {
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
}

static void remove_folder(void) {
    remove(path);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left there */
}

static void check_file(const char *text) {
    uint8_t *data = NULL;
    size_t size = 0;
    OK(mqc_file_read("f", path, 1000, &data, &size));
    ck_assert_uint_eq(size, strlen(text));
    ck_assert_mem_eq(data, text, size);
    mqc_free(data);
    ck_assert_int_eq(files_beside(path, 0), 0);
}

START_TEST(files_are_replaced) {
    OK(mqc_file_write("f", path, "one", 3));
    check_file("one");
    OK(mqc_file_write("f", path, "another", 7));
    check_file("another");
    OK(mqc_file_write("f", path, "", 0));
    check_file("");
}
END_TEST

START_TEST(a_name_without_a_folder_is_a_file_here) {
    char here[1000];
    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    ck_assert_int_eq(chdir(folder), 0);
    OK(mqc_file_write("f", "file", "here", 4));
    ck_assert_int_eq(chdir(here), 0);
    check_file("here");
}
END_TEST

START_TEST(what_cannot_be_read) {
    uint8_t *data = NULL;
    size_t size = 0;
    FAILS(MEMQC_ERROR_IO, "no such file", mqc_file_read("f", path, 1000, &data, &size));
    FAILS(MEMQC_ERROR_IO, "plain file", mqc_file_read("f", folder, 1000, &data, &size));
    OK(mqc_file_write("f", path, "12345", 5));
    FAILS(MEMQC_ERROR_IO, "allowed is up to 4", mqc_file_read("f", path, 4, &data, &size));
    mqc_alloc_fail_after(0);
    FAILS(MEMQC_ERROR_NOMEM, "out of memory", mqc_file_read("f", path, 1000, &data, &size));
    mqc_alloc_fail_after(-1);
    ck_assert_int_eq(remove(path), 0);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    FAILS(MEMQC_ERROR_IO, "plain file", mqc_file_read("f", path, 1000, &data, &size));
    ck_assert_ptr_null(data);
}
END_TEST

START_TEST(a_failed_write_leaves_the_old_file) {
    static char large[1 << 16];
    const struct rlimit little = {1 << 12, RLIM_INFINITY}, all = {RLIM_INFINITY, RLIM_INFINITY};
    OK(mqc_file_write("f", path, "old", 3));
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &little), 0);
    FAILS(MEMQC_ERROR_IO, "too large", mqc_file_write("f", path, large, sizeof large));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &all), 0);
    check_file("old");
    mqc_alloc_fail_after(0);
    FAILS(MEMQC_ERROR_NOMEM, "out of memory", mqc_file_write("f", path, "new", 3));
    mqc_alloc_fail_after(-1);
    check_file("old");
    FAILS(MEMQC_ERROR_IO, "cannot write", mqc_file_write("f", "archive-none/file", "new", 3));
    ck_assert_int_eq(remove(path), 0);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    FAILS(MEMQC_ERROR_IO, "folder", mqc_file_write("f", path, "new", 3));
    ck_assert_int_eq(files_beside(path, 0), 0);
    ck_assert_int_eq(rmdir(path), 0);
}
END_TEST

/* What a stranger can put in the way: nothing that a link points to is ever written. */
START_TEST(links_lead_nowhere) {
    char victim[64], link[64];
    uint8_t *data = NULL;
    size_t size = 0;
    snprintf(victim, sizeof victim, "%s/victim", folder);
    snprintf(link, sizeof link, "%s/file.new", folder);
    OK(mqc_file_write("f", victim, "mine", 4));
    ck_assert_int_eq(symlink("victim", link), 0);
    ck_assert_int_eq(symlink("victim", path), 0);
    OK(mqc_file_write("f", path, "saved", 5));
    check_file("saved");
    struct stat about;
    ck_assert_int_eq(lstat(path, &about), 0);
    ck_assert(S_ISREG(about.st_mode));
    OK(mqc_file_read("f", victim, 1000, &data, &size));
    ck_assert_uint_eq(size, 4);
    ck_assert_mem_eq(data, "mine", 4);
    mqc_free(data);
    ck_assert_int_eq(remove(link) | remove(victim), 0);
}
END_TEST

START_TEST(permissions_are_kept) {
    static const mode_t modes[] = {0600, 0640, 0400, 0666};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct stat about;
        OK(mqc_file_write("f", path, "old", 3));
        ck_assert_int_eq(chmod(path, modes[i]), 0);
        OK(mqc_file_write("f", path, "new", 3));
        ck_assert_int_eq(stat(path, &about), 0);
        ck_assert_uint_eq(about.st_mode & 07777, modes[i]);
    }
    ck_assert_int_eq(remove(path), 0);
    const mode_t mask = umask(027);
    struct stat about;
    OK(mqc_file_write("f", path, "new", 3));
    umask(mask);
    ck_assert_int_eq(stat(path, &about), 0);
    ck_assert_uint_eq(about.st_mode & 07777, 0640);
}
END_TEST

START_TEST(what_is_no_file_is_not_replaced) {
    struct stat about;
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    FAILS(MEMQC_ERROR_IO, "plain file", mqc_file_write("f", path, "new", 3));
    ck_assert_int_eq(lstat(path, &about), 0);
    ck_assert(S_ISFIFO(about.st_mode));
    ck_assert_int_eq(files_beside(path, 0), 0);
}
END_TEST

/* Each writer's text is one character over and over, of a length of its own. */
static void write_often(char letter) {
    static char text[1 << 16];
    memset(text, letter, sizeof text);
    for (int i = 0; i < 60; i++)
        if (mqc_file_write("f", path, text, sizeof text - (size_t)letter) != MEMQC_OK)
            _exit(1);
    _exit(0);
}

START_TEST(of_two_writers_one_wins_whole) {
    enum { WRITERS = 3 };
    pid_t writer[WRITERS];
    int running = WRITERS, status = 0, read = 0;
    OK(mqc_file_write("f", path, "", 0));
    for (int i = 0; i < WRITERS; i++) {
        writer[i] = fork();
        ck_assert_int_ge(writer[i], 0);
        if (writer[i] == 0)
            write_often((char)('a' + i));
    }
    while (running > 0) {
        uint8_t *data = NULL;
        size_t size = 0;
        OK(mqc_file_read("f", path, 1 << 16, &data, &size));
        for (size_t i = 0; i < size; i++)
            ck_assert_int_eq(data[i], data[0]);
        ck_assert(size == 0 || size == (1 << 16) - (size_t)data[0]);
        read += size > 0;
        mqc_free(data);
        if (waitpid(-1, &status, WNOHANG) > 0) {
            ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
            running--;
        }
    }
    ck_assert_int_gt(read, 0);
    ck_assert_int_eq(files_beside(path, 0), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("archive");
    TCase *archives = tcase_create("archives"), *files = tcase_create("files");
    tcase_set_timeout(archives, 0);
    tcase_add_test(archives, what_is_written_comes_back);
    tcase_add_test(archives, bytes_are_the_same_on_every_machine);
    tcase_add_test(archives, every_truncation_is_refused);
    tcase_add_test(archives, every_flipped_bit_is_refused);
    tcase_add_test(archives, other_contents_are_refused);
    tcase_add_test(archives, a_writer_without_memory_says_so_in_the_end);
    tcase_set_timeout(files, 0);
    tcase_add_checked_fixture(files, make_folder, remove_folder);
    tcase_add_test(files, files_are_replaced);
    tcase_add_test(files, a_name_without_a_folder_is_a_file_here);
    tcase_add_test(files, what_cannot_be_read);
    tcase_add_test(files, a_failed_write_leaves_the_old_file);
    tcase_add_test(files, links_lead_nowhere);
    tcase_add_test(files, permissions_are_kept);
    tcase_add_test(files, what_is_no_file_is_not_replaced);
    tcase_add_test(files, of_two_writers_one_wins_whole);
    suite_add_tcase(suite, archives);
    suite_add_tcase(suite, files);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
