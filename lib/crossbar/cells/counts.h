/* SPDX-License-Identifier: BSD-3-Clause */
/* How often cells were programmed, which numbers their draws. An array that is programmed as a whole
 * needs one number for all cells. The first call that programs some cells more often than others
 * gives each cell 16 bits, and the first whose cells 65536 programmings may lie between gives it
 * 32. */
#ifndef MQC_CROSSBAR_CELLS_COUNTS_H
#define MQC_CROSSBAR_CELLS_COUNTS_H

#include "crossbar/array/array.h"

/* Has each cell a count of its own? */
static inline int mqc_counts_differ(const struct mqc_counts *counts) {
    return counts->few || counts->many;
}

static inline uint32_t mqc_counts_of(const struct mqc_counts *counts, size_t k) {
    uint32_t more = 0;
    if (counts->few)
        more = counts->few[k];
    else if (counts->many)
        more = counts->many[k];
    return counts->base + more;
}

/* Cell k, which has a count of its own, is programmed once more. Returns its count before. */
static inline uint32_t mqc_counts_up(struct mqc_counts *counts, size_t k) {
    if (counts->few)
        return counts->base + counts->few[k]++;
    return counts->base + counts->many[k]++;
}

/* Counts of all planes that hold a call which programs a cell so many times at most, and some cells
 * more often than others. NOMEM. */
memqc_status mqc_counts_room(memqc_crossbar *xb, double times);

/* How often a cell may be programmed where it is to get another level: more than once, where it is
 * verified. */
double mqc_counts_each(const memqc_crossbar *xb);

/* Have n cells from the first-th on been programmed equally often? */
int mqc_counts_are_equal(const struct mqc_counts *counts, size_t n, size_t first);

/* Those n counts. */
void mqc_counts_get(const struct mqc_counts *counts, size_t n, size_t first, uint32_t *out);

/* Room for the n counts of another plane, and a copy of them. NOMEM. */
memqc_status mqc_counts_copy_room(struct mqc_counts *to, const struct mqc_counts *from, size_t n);
void mqc_counts_copy(struct mqc_counts *to, const struct mqc_counts *from, size_t n);

/* Brings n counts that are all in `many` to the least memory that holds them. NOMEM. */
memqc_status mqc_counts_pack(struct mqc_counts *counts, size_t n);

#endif
