/* SPDX-License-Identifier: BSD-3-Clause */
/* Conductances behind wires that all resist alike. */
#include "core/error.h"
#include "crossbar/snapshot.h"
#include "circuit/circuit.h"

memqc_status mqc_wired_conductances(double ohm, size_t rows, size_t cols, float *g) {
    struct mqc_wires wires = mqc_wires_default();
    struct mqc_circuit *circuit = NULL;
    wires.word_segment = wires.bit_segment = ohm;
    MQC_TRY(mqc_circuit_create(&wires, rows, cols, &circuit));
    memqc_status status = mqc_circuit_program(circuit, g, cols);
    if (status == MEMQC_OK)
        status = mqc_circuit_matrix(circuit, g, cols);
    mqc_circuit_destroy(&circuit);
    return status;
}
