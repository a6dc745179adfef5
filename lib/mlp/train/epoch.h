/* SPDX-License-Identifier: BSD-3-Clause */
/* One epoch of training. */
#ifndef MQC_MLP_TRAIN_EPOCH_H
#define MQC_MLP_TRAIN_EPOCH_H

#include "mlp/pass/inside.h"

/* What a training call begins with, and goes back to where it fails. */
memqc_status mqc_mlp_begin(memqc_mlp *mlp, size_t n, uint32_t epochs);
void mqc_mlp_go_back(memqc_mlp *mlp, const struct mqc_progress *start);

/* The rest of the epoch at hand. Where that completes it, it is counted and has its place in the
 * history. */
memqc_status mqc_mlp_epoch(memqc_mlp *mlp, const struct mqc_samples *samples);

#endif
