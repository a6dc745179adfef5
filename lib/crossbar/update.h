/* SPDX-License-Identifier: BSD-3-Clause */
/* Updates of an array by a rule, for the public functions and for networks. */
#ifndef MQC_CROSSBAR_UPDATE_H
#define MQC_CROSSBAR_UPDATE_H

#include "crossbar/update/update.h"

/* Checks that the rule can work on the array, and makes what it keeps, where that is not there yet.
 * A failure leaves the array as it was. */
memqc_status mqc_update_begin(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                              const struct mqc_update_call *call);

/* weights += alpha dw, rows x cols. Not for rules that take outer products only. */
memqc_status mqc_update_by(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                           const struct mqc_update_call *call, const float *dw, size_t ldd);

/* weights += alpha x^T d. */
memqc_status mqc_update_by_product(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                                   const struct mqc_update_call *call,
                                   const struct mqc_outer *outer);

/* For rules that gather: chi becomes the accumulators, rows x cols, which the caller may change.
 * mqc_update_send() then moves the weights by what is in them. Until it succeeds, the array keeps
 * its own. */
memqc_status mqc_update_gather(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                               const struct mqc_update_call *call, float **chi);
memqc_status mqc_update_send(memqc_crossbar *xb, const struct mqc_update_rule *rule,
                             const struct mqc_update_call *call);

/* Frees all that the rule keeps, as a change of the rule does. The number of updates stays.
 * (In handle.c.) */
void mqc_crossbar_drop_update(memqc_crossbar *xb);

#endif
