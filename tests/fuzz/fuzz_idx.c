/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes that may be an IDX file, plain or compressed, for the reader of the examples. */
#define _POSIX_C_SOURCE 200809L
#include "fuzz.h"
#include "idx.h"

#include <unistd.h>

static char path[] = "fuzz-idx-XXXXXX";

static void remove_file(void) {
    unlink(path);
}

/* One file for all inputs, in the folder that the program runs in; it stays open. */
static int open_file(void) {
    static int file = -1;
    if (file < 0) {
        file = mkstemp(path);
        MUST(file >= 0, "no file %s", path);
        atexit(remove_file);
    }
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const int file = open_file();
    MUST(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size, "not written");
    for (int dimensions = IDX_LABELS; dimensions <= IDX_IMAGES; dimensions++) {
        char error[256] = "";
        struct idx idx;
        size_t sum = 0;
        const int failed = idx_read(&idx, path, dimensions, error, sizeof error);
        MUST(memchr(error, '\0', sizeof error), "an error text without an end");
        MUST(failed ? *error != '\0' && !idx.bytes : idx.bytes != NULL, "%d: %s", failed, error);
        for (size_t i = 0; !failed && i < idx.n * idx.rows * idx.cols; i++)
            sum += idx.bytes[i]; /* each of them is there */
        MUST(!failed || sum == 0, "%d", failed);
        idx_free(&idx);
    }
    return 0;
}
