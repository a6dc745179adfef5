/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls of the system that fail, or do less than they were asked, while a file is written or read: they
 * are wrapped (-Wl,--wrap). And folders that nobody may write to, and devices in the place of the file. */
#define _DEFAULT_SOURCE
#define _GNU_SOURCE
#include "alloc.h"

#include "unit/beside.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the next calls of the library do: the call fails with an error when so many bytes are written
 * (0: in the end), and writes or reads at most a few at a time. An error of 0: nothing is written. */
enum call { NONE, WRITE, SYNC, CLOSE, RENAME, READ };
static struct {
    enum call call;
    int error;
    size_t after, most;
    int interrupted; /* each second call is, before it does anything */
    size_t calls;
} fault;

ssize_t __real_write(int file, const void *bytes, size_t n);
ssize_t __wrap_write(int file, const void *bytes, size_t n);
ssize_t __real_read(int file, void *bytes, size_t n);
ssize_t __wrap_read(int file, void *bytes, size_t n);
int __real_fsync(int file);
int __wrap_fsync(int file);
int __real_close(int file);
int __wrap_close(int file);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

/* How many bytes may go through: -1, with an error, if none. */
static ssize_t let_through(enum call call, size_t n) {
    if (fault.call != call)
        return (ssize_t)n;
    ck_assert_msg(fault.calls++ < 100000, "the same call for ever");
    if (fault.interrupted && fault.calls % 2) {
        errno = EINTR;
        return -1;
    }
    n = n < fault.most ? n : fault.most;
    n = n < fault.after ? n : fault.after;
    fault.after -= n;
    if (n > 0)
        return (ssize_t)n;
    errno = fault.error;
    return fault.error ? -1 : 0;
}

ssize_t __wrap_write(int file, const void *bytes, size_t n) {
    const ssize_t some = let_through(WRITE, n);
    return some <= 0 ? some : __real_write(file, bytes, (size_t)some);
}

ssize_t __wrap_read(int file, void *bytes, size_t n) {
    const ssize_t some = let_through(READ, n);
    return some <= 0 ? some : __real_read(file, bytes, (size_t)some);
}

static int fails(enum call call) {
    if (fault.call != call)
        return 0;
    errno = fault.error;
    return 1;
}

int __wrap_fsync(int file) {
    return fails(SYNC) ? -1 : __real_fsync(file);
}

int __wrap_close(int file) {
    const int lost = fails(CLOSE), error = errno, status = __real_close(file);
    errno = error;
    return lost ? -1 : status;
}

int __wrap_rename(const char *from, const char *to) {
    return fails(RENAME) ? -1 : __real_rename(from, to);
}

static const struct scenario kinds[] = {
    {"device", NULL, NULL, 0, 0, NEW, 0, "jumps"},
    {"crossbar", NULL, NULL, PAIR, COLUMN, USED, 0, "hfox-a"},
    {"network", NULL, NULL, PAIR, 0, USED, 0, "hfox-a"},
};

static struct world world;
static char folder[] = "test_disk-XXXXXX", path[64];

static void open_kind(int kind) {
    fill_arrays();
    open_world(&world, &kinds[kind]);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
}

static void close_kind(void) {
    remove(path);
    ck_assert_msg(rmdir(folder) == 0, "something is left in %s", folder);
    close_world(&world);
}

static memqc_status save_to(const char *where) {
    if (world.mlp)
        return memqc_mlp_save(world.mlp, where);
    return world.xb ? memqc_crossbar_save(world.xb, where) : memqc_device_save(world.device, where);
}

static memqc_status load_it(void) {
    memqc_status status;
    if (world.mlp) {
        status = memqc_mlp_load(path, &world.made_mlp);
        memqc_mlp_destroy(&world.made_mlp);
    } else if (world.xb) {
        status = memqc_crossbar_load(path, &world.made_xb);
        memqc_crossbar_destroy(&world.made_xb);
    } else {
        status = memqc_device_load(path, &world.made_device);
        memqc_device_destroy(&world.made_device);
    }
    return status;
}

static void check_file(void) {
    static unsigned char now[sizeof saved];
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fread(now, 1, sizeof now, file), saved_size);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_mem_eq(now, saved, saved_size);
    ck_assert_int_eq(files_beside(path, 0), 0);
}

static const struct {
    enum call call;
    int error;
    const char *text;
} errors[] = {
    {WRITE, EDQUOT, "beyond the quota"}, {WRITE, ENOSPC, "no space left"},
    {WRITE, EIO, "the disk failed"},     {WRITE, 0, "the disk failed"},
    {SYNC, EIO, "the disk failed"},      {SYNC, ENOSPC, "no space left"},
    {CLOSE, EDQUOT, "beyond the quota"}, {RENAME, EROFS, "the disk is read-only"},
    {RENAME, EXDEV, "error 18"},         {READ, EIO, "the disk failed"},
    {READ, 0, "the disk failed"}, /* the file became shorter */
};

START_TEST(a_failing_call_leaves_the_old_file) {
    open_kind(_i);
    OK(save_to(path));
    for (size_t e = 0; e < COUNT(errors); e++)
        for (size_t after = 0; after < 100; after += 33) {
            memset(&fault, 0, sizeof fault);
            fault.error = errors[e].error;
            fault.most = 7;
            fault.after = after;
            fault.call = errors[e].call;
            const int reads = errors[e].call == READ;
            FAILS(MEMQC_ERROR_IO, errors[e].text, reads ? load_it() : save_to(path));
            fault.call = NONE;
            ck_assert(strstr(memqc_last_error(), path) != NULL);
            check_file();
        }
    OK(load_it());
    close_kind();
}
END_TEST

START_TEST(short_counts_and_interruptions) {
    open_kind(_i);
    for (size_t most = 1; most < 3000; most = 2 * most + 1)
        for (int interrupted = 0; interrupted < 2; interrupted++)
            for (int reads = 0; reads < 2; reads++) {
                memset(&fault, 0, sizeof fault);
                fault.most = most;
                fault.after = SIZE_MAX;
                fault.interrupted = interrupted;
                fault.call = reads ? READ : WRITE;
                OK(reads ? load_it() : save_to(path));
                ck_assert_uint_ge(fault.calls, saved_size / most);
                fault.call = NONE;
                check_file();
            }
    close_kind();
}
END_TEST

/* A device is not replaced by a file, which root could do. */
START_TEST(a_device_stays) {
    struct stat about;
    open_kind(_i);
    if (mknod(path, S_IFCHR | 0666, makedev(1, 3)) != 0) {
        printf("skipped: devices can be made by root only (%s)\n", strerror(errno));
        close_kind();
        return;
    }
    FAILS(MEMQC_ERROR_IO, "not a plain file", save_to(path));
    FAILS(MEMQC_ERROR_IO, "not a plain file", load_it());
    ck_assert_int_eq(lstat(path, &about), 0);
    ck_assert(S_ISCHR(about.st_mode));
    close_kind();
}
END_TEST

/* In a process of nobody, who may read the file and not write to its folder. */
static int without_rights(void) {
    const int root = geteuid() == 0;
    if (root && setresuid(65534, 65534, 65534) != 0)
        return 77;
    const int refused =
        save_to(path) == MEMQC_ERROR_IO && strstr(memqc_last_error(), "permission denied") != NULL;
    return refused && load_it() == MEMQC_OK ? 0 : 1;
}

START_TEST(a_folder_that_is_read_only) {
    int status;
    open_kind(_i);
    OK(save_to(path));
    ck_assert_int_eq(chmod(folder, 0555), 0);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0)
        _exit(without_rights());
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    check_file();
    ck_assert_int_eq(chmod(folder, 0755), 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        printf("skipped: rights cannot be given away\n");
    else
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close_kind();
}
END_TEST

int main(void) {
    Suite *suite = suite_create("disk");
    TCase *group = add_group(suite, "disk", NULL);
    tcase_add_loop_test(group, a_failing_call_leaves_the_old_file, 0, COUNT(kinds));
    tcase_add_loop_test(group, short_counts_and_interruptions, 0, COUNT(kinds));
    tcase_add_loop_test(group, a_device_stays, 0, COUNT(kinds));
    tcase_add_loop_test(group, a_folder_that_is_read_only, 0, COUNT(kinds));
    return run_suite(suite);
}
