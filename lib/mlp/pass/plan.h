/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameters of a layer's arrays, before and beside the arrays themselves. */
#ifndef MQC_MLP_PASS_PLAN_H
#define MQC_MLP_PASS_PLAN_H

#include "mlp/pass/inside.h"

/* Makes a plan for another device (NULL: none, which an ideal one stands for), with what was chosen
 * in `from`, or nothing where that is NULL. All other parameters follow the device. A failure
 * (ARGUMENT: they do not go together; NOMEM) leaves the plan as it was. */
memqc_status mqc_plan_make(struct mqc_plan *plan, const char *function, const memqc_device *device,
                           const struct mqc_plan *from);
void mqc_plan_free(struct mqc_plan *plan);

/* A new array of the plan's device and parameters. */
memqc_status mqc_plan_build(const struct mqc_plan *plan, size_t rows, size_t cols, uint64_t seed,
                            memqc_crossbar **out);

/* A parameter, read and chosen without a check. */
double mqc_plan_value(const struct mqc_plan *plan, int32_t key);
void mqc_plan_choose(struct mqc_plan *plan, int32_t key, double value);

/* The largest resistance of the wires, ohm. */
double mqc_plan_resistance(const struct mqc_plan *plan);

/* Do the arrays have noise that their device has not? read: does a read noise that was chosen for
 * them count? */
int mqc_plan_is_noisy(const struct mqc_plan *plan, int read);

#endif
