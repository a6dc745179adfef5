/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of places that a caller gives. */
#ifndef MQC_CROSSBAR_WRITE_PLACES_H
#define MQC_CROSSBAR_WRITE_PLACES_H

#include <stddef.h>
#include <stdint.h>

/* Copies places until one that was there before, n and MQC_CHUNK at most; returns how many. */
size_t mqc_distinct_places(size_t n, const size_t *places, uint32_t *index);

#endif
