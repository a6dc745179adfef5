/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of bad arguments share. */
#ifndef MEMQC_TESTS_ARGUMENTS_H
#define MEMQC_TESTS_ARGUMENTS_H

#include "public.h"

#define NOWHERE(type) ((type *)(void *)&nowhere) /* not NULL: a failing create must overwrite it */

static int nowhere;

/* A call that makes something, refused, with its result set to NULL. */
#define MAKES_NULL(type, call)                                                    \
    do {                                                                          \
        type *out = NOWHERE(type);                                                \
        REFUSES(call);                                                            \
        ck_assert_msg(out == NULL, "%s failed and left its result alone", #call); \
    } while (0)

#endif
