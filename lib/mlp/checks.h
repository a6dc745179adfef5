/* SPDX-License-Identifier: BSD-3-Clause */
/* Arguments that several functions of a network share. */
#ifndef MQC_MLP_CHECKS_H
#define MQC_MLP_CHECKS_H

#include "mlp/pass/inside.h"

memqc_status mqc_mlp_check_layer(const memqc_mlp *mlp, const char *function, size_t layer);

/* STATE while a call that reports progress is at work: its progress function may not change the
 * network. */
memqc_status mqc_mlp_check_idle(const memqc_mlp *mlp, const char *function);

/* Does its rule keep digital weights or accumulators, to which an optimizer can give steps? */
int mqc_layer_is_digital(const struct mqc_layer *layer);

/* Do the parameters of a layer fit together? */
memqc_status mqc_layer_check(const memqc_mlp *mlp, size_t l, const char *function);

/* Samples without labels, and with them: pointers, sizes, labels within the outputs. */
memqc_status mqc_mlp_check_samples(const memqc_mlp *mlp, const char *function, size_t n,
                                   size_t ldx);
memqc_status mqc_mlp_check_training(const memqc_mlp *mlp, const char *function, size_t n,
                                    const float *x, size_t ldx, const int32_t *labels);

#endif
