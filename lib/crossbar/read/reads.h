/* SPDX-License-Identifier: BSD-3-Clause */
/* What reads of an array change beside their results. A call that fails puts it back, so that it
 * leaves the array as it was. */
#ifndef MQC_CROSSBAR_READ_READS_H
#define MQC_CROSSBAR_READ_READS_H

#include "crossbar/array/array.h"

struct mqc_reads {
    struct mqc_account account; /* counters, costs, the number of the next vector */
    uint64_t wired;             /* vectors that the wires have seen */
    int summed[2];              /* are the sums of the conductances there? */
};

void mqc_reads_keep(const memqc_crossbar *xb, struct mqc_reads *reads);

/* Returns the status of the call; unless that is OK, puts back what was kept before it. */
memqc_status mqc_reads_finish(memqc_crossbar *xb, const struct mqc_reads *reads,
                              memqc_status status);

#endif
