/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernels of the passes for the processor at hand. */
#include "mlp/pass/kernels.h"

const struct mqc_mlp_kernels *mqc_mlp_kernels(void) {
    static const struct mqc_mlp_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_mlp_kernels);
    return tables[mqc_isa()];
}
