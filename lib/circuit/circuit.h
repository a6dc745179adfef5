/* SPDX-License-Identifier: BSD-3-Clause */
/* An array with wires that resist: the exact linear circuit, and the one with cells that conduct
 * nonlinearly.
 *
 *     word line i:  source V_i -- driver -- segment -- cell 0 -- segment -- cell 1 ... cell cols -
 *     1  (open end) bit line j:   (open end) cell 0 -- segment -- cell 1 ... cell rows - 1 --
 *     segment -- sense -- virtual ground
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
#ifndef MQC_CROSSBAR_WIRES_H
#define MQC_CROSSBAR_WIRES_H

#include <memqc/base.h>

/* Which ends of a line have a terminal: the one at its first cell (left, top), at its last (right,
 * bottom). */
enum mqc_ends { MQC_END_FIRST = 1, MQC_END_LAST = 2, MQC_END_BOTH = 3 };

/* FORWARD: volts for the rows, amps of the columns. TRANSPOSED: volts for the columns, amps of the
 * rows. */
enum mqc_wires_way { MQC_FORWARD, MQC_BACKWARD };

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

/* An array with its wires. One thread at a time; calls change only scratch, and results do not
 * depend on earlier calls. */
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

/* amps (batch x outputs) of volts (batch x inputs). Arrays of up to 8192 cells iterate eight
 * vectors together, larger ones one after the other, for the cache's sake: a result has the same
 * bits whatever else is in the batch, and wherever. A vector of zeros gives zeros. DATA for a
 * voltage that is not finite, DIVERGED where the iterations do not suffice; amps is then undefined.
 * */
memqc_status mqc_circuit_solve(struct mqc_circuit *circuit, enum mqc_wires_way way, size_t batch,
                               const float *volts, size_t ldv, float *amps, size_t ldi);
memqc_status mqc_circuit_solve_double(struct mqc_circuit *circuit, enum mqc_wires_way way,
                                      size_t batch, const double *volts, size_t ldv, double *amps,
                                      size_t ldi);

/* The effective conductances: rows x cols with leading dimension ldg, such that amps = volts g, or
 * volts g^T backward, is what mqc_circuit_solve() gives, for any number of vectors and until the
 * next programming. Each element within the tolerance of itself, and rounded to float. Takes
 * min(rows, cols) solutions; no memory but g beside the circuit's own. */
memqc_status mqc_circuit_matrix(struct mqc_circuit *circuit, float *g, size_t ldg);

/* Is it cheaper to make that matrix than to solve for `batch` vectors, all that there will be
 * before the next programming? Measured from 16^2 to 512^2: a column of the matrix costs as much as
 * 1.0 to 1.5 vectors do, and products cost next to nothing beside it; so it is from 1.25 min(rows,
 * cols) vectors on. */
int mqc_circuit_prefers_matrix(const struct mqc_circuit *circuit, size_t batch);

/* The inside of a solution. Voltages of the two nodes of each cell, rows x cols. Unless cell_amps
 * is NULL, also currents: from word line to bit line in each cell, rows x cols; along the word
 * lines towards higher columns, rows x (cols + 1): terminal, between neighbours, terminal (0 where
 * there is none); along the bit lines towards higher rows, (rows + 1) x cols likewise. Where
 * nothing along a line resists, they are those of its cells added up; between two perfect terminals
 * they divide as for equal, vanishing segments. */
struct mqc_probe {
    double *word_volts, *bit_volts;
    double *cell_amps, *word_amps, *bit_amps;
};

/* For one vector. DATA, DIVERGED as above. */
memqc_status mqc_circuit_probe(struct mqc_circuit *circuit, enum mqc_wires_way way,
                               const double *volts, const struct mqc_probe *probe);

/* As mqc_circuit_solve_double(), for cells that conduct I = G V_ref sinh(a V) / sinh(a V_ref), V
 * the voltage across the cell: G is its conductance at V_ref. a in 1/V, 0 (linear) or more; v_ref
 * in V, more than 0; a v_ref and a times the range of the voltages up to 300. Newton's method with
 * a line search on the energy of the circuit, which is convex; where a times the range is above 6,
 * the sources are raised in stages. Takes another circuit and 7 doubles a cell, from the first call
 * on. DATA, DIVERGED as above. */
struct mqc_nonlinearity {
    double a, v_ref;
};
memqc_status mqc_circuit_solve_nonlinear(struct mqc_circuit *circuit,
                                         const struct mqc_nonlinearity *law, enum mqc_wires_way way,
                                         size_t batch, const double *volts, size_t ldv,
                                         double *amps, size_t ldi);

#endif
