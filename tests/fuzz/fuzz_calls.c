/* SPDX-License-Identifier: BSD-3-Clause */
/* A device, an array on one or a network, by the first byte, and calls on it. */
#include "calls.h"

enum { MOST_LINES = 7, MOST_SIZES = 4, MOST_UNITS = 5 };

static void call_device(struct fuzz *f) {
    enum { CALLS = 24 };
    memqc_device *device = take_device(f);
    if (device)
        run_calls(&device_subject, make_bench(device), f, CALLS);
}

static void call_crossbar(struct fuzz *f) {
    enum { CALLS = 20 };
    memqc_crossbar *xb = NULL;
    memqc_device *device = take_device(f);
    if (!device)
        return;
    const size_t rows = 1 + take_below(f, MOST_LINES), cols = 1 + take_below(f, MOST_LINES);
    MUST(memqc_crossbar_create(device, rows, cols, take_wide(f), &xb) == MEMQC_OK, "no array");
    memqc_device_destroy(&device);
    tame_crossbar(xb);
    for (size_t i = take_below(f, 6); i > 0; i--) { /* what the first programming settles */
        const int32_t key = take_key(f, &crossbar_noun);
        memqc_crossbar_set(xb, key, take_value(f, &crossbar_noun, key));
    }
    if (take_byte(f) % 4)
        memqc_crossbar_program(xb, take_floats(f, rows * cols), cols);
    drop_rooms(f);
    run_calls(&crossbar_subject, xb, f, CALLS);
}

static void call_mlp(struct fuzz *f) {
    enum { CALLS = 14 };
    size_t sizes[MOST_SIZES];
    memqc_mlp *mlp = NULL;
    memqc_device *device = take_byte(f) % 8 ? take_device(f) : NULL;
    const size_t n = 2 + take_below(f, MOST_SIZES - 1);
    for (size_t i = 0; i < n; i++)
        sizes[i] = 1 + take_below(f, MOST_UNITS);
    MUST(memqc_mlp_create(sizes, n, device, take_wide(f), &mlp) == MEMQC_OK, "no network");
    memqc_device_destroy(&device);
    tame_mlp(mlp);
    run_calls(&mlp_subject, mlp, f, CALLS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static void (*const call[])(struct fuzz *) = {call_device, call_crossbar, call_mlp};
    struct fuzz f = {.at = data, .end = data + size};
    call[take_below(&f, COUNT(call))](&f);
    return 0;
}
