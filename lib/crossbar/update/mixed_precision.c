/* SPDX-License-Identifier: BSD-3-Clause */
/* Mixed precision: S. Nandakumar et al., Front. Neurosci. 14 (2020) 406; M. Le Gallo et al., Nat.
 * Electron. 1 (2018) 246.
 *
 *     chi <- chi + alpha dw, n = trunc(chi / step), w <- w + n step, chi <- chi - n step
 *
 * The accumulator chi counts steps between levels as the mapping means them; what the cells make of
 * it, it does not see. */
#include "crossbar/update/accumulate.h"
#include "crossbar/update/update.h"

static memqc_status send(memqc_crossbar *xb, const struct mqc_update_call *call, float *chi) {
    return mqc_crossbar_spill(xb, call->function, call->params.update_threshold, 0, chi);
}

const struct mqc_update_rule mqc_update_mixed_precision = {.number =
                                                               MEMQC_CROSSBAR_RULE_MIXED_PRECISION,
                                                           .name = "mixed-precision",
                                                           .one_scale = 1,
                                                           .gathers = 1,
                                                           .send = send};
