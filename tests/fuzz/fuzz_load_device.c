/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes that may be a saved device. What is loaded is one that the library could have made: calls on
 * it keep what calls.h promises. mutate.c mends lengths and checksums of the bytes. */
#include "calls.h"

enum { CALLS = 5, BYTES = 120 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t room[BYTES];
    memqc_device *device = NULL;
    const memqc_status status = memqc_device_load_memory(data, size, &device);
    MUST(status == MEMQC_OK || status == MEMQC_ERROR_FORMAT || status == MEMQC_ERROR_NOMEM,
         "status %d", (int)status);
    MUST((status == MEMQC_OK) == (device != NULL), "status %d, but another object", (int)status);
    if (!device)
        return 0;
    struct fuzz f = calls_by(data, size, room, BYTES);
    run_calls(&device_subject, make_bench(device), &f, CALLS);
    return 0;
}
