/* SPDX-License-Identifier: BSD-3-Clause */
/* Learning-rate schedules. */
#ifndef MQC_MLP_TRAIN_SCHEDULE_H
#define MQC_MLP_TRAIN_SCHEDULE_H

#include "mlp/pass/inside.h"

/* The factor on the learning rate for the minibatch of the samples first .. last - 1 of the epoch.
 */
double mqc_mlp_schedule(const memqc_mlp *mlp, size_t first, size_t last);

#endif
