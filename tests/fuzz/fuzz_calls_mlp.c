/* SPDX-License-Identifier: BSD-3-Clause */
/* A network on any device, or on none, and calls on it. */
#include "calls.h"

enum { CALLS = 14, MOST_SIZES = 4, MOST_UNITS = 5 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz f = {.at = data, .end = data + size};
    size_t sizes[MOST_SIZES];
    memqc_mlp *mlp = NULL;
    memqc_device *device = take_byte(&f) % 8 ? take_device(&f) : NULL;
    const size_t n = 2 + take_below(&f, MOST_SIZES - 1);
    for (size_t i = 0; i < n; i++)
        sizes[i] = 1 + take_below(&f, MOST_UNITS);
    MUST(memqc_mlp_create(sizes, n, device, take_wide(&f), &mlp) == MEMQC_OK, "no network");
    memqc_device_destroy(&device);
    tame_mlp(mlp);
    run_calls(&mlp_subject, mlp, &f, CALLS);
    return 0;
}
