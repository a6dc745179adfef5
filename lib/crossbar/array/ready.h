/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks that many functions of an array begin with. function: the public one that was called. */
#ifndef MQC_CROSSBAR_ARRAY_READY_H
#define MQC_CROSSBAR_ARRAY_READY_H

#include "crossbar/array/array.h"

/* STATE before the first programming. */
memqc_status mqc_crossbar_ready(const memqc_crossbar *xb, const char *function);

/* STATE from within a progress function of the array. Every function that changes an array asks. */
memqc_status mqc_crossbar_idle(const memqc_crossbar *xb, const char *function);

/* Every function that sends pulses asks at its end: DATA where a caller's own model of the cells, or
 * of those of the fast array, failed since this was asked last; else the status of the function. */
memqc_status mqc_crossbar_check_pulses(const memqc_crossbar *xb, const char *function,
                                       memqc_status status);

/* Ready, and is there such a plane? STATE, ARGUMENT. */
memqc_status mqc_crossbar_check_plane(const memqc_crossbar *xb, const char *function, size_t plane);

/* Is a leading dimension at least the number of columns? ARGUMENT. */
memqc_status mqc_crossbar_check_ld(const memqc_crossbar *xb, const char *function, size_t ld);

/* Are places in the array? ARGUMENT. */
memqc_status mqc_crossbar_check_places(const memqc_crossbar *xb, const char *function, size_t n,
                                       const size_t *places);

#endif
