/* SPDX-License-Identifier: BSD-3-Clause */
/* A layer's memory and arrays. */
#ifndef MQC_MLP_LAYER_H
#define MQC_MLP_LAYER_H

#include "mlp/pass/inside.h"

/* The memory that a layer needs beside its stores, once its parameters are settled. */
memqc_status mqc_layer_prepare(struct mqc_layer *layer);

/* Makes all that a layer needs for weights. Its crossbar has the parameters and is still to be
 * programmed. */
memqc_status mqc_layer_make(memqc_mlp *mlp, size_t l);

/* Makes layer l and gives it its initial weights. */
memqc_status mqc_layer_init(memqc_mlp *mlp, size_t l);

/* Frees all that belongs to the weights of a layer. */
void mqc_layer_drop(struct mqc_layer *layer);

#endif
