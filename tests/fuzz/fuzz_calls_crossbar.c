/* SPDX-License-Identifier: BSD-3-Clause */
/* An array of any device, and calls on it. */
#include "calls.h"

enum { CALLS = 20, MOST_LINES = 7 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz f = {.at = data, .end = data + size};
    memqc_crossbar *xb = NULL;
    memqc_device *device = take_device(&f);
    if (!device)
        return 0;
    const size_t rows = 1 + take_below(&f, MOST_LINES), cols = 1 + take_below(&f, MOST_LINES);
    MUST(memqc_crossbar_create(device, rows, cols, take_wide(&f), &xb) == MEMQC_OK, "no array");
    memqc_device_destroy(&device);
    tame_crossbar(xb);
    for (size_t i = take_below(&f, 6); i > 0; i--) { /* what the first programming settles */
        const int32_t key = take_key(&f, &crossbar_noun);
        memqc_crossbar_set(xb, key, take_value(&f, &crossbar_noun, key));
    }
    if (take_byte(&f) % 4)
        memqc_crossbar_program(xb, take_floats(&f, rows * cols), cols);
    drop_rooms(&f);
    run_calls(&crossbar_subject, xb, &f, CALLS);
    return 0;
}
