/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernels of circuits and of their cells for the processor at hand. */
#include "circuit/kernels.h"
#include "circuit/mesh_kernels.h"

const struct mqc_wires_kernels *mqc_wires_kernels(void) {
    static const struct mqc_wires_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_wires_kernels);
    return tables[mqc_isa()];
}

const struct mqc_cells_kernels *mqc_cells_kernels(void) {
    static const struct mqc_cells_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_cells_kernels);
    return tables[mqc_isa()];
}

const struct mqc_mesh_kernels *mqc_mesh_kernels(void) {
    static const struct mqc_mesh_kernels *const tables[MQC_ISA_COUNT] =
        MQC_KERNEL_TABLES(mqc_mesh_kernels);
    return tables[mqc_isa()];
}
