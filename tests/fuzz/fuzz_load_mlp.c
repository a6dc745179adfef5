/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes that may be a saved mlp. What is loaded is one that the library could have made: calls on
 * it keep what calls.h promises. mutate.c mends lengths and checksums of the bytes. */
#include "calls.h"

enum { CALLS = 3, BYTES = 80 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t room[BYTES];
    memqc_mlp *mlp = NULL;
    const memqc_status status = memqc_mlp_load_memory(data, size, &mlp);
    MUST(status == MEMQC_OK || status == MEMQC_ERROR_FORMAT || status == MEMQC_ERROR_NOMEM,
         "status %d", (int)status);
    MUST((status == MEMQC_OK) == (mlp != NULL), "status %d, but another object", (int)status);
    if (!mlp)
        return 0;
    struct fuzz f = calls_by(data, size, room, BYTES);
    tame_mlp(mlp);
    run_calls(&mlp_subject, mlp, &f, CALLS);
    return 0;
}
