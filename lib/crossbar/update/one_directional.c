/* SPDX-License-Identifier: BSD-3-Clause */
/* Mixed precision on cells that go one way: a pair of them for each weight, G- depressed to raise
 * it, G+ to lower it, and both set anew when one is at its end: after O. Bichler et al., IEEE
 * Trans. Electron Devices 59 (2012) 2206, whose cells go the other way. The accumulator is that of
 * mixed_precision.c. */
#include "crossbar/update/accumulate.h"
#include "crossbar/update/update.h"

static memqc_status send(memqc_crossbar *xb, const struct mqc_update_call *call, float *chi) {
    return mqc_crossbar_spill(xb, call->function, call->params.update_threshold,
                              call->params.refresh_level, chi);
}

const struct mqc_update_rule mqc_update_one_directional = {.number =
                                                               MEMQC_CROSSBAR_RULE_ONE_DIRECTIONAL,
                                                           .name = "one-directional",
                                                           .pairs = 1,
                                                           .one_scale = 1,
                                                           .one_slice = 1,
                                                           .gathers = 1,
                                                           .send = send};
