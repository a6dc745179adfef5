/* SPDX-License-Identifier: BSD-3-Clause */
#include "core/error.h"

#include <string.h>

static _Thread_local char last_error[512];

static const struct {
    memqc_status status;
    const char *name;
} status_names[] = {
#define STATUS(code) \
    { code, #code }
    STATUS(MEMQC_OK),          STATUS(MEMQC_ERROR_ARGUMENT), STATUS(MEMQC_ERROR_NOMEM),
    STATUS(MEMQC_ERROR_STATE), STATUS(MEMQC_ERROR_DATA),     STATUS(MEMQC_ERROR_DIVERGED),
    STATUS(MEMQC_STOPPED),     STATUS(MEMQC_ERROR_IO),       STATUS(MEMQC_ERROR_FORMAT),
#undef STATUS
};

memqc_status mqc_fail(memqc_status status, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    mqc_format(last_error, sizeof last_error, fmt, args);
    va_end(args);
    return status;
}

memqc_status mqc_fail_in(const char *function, memqc_status status) {
    char text[sizeof last_error];
    if (status == MEMQC_OK || strncmp(last_error, "memqc_", 6) == 0)
        return status;
    memcpy(text, last_error, sizeof text);
    return mqc_fail(status, "%s: %s", function, text);
}

const char *memqc_last_error(void) {
    return last_error;
}

const char *memqc_status_name(memqc_status status) {
    for (size_t i = 0; i < sizeof status_names / sizeof *status_names; i++)
        if (status_names[i].status == status)
            return status_names[i].name;
    return "unknown status";
}
