/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/cells/counts.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/reserve.h"
#include "crossbar/cells/plane.h"

#include <string.h>

/* The least and the largest count above the base. */
static void range(const struct mqc_counts *counts, size_t n, uint32_t *least, uint32_t *most) {
    uint32_t low = UINT32_MAX, high = 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t count = counts->few ? counts->few[i] : counts->many[i];
        low = count < low ? count : low;
        high = count > high ? count : high;
    }
    *least = low;
    *most = high;
}

/* 32 bits a cell. */
static memqc_status widen(struct mqc_counts *counts, size_t n) {
    MQC_TRY(MQC_HAVE(&counts->many, n));
    for (size_t i = 0; counts->few && i < n; i++)
        counts->many[i] = counts->few[i];
    mqc_free(counts->few);
    counts->few = NULL;
    return MEMQC_OK;
}

/* Takes what all cells have in common to the base. */
static void rebase(struct mqc_counts *counts, size_t n) {
    uint32_t least, most;
    range(counts, n, &least, &most);
    for (size_t i = 0; least && i < n; i++)
        counts->few[i] = (uint16_t)(counts->few[i] - least);
    counts->base += least;
    counts->most = most - least;
}

static memqc_status room(struct mqc_counts *counts, size_t n, double times) {
    if (counts->many)
        return MEMQC_OK;
    if (counts->few && (double)counts->most + times > UINT16_MAX)
        rebase(counts, n);
    if ((double)counts->most + times > UINT16_MAX)
        return widen(counts, n);
    MQC_TRY(MQC_HAVE(&counts->few, n));
    counts->most += (uint64_t)times;
    return MEMQC_OK;
}

memqc_status mqc_counts_room(memqc_crossbar *xb, double times) {
    struct mqc_plane *plane;
    for (size_t p = 0; (plane = mqc_crossbar_any_plane(xb, p)) != NULL; p++)
        MQC_TRY(room(&plane->count, plane->n, times));
    return MEMQC_OK;
}

double mqc_counts_each(const memqc_crossbar *xb) {
    return mqc_crossbar_value(xb, MEMQC_CROSSBAR_SCHEME) == MEMQC_CROSSBAR_SCHEME_VERIFY
               ? 1 + mqc_crossbar_value(xb, MEMQC_CROSSBAR_VERIFY_PULSES)
               : 1;
}

int mqc_counts_are_equal(const struct mqc_counts *counts, size_t n, size_t first) {
    uint32_t differ = 0;
    for (size_t i = first + 1; counts->few && i < first + n; i++)
        differ |= (uint32_t)(counts->few[i] ^ counts->few[first]);
    for (size_t i = first + 1; counts->many && i < first + n; i++)
        differ |= counts->many[i] ^ counts->many[first];
    return differ == 0;
}

void mqc_counts_get(const struct mqc_counts *counts, size_t n, size_t first, uint32_t *out) {
    for (size_t i = 0; i < n; i++)
        out[i] = mqc_counts_of(counts, first + i);
}

memqc_status mqc_counts_copy_room(struct mqc_counts *to, const struct mqc_counts *from, size_t n) {
    if (from->few)
        MQC_TRY(MQC_HAVE(&to->few, n));
    return from->many ? MQC_HAVE(&to->many, n) : MEMQC_OK;
}

void mqc_counts_copy(struct mqc_counts *to, const struct mqc_counts *from, size_t n) {
    if (!from->few) {
        mqc_free(to->few);
        to->few = NULL;
    }
    if (!from->many) {
        mqc_free(to->many);
        to->many = NULL;
    }
    to->base = from->base;
    to->most = from->most;
    if (from->few)
        memcpy(to->few, from->few, n * sizeof *to->few);
    if (from->many)
        memcpy(to->many, from->many, n * sizeof *to->many);
}

memqc_status mqc_counts_pack(struct mqc_counts *counts, size_t n) {
    uint32_t least, most;
    range(counts, n, &least, &most);
    if (most - least > UINT16_MAX)
        return MEMQC_OK;
    if (most > least)
        MQC_TRY(MQC_HAVE(&counts->few, n));
    for (size_t i = 0; counts->few && i < n; i++)
        counts->few[i] = (uint16_t)(counts->many[i] - least);
    counts->base += least;
    counts->most = most - least;
    mqc_free(counts->many);
    counts->many = NULL;
    return MEMQC_OK;
}
