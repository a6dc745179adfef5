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
        if (n < 0)
            return -1;
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

static memqc_status write_beside(const char *function, const char *path, char *beside,
                                 const void *data, size_t size) {
    const int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
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
    static const char suffix[] = ".new";
    const size_t length = strlen(path);
    char *beside = mqc_alloc(length + sizeof suffix, 1);
    if (!beside)
        return MEMQC_ERROR_NOMEM;
    memcpy(beside, path, length);
    memcpy(beside + length, suffix, sizeof suffix);
    const memqc_status status = write_beside(function, path, beside, data, size);
    mqc_free(beside);
    return status;
}
