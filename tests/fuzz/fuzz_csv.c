/* SPDX-License-Identifier: BSD-3-Clause */
/* Text that may be measured curves, for the reader of the examples. */
#include "csv.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char error[256] = "";
    struct curves curves;
    const int failed = curves_parse(&curves, "text", (const char *)data, size, error, sizeof error);
    MUST(memchr(error, '\0', sizeof error), "an error text without an end");
    MUST(failed ? *error != '\0' : curves.n > 0, "%d, %zu rows: %s", failed, curves.n, error);
    MUST(!failed || (curves.n == 0 && !curves.g), "a failure leaves %zu rows", curves.n);
    for (size_t i = 0; i < curves.n; i++) {
        MUST(curves.direction[i] == 1 || curves.direction[i] == -1, "row %zu: direction %d", i,
             (int)curves.direction[i]);
        MUST(curves.has_device || curves.device[i] == 0, "row %zu: device", i);
        MUST(curves.has_direction || curves.direction[i] == -1, "row %zu: direction", i);
        MUST(curves.has_read || curves.read[i] == 0, "row %zu: read", i);
    }
    curves_free(&curves);
    return 0;
}
