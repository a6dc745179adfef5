/* SPDX-License-Identifier: BSD-3-Clause */
/** @file base.h
 *  Status codes, error texts, version, and the rules that every function of the library follows.
 *
 *  - **Units** are SI: siemens, volts, amperes, seconds, joules. #MEMQC_G0 is the paper's unit of
 *    conductance.
 *  - **Arrays** belong to the caller and are row-major. A leading dimension is the distance, in
 *    elements, from the start of one row to the start of the next. It is at least the number of
 *    columns.
 *  - **Empty arrays** are fine: with n = 0 or batch = 0 a function does nothing and succeeds, and
 *    its arrays may be NULL. Functions that need data say so ("1 or more").
 *  - **Failure**: a function that can fail returns a #memqc_status. A failed call leaves its object
 *    as it was. memqc_last_error() then names the argument, its value, its unit and what is
 *    allowed. A pointer that is NULL is refused with #MEMQC_ERROR_ARGUMENT unless the function
 *    says otherwise.
 *  - **Threads**: one thread at a time for each handle, different handles in parallel. Functions
 *    that take a `const` handle may run on one handle in several threads while nothing changes it.
 *  - **Random numbers** are a pure function of (seed, stream, cell, draw).
 *  - **Equal results**: equal seeds, parameters and calls give equal bits on every machine,
 *    whatever the number of threads and however samples are split into calls. There are two
 *    exceptions. Products of more than 32 outputs (a layer's units, or in training those of the
 *    layer before), and through wires by effective matrices, are those of BLAS: their last digits
 *    depend on the kind of processor, on the number of BLAS's threads, and on how many vectors come
 *    at once. memqc_device_fit() calls the C library's exp(), log() and pow(), whose last bits
 *    differ where the processor has no FMA. docs/determinism.md says more, and how to get equal
 *    bits.
 *  - **Parameters** have keys: `memqc_<noun>_set(handle, key, value)` and `_get`, `_set_many` for
 *    several at once, `_uses` for whether a key has an effect now. The library describes each of
 *    them: `_keys`, `_key_at`, `_key`, `_key_text`, `_key_value`, `_choice`, `_choice_name`.
 *    Setting a parameter that would have no effect is an error.
 *  - **Constants**: no number means two things. A constant of one enumeration is refused by the
 *    functions of another, and the error text names it. The exceptions are constants that index a
 *    caller's array, which count from 0; they are marked "index".
 *  - **Room and size**: a function that fills an array of unknown size takes the array, its room
 *    (in elements or bytes), and a pointer to the size. It always sets the size. With room 0 and
 *    NULL it does nothing else. With too little room it fails with #MEMQC_ERROR_ARGUMENT.
 */
#ifndef MEMQC_BASE_H
#define MEMQC_BASE_H

#include <stddef.h>
#include <stdint.h>

/* MEMQC_STATIC: the program links the static library. MEMQC_BUILD: the library itself is built. */
#if defined(_WIN32) && !defined(MEMQC_STATIC)
#ifdef MEMQC_BUILD
#define MEMQC_API __declspec(dllexport)
#else
#define MEMQC_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define MEMQC_API __attribute__((visibility("default")))
#else
#define MEMQC_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Version of these headers. memqc_version() gives the version of the library in use. @since 0.1 */
#define MEMQC_VERSION_MAJOR 0
#define MEMQC_VERSION_MINOR 3
#define MEMQC_VERSION_PATCH 0

/** The conductance quantum as the paper rounds it, S (2e^2/h = 77.480917... uS). @since 0.1 */
#define MEMQC_G0 77.5e-6

/** Result of a call: #MEMQC_OK or one of the negative codes below. They never change. @since 0.1 */
typedef int32_t memqc_status;

enum {
    MEMQC_OK = 0,
    MEMQC_ERROR_ARGUMENT = -1, /**< an argument is NULL, out of range, or of the wrong shape */
    MEMQC_ERROR_NOMEM = -2,    /**< no memory */
    MEMQC_ERROR_STATE = -3,    /**< the object is not in a state in which the call makes sense */
    MEMQC_ERROR_DATA = -4,     /**< NaN or infinity in the caller's arrays, or a bad label */
    MEMQC_ERROR_DIVERGED = -5, /**< a loss became NaN or infinite, or an iteration diverged */
    MEMQC_STOPPED = -6,        /**< the progress function asked to stop; the work so far is kept */
    MEMQC_ERROR_IO = -7,       /**< a file could not be read or written */
    MEMQC_ERROR_FORMAT = -8    /**< saved data is truncated, altered or foreign */
};

/** Text of the last failure in this thread: argument, value, unit, allowed range. It is valid until
 *  the next failure in the same thread, and "" before the first one. A call that succeeds does not
 *  change it. @since 0.1 */
MEMQC_API const char *memqc_last_error(void);

/** Name of a status, such as "MEMQC_ERROR_NOMEM"; "unknown status" for any other number.
 *  @since 0.1 */
MEMQC_API const char *memqc_status_name(memqc_status status);

/** Version of the library in use: major * 1000000 + minor * 1000 + patch. @since 0.1 */
MEMQC_API uint32_t memqc_version(void);

/** Version of the library in use, "major.minor.patch". @since 0.1 */
MEMQC_API const char *memqc_version_string(void);

/* --- descriptions of parameters --- */

/** Texts of a key: the argument `what` of memqc_<noun>_key_text(). @since 0.3 */
enum {
    MEMQC_KEY_NAME = 101,  /**< such as "read_noise" */
    MEMQC_KEY_UNIT = 102,  /**< such as "S"; "" for a pure number */
    MEMQC_KEY_GROUP = 103, /**< such as "reading": related parameters have the same group */
    MEMQC_KEY_TEXT = 104   /**< one sentence on what it does */
};

/** Numbers of a key: the argument `what` of memqc_<noun>_key_value(). @since 0.3 */
enum {
    MEMQC_KEY_KIND = 111,     /**< one of MEMQC_KIND_... */
    MEMQC_KEY_MIN = 112,      /**< smallest value; of a choice, its first constant */
    MEMQC_KEY_MAX = 113,      /**< largest value; of a choice, its last constant */
    MEMQC_KEY_INITIAL = 114,  /**< value in a new object */
    MEMQC_KEY_BY_LAYER = 115, /**< 1: the layers of a network may differ in it; else 0 */
    MEMQC_KEY_SETTLED = 116   /**< 1: creation or the first programming settles it; else 0 */
};

/** Kinds of parameters: values of #MEMQC_KEY_KIND. @since 0.3 */
enum {
    MEMQC_KIND_REAL = 201,  /**< any number of the range */
    MEMQC_KIND_WHOLE = 202, /**< a whole number of the range */
    MEMQC_KIND_FLAG = 203,  /**< 0 or 1 */
    MEMQC_KIND_CHOICE = 204 /**< a constant; all from MIN to MAX are choices and have names */
};

/* --- long calls --- */

/** Index into the argument `at` of a progress function. Later versions append to this list.
 *  @since 0.3 */
enum {
    MEMQC_PROGRESS_PHASE = 0, /**< one of MEMQC_PHASE_... */
    MEMQC_PROGRESS_DONE = 1, /**< how much of the phase is done: samples, instances, weights, ... */
    MEMQC_PROGRESS_TOTAL = 2,   /**< how much there is in the phase */
    MEMQC_PROGRESS_EPOCH = 3,   /**< training: number of the epoch, from 1; else 0 */
    MEMQC_PROGRESS_LOSS = 4,    /**< training: mean loss of the epoch so far; else NaN */
    MEMQC_PROGRESS_ACCURACY = 5 /**< mean accuracy so far, 0 .. 1: training, of the epoch's samples;
                                     studies, of the instances; else NaN */
};

/** Values of #MEMQC_PROGRESS_PHASE. @since 0.3 */
enum {
    MEMQC_PHASE_TRAINING = 401,    /**< training; counts the samples of the epoch */
    MEMQC_PHASE_MONTE_CARLO = 402, /**< counts instances */
    MEMQC_PHASE_SENSITIVITY = 403, /**< counts instances; the total is an estimate */
    MEMQC_PHASE_PROGRAMMING = 404, /**< counts weights that were programmed and verified */
    MEMQC_PHASE_FIT = 405          /**< fit of measured curves; counts candidate models */
};

/** Called from time to time during a long call, in the thread that made the call.
 *
 *  The function may read the object that the long call works on. Calls that would change this
 *  object fail with #MEMQC_ERROR_STATE.
 *  @param user  the pointer that was installed with the function
 *  @param at    n numbers, indexed by MEMQC_PROGRESS_...; valid until the function returns
 *  @param n     how many; a later library may pass more
 *  @return 0 to go on; anything else stops the work cleanly, and the long call returns
 *          #MEMQC_STOPPED  @since 0.3 */
typedef int32_t (*memqc_progress)(void *user, const double *at, size_t n);

/* --- statistics --- */

/** Statistics of memqc_summary(). @since 0.3 */
enum {
    MEMQC_SUMMARY_MEAN = 301,
    MEMQC_SUMMARY_SD = 302, /**< standard deviation of the population, by n - 1; needs two values */
    MEMQC_SUMMARY_LOW = 303,  /**< lower end of the 95 % confidence interval of the mean, by
                                   Student's t; needs two values */
    MEMQC_SUMMARY_HIGH = 304, /**< its upper end */
    MEMQC_SUMMARY_MIN = 305,
    MEMQC_SUMMARY_Q05 = 306, /**< quantile 5 %, interpolated between neighbours in order */
    MEMQC_SUMMARY_Q25 = 307,
    MEMQC_SUMMARY_MEDIAN = 308,
    MEMQC_SUMMARY_Q75 = 309,
    MEMQC_SUMMARY_Q95 = 310,
    MEMQC_SUMMARY_MAX = 311
};

/** A statistic of n numbers, such as the accuracies of memqc_mlp_monte_carlo().
 *
 *  The numbers may be anything, so that LOW and HIGH of a few accuracies can lie below 0 or above
 *  1. Cut there, the interval covers the mean as often.
 *  @param n       how many, 1 or more (2 for SD, LOW and HIGH)
 *  @param values  n finite numbers
 *  @param what    MEMQC_SUMMARY_...
 *  @return ARGUMENT (what; too few numbers), DATA (NaN or infinity), NOMEM  @since 0.3 */
MEMQC_API memqc_status memqc_summary(size_t n, const double *values, int32_t what, double *value);

#ifdef __cplusplus
}
#endif

#endif
