/* SPDX-License-Identifier: BSD-3-Clause */
/* replay FILE-OR-FOLDER...: gives the files to a fuzz target one by one, without a fuzzer and with
 * any compiler. A target that finds something wrong aborts; the name of its file is the last line.
 * MEMQC_FUZZ_CALLS in the environment: the calls that a file stands for are written out. */
#define _POSIX_C_SOURCE 200809L
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

enum { PATH = 4096 };

static size_t n_files;

static void replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    struct stat about;
    MUST(file && fstat(fileno(file), &about) == 0, "%s cannot be opened", path);
    const size_t size = (size_t)about.st_size;
    uint8_t *data = malloc(size ? size : 1);
    MUST(data && fread(data, 1, size, file) == size, "%s cannot be read", path);
    fclose(file);
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    n_files++;
}

static int no_dots(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static void replay(const char *path) {
    struct stat about;
    struct dirent **entries;
    MUST(stat(path, &about) == 0, "%s is not there", path);
    if (!S_ISDIR(about.st_mode)) {
        replay_file(path);
        return;
    }
    const int n = scandir(path, &entries, no_dots, alphasort);
    MUST(n >= 0, "%s cannot be listed", path);
    for (int i = 0; i < n; i++) {
        char name[PATH];
        const int length = snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        MUST(length > 0 && length < PATH, "%s: a name too long", entries[i]->d_name);
        replay(name);
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    printf("%zu files\n", n_files);
    return n_files ? 0 : 1;
}
