/* SPDX-License-Identifier: BSD-3-Clause */
/* What training changes in a layer: made, copied, freed. */
#ifndef MQC_MLP_PASS_STORE_H
#define MQC_MLP_PASS_STORE_H

#include "mlp/pass/inside.h"

/* What a layer's optimizer needs, zeroed. Crossbars are not made. */
memqc_status mqc_store_make(const struct mqc_layer *layer, struct mqc_store *store);

/* A copy, into the memory that `to` has where it has some. */
memqc_status mqc_store_copy(const struct mqc_layer *layer, struct mqc_store *to,
                            const struct mqc_store *from);
void mqc_store_free(struct mqc_store *store);

#endif
