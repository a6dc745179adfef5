/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#include "core/file.h"
#include "core/alloc.h"
#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* strerror() follows the locale. */
static memqc_status failed(const char *function, const char *what, const char *path, int number) {
    static const struct {
        int number;
        const char *text;
    } known[] = {{ENOENT, "there is no such file or folder"},
                 {EACCES, "permission denied"},
                 {ENOSPC, "no space left"},
                 {EISDIR, "it is a folder"},
                 {ENOTDIR, "not a folder"},
                 {EROFS, "the disk is read-only"},
                 {EFBIG, "it would be too large"},
                 {EDQUOT, "beyond the quota"},
                 {EIO, "the disk failed"},
                 {EMFILE, "too many open files"},
                 {ENAMETOOLONG, "the name is too long"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].number == number)
            return mqc_fail(MEMQC_ERROR_IO, "%s: %s \"%s\": %s", function, what, path,
                            known[i].text);
    return mqc_fail(MEMQC_ERROR_IO, "%s: %s \"%s\": error %d of the system", function, what, path,
                    number);
}

static int read_all(int file, uint8_t *to, size_t size) {
    while (size) {
        const ssize_t n = read(file, to, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? EIO : errno; /* the file became shorter */
            return -1;
        }
        to += n;
        size -= (size_t)n;
    }
    return 0;
}

static memqc_status read_open(const char *function, const char *path, int file, size_t most,
                              uint8_t **data, size_t *size) {
    struct stat about;
    if (fstat(file, &about) != 0)
        return failed(function, "cannot read", path, errno);
    if (!S_ISREG(about.st_mode))
        return mqc_fail(MEMQC_ERROR_IO, "%s: cannot read \"%s\": it is not a plain file", function,
                        path);
    if ((uint64_t)about.st_size > most)
        return mqc_fail(MEMQC_ERROR_IO, "%s: cannot read \"%s\": %llu bytes; allowed is up to %zu",
                        function, path, (unsigned long long)about.st_size, most);
    uint8_t *bytes = mqc_alloc((size_t)about.st_size, 1);
    if (!bytes)
        return MEMQC_ERROR_NOMEM;
    if (read_all(file, bytes, (size_t)about.st_size) != 0) {
        const int number = errno;
        mqc_free(bytes);
        return failed(function, "cannot read", path, number);
    }
    *data = bytes;
    *size = (size_t)about.st_size;
    return MEMQC_OK;
}

memqc_status mqc_file_read(const char *function, const char *path, size_t most, uint8_t **data,
                           size_t *size) {
    const int file =
        open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not hang: it is refused */
    if (file < 0)
        return failed(function, "cannot read", path, errno);
    const memqc_status status = read_open(function, path, file, most, data, size);
    close(file);
    return status;
}

static int write_all(int file, const uint8_t *from, size_t size) {
    while (size) {
        const ssize_t n = write(file, from, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? EIO : errno; /* asked again, it may do so for ever */
            return -1;
        }
        from += n;
        size -= (size_t)n;
    }
    return fsync(file);
}

/* The rename itself is on the disk once its folder is; where a folder cannot be synced there is no
 * more to be done. */
static void sync_folder(char *path) {
    char *slash = strrchr(path, '/');
    if (slash)
        slash[slash == path ? 1 : 0] = '\0';
    const int folder = open(slash ? path : ".", O_RDONLY | O_CLOEXEC);
    if (folder < 0)
        return;
    (void)fsync(folder);
    close(folder);
}

enum { SUFFIX = 8, TRIES = 100 }; /* ".", six characters and the end */

/* A suffix that no other thread or process is likely to try at the same time; O_EXCL decides. */
static void make_suffix(char *to, int attempt) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t bits = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    bits ^= (uint64_t)getpid() << 40 ^ (uint64_t)(uintptr_t)&now << 16;
    bits = (bits + (uint64_t)attempt) * UINT64_C(0x9e3779b97f4a7c15);
    *to++ = '.';
    for (int i = 0; i < SUFFIX - 2; i++)
        *to++ = letters[bits >> (59 - 5 * i) & 31];
    *to = '\0';
}

/* A new file beside path that nobody else has: it is never one that is there already, nor what a
 * link points to. Its permissions are never wider than those of the file that it is to replace.
 * suffix: the end of the name in beside. -1 on failure. */
static int open_beside(const char *beside, char *suffix, const struct stat *old) {
    const mode_t mode = old ? old->st_mode & 0777 : 0666;
    int file = -1;
    for (int attempt = 0; file < 0 && attempt < TRIES; attempt++) {
        make_suffix(suffix, attempt);
        file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        if (file < 0 && errno != EEXIST)
            return -1;
    }
    if (file >= 0 && old && fchmod(file, mode) != 0) { /* what the mask of the process took away */
        const int number = errno;
        close(file);
        unlink(beside);
        errno = number;
        return -1;
    }
    return file;
}

static memqc_status write_beside(const char *function, const char *path, char *beside,
                                 const void *data, size_t size) {
    struct stat about;
    const int there = lstat(path, &about) == 0;
    if (there && !S_ISREG(about.st_mode) && !S_ISLNK(about.st_mode))
        return S_ISDIR(about.st_mode)
                   ? failed(function, "cannot write", path, EISDIR)
                   : mqc_fail(MEMQC_ERROR_IO, "%s: cannot write \"%s\": it is not a plain file",
                              function, path);
    const int file =
        open_beside(beside, beside + strlen(path), there && S_ISREG(about.st_mode) ? &about : NULL);
    if (file < 0)
        return failed(function, "cannot write", path, errno);
    int number = write_all(file, data, size) == 0 ? 0 : errno;
    if (close(file) != 0 && number == 0)
        number = errno;
    if (number == 0 && rename(beside, path) != 0)
        number = errno;
    if (number != 0) {
        unlink(beside);
        return failed(function, "cannot write", path, number);
    }
    sync_folder(beside);
    return MEMQC_OK;
}

memqc_status mqc_file_write(const char *function, const char *path, const void *data, size_t size) {
    const size_t length = strlen(path);
    char *beside = mqc_alloc(length + SUFFIX, 1);
    if (!beside)
        return MEMQC_ERROR_NOMEM;
    memcpy(beside, path, length);
    const memqc_status status = write_beside(function, path, beside, data, size);
    mqc_free(beside);
    return status;
}
