/* SPDX-License-Identifier: BSD-3-Clause */
/* Batches of vectors through a circuit, and the matrix that does the same. */
#ifndef MQC_CIRCUIT_SOLVE_H
#define MQC_CIRCUIT_SOLVE_H

#include "circuit/circuit.h"

#include <stddef.h>

/* Computes amps (batch x outputs) of volts (batch x inputs). Where the matrix is preferred (below)
 * and made by elimination, it is made, and dropped afterwards; its memory is 2 doubles a cell and
 * what mesh.h says. Other batches are iterated on: circuits of up to 8192 cells eight vectors
 * together; larger ones one after the other, for the cache's sake. A result has the same bits
 * whatever else is in a batch of that size, and wherever. A vector of zeros gives zeros. NOMEM, DATA
 * where a voltage is not finite, DIVERGED where the iterations do not suffice; amps is then
 * undefined. */
memqc_status mqc_circuit_solve(struct mqc_circuit *circuit, enum mqc_direction direction,
                               size_t batch, const float *volts, size_t ldv, float *amps,
                               size_t ldi);
memqc_status mqc_circuit_solve_double(struct mqc_circuit *circuit, enum mqc_direction direction,
                                      size_t batch, const double *volts, size_t ldv, double *amps,
                                      size_t ldi);

/* As mqc_circuit_solve_double(), but always by iteration: no bit depends on the size of the batch.
 */
memqc_status mqc_circuit_solve_each(struct mqc_circuit *circuit, enum mqc_direction direction,
                                    size_t batch, const double *volts, size_t ldv, double *amps,
                                    size_t ldi);

/* Makes the effective conductances: rows x cols with leading dimension ldg, such that amps = volts
 * g, or volts g^T backward, is what mqc_circuit_solve() gives, for any number of vectors until the
 * next programming. Each element is within `tolerance` of itself, whatever the tolerance of the
 * circuit. Takes min(rows, cols) solutions; no memory but g beside the circuit's own. DIVERGED. */
memqc_status mqc_circuit_matrix(struct mqc_circuit *circuit, double tolerance, double *g,
                                size_t ldg);

/* The tolerance of elements that leaves each output, a sum whose parts may cancel, within the
 * circuit's own tolerance as circuit.h means it. */
double mqc_circuit_matrix_tolerance(const struct mqc_circuit *circuit);

/* Is it cheaper to make that matrix than to solve for `batch` vectors, all that there will be
 * before the next programming? Products cost next to nothing beside it. Measured from 16^2 to 512^2:
 * elimination costs as much as 10 to 20 vectors; where it is not possible, a column of the matrix
 * costs as much as 1.0 to 1.7 vectors do, so that it is from 1.25 min(rows, cols) vectors on. */
int mqc_circuit_prefers_matrix(const struct mqc_circuit *circuit, size_t batch);

#endif
