/* SPDX-License-Identifier: BSD-3-Clause */
/* The only door to the heap. */
#ifndef MQC_CORE_ALLOC_H
#define MQC_CORE_ALLOC_H

#include <stddef.h>

/* count x size bytes, zeroed, aligned to 64; NULL (with the error text set) when that overflows or
 * is not to be had. A count of 0 gives a pointer that may be freed. */
void *mqc_alloc(size_t count, size_t size);

/* The same, but not zeroed: for large scratch that is written before it is read. */
void *mqc_alloc_unset(size_t count, size_t size);

/* Frees what they gave; NULL is fine. */
void mqc_free(void *memory);

#ifdef MQC_TESTING
/* Lets the next n allocations of this thread succeed and every later one fail; n < 0: none fails. */
void mqc_alloc_fail_after(long n);

/* Bytes that mqc_alloc() gave, in all threads, and that are not freed. */
size_t mqc_alloc_in_use(void);

/* A function that this thread calls before each of its allocations; NULL: none. */
void mqc_alloc_watch(void (*watch)(void));
#endif

#endif
