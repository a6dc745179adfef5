/* SPDX-License-Identifier: BSD-3-Clause */
/* Checkpoints. */
#ifndef MQC_MLP_SAVE_H
#define MQC_MLP_SAVE_H

#include "mlp/pass/inside.h"

/* Saves to the checkpoint's file, where there is one. */
memqc_status mqc_mlp_save_checkpoint(const memqc_mlp *mlp, const char *function);

/* Can the network be saved at all, where there is such a file? STATE. */
memqc_status mqc_mlp_check_checkpoint(const memqc_mlp *mlp, const char *function);

#endif
