/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes that may be a saved crossbar. What is loaded is one that the library could have made: calls on
 * it keep what calls.h promises. mutate.c mends lengths and checksums of the bytes. */
#include "calls.h"

enum { CALLS = 5, BYTES = 120 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t room[BYTES];
    memqc_crossbar *crossbar = NULL;
    const memqc_status status = memqc_crossbar_load_memory(data, size, &crossbar);
    MUST(status == MEMQC_OK || status == MEMQC_ERROR_FORMAT || status == MEMQC_ERROR_NOMEM,
         "status %d", (int)status);
    MUST((status == MEMQC_OK) == (crossbar != NULL), "status %d, but another object", (int)status);
    if (!crossbar)
        return 0;
    struct fuzz f = calls_by(data, size, room, BYTES);
    tame_crossbar(crossbar);
    run_calls(&crossbar_subject, crossbar, &f, CALLS);
    return 0;
}
