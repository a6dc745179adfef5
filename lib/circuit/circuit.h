/* SPDX-License-Identifier: BSD-3-Clause */
/* An array with wires that resist: the exact linear circuit, and the one with cells that conduct
 * nonlinearly.
 *
 *     word line i:  source V_i -- driver -- segment -- cell 0 -- segment -- cell 1 ...
 *                   cell cols - 1  (open end)
 *     bit line j:   (open end)  cell 0 -- segment -- cell 1 ...
 *                   cell rows - 1 -- segment -- sense -- virtual ground
 *
 * A segment lies between neighbouring cells and between a terminal and the cell next to it. A line
 * driven at both ends has the same voltage behind a driver of its own at each; an output of a line
 * sensed at both ends is the sum of both currents. The transposed direction drives the bit lines
 * where they were sensed, through the sense resistance, and takes the currents of the word lines
 * where they were driven, through the driver resistance: the same network, so that the effective
 * matrix of one direction is the transpose of that of the other.
 *
 * Accuracy. Every output is within the tolerance of itself: an iteration stops only when the
 * changes of all outputs are small and a bound of what is left is. The bound is rigorous but for
 * rounding: the nodal matrix S of the bit lines has an inverse without negative elements, so that
 * |S^-1 r| <= max |r_k / y_k| X for any y > 0 and X >= S^-1 y, element by element; y are currents
 * that 1 V would send through the cells of the nodes. Where the parts of an output cancel (inputs
 * of both signs) to less than 1e-4 of what inputs of that mean magnitude give, the tolerance is of
 * that 1e-4 part instead; where no path leads to an output, of 1e-12 of X. Rounding adds about
 * 1e-16 x conductance of a cell x resistance around it: of 1 kS behind 1 kohm, 1e-10.
 */
#ifndef MQC_CIRCUIT_CIRCUIT_H
#define MQC_CIRCUIT_CIRCUIT_H

#include <memqc/base.h>

/* Which ends of a line have a terminal: the one at its first cell (left, top), at its last (right,
 * bottom). */
enum mqc_ends { MQC_END_FIRST = 1, MQC_END_LAST = 2, MQC_END_BOTH = 3 };

/* FORWARD: volts for the rows, amps of the columns. BACKWARD: volts for the columns, amps of the
 * rows. */
enum mqc_direction { MQC_FORWARD, MQC_BACKWARD };

/* Resistances in ohm, each 0 (a perfect conductor) or 1e-6 .. 1e6. */
struct mqc_wires {
    double word_segment, bit_segment; /* of a line, from cell to cell */
    double driver, sense;             /* at a terminal of a word line, of a bit line */
    int32_t driven, sensed;           /* ends of the word lines, of the bit lines: enum mqc_ends */
};

/* Left-driven, sensed at the bottom, no resistance at all. */
struct mqc_wires mqc_wires_default(void);

/* Fails with ARGUMENT where a resistance or an end is out of range. */
memqc_status mqc_wires_check(const struct mqc_wires *wires);

/* An array with its wires; solve.h, probe.h and newton.h compute what it does. One thread at a
 * time; calls change only scratch, and results do not depend on earlier calls. */
struct mqc_circuit;

/* Makes the circuit of rows x cols (1 or more each, at most 2^30 cells) open cells. 11 doubles a
 * cell (the longer side counts as a multiple of 16), and 32 more for batches of arrays of at most
 * 8192 cells. NOMEM, ARGUMENT. */
memqc_status mqc_circuit_create(const struct mqc_wires *wires, size_t rows, size_t cols,
                                struct mqc_circuit **out);
void mqc_circuit_destroy(struct mqc_circuit **circuit);

/* Sets all conductances: rows x cols with leading dimension ldg, 0 (open) .. 1e4 S (shorted). DATA
 * where one is not in that range (the circuit keeps the old ones). */
memqc_status mqc_circuit_program(struct mqc_circuit *circuit, const float *g, size_t ldg);

/* Relative error allowed for each output, 1e-12 .. 1e-2 (1e-7), and the iterations that it may
 * take, 1 or more (10 000). */
memqc_status mqc_circuit_limits(struct mqc_circuit *circuit, double tolerance, int32_t iterations);

/* Iterations that the last vector solved has taken. */
int32_t mqc_circuit_iterations(const struct mqc_circuit *circuit);

#endif
