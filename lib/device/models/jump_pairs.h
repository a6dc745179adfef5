/* SPDX-License-Identifier: BSD-3-Clause */
/* The pulses that tables of jumps were fitted to. A fitted device keeps them, since draws and bands
 * of its tables are fits of cycles drawn with replacement. They never change, so copies of a device
 * share them, in several threads at once, and the last of the holders frees them. */
#ifndef MQC_DEVICE_JUMP_PAIRS_H
#define MQC_DEVICE_JUMP_PAIRS_H

#include "core/archive.h"
#include "device/cell/inside.h"

#include <stdatomic.h>

/* Direction k of the tables: 2 table, and one more for depression. */
struct mqc_jump_pairs {
    atomic_size_t holders;
    size_t tables, n;
    size_t *first;  /* where each direction begins, and where the last one ends */
    size_t *near;   /* how many pairs a node of a direction takes in; 0: it has none, and its table
                        mirrors the other direction */
    size_t *groups; /* of a table: how many groups its pairs are of */
    float *low;     /* S, of a table: the bounds where pulses ended exactly, or -1 */
    float *high;
    float *before;   /* S, conductance before a pulse, which rises within a direction */
    float *after;    /* S, conductance after it */
    uint32_t *group; /* number of the cycle, or of the part of a long one, within its table */
};

/* Room for n pairs of so many tables, with one holder. NOMEM. */
memqc_status mqc_jump_pairs_make(size_t tables, size_t n, struct mqc_jump_pairs **out);
/* One holder more, or one less, of pairs that may be NULL. */
void mqc_jump_pairs_hold(struct mqc_jump_pairs *pairs);
void mqc_jump_pairs_free(struct mqc_jump_pairs **pairs);

/* Pairs that may be NULL, in an archive. */
void mqc_jump_pairs_write(const struct mqc_jump_pairs *pairs, struct mqc_writer *writer);
/* Reads them to a device that has its tables. */
memqc_status mqc_jump_pairs_read(struct mqc_reader *reader, memqc_device *device);

#endif
