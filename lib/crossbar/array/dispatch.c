/* SPDX-License-Identifier: BSD-3-Clause */
/* The hot loops of arrays, for the processor at hand. */
#include "crossbar/array/kernels.h"
#include "crossbar/array/read_kernels.h"
#include "crossbar/array/train_kernels.h"
#include "crossbar/array/variance_kernels.h"

const struct mqc_crossbar_kernels *mqc_crossbar_kernels(void) {
    static const struct mqc_crossbar_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_crossbar_kernels);
    return tables[mqc_isa()];
}

const struct mqc_readout_kernels *mqc_readout_kernels(void) {
    static const struct mqc_readout_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_readout_kernels);
    return tables[mqc_isa()];
}

const struct mqc_outer_kernels *mqc_outer_kernels(void) {
    static const struct mqc_outer_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_outer_kernels);
    return tables[mqc_isa()];
}

const struct mqc_variance_kernels *mqc_variance_kernels(void) {
    static const struct mqc_variance_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_variance_kernels);
    return tables[mqc_isa()];
}
