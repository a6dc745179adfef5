/* SPDX-License-Identifier: BSD-3-Clause */
/* Saving where the disk is full, as the limit of the size of a file has it: at every byte of the file.
 * The old file stays whole, and nothing is left beside it. So it is where a folder or a pipe stands in
 * the place of the file. */
#define _DEFAULT_SOURCE
#include "alloc.h"

#include "unit/beside.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct scenario kinds[] = {
    {"device", NULL, NULL, 0, 0, NEW, 0, "jumps"},
    {"crossbar", NULL, NULL, PAIR, COLUMN, USED, 0, "hfox-a"},
    {"network", NULL, NULL, PAIR, 0, USED, 0, "hfox-a"},
    {"checkpoint", NULL, NULL, PAIR, 0, USED, 0, "hfox-a"},
};

static memqc_status write_it(struct world *world, int kind) {
    if (kind == 0)
        return memqc_device_save(world->device, own_file);
    if (kind == 1)
        return memqc_crossbar_save(world->xb, own_file);
    if (kind == 2)
        return memqc_mlp_save(world->mlp, own_file);
    OK(memqc_mlp_set_checkpoint(world->mlp, own_file, 1));
    return memqc_mlp_train_epoch(world->mlp, SAMPLES, x, ROWS, labels);
}

static size_t read_back(unsigned char *bytes) {
    FILE *file = fopen(own_file, "rb");
    ck_assert_ptr_nonnull(file);
    const size_t n = fread(bytes, 1, sizeof saved, file);
    ck_assert_int_eq(fclose(file), 0);
    return n;
}

static void check_old(const char *what, size_t limit) {
    static unsigned char now[sizeof saved];
    ck_assert_msg(read_back(now) == saved_size && memcmp(now, saved, saved_size) == 0,
                  "%s, %zu bytes: the old file is another", what, limit);
    ck_assert_msg(files_beside(own_file, 0) == 0, "%s, %zu bytes: something is left", what, limit);
}

static void limit_to(size_t bytes) {
    const struct rlimit limit = {bytes, RLIM_INFINITY};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(a_full_disk_leaves_the_old_file) {
    struct world world;
    signal(SIGXFSZ, SIG_IGN);
    fill_arrays();
    open_world(&world, &kinds[_i]);
    size_t size = 0;
    OK(save_world(&world, saved, sizeof saved, &saved_size));
    OK(_i == 0   ? memqc_device_save(world.device, own_file)
       : _i == 1 ? memqc_crossbar_save(world.xb, own_file)
                 : memqc_mlp_save(world.mlp, own_file));
    check_old(kinds[_i].name, 0);
    /* A file cannot be torn at more places than it has bytes. */
    for (size_t limit = 0; limit < saved_size; limit++) {
        limit_to(limit);
        const memqc_status status = write_it(&world, (int)_i);
        limit_to((size_t)1 << 30);
        ck_assert_msg(status == MEMQC_ERROR_IO, "%s, %zu bytes: %s", kinds[_i].name, limit,
                      memqc_status_name(status));
        ck_assert_msg(strstr(memqc_last_error(), "it would be too large") != NULL, "%s",
                      memqc_last_error());
        check_old(kinds[_i].name, limit);
    }
    OK(write_it(&world, (int)_i));
    OK(save_world(&world, saved, sizeof saved, &size));
    ck_assert_int_eq(files_beside(own_file, 0), 0);
    close_world(&world);
}
END_TEST

START_TEST(what_is_no_file_stays) {
    struct world world;
    struct stat about;
    fill_arrays();
    open_world(&world, &kinds[_i]);
    for (int pipe = 0; pipe < 2; pipe++) {
        ck_assert_int_eq(pipe ? mkfifo(own_file, 0600) : mkdir(own_file, 0700), 0);
        FAILS(MEMQC_ERROR_IO, pipe ? "not a plain file" : "it is a folder",
              write_it(&world, (int)_i));
        ck_assert_int_eq(lstat(own_file, &about), 0);
        ck_assert(pipe ? S_ISFIFO(about.st_mode) : S_ISDIR(about.st_mode));
        ck_assert_int_eq(files_beside(own_file, 0), 0);
        ck_assert_int_eq(remove(own_file), 0);
    }
    close_world(&world);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("writes");
    TCase *group = add_group(suite, "writes", NULL);
    tcase_add_loop_test(group, a_full_disk_leaves_the_old_file, 0, COUNT(kinds));
    tcase_add_loop_test(group, what_is_no_file_stays, 0, COUNT(kinds));
    return run_suite(suite);
}
