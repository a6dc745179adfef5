/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of a solution: node voltages and branch currents. */
#ifndef MQC_CIRCUIT_PROBE_H
#define MQC_CIRCUIT_PROBE_H

#include "circuit/circuit.h"

/* The inside of a solution. Voltages of the two nodes of each cell, rows x cols. Unless cell_amps
 * is NULL, also currents: from word line to bit line in each cell, rows x cols; along the word
 * lines towards higher columns, rows x (cols + 1): terminal, between neighbours, terminal (0 where
 * there is none); along the bit lines towards higher rows, (rows + 1) x
 * cols, with terminals and ends alike. Where
 * nothing along a line resists, they are those of its cells added up; between two perfect terminals
 * they divide as for equal, vanishing segments. */
struct mqc_probe {
    double *word_volts, *bit_volts;
    double *cell_amps, *word_amps, *bit_amps;
};

/* For one vector. DATA, DIVERGED as above. */
memqc_status mqc_circuit_probe(struct mqc_circuit *circuit, enum mqc_direction direction,
                               const double *volts, const struct mqc_probe *probe);

#endif
