/* SPDX-License-Identifier: BSD-3-Clause */
/* What parameters of reading make stale. */
#include "crossbar/read/params.h"

#include "core/alloc.h"
#include "crossbar/array/params.h"
#include "crossbar/read/tile.h"

void mqc_readout_drop(memqc_crossbar *xb, uint32_t stale) {
    for (size_t way = 0; way < 2 && stale & MQC_STALE_RANGES; way++) {
        mqc_free(xb->readout.range[way]);
        xb->readout.range[way] = NULL;
    }
    if (stale & MQC_STALE_SOURCES) {
        xb->readout.squares_groups = 0;
        xb->readout.variances[0].groups = xb->readout.variances[1].groups = 0;
        mqc_wiring_forget(&xb->readout.wiring);
    }
    if (stale & MQC_STALE_WIRES)
        mqc_wiring_drop(&xb->readout.wiring);
}
