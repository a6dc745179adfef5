/* SPDX-License-Identifier: BSD-3-Clause */
/** @file base.h
 *  Status codes, error text, version, and the rules that every function of the library follows.
 *
 *  - **Units** are SI: siemens, volts, amperes, seconds, joules. The paper's unit of conductance is #MEMQC_G0.
 *  - **Arrays** belong to the caller, are row-major, and come with a leading dimension: the distance, in elements,
 *    from the start of a row to the start of the next one, at least the number of columns.
 *  - **Failure**: a function that can fail returns a #memqc_status. A failed call leaves its object as it was, and
 *    memqc_last_error() then says which argument was wrong, its value, its unit and what is allowed. Every
 *    function that takes a pointer fails with #MEMQC_ERROR_ARGUMENT on NULL unless it says that NULL is fine.
 *  - **Threads**: one thread at a time for each handle; different handles in parallel. Functions that take a
 *    `const` handle may run on the same handle in several threads at once while nothing changes it.
 *  - **Random numbers** are a pure function of (seed, stream, cell, draw): equal seeds give equal results,
 *    whatever the order, the number of calls or the number of threads.
 *  - **Parameters** are keyed: `memqc_<noun>_set(handle, key, value)`, with `_get`, `_describe` (name, unit, bounds,
 *    default) and `_key` (look-up by name) beside it. The keys of a noun run from 1 without a gap; only new
 *    ones are ever added.
 */
#ifndef MEMQC_BASE_H
#define MEMQC_BASE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define MEMQC_API __attribute__((visibility("default")))
#else
#define MEMQC_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Version of these headers; memqc_version() gives that of the library in use. @since 0.1 */
#define MEMQC_VERSION_MAJOR 0
#define MEMQC_VERSION_MINOR 2
#define MEMQC_VERSION_PATCH 0

/** The conductance quantum as the paper rounds it, in siemens (2e^2/h = 77.480917... uS). @since 0.1 */
#define MEMQC_G0 77.5e-6

/** Result of a call: #MEMQC_OK or one of the negative codes below. The values never change. @since 0.1 */
typedef int32_t memqc_status;

enum {
    MEMQC_OK = 0,
    MEMQC_ERROR_ARGUMENT = -1, /**< an argument is NULL, out of its range, or of a shape that does not fit */
    MEMQC_ERROR_NOMEM = -2,    /**< memory could not be had */
    MEMQC_ERROR_STATE = -3,    /**< the object is not in a state in which the call makes sense */
    MEMQC_ERROR_DATA = -4,     /**< NaN or infinity in the caller's arrays, or a label out of range */
    MEMQC_ERROR_DIVERGED = -5, /**< the loss of a training became NaN or infinite, or an iteration did not converge */
    MEMQC_STOPPED = -6,        /**< the caller's progress function asked to stop; what was done so far is kept */
    MEMQC_ERROR_IO = -7,       /**< a file could not be read or written */
    MEMQC_ERROR_FORMAT = -8    /**< saved data is truncated, altered or foreign */
};

/** Text of the last failure in this thread: argument, value, unit, allowed range. Valid until the next failure in
 *  the same thread; "" before the first one. A call that succeeds does not change it. @since 0.1 */
MEMQC_API const char *memqc_last_error(void);

/** Name of a status code, such as "MEMQC_ERROR_NOMEM"; "unknown status" for a number that is none. @since 0.1 */
MEMQC_API const char *memqc_status_name(memqc_status status);

/** Version of the library in use as major * 1000000 + minor * 1000 + patch. @since 0.1 */
MEMQC_API uint32_t memqc_version(void);

/** The same as text, "major.minor.patch". @since 0.1 */
MEMQC_API const char *memqc_version_string(void);

#ifdef __cplusplus
}
#endif

#endif
