/* SPDX-License-Identifier: BSD-3-Clause */
/* The values of every public constant, which no dump of the binary interface shows: a program carries
 * those of the headers it was compiled with. The lists are written by update_constants.py, and
 * check_constants.sh finds a constant of the headers without a line in them. MEMQC_G0, a double, is
 * compared bit by bit when the program runs. All else fails when it is compiled. */
#include <memqc/memqc.h>

#include <stdio.h>
#include <string.h>

#define CONSTANT(name, value) _Static_assert((name) == (value), #name " is not " #value)
/* The version grows: only what memqc_version() can pack is asked of it. */
#define VERSION_PART(name) \
    _Static_assert((name) >= 0 && (name) < 1000, #name " does not fit into memqc_version()")
#define DOUBLE_BITS(name, bits) \
    { #name, name, bits }

/* Types that a program's own code depends on. */
_Static_assert(_Generic((memqc_status)0, int32_t : 1, default : 0), "memqc_status is not int32_t");
_Static_assert(sizeof(memqc_status) == 4, "memqc_status does not have 4 bytes");
_Static_assert(_Generic(MEMQC_OK, int : 1, default : 0), "status codes are not int");
_Static_assert(_Generic(MEMQC_G0, double : 1, default : 0), "MEMQC_G0 is not double");
_Static_assert(_Generic((memqc_progress)0, int32_t (*)(void *, const double *, size_t) : 1,
                        default : 0),
               "memqc_progress has another type");

VERSION_PART(MEMQC_VERSION_MAJOR);
VERSION_PART(MEMQC_VERSION_MINOR);
VERSION_PART(MEMQC_VERSION_PATCH);

#include "constants_base.h"
#include "constants_crossbar.h"
#include "constants_device.h"
#include "constants_mlp.h"

static const struct {
    const char *name;
    double value;
    uint64_t bits;
} doubles[] = {
    DOUBLE_BITS(MEMQC_G0, 0x3f1450efdc9c4da9), /* 77.5e-6 */
};

int main(void) {
    int failures = 0;
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) {
        uint64_t bits;
        memcpy(&bits, &doubles[i].value, sizeof bits);
        if (bits != doubles[i].bits) {
            printf("FAIL: %s is %.17g, which is not the value that programs were compiled with\n",
                   doubles[i].name, doubles[i].value);
            failures++;
        }
    }
    return failures ? 1 : 0;
}
