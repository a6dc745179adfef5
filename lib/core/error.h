/* SPDX-License-Identifier: BSD-3-Clause */
/* Error text: one buffer a thread, filled without allocation and without the locale. */
#ifndef MQC_CORE_ERROR_H
#define MQC_CORE_ERROR_H

#include <memqc/base.h>

#include <stdarg.h>

#if defined(__GNUC__)
#define MQC_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#else
#define MQC_PRINTF(fmt, first)
#endif

/* Sets the text of memqc_last_error() and returns status. Conversions: those of mqc_format(). */
memqc_status mqc_fail(memqc_status status, const char *fmt, ...) MQC_PRINTF(2, 3);

/* Begins the text of a failure inside the library with the public function that was called, where it
 * does not name one already. Returns status. */
memqc_status mqc_fail_in(const char *function, memqc_status status);

/* Leaves the function with the status of a call that failed. */
#define MQC_TRY(call)                          \
    do {                                       \
        memqc_status mqc_try_status_ = (call); \
        if (mqc_try_status_ != MEMQC_OK)       \
            return mqc_try_status_;            \
    } while (0)

/* Leaves the function when an argument is NULL. */
#define MQC_NOT_NULL(pointer)                                                            \
    do {                                                                                 \
        if (!(pointer))                                                                  \
            return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: %s is NULL", __func__, #pointer); \
    } while (0)

/* The same for an array of n elements, which may be NULL where n is 0. */
#define MQC_ARRAY(n, array)                                                            \
    do {                                                                               \
        if (!(array) && (n) > 0)                                                       \
            return mqc_fail(MEMQC_ERROR_ARGUMENT, "%s: " #array " is NULL", __func__); \
    } while (0)

/* A small vsnprintf: %s %d %u %zu %lu %llu %g %%, no widths; %g gives up to 9 significant digits
 * with a point, whatever the locale. Always terminates; text that does not fit is cut. */
void mqc_format(char *out, size_t size, const char *fmt, va_list args);

#endif
