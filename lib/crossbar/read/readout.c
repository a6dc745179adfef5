/* SPDX-License-Identifier: BSD-3-Clause */
/* What reading keeps from one product to the next. */
#include "crossbar/read/readout.h"

#include "core/alloc.h"
#include "core/error.h"
#include "crossbar/read/tile.h"
#include "crossbar/read/variance.h"

#include <string.h>

void mqc_readout_free(struct mqc_readout *readout) {
    for (size_t way = 0; way < 2; way++) {
        mqc_free(readout->range[way]);
        mqc_variance_free(&readout->variances[way]);
    }
    mqc_wiring_free(&readout->wiring);
    mqc_free(readout->squares);
    mqc_free(readout->scratch);
}

memqc_status mqc_readout_clone(memqc_crossbar *to, const memqc_crossbar *from) {
    for (int way = 0; way < 2; way++) {
        const size_t n = from->readout.ranges[way];
        if (!from->readout.range[way])
            continue;
        if (!(to->readout.range[way] = mqc_alloc(n, sizeof(float))))
            return MEMQC_ERROR_NOMEM;
        memcpy(to->readout.range[way], from->readout.range[way], n * sizeof(float));
        to->readout.ranges[way] = n;
    }
    return MEMQC_OK;
}
