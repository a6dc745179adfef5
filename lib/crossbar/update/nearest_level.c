/* SPDX-License-Identifier: BSD-3-Clause */
/* The paper's rule (Chen et al. 2020, section 3): each weight moves to the level nearest to its
 * level's nominal weight plus alpha dw. There is no accumulator, so that changes of less than half a
 * level are lost. */
#include "crossbar/update/update.h"

static memqc_status step(memqc_crossbar *xb, const struct mqc_update_call *call, const float *dw,
                         size_t ldd) {
    return mqc_crossbar_shift(xb, call->function, call->alpha, dw, ldd);
}

const struct mqc_update_rule mqc_update_nearest_level = {
    .number = MEMQC_CROSSBAR_RULE_NEAREST_LEVEL, .name = "nearest-level", .step = step};
