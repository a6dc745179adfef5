/* SPDX-License-Identifier: BSD-3-Clause */
#include <memqc/base.h>

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

uint32_t memqc_version(void) {
    return MEMQC_VERSION_MAJOR * 1000000u + MEMQC_VERSION_MINOR * 1000u + MEMQC_VERSION_PATCH;
}

const char *memqc_version_string(void) {
    return TEXT(MEMQC_VERSION_MAJOR) "." TEXT(MEMQC_VERSION_MINOR) "." TEXT(MEMQC_VERSION_PATCH);
}
