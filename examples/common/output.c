/* SPDX-License-Identifier: BSD-3-Clause */
#include "output.h"

#include <stdio.h>

int output_end(const char *program, int status) {
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return status;
    }
    fprintf(stderr, "%s: standard output cannot be written\n", program);
    return 1;
}
