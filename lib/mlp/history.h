/* SPDX-License-Identifier: BSD-3-Clause */
/* What is remembered of each epoch. */
#ifndef MQC_MLP_HISTORY_H
#define MQC_MLP_HISTORY_H

#include "mlp/pass/inside.h"

/* Room for so many epochs. */
memqc_status mqc_history_reserve(memqc_mlp *mlp, size_t epochs);

/* Where a value of an epoch is; what: MEMQC_MLP_HISTORY_... */
double *mqc_history_at(const memqc_mlp *mlp, uint32_t epoch, int32_t what);

/* Writes the values of the epoch that is being completed. */
void mqc_history_note(memqc_mlp *mlp, double rate);

/* What the crossbars have been through so far. */
struct mqc_effort mqc_mlp_effort(const memqc_mlp *mlp);

#endif
