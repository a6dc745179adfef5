/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/write/places.h"
#include "crossbar/array/array.h"

size_t mqc_distinct_places(size_t n, const size_t *places, uint32_t *index) {
    enum { SLOTS = 4 * MQC_CHUNK };
    uint16_t slots[SLOTS] = {0}; /* a hash table of 1 + which of index */
    n = n < MQC_CHUNK ? n : MQC_CHUNK;
    for (size_t i = 0; i < n; i++) {
        size_t slot = (size_t)((uint32_t)places[i] * 2654435769u >> 20);
        for (; slots[slot]; slot = (slot + 1) % SLOTS)
            if (index[slots[slot] - 1] == (uint32_t)places[i])
                return i;
        slots[slot] = (uint16_t)(i + 1);
        index[i] = (uint32_t)places[i];
    }
    return n;
}
