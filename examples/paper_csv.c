/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#include "paper_csv.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_one(const char *folder) {
    struct stat status;
    if (mkdir(folder, 0777) == 0) {
        return 0;
    }
    int reason = errno;
    if (stat(folder, &status) == 0 && S_ISDIR(status.st_mode)) {
        return 0;
    }
    fprintf(stderr, "paper: folder %s cannot be made: %s\n", folder, strerror(reason));
    return -1;
}

int csv_make_folder(const char *folder) {
    char path[4096];
    size_t length = strlen(folder);
    if (length >= sizeof path) {
        fprintf(stderr, "paper: the name of the folder is too long (%zu characters)\n", length);
        return -1;
    }
    memcpy(path, folder, length + 1);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (make_one(path)) {
            return -1;
        }
        *slash = '/';
    }
    return make_one(path);
}

int csv_open(struct csv *csv, const char *folder, const char *name) {
    *csv = (struct csv){.file = stdout};
    if (!folder) {
        return 0;
    }
    int length = snprintf(csv->path, sizeof csv->path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof csv->path) {
        fprintf(stderr, "paper: the name of the folder is too long\n");
        return -1;
    }
    snprintf(csv->temporary, sizeof csv->temporary, "%s.%ld.tmp", csv->path, (long)getpid());
    csv->file = fopen(csv->temporary, "w");
    if (!csv->file) {
        fprintf(stderr, "paper: %s cannot be written: %s\n", csv->temporary, strerror(errno));
        return -1;
    }
    return 0;
}

int csv_close(struct csv *csv, int discard) {
    if (csv->file == stdout) {
        return discard; /* main looks at the state of standard output at the end */
    }
    errno = 0; /* of an earlier failure, when the buffer was written, nothing is known but that */
    int failed = ferror(csv->file);
    failed |= fclose(csv->file);
    if (discard) {
        remove(csv->temporary);
        return -1;
    }
    if (failed || rename(csv->temporary, csv->path) != 0) {
        fprintf(stderr, "paper: %s cannot be written: %s\n", csv->path,
                strerror(errno ? errno : EIO));
        remove(csv->temporary);
        return -1;
    }
    printf("wrote %s\n", csv->path);
    return 0;
}
