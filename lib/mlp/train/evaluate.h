/* SPDX-License-Identifier: BSD-3-Clause */
/* The score of samples. */
#ifndef MQC_MLP_TRAIN_EVALUATE_H
#define MQC_MLP_TRAIN_EVALUATE_H

#include "mlp/pass/inside.h"

/* Mean loss and accuracy over samples. confusion is outputs x outputs, or NULL.
 * hits is a bit for each sample, bit i % 8 of byte i / 8, or NULL. */
memqc_status mqc_mlp_score(memqc_mlp *mlp, const struct mqc_samples *samples, double *loss,
                           double *accuracy, uint64_t *confusion, uint8_t *hits);

#endif
