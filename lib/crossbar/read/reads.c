/* SPDX-License-Identifier: BSD-3-Clause */
#include "crossbar/read/reads.h"

#include "crossbar/cells/sums.h"
#include "crossbar/read/tile.h"

void mqc_reads_keep(const memqc_crossbar *xb, struct mqc_reads *reads) {
    reads->account = xb->account;
    reads->wired = mqc_wiring_seen(xb);
    for (int way = 0; way < 2; way++)
        reads->summed[way] = mqc_cells_kept_sums(xb, way) != NULL;
}

/* Sums that the failed call made go again: kept, they would be corrected by what is programmed next,
 * and differ in their last bits from those that a later read makes. */
memqc_status mqc_reads_finish(memqc_crossbar *xb, const struct mqc_reads *reads,
                              memqc_status status) {
    if (status == MEMQC_OK)
        return status;
    xb->account = reads->account;
    mqc_wiring_set_seen(xb, reads->wired);
    for (int way = 0; way < 2; way++)
        if (!reads->summed[way])
            mqc_cells_take_sums(xb, way, NULL);
    return status;
}
