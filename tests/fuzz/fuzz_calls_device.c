/* SPDX-License-Identifier: BSD-3-Clause */
/* A device of any kind, and calls on it. */
#include "calls.h"

enum { CALLS = 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz f = {.at = data, .end = data + size};
    memqc_device *device = take_device(&f);
    if (device)
        run_calls(&device_subject, make_bench(device), &f, CALLS);
    return 0;
}
